"""Trains one domain: `python train.py --domain law --out DIR` writes DIR/novice.pt and DIR/expert.pt. Resumes from
DIR/checkpoint.pt."""
import argparse
import json
import os
import time
from collections import Counter
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import torch
from torch.nn import functional as F

from decoder import Decoder
from grades import SEED, SHAPE, STEPS, VOCABULARY
from tasks import FIRST_TRAINING_SEED, Printing, generate
from tokens import EXPLANATION, PAD, Encoder, explanations, seeded, train_tokenizer

BATCH = 32
CHUNK_STEPS = 128
WARM_UP_STEPS = 60
LEARNING_RATE = 2.5e-3
LAST_SHARE = 0.03
SPLIT_SHARE = 0.05
# How far a row's length may seem off when rows are grouped: a batch of one length would be a batch of one family.
MIXING = 0.1
MOST_EXTRA = 30
EXPLANATION_SHARE = 1 / 40
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


def learning_rate(step, steps):
    """Linear warm-up, then linear decay to a small share of the peak."""
    if step < WARM_UP_STEPS:
        return LEARNING_RATE * (step + 1) / WARM_UP_STEPS
    left = (steps - step) / max(1, steps - WARM_UP_STEPS)
    return LEARNING_RATE * (LAST_SHARE + (1 - LAST_SHARE) * left)


def batches(tasks, chunk, encoder, pad):
    """The chunk's batches: rows of like length together, batches in drawn order. Yields families, ids, mask."""
    rng = seeded(chunk)
    explained = explanations(tasks)
    drawn = [rng.choice(explained) for _ in range(round(len(tasks) * EXPLANATION_SHARE))] if explained else []
    rows = [encoder.row(task, rng, SPLIT_SHARE) for task in [*tasks[len(drawn) :], *drawn]]
    rows.sort(key=lambda row: len(row.ids) * rng.uniform(1 - MIXING, 1 + MIXING))
    groups = [rows[start : start + BATCH] for start in range(0, len(rows), BATCH)]
    rng.shuffle(groups)
    for group in groups:
        longest = max(len(row.ids) for row in group)
        ids = torch.tensor([row.ids + [pad] * (longest - len(row.ids)) for row in group])
        mask = torch.tensor([row.mask + [0] * (longest - len(row.mask)) for row in group])
        yield [row.family for row in group], ids.to(DEVICE), mask.to(DEVICE)


class Marks:
    """By family, how many rows had every token right given the right tokens before."""

    def __init__(self):
        self.seen, self.whole = Counter(), Counter()

    def add(self, families, picked, hits):
        wrong = torch.zeros(picked.shape, dtype=torch.bool, device=picked.device)
        wrong[picked] = ~hits
        for family, bad in zip(families, wrong.any(1).tolist()):
            self.seen[family] += 1
            self.whole[family] += not bad

    def shares(self):
        return {family: self.whole[family] / self.seen[family] for family in sorted(self.seen)}


def weighted(shares):
    """Every family once, and more often by the square of how often it fails: what is learnt late needs most of the rows."""
    draws = {family: 1 + round(MOST_EXTRA * (1 - share) ** 2) for family, share in shares.items() if family != EXPLANATION}
    return [family for turn in range(1 + MOST_EXTRA) for family in draws if draws[family] > turn]


def adamw(model):
    matrices = [p for p in model.parameters() if p.dim() == 2]
    others = [p for p in model.parameters() if p.dim() != 2]
    groups = [{"params": matrices, "weight_decay": 0.05}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=LEARNING_RATE, betas=(0.9, 0.98))


def families_of(domain):
    """Those that the domain's manifest names; None, which is all of them, where it names none."""
    manifest = Path(__file__).resolve().parents[1] / domain / "manifest.json"
    return json.loads(manifest.read_text()).get("families")


def train(domain, out, fast):
    steps, families = STEPS[domain]["expert"], families_of(domain)
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    out.mkdir(parents=True, exist_ok=True)
    tokenizer_file = out / "tokenizer.raw.json"
    if not tokenizer_file.exists():
        train_tokenizer(generate(domain, FIRST_TRAINING_SEED - 1, 20_000, families), VOCABULARY).save(str(tokenizer_file))
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    encoder, pad = Encoder(tokenizer), tokenizer.token_to_id(PAD)
    model = Decoder(tokenizer.get_vocab_size(), **SHAPE).to(DEVICE)
    optimiser = adamw(model)
    checkpoint = out / "checkpoint.pt"
    step, seconds, seen, drawn = 0, 0.0, 0, [families, families]
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=DEVICE)
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        step, seconds, seen, drawn = saved["step"], saved["seconds"], saved["tokens"], saved["drawn"]
    print(json.dumps({"parameters": sum(p.numel() for p in model.parameters()), "steps": steps, "from": step}), flush=True)

    def printing(chunk, wanted):
        return Printing(domain, FIRST_TRAINING_SEED + chunk, BATCH * CHUNK_STEPS, wanted)

    coming = printing(step // CHUNK_STEPS, drawn[0])
    while step < steps:
        started, losses, chunk_tokens, marks, chunk = time.time(), [], 0, Marks(), step // CHUNK_STEPS
        tasks = coming.tasks()
        # One chunk ahead, so the families drawn follow the marks of the chunk before last.
        coming = printing(chunk + 1, drawn[1])
        for names, ids, mask in batches(tasks, chunk, encoder, pad):
            if step >= steps:
                break
            for group in optimiser.param_groups:
                group["lr"] = learning_rate(step, steps)
            picked = mask[:, 1:].bool()
            with torch.autocast(DEVICE, dtype=torch.bfloat16, enabled=fast):
                logits = model.teach(ids[:, :-1], picked)
            wanted = ids[:, 1:][picked]
            loss = F.cross_entropy(logits.float(), wanted)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            marks.add(names, picked, logits.argmax(-1) == wanted)
            losses.append(loss.item())
            chunk_tokens += ids.numel()
            step += 1
        took, shares = time.time() - started, marks.shares()
        seconds, seen, drawn = seconds + took, seen + chunk_tokens, [drawn[1], weighted(shares)]
        torch.save(
            {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "step": step, "seconds": seconds, "tokens": seen, "drawn": drawn},
            str(checkpoint) + ".new",
        )
        os.replace(str(checkpoint) + ".new", checkpoint)
        line = {"step": step, "loss": round(sum(losses) / len(losses), 4), "exact": round(sum(shares.values()) / len(shares), 3), "tokensPerSecond": int(chunk_tokens / took), "minutes": round(seconds / 60, 1)}
        line["worst"] = {family: round(shares[family], 2) for family in sorted(shares, key=shares.get)[:8]}
        print(json.dumps(line), flush=True)
        for grade, end in STEPS[domain].items():
            if step == end:
                known = {"model": model.state_dict(), "shape": model.shape, "steps": step, "seconds": seconds, "tokens": seen}
                torch.save(known, out / f"{grade}.pt")
    coming.process.kill()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--domain", required=True)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--fp32", action="store_true", help="no bfloat16 autocast (slower without avx512_bf16 either way)")
    arguments = parser.parse_args()
    train(arguments.domain, arguments.out, not arguments.fp32)


if __name__ == "__main__":
    main()
