"""Writes the decoders beside this file: untrained models of other architectures, exported by the training recipe's tools,
and what PyTorch answers with them. `python test/vectors/decoders/make.py`; see miners/training/README.md for the install.
"""
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "miners" / "training"))

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from torch import nn
from torch.nn import functional as F

from decoder import RMSNorm, hidden_bias, rotate
from export import export_onnx, write_json

LAYERS, WIDTH, HEADS, HEAD, MLP, CONTEXT = 1, 16, 4, 4, 32, 96
END = "<|end|>"
PROMPTS = ["Is the claim barred?", "Sodium 140, chloride 103.", "NPV at 8%"]
NEW_TOKENS = 24


def split(x, heads):
    return x.reshape(x.shape[0], -1, heads, HEAD).transpose(1, 2)


def shared_by_queries(x):
    """Each key head as often as query heads share it."""
    return x.unsqueeze(2).expand(-1, -1, HEADS // x.shape[1], -1, -1).reshape(x.shape[0], HEADS, -1, HEAD)


def attend(q, k, v, past, bias):
    """Returns the mixed values [B, T, WIDTH] and the grown cache; fewer key heads than query heads are shared."""
    present = k, v = torch.cat([past[0], k], dim=2), torch.cat([past[1], v], dim=2)
    k, v = (shared_by_queries(x) for x in (k, v))
    weights = torch.softmax(torch.matmul(q, k.transpose(2, 3)) / HEAD**0.5 + bias, dim=-1)
    return torch.matmul(weights, v).transpose(1, 2).reshape(q.shape[0], -1, WIDTH), present


class LlamaBlock(nn.Module):
    """RMSNorm, rotary positions, grouped keys, SwiGLU; Qwen2's differs in the biases of q, k and v."""

    def __init__(self, cache_heads, biased):
        super().__init__()
        self.cache_heads = cache_heads
        self.q = nn.Linear(WIDTH, WIDTH, bias=biased)
        self.k, self.v = (nn.Linear(WIDTH, cache_heads * HEAD, bias=biased) for _ in range(2))
        self.o = nn.Linear(WIDTH, WIDTH, bias=False)
        self.gate, self.up = (nn.Linear(WIDTH, MLP, bias=False) for _ in range(2))
        self.down = nn.Linear(MLP, WIDTH, bias=False)
        self.first, self.second = RMSNorm(WIDTH), RMSNorm(WIDTH)

    def forward(self, x, turned, bias, past):
        cos, sin = turned
        y = self.first(x)
        q, k = rotate(split(self.q(y), HEADS), cos, sin), rotate(split(self.k(y), self.cache_heads), cos, sin)
        mixed, present = attend(q, k, split(self.v(y), self.cache_heads), past, bias)
        x = x + self.o(mixed)
        y = self.second(x)
        return x + self.down(F.silu(self.gate(y)) * self.up(y)), present


class Llama(nn.Module):
    def __init__(self, vocabulary, cache_heads, biased, tied):
        super().__init__()
        self.embedding, self.norm = nn.Embedding(vocabulary, WIDTH), RMSNorm(WIDTH)
        self.blocks = nn.ModuleList([LlamaBlock(cache_heads, biased) for _ in range(LAYERS)])
        self.head = None if tied else nn.Linear(WIDTH, vocabulary, bias=False)
        self.register_buffer("frequencies", 10000.0 ** (-torch.arange(HEAD // 2).float() / (HEAD // 2)))

    def forward(self, ids, mask, positions, past):
        turned = positions.unsqueeze(1).unsqueeze(-1).float() * self.frequencies
        x, presents, bias = self.embedding(ids), [], hidden_bias(ids, mask)
        for block, own in zip(self.blocks, past):
            x, present = block(x, (torch.cos(turned), torch.sin(turned)), bias, own)
            presents.append(present)
        x = self.norm(x)
        return F.linear(x, self.embedding.weight) if self.head is None else self.head(x), presents


class Gpt2Block(nn.Module):
    """LayerNorm with biases, one matrix for q, k and v, GELU by tanh."""

    def __init__(self):
        super().__init__()
        self.qkv, self.o = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.up, self.down = nn.Linear(WIDTH, MLP), nn.Linear(MLP, WIDTH)
        self.first, self.second = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)

    def forward(self, x, bias, past):
        q, k, v = (split(part, HEADS) for part in self.qkv(self.first(x)).split(WIDTH, dim=-1))
        mixed, present = attend(q, k, v, past, bias)
        x = x + self.o(mixed)
        y = self.up(self.second(x))
        y = 0.5 * y * (1 + torch.tanh(0.7978845608 * (y + 0.044715 * y * y * y)))
        return x + self.down(y), present


class Gpt2(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.embedding, self.places = nn.Embedding(vocabulary, WIDTH), nn.Embedding(CONTEXT, WIDTH)
        self.blocks, self.norm = nn.ModuleList([Gpt2Block() for _ in range(LAYERS)]), nn.LayerNorm(WIDTH)

    def forward(self, ids, mask, positions, past):
        x, presents, bias = self.embedding(ids) + self.places(positions), [], hidden_bias(ids, mask)
        for block, own in zip(self.blocks, past):
            x, present = block(x, bias, own)
            presents.append(present)
        return F.linear(self.norm(x), self.embedding.weight), presents


def tokenizer_of():
    """Printable characters and white space, one token each."""
    signs = [END, *(chr(code) for code in range(33, 127)), "Ġ", "Ċ"]
    tokenizer = Tokenizer(models.BPE({sign: place for place, sign in enumerate(signs)}, []))
    tokenizer.add_special_tokens([END])
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def answer(model, tokenizer, prompt, cache_heads):
    """The greedy continuation, every token computed from the whole text without a cache."""
    ids = tokenizer.encode(prompt).ids
    start = len(ids)
    while len(ids) < start + NEW_TOKENS:
        row = torch.tensor([ids])
        past = [(torch.zeros(1, cache_heads, 0, HEAD),) * 2] * LAYERS
        with torch.no_grad():
            logits, _ = model(row, torch.ones_like(row), torch.arange(len(ids)).unsqueeze(0), past)
        ids.append(int(logits[0, -1].argmax()))
        if ids[-1] == 0:
            break
    return tokenizer.decode(ids[start:])


def write(name, model, cache_heads, config):
    folder, tokenizer = HERE / name, tokenizer_of()
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    for parameter in model.parameters():
        if parameter.dim() == 2:
            nn.init.normal_(parameter, std=0.5)
    model.eval()
    export_onnx(model, folder / "onnx" / "model.onnx", LAYERS, cache_heads, HEAD)
    write_json(folder / "config.json", {"vocab_size": tokenizer.get_vocab_size(), "eos_token_id": 0, **config})
    write_json(folder / "generation_config.json", {"eos_token_id": 0})
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    template = "{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}assistant:"
    write_json(folder / "tokenizer_config.json", {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": END, "chat_template": template})
    answers = {prompt: answer(model, tokenizer, f"user: {prompt}\nassistant:", cache_heads) for prompt in PROMPTS}
    write_json(folder / "answers.json", {"newTokens": NEW_TOKENS, "answers": answers})


def main():
    torch.manual_seed(5)
    vocabulary = tokenizer_of().get_vocab_size()
    common = {"hidden_size": WIDTH, "intermediate_size": MLP, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS, "max_position_embeddings": CONTEXT}
    llama = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", **common, "num_key_value_heads": 2, "tie_word_embeddings": False}
    write("llama", Llama(vocabulary, 2, False, False), 2, llama)
    qwen = {"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", **common, "num_key_value_heads": 1, "tie_word_embeddings": True}
    write("qwen2", Llama(vocabulary, 1, True, True), 1, qwen)
    gpt2 = {"architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "n_embd": WIDTH, "n_head": HEADS, "n_layer": LAYERS, "n_positions": CONTEXT}
    write("gpt2", Gpt2(vocabulary), HEADS, gpt2)


if __name__ == "__main__":
    main()
