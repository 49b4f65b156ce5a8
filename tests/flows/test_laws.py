"""The laws that every layer obeys, in float64, on every registered kind with every value of every option."""

from __future__ import annotations

import msgspec
import pytest
import torch
from torch.autograd.functional import jacobian

from flowviz.flows import LAYERS

from .cases import Case, layer_cases

CASES = layer_cases()
EVERY_CASE = pytest.mark.parametrize("case", CASES, ids=str)
DEFAULTS = pytest.mark.parametrize("case", [Case(kind(), D) for kind in LAYERS for D in (1, 2, 3, 64)], ids=str)


@EVERY_CASE
def test_log_det_is_that_of_the_autograd_jacobian(case: Case) -> None:
    layer, points = case.layer(), case.points()
    for way in (layer.normalize, layer.generate):
        _, log_det = way(points)
        J = torch.stack([jacobian(lambda p, way=way: way(p[None])[0][0], point) for point in points])
        torch.testing.assert_close(log_det.detach(), torch.linalg.slogdet(J)[1], rtol=0, atol=1e-10)


@EVERY_CASE
def test_each_direction_undoes_the_other(case: Case) -> None:
    layer, points = case.layer(), case.points(50, scale=2.0)
    with torch.no_grad():
        for there, back in ((layer.normalize, layer.generate), (layer.generate, layer.normalize)):
            middle, log_det = there(points)
            again, log_det_back = back(middle)
            torch.testing.assert_close(again, points, rtol=0, atol=1e-10)
            torch.testing.assert_close(log_det + log_det_back, torch.zeros_like(log_det), rtol=0, atol=1e-10)


@EVERY_CASE
def test_values_are_the_same_with_and_without_gradients(case: Case) -> None:
    layer, points = case.layer(), case.points()
    for way in (layer.normalize, layer.generate):
        with torch.no_grad():
            wanted = way(points)
        torch.testing.assert_close(way(points), wanted, rtol=0, atol=1e-13)


@EVERY_CASE
def test_shapes_types_and_context(case: Case) -> None:
    for dtype in (torch.float32, torch.float64):
        layer, points = case.layer(dtype=dtype), case.points().to(dtype)
        for way in (layer.normalize, layer.generate):
            out, log_det = way(points, None)
            assert out.shape == points.shape
            assert log_det.shape == (len(points),)
            assert out.dtype == log_det.dtype == dtype
            empty, none = way(points[:0])
            assert empty.shape == (0, case.dimensions)
            assert none.shape == (0,)


@EVERY_CASE
def test_single_precision_keeps_its_figures(case: Case) -> None:
    layer, exact = case.layer(std=0.1, dtype=torch.float32), case.layer(std=0.1)
    points = case.points(50)
    with torch.no_grad():
        z, log_det = layer.normalize(points.float())
        wanted, wanted_log_det = exact.normalize(points)
        torch.testing.assert_close(z.double(), wanted, rtol=1e-4, atol=1e-4)
        torch.testing.assert_close(log_det.double(), wanted_log_det, rtol=1e-4, atol=1e-4)
        back, _ = layer.generate(z)
        torch.testing.assert_close(back.double(), points, rtol=1e-4, atol=1e-4)


@DEFAULTS
def test_the_same_sentence_for_every_wrong_shape(case: Case) -> None:
    layer, D = case.layer(), case.dimensions
    for wrong in (torch.zeros(D), torch.zeros(4, D + 1), torch.zeros(2, 3, D)):
        for way in (layer.normalize, layer.generate):
            with pytest.raises(ValueError, match=rf"the shape wanted is \(batch, {D}\)"):
                way(wrong)


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.spec.starts_as_identity and getattr(case.spec, "start", "identity") == "identity"],
    ids=str,
)
def test_a_new_layer_starts_as_the_identity(case: Case) -> None:
    layer, points = case.layer(std=0.0), case.points()
    for way in (layer.normalize, layer.generate):
        out, log_det = way(points)
        assert torch.equal(out, points)
        assert not log_det.any()


@DEFAULTS
def test_far_points_come_back(case: Case) -> None:
    layer = case.layer(std=0.05)
    box = torch.linspace(-50.0, 50.0, 40, dtype=torch.float64)[:, None].expand(-1, case.dimensions)
    with torch.no_grad():
        for points in (
            case.points(100, scale=4.0),
            box,
            box.flip(0) * torch.tensor([1.0, -1.0])[torch.arange(case.dimensions) % 2],
        ):
            for there, back in ((layer.normalize, layer.generate), (layer.generate, layer.normalize)):
                middle, _ = there(points)
                again, _ = back(middle)
                assert torch.isfinite(middle).all()
                torch.testing.assert_close(again, points, rtol=1e-9, atol=1e-9)


SMOOTH = [
    case
    for case in layer_cases((1, 2, 3))
    if not hasattr(case.spec, "conditioner") or case.spec.conditioner.activation not in ("relu", "elu")
]


def small(case: Case) -> Case:
    """The same with few hidden units, where it has any."""
    if not hasattr(case.spec, "conditioner"):
        return case
    conditioner = msgspec.structs.replace(case.spec.conditioner, hidden=(4, 4)[: len(case.spec.conditioner.hidden)])
    return Case(msgspec.structs.replace(case.spec, conditioner=conditioner), case.dimensions)


@pytest.mark.parametrize("case", SMOOTH, ids=str)
def test_gradients_and_their_gradients_are_those_of_finite_differences(case: Case) -> None:
    layer, points = small(case).layer(), case.points(3).requires_grad_()
    weights = [p for p in layer.parameters() if p.numel()]
    for way in (layer.normalize, layer.generate):

        def outputs(x: torch.Tensor, *_: torch.Tensor, way=way) -> tuple[torch.Tensor, torch.Tensor]:  # type: ignore[no-untyped-def]
            out, log_det = way(x)
            # A log-determinant that depends on nothing has no graph of its own.
            return out, log_det + 0.0 * out.sum()

        assert torch.autograd.gradcheck(outputs, (points, *weights))
        assert torch.autograd.gradgradcheck(outputs, (points, *weights), atol=1e-4)


@EVERY_CASE
def test_torch_func_sees_the_same_jacobian(case: Case) -> None:
    layer, points = case.layer(), case.points(3)
    J = torch.func.vmap(torch.func.jacrev(lambda p: layer.normalize(p[None])[0][0]))(points)
    _, log_det = layer.normalize(points)
    torch.testing.assert_close(torch.linalg.slogdet(J)[1], log_det, rtol=0, atol=1e-10)
