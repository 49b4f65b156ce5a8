"""Every base against closed forms and scipy, and its sampler against its density."""

from __future__ import annotations

import io
import math

import numpy as np
import pytest
import torch
from scipy import stats
from torch import Tensor

from flowviz.flows import BASES, BaseDensity, Place
from flowviz.flows.bases import GaussianMixture
from flowviz.flows.kde import KDE, bandwidth_factor, squared_distances
from flowviz.pipeline import KDE as KDESpec  # noqa: N811
from flowviz.pipeline import BaseSpec, StandardNormal, Uniform
from flowviz.pipeline import Gaussian as GaussianSpec
from flowviz.pipeline import GaussianMixture as GaussianMixtureSpec

from .cases import base, options, shape_of_data

SPECS: list[BaseSpec] = [kind(**fields) for kind in BASES if "vector" in kind.takes for fields in options(kind)]
EVERY_BASE = pytest.mark.parametrize(
    "spec", SPECS, ids=lambda spec: f"{spec.kind} {getattr(spec, 'rule', '')} {getattr(spec, 'trainable', '')}".strip()
)


def fitted(spec: BaseSpec, dimensions: int, count: int = 400, dtype: torch.dtype = torch.float64) -> BaseDensity:
    made = base(spec, dimensions, dtype)
    made.fit(shape_of_data(count, dimensions).to(dtype))
    return made


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def normal_points(count: int, dimensions: int, scale: float = 2.0) -> Tensor:
    return scale * torch.randn(count, dimensions, dtype=torch.float64, generator=generator(7))


@EVERY_BASE
@pytest.mark.parametrize("dimensions", [1, 2, 5])
def test_shapes_types_and_fitting_flags(spec: BaseSpec, dimensions: int) -> None:
    for dtype in (torch.float32, torch.float64):
        made = base(spec, dimensions, dtype)
        assert made.needs_data() == spec.fitted
        made.fit(shape_of_data(100, dimensions).to(dtype))
        assert not made.needs_data()
        z = made.sample(7, generator())
        assert z.shape == (7, dimensions)
        assert z.dtype == dtype
        log_prob = made.log_prob(z)
        assert log_prob.shape == (7,)
        assert log_prob.dtype == dtype
        assert torch.isfinite(log_prob).all()
        assert made.sample(0, generator()).shape == (0, dimensions)


@EVERY_BASE
def test_the_density_integrates_to_1(spec: BaseSpec) -> None:
    made = fitted(spec, 2, count=100)
    side = torch.linspace(-12.0, 18.0, 301, dtype=torch.float64)[:-1] + 0.05
    grid = torch.cartesian_prod(side, side)
    with torch.no_grad():
        integral = float(made.log_prob(grid).exp().sum()) * 0.1**2
    assert integral == pytest.approx(1.0, abs=2e-3)


@EVERY_BASE
@pytest.mark.parametrize("dimensions", [1, 2])
def test_the_sampler_draws_from_the_density(spec: BaseSpec, dimensions: int) -> None:
    made = fitted(spec, dimensions, count=100)
    side = torch.linspace(-12.0, 18.0, 301, dtype=torch.float64)[:-1] + 0.05
    grid = side[:, None] if dimensions == 1 else torch.cartesian_prod(side, side)
    with torch.no_grad():
        z = made.sample(20_000, generator())
        nll = -made.log_prob(z)
        log_prob = made.log_prob(grid)
    mass = log_prob.exp() * 0.1**dimensions
    entropy = -float((mass * log_prob.clamp_min(-1e3)).sum())
    assert abs(float(nll.mean()) - entropy) < 5.0 * float(nll.std()) / math.sqrt(len(z)) + 2e-3
    # The first coordinate's distribution function at the cells' upper edges.
    cumulative = mass.reshape(len(side), -1).sum(1).cumsum(0).numpy()
    test = stats.kstest(z[:, 0].numpy(), lambda x: np.interp(x, (side + 0.05).numpy(), cumulative))
    assert test.pvalue > 1e-4


