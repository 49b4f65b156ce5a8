"""The rational-quadratic spline: golden values, the identity, gradients by hand, and what happens outside its bounds."""

from __future__ import annotations

import math

import pytest
import torch

from flowviz.flows.splines import Knots, evaluate, locate, spline, spline_plainly

BOTH_WAYS = pytest.mark.parametrize("inverse", [False, True])


def drawn(bins: int, *shape: int, std: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """Numbers, some of them outside [−4, 4], and raw parameters."""
    generator = torch.Generator().manual_seed(bins)
    x = 3.0 * torch.randn(*shape, generator=generator, dtype=torch.float64)
    return x, std * torch.randn(3 * bins - 1, *shape, generator=generator, dtype=torch.float64)


def test_golden_values() -> None:
    edges = torch.tensor([[-1.0, 0.0, 1.0], [-1.0, -0.5, 1.0]], dtype=torch.float64)[:, :, None].expand(-1, -1, 2)
    made = Knots(edges[:, :2], edges, torch.ones(3, 2, dtype=torch.float64))
    x = torch.tensor([-0.5, 0.5], dtype=torch.float64)
    piece = locate(x, made, inverse=False)
    y, log_slope = evaluate((x - piece.X) / piece.w, piece)
    torch.testing.assert_close(y, torch.tensor([-0.75, 0.25], dtype=torch.float64))
    torch.testing.assert_close(log_slope, torch.tensor([-1.098612, 0.587787], dtype=torch.float64), atol=1e-6, rtol=0)


@BOTH_WAYS
@pytest.mark.parametrize("bins", [2, 3, 8, 64])
def test_zero_parameters_are_the_identity(bins: int, inverse: bool) -> None:
    x, raw = drawn(bins, 500)
    y, log_slope = spline(x, torch.zeros_like(raw), 4.0, inverse=inverse)
    torch.testing.assert_close(y, x, atol=1e-15, rtol=0)
    torch.testing.assert_close(log_slope, torch.zeros_like(x), atol=1e-15, rtol=0)


@pytest.mark.parametrize("bins", [2, 3, 8, 64])
def test_the_inverse_undoes_it(bins: int) -> None:
    x, raw = drawn(bins, 40, 5)
    y, log_slope = spline(x, raw, 4.0)
    back, log_slope_back = spline(y, raw, 4.0, inverse=True)
    torch.testing.assert_close(back, x, atol=1e-11, rtol=0)
    torch.testing.assert_close(log_slope + log_slope_back, torch.zeros_like(x), atol=1e-11, rtol=0)


@BOTH_WAYS
def test_it_rises_and_is_smooth_across_its_knots_and_ends(inverse: bool) -> None:
    _, raw = drawn(5, 1)
    x = torch.linspace(-5.0, 5.0, 200_001, dtype=torch.float64)
    y, log_slope = spline(x, raw.expand(-1, len(x)), 4.0, inverse=inverse)
    assert bool((y.diff() > 0).all())
    # A jump of the slope anywhere would show between neighbours.
    assert float(log_slope.diff().abs().max()) < 2e-3
    assert torch.equal(y[x.abs() > 4.0], x[x.abs() > 4.0])
    torch.testing.assert_close(y[x.abs() == 4.0], x[x.abs() == 4.0], atol=1e-14, rtol=0)


@BOTH_WAYS
def test_the_gradient_by_hand_is_that_of_autograd(inverse: bool) -> None:
    x, raw = (part.requires_grad_() for part in drawn(4, 7, 3))
    by_hand = spline(x, raw, 4.0, inverse=inverse)
    plain = spline_plainly(x, raw, 4.0, inverse=inverse)
    back = [torch.randn(7, 3, generator=torch.Generator().manual_seed(i), dtype=torch.float64) for i in range(2)]
    wanted = torch.autograd.grad(plain, (x, raw), back)
    for got, want in zip(torch.autograd.grad(by_hand, (x, raw), back), wanted, strict=True):
        torch.testing.assert_close(got, want, atol=1e-12, rtol=1e-12)


@BOTH_WAYS
def test_gradients_of_gradients(inverse: bool) -> None:
    x, raw = (part.requires_grad_() for part in drawn(3, 4))
    assert torch.autograd.gradcheck(lambda x, raw: spline(x, raw, 4.0, inverse=inverse), (x, raw))
    assert torch.autograd.gradgradcheck(lambda x, raw: spline(x, raw, 4.0, inverse=inverse), (x, raw))


@BOTH_WAYS
def test_torch_func_gives_the_slope(inverse: bool) -> None:
    x, raw = drawn(4, 9)

    def one(number: torch.Tensor, own: torch.Tensor) -> torch.Tensor:
        return spline(number[None], own[:, None], 4.0, inverse=inverse)[0][0]

    slopes = torch.func.vmap(torch.func.grad(one), in_dims=(0, 1))(x, raw)
    torch.testing.assert_close(slopes.log(), spline(x, raw, 4.0, inverse=inverse)[1], atol=1e-12, rtol=0)


@BOTH_WAYS
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_far_outside_nothing_becomes_nan(inverse: bool, dtype: torch.dtype) -> None:
    _, raw = drawn(8, 4, std=20.0)
    x = torch.tensor([-1e30, -4.0, 4.0, 1e30], dtype=dtype, requires_grad=True)
    raw = raw.to(dtype).requires_grad_()
    y, log_slope = spline(x, raw, 4.0, inverse=inverse)
    assert torch.equal(y[::3], x[::3])
    assert torch.equal(log_slope[::3], torch.zeros(2, dtype=dtype))
    for gradient in torch.autograd.grad(y.sum() + log_slope.sum(), (x, raw)):
        assert math.isfinite(float(gradient.abs().sum()))
