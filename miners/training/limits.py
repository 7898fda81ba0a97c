"""What a model met in training, for the runtime to refuse what it did not: `limits.json`, as src/engine/limits.ts reads it."""
import re
from collections import Counter

from tasks import FIRST_TRAINING_SEED, generate
from tokens import explanations

TASKS = 40_000
# Seen less often, a word may be a slip of some name list.
LEAST_SEEN = 3
# Of an answer as a whole: what is likelier wrong than right is not said.
LEAST_CONFIDENCE = 0.5
LETTER = r"[^\W\d_]"
NUMBER = re.compile(rf"\d(?:{LETTER}|[\d.,:/])*")
WORD = re.compile(rf"(?<![\d.,:/])(?<!{LETTER}){LETTER}+")


def limits_of(domain):
    words, numbers = Counter(), Counter()
    tasks = generate(domain, FIRST_TRAINING_SEED - 2, TASKS)
    for task in [*tasks, *explanations(tasks) * LEAST_SEEN]:
        numbers.update({re.sub(r"\d", "d", number.rstrip(".,:/")) for number in NUMBER.findall(task["question"])})
        words.update({word for word in WORD.findall(task["question"]) if word[0].islower()})
    often = lambda counted: sorted(one for one, seen in counted.items() if seen >= LEAST_SEEN)
    meanings = {task["term"]: task["meaning"] for task in tasks}
    return {"words": often(words), "numbers": often(numbers), "meanings": dict(sorted(meanings.items())), "leastConfidence": LEAST_CONFIDENCE}
