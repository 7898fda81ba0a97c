"""Subnets, neurons and stake, each as one intent of the SDK."""

import bittensor as bt
import pytest


def test_subnet_is_registered_and_started(client, subnet):
    info = client.subnets.info(subnet.netuid)
    assert info.netuid == subnet.netuid == 2
    assert info.neuron_count >= 1
    assert {one.netuid for one in client.subnets.all()} >= {0, 1, 2}
    assert client.subnets.subnet_registration_cost().tao > 1_900


def test_start_schedule_and_epoch_status(client, subnet):
    schedule = client.subnets.subnet_start_schedule(subnet.netuid)
    assert schedule
    status = client.epochs.epoch_status(subnet.netuid)
    assert status
    assert client.epochs.next_epoch_start_block(subnet.netuid) >= client.block - 1


def test_waits_for_an_epoch(client, subnet):
    event = client.wait_for_epoch(subnet.netuid, timeout=30)
    assert event is not None


def test_burned_register_goes_through_the_shield(client, subnet, neuron):
    assert client.chain.mev_shield_next_key().startswith("0x")
    assert client.neurons.uid(neuron.hotkey.ss58_address, subnet.netuid) == 1
    assert client.neurons.hotkey_owner(neuron.hotkey.ss58_address) == neuron.coldkeypub.ss58_address
    assert subnet.netuid in client.neurons.netuids_for_hotkey(neuron.hotkey.ss58_address)


def test_price_rises_with_a_registration(client, do, subnet, funded):
    wallet = funded()
    before = client.subnets.burn(subnet.netuid)
    do(bt.BurnedRegister(netuid=subnet.netuid), wallet)
    after = client.subnets.burn(subnet.netuid)
    # 26 % up at once, and then down by half every 360 blocks.
    assert before.rao < after.rao < 1.26 * before.rao + 1


def test_serve_axon(client, do, subnet, neuron):
    do(bt.ServeAxon(netuid=subnet.netuid, ip="203.0.113.7", port=8091), neuron)
    graph = client.subnets.metagraph(subnet.netuid)
    assert graph.neurons[1].axon == "203.0.113.7:8091"


def test_metagraph(client, subnet, neuron):
    graph = client.subnets.metagraph(subnet.netuid)
    assert graph.netuid == subnet.netuid
    assert [one.hotkey for one in graph.neurons[:2]] == [subnet.owner.hotkey.ss58_address, neuron.hotkey.ss58_address]
    lite = client.neurons.all(subnet.netuid)
    assert [one.hotkey for one in lite] == [one.hotkey for one in graph.neurons]


@pytest.mark.parametrize(
    "name, value", [("immunity_period", 777), ("serving_rate_limit", 7), ("min_allowed_weights", 1)]
)
def test_hyperparameters_set_and_read(client, do, subnet, name, value):
    do(bt.SetHyperparameter(netuid=subnet.netuid, name=name, value=value), subnet.owner)
    assert client.subnets.subnet_hyperparameters(subnet.netuid)[name] == value


def test_subnet_identity(client, do, subnet):
    do(bt.SetSubnetIdentity(netuid=subnet.netuid, subnet_name="interop", description="a subnet"), subnet.owner)
    identity = client.subnets.subnet_identity(subnet.netuid)
    assert identity["subnet_name"] == "interop"
    assert client.subnets.subnet_names()[subnet.netuid] == "interop"


def test_root_register(client, do, neuron):
    do(bt.RootRegister(), neuron)
    assert client.neurons.uid(neuron.hotkey.ss58_address, 0) is not None


def test_stake_and_unstake(client, do, subnet, neuron, funded):
    staker, hotkey = funded(), neuron.hotkey.ss58_address
    cold = staker.coldkeypub.ss58_address
    do(bt.AddStake(hotkey_ss58=hotkey, netuid=subnet.netuid, amount_tao=10), staker)
    stake = client.staking.get(cold, hotkey, subnet.netuid)
    assert stake.rao > 0
    (position,) = client.staking.positions(cold)
    assert (position.hotkey, position.netuid) == (hotkey, subnet.netuid)
    do(bt.RemoveStake(hotkey_ss58=hotkey, netuid=subnet.netuid, amount_alpha=stake.rao / 2 / 10**9), staker)
    assert client.staking.get(cold, hotkey, subnet.netuid).rao == pytest.approx(stake.rao / 2, rel=1e-2)


