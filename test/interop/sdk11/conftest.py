"""What the scenarios share: one localnet for all of them, funded wallets on disk, and a subnet that has started."""

from collections import namedtuple

import bittensor as bt
import pytest
import pytest_asyncio
from bittensor.keyfiles import Keypair

from scenario import ENDPOINT, alice, bob, endpoint, numbers, wallet_path  # noqa: F401

Subnet = namedtuple("Subnet", ["netuid", "owner"])


@pytest.fixture(scope="session")
def client():
    with bt.Subtensor(ENDPOINT, fallback_endpoints=[], archive_endpoints=[]) as connected:
        yield connected


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def async_client():
    async with bt.Subtensor(ENDPOINT, fallback_endpoints=[], archive_endpoints=[]) as connected:
        yield connected


@pytest.fixture(scope="session")
def open_wallet(wallet_path):
    """A wallet whose two keys follow from a name: //Name and //Name//hot, as in the SDK's own tests."""

    def open_one(name):
        wallet = bt.Wallet(name.lower(), "default", wallet_path)
        if not wallet.coldkey_file.exists_on_device():
            coldkey = Keypair.create_from_uri(f"//{name}")
            wallet.coldkey_file.set_keypair(coldkey, encrypt=False, overwrite=True)
            wallet.coldkeypub_file.set_keypair(coldkey, encrypt=False, overwrite=True)
            wallet.hotkey_file.set_keypair(Keypair.create_from_uri(f"//{name}//hot"), encrypt=False, overwrite=True)
        return wallet

    return open_one


@pytest.fixture(scope="session")
def do(client):
    """Executes an intent and gives its result, which must be a success.

    The SDK remembers nonces, and does not count those of shielded calls and of other programs, until one is refused; then it asks the chain again.
    """

    def execute(intent, wallet, **options):
        result = client.execute(intent, wallet, **options)
        if not result.success and "nonce" in result.message:
            result = client.execute(intent, wallet, **options)
        result.raise_for_failure()
        return result

    return execute


@pytest.fixture(scope="session")
def sudo(client, alice):
    """A root call, signed by the sudo key; fails where the inner call does."""

    def send(call):
        result = client.submit_call(bt.calls.Sudo.sudo(call=client.compose(call)), alice)
        result.raise_for_failure()
        return result

    return send


@pytest.fixture
def funded(open_wallet, do, alice):
    """A new wallet with 1,000 TAO at each call."""

    def make(tao=1_000):
        wallet = open_wallet(f"Stranger{next(numbers)}")
        do(bt.Transfer(dest_ss58=wallet.coldkeypub.ss58_address, amount_tao=tao), alice)
        return wallet

    return make


@pytest.fixture(scope="session")
def new_subnet(client, do, sudo, alice):
    """Registers and starts a subnet of Alice's whose weights are set without a commit."""
    admin = bt.calls.AdminUtils
    sudo(admin.sudo_set_admin_freeze_window(window=0))

    def make():
        netuid = do(bt.RegisterSubnet(), alice).data["netuid"]
        do(bt.StartCall(netuid=netuid), alice)
        sudo(admin.sudo_set_commit_reveal_weights_enabled(netuid=netuid, enabled=False))
        sudo(admin.sudo_set_weights_set_rate_limit(netuid=netuid, weights_set_rate_limit=0))
        sudo(admin.sudo_set_subnet_emission_enabled(netuid=netuid, enabled=True))
        return Subnet(netuid, alice)

    return make


@pytest.fixture(scope="session")
def subnet(new_subnet):
    return new_subnet()


@pytest.fixture(scope="session")
def neuron(do, subnet, bob):
    """Bob, registered on the subnet that all share; the call goes through the MEV shield."""
    do(bt.BurnedRegister(netuid=subnet.netuid), bob)
    return bob
