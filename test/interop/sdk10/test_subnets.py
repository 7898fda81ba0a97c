"""Subnets and neurons: creating, registering, serving, parameters."""

import hashlib

import pytest
from bittensor.core.axon import Axon
from bittensor.core.chain_data import SubnetIdentity
from bittensor.utils.balance import Balance
from Crypto.Hash import keccak

from chain import must, send, sudo


def test_first_subnet_is_two_and_costs_its_price(subtensor, subnet):
    assert subnet.netuid == 2
    assert {0, 1, 2} <= set(subtensor.get_all_subnets_netuid())
    # The next one is dearer.
    assert subtensor.get_subnet_burn_cost() > Balance.from_tao(1_900)


def test_dynamic_info_of_a_started_subnet(subtensor, subnet):
    info = subtensor.subnet(subnet.netuid)
    assert info.netuid == subnet.netuid
    assert info.owner_coldkey == subnet.owner.coldkeypub.ss58_address
    assert info.tao_in >= Balance.from_tao(1_000)
    assert subtensor.is_subnet_active(subnet.netuid)
    assert not subtensor.is_subnet_active(1)


def test_all_subnets_with_prices(subtensor, subnet):
    infos = {info.netuid: info for info in subtensor.all_subnets()}
    assert set(infos) == set(subtensor.get_all_subnets_netuid())
    assert float(infos[0].price.tao) == 1
    assert float(infos[subnet.netuid].price.tao) > 0


def test_burned_register(subtensor, subnet, neuron):
    address = neuron.hotkey.ss58_address
    assert subtensor.is_hotkey_registered(address, subnet.netuid)
    uid = subtensor.get_uid_for_hotkey_on_subnet(address, subnet.netuid)
    assert uid >= 1
    assert subtensor.neuron_for_uid(uid, subnet.netuid).hotkey == address
    assert subtensor.get_hotkey_owner(address) == neuron.coldkeypub.ss58_address
    assert subnet.netuid in subtensor.get_netuids_for_hotkey(address)


def test_registration_leaves_the_price_alone_until_the_interval_ends(subtensor, subnet, funded):
    """As of release 393; later ones raise it at once."""
    wallet = funded()
    price = subtensor.recycle(subnet.netuid)
    before = subtensor.get_balance(wallet.coldkeypub.ss58_address)
    response = must(subtensor.burned_register(wallet, subnet.netuid))
    after = subtensor.get_balance(wallet.coldkeypub.ss58_address)
    assert before - after == price + response.extrinsic_fee
    assert subtensor.recycle(subnet.netuid) == price


def test_registering_on_root_by_burn_is_refused(subtensor, funded):
    response = send(
        subtensor,
        wallet := funded(),
        "SubtensorModule",
        "burned_register",
        {"netuid": 0, "hotkey": wallet.hotkey.ss58_address},
    )
    assert not response.success
    assert "RegistrationNotPermittedOnRootSubnet" in str(response.message)


def seal(nonce, block_hash, hotkey):
    def keccak256(data):
        return keccak.new(digest_bits=256, data=data).digest()

    inner = keccak256(bytes.fromhex(block_hash[2:]) + hotkey)
    return keccak256(hashlib.sha256(nonce.to_bytes(8, "little") + inner).digest())


def test_register_by_work(subtensor, subnet, alice, funded):
    sudo(subtensor, alice, "sudo_set_network_pow_registration_allowed", {"netuid": subnet.netuid, "registration_allowed": True})
    sudo(subtensor, alice, "sudo_set_difficulty", {"netuid": subnet.netuid, "difficulty": 16})
    wallet = funded()
    # The hotkey pays the fee itself.
    must(subtensor.transfer(alice, wallet.hotkey.ss58_address, Balance.from_tao(1)))

    def proof():
        block = subtensor.get_current_block()
        block_hash = subtensor.get_block_hash(block)
        key = bytes(wallet.hotkey.public_key)
        nonce = next(
            nonce
            for nonce in range(10_000)
            if int.from_bytes(seal(nonce, block_hash, key), "little") * 16 < 2**256
        )
        return {
            "netuid": subnet.netuid,
            "block_number": block,
            "nonce": nonce,
            "work": list(seal(nonce, block_hash, key)),
            "hotkey": wallet.hotkey.ss58_address,
            "coldkey": wallet.coldkeypub.ss58_address,
        }

    refused = send(subtensor, wallet, "SubtensorModule", "register", proof())
    assert "TransactorAccountShouldBeHotKey" in str(refused.message)
    # Work holds for three blocks, which are short here.
    for _ in range(10):
        response = send(subtensor, wallet, "SubtensorModule", "register", proof(), sign_with="hotkey")
        if response.success or "InvalidWorkBlock" not in str(response.message):
            break
    must(response)
    assert subtensor.is_hotkey_registered(wallet.hotkey.ss58_address, subnet.netuid)
    assert subtensor.get_hotkey_owner(wallet.hotkey.ss58_address) == wallet.coldkeypub.ss58_address


