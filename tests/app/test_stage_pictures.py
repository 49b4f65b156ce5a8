"""Pictures, morphs and level lines, on arrays alone."""

from __future__ import annotations

import numpy as np
import pytest

from flowviz.app import morph, pictures
from flowviz.engine.messages import Array, Picture

BOX = (-4.0, 4.0, -3.0, 3.0)


def grid(width=160, height=120, box=BOX):
    x = box[0] + (np.arange(width) + 0.5) * (box[1] - box[0]) / width
    y = box[2] + (np.arange(height) + 0.5) * (box[3] - box[2]) / height
    return x[None, :], y[:, None]


def normal(sx=1.0, sy=0.5):
    x, y = grid()
    return (-0.5 * ((x / sx) ** 2 + (y / sy) ** 2) - np.log(2 * np.pi * sx * sy)).astype(np.float32)


def test_density_draws_what_is_not_finite_as_nothing():
    values = normal()
    values[0, :4] = [np.nan, np.inf, -np.inf, 90.0]
    shown = pictures.density(Picture(box=BOX, values=Array.of(values)))
    assert shown.dtype == np.float32
    assert shown[0, 0] == shown[0, 2] == 0
    assert np.isfinite(shown).all()
    assert shown[60, 80] == pytest.approx(np.exp(values[60, 80]))


def test_drawn_density_integrates_to_one():
    cells = np.random.default_rng(0).random((256, 256)).astype(np.float32)
    shown = pictures.drawn_density(cells, BOX)
    assert shown.sum(dtype=np.float64) * 48 / 256**2 == pytest.approx(1, rel=1e-5)
    assert pictures.drawn_density(np.zeros((256, 256), np.float32), BOX).max() == 0


def test_peak_ignores_one_spike_but_not_a_mode():
    flat = np.ones((200, 200), np.float32)
    flat[3, 3] = 2.0
    assert pictures.peak(flat) == 1.0
    flat[3, 3] = 100.0
    assert pictures.peak(flat) == 25.0
    assert pictures.peak(np.zeros((0,))) == 0.0


def test_held_scale_stays_while_the_picture_wavers():
    scale = pictures.HeldScale()
    assert scale.update(0.0) == 1.0
    assert scale.update(0.4) == 0.4
    assert scale.update(0.43) == 0.4
    assert scale.update(0.3) == 0.4
    assert scale.update(0.5) == 0.5
    assert scale.update(0.2) == 0.2
    assert scale.update(0.0) == 0.2


def test_held_range_stays_while_the_data_fill_it():
    held = pictures.HeldRange()
    first = held.update(0, 10)
    assert first[0] < 0 < 10 < first[1]
    assert held.update(1, 9) == first
    assert held.update(2, 4) != first
    wide = held.update(-50, 4)
    assert wide[0] < -50
    low, high = pictures.HeldRange().update(3, 3)
    assert low < 3 < high


def test_held_boxes_are_held_one_by_one():
    held = pictures.HeldBoxes()
    points = np.random.default_rng(0).uniform(-1, 1, (400, 2))
    states = np.stack([points, 10 * points])
    first = held.update(states)
    assert first[0][1] == pytest.approx(1.1, abs=0.1)
    assert first[1][1] == pytest.approx(11, abs=1)
    again = held.update(np.stack([0.9 * points, 30 * points]))
    assert again[0] == first[0]
    assert again[1][1] > 29
    assert len(held.update(states[:1])) == 1


def test_boxes():
    assert pictures.squared((0, 4, 0, 2)) == (0, 4, -1, 3)
    assert pictures.squared((0, 40, 0, 2)) == (0, 40, 0, 2)
    assert pictures.mix((0, 1, 0, 1), (2, 3, 4, 5), 0.5) == (1, 2, 2, 3)


def test_mass_levels_enclose_their_mass():
    """Outlines of a Gaussian's highest-density regions: p = p_max (1 - share)."""
    values = np.exp(normal())
    levels = pictures.mass_levels(values, (0.25, 0.5, 0.9))
    assert levels == pytest.approx([values.max() * (1 - share) for share in (0.25, 0.5, 0.9)], rel=0.02)
    assert pictures.mass_levels(np.zeros((4, 4)), (0.5,)) == []


