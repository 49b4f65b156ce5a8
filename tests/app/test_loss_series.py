"""The loss curve's storage, smoothing and decimation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowviz.app.loss_series import Series, Smoothed, decimate, decimate_log, ema, visible

values = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=400)


@given(values=values, most=st.integers(4, 120))
@settings(max_examples=150, deadline=None)
def test_decimation_keeps_ends_extremes_and_order(values, most):
    y = np.array(values)
    x = np.arange(1, len(y) + 1, dtype=float)
    dx, dy = decimate(x, y, most)
    assert len(dx) <= most or len(x) <= most
    assert (np.diff(dx) > 0).all()
    assert (dx[0], dx[-1]) == (x[0], x[-1])
    assert (dy.min(), dy.max()) == (y.min(), y.max())
    np.testing.assert_array_equal(dy, y[(dx - 1).astype(int)])


@given(values=values, most=st.integers(8, 80))
@settings(max_examples=60, deadline=None)
def test_every_bin_keeps_its_own_extremes(values, most):
    """So that the drawn line covers the same pixels as the whole curve."""
    y = np.array(values)
    x = np.arange(len(y), dtype=float)
    dx, dy = decimate(x, y, most)
    if len(x) <= most:
        return
    length = -(-len(y) // (most // 4))
    for start in range(0, len(y), length):
        inside = dy[(dx >= start) & (dx < start + length)]
        whole = y[start : start + length]
        assert (inside.min(), inside.max()) == (whole.min(), whole.max())


def test_a_million_steps_become_a_thousand_points():
    y = np.random.default_rng(0).normal(size=1_000_000)
    y[123_456], y[777_777] = 50.0, np.nan
    dx, dy = decimate(np.arange(1_000_000.0), y, 2000)
    assert len(dx) <= 2000
    assert np.nanmax(dy) == 50.0


def test_on_a_logarithmic_axis_the_first_steps_keep_their_points():
    x = np.arange(1, 200_001.0)
    y = np.random.default_rng(0).normal(size=x.size)
    dx, dy = decimate_log(x, y, 1200)
    assert len(dx) <= 1200
    assert (np.diff(dx) > 0).all()
    np.testing.assert_array_equal(dy, y[(dx - 1).astype(int)])
    assert ((dx >= 100) & (dx < 1000)).sum() > 150
    assert ((decimate(x, y, 1200)[0]) < 1000).sum() < 10
    assert (dy.min(), dy.max()) == (y.min(), y.max())
    np.testing.assert_array_equal(decimate_log(x[:50], y[:50], 100)[0], x[:50])


def test_bins_of_nothing_finite_survive():
    dx, dy = decimate(np.arange(100.0), np.full(100, np.nan), 20)
    assert len(dx) <= 20
    assert np.isnan(dy).all()


@given(values=values, decay=st.floats(0.5, 0.999), before=st.floats(-10, 10), repeat=st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_average_in_blocks_is_the_recursion(values, decay, before, repeat):
    x = np.tile(np.array(values), repeat)[:3000]
    expected, y = [], before
    for value in x:
        y = decay * y + (1 - decay) * value
        expected.append(y)
    np.testing.assert_allclose(ema(x, decay, before), expected, rtol=1e-6, atol=1e-6 * (1 + np.abs(x).max()))


def test_smoothing_in_pieces_is_smoothing_at_once():
    y = np.random.default_rng(1).normal(3, 1, 500)
    y[40] = np.nan
    steps = np.arange(1, 501)
    whole, pieces = Smoothed(20), Smoothed(20)
    whole.append(steps, y)
    for start in range(0, 500, 37):
        pieces.append(steps[start : start + 37], y[start : start + 37])
    np.testing.assert_allclose(pieces.values, whole.values, rtol=1e-6)  # kept in single precision
    assert len(whole) == 499
    assert whole.values[0] == pytest.approx(y[0])
    constant = Smoothed(50)
    constant.append(np.arange(5), np.full(5, 7.0))
    assert constant.values == pytest.approx(np.full(5, 7.0))


def test_going_back_forgets_what_came_after():
    series, smooth = Series(), Smoothed(10)
    for line in (series, smooth):
        line.append(np.arange(1, 3001), np.ones(3000))
        line.append(np.array([2001, 2002]), np.array([1.0, 1.0]))
        assert len(line) == 2002
        assert line.steps[-1] == 2002
    assert series.at(1999.6) == (2000.0, 1.0)
    assert series.at(1e9) == (2002.0, 1.0)
    series.append(np.array([]), np.array([]))
    assert len(series) == 2002
    series.clear()
    assert series.at(5) is None


def test_visible_part_reaches_over_the_edges():
    x = np.arange(100.0)
    assert x[visible(x, 10.5, 20.5)].tolist() == list(range(10, 22))
    assert visible(x, -5, 500) == slice(0, 100)
