"""Tasks, exactly as `faculty tasks generate` prints them."""
import json
import os
import shlex
import subprocess

# Held-out seeds lie below, training seeds at or above this.
FIRST_TRAINING_SEED = 1_000_000


def generate(domain, seed, count):
    """A list of {family, question, working, answer, truth, chance}. The command is $FACULTY, by default `npx faculty`."""
    command = shlex.split(os.environ.get("FACULTY", "npx faculty")) + [
        "tasks", "generate", "--domain", domain, "--seed", str(seed), "--count", str(count), "--jsonl",
    ]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.decode()
    return [json.loads(line) for line in printed.splitlines()]
