"""FlowViz's side of the models of `peers.py`: the same layers in the same order, and nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from flowviz.pipeline import (
    IAF,
    MADE,
    MAF,
    AffineCoupling,
    LayerSpec,
    NamedTarget,
    PipelineSpec,
    SplineAutoregressive,
    SplineCoupling,
    TableTarget,
)

from .peers import BINS, BOUND, FINE, LAYERS


def pipeline(model: str) -> PipelineSpec:
    """The model of this name, a key of LAYERS."""
    return PipelineSpec(layers=tuple(_layer(model, i % 2) for i in range(LAYERS[model])))


def _layer(model: str, turn: int) -> LayerSpec:
    mask, order = ("even", "odd")[turn], ("natural", "reversed")[turn]
    match model:
        case "realnvp":
            return AffineCoupling(mask=mask)  # type: ignore[arg-type]
        case "maf":
            return MAF(order=order, conditioner=MADE(hidden=(64, 64)))  # type: ignore[arg-type]
        case "iaf":
            return IAF(order=order, conditioner=MADE(hidden=(64, 64)))  # type: ignore[arg-type]
        case "nsf":
            return SplineCoupling(mask=mask, bins=BINS, tail_bound=BOUND)  # type: ignore[arg-type]
        case "nsf_fine":
            return SplineCoupling(mask=mask, bins=FINE, tail_bound=BOUND)  # type: ignore[arg-type]
        case "nsf_autoregressive":
            return SplineAutoregressive(order=order, bins=BINS, tail_bound=BOUND)  # type: ignore[arg-type]
    raise KeyError(model)


def target(dimensions: int, folder: Path) -> NamedTarget | TableTarget:
    """What it learns: eight Gaussians in two dimensions; in others a table of noise, which is written to `folder`."""
    return NamedTarget(name="eight_gaussians") if dimensions == 2 else table(dimensions, folder)


def table(dimensions: int, folder: Path) -> TableTarget:
    """5,000 rows of noise, written to `folder`: what is learnt makes no difference to a step's time."""
    file = folder / f"noise_{dimensions}.npy"
    np.save(file, np.random.default_rng(0).standard_normal((5000, dimensions), np.float32))
    return TableTarget(path=str(file))
