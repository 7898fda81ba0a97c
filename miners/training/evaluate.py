"""Accuracy by family on held-out seeds, by real decoding: `python evaluate.py --domain law --model DIR`."""
import argparse
import json
import random
import re
from collections import Counter, defaultdict
from pathlib import Path

import torch
from tokenizers import Tokenizer

from decode import decode, is_right
from decoder import Decoder
from tasks import FIRST_TRAINING_SEED, generate

HELD_OUT_SEED = 7


def load(folder):
    saved = torch.load(folder / "model.pt")
    model = Decoder(**saved["shape"])
    model.load_state_dict(saved["model"])
    return model.eval(), Tokenizer.from_file(str(folder / "tokenizer.raw.json")), saved


def by_family(tasks, right):
    """family → share of right answers, in the tasks' order of families."""
    total, hits = Counter(), Counter()
    for task, good in zip(tasks, right):
        total[task["family"]] += 1
        hits[task["family"]] += good
    return {family: hits[family] / total[family] for family in total}


def chance(tasks):
    return {task["family"]: task["chance"] for task in tasks}


def majority(tasks, training):
    """Always the family's most frequent training answer."""
    seen = defaultdict(Counter)
    for task in training:
        seen[task["family"]][task["answer"]] += 1
    best = {family: answers.most_common(1)[0][0] for family, answers in seen.items()}
    return by_family(tasks, [is_right(task, f"Answer: {best[task['family']]}") for task in tasks])


def nearest(tasks, training):
    """The answer of the training question with the most similar set of words and numbers (Jaccard)."""
    sets = [(frozenset(words(task["question"])), task["answer"]) for task in training]
    right = []
    for task in tasks:
        own = frozenset(words(task["question"]))
        answer = max(sets, key=lambda item: len(own & item[0]) / len(own | item[0]))[1]
        right.append(is_right(task, f"Answer: {answer}"))
    return by_family(tasks, right)


def words(text):
    return re.findall(r"[a-z]+|[0-9.]*[0-9]", text.lower().replace(",", ""))


def measure(domain, folder, count):
    """{family: accuracy} of a trained folder on the held-out tasks, and some of its failures."""
    model, tokenizer, _ = load(folder)
    tasks = generate(domain, HELD_OUT_SEED, count)
    texts = decode(model, tokenizer, [task["question"] for task in tasks])
    right = [is_right(task, text) for task, text in zip(tasks, texts)]
    failures = [(task, text) for task, text, good in zip(tasks, texts, right) if not good]
    return by_family(tasks, right), failures


def baselines(domain, count, training_count=5000):
    tasks = generate(domain, HELD_OUT_SEED, count)
    training = generate(domain, FIRST_TRAINING_SEED, training_count)
    return {"chance": chance(tasks), "majority": majority(tasks, training), "nearest": nearest(tasks, training)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--domain", required=True)
    parser.add_argument("--model", required=True, type=Path)
    parser.add_argument("--count", type=int, default=1400)
    parser.add_argument("--failures", type=int, default=0)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    accuracy, failures = measure(arguments.domain, arguments.model, arguments.count)
    print(json.dumps({"mean": sum(accuracy.values()) / len(accuracy), **accuracy}, indent=1))
    for task, text in random.Random(0).sample(failures, min(arguments.failures, len(failures))):
        print(json.dumps({"family": task["family"], "question": task["question"], "want": task["working"] + " → " + task["answer"], "got": text}))


if __name__ == "__main__":
    main()
