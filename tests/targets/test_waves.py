"""Waves by formula: their densities against independent ones, their entropies, and what can be heard in them."""

import math

import pytest
import torch
from torch import Tensor
from torch.distributions import MultivariateNormal

from flowviz.pipeline import NAMED, NamedTarget
from flowviz.targets import Density, load
from flowviz.targets.named import FORMULAS

WAVES = [name for name in FORMULAS if len(NAMED[name].shape) == 2]
KNOWN = [name for name in WAVES if NAMED[name].has_log_prob]


def density(name: str) -> Density:
    return load(NamedTarget(name=name))


def draw(target: Density, count: int, seed: int = 11) -> Tensor:
    return target.sample(count, torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("name", WAVES)
def test_shapes_ranges_and_hues(name: str) -> None:
    target = density(name)
    length = NAMED[name].shape[1]
    waves = draw(target, 500)
    assert target.event_shape == (1, length)
    assert (waves.shape, waves.dtype) == ((500, 1, length), torch.float32)
    assert target.columns == tuple(f"moment {t + 1}" for t in range(length))
    low, high = target.range(length - 1)
    assert ((waves > low) & (waves < high)).double().mean() > 0.97
    for hues in (target.labels(waves), target.held_out_hues(500)):
        assert hues.shape == (500,)
        assert ((hues >= 0.0) & (hues < 1.0)).all()
        assert len(hues.unique()) >= 2
    assert draw(target, 0).shape == (0, 1, length)


@pytest.mark.parametrize("name", KNOWN)
def test_entropy_is_the_mean_of_minus_log_prob(name: str) -> None:
    target = density(name)
    surprise = -target.log_prob(draw(target, 20_000).double())
    error = float(surprise.std()) / math.sqrt(len(surprise))
    assert abs(float(surprise.mean()) - target.entropy) < 5.0 * error
    if target.conditional_entropy is not None:
        assert target.entropy - target.conditional_entropy == pytest.approx(math.log(4.0))


@pytest.mark.parametrize("name", KNOWN)
def test_gradient_of_the_log_density(name: str) -> None:
    target = density(name)
    waves = draw(target, 3).double().requires_grad_()
    (gradient,) = torch.autograd.grad(target.log_prob(waves).sum(), waves)
    with torch.no_grad():
        for t in (0, 5, NAMED[name].shape[1] - 1):
            shift = torch.zeros_like(waves)
            shift[:, 0, t] = 1e-5
            slope = (target.log_prob(waves + shift) - target.log_prob(waves - shift)) / 2e-5
            assert torch.allclose(gradient[:, 0, t], slope, rtol=1e-4, atol=1e-4)
    assert torch.isfinite(target.log_prob(torch.full((2, *NAMED[name].shape), 30.0))).all()


def test_the_process_by_its_recursion() -> None:
    """p(x₁, x₂) Π p(x_t | x_{t−1}, x_{t−2}), written down apart from the covariance that the target uses."""
    target = density("ar_process")
    waves = draw(target, 40).double()[:, 0]
    first, second = 2 * 0.97 * math.cos(2 * math.pi / 12), -(0.97**2)
    rho = first / (1 - second)
    sd = math.sqrt(1.0 - first * rho - second * (first * rho + second))
    start = MultivariateNormal(torch.zeros(2).double(), torch.tensor([[1.0, rho], [rho, 1.0]], dtype=torch.float64))
    noise = waves[:, 2:] - first * waves[:, 1:-1] - second * waves[:, :-2]
    steps = -0.5 * (noise / sd).square() - math.log(sd) - 0.5 * math.log(2 * math.pi)
    expected = start.log_prob(waves[:, :2]) + steps.sum(1)
    assert torch.allclose(target.log_prob(waves[:, None]), expected, atol=1e-8)
    assert target.entropy == pytest.approx(
        float(start.entropy()) + 62 * (0.5 * math.log(2 * math.pi * math.e) + math.log(sd)), abs=1e-9
    )
    many = draw(target, 20_000)[:, 0]
    residual = many[:, 2:] - first * many[:, 1:-1] - second * many[:, :-2]
    assert float(residual.std()) == pytest.approx(sd, rel=0.01)
    assert float((residual[:, 1:] * residual[:, :-1]).mean() / sd**2) == pytest.approx(0.0, abs=0.01)


def test_sines_by_integrating_over_their_phases() -> None:
    """One harmonic at a time: the mean over a fine lattice of phases of a Gaussian around the sine."""
    from flowviz.targets.waves import SineMixture

    class OneSine(SineMixture):
        HARMONICS = 1

    sines = OneSine(8, (1, 2), 0.4)
    waves, _ = sines.draw_with_context(20, torch.Generator().manual_seed(1))
    phases = torch.arange(2000, dtype=torch.float64) * (2 * math.pi / 2000)
    time = torch.arange(8, dtype=torch.float64)
    each = []
    for cycles in (1, 2):
        centres = (2 * math.pi * cycles * time / 8 + phases[:, None]).sin()
        squares = (waves.double() - centres).square().sum(2)
        each.append(torch.logsumexp(-squares / (2 * 0.4**2), 1) - math.log(2000))
    expected = torch.logsumexp(torch.stack(each), 0) - math.log(2) - 4 * math.log(2 * math.pi * 0.4**2)
    assert torch.allclose(sines.log_prob(waves.double()), expected, atol=1e-9)


def test_each_string_sounds_at_its_pitch() -> None:
    """A string of delay N repeats after N + ½ moments, and dies away."""
    target = density("plucked_strings")
    waves, classes = target.sample_with_context(4000, torch.Generator().manual_seed(2))
    for c, delay in enumerate((9, 12, 16, 21)):
        mine = waves[classes == c, 0]
        likeness = [float((mine[:, lag:] * mine[:, :-lag]).mean()) for lag in range(5, 30)]
        assert 5 + likeness.index(max(likeness)) in (delay, delay + 1, 2 * delay + 1)
        assert float(mine[:, -20:].std()) < 0.7 * float(mine[:, :9].std())


def test_chirps_glide() -> None:
    target = density("chirps")
    waves, classes = target.sample_with_context(2000, torch.Generator().manual_seed(3))
    steps = waves[:, 0].diff(dim=1).abs()
    rises = steps[:, -16:].mean(1) > steps[:, :16].mean(1)
    assert float((rises == (classes == 0)).double().mean()) > 0.99
    assert target.floor == pytest.approx(64 * (0.5 * math.log(2 * math.pi * math.e) + math.log(0.1)))
    assert (target.entropy, target.rate) == (None, 2000)
