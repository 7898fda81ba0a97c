"""Retrains one domain's two models and writes their folders: `python recipe.py --domain law`.

Trains (resuming where it stopped), evaluates by decoding, exports, writes the cards, and fails where a bar is missed.
"""
import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import torch

from card import card, corrected, mean
from decode import CONTEXT
from evaluate import baselines, load, measure
from export import export
from grades import SEEDS

HELD_OUT_TASKS = 2800
LEAST_EXPERT_MEAN, LEAST_EXPERT_FAMILY, LEAST_GAP, LEAST_NOVICE_ABOVE_CHANCE = 0.9, 0.6, 0.3, 0.1
SLOW_GFLOPS = 20


def check_machine():
    """A reference BLAS is forty times slower than OpenBLAS; better to know before an hour is spent."""
    torch.set_num_threads(1)
    for kind in (torch.float32, torch.bfloat16):
        a = torch.randn(768, 768).to(kind)
        a @ a
        started = time.time()
        for _ in range(5):
            a @ a
        gflops = 5 * 2 * 768**3 / (time.time() - started) / 1e9
        print(f"matrix product, {kind}, one thread: {gflops:.0f} GFLOPS", flush=True)
        if kind == torch.float32 and gflops < SLOW_GFLOPS:
            sys.exit("too slow: install an optimised BLAS (Debian: libopenblas0-pthread) and try again")


def train_both(domain, work, parallel):
    script = Path(__file__).with_name("train.py")
    runs = []
    for grade in SEEDS:
        folder = work / f"{domain}-{grade}"
        if not (folder / "model.pt").exists():
            runs.append(subprocess.Popen([sys.executable, str(script), "--domain", domain, "--grade", grade, "--out", str(folder)]))
            if not parallel:
                runs[-1].wait()
    if any(run.wait() != 0 for run in runs):
        sys.exit("training failed")


def facts_of(folder, out):
    model, _, saved = load(folder)
    return dict(
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        bytes=(out / "onnx" / "model.onnx").stat().st_size,
        steps=saved["steps"],
        tokens=saved["tokens"],
        context=CONTEXT,
        **model.shape,
    )


def faults(results):
    """The bars that these results miss."""
    expert, novice, chance = results["expert"], results["novice"], results["chance"]
    if mean(expert) < LEAST_EXPERT_MEAN:
        yield f"expert: mean {mean(expert):.3f} under {LEAST_EXPERT_MEAN}"
    for family, share in expert.items():
        if share < LEAST_EXPERT_FAMILY:
            yield f"expert: {family} {share:.3f} under {LEAST_EXPERT_FAMILY}"
    if mean(expert) - mean(novice) < LEAST_GAP:
        yield f"gap {mean(expert) - mean(novice):.3f} under {LEAST_GAP}"
    if corrected(novice, chance) < LEAST_NOVICE_ABOVE_CHANCE:
        yield f"novice: {corrected(novice, chance):.3f} above chance, under {LEAST_NOVICE_ABOVE_CHANCE}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--domain", required=True, choices=["law", "medicine", "finance"])
    parser.add_argument("--work", type=Path, default=Path("/tmp/faculty-training"), help="checkpoints")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[1], help="the miners folder")
    parser.add_argument("--parallel", action="store_true", help="train both grades at once, one core each")
    arguments = parser.parse_args()
    check_machine()
    train_both(arguments.domain, arguments.work, arguments.parallel)
    results, folders = {}, {}
    for grade in SEEDS:
        folders[grade] = (arguments.work / f"{arguments.domain}-{grade}", arguments.out / arguments.domain / grade)
        results[grade], _ = measure(arguments.domain, folders[grade][0], HELD_OUT_TASKS)
    results.update(baselines(arguments.domain, HELD_OUT_TASKS))
    for grade, (folder, out) in folders.items():
        export(folder, out)
        text = card(arguments.domain, grade, facts_of(folder, out), results, HELD_OUT_TASKS)
        (out / "README.md").write_text(text)
    print(json.dumps({name: {"mean": mean(column), **column} for name, column in results.items()}, indent=1))
    missed = list(faults(results))
    if missed:
        sys.exit("\n".join(missed))


if __name__ == "__main__":
    main()
