"""nflows 0.14 (Durkan, Bekasov, Murray, Papamakarios)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from nflows import transforms
from nflows.distributions import StandardNormal
from nflows.flows import Flow
from torch import Tensor, nn

from ..peers import BINS, BOUND, FINE, LAYERS, Net, Peer


def _peer(layers: list[nn.Module], dimensions: int) -> Peer:
    flow = Flow(transforms.CompositeTransform(layers), StandardNormal([dimensions]))

    def states(x: Tensor) -> list[Tensor]:
        found = [x]
        for layer in layers:
            x, _ = layer(x)
            if not isinstance(layer, transforms.Permutation):
                found.append(x)
        return found

    def loss(x: Tensor) -> Tensor:
        return -flow.log_prob(x).mean()

    return Peer("nflows", list(flow.parameters()), loss, flow.log_prob, flow.sample, states, flow)


def _masks(model: str, dimensions: int) -> list[Tensor]:
    """Alternating; what is above zero is changed."""
    even = 1 - 2 * (torch.arange(dimensions) % 2)
    return [even if i % 2 == 0 else -even for i in range(LAYERS[model])]


def _realnvp(dimensions: int) -> Peer:
    masks = _masks("realnvp", dimensions)
    return _peer([transforms.AffineCouplingTransform(mask, Net) for mask in masks], dimensions)


def _nsf(dimensions: int, bins: int = BINS) -> Peer:
    make = transforms.PiecewiseRationalQuadraticCouplingTransform
    masks = _masks("nsf", dimensions)
    return _peer([make(mask, Net, num_bins=bins, tails="linear", tail_bound=BOUND) for mask in masks], dimensions)


def _in_turn(make: Callable[[], nn.Module], model: str, dimensions: int) -> Peer:
    layers: list[nn.Module] = []
    for _ in range(LAYERS[model]):
        layers += [make(), transforms.ReversePermutation(dimensions)]
    return _peer(layers, dimensions)


def _affine(dimensions: int) -> nn.Module:
    return transforms.MaskedAffineAutoregressiveTransform(dimensions, 64, num_blocks=1, use_residual_blocks=False)


def _maf(dimensions: int) -> Peer:
    return _in_turn(lambda: _affine(dimensions), "maf", dimensions)


def _iaf(dimensions: int) -> Peer:
    return _in_turn(lambda: transforms.InverseTransform(_affine(dimensions)), "iaf", dimensions)


def _nsf_autoregressive(dimensions: int) -> Peer:
    def spline() -> nn.Module:
        return transforms.MaskedPiecewiseRationalQuadraticAutoregressiveTransform(
            dimensions,
            64,
            num_bins=BINS,
            tails="linear",
            tail_bound=BOUND,
            num_blocks=1,
            use_residual_blocks=False,
        )

    return _in_turn(spline, "nsf_autoregressive", dimensions)


BUILDERS: dict[str, Callable[[int], Peer]] = {
    "realnvp": _realnvp,
    "maf": _maf,
    "iaf": _iaf,
    "nsf": _nsf,
    "nsf_fine": partial(_nsf, bins=FINE),
    "nsf_autoregressive": _nsf_autoregressive,
}
