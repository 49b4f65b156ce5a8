"""zuko 1.6.0 (Rozet)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor
from zuko.distributions import DiagNormal
from zuko.flows import MAF, NSF, Flow, GeneralCouplingTransform, UnconditionalDistribution
from zuko.lazy import LazyTransform
from zuko.transforms import MonotonicRQSTransform

from ..peers import BINS, FINE, LAYERS, Peer

HIDDEN = (64, 64)


def _peer(flow: Flow) -> Peer:
    def states(x: Tensor) -> list[Tensor]:
        found = [x]
        for transform in flow().transform.transforms:
            x, _ = transform.call_and_ladj(x)
            found.append(x)
        return found

    return Peer(
        "zuko",
        list(flow.parameters()),
        lambda x: -flow().log_prob(x).mean(),
        lambda x: flow().log_prob(x),
        lambda n: flow().sample((n,)),
        states,
        flow,
    )


def _flow(transforms: list[LazyTransform], dimensions: int) -> Peer:
    base = UnconditionalDistribution(DiagNormal, torch.zeros(dimensions), torch.ones(dimensions), buffer=True)
    return _peer(Flow(transforms, base))


def _masks(model: str, dimensions: int) -> list[Tensor]:
    return [torch.arange(dimensions) % 2 == i % 2 for i in range(LAYERS[model])]


def _realnvp(dimensions: int) -> Peer:
    masks = _masks("realnvp", dimensions)
    return _flow(
        [GeneralCouplingTransform(dimensions, mask=mask, hidden_features=HIDDEN) for mask in masks], dimensions
    )


def _nsf(dimensions: int, bins: int = BINS) -> Peer:
    splines = {"univariate": MonotonicRQSTransform, "shapes": [(bins,), (bins,), (bins - 1,)]}
    masks = _masks("nsf", dimensions)
    return _flow(
        [GeneralCouplingTransform(dimensions, mask=mask, hidden_features=HIDDEN, **splines) for mask in masks],
        dimensions,
    )


def _maf(dimensions: int) -> Peer:
    return _peer(MAF(dimensions, transforms=LAYERS["maf"], hidden_features=HIDDEN))


def _iaf(dimensions: int) -> Peer:
    flow = MAF(dimensions, transforms=LAYERS["iaf"], hidden_features=HIDDEN)
    return _flow([transform.inv for transform in flow.transform.transforms], dimensions)


def _nsf_autoregressive(dimensions: int) -> Peer:
    return _peer(NSF(dimensions, transforms=LAYERS["nsf_autoregressive"], bins=BINS, hidden_features=HIDDEN))


BUILDERS: dict[str, Callable[[int], Peer]] = {
    "realnvp": _realnvp,
    "maf": _maf,
    "iaf": _iaf,
    "nsf": _nsf,
    "nsf_fine": partial(_nsf, bins=FINE),
    "nsf_autoregressive": _nsf_autoregressive,
}
