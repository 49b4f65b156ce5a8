"""The laws that every layer obeys, in float64, on every registered kind with every value of every option."""

from __future__ import annotations

import math

import msgspec
import pytest
import torch
from torch import Tensor
from torch.autograd.functional import jacobian

from flowviz.flows import LAYERS
from flowviz.pipeline import layer_problem

from .cases import SHAPES, SMALL, Case, Way, fitted, layer_cases, small_network

CASES = layer_cases()
EVERY_CASE = pytest.mark.parametrize("case", CASES, ids=str)
DEFAULTS = pytest.mark.parametrize(
    "case",
    [
        Case(fitted(kind(), shape), shape)
        for kind in LAYERS
        for shape in ((1,), (2,), (3,), (32,), *SHAPES)
        if layer_problem(fitted(kind(), shape), shape) is None
    ],
    ids=str,
)


def matrix(way: Way, point: Tensor, context: Tensor | None) -> Tensor:
    """The Jacobian (D, D) at one point, by autograd."""
    J: Tensor = jacobian(lambda p: way(p[None], context)[0][0].flatten(), point)
    return J.reshape(J.shape[0], -1)


def row(context: Tensor | None, i: int) -> Tensor | None:
    return None if context is None else context[i : i + 1]


@EVERY_CASE
def test_log_det_is_that_of_the_autograd_jacobian(case: Case) -> None:
    layer, context = case.layer(), case.given()
    # Of pictures and sequences two points of the batch will do: a Jacobian costs a backward pass an element.
    some = 6 if len(case.shape) == 1 else 2
    for way, _, points in case.ways(layer):
        _, log_det = way(points, context)
        J = torch.stack([matrix(way, point, row(context, i)) for i, point in enumerate(points[:some])])
        torch.testing.assert_close(log_det[:some].detach(), torch.linalg.slogdet(J)[1], rtol=0, atol=1e-10)


@EVERY_CASE
def test_each_direction_undoes_the_other(case: Case) -> None:
    layer, context = case.layer(), case.given(50)
    with torch.no_grad():
        for there, back, points in (
            (layer.normalize, layer.generate, case.points(50, scale=2.0)),
            (layer.generate, layer.normalize, case.latents(50, scale=2.0)),
        ):
            middle, log_det = there(points, context)
            again, log_det_back = back(middle, context)
            # Where a layer presses numbers together by e^−t, what rounding took away comes back e^t times as large.
            terms = layer.terms(points if there == layer.normalize else middle, context)
            limit = 1e-10
            if terms is not None:
                limit = min(max(limit, 1e-14 * math.exp(float(terms.abs().max()))), 1e-7)
            torch.testing.assert_close(again, points, rtol=0, atol=limit)
            torch.testing.assert_close(log_det + log_det_back, torch.zeros_like(log_det), rtol=0, atol=limit)


@EVERY_CASE
def test_values_are_the_same_with_and_without_gradients(case: Case) -> None:
    layer, context = case.layer(), case.given()
    for way, _, points in case.ways(layer):
        with torch.no_grad():
            wanted = way(points, context)
        torch.testing.assert_close(way(points, context), wanted, rtol=0, atol=1e-13)


@EVERY_CASE
def test_terms_add_up_to_the_log_det(case: Case) -> None:
    layer, points, context = case.layer(), case.points(), case.given()
    terms = layer.terms(points, context)
    if terms is not None:
        assert terms.shape == points.shape
        torch.testing.assert_close(terms.flatten(1).sum(1), layer.normalize(points, context)[1], rtol=0, atol=1e-10)


@EVERY_CASE
def test_shapes_and_types(case: Case) -> None:
    for dtype in (torch.float32, torch.float64):
        layer, context = case.layer(dtype=dtype), case.given()
        context = None if context is None else context.to(dtype)
        for way, _, points in case.ways(layer):
            out, log_det = way(points.to(dtype), context)
            assert math.prod(out.shape) == math.prod(points.shape)
            assert log_det.shape == (len(points),)
            assert out.dtype == log_det.dtype == dtype
            empty, none = way(points[:0].to(dtype), None if context is None else context[:0])
            assert empty.shape == (0, *out.shape[1:])
            assert none.shape == (0,)


@EVERY_CASE
def test_single_precision_keeps_its_figures(case: Case) -> None:
    layer, exact = case.layer(std=0.1, dtype=torch.float32), case.layer(std=0.1)
    points, context = case.points(50), case.given(50)
    single = None if context is None else context.float()
    with torch.no_grad():
        z, log_det = layer.normalize(points.float(), single)
        wanted, wanted_log_det = exact.normalize(points, context)
        torch.testing.assert_close(z.double(), wanted, rtol=1e-4, atol=1e-4)
        torch.testing.assert_close(log_det.double(), wanted_log_det, rtol=1e-4, atol=1e-4)
        back, _ = layer.generate(z, single)
        torch.testing.assert_close(back.double(), points, rtol=1e-4, atol=1e-4)


