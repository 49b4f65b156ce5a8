"""The gradient that is written out by hand, against autograd's."""

from __future__ import annotations

import pytest
import torch

from flowviz.flows.step import Step, take, take_plainly

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