def test_serve_axon(subtensor, subnet, neuron):
    axon = Axon(wallet=neuron, ip="10.1.2.3", port=8091, external_ip="203.0.113.7", external_port=8091)
    must(subtensor.serve_axon(subnet.netuid, axon))
    uid = subtensor.get_uid_for_hotkey_on_subnet(neuron.hotkey.ss58_address, subnet.netuid)
    info = subtensor.metagraph(subnet.netuid).axons[uid]
    assert (info.ip, info.port, info.hotkey) == ("203.0.113.7", 8091, neuron.hotkey.ss58_address)


def test_serve_axon_with_certificate(subtensor, subnet, funded):
    wallet = funded()
    must(subtensor.burned_register(wallet, subnet.netuid))
    axon = Axon(wallet=wallet, ip="10.1.2.4", port=8092, external_ip="203.0.113.8", external_port=8092)
    must(subtensor.serve_axon(subnet.netuid, axon, certificate="?FAKE_ALICE_CERTIFICATE"))
    certificate = subtensor.get_neuron_certificate(wallet.hotkey.ss58_address, subnet.netuid)
    assert certificate == "?FAKE_ALICE_CERTIFICATE"


@pytest.mark.parametrize(
    "call, argument, value, read",
    [
        ("sudo_set_immunity_period", "immunity_period", 777, "immunity_period"),
        ("sudo_set_rho", "rho", 21, "rho"),
        ("sudo_set_min_allowed_weights", "min_allowed_weights", 1, "min_allowed_weights"),
        ("sudo_set_bonds_moving_average", "bonds_moving_average", 800_000, "bonds_moving_avg"),
    ],
)
def test_hyperparameters_set_and_read(subtensor, subnet, alice, call, argument, value, read):
    sudo(subtensor, alice, call, {"netuid": subnet.netuid, argument: value})
    assert getattr(subtensor.get_subnet_hyperparameters(subnet.netuid), read) == value


def test_owner_sets_a_parameter_and_a_stranger_may_not(subtensor, subnet, funded):
    params = {"netuid": subnet.netuid, "serving_rate_limit": 7}
    refused = send(subtensor, funded(), "AdminUtils", "sudo_set_serving_rate_limit", params)
    assert not refused.success
    must(send(subtensor, subnet.owner, "AdminUtils", "sudo_set_serving_rate_limit", params))
    assert subtensor.get_subnet_hyperparameters(subnet.netuid).serving_rate_limit == 7


def test_subnet_identity(subtensor, subnet, funded):
    identity = SubnetIdentity(
        subnet_name="e2e",
        github_repo="https://github.com/example/subnet",
        subnet_contact="me@example.com",
        subnet_url="https://example.com",
        logo_url="https://example.com/logo.png",
        discord="me",
        description="a subnet",
        additional="more",
    )
    assert not subtensor.set_subnet_identity(funded(), subnet.netuid, identity).success
    must(subtensor.set_subnet_identity(subnet.owner, subnet.netuid, identity))
    assert subtensor.subnet(subnet.netuid).subnet_identity == identity


def test_root_register(subtensor, neuron):
    must(subtensor.root_register(neuron))
    assert subtensor.is_hotkey_registered(neuron.hotkey.ss58_address, 0)


def test_start_call_twice_is_refused(subtensor, subnet):
    response = subtensor.start_call(subnet.owner, subnet.netuid)
    assert not response.success
    assert "FirstEmissionBlockNumberAlreadySet" in str(response.message)
