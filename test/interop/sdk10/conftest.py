"""What the scenarios share: one localnet for all of them, funded wallets on disk, and a subnet that has started."""

import os

import bittensor as bt
import pytest
import pytest_asyncio
from bittensor.core.async_subtensor import AsyncSubtensor
from bittensor.utils.balance import Balance
from bittensor_wallet import Keypair, Wallet

from chain import Subnet, must, sudo
from scenario import ENDPOINT, alice, bob, endpoint, numbers, wallet_path  # noqa: F401


@pytest.fixture(scope="session")
def subtensor():
    client = bt.Subtensor(network=ENDPOINT)
    yield client
    client.close()


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def async_subtensor():
    async with AsyncSubtensor(network=ENDPOINT) as client:
        yield client


@pytest.fixture(scope="session")
def open_wallet(wallet_path):
    """A wallet whose two keys follow from a name: //Name and //Name_hk, as in the SDK's own tests."""

    def open_one(name):
        wallet = Wallet(name=name.lower(), hotkey="default", path=wallet_path)
        if not os.path.exists(wallet.coldkey_file.path):
            wallet.set_coldkey(Keypair.create_from_uri(f"//{name}"), encrypt=False, overwrite=True)
            wallet.set_coldkeypub(Keypair.create_from_uri(f"//{name}"), encrypt=False, overwrite=True)
            wallet.set_hotkey(Keypair.create_from_uri(f"//{name}_hk"), encrypt=False, overwrite=True)
        return wallet

    return open_one


@pytest.fixture
def funded(open_wallet, subtensor, alice):
    """A new wallet with 1,000 TAO at each call."""

    def make(tao=1_000):
        wallet = open_wallet(f"Stranger{next(numbers)}")
        must(subtensor.transfer(alice, wallet.coldkeypub.ss58_address, Balance.from_tao(tao)))
        return wallet

    return make


@pytest.fixture(scope="session")
def new_subnet(subtensor, alice):
    """Registers and starts a subnet of Alice's whose weights are set without a commit."""

    def make(tempo=10):
        before = set(subtensor.get_all_subnets_netuid())
        must(subtensor.register_subnet(alice))
        (netuid,) = set(subtensor.get_all_subnets_netuid()) - before
        must(subtensor.start_call(alice, netuid, wait_for_finalization=True))
        for call, value in (
            ("sudo_set_commit_reveal_weights_enabled", {"enabled": False}),
            ("sudo_set_weights_set_rate_limit", {"weights_set_rate_limit": 0}),
            ("sudo_set_max_registrations_per_block", {"max_registrations_per_block": 100}),
            ("sudo_set_target_registrations_per_interval", {"target_registrations_per_interval": 100}),
            ("sudo_set_tempo", {"tempo": tempo}),
        ):
            sudo(subtensor, alice, call, {"netuid": netuid, **value})
        return Subnet(netuid, alice)

    sudo(subtensor, alice, "sudo_set_admin_freeze_window", {"window": 0})
    return make


@pytest.fixture(scope="session")
def subnet(new_subnet):
    return new_subnet()


@pytest.fixture(scope="session")
def neuron(subtensor, subnet, bob):
    """Bob, registered on the subnet that all share."""
    must(subtensor.burned_register(bob, subnet.netuid))
    return bob
