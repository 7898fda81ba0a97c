"""Weights: set at once, committed and revealed in the hashed form by raw call, timelocked."""

import hashlib

import bittensor as bt
import pytest


@pytest.fixture(scope="module")
def weighed(client, do, sudo, new_subnet, bob):
    """A subnet of its own with Bob as its second neuron and stake of Alice's; commits are off."""
    subnet = new_subnet()
    do(bt.BurnedRegister(netuid=subnet.netuid), bob)
    do(
        bt.AddStake(hotkey_ss58=subnet.owner.hotkey.ss58_address, netuid=subnet.netuid, amount_tao=100, slippage_protection=False),
        subnet.owner,
    )
    client.wait_for_epoch(subnet.netuid, timeout=30)
    return subnet


@pytest.fixture
def committing(sudo, weighed):
    admin = bt.calls.AdminUtils
    sudo(admin.sudo_set_tempo(netuid=weighed.netuid, tempo=20))
    sudo(admin.sudo_set_commit_reveal_weights_enabled(netuid=weighed.netuid, enabled=True))
    yield weighed
    sudo(admin.sudo_set_commit_reveal_weights_enabled(netuid=weighed.netuid, enabled=False))
    sudo(admin.sudo_set_tempo(netuid=weighed.netuid, tempo=10))


def test_set_weights(client, do, weighed):
    do(bt.SetWeights(netuid=weighed.netuid, weights={0: 0.25, 1: 0.75}), weighed.owner)
    row = client.weights.weights(weighed.netuid)[0]
    assert row[1] / row[0] == pytest.approx(3, rel=1e-3)


def test_weights_pay_incentive_and_dividends(client, do, weighed):
    do(bt.SetWeights(netuid=weighed.netuid, weights={1: 1.0}), weighed.owner)
    for _ in range(2):
        client.wait_for_epoch(weighed.netuid, timeout=30)
    owner, miner = client.subnets.metagraph(weighed.netuid).neurons[:2]
    assert owner.validator_permit
    assert owner.dividends > 0.99
    assert miner.incentive > 0.99


def commit_hash(hotkey, netuid, uids, values, salt, version_key):
    def vec(numbers):
        return bytes([len(numbers) << 2]) + b"".join(number.to_bytes(2, "little") for number in numbers)

    data = hotkey + netuid.to_bytes(2, "little") + vec(uids) + vec(values) + vec(salt)
    return "0x" + hashlib.blake2b(data + version_key.to_bytes(8, "little"), digest_size=32).hexdigest()


def test_commit_and_reveal_in_the_hashed_form(client, do, committing):
    netuid, owner = committing.netuid, committing.owner
    uids, values, salt = [0, 1], [16_000, 65_535], [18, 179, 107, 0]
    digest = commit_hash(bytes(owner.hotkey.public_key), netuid, uids, values, salt, 0)
    client.wait_for_epoch(netuid, timeout=30)
    call = bt.calls.SubtensorModule.commit_weights(netuid=netuid, commit_hash=digest)
    client.submit_call(call, owner, signer="hotkey").raise_for_failure()
    reveal = bt.RevealWeights(netuid=netuid, uids=uids, weights=values, salt=salt)
    early = None
    try:
        early = client.execute(reveal, owner)
    except bt.BittensorError:
        pass
    assert not early, "a reveal in the epoch of the commit is too early"
    client.wait_for_epoch(netuid, timeout=30)
    do(reveal, owner)
    row = client.weights.weights(netuid)[0]
    assert row[1] / row[0] == pytest.approx(65_535 / 16_000, rel=1e-3)


def test_timelocked_commit_is_stored(client, do, committing):
    """As far as the stored commit; a reveal needs a drand endpoint."""
    assert client.subnets.commit_reveal_enabled(committing.netuid)
    do(bt.SetWeights(netuid=committing.netuid, weights={0: 0.5, 1: 0.5}), committing.owner)
    commits = client.weights.timelocked_weight_commits(committing.netuid)
    assert committing.owner.hotkey.ss58_address in str(commits)


def test_direct_weights_are_refused_where_commits_are_on(client, committing):
    call = bt.calls.SubtensorModule.set_weights(netuid=committing.netuid, dests=[0], weights=[1], version_key=0)
    result = client.submit_call(call, committing.owner, signer="hotkey")
    assert not result.success
    assert "CommitRevealEnabled" in result.message or "CommitRevealEnabled" in str(result.error.to_dict())


def test_second_mechanism_has_its_own_weights(client, do, sudo, weighed):
    sudo(bt.calls.AdminUtils.sudo_set_max_allowed_uids(netuid=weighed.netuid, max_allowed_uids=128))
    do(bt.SetMechanismCount(netuid=weighed.netuid, mechanism_count=2), weighed.owner)
    assert client.subnets.mechanism_count(weighed.netuid) == 2
    do(bt.SetWeights(netuid=weighed.netuid, weights={0: 1.0}, mechid=1), weighed.owner)
    assert list(client.weights.weights(weighed.netuid, 1)[0]) == [0]
