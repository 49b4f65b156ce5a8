"""The gradient that is written out by hand, against autograd's."""

from __future__ import annotations

import pytest
import torch

from flowviz.flows import step as step_module
from flowviz.flows.step import Step, gradients_in_place, take, take_plainly

from .cases import Case, layer_cases

NETWORKS = [case for case in layer_cases((2, 3), spatial=False) if case.layer().steps(generative=False)]


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("case", NETWORKS, ids=str)
def test_every_gradient_is_that_of_autograd(case: Case, inverted: bool) -> None:
    network = case.layer().get_submodule("network")
    D = case.dimensions
    inputs, outputs = network.numbers[0].shape[1], network.numbers[-1].shape[0]
    form = case.layer().steps(generative=False)[0].spline
    bound = None if outputs < D or form is not None else 2.0
    count = outputs // (3 * form.bins - 1 if form is not None else 1 if bound is None else 2)
    given, changed = slice(0, inputs), slice(D - count, D)
    step = Step(given, changed, bound, inverted, network.wiring, network.masks, network.numbers, form)
    other = step._replace(inverted=not inverted)
    points = case.points(7).requires_grad_()
    total = points.detach().sum(1).requires_grad_()
    tensors = [points, total, *network.parameters()]
    weights = torch.randn(7, D, dtype=torch.float64, generator=torch.Generator().manual_seed(5))

    def gradients(taken: tuple[torch.Tensor, torch.Tensor]) -> list[torch.Tensor | None]:
        y, log_det = taken
        loss = (weights * y).sum() + (log_det * weights[:, 0]).sum()
        return list(torch.autograd.grad(loss, tensors, allow_unused=True))

    by_hand = gradients(take(points, [step, other, step], total))
    plainly = gradients(take_plainly(points, [step, other, step], total))
    for one, other in zip(by_hand, plainly, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("generative", [False, True])
@pytest.mark.parametrize("case", NETWORKS, ids=str)
def test_a_layers_own_steps_have_the_gradient_of_autograd(case: Case, generative: bool) -> None:
    layer, points = case.layer(), case.points(7).requires_grad_()
    steps, total = layer.steps(generative=generative), torch.zeros(7, dtype=torch.float64)
    inputs = [points, *layer.parameters()]

    def gradients(taken: tuple[torch.Tensor, torch.Tensor]) -> tuple[torch.Tensor, ...]:
        loss = taken[0].square().sum() + taken[1].square().sum()
        return torch.autograd.grad(loss, inputs, materialize_grads=True)

    if steps:
        by_hand, plainly = gradients(take(points, steps, total)), gradients(take_plainly(points, steps, total))
        for one, other in zip(by_hand, plainly, strict=True):
            torch.testing.assert_close(one, other, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("case", NETWORKS, ids=str)
def test_with_and_without_gradients_the_numbers_are_the_same_to_the_last_bit(case: Case) -> None:
    layer, points = case.layer(dtype=torch.float32), case.points(200).float()
    for way in (layer.normalize, layer.generate):
        with torch.no_grad():
            wanted = way(points)
        got = way(points)
        assert torch.equal(got[0].detach(), wanted[0])
        assert torch.equal(got[1].detach(), wanted[1])


def test_frozen_weights_get_no_gradient_and_points_do() -> None:
    case = NETWORKS[0]
    layer = case.layer().requires_grad_(False)
    points = case.points().requires_grad_()
    z, log_det = layer.normalize(points)
    (z.sum() + log_det.sum()).backward()
    assert points.grad is not None
    assert all(parameter.grad is None for parameter in layer.parameters())


def test_the_graph_of_an_inverted_step_is_freed_with_its_output() -> None:
    import gc
    import weakref

    case = next(case for case in NETWORKS if case.spec.kind == "affine_coupling")
    layer, points = case.layer(), case.points()
    gc.collect()
    gc.disable()
    try:
        x, log_det = layer.generate(points)
        node = weakref.ref(x.grad_fn)
        del x, log_det
        assert node() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("case", NETWORKS, ids=str)
def test_gradients_in_place_are_added_to_what_is_there(case: Case) -> None:
    layer, points = case.layer(), case.points().requires_grad_()
    parameters = list(layer.parameters())

    def loss() -> torch.Tensor:
        z, log_det = layer.normalize(points)
        return z.square().sum() + log_det.sum()

    wanted = torch.autograd.grad(loss(), [points, *parameters], allow_unused=True)
    parameters[0].requires_grad_(False)
    parameters[-1].grad = torch.ones_like(parameters[-1])
    with gradients_in_place():
        inside = loss()
    inside.backward()
    assert torch.equal(points.grad, wanted[0])
    assert parameters[0].grad is None
    for parameter, gradient in zip(parameters[1:-1], wanted[2:-1], strict=True):
        assert torch.equal(parameter.grad, gradient)
    assert torch.equal(parameters[-1].grad, wanted[-1] + 1.0)


def test_what_is_computed_outside_leaves_gradients_to_autograd() -> None:
    layer, points = NETWORKS[0].layer(), NETWORKS[0].points()
    with gradients_in_place():
        pass
    found = torch.autograd.grad(layer.normalize(points)[0].sum(), list(layer.parameters())[-1:])
    assert float(found[0].abs().sum()) > 0
    assert all(parameter.grad is None for parameter in layer.parameters())


def test_one_forward_does_not_disturb_the_gradient_of_another() -> None:
    case = next(case for case in NETWORKS if case.spec.kind == "affine_coupling")
    layer = case.layer()
    parameters = list(layer.parameters())
    first, second = case.points(9, seed=1), case.points(9, seed=2)
    alone = torch.autograd.grad(layer.normalize(first)[0].square().sum(), parameters)
    early = layer.normalize(first)[0].square().sum()
    late = layer.normalize(second)[0].square().sum()
    late.backward()
    got = torch.autograd.grad(early, parameters, retain_graph=True)
    again = torch.autograd.grad(early, parameters)
    for one, two, three in zip(alone, got, again, strict=True):
        assert torch.equal(one, two)
        assert torch.equal(one, three)


@pytest.mark.parametrize("case", NETWORKS, ids=str)
def test_what_becomes_of_the_output_does_not_disturb_the_gradient(case: Case) -> None:
    layer, points = case.layer(), case.points()
    parameters = list(layer.parameters())
    weights = torch.linspace(-1.0, 1.0, points.numel(), dtype=torch.float64).reshape(points.shape)

    def gradients(*, overwritten: bool) -> tuple[torch.Tensor, ...]:
        z, log_det = layer.normalize(points)
        loss = (weights * z).sum() + log_det.sum()
        if overwritten:
            z.detach().zero_()
        return torch.autograd.grad(loss, parameters, materialize_grads=True)

    for one, other in zip(gradients(overwritten=True), gradients(overwritten=False), strict=True):
        assert torch.equal(one, other)


@pytest.mark.parametrize("case", NETWORKS[::4], ids=str)
def test_gradients_of_gradients_are_those_of_autograd(case: Case) -> None:
    layer, points = case.layer(), case.points().requires_grad_()
    inputs = [points, *layer.parameters()]
    steps, total = layer.steps(generative=False), points.new_zeros(len(points)).detach()

    def second(taken: tuple[torch.Tensor, torch.Tensor]) -> tuple[torch.Tensor, ...]:
        loss = taken[0].square().sum() + taken[1].square().sum()
        (slope,) = torch.autograd.grad(loss, points, create_graph=True)
        return torch.autograd.grad(slope.square().sum(), inputs, materialize_grads=True)

    by_hand, plainly = second(take(points, steps, total)), second(take_plainly(points, steps, total))
    for one, other in zip(by_hand, plainly, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("case", NETWORKS[::3], ids=str)
def test_many_points_in_parts_are_as_they_are_together(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    layer, points = case.layer(), case.points(2500)
    monkeypatch.setattr(step_module, "_CACHED", 1)
    with torch.no_grad():
        in_parts = layer.normalize(points)
    together = layer.normalize(points)
    for one, other in zip(in_parts, together, strict=True):
        torch.testing.assert_close(one, other.detach(), rtol=1e-12, atol=1e-12)


def test_weights_that_have_changed_meanwhile_are_noticed() -> None:
    case = next(case for case in NETWORKS if case.spec.kind == "affine_coupling")
    layer = case.layer()
    z, _ = layer.normalize(case.points())
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.add_(1.0)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        z.sum().backward()
