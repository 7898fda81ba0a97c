"""Greedy decoding with the calculator in the loop, many prompts side by side, as the runtime does it one by one."""
import torch

from calculator import calculate
from tokens import CALL, END, PAD, RESULT, prompt_of

CONTEXT = 512
MOST_NEW_TOKENS = 160


def decode(model, tokenizer, questions, most=MOST_NEW_TOKENS, width=128):
    """The answer text of every question: what follows the prompt, calls and results included."""
    return [text for start in range(0, len(questions), width) for text in decode_batch(model, tokenizer, questions[start : start + width], most)]


def decode_batch(model, tokenizer, questions, most):
    call, result, end, pad = (tokenizer.token_to_id(name) for name in (CALL, RESULT, END, PAD))
    prompts = [tokenizer.encode(prompt_of(question), add_special_tokens=False).ids for question in questions]
    longest = max(map(len, prompts))
    ids = torch.tensor([[pad] * (longest - len(row)) + row for row in prompts])
    mask = torch.tensor([[0] * (longest - len(row)) + [1] * len(row) for row in prompts])
    positions = (mask.cumsum(1) - 1).clamp(min=0)
    head = model.shape["width"] // model.shape["heads"]
    empty = torch.zeros(len(prompts), model.shape["heads"], 0, head)
    past = [(empty, empty)] * model.shape["layers"]
    written = [[] for _ in prompts]
    forced = [[] for _ in prompts]
    done = [False] * len(prompts)
    with torch.no_grad():
        for _ in range(most):
            logits, past = model(ids, mask, positions, past)
            chosen = logits[:, -1].argmax(-1).tolist()
            for index, token in enumerate(chosen):
                if done[index]:
                    chosen[index] = pad
                    continue
                if forced[index]:
                    token = chosen[index] = forced[index].pop(0)
                if token == end:
                    done[index] = True
                    continue
                row = written[index]
                row.append(token)
                if token == result and call in row:
                    expression = row[len(row) - row[::-1].index(call) : -1]
                    value = calculate(tokenizer.decode(expression, skip_special_tokens=False))
                    forced[index] = tokenizer.encode(f"={value}", add_special_tokens=False).ids
            if all(done):
                break
            ids = torch.tensor(chosen).unsqueeze(1)
            positions = positions[:, -1:] + 1
            mask = torch.cat([mask, torch.ones(len(prompts), 1, dtype=mask.dtype)], dim=1)
    return [tokenizer.decode(row, skip_special_tokens=False) for row in written]


def final_line(text):
    """The declared answer: what follows `Answer:` on the last such line."""
    lines = [line for line in text.split("\n") if line.startswith("Answer:")]
    return lines[-1][len("Answer:") :].strip() if lines else ""


def is_right(task, text):
    """Stricter than the validators' scorers: labels and letters literally, numbers within the task's tolerance."""
    final, truth = final_line(text), task["truth"]
    if truth["kind"] != "number":
        return final == task["answer"]
    try:
        return abs(float(final) - truth["value"]) <= truth["tolerance"]
    except ValueError:
        return False
