"""Tasks, exactly as `faculty tasks generate` prints them."""
import json
import os
import shlex
import subprocess

# Held-out seeds lie below, training seeds at or above this.
FIRST_TRAINING_SEED = 1_000_000
COMMAND = shlex.split(os.environ.get("FACULTY", "npx faculty"))


def faculty(*words):
    """What the command prints; $FACULTY names another command than `npx faculty`."""
    return subprocess.run([*COMMAND, *words], check=True, stdout=subprocess.PIPE).stdout.decode()


class Printing:
    """Training tasks being printed by another process, so that one may train meanwhile. A family named twice is drawn
    twice as often."""

    def __init__(self, domain, seed, count, families=None):
        words = ["tasks", "generate", "--domain", domain, "--seed", str(seed), "--count", str(count), "--set", "training", "--jsonl"]
        self.process = subprocess.Popen([*COMMAND, *words, *(["--families", ",".join(families)] if families else [])], stdout=subprocess.PIPE)

    def tasks(self):
        """A list of {family, question, working, statement, rule, answer, truth, chance, term, meaning}."""
        printed, _ = self.process.communicate()
        if self.process.returncode != 0:
            raise RuntimeError(f"`faculty tasks generate` ended with {self.process.returncode}")
        return [json.loads(line) for line in printed.decode().splitlines()]


def generate(domain, seed, count, families=None):
    return Printing(domain, seed, count, families).tasks()
