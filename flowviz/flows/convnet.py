"""The convolutions that condition a coupling of pictures: Glow's three, or RealNVP's residual blocks."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..pipeline import ConvNet
from .convnet_step import Plan, evaluate, evaluate_plainly
from .places import convolve_plainly


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
        self.activation, self.residual, self.dropout = spec.activation, spec.residual, spec.dropout
        channels = spec.channels
        self.first = convolution(inputs, channels, 3, generator)
        sides = (3, 3) if spec.residual else (1,)
        self.hidden = nn.ModuleList(
            convolution(channels, channels, side, generator) for _ in range(spec.blocks) for side in sides
        )
        self.context = nn.Parameter(uniform((channels, context), context, generator)) if context else None
        self.last = convolution(channels, outputs, 3, generator, last_std)
        self.log_scale = nn.Parameter(torch.zeros(outputs, dtype=torch.float64))

    @property
    def plan(self) -> Plan:
        """How `numbers` are used now."""
        return Plan(self.activation, self.residual, len(self.hidden) + 2, self.dropout if self.training else 0.0)

    @property
    def numbers(self) -> tuple[Tensor, ...]:
        """The weights of all convolutions, then their biases, then l."""
        convolutions = [self.first, *self.hidden, self.last]
        return (*(c.weight for c in convolutions), *(c.bias for c in convolutions), self.log_scale)

    def extra(self, x: Tensor, context: Tensor | None) -> Tensor | None:
        """V c (B, channels), where there is a context."""
        if self.context is None:
            return None
        assert context is not None
        return F.linear(context.to(x), self.context)

    def by_hand(self, x: Tensor) -> bool:
        """Whether the hand-written step serves for this input: on the CPU, where it was found to be the faster one."""
        return x.is_cpu and self.first.weight.shape[1] > 0 and not torch._C._are_functorch_transforms_active()

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        way = evaluate if self.by_hand(x) else evaluate_plainly
        return way(x, self.extra(x, context), self.plan, self.numbers)


class Convolution(nn.Module):
    """A convolution that keeps every side of pictures (weight (O, I, k, k)) or sequences ((O, I, k)), k odd.

    Places beyond the border count as 0. Without inputs it gives its bias everywhere.
    """

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(weight), nn.Parameter(bias)

    def forward(self, x: Tensor) -> Tensor:
        return convolve_plainly(x, self.weight, self.bias)


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
