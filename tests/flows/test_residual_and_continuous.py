"""Residual and continuous layers: golden values, bounds, estimates while training, and inverses to rounding."""

from __future__ import annotations

import math

import pytest
import torch

from flowviz.flows import LAYERS, FlowLayer, Place
from flowviz.flows.continuous import Continuous
from flowviz.flows.inversion import implicit, invert, log_abs_det
from flowviz.flows.residual import Residual, held
from flowviz.pipeline import LayerSpec
from flowviz.pipeline.layers import Continuous as ContinuousSpec
from flowviz.pipeline.layers import Residual as ResidualSpec


def drawn(*shape: int, seed: int = 3) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def noisy(spec: LayerSpec, dimensions: int, std: float, context: int = 0) -> FlowLayer:
    layer = LAYERS[type(spec)](spec, Place((dimensions,), torch.Generator().manual_seed(1), context))
    with torch.no_grad():
        for i, parameter in enumerate(layer.parameters()):
            parameter += std * drawn(*parameter.shape, seed=i)
    return layer


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_log_abs_det(size: int) -> None:
    J = drawn(5, size, size)
    torch.testing.assert_close(log_abs_det(J), torch.linalg.slogdet(J)[1])


def test_invert_where_newton_alone_runs_away() -> None:
    # arctan is flat far out: Newton's steps from there would overshoot ever more.
    y = torch.tensor([[0.1], [-1.2], [1.5]], dtype=torch.float64)
    x = invert(
        torch.arctan, lambda x: (x.arctan(), (1.0 / (1.0 + x.square()))[:, :, None]), y, torch.full_like(y, 20.0)
    )
    torch.testing.assert_close(x, torch.tan(y), atol=1e-12, rtol=1e-12)


