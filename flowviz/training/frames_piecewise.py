"""Layers of two coordinates, evaluated fast and exactly on many points.

In two dimensions a conditioner is a function of one number. With ReLU it is piecewise linear in it, plain or residual:
f(u) = a_i + b_i u between the knots i and i+1. A network of two times 64 units has 120 to 140 of them. Once they are found
(in float64), a point costs a search and a multiply-add for each output, not a pass through the network; the result agrees
with the network to float32's rounding.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..flows import Stage
from ..flows.autoregressive import IAF, MAF
from ..flows.coupling import AdditiveCoupling, AffineCoupling
from ..flows.networks import Network, bounded, masked

Floats = NDArray[np.float64]
Map = Callable[[Tensor], tuple[Tensor, Tensor]]
"""h (B, D) -> (the next state, log|det J| (B,))."""

_MOST_UNITS = 600
"""Hidden units above which finding the knots costs more than it saves."""
_NARROWEST = 1e-7
"""Knots closer than this (relative) are one: the function changes by less than float32 can tell."""


class PiecewiseLinear:
    """The network's outputs as a function of its input `column` (the others do not matter), for some of its outputs."""

    def __init__(self, network: Network, column: int, outputs: slice) -> None:
        depth = len(network.masks)
        residual = network.wiring.residual
        numbers = [number.detach().double() for number in network.numbers]
        weights = [masked(*pair).numpy() for pair in zip(numbers[:depth], network.masks, strict=True)]
        biases = [bias.numpy() for bias in numbers[depth:]]
        weights[0] = weights[0][:, column : column + 1]
        weights[-1], biases[-1] = weights[-1][outputs], biases[-1][outputs]
        knots = _knots(weights, biases, residual)
        nodes = _nodes(knots)
        values = _forward(nodes[:, None], weights, biases, residual)
        slopes = np.diff(values, axis=0) / np.diff(nodes)[:, None]
        offsets = values[:-1] - slopes * nodes[:-1, None]
        self.knots = torch.from_numpy(knots.astype(np.float32))
        self.table = torch.from_numpy(np.concatenate([offsets, slopes], 1).astype(np.float32))
        self.outputs = values.shape[1]

    def __call__(self, u: Tensor) -> Tensor:
        """(B,) -> (B, outputs)."""
        rows = self.table.index_select(0, torch.bucketize(u, self.knots, out_int32=True))
        return torch.addcmul(rows[:, : self.outputs], rows[:, self.outputs :], u.unsqueeze(1))


def quick(stage: Stage, context: Tensor | None = None) -> Map:
    """The stage's `normalize` under one context, by knots where that is exact and pays, else the stage's own."""
    if (
        isinstance(stage, AffineCoupling | AdditiveCoupling | MAF | IAF)
        and stage.shape == (2,)
        and not stage.context
        and isinstance(stage.network, Network)
        and _pays(stage.network)
    ):
        if isinstance(stage, MAF | IAF):
            return _autoregressive(stage, stage.network)
        return _coupling(stage, stage.network)
    return plain(stage, context)


def plain(stage: Stage, context: Tensor | None = None) -> Map:
    """The stage's own `normalize`, every point under the one context (1, C)."""
    if context is None:
        return stage.normalize
    return lambda h: stage.normalize(h, context.expand(len(h), -1))


def _pays(network: Network) -> bool:
    weights = network.numbers[: len(network.masks)]
    if network.wiring.activation != "relu" or weights[0].device.type != "cpu" or weights[0].dtype != torch.float32:
        return False
    return sum(weight.shape[0] for weight in weights[:-1]) <= _MOST_UNITS


def _coupling(layer: AffineCoupling | AdditiveCoupling, network: Network) -> Map:
    conditioner = PiecewiseLinear(network, 0, slice(None))
    a = range(2)[layer.halves.passed][0]
    bound = layer.log_scale_bound

    def normalize(x: Tensor) -> tuple[Tensor, Tensor]:
        u = x[:, a].contiguous()
        out = conditioner(u)
        if bound is None:
            return _joined(a, u, x[:, 1 - a] + out[:, 0]), torch.zeros_like(u)
        s = bounded(out[:, 0], bound)
        return _joined(a, u, torch.addcmul(out[:, 1], x[:, 1 - a], s.exp())), s

    return normalize


def _autoregressive(layer: MAF | IAF, network: Network) -> Map:
    """Coordinate a has constants; coordinate b's scale and shift are functions of a."""
    a, b = layer.order
    constant = network(torch.zeros(1, 2)).detach()
    s_a, t_a = bounded(constant[0, a], layer.log_scale_bound), constant[0, 2 + a]
    conditioner = PiecewiseLinear(network, a, slice(b, None, 2))
    bound = layer.log_scale_bound

    def forward(x: Tensor) -> tuple[Tensor, Tensor]:
        u = x[:, a].contiguous()
        out = conditioner(u)
        s = bounded(out[:, 0], bound)
        return _joined(a, u * s_a.exp() + t_a, torch.addcmul(out[:, 1], x[:, b], s.exp())), s + s_a

    def inverse(y: Tensor) -> tuple[Tensor, Tensor]:
        u = (y[:, a] - t_a) * (-s_a).exp()
        out = conditioner(u)
        s = bounded(out[:, 0], bound)
        return _joined(a, u, (y[:, b] - out[:, 1]) * (-s).exp()), -s - s_a

    return forward if isinstance(layer, MAF) else inverse


def _joined(a: int, at_a: Tensor, other: Tensor) -> Tensor:
    """(B, 2), each coordinate contiguous: the next layer reads one of them."""
    return torch.stack((at_a, other) if a == 0 else (other, at_a)).T


# ---- knots ----------------------------------------------------------------------------------------------------------


def _forward(u: Floats, weights: list[Floats], biases: list[Floats], residual: tuple[bool, ...]) -> Floats:
    """The outputs (n, outputs) at u (n, 1); the last of `weights` has no ReLU."""
    h = u
    for i in range(len(weights) - 1):
        out = np.maximum(h @ weights[i].T + biases[i], 0.0)
        h = out + h if residual[i] else out
    return np.asarray(h @ weights[-1].T + biases[-1])


def _knots(weights: list[Floats], biases: list[Floats], residual: tuple[bool, ...]) -> Floats:
    """Where the function bends (M,), ascending: between the bends known so far, each unit's input is a straight line."""
    knots: Floats = np.empty(0)
    for i in range(len(weights) - 1):
        nodes = _nodes(knots)
        before = _forward(nodes[:, None], weights[: i + 1], biases[: i + 1], residual)
        low, high = before[:-1], before[1:]
        left, right = nodes[:-1, None], nodes[1:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            crossing = left + (right - left) * (low / (low - high))
        # The first and the last piece go on to infinity, beyond the node that stands for it.
        beyond = np.isfinite(crossing)
        inside = beyond & (crossing >= left) & (crossing <= right)
        inside[0] |= beyond[0] & (crossing[0] < left[0])
        inside[-1] |= beyond[-1] & (crossing[-1] > right[-1])
        knots = np.sort(np.concatenate([knots, crossing[inside]]))
        if len(knots) > 1:
            apart = np.diff(knots) > _NARROWEST * (1.0 + np.abs(knots[1:]))
            knots = knots[np.concatenate([[True], apart])]
    return knots


def _nodes(knots: Floats) -> Floats:
    """The knots with one more point on either side, at least two in all: what is linear between knots is known by these."""
    if not len(knots):
        return np.array([-1.0, 1.0])
    return np.concatenate([[knots[0] - 1.0], knots, [knots[-1] + 1.0]])
