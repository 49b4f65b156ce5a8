"""Pyro 1.9.2 (Bingham and others), `pyro.distributions.transforms`: they run from the latent to the data, and remember the
last points that went through, which is cleared before they are asked for the same ones again. An autoregressive layer's `inv` has its density in one pass."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pyro.distributions as dist
import pyro.distributions.transforms as T
import torch
from pyro.nn import AutoRegressiveNN, DenseNN
from torch import Tensor, nn

from ..peers import BINS, BOUND, FINE, LAYERS, Peer


def _peer(transforms: list[T.Transform], modules: list[nn.Module], dimensions: int) -> Peer:
    base = dist.Normal(torch.zeros(dimensions), torch.ones(dimensions)).to_event(1)
    flow = dist.TransformedDistribution(base, transforms)
    held = nn.ModuleList(modules)

    def log_prob(x: Tensor) -> Tensor:
        flow.clear_cache()
        return flow.log_prob(x)

    def states(x: Tensor) -> list[Tensor]:
        flow.clear_cache()
        found = [x]
        for transform in reversed(transforms):
            before = transform.inv(x)
            transform.log_abs_det_jacobian(before, x)
            x = before
            if not isinstance(transform, T.Permute):
                found.append(x)
        return found

    return Peer(
        "pyro",
        list(held.parameters()),
        lambda x: -flow.log_prob(x).mean(),
        log_prob,
        lambda n: flow.sample(torch.Size((n,))),
        states,
        held,
        flow.clear_cache,
    )


def _in_turn(make: Callable[[], nn.Module], model: str, dimensions: int, *, inverted: bool = False) -> Peer:
    transforms: list[T.Transform] = []
    modules: list[nn.Module] = []
    for _ in range(LAYERS[model]):
        layer = make()
        modules.append(layer)
        transforms += [layer.inv if inverted else layer, T.Permute(torch.arange(dimensions).flip(0))]
    return _peer(transforms, modules, dimensions)


def _realnvp(dimensions: int) -> Peer:
    return _in_turn(lambda: T.affine_coupling(dimensions, [64, 64]), "realnvp", dimensions)


def _maf(dimensions: int) -> Peer:
    return _in_turn(lambda: T.affine_autoregressive(dimensions, [64, 64]), "maf", dimensions, inverted=True)


def _iaf(dimensions: int) -> Peer:
    return _in_turn(lambda: T.affine_autoregressive(dimensions, [64, 64]), "iaf", dimensions)


def _nsf(dimensions: int, bins: int = BINS) -> Peer:
    def spline() -> nn.Module:
        given = dimensions // 2
        changed = dimensions - given
        network = DenseNN(given, [64, 64], [changed * bins, changed * bins, changed * (bins - 1)])
        return T.SplineCoupling(dimensions, given, network, bins, BOUND, "quadratic", identity=True)

    return _in_turn(spline, "nsf", dimensions)


def _nsf_autoregressive(dimensions: int) -> Peer:
    def spline() -> nn.Module:
        network = AutoRegressiveNN(dimensions, [64, 64], [BINS, BINS, BINS - 1])
        return T.SplineAutoregressive(dimensions, network, BINS, BOUND, "quadratic")

    return _in_turn(spline, "nsf_autoregressive", dimensions, inverted=True)


BUILDERS: dict[str, Callable[[int], Peer]] = {
    "realnvp": _realnvp,
    "maf": _maf,
    "iaf": _iaf,
    "nsf": _nsf,
    "nsf_fine": partial(_nsf, bins=FINE),
    "nsf_autoregressive": _nsf_autoregressive,
}
