"""The convolutions that condition a coupling of pictures: Glow's three, or RealNVP's residual blocks."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..pipeline import ConvNet
from .networks import ACTIVATIONS


class ConvolutionalNet(nn.Module):
    """x (B, I, H, W) -> (B, O, H, W) (Kingma, Dhariwal 2018, Glow, arXiv 1807.03039, section 3.3).

    Plain: h ← act(3x3 x + V c), `blocks` times h ← act(1x1 h), out = (3x3 h) · exp(3 l), l learned a channel and 0 at first.
    Residual (Dinh, Sohl-Dickstein, Bengio 2017, Density estimation using Real NVP, arXiv 1605.08803, section 4.1):
    h ← 3x3 x + V c, `blocks` times h ← h + 3x3 act(3x3 act(h)), out = (3x3 act(h)) · exp(3 l).

    Places beyond the border count as 0. c (B, K): the context, a bias a channel. Hidden weights are uniform in ±1/√(inputs
    of a place), the last layer's normal with `last_std`, its bias 0. Without inputs, out is a constant of a channel's own.
    """

    def __init__(
        self, spec: ConvNet, inputs: int, outputs: int, context: int, generator: torch.Generator, last_std: float
    ) -> None:
        super().__init__()
        self.act = ACTIVATIONS[spec.activation]
        self.residual, self.dropout = spec.residual, spec.dropout
        channels = spec.channels
        self.first = convolution(inputs, channels, 3, generator)
        sides = (3, 3) if spec.residual else (1,)
        self.hidden = nn.ModuleList(
            convolution(channels, channels, side, generator) for _ in range(spec.blocks) for side in sides
        )
        self.context = nn.Parameter(uniform((channels, context), context, generator)) if context else None
        self.last = convolution(channels, outputs, 3, generator, last_std)
        self.log_scale = nn.Parameter(torch.zeros(outputs, dtype=torch.float64))

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        h = self.first(x)
        if self.context is not None:
            assert context is not None
            h = h + F.linear(context.to(h), self.context)[:, :, None, None]
        h = self._in_blocks(h) if self.residual else self._in_a_row(h)
        out: Tensor = self.last(self._left(self.act(h)))
        return out * (3.0 * self.log_scale).exp()[:, None, None]

    def _in_a_row(self, h: Tensor) -> Tensor:
        for layer in self.hidden:
            h = layer(self._left(self.act(h)))
        return h

    def _in_blocks(self, h: Tensor) -> Tensor:
        for first, second in zip(self.hidden[::2], self.hidden[1::2], strict=True):
            h = h + second(self._left(self.act(first(self.act(h)))))
        return h

    def _left(self, h: Tensor) -> Tensor:
        return F.dropout(h, self.dropout) if self.dropout and self.training else h


class Convolution(nn.Module):
    """A convolution that keeps every side of pictures (weight (O, I, k, k)) or sequences ((O, I, k)), k odd.

    Places beyond the border count as 0. Without inputs it gives its bias everywhere.
    """

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(weight), nn.Parameter(bias)

    def forward(self, x: Tensor) -> Tensor:
        if not self.weight.shape[1]:
            return self.bias.reshape(-1, *(1 for _ in x.shape[2:])).expand(len(x), -1, *x.shape[2:])
        convolve = F.conv2d if self.weight.ndim == 4 else F.conv1d
        return convolve(x, self.weight, self.bias, padding=self.weight.shape[2] // 2)


def convolution(
    inputs: int, outputs: int, side: int, generator: torch.Generator, std: float | None = None, *, dimensions: int = 2
) -> Convolution:
    """Over pictures, or with `dimensions` 1 over sequences. Weights and biases are uniform in ±1/√(inputs of a place); with
    `std`, the weights are normal with that deviation and the biases 0."""
    sides = (side,) * dimensions
    shape, seen = (outputs, inputs, *sides), inputs * math.prod(sides)
    if std is None:
        return Convolution(uniform(shape, seen, generator), uniform((outputs,), seen, generator))
    weight = torch.randn(shape, generator=generator, dtype=torch.float64) * std
    return Convolution(weight, torch.zeros(outputs, dtype=torch.float64))


def uniform(shape: tuple[int, ...], seen: int, generator: torch.Generator) -> Tensor:
    """Uniform in ±1/√seen."""
    return (2.0 * torch.rand(shape, generator=generator, dtype=torch.float64) - 1.0) / math.sqrt(max(seen, 1))
