"""Proxies: who may act for whom, for what, and after which delay."""

import pytest
from bittensor.core.chain_data.proxy import ProxyType
from bittensor.utils.balance import Balance

from chain import must


@pytest.fixture
def pair(funded):
    return funded(), funded()


def transfer_call(subtensor, dest, tao):
    return subtensor.compose_call(
        call_module="Balances",
        call_function="transfer_keep_alive",
        call_params={"dest": dest, "value": Balance.from_tao(tao).rao},
    )


def test_proxy_acts_for_the_real_account(subtensor, pair, open_wallet):
    real, delegate = pair
    must(subtensor.add_proxy(real, delegate.coldkeypub.ss58_address, ProxyType.Any, 0))
    proxies, deposit = subtensor.get_proxies_for_real_account(real.coldkeypub.ss58_address)
    assert [proxy.delegate for proxy in proxies] == [delegate.coldkeypub.ss58_address]
    assert deposit.rao > 0
    dest = open_wallet("ProxyDest").coldkeypub.ss58_address
    must(
        subtensor.proxy(
            delegate, real.coldkeypub.ss58_address, None, transfer_call(subtensor, dest, 3)
        )
    )
    assert subtensor.get_balance(dest) == Balance.from_tao(3)


def test_removed_proxy_gives_the_deposit_back(subtensor, pair):
    real, delegate = pair
    must(subtensor.add_proxy(real, delegate.coldkeypub.ss58_address, ProxyType.Any, 0))
    must(subtensor.remove_proxy(real, delegate.coldkeypub.ss58_address, ProxyType.Any, 0))
    proxies, deposit = subtensor.get_proxies_for_real_account(real.coldkeypub.ss58_address)
    assert (proxies, deposit.rao) == ([], 0)


def test_same_proxy_twice_is_refused(subtensor, pair):
    real, delegate = pair
    must(subtensor.add_proxy(real, delegate.coldkeypub.ss58_address, ProxyType.Any, 0))
    response = subtensor.add_proxy(real, delegate.coldkeypub.ss58_address, ProxyType.Any, 0)
    assert not response.success
    assert "Duplicate" in str(response.message)


def test_stranger_may_not_act(subtensor, pair, open_wallet):
    real, stranger = pair
    dest = open_wallet("ProxyDest").coldkeypub.ss58_address
    response = subtensor.proxy(
        stranger, real.coldkeypub.ss58_address, None, transfer_call(subtensor, dest, 1)
    )
    assert not response.success
    assert "NotProxy" in str(response.message)


def test_staking_proxy_may_not_transfer(subtensor, pair, open_wallet):
    real, delegate = pair
    must(subtensor.add_proxy(real, delegate.coldkeypub.ss58_address, ProxyType.Staking, 0))
    dest = open_wallet("FilteredDest").coldkeypub.ss58_address
    subtensor.proxy(
        delegate, real.coldkeypub.ss58_address, ProxyType.Staking, transfer_call(subtensor, dest, 1)
    )
    assert subtensor.get_balance(dest).rao == 0


def test_pure_proxy(subtensor, pair):
    owner, _ = pair
    response = must(subtensor.create_pure_proxy(owner, ProxyType.Any, 0, 0))
    assert response.data["spawner"] == owner.coldkeypub.ss58_address
    pure = response.data["pure_account"]
    must(subtensor.transfer(owner, pure, Balance.from_tao(5), wait_for_finalization=True))
    dest = _.coldkeypub.ss58_address
    before = subtensor.get_balance(dest)
    must(subtensor.proxy(owner, pure, ProxyType.Any, transfer_call(subtensor, dest, 2)))
    assert subtensor.get_balance(dest) - before == Balance.from_tao(2)
