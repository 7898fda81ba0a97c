"""The command line of release 9.20, as people type it."""

import json
import os
import subprocess
import sys

import pytest
from bittensor.utils.balance import Balance

from chain import must


@pytest.fixture(scope="session")
def btcli(endpoint, wallet_path):
    def run(*words, wallet=None, hotkey=True, reads_json=True):
        arguments = [os.path.join(os.path.dirname(sys.executable), "btcli"), *words, "--network", endpoint]
        if wallet is not None:
            arguments += ["--wallet-path", wallet_path, "--wallet-name", wallet.name]
            if hotkey:
                arguments += ["--hotkey", wallet.hotkey_str]
        if reads_json:
            arguments.append("--json-output")
        done = subprocess.run(arguments, capture_output=True, text=True, timeout=120, input="")
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout) if reads_json else done.stdout

    return run


def test_wallet_balance(btcli, funded):
    wallet = funded(12)
    answer = btcli("wallet", "balance", wallet=wallet, hotkey=False)
    assert answer["balances"][wallet.name]["free"] == pytest.approx(12)


def test_wallet_transfer(btcli, subtensor, funded, open_wallet):
    dest = open_wallet("CliDest").coldkeypub.ss58_address
    btcli("wallet", "transfer", "--dest", dest, "--amount", "2", "--no-prompt", wallet=funded(), reads_json=False)
    assert subtensor.get_balance(dest) == Balance.from_tao(2)


def test_subnets_list(btcli, subnet):
    answer = btcli("subnets", "list")
    assert str(subnet.netuid) in answer["subnets"]


def test_subnets_hyperparameters(btcli, subnet):
    answer = btcli("subnets", "hyperparameters", "--netuid", str(subnet.netuid))
    values = {row["hyperparameter"]: row["value"] for row in answer}
    assert int(values["tempo"]) == 10


def test_subnets_register(btcli, subtensor, new_subnet, funded):
    # btcli's registration is good until the next epoch: a slow machine needs more than ten blocks.
    subnet, wallet = new_subnet(tempo=360), funded()
    btcli("subnets", "register", "--netuid", str(subnet.netuid), "--no-prompt", wallet=wallet, reads_json=False)
    assert subtensor.is_hotkey_registered(wallet.hotkey.ss58_address, subnet.netuid)


def test_stake_add_list_and_remove(btcli, subtensor, subnet, neuron, funded):
    wallet = funded()
    target = ["--include-hotkeys", neuron.hotkey.ss58_address, "--netuid", str(subnet.netuid)]
    btcli(
        "stake", "add", *target, "--amount", "5", "--unsafe", "--no-prompt", wallet=wallet, hotkey=False, reads_json=False
    )
    stake = subtensor.get_stake(wallet.coldkeypub.ss58_address, neuron.hotkey.ss58_address, subnet.netuid)
    assert stake.tao > 4
    listed = btcli("stake", "list", "--no-prompt", wallet=wallet, hotkey=False)
    assert neuron.hotkey.ss58_address in json.dumps(listed)
    btcli(
        "stake", "remove", *target, "--amount", "2", "--unsafe", "--no-prompt", wallet=wallet, hotkey=False, reads_json=False
    )
    left = subtensor.get_stake(wallet.coldkeypub.ss58_address, neuron.hotkey.ss58_address, subnet.netuid)
    assert left.tao == pytest.approx(stake.tao - 2, rel=1e-2)


def test_sudo_set(btcli, subtensor, subnet):
    btcli(
        "sudo", "set", "--netuid", str(subnet.netuid), "--param", "immunity_period", "--value", "555", "--no-prompt",
        wallet=subnet.owner, reads_json=False,
    )
    assert subtensor.immunity_period(subnet.netuid) == 555


def test_proxy_add(btcli, subtensor, funded):
    wallet, delegate = funded(), funded().coldkeypub.ss58_address
    btcli(
        "proxy", "add", "--delegate", delegate, "--proxy-type", "Transfer", "--delay", "0", "--no-prompt",
        wallet=wallet, hotkey=False, reads_json=False,
    )
    proxies, _ = subtensor.get_proxies_for_real_account(wallet.coldkeypub.ss58_address)
    assert [proxy.delegate for proxy in proxies] == [delegate]


def test_child_set(btcli, subtensor, subnet, neuron, alice, funded):
    child = funded()
    must(subtensor.burned_register(child, subnet.netuid))
    btcli(
        "stake", "child", "set", "--children", child.hotkey.ss58_address, "--proportions", "0.25",
        "--netuid", str(subnet.netuid), "--no-prompt", wallet=neuron, reads_json=False,
    )
    pending, _ = subtensor.get_children_pending(neuron.hotkey.ss58_address, subnet.netuid)
    assert [address for _, address in pending] == [child.hotkey.ss58_address]