@EVERY_BASE
def test_sampling_follows_its_generator_alone(spec: BaseSpec) -> None:
    made = fitted(spec, 3)
    state = torch.get_rng_state()
    assert torch.equal(made.sample(9, generator(4)), made.sample(9, generator(4)))
    assert not torch.equal(made.sample(9, generator(4)), made.sample(9, generator(5)))
    assert torch.equal(state, torch.get_rng_state())


@EVERY_BASE
def test_temperature_scales_the_noise(spec: BaseSpec) -> None:
    made = fitted(spec, 2)
    hot, warm, cold = (made.sample(4000, generator(), temperature) for temperature in (2.0, 1.0, 0.0))
    torch.testing.assert_close(hot - cold, 2.0 * (warm - cold))
    assert torch.isfinite(cold).all()


@EVERY_BASE
def test_a_saved_base_is_bit_equal_and_never_fitted_again(spec: BaseSpec) -> None:
    made, z = fitted(spec, 3, count=50), normal_points(20, 3)
    file = io.BytesIO()
    torch.save(made.state_dict(), file)
    file.seek(0)
    loaded = base(spec, 3)
    loaded.load_state_dict(torch.load(file, weights_only=True))
    assert not loaded.needs_data()
    assert torch.equal(made.log_prob(z), loaded.log_prob(z))


@EVERY_BASE
def test_gradients_reach_z_and_what_is_trainable(spec: BaseSpec) -> None:
    made = fitted(spec, 2)
    made.configure(spec, torch.ones(2, dtype=torch.float64))
    assert all(p.requires_grad == getattr(spec, "trainable", True) for p in made.parameters())
    z = (made.sample(5, generator()) * 0.9).detach().requires_grad_()
    wanted = [z, *(p for p in made.parameters() if p.requires_grad)]
    if isinstance(spec, Uniform):
        assert not made.log_prob(z).requires_grad
        return
    assert torch.autograd.gradcheck(lambda *_: made.log_prob(z), wanted)


def test_standard_normal_is_scipys() -> None:
    z = normal_points(50, 3)
    wanted = stats.multivariate_normal(np.zeros(3), np.eye(3)).logpdf(z.numpy())
    np.testing.assert_allclose(base(StandardNormal(), 3).log_prob(z).numpy(), wanted, rtol=0, atol=1e-12)


def test_the_nll_of_a_standard_normal_is_log_2_pi_e() -> None:
    made = base(StandardNormal(), 2)
    nll = -float(made.log_prob(made.sample(400_000, generator())).mean())
    assert nll == pytest.approx(2.837877, abs=5.0 / math.sqrt(400_000))


@pytest.mark.parametrize("dimensions", [1, 2, 5, 64])
def test_the_gaussian_is_the_maximum_likelihood_one(dimensions: int) -> None:
    x = shape_of_data(1000, dimensions)
    made = base(GaussianSpec(), dimensions)
    assert float(made.log_prob(torch.zeros(1, dimensions, dtype=torch.float64)).detach()) == pytest.approx(
        -0.5 * dimensions * math.log(2 * math.pi)
    )
    made.fit(x)
    covariance = np.atleast_2d(np.cov(x.numpy().T, bias=True))
    wanted = stats.multivariate_normal(x.mean(0).numpy(), covariance).logpdf(x.numpy())
    np.testing.assert_allclose(made.log_prob(x).detach().numpy(), wanted, rtol=1e-8, atol=1e-8)
    _, log_det = np.linalg.slogdet(2.0 * math.pi * math.e * covariance)
    assert -float(made.log_prob(x).detach().mean()) == pytest.approx(0.5 * log_det, abs=1e-9)


@pytest.mark.parametrize("trouble", ["constant", "copied", "one point", "scales"])
def test_the_gaussian_of_flat_data_is_finite(trouble: str) -> None:
    x = shape_of_data(200, 3)
    if trouble == "constant":
        x[:, 1] = 5.0
    elif trouble == "copied":
        x[:, 2] = x[:, 0]
    elif trouble == "one point":
        x = x[:1]
    else:
        x = x * torch.tensor([1e6, 1.0, 1e-6])
    for dtype in (torch.float32, torch.float64):
        made = base(GaussianSpec(), 3, dtype)
        made.fit(x.to(dtype))
        assert torch.isfinite(made.log_prob(x.to(dtype))).all()
        assert torch.isfinite(made.sample(100, generator())).all()
    if trouble == "scales":
        _, log_det = np.linalg.slogdet(2.0 * math.pi * math.e * np.cov(x.numpy().T, bias=True))
        assert float(made.log_prob(x).detach().mean()) == pytest.approx(-0.5 * log_det, abs=1e-6)


