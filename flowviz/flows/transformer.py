"""TarFlow's block: a causal transformer over patches scales and shifts each patch by those before it."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .. import pipeline as specs
from .dropout import left_out
from .layer import FlowLayer, Place
from .networks import bounded

Cache = tuple[Tensor, Tensor]
"""Keys and values (B, heads, tokens so far, width) of one block."""


class _Block(nn.Module):
    """h ← h + W_o attention(LN(h)), then h ← h + MLP(LN(h)): pre-norm, four times as wide inside, GELU.

    Attention by its formula, softmax(q kᵀ/√width + mask) v: torch's fused kernels have no second derivatives, and none
    under vmap.
    """

    def __init__(self, spec: specs.Transformer, generator: torch.Generator) -> None:
        super().__init__()
        width = spec.channels
        self.heads, self.dropout = spec.heads, spec.dropout
        for name in ("attention", "mlp"):
            self.register_parameter(f"{name}_norm", nn.Parameter(torch.ones(width, dtype=torch.float64)))
            self.register_parameter(f"{name}_norm_bias", nn.Parameter(torch.zeros(width, dtype=torch.float64)))
        self.qkv = _Linear(width, 3 * width, generator)
        self.out = _Linear(width, width, generator)
        self.up = _Linear(width, 4 * width, generator)
        self.down = _Linear(4 * width, width, generator)

    def forward(self, h: Tensor, before: Cache | None = None) -> tuple[Tensor, Cache]:
        """h (B, N, W), the tokens after those in the cache -> (h, the cache with them)."""
        batch, tokens, width = h.shape
        normed = F.layer_norm(
            h, (width,), self.get_parameter("attention_norm"), self.get_parameter("attention_norm_bias")
        )
        parts = self.qkv(normed).reshape(batch, tokens, 3, self.heads, width // self.heads)
        q, k, v = parts.permute(2, 0, 3, 1, 4).unbind(0)
        if before is not None:
            k, v = torch.cat((before[0], k), 2), torch.cat((before[1], v), 2)
        scores = q @ k.transpose(2, 3) / math.sqrt(q.shape[3])
        # Row i is token i after those in the cache: it sees all of those, and itself.
        later = torch.ones(tokens, k.shape[2], dtype=torch.bool, device=h.device).triu(k.shape[2] - tokens + 1)
        attended = torch.softmax(scores.masked_fill(later, -math.inf), 3) @ v
        h = h + self._dropped(self.out(attended.transpose(1, 2).reshape(batch, tokens, width)))
        normed = F.layer_norm(h, (width,), self.get_parameter("mlp_norm"), self.get_parameter("mlp_norm_bias"))
        h = h + self._dropped(self.down(F.gelu(self.up(normed))))
        return h, (k, v)

    def _dropped(self, h: Tensor) -> Tensor:
        return left_out(h, self.dropout) if self.training and self.dropout else h


class Transformer(FlowLayer):
    """z_t = (x_t − b_t(x_<t)) · exp(−a_t(x_<t)); log|det dz/dx| = −Σ a, with a = c·tanh(raw/c).

    Tokens x_t: the patches of a picture (C·p·p numbers each, row by row), p moments of a sequence (C·p), or the coordinates
    of a vector one by one; within a token a and b depend on the tokens before it alone. In the reversed order the tokens
    are flipped. The transformer reads the tokens moved back by one, a zero first: what it says of token t comes from those
    before t and its learned position, and of the first token it is a constant (or the context's).
    Zhai et al. 2024, Normalizing flows are capable generative models, arXiv 2412.06329, section 2. Density in one pass;
    samples token by token, with the keys and values of earlier tokens kept.
    """

    def __init__(self, spec: specs.Transformer, place: Place) -> None:
        super().__init__(place)
        self.log_scale_bound = spec.log_scale_bound
        self.reversed = spec.order == "reversed"
        self.patch = 1 if len(place.shape) == 1 else spec.patch
        sides = place.shape if len(place.shape) == 1 else place.shape[1:]
        self.tokens = math.prod(side // self.patch for side in sides)
        self.width = place.dimensions // self.tokens
        generator, inside = place.generator, spec.channels
        self.enter = _Linear(self.width, inside, generator)
        positions = 0.01 * torch.randn(self.tokens, inside, generator=generator, dtype=torch.float64)
        self.positions = nn.Parameter(positions)
        self.by_context = _Linear(place.context, inside, generator) if place.context else None
        self.blocks = nn.ModuleList(_Block(spec, generator) for _ in range(spec.depth))
        self.last_norm = nn.Parameter(torch.ones(inside, dtype=torch.float64))
        self.last_norm_bias = nn.Parameter(torch.zeros(inside, dtype=torch.float64))
        self.last = _Linear(inside, 2 * self.width, generator, spec.initial_std)

    def configure(self, spec: specs.LayerSpec) -> None:
        super().configure(spec)
        assert isinstance(spec, specs.Transformer)
        self.log_scale_bound = spec.log_scale_bound

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(x)
        tokens = self.to_tokens(x)
        a, b = self.scales_and_shifts(tokens, context)
        return self.from_tokens((tokens - b) * torch.exp(-a)), -a.flatten(1).sum(1)

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(z)
        tokens = self.to_tokens(z)
        here = self._places(context)
        caches: list[Cache | None] = [None] * len(self.blocks)
        previous = torch.zeros_like(tokens[:, :1])
        found: list[Tensor] = []
        total = z.new_zeros(len(z))
        for t in range(self.tokens):
            a, b = self._said(previous, here[..., t : t + 1, :], caches)
            previous = tokens[:, t : t + 1] * torch.exp(a) + b
            found.append(previous)
            total = total + a.flatten(1).sum(1)
        return self.from_tokens(torch.cat(found, 1)), total

    def terms(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        self.check(x)
        a, _ = self.scales_and_shifts(self.to_tokens(x), context)
        return self.from_tokens(-a)

    def scales_and_shifts(self, tokens: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """(a, b), each (B, N, P): those of token t are functions of the tokens (B, N, P) before t."""
        moved = F.pad(tokens, (0, 0, 1, 0))[:, :-1]
        return self._said(moved, self._places(context), [None] * len(self.blocks))

    def _places(self, context: Tensor | None) -> Tensor:
        """What is added to every token inside: (N, W), or (B, N, W) with a context."""
        if self.by_context is None:
            return self.positions
        if context is None:
            raise ValueError(specs.say("a context is needed: this layer was made for one"))
        said: Tensor = self.by_context(context)
        return self.positions + said[:, None]

    def _said(self, tokens: Tensor, places: Tensor, caches: list[Cache | None]) -> tuple[Tensor, Tensor]:
        """a and b from the tokens before, each block's cache taken further."""
        h = self.enter(tokens) + places
        for i, block in enumerate(self.blocks):
            h, caches[i] = block(h, caches[i])
        h = F.layer_norm(h, (h.shape[2],), self.last_norm, self.last_norm_bias)
        raw, b = self.last(h).chunk(2, 2)
        return bounded(raw, self.log_scale_bound), b

    def to_tokens(self, x: Tensor) -> Tensor:
        """x (B, *shape) -> (B, N, P), in the order in which they are predicted."""
        p, n = self.patch, len(x)
        if len(self.shape) == 1:
            tokens = x[:, :, None]
        elif len(self.shape) == 2:
            C, T = self.shape
            tokens = x.reshape(n, C, T // p, p).transpose(1, 2).reshape(n, self.tokens, self.width)
        else:
            C, H, W = self.shape
            cut = x.reshape(n, C, H // p, p, W // p, p)
            tokens = cut.permute(0, 2, 4, 1, 3, 5).reshape(n, self.tokens, self.width)
        return tokens.flip(1) if self.reversed else tokens

    def from_tokens(self, tokens: Tensor) -> Tensor:
        """Undoes `to_tokens`."""
        tokens = tokens.flip(1) if self.reversed else tokens
        p, n = self.patch, len(tokens)
        if len(self.shape) == 1:
            return tokens[:, :, 0]
        if len(self.shape) == 2:
            C, T = self.shape
            return tokens.reshape(n, T // p, C, p).transpose(1, 2).reshape(n, C, T)
        C, H, W = self.shape
        return tokens.reshape(n, H // p, W // p, C, p, p).permute(0, 3, 1, 4, 2, 5).reshape(n, C, H, W)


class _Linear(nn.Module):
    """W h + b, uniform in ±1/√inputs; with `std`, W is normal of that deviation and b zero."""

    def __init__(self, inputs: int, outputs: int, generator: torch.Generator, std: float | None = None) -> None:
        super().__init__()
        bound = inputs**-0.5
        if std is None:
            weight = (torch.rand(outputs, inputs, generator=generator, dtype=torch.float64) * 2.0 - 1.0) * bound
            bias = (torch.rand(outputs, generator=generator, dtype=torch.float64) * 2.0 - 1.0) * bound
        else:
            weight = torch.randn(outputs, inputs, generator=generator, dtype=torch.float64) * std
            bias = torch.zeros(outputs, dtype=torch.float64)
        self.weight, self.bias = nn.Parameter(weight), nn.Parameter(bias)

    def forward(self, h: Tensor) -> Tensor:
        return F.linear(h, self.weight, self.bias)
