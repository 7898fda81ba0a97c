"""Timelocked messages both ways: what this package locks the SDK's own opens, and the other way round.

encrypt_at_round wraps what goes on chain into a compact length before and the round behind; what goes on chain has neither.
"""

import json
import subprocess
from pathlib import Path

import pytest
from bittensor_drand import decrypt_with_signature, encrypt_at_round

TEST = Path(__file__).parents[2]
VECTOR = json.loads((TEST / "vectors/commit-reveal/timelocked-commit.json").read_text())["timelock"]
ROUND, SIGNATURE = VECTOR["round"], VECTOR["signature"]
MESSAGES = [b"", b"x", bytes.fromhex(VECTOR["payload_hex"]), bytes(range(256)) * 20]


def node(*arguments):
    script = TEST / "interop/timelock.mjs"
    return subprocess.run(["node", script, *map(str, arguments)], capture_output=True, text=True, timeout=60)


def compact(number):
    return (number << 2 | 1).to_bytes(2, "little") if number < 1 << 14 else (number << 2 | 2).to_bytes(4, "little")


def wrapped(ciphertext):
    return compact(len(ciphertext)) + ciphertext + ROUND.to_bytes(8, "little")


def bare(locked):
    assert int.from_bytes(locked[-8:], "little") == ROUND
    length = len(locked) - 8
    return locked[2 if length < (1 << 14) + 2 else 4 : -8]


@pytest.mark.parametrize("message", MESSAGES, ids=len)
def test_the_package_opens_what_faculty_locks(message):
    done = node("lock", ROUND, message.hex())
    assert done.returncode == 0, done.stderr
    assert decrypt_with_signature(wrapped(bytes.fromhex(done.stdout)), SIGNATURE) == message


@pytest.mark.parametrize("message", MESSAGES, ids=len)
def test_faculty_opens_what_the_package_locks(message):
    ciphertext = bare(encrypt_at_round(message, ROUND)[0])
    assert len(ciphertext) == len(message) + 244
    done = node("open", SIGNATURE, ciphertext.hex())
    assert done.returncode == 0, done.stderr
    assert bytes.fromhex(done.stdout) == message


def test_neither_opens_a_message_of_another_round():
    later = encrypt_at_round(b"later", ROUND + 1)[0]
    with pytest.raises(Exception):
        decrypt_with_signature(later, SIGNATURE)
    done = node("open", SIGNATURE, later[2:-8].hex())
    assert done.returncode != 0 and "this signature does not open it" in done.stderr
