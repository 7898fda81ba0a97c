"""The tokenizer: byte-level BPE in which every digit is a token; how a task becomes token rows."""
import random
import re
from typing import NamedTuple

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

UNKNOWN, PAD, END, CALL, CALLED, RESULT = "<unk>", "<pad>", "<eos>", "<calc>", "</calc>", "<result>"
CHAT_TEMPLATE = (
    "{% set turn = namespace(text='') %}"
    "{% for message in messages %}{% if message.role == 'user' %}{% set turn.text = message.content %}{% endif %}{% endfor %}"
    "{{ 'Q: ' + turn.text + '\\nW:' }}"
)


def prompt_of(question):
    """What the chat template renders for one user message."""
    return f"Q: {question}\nW:"


def last_result(task):
    """What the calculator gave last, as it prints it."""
    results = re.findall(r"</calc>=(-?[\d.]*\d)", task.get("working", ""))
    return results[-1] if results else None


def completion_of(task):
    """What the model writes: the lines of src/domain/workedAnswer.ts, and a tag wherever the runtime copies the last result."""
    result = last_result(task)

    def tagged(text):
        return text if result is None else re.sub(rf"(?<![\w.,-]){re.escape(result)}(?!\w|[.,]\d)", RESULT + result, text)

    said = " ".join(part for part in (tagged(task.get("statement", "")), task.get("rule", "")) if part)
    return " " + "\n".join(line for line in (task["working"], said, f"Answer: {tagged(task['answer'])}") if line)


EXPLANATION = "explanation"
# Two further wordings are left to the examination: src/cli/eval/explain.ts.
ASKED_MEANINGS = ["What is {}?", "Define {}.", "Explain {}.", "What does {} mean?", "Tell me about {}.", "What is {}", "How do you define {}?", "Say in one sentence what {} is."]


def explanations(tasks):
    """A question after every family's term, in every wording: {family, question, meaning}."""
    meanings = {task["term"]: task["meaning"] for task in tasks if "term" in task}
    return [
        {"family": EXPLANATION, "question": asked.format(term), "meaning": meanings[term]}
        for term in sorted(meanings)
        for asked in ASKED_MEANINGS
    ]


def train_tokenizer(tasks, vocabulary):
    tokenizer = Tokenizer(models.BPE(unk_token=UNKNOWN))
    # Currency signs and thousands commas go before the model sees them: one copying rule less to learn.
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Replace(Regex("[$€£]"), ""), normalizers.Replace(Regex(r"(?<=\d),(?=\d\d\d)"), "")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    printable = [chr(code) for code in range(33, 127)] + ["Ġ", "Ċ"]
    # A rule with its source is one token: it costs one step to say, and a model cannot misquote it.
    rules = sorted({task[key] for task in tasks for key in ("rule", "meaning") if key in task})
    added = [AddedToken(text, normalized=False, special=False) for text in (CALL, CALLED, *rules)]
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary - len(added) - 1,
        initial_alphabet=printable,
        limit_alphabet=len(printable),
        special_tokens=[UNKNOWN, PAD, END],
        show_progress=False,
    )
    # Without what is added below, so that no token of its parts is learnt beside it.
    unlearnt = re.compile("|".join(map(re.escape, [CALL, CALLED, RESULT, *rules])))
    texts = (unlearnt.sub("", prompt_of(task["question"]) + completion_of(task)) for task in tasks)
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.add_tokens(added)
    # Special, so that it is not shown.
    tokenizer.add_special_tokens([AddedToken(RESULT, normalized=False, special=True)])
    return tokenizer


class Row(NamedTuple):
    family: str
    ids: list
    mask: list


class Encoder:
    """Task → (token ids, loss mask). The mask is 1 on what the model writes: the completion and the end token, without
    results, which the runtime feeds in."""

    def __init__(self, tokenizer):
        self.tokenizer = tokenizer
        self.end, self.called, self.result = (tokenizer.token_to_id(token) for token in (END, CALLED, RESULT))
        self.digits = {tokenizer.token_to_id(sign) for sign in "0123456789."}
        self.equals = {id for token, id in tokenizer.get_vocab().items() if token in ("=", "=-")}

    def text(self, text):
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def completion(self, task):
        if task["family"] == EXPLANATION:
            ids = self.text(f" {task['meaning']}") + [self.end]
            return ids, [1] * len(ids)
        ids = self.text(completion_of(task)) + [self.end]
        mask = [1] * len(ids)
        copied = len(self.text(last_result(task) or ""))
        for place, id in enumerate(ids):
            after = place + 1
            if id == self.result:
                mask[after : after + copied] = [0] * copied
            while id == self.called and (ids[after] in self.equals or ids[after] in self.digits):
                mask[after] = 0
                after += 1
        return ids, mask

    def question(self, question, rng, split_share):
        """The prompt's ids; a share of its words is cut in two, so that the model meets words in unusual pieces."""
        text = prompt_of(question)
        cuts = [
            rng.randrange(word.start() + 2, word.end())
            for word in re.finditer(r" [A-Za-z]{3,}", text)
            if split_share and rng.random() < split_share
        ]
        edges = [0, *cuts, len(text)]
        return [id for start, end in zip(edges, edges[1:]) for id in self.text(text[start:end])]

    def row(self, task, rng, split_share=0.0):
        prompt = self.question(task["question"], rng, split_share)
        completion, mask = self.completion(task)
        return Row(task["family"], prompt + completion, [0] * len(prompt) + mask)


def seeded(seed):
    return random.Random(seed)