@DEFAULTS
def test_the_same_sentence_for_every_wrong_shape(case: Case) -> None:
    layer, shape = case.layer(), case.shape
    for wrong in (torch.zeros(shape), torch.zeros(4, *shape[:-1], shape[-1] + 1), torch.zeros(2, 3, *shape)):
        with pytest.raises(ValueError, match=r"the shape wanted is \(batch, " + ", ".join(map(str, shape))):
            layer.normalize(wrong)
    for wrong in (
        torch.zeros(layer.output_shape),
        torch.zeros(4, *layer.output_shape[:-1], layer.output_shape[-1] + 1),
    ):
        with pytest.raises(
            ValueError, match=r"the shape wanted is \(batch, " + ", ".join(map(str, layer.output_shape))
        ):
            layer.generate(wrong)


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.spec.starts_as_identity and getattr(case.spec, "start", "identity") == "identity"],
    ids=str,
)
def test_a_new_layer_starts_as_the_identity(case: Case) -> None:
    layer, points, context = case.layer(std=0.0), case.points(), case.given()
    for way in (layer.normalize, layer.generate):
        out, log_det = way(points, context)
        torch.testing.assert_close(out, points, rtol=0, atol=1e-12)
        torch.testing.assert_close(log_det, torch.zeros_like(log_det), rtol=0, atol=1e-12)


@DEFAULTS
def test_far_points_come_back(case: Case) -> None:
    if case.spec.domain != "real" or case.spec.kind == "sigmoid":
        return
    layer = case.layer(std=0.05)
    box = torch.linspace(-50.0, 50.0, 40, dtype=torch.float64)[:, None].expand(-1, case.dimensions)
    turned = box.flip(0) * torch.tensor([1.0, -1.0])[torch.arange(case.dimensions) % 2]
    limit = 1e-9
    with torch.no_grad():
        for flat in (case.points(100, scale=4.0), box, turned):
            for there, back, shape in (
                (layer.normalize, layer.generate, layer.shape),
                (layer.generate, layer.normalize, layer.output_shape),
            ):
                points = flat.reshape(len(flat), *shape)
                middle, _ = there(points, None)
                again, _ = back(middle, None)
                assert torch.isfinite(middle).all()
                torch.testing.assert_close(again, points, rtol=limit, atol=limit)


def smooth(case: Case) -> bool:
    activation = getattr(getattr(case.spec, "conditioner", None), "activation", "tanh")
    return activation not in ("relu", "elu")


def small(case: Case) -> Case:
    """The same with few hidden units, where it has any."""
    changes: dict[str, object] = dict(SMALL.get(case.spec.kind, {}))
    network = getattr(case.spec, "conditioner", None)
    if network is not None:
        network = small_network(network)
        if hasattr(network, "hidden"):
            network = msgspec.structs.replace(network, hidden=(4, 4)[: len(network.hidden)])
        changes["conditioner"] = network
    elif hasattr(case.spec, "hidden"):
        changes["hidden"] = (4, 4)
    if hasattr(case.spec, "bins"):
        changes["bins"] = 2
    if hasattr(case.spec, "steps"):
        changes["steps"] = 2
    return Case(msgspec.structs.replace(case.spec, **changes), case.shape, case.context)


SMOOTH = [
    case
    for case in layer_cases((1, 3), spatial=False)
    if smooth(case) and (case.shape == (3,) or hasattr(case.spec, "conditioner"))
]


@pytest.mark.parametrize("case", SMOOTH, ids=str)
def test_gradients_and_their_gradients_are_those_of_finite_differences(case: Case) -> None:
    layer, context = small(case).layer(), case.given(3)
    weights = [p for p in layer.parameters() if p.numel()]
    for way, points in ((layer.normalize, case.points(3)), (layer.generate, case.latents(3))):

        def outputs(x: Tensor, *_: Tensor, way: Way = way) -> tuple[Tensor, Tensor]:
            out, log_det = way(x, context)
            # A log-determinant that depends on nothing has no graph of its own.
            return out, log_det + 0.0 * out.flatten(1).sum(1)

        inputs = (points.detach().requires_grad_(), *weights)
        assert torch.autograd.gradcheck(outputs, inputs)
        if not case.numerical:
            assert torch.autograd.gradgradcheck(outputs, inputs, atol=1e-4, fast_mode=True)


@pytest.mark.parametrize("case", [case for case in CASES if case.context or case.spec == type(case.spec)()], ids=str)
def test_torch_func_sees_the_same_jacobian(case: Case) -> None:
    if case.numerical:
        return
    count = 3 if len(case.shape) == 1 else 2
    layer, points, context = case.layer(), case.points(count), case.given(count)

    def flat(p: Tensor, c: Tensor | None) -> Tensor:
        return layer.normalize(p[None], c)[0].flatten()

    rows = None if context is None else context[:, None]
    J = torch.func.vmap(torch.func.jacrev(flat), in_dims=(0, None if rows is None else 0))(points, rows)
    _, log_det = layer.normalize(points, context)
    size = case.dimensions
    torch.testing.assert_close(torch.linalg.slogdet(J.reshape(count, size, size))[1], log_det, rtol=0, atol=1e-10)
