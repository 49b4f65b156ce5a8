"""Flows on vectors in six other libraries, with FlowViz's own networks: two hidden layers of 64 units each.

Each library stands in a file of its own in `libraries/`, written as its own examples write a flow. A library that is not
installed is left out. `models.py` has FlowViz's side of the same models.
"""

from __future__ import annotations

import importlib
import importlib.util
import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

LAYERS = {"realnvp": 8, "maf": 5, "iaf": 5, "nsf": 5, "nsf_fine": 5, "nsf_autoregressive": 5}
"""Layers of each model: affine couplings; affine autoregressive layers, once for each direction; splines, as couplings
with few bins and with many, and autoregressive with few."""
BINS, FINE, BOUND = 8, 16, 4.0
"""Bins of the splines; outside [-BOUND, BOUND] they are the identity. zuko's bound is 5, fixed."""
LIBRARIES = {
    "nflows": "nflows",
    "zuko": "zuko",
    "normflows": "normflows",
    "FrEIA": "freia",
    "pyro": "pyro",
    "torchflows": "torchflows",
}
"""Name to import, and the file in `libraries/` that builds its flows."""


@dataclass(frozen=True)
class Peer:
    """A flow of another library. Log-densities in nats, x (B, *event)."""

    name: str
    parameters: list[nn.Parameter]
    loss: Callable[[Tensor], Tensor]
    """x -> the mean negative log-likelihood of the batch, a scalar."""
    log_prob: Callable[[Tensor], Tensor] | None = None
    """x -> log q(x), (B,)."""
    sample: Callable[[int], Tensor] | None = None
    """n -> (n, *event)."""
    states: Callable[[Tensor], list[Tensor]] | None = None
    """x -> x, and what it is after each layer (in the normalizing direction); permutations count as none."""
    module: nn.Module | None = None
    """Holds the weights and buffers."""
    clear: Callable[[], None] | None = None
    """What its own examples call after every step of the optimiser."""


def peers(model: str, dimensions: int = 2, device: str = "cpu", seed: int = 0) -> list[Peer]:
    """The libraries that are here and have this model (a key of LAYERS), each with new weights of this seed."""
    found = []
    for name, file in LIBRARIES.items():
        if importlib.util.find_spec(name) is None:
            continue
        builders: dict[str, Callable[[int], Peer]]
        with warnings.catch_warnings(), torch.device(device):
            warnings.simplefilter("ignore")
            builders = importlib.import_module(f"{__package__}.libraries.{file}").BUILDERS
            if model in builders:
                torch.manual_seed(seed)
                peer = builders[model](dimensions)
                assert peer.module is not None
                peer.module.to(device)
                found.append(peer)
    return found


def count(parameters: list[nn.Parameter]) -> int:
    """How many numbers learn."""
    return sum(parameter.numel() for parameter in parameters)


def standard_normal(z: Tensor) -> Tensor:
    """log N(z; 0, 1), (B, D) -> (B,)."""
    return -0.5 * (z.square().sum(-1) + z.shape[-1] * math.log(2.0 * math.pi))


class Net(nn.Sequential):
    """inputs -> 64 -> 64 -> outputs with ReLU."""

    hidden_features = 64
    """nflows and normflows divide the raw widths and heights of a spline's bins by its root."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(nn.Linear(inputs, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, outputs))

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        return super().forward(x)
