"""What is computed fast for many points is what the flow says of each of them."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch import Tensor

from flowviz.flows import Flow, build, quick
from flowviz.pipeline import (
    IAF,
    MADE,
    MAF,
    MLP,
    ActNorm,
    AdditiveCoupling,
    AffineCoupling,
    Context,
    LayerSpec,
    Linear,
    Permutation,
    PipelineSpec,
    Radial,
    SplineAutoregressive,
    SplineCoupling,
)

HIDDEN = [(), (16,), (64, 64), (32, 32, 32)]
STRAIGHT: list[LayerSpec] = [
    *(AffineCoupling(mask=mask) for mask in ("even", "odd", "first_half", "second_half")),
    *(AffineCoupling(conditioner=MLP(hidden=hidden)) for hidden in HIDDEN),
    AffineCoupling(conditioner=MLP(hidden=(32, 32, 32), residual=True), log_scale_bound=0.7),
    AdditiveCoupling(mask="odd"),
    SplineCoupling(),
    SplineCoupling(mask="odd", bins=4, conditioner=MLP(hidden=(16,))),
    *(
        kind(order=order, conditioner=MADE(hidden=hidden))
        for kind, order, hidden in itertools.product((MAF, IAF), ("natural", "reversed"), ((16,), (32, 32)))
    ),
    MAF(conditioner=MADE(hidden=(24, 24, 24), residual=True)),
]
"""Layers whose networks are piecewise linear."""
ACTIVATIONS = ("tanh", "gelu", "silu", "elu")
CURVED: list[LayerSpec] = [
    *(AffineCoupling(conditioner=MLP(activation=activation)) for activation in ACTIVATIONS),  # type: ignore[arg-type]
    AdditiveCoupling(conditioner=MLP(activation="tanh", residual=True)),
    *(kind(conditioner=MADE(hidden=(32, 32), activation="silu")) for kind in (MAF, IAF)),
    SplineCoupling(conditioner=MLP(activation="gelu")),
]
OTHERS: list[LayerSpec] = [
    ActNorm(),
    Linear(),
    Permutation(),
    Radial(),
    AffineCoupling(conditioner=MLP(hidden=(2000,))),
]
"""Layers that are asked themselves."""


def rough(
    spec: PipelineSpec, std: float = 0.3, dtype: torch.dtype = torch.float32, shape: tuple[int, ...] = (2,)
) -> Flow:
    """The flow of this spec with all weights disturbed; the weights are those of float32 whatever the dtype."""
    flow = build(spec, shape, seed=3)
    generator = torch.Generator().manual_seed(11)
    with torch.no_grad():
        for parameter in flow.parameters():
            parameter.add_(std * torch.randn(parameter.shape, generator=generator))
    flow.initialize(torch.randn(500, *shape, generator=generator))
    return flow.eval().to(dtype)


def points(count: int = 4500) -> Tensor:
    """Near ones, far ones, and the origin."""
    generator = torch.Generator().manual_seed(0)
    near, far = (scale * torch.randn(n, 2, generator=generator) for n, scale in ((count - 501, 2.0), (500, 100.0)))
    return torch.cat([near, far, torch.zeros(1, 2)])


def tabulated(flow: Flow) -> bool:
    return not any(isinstance(move, quick.Plain) for move in quick.maps(flow))


@pytest.mark.parametrize("generative", [False, True], ids=["normalize", "generate"])
@pytest.mark.parametrize("spec", STRAIGHT, ids=str)
def test_a_layer_by_knots_agrees_with_the_layer_in_double_precision(spec: LayerSpec, *, generative: bool) -> None:
    pipeline = PipelineSpec(layers=(spec,))
    flow, exact = rough(pipeline), rough(pipeline, dtype=torch.float64)
    (move,) = quick.maps(flow, generative=generative)
    assert not isinstance(move, quick.Plain)
    (_, layer) = exact.stages()[0]
    with torch.no_grad():
        columns, log_det = move(points().unbind(1))
        wanted, wanted_log_det = (layer.generate if generative else layer.normalize)(points().double())
    found = torch.stack(columns, 1).double()
    torch.testing.assert_close(log_det.double().expand(len(found)), wanted_log_det, atol=2e-5, rtol=1e-5)
    # Where a layer stretches, it stretches its input's rounding, too.
    stretch = wanted_log_det.exp().clamp_min(1.0)[:, None]
    assert ((found - wanted).abs() <= stretch * (2e-5 + 1e-5 * wanted.abs())).all()


@pytest.mark.parametrize("generative", [False, True], ids=["normalize", "generate"])
@pytest.mark.parametrize("spec", CURVED, ids=str)
def test_a_layer_by_cubics_agrees_within_the_stated_bound(spec: LayerSpec, *, generative: bool) -> None:
    pipeline = PipelineSpec(layers=(spec,))
    flow, exact = rough(pipeline, 0.1), rough(pipeline, 0.1, torch.float64)
    assert tabulated(flow)
    (move,) = quick.maps(flow, generative=generative)
    (_, layer) = exact.stages()[0]
    with torch.no_grad():
        columns, log_det = move(points().unbind(1))
        wanted, wanted_log_det = (layer.generate if generative else layer.normalize)(points().double())
    found = torch.stack(columns, 1).double()
    torch.testing.assert_close(log_det.double().expand(len(found)), wanted_log_det, atol=2e-5, rtol=2e-5)
    torch.testing.assert_close(found, wanted, atol=2e-4, rtol=5e-5)


DEEP = {
    "couplings": PipelineSpec(layers=tuple(AffineCoupling(mask=("even", "odd")[i % 2]) for i in range(6))),  # type: ignore[arg-type]
    "residual": PipelineSpec(
        layers=tuple(
            AffineCoupling(mask=("even", "odd")[i % 2], conditioner=MLP(hidden=(32, 32), residual=True))  # type: ignore[arg-type]
            for i in range(4)
        )
    ),
    "autoregressive": PipelineSpec(layers=(MAF(), IAF(order="reversed"), Permutation(), MAF())),
    "smooth": PipelineSpec(layers=(AffineCoupling(conditioner=MLP(activation="gelu")), ActNorm(), MAF())),
    "splines": PipelineSpec(layers=(SplineCoupling(), SplineAutoregressive(), SplineCoupling(mask="odd"))),
    "others": PipelineSpec(layers=(*OTHERS[:-1], AffineCoupling())),
}


@pytest.mark.parametrize("name", DEEP)
def test_the_density_of_many_points_is_the_flows_own(name: str) -> None:
    flow, exact = rough(DEEP[name], 0.1), rough(DEEP[name], 0.1, torch.float64)
    x = points(quick.FEWEST)
    with torch.no_grad():
        wanted = exact.log_prob(x.double())
    found = quick.log_prob(flow, x).double()
    assert not found.requires_grad
    torch.testing.assert_close(found, wanted, atol=1e-4, rtol=2e-5)


def test_the_last_part_may_be_short() -> None:
    spec = PipelineSpec(layers=(SplineCoupling(conditioner=MLP(hidden=(16, 16), activation="tanh")),))
    flow, exact = rough(spec, 0.1), rough(spec, 0.1, torch.float64)
    x = torch.randn(quick.CHUNK + 9, 2, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        wanted = exact.log_prob(x[-500:].double())
    torch.testing.assert_close(quick.log_prob(flow, x)[-500:].double(), wanted, atol=1e-4, rtol=2e-5)


@pytest.mark.parametrize("name", DEEP)
def test_many_samples_are_the_latents_generated(name: str) -> None:
    flow, exact = rough(DEEP[name], 0.1), rough(DEEP[name], 0.1, torch.float64)
    n = quick.FEWEST + 10
    drawn = flow.sample(n, temperature=0.8, seed=4)
    z = flow.draw_latent(n, torch.Generator().manual_seed(4), 0.8)
    with torch.no_grad():
        wanted, log_det = exact.generate(z.double())
    stretch = log_det.exp().clamp_min(1.0)[:, None]
    assert ((drawn.double() - wanted).abs() <= stretch * 1e-4 * (1.0 + wanted.abs())).all()


def test_points_that_are_no_numbers_spoil_no_others() -> None:
    for name in ("couplings", "smooth"):
        flow = rough(DEEP[name], 0.1)
        x = points(quick.FEWEST)
        wanted = quick.log_prob(flow, x)
        spoilt = x.clone()
        spoilt[10:13] = torch.tensor([[torch.nan, 0.0], [torch.inf, 1.0], [0.0, -torch.inf]])
        found = quick.log_prob(flow, spoilt)
        assert not found[10:13].isfinite().any()
        torch.testing.assert_close(found[13:], wanted[13:], atol=1e-4, rtol=1e-5)


def test_a_flow_that_has_diverged_has_no_density_and_raises_nothing() -> None:
    flow = rough(DEEP["couplings"])
    with torch.no_grad():
        next(flow.parameters()).fill_(torch.nan)
    assert quick.log_prob(flow, points(quick.FEWEST)).isnan().all()


@pytest.mark.parametrize("spec", OTHERS, ids=str)
def test_where_tables_do_not_help_the_layer_itself_is_asked(spec: LayerSpec) -> None:
    flow = rough(PipelineSpec(layers=(spec,)))
    (move,) = quick.maps(flow)
    assert isinstance(move, quick.Plain)
    columns, log_det = move((torch.zeros(1, 3), torch.ones(2, 1)))
    assert [column.shape for column in columns] == [(2, 3), (2, 3)]
    assert log_det.shape == (2, 3)


def test_tables_are_for_two_coordinates_in_single_precision() -> None:
    spec = PipelineSpec(layers=(AffineCoupling(),))
    assert tabulated(rough(spec))
    assert not tabulated(rough(spec, dtype=torch.float64))
    assert not tabulated(rough(spec, shape=(3,)))


def test_few_points_are_the_flows_own_to_the_last_bit() -> None:
    flow, x = rough(PipelineSpec(layers=(AffineCoupling(),))), torch.randn(100, 2)
    with torch.no_grad():
        assert torch.equal(quick.log_prob(flow, x), flow.log_prob(x))
        assert torch.equal(quick.generate(flow, x), flow.generate(x)[0])


@pytest.mark.parametrize("dimensions", [1, 5])
def test_more_coordinates_go_by_their_steps(dimensions: int) -> None:
    layers = (AffineCoupling(), ActNorm(), MAF(), SplineCoupling(), AdditiveCoupling(mask="odd"), IAF())
    shape = (dimensions,)
    flow, exact = (rough(PipelineSpec(layers=layers), 0.1, dtype, shape) for dtype in (torch.float32, torch.float64))
    x = torch.randn(quick.FEWEST, dimensions, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        wanted, (back, log_det) = exact.log_prob(x.double()), exact.generate(x.double())
    torch.testing.assert_close(quick.log_prob(flow, x).double(), wanted, atol=1e-4, rtol=2e-5)
    stretch = log_det.exp().clamp_min(1.0)[:, None]
    assert ((quick.generate(flow, x).double() - back).abs() <= stretch * 1e-4 * (1.0 + back.abs())).all()


@pytest.mark.parametrize("rows", [1, quick.FEWEST])
def test_a_context_is_one_for_all_or_one_for_each(rows: int) -> None:
    spec = PipelineSpec(layers=(AffineCoupling(), MAF()), context=Context(kind="classes", count=3))
    flow = rough(spec, 0.1)
    x = points(quick.FEWEST)
    context = torch.arange(rows) % 3 + (1 if rows == 1 else 0)
    with torch.no_grad():
        torch.testing.assert_close(quick.log_prob(flow, x, context), flow.log_prob(x, context), atol=1e-4, rtol=1e-5)
        z = flow.draw_latent(quick.FEWEST, torch.Generator().manual_seed(0), context=context)
        drawn = flow.sample(quick.FEWEST, seed=0, context=context)
        torch.testing.assert_close(drawn, flow.generate(z, context)[0], atol=1e-4, rtol=1e-4)
