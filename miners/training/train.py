"""Trains one model: `python train.py --domain law --grade expert --out DIR`. Resumes from DIR/checkpoint.pt."""
import argparse
import json
import os
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import torch
from torch.nn import functional as F

from decoder import Decoder
from grades import SEEDS, SHAPE, STEPS, VOCABULARY
from tasks import FIRST_TRAINING_SEED, generate
from tokens import PAD, Encoder, seeded, train_tokenizer

BATCH = 32
CHUNK_STEPS = 128
WARM_UP_STEPS = 60
LEARNING_RATE = 2.5e-3
LAST_SHARE = 0.03
SPLIT_SHARE = 0.05


def learning_rate(step, steps):
    """Linear warm-up, then linear decay to a small share of the peak."""
    if step < WARM_UP_STEPS:
        return LEARNING_RATE * (step + 1) / WARM_UP_STEPS
    left = (steps - step) / max(1, steps - WARM_UP_STEPS)
    return LEARNING_RATE * (LAST_SHARE + (1 - LAST_SHARE) * left)


def batches(domain, chunk, encoder, pad):
    """The chunk's batches: fresh tasks of its own seed, rows of like length together, batches in drawn order."""
    rng = seeded(chunk)
    tasks = generate(domain, FIRST_TRAINING_SEED + chunk, BATCH * CHUNK_STEPS)
    rows = sorted((encoder.row(task, rng, SPLIT_SHARE) for task in tasks), key=lambda row: len(row[0]))
    groups = [rows[start : start + BATCH] for start in range(0, len(rows), BATCH)]
    rng.shuffle(groups)
    for group in groups:
        longest = len(group[-1][0])
        ids = torch.tensor([row + [pad] * (longest - len(row)) for row, _ in group])
        mask = torch.tensor([mask + [0] * (longest - len(mask)) for _, mask in group])
        yield ids, mask


def adamw(model):
    matrices = [p for p in model.parameters() if p.dim() == 2]
    others = [p for p in model.parameters() if p.dim() != 2]
    groups = [{"params": matrices, "weight_decay": 0.05}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=LEARNING_RATE, betas=(0.9, 0.98))


def train(domain, grade, out, steps, fast):
    torch.set_num_threads(1)
    torch.manual_seed(SEEDS[grade])
    out.mkdir(parents=True, exist_ok=True)
    tokenizer_file = out / "tokenizer.raw.json"
    if not tokenizer_file.exists():
        train_tokenizer(generate(domain, FIRST_TRAINING_SEED - 1, 20_000), VOCABULARY - 2).save(str(tokenizer_file))
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    encoder, pad = Encoder(tokenizer), tokenizer.token_to_id(PAD)
    model = Decoder(tokenizer.get_vocab_size(), **SHAPE)
    optimiser = adamw(model)
    checkpoint = out / "checkpoint.pt"
    step, seconds, seen = 0, 0.0, 0
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        step, seconds, seen = saved["step"], saved["seconds"], saved["tokens"]
    print(json.dumps({"parameters": sum(p.numel() for p in model.parameters()), "steps": steps, "from": step}), flush=True)
    while step < steps:
        started, losses, chunk_tokens = time.time(), [], 0
        for ids, mask in batches(domain, step // CHUNK_STEPS, encoder, pad):
            if step >= steps:
                break
            for group in optimiser.param_groups:
                group["lr"] = learning_rate(step, steps)
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fast):
                logits = model.teach(ids[:, :-1])
            picked = mask[:, 1:].bool()
            loss = F.cross_entropy(logits[picked].float(), ids[:, 1:][picked])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            losses.append(loss.item())
            chunk_tokens += ids.numel()
            step += 1
        took = time.time() - started
        seconds, seen = seconds + took, seen + chunk_tokens
        torch.save(
            {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "step": step, "seconds": seconds, "tokens": seen},
            str(checkpoint) + ".new",
        )
        os.replace(str(checkpoint) + ".new", checkpoint)
        line = {"step": step, "loss": round(sum(losses) / len(losses), 4), "tokensPerSecond": int(chunk_tokens / took), "minutes": round(seconds / 60, 1)}
        print(json.dumps(line), flush=True)
    torch.save({"model": model.state_dict(), "shape": model.shape, "steps": steps, "seconds": seconds, "tokens": seen}, out / "model.pt")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--domain", required=True)
    parser.add_argument("--grade", required=True, choices=sorted(SEEDS))
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--fp32", action="store_true", help="no bfloat16 autocast (slower without avx512_bf16 either way)")
    arguments = parser.parse_args()
    steps = arguments.steps or STEPS[arguments.domain][arguments.grade]
    train(arguments.domain, arguments.grade, arguments.out, steps, not arguments.fp32)


if __name__ == "__main__":
    main()