@pytest.mark.parametrize("dimensions", [1, 2, 5])
def test_the_mixture_is_the_sum_of_its_gaussians(dimensions: int) -> None:
    made = fitted(GaussianMixtureSpec(components=4), dimensions)
    assert isinstance(made, GaussianMixture)
    z = normal_points(40, dimensions)
    weights = made.logits.softmax(0).detach().numpy()
    wanted = sum(
        weight * stats.multivariate_normal(mean.numpy(), np.diag(np.exp(2.0 * scale.numpy()))).pdf(z.numpy())
        for weight, mean, scale in zip(weights, made.means.detach(), made.log_scales.detach(), strict=True)
    )
    np.testing.assert_allclose(made.log_prob(z).exp().detach().numpy(), wanted, rtol=1e-9)


def test_the_mixture_finds_modes_that_are_apart() -> None:
    centres = torch.tensor([[-9.0, 0.0], [0.0, 8.0], [9.0, 0.0], [0.0, -8.0]], dtype=torch.float64)
    noise = 0.5 * torch.randn(4, 500, 2, dtype=torch.float64, generator=generator())
    x = (centres[:, None] + noise).reshape(-1, 2)
    made = base(GaussianMixtureSpec(components=4), 2)
    made.fit(x)
    assert isinstance(made, GaussianMixture)
    nearest = squared_distances(centres, made.means.detach()).min(1).values
    assert float(nearest.max()) < 0.01
    torch.testing.assert_close(made.log_scales.detach().exp(), torch.full((4, 2), 0.5).double(), rtol=0.1, atol=0.0)
    torch.testing.assert_close(made.logits.detach().softmax(0), torch.full((4,), 0.25).double(), rtol=0.02, atol=0.0)
    entropy = math.log(4.0) + math.log(2 * math.pi * math.e * 0.25)
    assert -float(made.log_prob(x).detach().mean()) == pytest.approx(entropy, abs=0.05)


@pytest.mark.parametrize("count", [1, 2, 3, 8])
def test_more_components_than_points_or_spread_stay_finite(count: int) -> None:
    for x in (torch.ones(count, 2).double(), shape_of_data(count, 2)):
        made = base(GaussianMixtureSpec(components=8), 2)
        made.fit(x)
        assert torch.isfinite(made.log_prob(x)).all()
        assert torch.isfinite(made.sample(50, generator())).all()


def test_a_large_mixture_is_summed_in_chunks() -> None:
    made = fitted(GaussianMixtureSpec(components=512), 8, count=600)
    z = normal_points(3000, 8)
    with torch.no_grad():
        torch.testing.assert_close(made.log_prob(z), torch.cat([made.log_prob(part) for part in z.split(100)]))


def test_the_box_ends_at_its_half_width() -> None:
    made = base(Uniform(half_width=2.0), 3)
    z = torch.tensor([[0.0, 0.0, 0.0], [2.0, -2.0, 2.0], [2.0001, 0.0, 0.0]], dtype=torch.float64)
    assert made.log_prob(z).tolist() == [-3 * math.log(4.0), -3 * math.log(4.0), -math.inf]
    assert float(made.sample(1000, generator()).abs().max()) <= 2.0


