"""Couplings of pictures whose gradient is written out by hand, against autograd's."""

from __future__ import annotations

import itertools

import msgspec
import pytest
import torch
from torch import Tensor

from flowviz.flows import convnet_step, dropout, picture_step, places
from flowviz.flows.convnet import ConvolutionalNet
from flowviz.flows.convnet_step import Plan
from flowviz.flows.halves import Halves
from flowviz.flows.picture_step import Affine
from flowviz.pipeline import ConvNet

PLAIN = ConvNet(channels=5, activation="tanh")
NETWORKS = [
    PLAIN,
    *(ConvNet(channels=5, activation=name) for name in ("relu", "gelu", "silu", "elu")),  # type: ignore[arg-type]
    ConvNet(channels=5, blocks=3),
    ConvNet(channels=5, residual=True, blocks=2),
    ConvNet(channels=5, residual=True, activation="silu", dropout=0.3),
    ConvNet(channels=5, dropout=0.3, blocks=2),
    ConvNet(channels=2, activation="tanh"),
    *(ConvNet(channels=places.FEW_CHANNELS + 1, residual=residual, activation="relu") for residual in (False, True)),
]
SHAPE = (4, 3, 2)


def network(spec: ConvNet, inputs: int, outputs: int, context: int = 0) -> ConvolutionalNet:
    net = ConvolutionalNet(spec, inputs, outputs, context, torch.Generator().manual_seed(0), 0.3)
    with torch.no_grad():
        net.log_scale += 0.1 * torch.randn(outputs, generator=torch.Generator().manual_seed(1))
    return net


