"""Weights: set at once, committed and revealed, timelocked; metagraph and epochs."""

import pytest
from bittensor.utils.balance import Balance

from chain import must, sudo


@pytest.fixture(scope="module")
def weighed(subtensor, new_subnet, bob):
    """A subnet of its own, tempo 10, with Bob as its second neuron; commits are off."""
    subnet = new_subnet()
    must(subtensor.burned_register(bob, subnet.netuid))
    must(subtensor.add_stake(subnet.owner, subnet.netuid, subnet.owner.hotkey.ss58_address, Balance.from_tao(100)))
    subtensor.wait_for_block(subtensor.get_next_epoch_start_block(subnet.netuid) + 2)
    return subnet


@pytest.fixture
def committing(subtensor, weighed, alice):
    sudo(subtensor, alice, "sudo_set_tempo", {"netuid": weighed.netuid, "tempo": 20})
    sudo(subtensor, alice, "sudo_set_commit_reveal_weights_enabled", {"netuid": weighed.netuid, "enabled": True})
    yield weighed
    sudo(subtensor, alice, "sudo_set_commit_reveal_weights_enabled", {"netuid": weighed.netuid, "enabled": False})
    sudo(subtensor, alice, "sudo_set_tempo", {"netuid": weighed.netuid, "tempo": 10})


def test_epoch_runs_in_the_block_that_the_formula_says(subtensor, weighed):
    tempo = subtensor.tempo(weighed.netuid)
    start = subtensor.get_next_epoch_start_block(weighed.netuid)
    subtensor.wait_for_block(start + tempo + 2)
    step = subtensor.query_subtensor("LastMechansimStepBlock", params=[weighed.netuid], block=start + tempo + 1)
    block = int(getattr(step, "value", step))
    assert (block + weighed.netuid + 1) % (tempo + 1) == tempo


def test_set_weights(subtensor, weighed):
    uids, values = [0, 1], [0.25, 0.75]
    must(subtensor.set_weights(weighed.owner, weighed.netuid, uids, values))
    rows = dict(subtensor.weights(weighed.netuid))
    assert dict(rows[0]) == {0: pytest.approx(65_535 // 3, abs=1), 1: 65_535}


def test_weights_pay_incentive_and_dividends(subtensor, weighed, bob):
    # The SDK waits for more blocks than the limit, which is 0.
    subtensor.wait_for_block(subtensor.get_current_block() + 2)
    must(subtensor.set_weights(weighed.owner, weighed.netuid, [1], [1.0]))
    subtensor.wait_for_block(subtensor.get_next_epoch_start_block(weighed.netuid) + 12)
    owner, miner = subtensor.neurons_lite(weighed.netuid)[:2]
    assert owner.validator_permit and owner.dividends > 0.99
    assert miner.hotkey == bob.hotkey.ss58_address
    assert miner.incentive > 0.99
    assert miner.stake.rao > 0


def test_weights_without_stake_or_permit_are_refused(subtensor, weighed, funded):
    stranger = funded()
    must(subtensor.burned_register(stranger, weighed.netuid))
    response = subtensor.set_weights(stranger, weighed.netuid, [0, 1], [0.5, 0.5], max_attempts=1)
    assert not response.success


def test_commit_and_reveal(subtensor, committing):
    netuid, owner = committing.netuid, committing.owner
    uids, weights, salt = [0, 1], [16_000, 65_535], [18, 179, 107, 0, 165, 211, 141, 197]
    must(
        subtensor.commit_weights(
            owner, netuid, salt, uids, weights, wait_for_inclusion=True, wait_for_finalization=True
        )
    )
    queue = subtensor.query_module("SubtensorModule", "WeightCommits", params=[netuid, owner.hotkey.ss58_address])
    ((_, commit_block, first, last),) = queue.value if hasattr(queue, "value") else queue
    assert last - first == subtensor.tempo(netuid)
    early = subtensor.reveal_weights(owner, netuid, uids, weights, salt, max_attempts=1)
    assert not early.success or subtensor.get_current_block() >= first
    subtensor.wait_for_block(first)
    must(subtensor.reveal_weights(owner, netuid, uids, weights, salt))
    assert dict(dict(subtensor.weights(netuid))[0]) == {0: 16_000, 1: 65_535}


def test_reveal_of_something_else_is_refused(subtensor, committing):
    netuid, owner = committing.netuid, committing.owner
    must(
        subtensor.commit_weights(
            owner, netuid, [1, 2, 3], [0], [65_535], wait_for_inclusion=True, wait_for_finalization=True
        )
    )
    assert not subtensor.reveal_weights(owner, netuid, [0], [1], [1, 2, 3], max_attempts=1).success


def test_timelocked_commit_is_stored(subtensor, committing):
    """As far as the stored commit; a reveal needs a drand endpoint."""
    netuid, owner = committing.netuid, committing.owner
    assert subtensor.commit_reveal_enabled(netuid)
    must(subtensor.set_weights(owner, netuid, [0, 1], [0.5, 0.5], block_time=0.25, max_attempts=1))
    commits = subtensor.get_timelocked_weight_commits(netuid)
    assert [commit[0] for commit in commits] == [owner.hotkey.ss58_address]


def test_second_mechanism_has_its_own_weights(subtensor, weighed, alice):
    sudo(subtensor, alice, "sudo_set_max_allowed_uids", {"netuid": weighed.netuid, "max_allowed_uids": 128})
    sudo(subtensor, alice, "sudo_set_mechanism_count", {"netuid": weighed.netuid, "mechanism_count": 2})
    assert subtensor.get_mechanism_count(weighed.netuid) == 2
    must(subtensor.set_weights(weighed.owner, weighed.netuid, [0], [1.0], mechid=1))
    assert dict(dict(subtensor.weights(weighed.netuid, mechid=1))[0]) == {0: 65_535}


def test_metagraph(subtensor, weighed, bob):
    graph = subtensor.metagraph(weighed.netuid, lite=False)
    assert graph.n.item() == len(graph.uids) == subtensor.subnetwork_n(weighed.netuid)
    assert graph.hotkeys[:2] == [weighed.owner.hotkey.ss58_address, bob.hotkey.ss58_address]
    assert graph.W.shape == (len(graph.uids), len(graph.uids))
    info = subtensor.get_metagraph_info(weighed.netuid)
    assert info.netuid == weighed.netuid
    assert info.num_uids == len(graph.uids)
    assert info.hotkeys == graph.hotkeys
    assert info.tempo == subtensor.tempo(weighed.netuid)


def test_commitments(subtensor, weighed, bob):
    must(subtensor.set_commitment(bob, weighed.netuid, "hello from the interop tests"))
    assert subtensor.get_commitment(weighed.netuid, 1) == "hello from the interop tests"
    assert subtensor.get_all_commitments(weighed.netuid) == {
        bob.hotkey.ss58_address: "hello from the interop tests"
    }
