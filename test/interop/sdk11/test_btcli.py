"""The command line that comes with the SDK, as people type it."""

import json
import os
import subprocess
import sys

import bittensor as bt
import pytest


@pytest.fixture(scope="session")
def btcli(endpoint, wallet_path):
    def run(*words, wallet=None):
        arguments = [os.path.join(os.path.dirname(sys.executable), "btcli"), *words, "--network", endpoint, "--json"]
        arguments += ["--fallback-endpoints", "none", "--archive-endpoints", "none"]
        if wallet is not None:
            arguments += ["--wallet-path", wallet_path, "--wallet", wallet.name, "--wallet-hotkey", "default", "--yes"]
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=120, input="")
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    return run


def test_query_balance(btcli, funded):
    wallet = funded(12)
    assert "12" in json.dumps(btcli("query", "balance", "--coldkey", wallet.coldkeypub.ss58_address))


def test_query_subnets_and_metagraph(btcli, subnet, neuron):
    assert f'"netuid": {subnet.netuid}' in json.dumps(btcli("query", "subnets"))
    graph = btcli("query", "metagraph", "--netuid", str(subnet.netuid))
    assert neuron.hotkey.ss58_address in json.dumps(graph)


def test_tx_transfer(btcli, client, funded, open_wallet):
    dest = open_wallet("CliDest").coldkeypub.ss58_address
    answer = btcli("tx", "transfer", "--dest", dest, "--amount-tao", "2", wallet=funded())
    assert answer["success"]
    assert client.balances.get(dest).tao == 2


def test_tx_burned_register(btcli, client, subnet, funded):
    wallet = funded()
    answer = btcli("tx", "burned-register", "--netuid", str(subnet.netuid), wallet=wallet)
    assert answer["success"]
    assert client.neurons.uid(wallet.hotkey.ss58_address, subnet.netuid) is not None


@pytest.mark.parametrize("shield", ["--mev-shield", "--no-mev-shield"])
def test_stake_add(btcli, client, subnet, neuron, funded, shield):
    wallet, hotkey = funded(), neuron.hotkey.ss58_address
    words = ["stake", "add", "--hotkey", hotkey, "--netuid", str(subnet.netuid), "--amount-tao", "5", shield]
    assert btcli(*words, wallet=wallet)["success"]
    assert client.staking.get(wallet.coldkeypub.ss58_address, hotkey, subnet.netuid).rao > 0


def test_hparams_set_and_get(btcli, client, subnet):
    words = ["hparams", "set", "--netuid", str(subnet.netuid), "--name", "immunity_period", "--value", "321"]
    assert btcli(*words, wallet=subnet.owner)["success"]
    assert client.subnets.subnet_hyperparameters(subnet.netuid)["immunity_period"] == 321
    assert "321" in json.dumps(btcli("hparams", "get", "--netuid", str(subnet.netuid)))


def test_proxy_add(btcli, client, funded):
    wallet, delegate = funded(), funded().coldkeypub.ss58_address
    assert btcli("proxy", "add", "--delegate", delegate, "--proxy-type", "Transfer", wallet=wallet)["success"]
    assert delegate in str(client.balances.proxies(wallet.coldkeypub.ss58_address))


def test_dry_run_sends_nothing(btcli, client, funded, open_wallet):
    dest = open_wallet("DryDest").coldkeypub.ss58_address
    btcli("tx", "transfer", "--dest", dest, "--amount-tao", "2", "--dry-run", wallet=funded())
    assert client.balances.get(dest).rao == 0
