"""What a client reads before it does anything: blocks, metadata, balances, transfers."""

import asyncio

import bittensor as bt
import pytest


def test_knows_the_release_and_fast_blocks(client):
    assert client.spec_version == 430
    assert client.is_fast_blocks()
    assert client.block_time() == pytest.approx(0.25)


def test_waits_for_blocks(client):
    block = client.block
    assert client.wait_for_block(block + 2, timeout=10).number >= block + 2
    assert client.finalized_block >= block + 1


def test_reads_a_block_back(client):
    block = client.block
    info = client.block_info(block)
    assert info.number == block
    assert info.timestamp is not None


def test_endowed_accounts(client, open_wallet):
    charlie = open_wallet("Charlie").coldkeypub.ss58_address
    ferdie = open_wallet("Ferdie").coldkeypub.ss58_address
    balances = client.balances.get_many([charlie, ferdie])
    assert [balances[charlie].tao, balances[ferdie].tao] == [1_000_000, 2_000]
    assert client.balances.existential_deposit().rao == 500


def test_transfer_costs_its_fee(client, do, funded, open_wallet):
    sender, dest = funded(), open_wallet("TransferDest").coldkeypub.ss58_address
    before = client.balances.get(sender.coldkeypub.ss58_address)
    result = do(bt.Transfer(dest_ss58=dest, amount_tao=10), sender)
    assert client.balances.get(dest).tao == 10
    assert before.rao - client.balances.get(sender.coldkeypub.ss58_address).rao == 10 * 10**9 + result.fee.rao


def test_transfer_all(client, do, funded, open_wallet):
    sender, dest = funded(5), open_wallet("AllDest").coldkeypub.ss58_address
    do(bt.TransferAll(dest_ss58=dest, keep_alive=False), sender)
    assert client.balances.get(sender.coldkeypub.ss58_address).rao == 0
    assert client.balances.get(dest).tao > 4


def test_plan_shows_a_fee_and_sends_nothing(client, funded, open_wallet):
    sender, dest = funded(), open_wallet("PlanDest").coldkeypub.ss58_address
    plan = client.plan(bt.Transfer(dest_ss58=dest, amount_tao=1), sender)
    assert plan.ok
    assert plan.fee.rao > 0
    assert client.balances.get(dest).rao == 0


def test_failure_has_the_chains_name(client, funded):
    wallet = funded()
    call = bt.calls.SubtensorModule.start_call(netuid=999)
    result = client.submit_call(call, wallet)
    assert not result.success
    assert "SubnetNotExists" in str(result.error.to_dict()) or "SubnetNotExists" in result.message


async def test_async_reads(async_client, alice, bob):
    addresses = [alice.coldkeypub.ss58_address, bob.coldkeypub.ss58_address] * 20
    balances = await asyncio.gather(*(async_client.balances.get(address) for address in addresses))
    assert all(balance.rao > 0 for balance in balances)
    snapshot = await async_client.at()
    assert (await snapshot.balances.get(addresses[0])).rao > 0


async def test_async_transfer(async_client, funded, open_wallet):
    dest = open_wallet("AsyncDest").coldkeypub.ss58_address
    result = await async_client.execute(bt.Transfer(dest_ss58=dest, amount_tao=3), funded())
    result.raise_for_failure()
    assert (await async_client.balances.get(dest)).tao == 3


async def test_async_blocks(async_client):
    numbers = []
    async for header in async_client.blocks():
        numbers.append(header.number)
        if len(numbers) == 3:
            break
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]
