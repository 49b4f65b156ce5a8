"""Ordered networks: what is said of one number of a picture or a sequence depends only on the numbers before it.

The order is place by place (rows, then columns; or moments), and within a place channel by channel. A vector's ordered
network is the MADE of networks.py.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from typing import Protocol

import torch
from torch import Tensor, nn

from .. import pipeline as specs
from .layer import Place
from .pixelcnn import PixelCNN
from .pixelrnn import PixelRNN
from .wavenet import CausalWaveNet

Solve = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]
"""(one number of each event (B,), its parameters (B, P)) -> (what it becomes (B,), log|det| (B,))."""


class Walk(Protocol):
    """An ordered network element by element, in its order: each result is asked for once, then the element is told."""

    def parameters(self) -> Tensor:
        """(B, P), said of the next element."""

    def put(self, value: Tensor) -> None:
        """Its value (B,), which those after it may see."""


class FullWalk:
    """A walk that runs the whole network for every element: the plain way, for any ordered network."""

    def __init__(self, network: nn.Module, like: Tensor, context: Tensor | None) -> None:
        self.network, self.context = network, context
        self.shape = like.shape[1:]
        self.rest = list(torch.zeros_like(like).flatten(2).transpose(1, 2).flatten(1).unbind(1))
        self.known: list[Tensor] = []

    def parameters(self) -> Tensor:
        channels = self.shape[0]
        element = len(self.known)
        elements = torch.stack(self.known + self.rest[element:], 1)
        count = math.prod(self.shape[1:])
        x = elements.reshape(-1, count, channels).transpose(1, 2).reshape(-1, *self.shape)
        out: Tensor = self.network(x, self.context)
        return out.flatten(3)[:, element % channels, :, element // channels]

    def put(self, value: Tensor) -> None:
        self.known.append(value)


class OrderedNetwork(nn.Module):
    """x (B, C, *sides), context (B, K) or None -> (B, C, P, *sides): P numbers for each number of x, of those before it.

    In the reversed order every axis is turned round: the last channel of the last place comes first.
    """

    def __init__(self, network: nn.Module, order: str) -> None:
        super().__init__()
        self.network = network
        self.reversed = order == "reversed"

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        if not self.reversed:
            out: Tensor = self.network(x, context)
            return out
        axes = list(range(1, x.ndim))
        return torch.flip(self.network(torch.flip(x, axes), context), [1, *range(3, x.ndim + 1)])

    def walk(self, like: Tensor, context: Tensor | None = None) -> Walk:
        """A walk over events of the size of `like` (B, C, *sides), in the order that `places` gives.

        The network's own `walk(like, context)`, which keeps what it has computed, where it has one.
        """
        own: Callable[[Tensor, Tensor | None], Walk] | None = getattr(self.network, "walk", None)
        return FullWalk(self.network, like, context) if own is None else own(like, context)

    def places(self, shape: specs.EventShape) -> Iterator[int]:
        """Where in the flattened event each element of the order stands."""
        count = math.prod(shape[1:])
        for place, channel in itertools.product(range(count), range(shape[0])):
            index = channel * count + place
            yield shape[0] * count - 1 - index if self.reversed else index

    def one_by_one(self, y: Tensor, solve: Solve, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """y (B, C, *sides) -> (u, Σ log|det| (B,)): each u_i = solve(y_i, parameters of u_<i), one after another, exactly."""
        shape = y.shape[1:]
        elements = y.flatten(1).unbind(1)
        found: list[Tensor] = [*elements]
        total = torch.zeros_like(elements[0])
        walk = self.walk(y, context)
        for index in self.places(tuple(shape)):
            value, log_det = solve(elements[index], walk.parameters())
            walk.put(value)
            found[index] = value
            total = total + log_det
        return torch.stack(found, 1).reshape(y.shape), total


def autoregressive_network(
    spec: specs.PixelCNN | specs.PixelRNN | specs.WaveNet,
    place: Place,
    parameters: int,
    last_std: float,
    order: str = "natural",
) -> OrderedNetwork:
    """The network of a conditioner's spec for pictures or sequences, with `parameters` numbers for each of the event's.

    Its last layer is normal with `last_std`, and zero at 0. `order`: natural or reversed.
    """
    channels = place.shape[0]
    network: nn.Module
    if isinstance(spec, specs.PixelCNN):
        network = PixelCNN(spec, channels, parameters, place.context, place.generator, last_std)
    elif isinstance(spec, specs.PixelRNN):
        network = PixelRNN(spec, channels, parameters, place.context, place.generator, last_std)
    else:
        network = CausalWaveNet(spec, channels, parameters, place.context, place.generator, last_std)
    return OrderedNetwork(network, order)
