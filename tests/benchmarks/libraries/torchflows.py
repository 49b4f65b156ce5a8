"""torchflows 1.2.1 (Nabergoj): layers of its own architectures without the elementwise ones between them. Its masked networks
have tanh, which cannot be chosen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torchflows.bijections.finite.autoregressive.layers as tl
from torch import Tensor, nn
from torchflows.bijections.base import BijectiveComposition
from torchflows.bijections.finite.matrix.permutation import ReversePermutationMatrix
from torchflows.flows import Flow

from ..peers import BINS, BOUND, FINE, LAYERS, Peer

DENSE = {"n_hidden": 64, "n_layers": 3, "nonlinearity": nn.ReLU}
MASKED = {"n_hidden": 64, "n_layers": 3}


def _in_turn(make: Callable[[], nn.Module], model: str, dimensions: int) -> Peer:
    layers: list[nn.Module] = []
    for _ in range(LAYERS[model]):
        layers += [make(), ReversePermutationMatrix(event_shape=(dimensions,))]
    flow = Flow(BijectiveComposition(layers))

    def states(x: Tensor) -> list[Tensor]:
        found = [x]
        for layer in layers:
            x, _ = layer(x)
            if not isinstance(layer, ReversePermutationMatrix):
                found.append(x)
        return found

    return Peer(
        "torchflows",
        list(flow.parameters()),
        lambda x: -flow.log_prob(x).mean(),
        flow.log_prob,
        lambda n: flow.sample((n,)),
        states,
        flow,
    )


def _realnvp(dimensions: int) -> Peer:
    return _in_turn(lambda: tl.AffineCoupling((dimensions,), conditioner_kwargs=DENSE), "realnvp", dimensions)


def _maf(dimensions: int) -> Peer:
    make = tl.AffineForwardMaskedAutoregressive
    return _in_turn(lambda: make((dimensions,), conditioner_kwargs=MASKED), "maf", dimensions)


def _iaf(dimensions: int) -> Peer:
    make = tl.AffineInverseMaskedAutoregressive
    return _in_turn(lambda: make((dimensions,), conditioner_kwargs=MASKED), "iaf", dimensions)


def _nsf(dimensions: int, bins: int = BINS) -> Peer:
    settings = {"conditioner_kwargs": DENSE, "transformer_kwargs": {"boundary": BOUND, "n_bins": bins}}
    return _in_turn(lambda: tl.RQSCoupling((dimensions,), **settings), "nsf", dimensions)


def _nsf_autoregressive(dimensions: int) -> Peer:
    settings = {"conditioner_kwargs": MASKED, "transformer_kwargs": {"boundary": BOUND, "n_bins": BINS}}
    make = tl.RQSForwardMaskedAutoregressive
    return _in_turn(lambda: make((dimensions,), **settings), "nsf_autoregressive", dimensions)


BUILDERS: dict[str, Callable[[int], Peer]] = {
    "realnvp": _realnvp,
    "maf": _maf,
    "iaf": _iaf,
    "nsf": _nsf,
    "nsf_fine": partial(_nsf, bins=FINE),
    "nsf_autoregressive": _nsf_autoregressive,
}
