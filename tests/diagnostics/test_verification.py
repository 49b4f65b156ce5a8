"""A true flow passes its own examination, and one with a defect put into it does not."""

import math

import pytest
import torch
from torch import Tensor

from flowviz.diagnostics import Report, verify
from flowviz.flows import Flow, build
from flowviz.pipeline import (
    IAF,
    KDE,
    MAF,
    MLP,
    ActNorm,
    AffineCoupling,
    Linear,
    NamedTarget,
    PipelineSpec,
    Scaling,
    StandardNormal,
    Uniform,
)
from flowviz.targets import load

LAYERS = (ActNorm(), AffineCoupling(initial_std=0.1, conditioner=MLP(hidden=(16,))), Linear(start="rotation"))


def data(dimensions: int, count: int = 256) -> Tensor:
    if dimensions == 2:
        return load(NamedTarget(name="two_moons")).held_out(count)
    return torch.randn(count, dimensions, generator=torch.Generator().manual_seed(0)) * 2.0 + 1.0


def made(dimensions: int, *layers: object, base: object = None, dtype: torch.dtype = torch.float32) -> Flow:
    spec = PipelineSpec(layers=layers or LAYERS, base=base or StandardNormal())  # type: ignore[arg-type]
    mean, std = torch.full((dimensions,), 0.5), torch.full((dimensions,), 2.0)
    flow = build(spec, (dimensions,), seed=3, standardization=(mean, std), dtype=dtype)
    flow.initialize(data(dimensions))
    return flow


@pytest.mark.parametrize("dimensions", [1, 2, 3, 64])
def test_a_true_flow_is_exact(dimensions: int) -> None:
    flow = made(dimensions, dtype=torch.float64)
    report = verify(flow, data(dimensions).double())
    assert report.points == 256
    assert report.jacobians == 64
    assert max(report.round_trip_error, report.round_trip_error_normal, report.round_trip_error_wide) < 1e-10
    assert report.log_det_error is not None
    assert report.log_det_error < 1e-10
    if dimensions > 2:
        assert (report.integral, report.box, report.step, report.outside) == (None, (), (), None)
    else:
        assert report.integral == pytest.approx(1.0, abs=1e-3)
        assert report.integral_coarse == pytest.approx(1.0, abs=1e-2)
        assert len(report.box) == len(report.step) == dimensions
        assert report.outside == 0.0


@pytest.mark.parametrize("layer", [MAF(initial_std=0.2), IAF(initial_std=0.2)])
def test_layers_that_go_one_by_one(layer: object) -> None:
    report = verify(made(2, layer), data(2))
    assert report.round_trip_error < 1e-4
    assert report.log_det_error is not None
    assert report.log_det_error < 1e-4
    assert report.integral == pytest.approx(1.0, abs=2e-3)


def test_no_layers_and_other_bases() -> None:
    kde = verify(made(2, Scaling(), base=KDE(points=100)), data(2))
    assert kde.integral == pytest.approx(1.0, abs=1e-3)
    box = verify(made(2, Scaling(), base=Uniform(half_width=2.0)), data(2))
    assert box.integral == pytest.approx(1.0, abs=2e-2)
    bare = build(PipelineSpec(), (2,))
    report = verify(bare, data(2))
    assert (report.round_trip_error, report.log_det_error) == (0.0, 0.0)


def test_more_than_64_dimensions_have_no_jacobian() -> None:
    report = verify(made(65, Scaling()), data(65))
    assert (report.log_det_error, report.jacobians, report.integral) == (None, 0, None)


class Defect(torch.nn.Module):
    """A layer that is wrong in one way."""

    uid = "l2"
    leaving = 0

    def __init__(self, layer: torch.nn.Module, kind: str) -> None:
        super().__init__()
        self.layer, self.kind = layer, kind

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        z, log_det = self.layer.normalize(x, context)  # type: ignore[operator]
        return z, log_det + 0.5 if self.kind == "log_det" else log_det

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        x, log_det = self.layer.generate(z, context)  # type: ignore[operator]
        if self.kind == "inverse":
            x = x + 0.01
        return (x * math.nan if self.kind == "nan" else x), log_det


@pytest.mark.parametrize("kind", ["log_det", "inverse", "nan"])
def test_a_defect_is_found(kind: str) -> None:
    flow = made(2)
    flow.active[1] = (flow.active[1][0], Defect(flow.active[1][1], kind))  # type: ignore[assignment]
    report = verify(flow, data(2))
    found = {
        "log_det": report.log_det_error == pytest.approx(0.5, abs=1e-3),
        "inverse": 1e-3 < report.round_trip_error < 1.0,
        "nan": report.round_trip_error == math.inf,
    }
    assert found == {"log_det": kind == "log_det", "inverse": kind == "inverse", "nan": kind == "nan"}
    if kind == "log_det":
        assert report.integral == pytest.approx(math.exp(0.5), abs=1e-2)


def test_it_leaves_the_flow_as_it_was() -> None:
    flow = made(2)
    flow.train()
    state = torch.get_rng_state()
    first, second = verify(flow, data(2)), verify(flow, data(2))
    assert isinstance(first, Report)
    assert first == second
    assert flow.training
    assert all(parameter.grad is None for parameter in flow.parameters())
    assert torch.equal(torch.get_rng_state(), state)
