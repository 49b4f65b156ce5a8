"""Masks, orders, and the inverse that computes each hidden unit once."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch import Tensor

from flowviz.flows.autoregressive import IAF, MAF
from flowviz.flows.networks import Wiring, bounded, evaluate, made
from flowviz.pipeline import IAF as IAFSpec  # noqa: N811
from flowviz.pipeline import MADE
from flowviz.pipeline import MAF as MAFSpec  # noqa: N811

from .cases import Case

HIDDEN = ((), (8,), (9, 9), (8, 8, 8))


def network_and_degrees(dimensions: int, hidden: tuple[int, ...], residual: bool, seed: int):  # type: ignore[no-untyped-def]
    generator = torch.Generator().manual_seed(seed)
    degrees = torch.randperm(dimensions, generator=generator) + 1
    spec = MADE(hidden=hidden, residual=residual, activation="tanh")
    network, _ = made(spec, degrees, 2, generator, 0.5)
    return network, degrees


def test_the_masks_of_the_paper() -> None:
    network, hidden = made(MADE(hidden=(4,)), torch.tensor([1, 2, 3]), 1, torch.Generator(), 0.0)
    assert hidden[0].tolist() == [1, 2, 1, 2]
    assert network.masks[0] is not None
    assert network.masks[0].tolist() == [[1, 0, 0], [1, 1, 0], [1, 0, 0], [1, 1, 0]]
    assert network.masks[1] is not None
    assert network.masks[1].tolist() == [[0, 0, 0, 0], [1, 0, 1, 0], [1, 1, 1, 1]]


@pytest.mark.parametrize("dimensions", range(1, 9))
@pytest.mark.parametrize("hidden", HIDDEN, ids=str)
@pytest.mark.parametrize("residual", [False, True])
def test_an_output_sees_exactly_the_coordinates_before_it(
    dimensions: int, hidden: tuple[int, ...], residual: bool
) -> None:
    network, degrees = network_and_degrees(dimensions, hidden, residual, dimensions)
    allowed = (degrees[:, None] > degrees[None, :]).repeat(2, 1)
    for point in torch.randn(3, dimensions, dtype=torch.float64, generator=torch.Generator().manual_seed(0)):
        J = torch.autograd.functional.jacobian(lambda p: network(p[None])[0], point)
        assert (J[~allowed] == 0.0).all()
        assert (J[allowed] != 0.0).all()


@pytest.mark.parametrize("width", range(1, 12))
def test_a_narrow_layer_keeps_the_highest_degree_and_stays_autoregressive(width: int) -> None:
    dimensions = 10
    network, hidden = made(MADE(hidden=(width, width)), torch.arange(1, 11), 2, torch.Generator().manual_seed(0), 0.5)
    for layer in hidden:
        assert len(layer) == width
        assert int(layer.max()) == dimensions - 1
        assert int(layer.min()) >= 1
    J = torch.autograd.functional.jacobian(lambda p: network(p[None])[0], torch.randn(10, dtype=torch.float64))
    assert (J[torch.ones(10, 10, dtype=torch.bool).triu().repeat(2, 1)] == 0.0).all()


@pytest.mark.parametrize(("order", "dimensions"), itertools.product(("natural", "reversed"), (2, 3, 5)))
def test_the_jacobian_is_triangular_with_the_scales_on_its_diagonal(order: str, dimensions: int) -> None:
    case = Case(MAFSpec(order=order), (dimensions,))  # type: ignore[arg-type]
    layer, x = case.layer(), case.points(1)
    assert isinstance(layer, MAF)
    J = torch.autograd.functional.jacobian(lambda p: layer.normalize(p[None])[0][0], x[0])
    above = J.triu(1) if order == "natural" else J.tril(-1)
    assert (above == 0.0).all()
    s = bounded(layer.network(x)[0, :dimensions], layer.log_scale_bound)
    torch.testing.assert_close(J.diagonal(), s.exp().detach(), rtol=0, atol=1e-12)


@pytest.mark.parametrize("dimensions", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("order", ["natural", "reversed"])
def test_iaf_is_maf_turned_around(order: str, dimensions: int) -> None:
    maf = Case(MAFSpec(order=order), (dimensions,)).layer()  # type: ignore[arg-type]
    iaf = Case(IAFSpec(order=order), (dimensions,)).layer()  # type: ignore[arg-type]
    assert isinstance(iaf, IAF)
    iaf.load_state_dict(maf.state_dict())
    x = Case(MAFSpec(), (dimensions,)).points()
    for one, other in ((maf.normalize, iaf.generate), (maf.generate, iaf.normalize)):
        for a, b in zip(one(x), other(x), strict=True):
            assert torch.equal(a, b)


def plain_inverse(layer: MAF, y: Tensor) -> tuple[Tensor, Tensor]:
    """D full passes of the network, each of which settles one more coordinate."""
    D = layer.dimensions
    u, total = torch.zeros_like(y), y.new_zeros(len(y))
    for i in layer.order:
        out = layer.network(u)
        s, t = bounded(out[:, :D], layer.log_scale_bound), out[:, D:]
        u = torch.where(torch.arange(D) == i, (y - t) * (-s).exp(), u)
        total = total - s[:, i]
    return u, total


@pytest.mark.parametrize("dimensions", [1, 2, 3, 5, 8, 20])
@pytest.mark.parametrize("hidden", [*HIDDEN, (5,), (12, 7), (9, 9, 9)], ids=str)
@pytest.mark.parametrize(("order", "residual"), itertools.product(("natural", "reversed"), (False, True)))
def test_the_inverse_is_that_of_d_full_passes(
    dimensions: int, hidden: tuple[int, ...], order: str, residual: bool
) -> None:
    spec = MAFSpec(order=order, conditioner=MADE(hidden=hidden, residual=residual, activation="silu"))  # type: ignore[arg-type]
    case = Case(spec, (dimensions,))
    layer, y = case.layer(std=0.1), case.points().requires_grad_()
    assert isinstance(layer, MAF)
    tensors = [y, *layer.parameters()]
    wanted, got = plain_inverse(layer, y), layer.generate(y)
    for one, other in zip(wanted, got, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-11, atol=1e-11)
    gradients = [
        torch.autograd.grad(
            (x.square().sum() + log_det.exp().sum()), tensors, materialize_grads=True, allow_unused=True
        )
        for x, log_det in (wanted, got)
    ]
    for one, other in zip(*gradients, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-9, atol=1e-9)


def test_a_network_is_its_formula() -> None:
    generator = torch.Generator().manual_seed(0)
    network, _ = made(MADE(hidden=(6, 6), activation="tanh"), torch.tensor([2, 1]), 2, generator, 0.5)
    W1, W2, W3, b1, b2, b3 = network.numbers
    x = torch.randn(4, 2, dtype=torch.float64, generator=generator)
    m1, _, m3 = network.masks
    h = torch.tanh(torch.tanh(x @ (W1 * m1).T + b1) @ W2.T + b2)
    torch.testing.assert_close(network(x), h @ (W3 * m3).T + b3)
    assert network.wiring == Wiring("tanh", (False, False, False))
    torch.testing.assert_close(network(x), evaluate(x, network.numbers, network.masks, network.wiring))


@pytest.mark.parametrize("context", [0, 2])
@pytest.mark.parametrize("shape", [(1,), (2,), (5,), (2, 2, 2), (1, 5)], ids=str)
@pytest.mark.parametrize("order", ["natural", "reversed"])
@pytest.mark.parametrize("hidden", [(), (2,), (3, 3), (12, 12)], ids=str)
def test_every_event_is_read_flat_and_in_order(
    shape: tuple[int, ...], context: int, order: str, hidden: tuple[int, ...]
) -> None:
    spec = MAFSpec(order=order, conditioner=MADE(hidden=hidden, activation="tanh", residual=True))  # type: ignore[arg-type]
    case = Case(spec, shape, context)
    layer, x, c = case.layer(), case.points(3), case.given(3)
    D = case.dimensions
    J = torch.autograd.functional.jacobian(lambda p: layer.normalize(p[None], c if c is None else c[:1])[0][0], x[0])
    J = J.reshape(D, D)
    assert ((J.triu(1) if order == "natural" else J.tril(-1)) == 0.0).all()
    z, log_det = layer.normalize(x, c)
    torch.testing.assert_close(J.diagonal().log().sum(), log_det[0].detach(), rtol=0, atol=1e-10)
    back, log_det_back = layer.generate(z, c)
    torch.testing.assert_close(back, x, rtol=0, atol=1e-10)
    torch.testing.assert_close(log_det_back, -log_det, rtol=0, atol=1e-10)
    if c is not None:
        # Every coordinate is conditioned, the first in the order as well.
        moved = (layer.normalize(x, c + 1.0)[0] - z).abs().flatten(1).amax(0)
        assert (moved > 1e-9).all()


def test_dropout_leaves_evaluation_alone_and_steps_to_training() -> None:
    plain = Case(MAFSpec(), (3,)).layer()
    spec = MAFSpec(conditioner=MADE(dropout=0.5))
    layer, x = Case(spec, (3,)).layer(), Case(spec, (3,)).points(20)
    assert plain.steps(generative=False)
    assert not layer.steps(generative=False)
    layer.eval()
    for one, other in ((plain.normalize, layer.normalize), (plain.generate, layer.generate)):
        for a, b in zip(one(x), other(x), strict=True):
            torch.testing.assert_close(a, b, rtol=0, atol=1e-12)
    layer.train()
    for one, other in ((plain.normalize, layer.normalize), (plain.generate, layer.generate)):
        assert not torch.allclose(one(x)[0], other(x)[0])
