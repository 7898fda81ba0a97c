"""Stake: into a pool and out of it, with and without limits, from key to key."""

import pytest
from bittensor.utils.balance import Balance

from chain import must


@pytest.fixture(scope="module")
def root_is_open(subtensor, alice):
    """Root's owner, Alice on fast builds, opens staking there."""
    if not subtensor.is_subnet_active(0):
        must(subtensor.start_call(alice, 0, wait_for_finalization=True))


@pytest.fixture
def staker(funded):
    return funded()


def stake_of(subtensor, wallet, hotkey, netuid):
    return subtensor.get_stake(wallet.coldkeypub.ss58_address, hotkey, netuid)


def test_stake_and_unstake(subtensor, subnet, neuron, staker):
    hotkey = neuron.hotkey.ss58_address
    must(subtensor.add_stake(staker, subnet.netuid, hotkey, Balance.from_tao(10)))
    stake = stake_of(subtensor, staker, hotkey, subnet.netuid)
    # About 1,000 TAO and alpha in the pool: 1 % off the first price.
    assert 9 < float(stake.tao) < 10.1
    before = subtensor.get_balance(staker.coldkeypub.ss58_address)
    half = Balance.from_rao(stake.rao // 2).set_unit(subnet.netuid)
    must(subtensor.unstake(staker, subnet.netuid, hotkey, half))
    assert stake_of(subtensor, staker, hotkey, subnet.netuid).rao == pytest.approx(stake.rao - half.rao, rel=1e-3)
    gained = subtensor.get_balance(staker.coldkeypub.ss58_address) - before
    assert float(gained.tao) == pytest.approx(5, rel=0.03)


def test_buying_moves_the_price_as_the_pool_says(subtensor, subnet, neuron, staker):
    info = subtensor.subnet(subnet.netuid)
    amount = Balance.from_tao(50)
    quote = subtensor.sim_swap(0, subnet.netuid, amount)
    expected = info.alpha_in.rao * (amount.rao - quote.tao_fee.rao) // (info.tao_in.rao + amount.rao - quote.tao_fee.rao)
    assert quote.alpha_amount.rao == pytest.approx(expected, rel=1e-3)
    must(subtensor.add_stake(staker, subnet.netuid, neuron.hotkey.ss58_address, amount))
    assert subtensor.subnet(subnet.netuid).price.tao > info.price.tao


def test_fee_of_a_swap(subtensor, subnet):
    assert subtensor.sim_swap(0, subnet.netuid, Balance.from_tao(1)).tao_fee == Balance.from_rao(503_547)
    assert subtensor.get_stake_add_fee(Balance.from_tao(1), subnet.netuid) == Balance.from_rao(503_547)


def test_slippage_limit_refuses_and_fills_in_part(subtensor, subnet, neuron, staker):
    hotkey = neuron.hotkey.ss58_address
    amount = Balance.from_tao(500)
    refused = subtensor.add_stake(
        staker, subnet.netuid, hotkey, amount, safe_staking=True, rate_tolerance=0.001, allow_partial_stake=False
    )
    assert not refused.success
    assert stake_of(subtensor, staker, hotkey, subnet.netuid).rao == 0
    before = subtensor.get_balance(staker.coldkeypub.ss58_address)
    must(
        subtensor.add_stake(
            staker, subnet.netuid, hotkey, amount, safe_staking=True, rate_tolerance=0.05, allow_partial_stake=True
        )
    )
    spent = before - subtensor.get_balance(staker.coldkeypub.ss58_address)
    assert 0 < spent.tao < 100


def test_unstaking_more_than_there_is_fails(subtensor, subnet, neuron, staker):
    hotkey = neuron.hotkey.ss58_address
    response = subtensor.unstake(staker, subnet.netuid, hotkey, Balance.from_tao(5).set_unit(subnet.netuid))
    assert not response.success


def test_unstake_all(subtensor, subnet, neuron, staker):
    hotkey = neuron.hotkey.ss58_address
    must(subtensor.add_stake(staker, subnet.netuid, hotkey, Balance.from_tao(3)))
    must(subtensor.unstake_all(staker, subnet.netuid, hotkey, rate_tolerance=None))
    assert stake_of(subtensor, staker, hotkey, subnet.netuid).rao == 0


def test_stake_info_of_a_coldkey(subtensor, subnet, neuron, staker):
    hotkey = neuron.hotkey.ss58_address
    must(subtensor.add_stake(staker, subnet.netuid, hotkey, Balance.from_tao(4)))
    (info,) = subtensor.get_stake_info_for_coldkey(staker.coldkeypub.ss58_address)
    assert (info.hotkey_ss58, info.netuid) == (hotkey, subnet.netuid)
    assert info.stake.rao == pytest.approx(stake_of(subtensor, staker, hotkey, subnet.netuid).rao, rel=1e-3)
    assert info.is_registered


def test_move_stake_to_another_hotkey(subtensor, subnet, neuron, alice, staker):
    origin, destination = neuron.hotkey.ss58_address, alice.hotkey.ss58_address
    must(subtensor.add_stake(staker, subnet.netuid, origin, Balance.from_tao(4)))
    must(
        subtensor.move_stake(
            staker,
            origin_netuid=subnet.netuid,
            origin_hotkey_ss58=origin,
            destination_netuid=subnet.netuid,
            destination_hotkey_ss58=destination,
            move_all_stake=True,
        )
    )
    assert stake_of(subtensor, staker, origin, subnet.netuid).rao == 0
    assert stake_of(subtensor, staker, destination, subnet.netuid).tao > 3


def test_transfer_stake_to_another_coldkey(subtensor, subnet, neuron, staker, funded):
    hotkey = neuron.hotkey.ss58_address
    receiver = funded()
    must(subtensor.add_stake(staker, subnet.netuid, hotkey, Balance.from_tao(4)))
    amount = Balance.from_tao(2).set_unit(subnet.netuid)
    must(
        subtensor.transfer_stake(
            staker,
            destination_coldkey_ss58=receiver.coldkeypub.ss58_address,
            hotkey_ss58=hotkey,
            origin_netuid=subnet.netuid,
            destination_netuid=subnet.netuid,
            amount=amount,
        )
    )
    assert stake_of(subtensor, receiver, hotkey, subnet.netuid).rao == pytest.approx(amount.rao, rel=1e-3)


def test_swap_stake_to_root(subtensor, subnet, neuron, staker, root_is_open):
    hotkey = neuron.hotkey.ss58_address
    must(subtensor.add_stake(staker, subnet.netuid, hotkey, Balance.from_tao(4)))
    must(
        subtensor.swap_stake(
            staker,
            hotkey_ss58=hotkey,
            origin_netuid=subnet.netuid,
            destination_netuid=0,
            amount=Balance.from_tao(2).set_unit(subnet.netuid),
        )
    )
    assert 1.8 < float(stake_of(subtensor, staker, hotkey, 0).tao) < 2.6


def test_stake_on_root_is_one_to_one(subtensor, neuron, staker, root_is_open):
    hotkey = neuron.hotkey.ss58_address
    must(subtensor.add_stake(staker, 0, hotkey, Balance.from_tao(5)))
    assert stake_of(subtensor, staker, hotkey, 0) == Balance.from_tao(5)


def test_shares_are_kept_as_fixed_point_numbers(subtensor, subnet, neuron, staker):
    """Maps of release 393; later ones keep decimal floats under other names."""
    hotkey = neuron.hotkey.ss58_address
    must(subtensor.add_stake(staker, subnet.netuid, hotkey, Balance.from_tao(1)))
    share = subtensor.query_subtensor("Alpha", params=[hotkey, staker.coldkeypub.ss58_address, subnet.netuid])
    assert int(share["bits"] if isinstance(share, dict) else share.value["bits"]) > 0
    price = subtensor.query_module("Swap", "AlphaSqrtPrice", params=[subnet.netuid])
    root = int(price["bits"] if isinstance(price, dict) else price.value["bits"]) / 2**64
    assert root**2 == pytest.approx(float(subtensor.get_subnet_price(subnet.netuid).tao), rel=1e-6)


def test_auto_stake(subtensor, subnet, neuron, staker):
    must(subtensor.set_auto_stake(staker, subnet.netuid, neuron.hotkey.ss58_address))
    assert subtensor.get_auto_stakes(staker.coldkeypub.ss58_address) == {subnet.netuid: neuron.hotkey.ss58_address}


def test_delegate_take(subtensor, neuron):
    hotkey = neuron.hotkey.ss58_address
    assert subtensor.get_delegate_take(hotkey) == pytest.approx(0.18, abs=1e-3)
    must(subtensor.set_delegate_take(neuron, hotkey, 0.1))
    assert subtensor.get_delegate_take(hotkey) == pytest.approx(0.1, abs=1e-3)


def test_delegates_show_nominators(subtensor, subnet, neuron, staker):
    hotkey = neuron.hotkey.ss58_address
    must(subtensor.add_stake(staker, subnet.netuid, hotkey, Balance.from_tao(2)))
    delegate = subtensor.get_delegate_by_hotkey(hotkey)
    assert delegate.owner_ss58 == neuron.coldkeypub.ss58_address
    assert staker.coldkeypub.ss58_address in delegate.nominators


def test_set_children(subtensor, subnet, alice, funded):
    parent, child = alice.hotkey.ss58_address, funded()
    must(subtensor.burned_register(child, subnet.netuid))
    must(subtensor.set_children(alice, subnet.netuid, parent, [(0.5, child.hotkey.ss58_address)]))
    pending, cooldown = subtensor.get_children_pending(parent, subnet.netuid)
    assert [address for _, address in pending] == [child.hotkey.ss58_address]
    subtensor.wait_for_block(cooldown + 2 * 11)
    success, children, message = subtensor.get_children(parent, subnet.netuid)
    assert success, message
    assert children == [(pytest.approx(0.5), child.hotkey.ss58_address)]
