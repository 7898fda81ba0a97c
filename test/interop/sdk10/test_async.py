"""The same client over asyncio."""

import asyncio

import pytest
from bittensor.utils.balance import Balance

from chain import must


async def test_reads_what_the_sync_client_reads(async_subtensor, subtensor, subnet):
    block = await async_subtensor.get_current_block()
    assert await async_subtensor.get_block_hash(block) == subtensor.get_block_hash(block)
    assert await async_subtensor.get_timestamp(block) == subtensor.get_timestamp(block)
    assert set(await async_subtensor.get_all_subnets_netuid()) >= {0, 1, subnet.netuid}


async def test_many_reads_at_once(async_subtensor, alice, bob):
    balances = await asyncio.gather(
        *(async_subtensor.get_balance(wallet.coldkeypub.ss58_address) for wallet in [alice, bob] * 25)
    )
    assert all(balance.rao > 0 for balance in balances)


async def test_transfer(async_subtensor, funded, open_wallet):
    dest = open_wallet("AsyncDest").coldkeypub.ss58_address
    must(await async_subtensor.transfer(funded(), dest, Balance.from_tao(3), wait_for_finalization=True))
    assert await async_subtensor.get_balance(dest) == Balance.from_tao(3)


async def test_register_stake_and_unstake(async_subtensor, subnet, funded):
    wallet = funded()
    hotkey = wallet.hotkey.ss58_address
    must(await async_subtensor.burned_register(wallet, subnet.netuid))
    assert await async_subtensor.is_hotkey_registered(hotkey, subnet.netuid)
    must(await async_subtensor.add_stake(wallet, subnet.netuid, hotkey, Balance.from_tao(5)))
    stake = await async_subtensor.get_stake(wallet.coldkeypub.ss58_address, hotkey, subnet.netuid)
    assert stake.rao > 0
    must(await async_subtensor.unstake(wallet, subnet.netuid, hotkey, stake))
    left = await async_subtensor.get_stake(wallet.coldkeypub.ss58_address, hotkey, subnet.netuid)
    assert left.rao < stake.rao // 100


async def test_hyperparameters_and_dynamic_info(async_subtensor, subnet):
    parameters, info = await asyncio.gather(
        async_subtensor.get_subnet_hyperparameters(subnet.netuid), async_subtensor.subnet(subnet.netuid)
    )
    assert parameters.tempo == info.tempo == 10


async def test_metagraph(async_subtensor, subnet, neuron):
    graph = await async_subtensor.metagraph(subnet.netuid)
    assert neuron.hotkey.ss58_address in graph.hotkeys


async def test_set_weights(async_subtensor, subnet):
    must(await async_subtensor.set_weights(subnet.owner, subnet.netuid, [0], [1.0]))
    assert dict(dict(await async_subtensor.weights(subnet.netuid))[0]) == {0: 65_535}


async def test_refusals_are_errors_by_name(async_subtensor, subnet, funded):
    wallet = funded()
    must(await async_subtensor.burned_register(wallet, subnet.netuid))
    response = await async_subtensor.add_stake(wallet, 1, wallet.hotkey.ss58_address, Balance.from_tao(1))
    assert not response.success
    assert "SubtokenDisabled" in str(response.message)


async def test_waits_for_blocks(async_subtensor):
    block = await async_subtensor.get_current_block()
    assert await asyncio.wait_for(async_subtensor.wait_for_block(block + 2), 10)


@pytest.mark.parametrize("count", [20])
async def test_several_transactions_in_the_pool(async_subtensor, funded, open_wallet, count):
    sender, dest = funded(), open_wallet("PoolDest").coldkeypub.ss58_address
    address = sender.coldkeypub.ss58_address
    nonce = await async_subtensor.substrate.get_account_next_index(address)
    call = await async_subtensor.compose_call(
        call_module="Balances", call_function="transfer_keep_alive", call_params={"dest": dest, "value": 1_000_000}
    )
    for i in range(count):
        extrinsic = await async_subtensor.substrate.create_signed_extrinsic(
            call=call, keypair=sender.coldkey, nonce=nonce + i
        )
        await async_subtensor.substrate.submit_extrinsic(extrinsic)
    await async_subtensor.wait_for_block(await async_subtensor.get_current_block() + 2)
    assert await async_subtensor.get_balance(dest) == Balance.from_rao(count * 1_000_000)
