"""The decoder: pre-norm, RMSNorm, rotary positions, squared-ReLU MLP, tied embedding, biases on q, k and v.

Shapes: B batch, T new tokens, P cached tokens, H heads, D head size.
"""
import math

import torch
from torch import nn
from torch.nn import functional as F

ROPE_BASE = 10000.0
# Added to the score of a hidden position. Not -inf: a row that sees nothing must stay finite.
HIDDEN = -1e4


class RMSNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        x = x.float()
        return x * torch.rsqrt((x * x).mean(-1, keepdim=True) + 1e-5) * self.weight


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.head = heads, width // heads
        self.q = nn.Linear(width, width)
        self.k = nn.Linear(width, width)
        self.v = nn.Linear(width, width)
        self.o = nn.Linear(width, width, bias=False)

    def forward(self, x, cos, sin, bias, past):
        batch, width = x.shape[0], self.heads * self.head

        def split(y):
            return y.reshape(batch, -1, self.heads, self.head).transpose(1, 2)

        q = rotate(split(self.q(x)), cos, sin)
        k = rotate(split(self.k(x)), cos, sin)
        v = split(self.v(x))
        if past is not None:
            k = torch.cat([past[0], k], dim=2)
            v = torch.cat([past[1], v], dim=2)
        scores = torch.matmul(q, k.transpose(2, 3)) * (1 / math.sqrt(self.head)) + bias
        mixed = torch.matmul(F.softmax(scores.float(), dim=-1).to(v.dtype), v)
        return self.o(mixed.transpose(1, 2).reshape(batch, -1, width)), (k, v)


def hidden_bias(ids, attention_mask):
    """What is added to the scores, [B, 1, T, P + T]: a token sees the places up to its own that count."""
    # Places in the padded row, not positions.
    places = torch.cumsum(torch.ones_like(attention_mask), dim=1)
    own = places[:, attention_mask.shape[1] - ids.shape[1] :]
    sees = (places.unsqueeze(1) <= own.unsqueeze(2)) & (attention_mask.unsqueeze(1) > 0)
    return ((~sees).float() * HIDDEN).unsqueeze(1)


def rotate(x, cos, sin):
    """Rotate-half convention: dimension i turns with dimension i + D/2."""
    first, second = x.chunk(2, dim=-1)
    return torch.cat([first * cos - second * sin, second * cos + first * sin], dim=-1)


class Block(nn.Module):
    def __init__(self, width, heads, mlp):
        super().__init__()
        self.attention_norm, self.mlp_norm = RMSNorm(width), RMSNorm(width)
        self.attention = Attention(width, heads)
        self.up = nn.Linear(width, mlp, bias=False)
        self.down = nn.Linear(mlp, width, bias=False)

    def forward(self, x, cos, sin, bias, past):
        mixed, present = self.attention(self.attention_norm(x), cos, sin, bias, past)
        x = x + mixed
        return x + self.down(F.relu(self.up(self.mlp_norm(x))) ** 2), present


class Decoder(nn.Module):
    def __init__(self, vocabulary, layers, width, heads, mlp):
        super().__init__()
        self.shape = dict(vocabulary=vocabulary, layers=layers, width=width, heads=heads, mlp=mlp)
        self.embedding = nn.Embedding(vocabulary, width)
        self.blocks = nn.ModuleList([Block(width, heads, mlp) for _ in range(layers)])
        self.norm = RMSNorm(width)
        half = width // heads // 2
        self.register_buffer("frequencies", ROPE_BASE ** (-torch.arange(half).float() / half), persistent=False)
        self.initialise()

    def initialise(self):
        deep = 1 / math.sqrt(2 * len(self.blocks))
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                out = name.endswith("o.weight") or name.endswith("down.weight")
                nn.init.normal_(parameter, std=0.02 if "embedding" in name else parameter.shape[1] ** -0.5 * (deep if out else 1))
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)
        self.attend_to_previous_token()

    def attend_to_previous_token(self):
        """Starts head 0 of layer 0 as a previous-token head, the first half of every copying circuit.

        A key bias of one direction turns with its position; a query bias turned back by one position meets it at the
        token before. Only a starting point: nothing is fixed. @see facts: tiny-domain-models.md, 3.2
        """
        attention = self.blocks[0].attention
        strength, used, half = 5.8, 6, attention.head // 2
        with torch.no_grad():
            for linear in (attention.q, attention.k):
                linear.weight[: attention.head] *= 0.1
            angle = self.frequencies[:used]
            attention.k.bias[:used] = strength
            attention.q.bias[:used] = strength * torch.cos(angle)
            attention.q.bias[half : half + used] = -strength * torch.sin(angle)

    def forward(self, ids, attention_mask, positions, past):
        """ids, positions [B, T]; attention_mask [B, P + T], 1 where a token counts; past: per layer keys and values
        [B, H, P, D]. Returns logits [B, T, V] and the grown past."""
        turned = positions.unsqueeze(1).unsqueeze(-1).float() * self.frequencies
        cos, sin = torch.cos(turned), torch.sin(turned)
        bias = hidden_bias(ids, attention_mask)
        x, presents = self.run(ids, cos, sin, bias, past)
        return self.head(x), presents

    def run(self, ids, cos, sin, bias, past):
        x, presents = self.embedding(ids), []
        for index, block in enumerate(self.blocks):
            x, present = block(x, cos, sin, bias, None if past is None else past[index])
            presents.append(present)
        return self.norm(x), presents

    def head(self, x):
        return F.linear(x, self.embedding.weight)

    def teach(self, ids, picked):
        """Logits [picked places, V] of whole rows padded on the right, nothing cached: the training pass."""
        length = ids.shape[1]
        turned = torch.arange(length).float().unsqueeze(1) * self.frequencies
        bias = torch.full((length, length), HIDDEN).triu(1)
        return self.head(self.run(ids, torch.cos(turned), torch.sin(turned), bias, None)[0][picked])
