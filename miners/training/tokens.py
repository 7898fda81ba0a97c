"""The tokenizer: byte-level BPE in which every digit is a token; how a task becomes token rows."""
import random
import re
from typing import NamedTuple

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

UNKNOWN, PAD, END, CALL, RESULT = "<unk>", "<pad>", "<eos>", "<calc>", "</calc>"
CHAT_TEMPLATE = (
    "{% set turn = namespace(text='') %}"
    "{% for message in messages %}{% if message.role == 'user' %}{% set turn.text = message.content %}{% endif %}{% endfor %}"
    "{{ 'Q: ' + turn.text + '\\nW:' }}"
)


def prompt_of(question):
    """What the chat template renders for one user message."""
    return f"Q: {question}\nW:"


def completion_of(task):
    return f" {task['working']}\nAnswer: {task['answer']}"


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
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        initial_alphabet=printable,
        limit_alphabet=len(printable),
        special_tokens=[UNKNOWN, PAD, END],
        show_progress=False,
    )
    # Without the calls' tags, so that no token of theirs is learnt beside the two added below.
    texts = (re.sub("</?calc>", "", prompt_of(task["question"]) + completion_of(task)) for task in tasks)
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.add_tokens([AddedToken(tag, normalized=False, special=False) for tag in (CALL, RESULT)])
    return tokenizer


class Row(NamedTuple):
    family: str
    ids: list
    mask: list


class Encoder:
    """Task → (token ids, loss mask). The mask is 1 on what the model writes: the completion and the end token, without
    the calculator's results, which the runtime feeds in."""

    def __init__(self, tokenizer):
        self.tokenizer = tokenizer
        self.end, self.result = tokenizer.token_to_id(END), tokenizer.token_to_id(RESULT)
        self.digits = {tokenizer.token_to_id(sign) for sign in "0123456789."}
        self.equals = {id for token, id in tokenizer.get_vocab().items() if token in ("=", "=-")}

    def text(self, text):
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def completion(self, task):
        ids = self.text(completion_of(task)) + [self.end]
        mask = [1] * len(ids)
        for place, id in enumerate(ids):
            if id != self.result:
                continue
            after = place + 1
            while ids[after] in self.equals or ids[after] in self.digits:
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
