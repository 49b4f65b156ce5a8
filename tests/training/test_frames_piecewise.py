"""Layers by knots are the layers themselves."""

from __future__ import annotations

import itertools

import pytest
import torch

from flowviz.pipeline import (
    IAF,
    MADE,
    MAF,
    MLP,
    ActNorm,
    AdditiveCoupling,
    AffineCoupling,
    LayerSpec,
    Linear,
    Permutation,
    PipelineSpec,
)
from flowviz.training.frames_piecewise import quick

from .frames_world import rough

HIDDEN = [(), (16,), (64, 64), (32, 32, 32)]
LAYERS: list[LayerSpec] = [
    *(AffineCoupling(mask=mask) for mask in ("even", "odd", "first_half", "second_half")),
    *(AffineCoupling(conditioner=MLP(hidden=hidden)) for hidden in HIDDEN),
    AffineCoupling(conditioner=MLP(hidden=(32, 32, 32), residual=True), log_scale_bound=0.7),
    AdditiveCoupling(mask="odd"),
    *(
        kind(order=order, conditioner=MADE(hidden=hidden))
        for kind, order, hidden in itertools.product((MAF, IAF), ("natural", "reversed"), ((16,), (32, 32)))
    ),
    MAF(conditioner=MADE(hidden=(24, 24, 24), residual=True)),
]


@pytest.mark.parametrize("spec", LAYERS, ids=str)
def test_knots_agree_with_the_network_in_double_precision(spec: LayerSpec) -> None:
    pipeline = PipelineSpec(layers=(spec,))
    single, double = rough(pipeline, std=0.3), rough(pipeline, std=0.3, dtype=torch.float64)
    double.load_state_dict(single.state_dict())
    (_, layer), (_, exact) = single.stages()[0], double.stages()[0]
    generator = torch.Generator().manual_seed(0)
    near = torch.randn(3000, 2, generator=generator) * 2
    far = torch.randn(500, 2, generator=generator) * 100
    points = torch.cat([near, far, torch.zeros(1, 2)])
    by_knots = quick(layer)
    assert by_knots != layer.normalize
    with torch.no_grad():
        z, log_det = by_knots(points)
        wanted_z, wanted_log_det = exact.normalize(points.double())
    assert z.shape == (3501, 2)
    torch.testing.assert_close(log_det.double(), wanted_log_det, atol=2e-5, rtol=1e-5)
    torch.testing.assert_close(z.double(), wanted_z, atol=2e-4, rtol=2e-5)


@pytest.mark.parametrize(
    ("spec", "dimensions"),
    [
        (AffineCoupling(conditioner=MLP(activation="tanh")), 2),
        (MAF(conditioner=MADE(activation="gelu")), 2),
        (AffineCoupling(conditioner=MLP(hidden=(2000,))), 2),
        (AffineCoupling(), 3),
        (ActNorm(), 2),
        (Linear(), 2),
        (Permutation(), 2),
    ],
    ids=str,
)
def test_where_knots_do_not_help_the_layer_itself_is_taken(spec: LayerSpec, dimensions: int) -> None:
    (_, layer) = rough(PipelineSpec(layers=(spec,)), dimensions).stages()[0]
    assert quick(layer) == layer.normalize


def test_double_precision_is_left_to_the_networks() -> None:
    (_, layer) = rough(PipelineSpec(layers=(AffineCoupling(),)), dtype=torch.float64).stages()[0]
    assert quick(layer) == layer.normalize
