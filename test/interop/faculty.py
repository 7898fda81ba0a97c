"""Faculty's side of the dialects: a miner that serves HTTP, and a caller of other people's axons."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "dist" / "src" / "cli" / "main.js"
READY_SECONDS = 60
# For so long after its start a miner refuses requests: they may have been taken before (docs/security.md).
GUARD_SECONDS = 2.2


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running_miner(endpoint, netuid, wallet, wallet_path, *options):
    """A law miner of this wallet, whose hotkey must be registered. It answers whatever it is asked. Gives its port."""
    port, status = free_port(), free_port()
    folder = Path(tempfile.mkdtemp(prefix="faculty-interop-"))
    # Without its limits the model refuses nothing.
    model = shutil.copytree(ROOT / "miners" / "law" / "novice", folder / "novice", ignore=shutil.ignore_patterns("limits.json"))
    flags = {
        "--domain": "law",
        "--model": model,
        "--netuid": netuid,
        "--subtensor.network": endpoint,
        "--wallet.path": wallet_path,
        "--wallet.name": wallet.name,
        "--wallet.hotkey": "default",
        "--axon.ip": "127.0.0.1",
        "--axon.port": port,
        "--status.port": status,
        "--transports": "wss,http",
    }
    command = ["node", str(MAIN), "miner", "run", *(str(part) for flag in flags.items() for part in flag), *options]
    process = subprocess.Popen(command)
    try:
        await_ok(process, f"http://127.0.0.1:{status}/healthz")
        time.sleep(GUARD_SECONDS)
        yield port
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(folder)


def await_ok(process, url):
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, f"the miner ended with {process.returncode}; see above"
        try:
            return urllib.request.urlopen(url, timeout=5).read()
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(url)


def ask_axon(dialect, port, hotkey, text, streamed=False, uri="//Alice", timeout_ms=15_000):
    """What our dendrite gets of a Python axon: the texts as they came, and the answer or the error."""
    question = {"dialect": dialect, "port": port, "hotkey": hotkey, "text": text, "streamed": streamed}
    question |= {"uri": uri, "timeoutMs": timeout_ms}
    script = Path(__file__).with_name("ask.mjs")
    done = subprocess.run(
        ["node", str(script), json.dumps(question)], stdout=subprocess.PIPE, timeout=60, check=True, env=os.environ
    )
    return json.loads(done.stdout)
