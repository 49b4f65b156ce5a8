"""The baselines against closed forms and scikit-learn."""

import math

import numpy as np
import pytest
import torch
from sklearn.model_selection import LeaveOneOut, cross_val_score
from sklearn.neighbors import KernelDensity
from torch import Tensor
from torch.distributions import MultivariateNormal

from flowviz.diagnostics import gaussian_nll, kde_nll
from flowviz.diagnostics.baselines import leave_one_out_bandwidth
from flowviz.pipeline import NamedTarget
from flowviz.targets import load


def points(count: int, dimensions: int = 3, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    mix = torch.tensor([[2.0, 0.0, 0.0], [0.7, 0.3, 0.0], [-1.0, 0.1, 0.05]])[:dimensions, :dimensions]
    return torch.randn(count, dimensions, generator=generator) @ mix.T + torch.tensor([5.0, -1.0, 0.2])[:dimensions]


def test_gaussian_on_its_own_points_is_half_log_det_2_pi_e_sigma() -> None:
    """Exact for the maximum-likelihood fit, which divides by N and not by N − 1."""
    train = points(50)
    covariance = np.cov(train.double().numpy().T, ddof=0)
    exact = 0.5 * np.linalg.slogdet(2.0 * math.pi * math.e * covariance)[1]
    assert gaussian_nll(train, train) == pytest.approx(exact, abs=1e-9)


def test_gaussian_on_other_points() -> None:
    train, held_out = points(400), points(100, seed=1)
    data = train.double()
    exact = MultivariateNormal(data.mean(0), torch.cov(data.T, correction=0))
    assert gaussian_nll(train, held_out) == pytest.approx(-float(exact.log_prob(held_out.double()).mean()), abs=1e-9)


def test_gaussian_of_columns_ten_orders_apart() -> None:
    scale = torch.tensor([1e-6, 1.0, 1e4], dtype=torch.float64)
    train, held_out = points(400).double(), points(100, seed=1).double()
    shifted = gaussian_nll(train * scale, held_out * scale)
    assert shifted == pytest.approx(gaussian_nll(train, held_out) + float(scale.log().sum()), abs=1e-6)


@pytest.mark.parametrize("baseline", [gaussian_nll, kde_nll])
def test_data_without_spread_gives_a_number(baseline: object) -> None:
    flat = torch.cat([points(100, 2), torch.full((100, 1), 3.0), points(100, 2)[:, :1]], 1)
    assert math.isfinite(baseline(flat, flat[:20]))  # type: ignore[operator]
    same = torch.ones(20, 2)
    assert math.isfinite(baseline(same, same))  # type: ignore[operator]


def test_kde_against_scikit_learn() -> None:
    train, held_out = points(300, 2), points(100, 2, seed=1)
    scale = train.double().std(0, correction=0)
    white = train.double() / scale
    bandwidth = leave_one_out_bandwidth(white)
    oracle = KernelDensity(kernel="gaussian", bandwidth=bandwidth).fit(white.numpy())
    exact = -oracle.score_samples((held_out.double() / scale).numpy()).mean() + float(scale.log().sum())
    assert kde_nll(train, held_out) == pytest.approx(exact, abs=1e-9)


def test_bandwidth_is_the_best_left_one_out() -> None:
    data = points(80, 2).double() / points(80, 2).double().std(0)
    chosen = leave_one_out_bandwidth(data)

    def score(bandwidth: float) -> float:
        return float(cross_val_score(KernelDensity(bandwidth=bandwidth), data.numpy(), cv=LeaveOneOut()).mean())

    best = score(chosen)
    assert all(best >= score(chosen * factor) for factor in (0.5, 0.8, 0.97, 1.03, 1.25, 2.0))


@pytest.mark.parametrize(
    ("name", "gaussian", "kde"),
    [
        ("two_moons", 3.294, 2.440),
        ("eight_gaussians", 4.255, 2.870),
        ("circles", 3.892, 3.322),
        ("rings", 3.589, 2.765),
        ("swiss_roll", 3.466, 2.726),
        ("two_spirals", 3.746, 2.733),
        ("checkerboard", 4.493, 3.634),
        ("banana", 4.077, 3.587),
    ],
)
def test_on_the_named_densities(name: str, gaussian: float, kde: float) -> None:
    """Figures computed apart from this code (validation chose that bandwidth); both lie above the entropy."""
    target = load(NamedTarget(name=name))
    train, held_out = target.train_points(2000), target.held_out(4000)
    found = gaussian_nll(train, held_out), kde_nll(train, held_out)
    assert found[0] == pytest.approx(gaussian, abs=0.05)
    assert found[1] == pytest.approx(kde, abs=0.06)
    assert target.entropy is not None
    floor = -float(target.log_prob(held_out).double().mean())
    assert min(found) > floor


def test_only_the_first_two_thousand_carry_a_kernel() -> None:
    train, held_out = points(2500, 2), points(50, 2, seed=1)
    assert kde_nll(train, held_out) == kde_nll(train[:2000], held_out)
