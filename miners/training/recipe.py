"""Retrains one domain's two models, or all, and writes their folders: `python recipe.py --domain law`.

Trains (resuming where it stopped), exports both grades, has `faculty model eval` examine both, writes the cards, and fails where a bar
is missed.
"""
import argparse
import json
import os
import shutil
import sys
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import torch

from card import card
from export import CONTEXT, export, load
from tasks import faculty
from train import train

DOMAINS = ["law", "medicine", "finance"]
GRADES = ["novice", "expert"]
TASKS_EACH = 40
LEAST_EXPERT_MEAN = {"seeds": 0.92, "sentences": 0.85, "ranges": 0.8}
LEAST_EXPERT_FAMILY, LEAST_GAP, LEAST_NOVICE_ABOVE_CHANCE, MOST_CONFIDENTLY_WRONG = 0.6, 0.3, 0.1, 0.03
MOST_BYTES = 2 * 2**20
MOST_DIFFERING_IN_INT8 = 0.02
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


def facts_of(folder, grade, out):
    model, _, saved = load(folder, grade)
    return dict(
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        bytes=(out / "onnx" / "model.onnx").stat().st_size,
        steps=saved["steps"],
        tokens=saved["tokens"],
        context=CONTEXT,
        **model.shape,
    )


def mean(by_family):
    return sum(by_family.values()) / len(by_family)


def faults(expert, novice, baselines):
    """The bars that these results of `faculty model eval` miss."""
    for name, least in LEAST_EXPERT_MEAN.items():
        if expert["sets"][name]["mean"] < least:
            yield f"expert: {name} {expert['sets'][name]['mean']:.3f} under {least}"
    for family, measured in expert["sets"]["seeds"]["families"].items():
        if measured["share"] < LEAST_EXPERT_FAMILY:
            yield f"expert: {family} {measured['share']:.3f} under {LEAST_EXPERT_FAMILY}"
    if expert["calibration"]["confidentlyWrong"] > MOST_CONFIDENTLY_WRONG:
        yield f"expert: {expert['calibration']['confidentlyWrong']:.3f} wrong and sure, over {MOST_CONFIDENTLY_WRONG}"
    best, worst, chance = expert["sets"]["seeds"]["mean"], novice["sets"]["seeds"]["mean"], mean(baselines["chance"])
    if best - worst < LEAST_GAP:
        yield f"gap {best - worst:.3f} under {LEAST_GAP}"
    if (worst - chance) / (1 - chance) < LEAST_NOVICE_ABOVE_CHANCE:
        yield f"novice: {(worst - chance) / (1 - chance):.3f} above chance, under {LEAST_NOVICE_ABOVE_CHANCE}"
    numeric = [family for family, share in baselines["chance"].items() if share == 0]
    near = sum(baselines["nearest"][family] for family in numeric) / len(numeric)
    own = sum(novice["sets"]["seeds"]["families"][family]["share"] for family in numeric) / len(numeric)
    if near >= own:
        yield f"nearest training question {near:.3f} on numeric families, novice {own:.3f}"


def in_int8(work, domain, folder):
    """The folder's model in 8-bit weights: bytes of the graph, and the share of answers of which any character differs.
    Made in a copy, since a further graph beside the first is a further model."""
    copy = work / "int8"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy)
    size = json.loads(faculty("model", "quantize", str(copy), "--json"))["bytesAfter"]
    compared = faculty("model", "eval", str(copy), "--domain", domain, "--count", str(TASKS_EACH), "--compare", "int8", "--json")
    return dict(int8_bytes=size, int8_differ=json.loads(compared)["models"][0]["texts"]["share"])


def retrain(domain, arguments):
    """Returns what is wrong with the domain's new models."""
    work, miner, facts = arguments.work / domain, arguments.out / domain, {}
    if not (work / "expert.pt").exists():
        train(domain, work, fast=True)
    for grade in GRADES:
        export(work, domain, grade, miner / grade)
        facts[grade] = {**facts_of(work, grade, miner / grade), **in_int8(work, domain, miner / grade)}
    report = json.loads(faculty("model", "eval", str(miner), "--domain", domain, "--count", str(TASKS_EACH), "--json"))
    (work / "report.json").write_text(json.dumps(report))
    models = {model["model"].split("/")[-1]: model for model in report["models"]}
    for grade in GRADES:
        (miner / grade / "README.md").write_text(card(grade, facts[grade], models[grade], report))
    too_large = [f"{grade}: {fact['bytes']} bytes, over {MOST_BYTES}" for grade, fact in facts.items() if fact["bytes"] > MOST_BYTES]
    changed = [
        f"{grade}: {fact['int8_differ']:.3f} of answers differ in int8, over {MOST_DIFFERING_IN_INT8}"
        for grade, fact in facts.items()
        if fact["int8_differ"] > MOST_DIFFERING_IN_INT8
    ]
    missed = [*faults(models["expert"], models["novice"], report["baselines"]), *too_large, *changed]
    return [f"{domain}: {fault}" for fault in missed]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--domain", required=True, choices=[*DOMAINS, "all"])
    parser.add_argument("--work", type=Path, default=Path("/tmp/faculty-training"), help="checkpoints")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[1], help="the miners folder")
    arguments = parser.parse_args()
    check_machine()
    domains = DOMAINS if arguments.domain == "all" else [arguments.domain]
    missed = [fault for domain in domains for fault in retrain(domain, arguments)]
    if missed:
        sys.exit("\n".join(missed))


if __name__ == "__main__":
    main()