def test_the_implicit_gradient() -> None:
    y = torch.tensor([[0.3, -0.9]], dtype=torch.float64, requires_grad=True)
    scale = torch.tensor([[2.0, 0.5]], dtype=torch.float64, requires_grad=True)

    def solved(y: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
        x = (torch.tan(y) / scale).detach()
        J = torch.diag_embed(scale / (1.0 + (scale * x).square())).detach()
        return implicit(x, J, torch.arctan(scale * x) - y)

    assert torch.autograd.gradcheck(solved, (y, scale))


def test_residual_golden_value() -> None:
    # Far to the right LipSwish has the slope 1/1.1, so g is linear there: J = W_2 W_1/1.1 = diag(0.5, −0.5).
    layer = LAYERS[ResidualSpec](ResidualSpec(hidden=(2,), lipschitz=0.9), Place((2,)))
    with torch.no_grad():
        layer.weight_0.copy_(0.75 * torch.eye(2))
        layer.weight_1.copy_(torch.diag(torch.tensor([0.5, -0.5])) * 1.1 / 0.75)
        layer.bias_0.fill_(1e3)
        layer.bias_1.zero_()
    _, log_det = layer.normalize(drawn(3, 2))
    torch.testing.assert_close(log_det.detach(), torch.full((3,), -0.287682, dtype=torch.float64), atol=1e-6, rtol=0)


@pytest.mark.parametrize("kappa", [0.5, 0.9, 0.999])
def test_the_lipschitz_bound_holds_and_the_inverse_is_rounding(kappa: float) -> None:
    layer = noisy(ResidualSpec(hidden=(32, 32), lipschitz=kappa), 3, 2.0).eval()
    assert isinstance(layer, Residual)
    weights = layer.weights()
    assert math.prod(float(torch.linalg.matrix_norm(W.detach(), 2)) for W in weights) <= kappa * (1.0 + 1e-12)
    x = 3.0 * drawn(200, 3)
    with torch.no_grad():
        z, log_det = layer.normalize(x)
        columns = layer._forward(x, weights)[1] - torch.eye(3, dtype=torch.float64)
        assert float(torch.linalg.matrix_norm(columns, 2).max()) < kappa
        assert bool((log_det >= 3 * math.log(1.0 - kappa)).all())
        assert bool((log_det <= 3 * math.log(1.0 + kappa)).all())
        torch.testing.assert_close(layer.generate(z)[0], x, atol=1e-11, rtol=0)


def test_what_holds_a_weight_back_has_the_gradient_of_the_singular_value() -> None:
    assert torch.autograd.gradcheck(lambda W: held(W, 0.7), (drawn(3, 4).requires_grad_(),))
    small = 1e-3 * drawn(3, 4)
    torch.testing.assert_close(held(small, 0.7), small)
    assert torch.equal(held(torch.zeros(3, 4), 0.7), torch.zeros(3, 4))


def test_many_coordinates_are_estimated_in_training_only() -> None:
    layer = noisy(ResidualSpec(hidden=(24,), lipschitz=0.6), 17, 0.3)
    x = drawn(4, 17)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        draws = torch.stack([layer.normalize(x)[1].detach() for _ in range(1500)])
    exact = layer.eval().normalize(x)[1].detach()
    error = draws.std(0) / math.sqrt(len(draws))
    assert float(error.min()) > 0.0
    assert bool(((draws.mean(0) - exact).abs() < 5.0 * error).all())


def test_the_estimate_is_right_on_average_in_every_term_of_its_series() -> None:
    layer = noisy(ResidualSpec(hidden=(24,), lipschitz=0.6), 17, 2.0)
    assert isinstance(layer, Residual)
    x, weights = drawn(1, 17), layer.weights()
    exact = layer.eval().normalize(x)[1].detach()
    # Over all directions of a basis vᵀJ^k v adds up to the trace; and lengths come with the chances ½, ¼, ⅛, ...
    same, basis = x.expand(17, -1), torch.eye(17, dtype=torch.float64)
    slopes = layer._network(same, weights)[1]
    mean = torch.stack(
        [0.5 ** (further + 1) * layer._series(same, basis, further, weights, slopes).sum() for further in range(60)]
    ).sum()
    torch.testing.assert_close(mean.detach(), exact[0], atol=1e-9, rtol=0)


def linear_field(steps: int) -> tuple[Continuous, torch.Tensor]:
    """A layer whose field is A x in effect: two softplus units a direction, whose difference is their input."""
    layer = LAYERS[ContinuousSpec](ContinuousSpec(hidden=(4,), activation="softplus", steps=steps), Place((2,)))
    assert isinstance(layer, Continuous)
    A = torch.tensor([[0.3, -0.8], [0.5, 0.4]], dtype=torch.float64)
    both = torch.cat((torch.eye(2), -torch.eye(2))).double()
    with torch.no_grad():
        for name, parameter in layer.named_parameters():
            parameter.zero_()
            if name.startswith("gate_bias"):
                parameter.fill_(40.0)  # σ = 1
        layer.weight_0.copy_(both)
        layer.weight_1.copy_(A @ both.T)
    return layer, A


def test_a_linear_field_gives_the_matrix_exponential() -> None:
    x = drawn(5, 2)
    errors = []
    for steps in (8, 16):
        layer, A = linear_field(steps)
        z, log_det = layer.normalize(x)
        torch.testing.assert_close(z.detach(), x @ torch.linalg.matrix_exp(A).T, atol=1e-5, rtol=0)
        errors.append(float((log_det.detach() - A.trace()).abs().max()))
    # Of the fourth order: half the step, a sixteenth of the error.
    assert errors[1] == pytest.approx(errors[0] / 16.0, rel=0.2)
    assert errors[0] < 1e-5


@pytest.mark.parametrize("context", [0, 2])
def test_a_continuous_layer_is_undone_to_rounding(context: int) -> None:
    layer = noisy(ContinuousSpec(), 2, 0.3, context).eval()
    x, c = 3.0 * drawn(300, 2), drawn(300, 2) if context else None
    with torch.no_grad():
        z, log_det = layer.normalize(x, c)
        again, back = layer.generate(z, c)
    torch.testing.assert_close(again, x, atol=1e-12, rtol=0)
    torch.testing.assert_close(back, -log_det, atol=1e-12, rtol=0)


def test_hutchinsons_estimate_is_for_training_alone() -> None:
    layer = noisy(ContinuousSpec(hidden=(16,), steps=4, trace="hutchinson"), 3, 0.2)
    x = drawn(3, 3)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        draws = torch.stack([layer.normalize(x)[1].detach() for _ in range(600)])
    exact = layer.eval().normalize(x)[1].detach()
    assert torch.equal(layer.normalize(x)[1].detach(), exact)
    error = draws.std(0) / math.sqrt(len(draws))
    assert bool(((draws.mean(0) - exact).abs() < 5.0 * error + 1e-4).all())


@pytest.mark.parametrize(
    "spec", [ResidualSpec(hidden=(8,)), ContinuousSpec(hidden=(8,), steps=2)], ids=lambda s: s.kind
)
def test_what_starts_as_the_identity_learns(spec: LayerSpec) -> None:
    layer = LAYERS[type(spec)](spec, Place((2,)))
    z, log_det = layer.normalize(drawn(20, 2) + 0.5)
    ((z[:, 0] * z[:, 1]).sum() - log_det.sum()).backward()
    assert (
        max(float(parameter.grad.abs().max()) for parameter in layer.parameters() if parameter.grad is not None) > 0.1
    )
