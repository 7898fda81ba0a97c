"""What a client reads before it does anything: blocks, metadata, balances, transfers."""

import pytest
from bittensor.utils.balance import Balance

from chain import must


def test_knows_the_release_and_fast_blocks(subtensor):
    version = subtensor.substrate.rpc_request("state_getRuntimeVersion", [])["result"]
    assert (version["specName"], version["specVersion"], version["transactionVersion"]) == ("node-subtensor", 393, 1)
    assert subtensor.is_fast_blocks()
    node = subtensor.substrate.rpc_request("system_version", [])["result"]
    assert node.endswith("-spec393")


def test_waits_for_blocks(subtensor):
    block = subtensor.get_current_block()
    assert subtensor.wait_for_block(block + 2)
    assert subtensor.get_current_block() >= block + 2


def test_reads_any_block_back(subtensor):
    block = subtensor.get_current_block()
    info = subtensor.get_block_info(block)
    assert info.number == block
    assert info.hash == subtensor.get_block_hash(block)
    calls = [extrinsic.value["call"]["call_function"] for extrinsic in info.extrinsics]
    assert "set" in calls


def test_timestamp_moves_with_blocks(subtensor):
    block = subtensor.get_current_block()
    subtensor.wait_for_block(block + 1)
    assert subtensor.get_timestamp(block + 1) > subtensor.get_timestamp(block)


def test_endowed_accounts_and_existential_deposit(subtensor, open_wallet):
    charlie = open_wallet("Charlie").coldkeypub.ss58_address
    ferdie = open_wallet("Ferdie").coldkeypub.ss58_address
    balances = subtensor.get_balances(charlie, ferdie)
    assert balances[charlie] == Balance.from_tao(1_000_000)
    assert balances[ferdie] == Balance.from_tao(2_000)
    assert subtensor.get_existential_deposit() == Balance.from_rao(500)


def test_transfer_costs_what_was_said(subtensor, funded, open_wallet):
    sender = funded()
    dest = open_wallet("TransferDest").coldkeypub.ss58_address
    before = subtensor.get_balance(sender.coldkeypub.ss58_address)
    fee = subtensor.get_transfer_fee(sender, dest, Balance.from_tao(10))
    must(subtensor.transfer(sender, dest, Balance.from_tao(10), wait_for_finalization=True))
    assert subtensor.get_balance(dest) == Balance.from_tao(10)
    spent = before.rao - subtensor.get_balance(sender.coldkeypub.ss58_address).rao
    # The estimate is for an immortal extrinsic, one byte shorter than what is sent.
    assert spent == Balance.from_tao(10).rao + fee.rao + 1


@pytest.mark.parametrize("keep_alive, left", [(True, 500), (False, 0)])
def test_transfer_all(subtensor, funded, open_wallet, keep_alive, left):
    sender = funded(5)
    dest = open_wallet(f"AllDest{keep_alive}").coldkeypub.ss58_address
    must(
        subtensor.transfer(
            sender, dest, None, transfer_all=True, keep_alive=keep_alive, wait_for_finalization=True
        )
    )
    assert subtensor.get_balance(sender.coldkeypub.ss58_address) == Balance.from_rao(left)
    assert subtensor.get_balance(dest) > Balance.from_tao(4)


def test_transfer_beyond_the_balance_is_refused(subtensor, funded, alice):
    sender = funded(1)
    response = subtensor.transfer(sender, alice.coldkeypub.ss58_address, Balance.from_tao(2))
    assert not response.success
    assert subtensor.get_balance(sender.coldkeypub.ss58_address) <= Balance.from_tao(1)