def test_level_lines_lie_on_their_level():
    """Every end of a segment lies on the ellipse where the Gaussian has that log-density."""
    values = normal()
    lines = pictures.level_lines(values, [-2.0, -4.0], BOX, most=200)
    assert len(lines) % 2 == 0
    assert len(lines) > 200
    at = -0.5 * (lines[:, 0] ** 2 + (lines[:, 1] / 0.5) ** 2) - np.log(2 * np.pi * 0.5)
    assert np.minimum(abs(at + 2.0), abs(at + 4.0)).max() < 0.02
    length = np.hypot(*np.diff(lines.reshape(-1, 2, 2), axis=1)[:, 0].T).sum()
    radius = np.sqrt(2 * (np.array([2.0, 4.0]) - np.log(np.pi)))
    perimeter = sum(np.pi * r * (3 * 1.5 - np.sqrt(3.5 * 2.5)) for r in radius)  # Ramanujan, half axes r and r/2
    assert length == pytest.approx(perimeter, rel=0.01)


def test_level_lines_are_closed_and_thinned():
    lines = pictures.level_lines(normal(), [-3.0], BOX, most=40)
    ends, counts = np.unique(lines.round(4), axis=0, return_counts=True)
    assert (counts == 2).all()
    assert len(ends) < 200
    assert pictures.level_lines(normal(), [5.0], BOX).shape == (0, 2)
    assert pictures.level_lines(np.zeros((1, 1)), [0.5], BOX).shape == (0, 2)


@pytest.mark.parametrize("case", range(16))
def test_every_corner_case_of_a_square(case):
    """A level line leaves the corners above it on one side and those below on the other; a saddle has two lines."""
    corners = np.array([[case & 1, (case >> 1) & 1], [(case >> 3) & 1, (case >> 2) & 1]], float)
    lines = pictures.level_lines(corners, [0.5], (0.0, 2.0, 0.0, 2.0)).reshape(-1, 2, 2)
    assert len(lines) == (0 if case in (0, 15) else 2 if case in (5, 10) else 1)
    places = np.array([[0.5, 0.5], [1.5, 0.5], [0.5, 1.5], [1.5, 1.5]])
    if len(lines) == 1:
        (start, end), above = lines[0], corners.ravel() > 0.5
        (dx, dy), away = end - start, places - start
        side = dx * away[:, 1] - dy * away[:, 0]
        assert (side != 0).all()
        assert len(set(side[above] > 0)) == len(set(side[~above] > 0)) == 1
        assert (side[above] > 0)[0] != (side[~above] > 0)[0]


def test_morph_runs_from_base_to_data():
    states = np.arange(4, dtype=np.float32)[:, None, None] * np.ones((4, 3, 2), np.float32)
    assert morph.along(states, 0.0).max() == 3
    assert morph.along(states, 1.0).max() == 0
    assert morph.along(states, 0.5).max() == 1.5
    assert morph.along(states[:1], 0.3).max() == 0
    assert [morph.layer_at(4, share) for share in (0.0, 0.4, 0.6, 1.0)] == [2, 1, 1, 0]
    assert morph.between(states[0], states[1], 0.25).dtype == np.float32


def test_log_det_of_a_layer_is_the_same_whichever_end_the_lattice_comes_from():
    """z = 3 x after a layer of scale 2: log 3 is its own, forward (0, log 2, log 6) and turned (-log 6, -log 3, 0)."""
    forward = np.log([2.0, 6.0])
    turned = -np.log([3.0, 1.0])
    assert morph.log_det(forward[0], forward[1]) == pytest.approx(np.log(3), rel=1e-6)
    assert morph.log_det(turned[0], turned[1]) == pytest.approx(np.log(3), rel=1e-6)


def test_spread_keeps_the_numbers_and_separates_neighbours():
    points = morph.spread(np.linspace(-1, 1, 100))
    np.testing.assert_allclose(points[:, 0], np.linspace(-1, 1, 100), rtol=1e-6)
    assert (points[:, 1] > 0).all()
    assert (points[:, 1] < 1).all()
    assert (np.abs(np.diff(points[:, 1])) > 0.1).all()
