"""The tests of the report: right under the hypothesis, decisive against it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from flowviz.diagnostics.statistics import mmd, normal_quantiles, normality, sliced_wasserstein

stats = pytest.importorskip("scipy.stats")


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_the_quantiles_and_their_band() -> None:
    found = normal_quantiles(normal(4000), 19).numpy()
    np.testing.assert_allclose(found[:, 0], stats.norm.ppf(np.arange(1, 20) / 20), atol=1e-9)
    assert ((found[:, 2] < found[:, 1]) & (found[:, 1] < found[:, 3])).mean() > 0.9
    wide = normal_quantiles(1.3 * normal(4000), 19).numpy()
    assert ((wide[:, 1] < wide[:, 2]) | (wide[:, 1] > wide[:, 3])).mean() > 0.8
    middle = found[9]
    assert middle[3] - middle[2] == pytest.approx(2 * 1.96 * 0.5 / np.sqrt(4000) / stats.norm.pdf(0), rel=1e-6)


def test_normality_is_that_of_scipy_with_holms_correction() -> None:
    z = normal(500, 3, seed=4)
    z[:, 1] += 0.09
    p, column = normality(z)
    expected = [stats.kstest(z[:, i].numpy(), "norm").pvalue for i in range(3)]
    assert column == int(np.argmin(expected)) == 1
    assert p == pytest.approx(min(1.0, 3 * min(expected)), rel=0.1)
    assert normality(2.0 * normal(500, 3))[0] < 1e-6


def test_mmd_is_its_formula() -> None:
    x, y = normal(12, 2), normal(12, 2, seed=1) + 0.5
    both = torch.cat((x, y))
    squares = (both[:, None] - both[None]).square().sum(2)
    median = squares[~torch.eye(24, dtype=torch.bool)].median()
    kernel = sum(torch.exp(-0.5 * squares / (median * w**2)) for w in (0.25, 0.5, 1, 2, 4))
    inner = [[float(kernel[i, j]) for i in part for j in part if i != j] for part in (range(12), range(12, 24))]
    expected = np.mean(inner[0]) + np.mean(inner[1]) - 2 * float(kernel[:12, 12:].mean())
    assert mmd(x, y).value == pytest.approx(expected, abs=1e-12)


def test_sliced_wasserstein_of_a_shift_in_one_dimension_is_the_shift() -> None:
    x = normal(60, 1)
    assert sliced_wasserstein(x, x + 0.7).value == pytest.approx(0.7)
    assert sliced_wasserstein(x, x).value == 0.0


@pytest.mark.parametrize("measure", [mmd, sliced_wasserstein])
def test_chance_and_more_than_chance(measure: object) -> None:
    same = [measure(normal(80, 2, seed=2 * i), normal(80, 2, seed=2 * i + 1), permutations=50).p for i in range(8)]  # type: ignore[operator]
    assert 0.2 < sum(same) / len(same) < 0.8
    other = measure(normal(80, 2), normal(80, 2, seed=1) * 1.8)  # type: ignore[operator]
    assert other.p < 0.02
    assert other.value > other.limit