def test_quotes_are_what_a_trade_gives(client, do, subnet, neuron, funded):
    staker, hotkey = funded(), neuron.hotkey.ss58_address
    quote = client.prices.quote_stake(subnet.netuid, 5)
    assert quote.alpha.rao > 0
    do(bt.AddStake(hotkey_ss58=hotkey, netuid=subnet.netuid, amount_tao=5), staker)
    stake = client.staking.get(staker.coldkeypub.ss58_address, hotkey, subnet.netuid)
    # The emission of the blocks between them moves the price.
    assert stake.rao == pytest.approx(quote.alpha.rao, rel=2e-2)


def test_limit_price_refuses(client, subnet, neuron, funded):
    intent = bt.AddStakeLimit(
        hotkey_ss58=neuron.hotkey.ss58_address, netuid=subnet.netuid, amount_tao=500, limit_price_rao=1, allow_partial=False
    )
    with pytest.raises(bt.BittensorError):
        client.execute(intent, funded()).raise_for_failure()


def test_move_and_transfer_stake(client, do, subnet, neuron, alice, funded):
    staker, receiver, hotkey = funded(), funded(), neuron.hotkey.ss58_address
    do(bt.AddStake(hotkey_ss58=hotkey, netuid=subnet.netuid, amount_tao=12), staker)
    do(
        bt.MoveStake(
            origin_hotkey_ss58=hotkey,
            origin_netuid=subnet.netuid,
            dest_hotkey_ss58=alice.hotkey.ss58_address,
            dest_netuid=subnet.netuid,
            amount_alpha=1,
        ),
        staker,
    )
    assert client.staking.get(
        staker.coldkeypub.ss58_address, alice.hotkey.ss58_address, subnet.netuid
    ).rao == pytest.approx(10**9, rel=1e-2)
    do(
        bt.TransferStake(
            dest_coldkey_ss58=receiver.coldkeypub.ss58_address,
            hotkey_ss58=hotkey,
            origin_netuid=subnet.netuid,
            dest_netuid=subnet.netuid,
            amount_alpha=1,
        ),
        staker,
    )
    assert client.staking.get(receiver.coldkeypub.ss58_address, hotkey, subnet.netuid).rao == pytest.approx(
        10**9, rel=1e-2
    )


def test_unstake_all(client, do, subnet, neuron, funded):
    staker, hotkey = funded(), neuron.hotkey.ss58_address
    do(bt.AddStake(hotkey_ss58=hotkey, netuid=subnet.netuid, amount_tao=3), staker)
    do(bt.UnstakeAll(hotkey_ss58=hotkey), staker)
    assert client.staking.get(staker.coldkeypub.ss58_address, hotkey, subnet.netuid).rao == 0


def test_take(client, do, neuron):
    do(bt.SetTake(take=0.1), neuron)
    assert client.delegation.delegate_take(neuron.hotkey.ss58_address)["take"] == pytest.approx(0.1, abs=1e-3)


def test_children(client, do, subnet, alice, funded):
    child, parent = funded(), alice.hotkey.ss58_address
    do(bt.BurnedRegister(netuid=subnet.netuid), child)
    do(bt.SetChildren(netuid=subnet.netuid, children=[[0.5, child.hotkey.ss58_address]]), alice)
    assert client.delegation.pending_children(parent, subnet.netuid)
    client.wait_for_block(client.block + 30, timeout=30)
    ((proportion, address),) = client.delegation.children(parent, subnet.netuid)
    assert address == child.hotkey.ss58_address
    assert proportion / 2**64 == pytest.approx(0.5)


def test_proxy(client, do, funded, open_wallet):
    real, delegate = funded(), funded()
    do(bt.AddProxy(delegate_ss58=delegate.coldkeypub.ss58_address, proxy_type="Any"), real)
    known = client.balances.proxies(real.coldkeypub.ss58_address)
    assert delegate.coldkeypub.ss58_address in str(known)
    dest = open_wallet("ProxyDest").coldkeypub.ss58_address
    do(bt.Transfer(dest_ss58=dest, amount_tao=2), delegate, proxy_for=real.coldkeypub.ss58_address)
    assert client.balances.get(dest).tao == 2


def test_multisig_account_is_read(client, alice, bob):
    multisig = client.multisig([alice.coldkeypub.ss58_address, bob.coldkeypub.ss58_address], 2)
    assert multisig is not None


def test_commitment(client, subnet, neuron):
    text = b"hello from the interop tests"
    call = bt.calls.Commitments.set_commitment(netuid=subnet.netuid, info={"fields": [[{f"Raw{len(text)}": text}]]})
    client.submit_call(call, neuron, signer="hotkey").raise_for_failure()
    assert client.identity.commitment(subnet.netuid, neuron.hotkey.ss58_address).data == text.decode()
