"""The pieces that densities are integrated with, each against a plainer way to the same number."""

import math

import numpy as np
import pytest
import torch

from flowviz.pipeline import NamedTarget
from flowviz.targets import load
from flowviz.targets.boxes import box_density, box_log_density
from flowviz.targets.curves import Arm, BlurredCurves, quadrature
from flowviz.targets.mixtures import blurred_log_prob
from flowviz.targets.rings import Rings
from flowviz.targets.sheets import roll


def plane(cells: int = 60, reach: float = 4.5) -> torch.Tensor:
    line = torch.linspace(-reach, reach, cells, dtype=torch.float64)
    return torch.cartesian_prod(line, line)


def test_a_finer_rule_changes_nothing() -> None:
    arm = Arm(roll)
    log_prob = BlurredCurves([arm], 0.2, ((-4.0, 4.0),) * 2).log_prob(plane())
    nodes, weights, places = quadrature(arm, 0.2, nodes=40, panel=6.0)
    finer = blurred_log_prob(plane(), nodes, weights, 0.2)
    assert float(weights.sum()) == pytest.approx(1.0, abs=1e-12)
    assert ((places > 0.0) & (places < 1.0)).all()
    near = finer > -100.0
    assert torch.allclose(log_prob[near], finer[near], rtol=0.0, atol=1e-8)


def test_a_ring_in_closed_form_is_the_integral_along_it() -> None:
    rings = Rings([(1.0, -0.5, 2.0), (0.0, 0.0, 0.7)], 0.3, ((-4.0, 4.0),) * 2)
    along = BlurredCurves.log_prob(rings, plane())
    near = along > -100.0
    assert torch.allclose(rings.log_prob(plane())[near], along[near], rtol=0.0, atol=1e-8)


def test_two_spirals_against_a_sum_over_the_definition() -> None:
    """Every step of FFJORD's recipe on a fine rule: U along the arm, two uniform offsets, normal noise."""
    abscissae, rule = np.polynomial.legendre.leggauss(400)
    u = torch.from_numpy((abscissae + 1.0) / 2.0)
    n = 3.0 * math.pi * u  # with weight 2u: n = 3π √U
    weights = torch.from_numpy(rule / 2.0) * 2.0 * u
    offsets = torch.from_numpy((np.polynomial.legendre.leggauss(12)[0] + 1.0) / 4.0)
    offset_weights = torch.from_numpy(np.polynomial.legendre.leggauss(12)[1] / 2.0)
    x = torch.tensor([[0.0, 0.0], [1.0, 0.3], [-2.2, 1.0], [3.0, -1.0], [0.4, -2.9]], dtype=torch.float64)
    arm = torch.stack([-n.cos() * n, n.sin() * n], 1)
    grid = torch.cartesian_prod(offsets, offsets)
    grid_weights = torch.outer(offset_weights, offset_weights).reshape(-1)
    centres = (arm[:, None, :] + grid).reshape(-1, 2) / 3.0
    each = (weights[:, None] * grid_weights).reshape(-1)
    exact = blurred_log_prob(x, torch.cat([centres, -centres]), torch.cat([each, each]) / 2.0, 0.1)
    spirals = load(NamedTarget(name="two_spirals"))
    assert torch.allclose(spirals.log_prob(x), exact, rtol=0.0, atol=1e-6)
    # The three ways to the same number: points on a grid, scattered points, and points that carry a gradient.
    many = torch.cat([x, torch.randn(3000, 2, dtype=torch.float64)])
    assert torch.allclose(spirals.log_prob(many)[:5], exact, rtol=0.0, atol=1e-6)
    assert torch.allclose(spirals.log_prob(x.clone().requires_grad_()), exact, rtol=0.0, atol=1e-6)


def test_a_blurred_box_far_out() -> None:
    offsets = torch.linspace(-3.0, 5.0, 801, dtype=torch.float64)
    assert torch.allclose(box_density(offsets, 1.5, 0.2).log(), box_log_density(offsets, 1.5, 0.2), atol=1e-9)
    assert float(box_density(offsets, 1.5, 0.2).sum() * 0.01) == pytest.approx(1.0, abs=1e-9)
    far = box_log_density(torch.tensor([-100.0, 101.5], dtype=torch.float64), 1.5, 0.2)
    # At the near edge the tail falls like N(d; 0, σ²) σ²/(d w).
    expected = -0.5 * (100.0 / 0.2) ** 2 - 0.5 * math.log(2 * math.pi) + math.log(0.2 / (100.0 * 1.5))
    assert far.tolist() == pytest.approx([expected, expected], abs=1e-3)


def test_the_pinwheel_turns_samples_onto_its_density() -> None:
    """Untangled by hand where nothing folds: (r, s) at the arm's middle has a density known in closed form."""
    r = torch.tensor([0.4, 0.8, 1.0, 1.5, 1.9], dtype=torch.float64)
    for arm in range(5):
        angle = arm * 2.0 * math.pi / 5.0 + 0.25 * r.exp()
        x = 2.0 * torch.stack([r * angle.cos(), r * angle.sin()], 1)
        main = -0.5 * ((r - 1.0) / 0.3) ** 2 - math.log(2.0 * math.pi * 0.3 * 0.1 * 5.0 * 4.0)
        log_prob = load(NamedTarget(name="pinwheel")).log_prob(x)
        assert (log_prob >= main - 1e-9).all()
        assert torch.allclose(log_prob, main, rtol=0.0, atol=0.02)
