"""Householder, batch normalisation, planar, radial and Sylvester: golden values, and what the laws do not ask."""

from __future__ import annotations

import math

import pytest
import torch

from flowviz.flows import LAYERS, FlowLayer, Place, build
from flowviz.flows.batch_norm import BatchNorm
from flowviz.flows.householder import Householder
from flowviz.flows.planar import Planar, root
from flowviz.flows.radial import Radial
from flowviz.pipeline import LayerSpec
from flowviz.pipeline.layers import BatchNorm as BatchNormSpec
from flowviz.pipeline.layers import Householder as HouseholderSpec
from flowviz.pipeline.layers import Planar as PlanarSpec
from flowviz.pipeline.layers import Radial as RadialSpec
from flowviz.pipeline.layers import Sylvester as SylvesterSpec


def layer(spec: LayerSpec, *shape: int) -> FlowLayer:
    return LAYERS[type(spec)](spec, Place(shape))


def points(count: int, *shape: int, scale: float = 1.0) -> torch.Tensor:
    return scale * torch.randn(count, *shape, generator=torch.Generator().manual_seed(3), dtype=torch.float64)


def softplus_undone(value: float) -> float:
    return math.log(math.expm1(value))


def test_planar_golden_value() -> None:
    planar = layer(PlanarSpec(), 2)
    assert isinstance(planar, Planar)
    with torch.no_grad():
        planar.w.copy_(torch.tensor([1.0, 0.0]))
        planar.u.copy_(torch.tensor([-3.0, 0.0]))
    z, log_det = planar.normalize(torch.tensor([[0.5, 7.0]], dtype=torch.float64))
    torch.testing.assert_close(z.detach(), torch.tensor([[0.060336, 7.0]], dtype=torch.float64), atol=1e-6, rtol=0)
    assert log_det.item() == pytest.approx(-1.379264, abs=1e-6)


def test_radial_golden_value() -> None:
    radial = layer(RadialSpec(), 2)
    assert isinstance(radial, Radial)
    with torch.no_grad():
        radial.center.zero_()
        radial.raw_alpha.fill_(softplus_undone(1.0))
        radial.raw_sum.fill_(softplus_undone(3.0))
    z, log_det = radial.normalize(torch.tensor([[1.0, 0.0]], dtype=torch.float64))
    torch.testing.assert_close(z.detach(), torch.tensor([[2.0, 0.0]], dtype=torch.float64))
    assert log_det.item() == pytest.approx(math.log(3.0), abs=1e-12)


@pytest.mark.parametrize("spec", [PlanarSpec(), RadialSpec(), SylvesterSpec(), HouseholderSpec()], ids=lambda s: s.kind)
@pytest.mark.parametrize("one_pass", ["density", "samples"])
def test_what_starts_as_the_identity_learns(spec: LayerSpec, one_pass: str) -> None:
    if hasattr(spec, "one_pass"):
        spec = type(spec)(**{"one_pass": one_pass})
    made = layer(spec, 3)
    z, log_det = made.normalize(points(20, 3) + 0.5)
    (z.square().sum() * 0.5 * torch.arange(1, 4).sum() - log_det.sum() + (z[:, 0] * z[:, 1]).sum()).backward()
    assert max(float(parameter.grad.abs().max()) for parameter in made.parameters() if parameter.grad is not None) > 0.1


@pytest.mark.parametrize("above", [1e-9, 1e-3, 0.5, 1.0, 3.0, 1e3])
def test_the_root_solves_its_equation(above: float) -> None:
    c = torch.cat((points(200), points(200, scale=100.0)))
    strength, b = torch.tensor(above, dtype=torch.float64), torch.tensor(0.7, dtype=torch.float64)
    a = root(c, strength, b)
    excess = a + (strength - 1.0) * torch.tanh(a + b) - c
    # Rounding of the terms that are added.
    assert float((excess.abs() / (1.0 + c.abs() + above)).max()) < 1e-15


def test_the_gradient_of_the_root_is_that_of_the_implicit_function() -> None:
    c, above = points(8).requires_grad_(), torch.full((8,), 0.3, dtype=torch.float64, requires_grad=True)
    b = (0.3 * points(8)).requires_grad_()
    assert torch.autograd.gradcheck(root, (c, above, b))


@pytest.mark.parametrize("count", [2, 3, 4, 5])
@pytest.mark.parametrize("size", [1, 2, 5])
def test_reflections_make_a_rotation_and_start_as_the_identity(count: int, size: int) -> None:
    made = layer(HouseholderSpec(reflections=count), size)
    assert isinstance(made, Householder)
    torch.testing.assert_close(made.matrix().detach(), torch.eye(size, dtype=torch.float64), atol=1e-14, rtol=0)
    with torch.no_grad():
        made.vectors += points(count, size)
    matrix = made.matrix().detach()
    torch.testing.assert_close(matrix @ matrix.T, torch.eye(size, dtype=torch.float64), atol=1e-14, rtol=0)
    assert float(torch.linalg.det(matrix)) == pytest.approx(1.0)


@pytest.mark.parametrize("shape", [(3,), (3, 2, 2), (3, 5)])
def test_batch_norm_in_training(shape: tuple[int, ...]) -> None:
    norm = layer(BatchNormSpec(momentum=0.25), *shape)
    assert isinstance(norm, BatchNorm)
    x = 2.0 * points(50, *shape) + 5.0
    axes = (0, *range(2, x.ndim))
    z, log_det = norm.normalize(x)
    torch.testing.assert_close(z.mean(axes).detach(), torch.zeros(3, dtype=torch.float64), atol=1e-12, rtol=0)
    std = (x.var(axes, correction=0) + 1e-5).sqrt()
    torch.testing.assert_close(z.detach().std(axes, correction=0) * std, x.std(axes, correction=0))
    assert log_det[0].item() == pytest.approx(float(-std.log().sum()) * math.prod(shape[1:]))
    torch.testing.assert_close(norm.mean, 0.25 * x.mean(axes))
    # No gradient, no learning: nothing moves, and the running mean is used.
    before = norm.mean.clone()
    with torch.no_grad():
        still, _ = norm.normalize(x)
    assert torch.equal(norm.mean, before)
    assert still.mean().item() > 1.0
    norm.eval()
    torch.testing.assert_close(norm.normalize(x)[0].detach(), still)


def test_batch_norm_gradient_goes_through_the_batch() -> None:
    norm = layer(BatchNormSpec(), 2)
    assert torch.autograd.gradcheck(lambda x: norm.normalize(x)[0], (points(5, 2).requires_grad_(),))


def test_batch_norm_is_set_from_data_once() -> None:
    flow = build({"layers": [{"kind": "batch_norm", "uid": "a"}]}, (2,), dtype=torch.float64).eval()
    x = 3.0 * points(500, 2) + 4.0
    x[:, 1] = 7.0
    flow.initialize(x)
    z, _ = flow.normalize(x)
    torch.testing.assert_close(z.mean(0).detach(), torch.zeros(2, dtype=torch.float64), atol=1e-9, rtol=0)
    assert z[:, 0].std(correction=0).item() == pytest.approx(1.0, abs=1e-5)
    assert z[:, 1].abs().max().item() < 1e-9
    flow.initialize(100.0 * x)
    torch.testing.assert_close(flow.normalize(x)[0], z)