def drawn(*shape: int, seed: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def setting(
    spec: ConvNet, mask: str, bound: float | None, inverted: bool
) -> tuple[Tensor, Tensor, Affine, Plan, tuple[Tensor, ...]]:
    """Points, what the context adds, the coupling, the plan and the parameters."""
    halves = Halves(mask, SHAPE).double()
    net = network(spec, halves.network_channels, (1 if bound is None else 2) * halves.output_channels)
    x, extra = drawn(7, *SHAPE, seed=2).requires_grad_(), drawn(7, spec.channels, seed=3).requires_grad_()
    return x, extra, Affine(halves, bound, inverted), net.train().plan, net.numbers


def factors_of(
    x: Tensor, extra: Tensor, affine: Affine, plan: Plan, numbers: tuple[Tensor, ...]
) -> list[Tensor | None]:
    """What the dropout's seed leaves out."""
    torch.manual_seed(4)
    with torch.no_grad():
        rows = places.to_rows(affine.halves.take(x)[0])
        return [a.factors for a in convnet_step.forward(rows, places.places_of(x), extra, plan, numbers)[1]]


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize(
    ("spec", "mask", "bound"),
    [
        *((spec, "first_half", 2.0) for spec in NETWORKS),
        *((PLAIN, mask, 2.0) for mask in ("second_half", "even", "odd", "checkerboard", "checkerboard_odd")),
        (PLAIN, "first_half", None),
        (PLAIN, "checkerboard", None),
    ],
)
def test_every_gradient_is_that_of_autograd(spec: ConvNet, mask: str, bound: float | None, inverted: bool) -> None:
    x, extra, affine, plan, numbers = setting(spec, mask, bound, inverted)
    left_out = factors_of(x, extra, affine, plan, numbers)
    torch.manual_seed(4)
    by_hand = picture_step.couple(x, extra, affine, plan, numbers)
    plainly = picture_step.couple_plainly(x, extra, affine, plan, numbers, left_out)
    G, g = drawn(7, *SHAPE, seed=5), drawn(7, seed=6)

    def gradients(taken: tuple[Tensor, Tensor]) -> tuple[Tensor, ...]:
        y, log_det = taken
        return torch.autograd.grad((G * y).sum() + (g * log_det).sum(), [x, extra, *numbers])

    torch.testing.assert_close(by_hand, plainly, rtol=1e-12, atol=1e-12)
    for one, other in zip(gradients(by_hand), gradients(plainly), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize(
    "spec", [PLAIN, ConvNet(channels=3, residual=True, activation="gelu")], ids=["plain", "residual"]
)
def test_gradients_of_gradients(spec: ConvNet) -> None:
    x, extra, affine, plan, numbers = setting(msgspec.structs.replace(spec, channels=2), "first_half", 2.0, False)

    def outputs(*_: Tensor) -> tuple[Tensor, Tensor]:
        return picture_step.couple(x, extra, affine, plan, numbers)

    assert torch.autograd.gradgradcheck(outputs, (x, extra, *numbers), atol=1e-4, fast_mode=True)


def test_with_and_without_gradients_the_numbers_are_the_same_to_the_last_bit() -> None:
    for mask, inverted in itertools.product(("first_half", "checkerboard"), (False, True)):
        x, extra, affine, plan, numbers = setting(PLAIN, mask, 2.0, inverted)
        affine.halves.float()
        single = [number.detach().float().requires_grad_() for number in numbers]
        with torch.no_grad():
            wanted = picture_step.couple(x.float(), extra.float(), affine, plan, single)
        got = picture_step.couple(x.float(), extra.float(), affine, plan, single)
        assert all(torch.equal(one.detach(), other) for one, other in zip(got, wanted, strict=True))


def test_a_network_alone_has_the_gradients_of_autograd() -> None:
    net = network(PLAIN, 2, 6)
    x = drawn(7, 2, 3, 4, seed=2).requires_grad_()
    G = drawn(7, 6, 3, 4, seed=5)
    inputs = [x, *net.parameters()]
    by_hand = convnet_step.evaluate(x, None, net.plan, net.numbers)
    plainly = convnet_step.evaluate_plainly(x, None, net.plan, net.numbers)
    torch.testing.assert_close(by_hand, plainly, rtol=1e-12, atol=1e-12)
    for one, other in zip(
        torch.autograd.grad(by_hand, inputs, G), torch.autograd.grad(plainly, inputs, G), strict=True
    ):
        torch.testing.assert_close(one, other, rtol=1e-11, atol=1e-11)


def test_frozen_weights_get_no_gradient_and_points_do() -> None:
    x, extra, affine, plan, numbers = setting(PLAIN, "first_half", 2.0, False)
    frozen = [number.detach() for number in numbers]
    y, log_det = picture_step.couple(x, extra.detach(), affine, plan, frozen)
    (y.sum() + log_det.sum()).backward()  # type: ignore[no-untyped-call]
    assert x.grad is not None


@pytest.mark.parametrize("sides", [(8, 8), (1, 1), (1, 5), (3, 2)])
@pytest.mark.parametrize(("inputs", "outputs"), [(2, 9), (9, 2), (3, 3)])
@pytest.mark.parametrize(("most", "few"), [(0, 0), (places.MOST_ROWS, 0), (places.MOST_ROWS, places.FEW_ROWS)])
def test_convolutions_of_rows_go_three_ways(
    sides: tuple[int, int], inputs: int, outputs: int, most: int, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "MOST_ROWS", most)
    monkeypatch.setattr(places, "FEW_ROWS", few)
    x = drawn(3, inputs, *sides, seed=1).requires_grad_()
    weight, bias = drawn(outputs, inputs, 3, 3, seed=2).requires_grad_(), drawn(outputs, seed=3)
    G = drawn(3, outputs, *sides, seed=4)
    wanted = places.convolve_plainly(x, weight, bias)
    where = places.places_of(x)
    with torch.no_grad():
        found = places.to_pictures(places.convolve(places.to_rows(x), weight, bias, where), where)
        to_rows, to_weight = places.gradients(places.to_rows(G), places.to_rows(x), weight, where, True, True)
    torch.testing.assert_close(found, wanted.detach(), rtol=1e-12, atol=1e-12)
    to_x, wanted_weight = torch.autograd.grad(wanted, (x, weight), G)
    assert to_rows is not None
    torch.testing.assert_close(places.to_pictures(to_rows, where), to_x, rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(to_weight, wanted_weight, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("large", [0, places.LARGE], ids=["by torch", "by a product"])
def test_gradients_of_a_kernel_of_one_place_go_two_ways(large: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "LARGE", large)
    x, weight = (drawn(*shape, seed=1).requires_grad_() for shape in ((3, 4, 5, 2), (6, 4, 1, 1)))
    G, where = drawn(3, 6, 5, 2, seed=2), places.places_of(x)
    to_x, wanted_weight = torch.autograd.grad(places.convolve_plainly(x, weight, drawn(6, seed=3)), (x, weight), G)
    with torch.no_grad():
        to_rows, to_weight = places.gradients(places.to_rows(G), places.to_rows(x), weight, where, True, True)
    assert to_rows is not None
    torch.testing.assert_close(places.to_pictures(to_rows, where), to_x, rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(to_weight, wanted_weight, rtol=1e-12, atol=1e-12)


def test_dropout_leaves_out_its_share_and_keeps_the_mean() -> None:
    torch.manual_seed(0)
    for share in (0.001, 0.2, 0.9):
        factors = dropout.factors(torch.empty(1001, 999), share)
        zero = float((factors == 0.0).double().mean())
        assert abs(zero - share) < 6 * (share * (1 - share) / 1e6) ** 0.5
        assert float(factors.double().mean()) == pytest.approx(1.0, abs=6 * (share / (1 - share) / 1e6) ** 0.5)
    # Neighbours are decided by one draw: they are to be independent all the same.
    kept = (dropout.factors(torch.empty(250_000, 4), 0.5) > 0.0).double()
    assert float((torch.corrcoef(kept.T) - torch.eye(4)).abs().max()) < 0.015