@pytest.mark.parametrize("dimensions", [1, 2, 5])
@pytest.mark.parametrize("rule", ["scott", "silverman", "leave_one_out", "manual"])
def test_the_kernel_density_is_the_mean_of_its_kernels(dimensions: int, rule: str) -> None:
    x, z = shape_of_data(60, dimensions), normal_points(25, dimensions)
    made = base(KDESpec(rule=rule, bandwidth=0.7), dimensions)  # type: ignore[arg-type]
    made.fit(x)
    assert isinstance(made, KDE)
    h = made.bandwidth.numpy()
    wanted = np.mean([stats.multivariate_normal(point, np.diag(h**2)).pdf(z.numpy()) for point in x.numpy()], axis=0)
    np.testing.assert_allclose(made.log_prob(z).exp().numpy(), wanted, rtol=1e-9)
    if rule == "manual":
        assert h.tolist() == [0.7] * dimensions


@pytest.mark.parametrize("dimensions", [1, 3])
def test_the_rules_of_scott_and_silverman_are_scipys(dimensions: int) -> None:
    x = shape_of_data(150, dimensions)
    kde = stats.gaussian_kde(x.numpy().T)
    standardized = (x - x.mean(0)) / x.std(0, correction=0)
    assert bandwidth_factor(standardized, "scott") == pytest.approx(kde.scotts_factor())
    assert bandwidth_factor(standardized, "silverman") == pytest.approx(kde.silverman_factor())


@pytest.mark.parametrize("dimensions", [1, 2])
def test_leave_one_out_is_where_its_likelihood_is_highest(dimensions: int) -> None:
    x = shape_of_data(120, dimensions)
    x = (x - x.mean(0)) / x.std(0, correction=0)

    def likelihood(h: float) -> float:
        total = 0.0
        for i in range(len(x)):
            others = torch.cat((x[:i], x[i + 1 :]))
            kernels = -0.5 * ((others - x[i]) / h).square().sum(1) - dimensions * math.log(h)
            total += float(torch.logsumexp(kernels, 0))
        return total

    best = bandwidth_factor(x, "leave_one_out")
    assert likelihood(best) > likelihood(best * 1.05)
    assert likelihood(best) > likelihood(best / 1.05)
    assert likelihood(best) > likelihood(bandwidth_factor(x, "scott"))


def test_a_manual_bandwidth_is_in_the_datas_units() -> None:
    unit = torch.tensor([2.0, 5.0], dtype=torch.float64)
    made = BASES[KDESpec](KDESpec(rule="manual", bandwidth=0.5), Place((2,), generator(), 0, unit))
    made.fit(shape_of_data(50, 2))
    assert isinstance(made, KDE)
    torch.testing.assert_close(made.bandwidth * unit, torch.full((2,), 0.5).double())


def test_a_kernel_density_takes_a_new_bandwidth_from_the_points_it_has() -> None:
    unit = torch.ones(2, dtype=torch.float64)
    made = fitted(KDESpec(rule="manual", bandwidth=0.5), 2)
    points = made.get_buffer("points")
    made.configure(KDESpec(rule="manual", bandwidth=0.1), unit)
    assert made.get_buffer("bandwidth").tolist() == [0.1, 0.1]
    made.configure(KDESpec(rule="scott"), unit)
    assert made.get_buffer("points") is points
    torch.testing.assert_close(made.get_buffer("bandwidth"), fitted(KDESpec(rule="scott"), 2).get_buffer("bandwidth"))


def test_a_kernel_density_keeps_no_more_points_than_asked_and_says_when_it_has_none() -> None:
    made = base(KDESpec(points=50), 2)
    for use in (lambda: made.log_prob(torch.zeros(1, 2).double()), lambda: made.sample(1)):
        with pytest.raises(ValueError, match="no points yet"):
            use()
    made.fit(shape_of_data(400, 2))
    assert made.get_buffer("points").shape == (50, 2)


@pytest.mark.parametrize("rule", ["scott", "silverman", "leave_one_out"])
@pytest.mark.parametrize("count", [1, 2, 40])
def test_bandwidths_of_few_or_equal_points_are_positive(rule: str, count: int) -> None:
    for x in (torch.full((count, 2), 3.0).double(), shape_of_data(count, 2)):
        made = base(KDESpec(rule=rule), 2)  # type: ignore[arg-type]
        made.fit(x)
        assert (made.get_buffer("bandwidth") > 0).all()
        assert torch.isfinite(made.log_prob(x)).all()
