"""Painting, on arrays alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowviz.app import painting
from flowviz.app.painting import Brush, Stroke
from flowviz.pipeline import CANVAS, DrawnTarget

HARD = Brush(size=10, softness=0.0, strength=1.0)
position = st.floats(-50, CANVAS + 50)


def stroke(tool: painting.Tool, *points: tuple[float, float], brush: Brush = HARD, before=None, **options) -> Stroke:
    made = Stroke(painting.blank() if before is None else before, tool, brush, *points[0], **options)
    for x, y in points[1:]:
        made.move(x, y)
    return made


def test_dab_has_the_area_of_its_disc():
    cells = stroke("brush", (100.0, 60.0)).cells()
    assert cells.sum() == pytest.approx(np.pi * 5**2, rel=0.05)
    rows, columns = np.nonzero(cells)
    assert (columns + 0.5).mean() == pytest.approx(100, abs=0.5)
    assert (rows + 0.5).mean() == pytest.approx(60, abs=0.5)
    assert cells[60, 100] == 1.0


@given(x0=position, y0=position, x1=position, y1=position, size=st.floats(1, 160), softness=st.floats(0, 1))
@settings(max_examples=40, deadline=None)
def test_fast_moves_leave_no_gap(x0, y0, x1, y1, size, softness):
    """One jump of the mouse paints what a thousand small moves do."""
    brush = Brush(size=size, softness=softness, strength=1.0)
    jump = stroke("brush", (x0, y0), (x1, y1), brush=brush).cells()
    small = [(x0 + t * (x1 - x0), y0 + t * (y1 - y0)) for t in np.linspace(0, 1, 60)]
    slow = stroke("brush", *small, brush=brush).cells()
    assert np.abs(jump - slow).max() < 2e-3


@given(tool=st.sampled_from(painting.TOOLS), points=st.lists(st.tuples(position, position), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_cells_stay_in_range_and_make_a_target(tool, points):
    before = painting.from_weights(
        np.arange(CANVAS * CANVAS, dtype=np.uint32).reshape(CANVAS, CANVAS).astype(np.uint16)
    )
    cells = stroke(tool, *points, before=before, brush=Brush(), stamp=np.ones((9, 31), np.float32)).cells()
    assert cells.dtype == np.float32
    assert cells.min() >= 0
    assert cells.max() <= 1
    again = painting.from_weights(DrawnTarget.from_array(cells).array())
    assert np.abs(again - cells).max() <= 0.51 / 65535


def test_crossing_itself_adds_nothing_but_a_second_stroke_does():
    brush = Brush(size=12, softness=0.5, strength=0.5)
    once = stroke("brush", (50, 50), (90, 50), brush=brush)
    back = stroke("brush", (50, 50), (90, 50), (50, 50), brush=brush)
    np.testing.assert_array_equal(once.cells(), back.cells())
    second = stroke("brush", (50, 50), (90, 50), brush=brush, before=once.cells())
    assert second.cells()[50, 70] == pytest.approx(0.75)


def test_eraser_takes_away_and_touches_nothing_else():
    full = np.ones((CANVAS, CANVAS), np.float32)
    cells = stroke("eraser", (30.0, 40.0), (60.0, 40.0), before=full).cells()
    assert cells[40, 45] == 0
    assert cells[60, 45] == 1
    assert (full == 1).all()


def test_softness_falls_off_from_the_centre():
    hard = stroke("brush", (128.0, 128.0), brush=Brush(size=40, softness=0, strength=1)).cells()[128]
    soft = stroke("brush", (128.0, 128.0), brush=Brush(size=40, softness=1, strength=1)).cells()[128]
    assert (hard[110:146] == 1).all()
    assert 0.4 < soft[138] < 0.6
    assert (np.diff(soft[128:150]) <= 0).all()
    assert soft[149:].max() == 0


def test_line_follows_the_mouse_and_leaves_no_trail():
    moved = stroke("line", (20, 20), (200, 30), (20, 200))
    straight = stroke("line", (20, 20), (20, 200))
    np.testing.assert_array_equal(moved.cells(), straight.cells())


def test_ellipse_and_disc():
    outline = stroke("ellipse", (60, 80), (160, 140), brush=Brush(size=6, softness=0, strength=1)).cells()
    disc = stroke("disc", (60, 80), (160, 140)).cells()
    assert disc.sum() == pytest.approx(np.pi * 50 * 30, rel=0.03)
    assert outline[110, 110] == 0
    for row, column in ((110, 60), (110, 159), (80, 110), (139, 110)):
        assert outline[row, column] == 1
    half = np.pi * (3 * (50 + 30) - np.sqrt((3 * 50 + 30) * (50 + 3 * 30)))  # Ramanujan's perimeter
    assert outline.sum() == pytest.approx(6 * half, rel=0.1)


def test_shift_constrains():
    circle = Stroke(painting.blank(), "disc", HARD, 50, 50)
    circle.move(150, 90, constrain=True)
    rows, columns = np.nonzero(circle.cells() > 0.5)
    assert np.ptp(rows) == np.ptp(columns) == 99
    line = Stroke(painting.blank(), "line", HARD, 50, 50)
    line.move(150, 60, constrain=True)
    assert np.nonzero(line.cells() > 0.5)[0].max() == 54
    line.move(150, 140, constrain=True)
    assert line.cells()[140, 140] == 1
    brush = Stroke(painting.blank(), "brush", HARD, 50, 50)
    brush.move(60, 120, constrain=True)
    assert np.nonzero(brush.cells() > 0.5)[1].max() == 54


def test_spray_stays_under_the_brush_and_builds_up_while_it_rests():
    spray = stroke("spray", (100, 100), brush=Brush(size=40, softness=0.5, strength=1.0))
    first = spray.cells().sum()
    for _ in range(20):
        spray.rest()
    assert spray.cells().sum() > 5 * first > 0
    rows, columns = np.nonzero(spray.cells())
    assert (np.hypot(rows + 0.5 - 100, columns + 0.5 - 100) <= 21).all()
    brush = stroke("brush", (100, 100))
    painted = brush.cells().sum()
    brush.rest()
    assert brush.cells().sum() == painted
    same = stroke("spray", (100, 100), (140, 90), brush=Brush(), seed=7).cells()
    np.testing.assert_array_equal(same, stroke("spray", (100, 100), (140, 90), brush=Brush(), seed=7).cells())


def test_stamp_is_centred_and_cut_at_the_edge():
    stamp = np.zeros((10, 20), np.float32)
    stamp[0, :] = 1
    cells = stroke("text", (100, 50), brush=Brush(strength=1), stamp=stamp).cells()
    assert cells[45, 90:110].min() == 1
    assert cells.sum() == 20
    assert stroke("text", (0, 5), brush=Brush(strength=1), stamp=stamp).cells().sum() == 10
    assert stroke("text", (-500, 5), brush=Brush(strength=1), stamp=stamp).cells().sum() == 0


def test_invert_twice_is_nothing():
    cells = stroke("brush", (80, 80)).cells()
    assert painting.invert(painting.blank()).min() == 1
    np.testing.assert_allclose(painting.invert(painting.invert(cells)), cells, atol=1e-6)


def test_density_becomes_cells_in_place():
    """A Gaussian's bump lands where its mean is, whatever the two boxes are."""
    source = (-2.0, 6.0, -1.0, 3.0)
    x = -2 + (np.arange(200) + 0.5) * 8 / 200
    y = (-1 + (np.arange(100) + 0.5) * 4 / 100)[:, None]
    density = np.exp(-0.5 * ((x - 1) ** 2 + (y - 2) ** 2) / 0.3**2)
    cells = painting.from_density(density, source, (-4.0, 4.0, -4.0, 4.0))
    row, column = np.unravel_index(cells.argmax(), cells.shape)
    assert ((column + 0.5) / 32 - 4, (row + 0.5) / 32 - 4) == pytest.approx((1, 2), abs=0.04)
    assert cells.max() == 1
    assert cells.sum() / 32**2 == pytest.approx(2 * np.pi * 0.09, rel=0.02)
    assert cells[: (3 * 32) - 1].max() == 0  # below the source there is nothing


def test_points_become_cells():
    points = np.random.default_rng(0).normal([1.0, -1.0], 0.2, (4000, 2))
    cells = painting.from_points(points, (-4.0, 4.0, -4.0, 4.0))
    total = cells.sum()
    centres = (np.arange(CANVAS) + 0.5) / 32 - 4
    assert (cells.sum(0) @ centres / total, cells.sum(1) @ centres / total) == pytest.approx((1, -1), abs=0.02)
    assert cells.max() == 1
    assert painting.from_points(np.full((3, 2), 99.0), (-4.0, 4.0, -4.0, 4.0)).max() == 0


def test_blur_keeps_the_mass():
    cells = painting.blank()
    cells[128, 128] = 1
    soft = painting.blur(cells, 3.0)
    assert soft.sum() == pytest.approx(1, rel=1e-4)
    assert soft[128, 131] / soft[128, 128] == pytest.approx(np.exp(-0.5), rel=1e-4)
    assert painting.blur(cells, 0) is cells
