"""Boxes hold still, and grids lie in them."""

from __future__ import annotations

import numpy as np
import pytest

from flowviz.training.frames_boxes import Boxes, around, extent, grid_points, grid_shape


def cloud(scale: float = 1.0, shift: float = 0.0) -> np.ndarray:
    return (np.random.default_rng(0).normal(size=(1000, 2)) * scale + shift).astype(np.float32)


def inside(points: np.ndarray, box: tuple[float, float, float, float]) -> float:
    x, y = points[:, 0], points[:, 1]
    return float(((x >= box[0]) & (x <= box[1]) & (y >= box[2]) & (y <= box[3])).mean())


def test_a_box_holds_nearly_all_points_and_is_square() -> None:
    box = Boxes().hold("l1", cloud())
    assert inside(cloud(), box) >= 0.995
    assert box[1] - box[0] == pytest.approx(box[3] - box[2])


def test_one_outlier_does_not_make_everything_small() -> None:
    points = cloud()
    points[0] = (1e4, -1e6)
    box = Boxes().hold("l1", points)
    assert box[1] - box[0] < 12


def test_small_moves_leave_the_box_alone_and_large_ones_do_not() -> None:
    boxes = Boxes()
    first = boxes.hold("l1", cloud())
    for scale in (1.1, 0.9, 1.05, 0.8):
        assert boxes.hold("l1", cloud(scale, 0.1)) == first
    grown = boxes.hold("l1", cloud(3.0))
    assert inside(cloud(3.0), grown) >= 0.99
    assert boxes.hold("l1", cloud(2.9)) == grown
    shrunk = boxes.hold("l1", cloud(0.5))
    assert shrunk[1] - shrunk[0] < 0.5 * (grown[1] - grown[0])


def test_scales_that_differ_much_are_not_forced_into_a_square() -> None:
    box = around((0.0, 1000.0, 0.0, 1.0))
    assert box[1] - box[0] > 500 * (box[3] - box[2])


def test_points_that_are_not_finite_are_left_out() -> None:
    points = cloud()
    points[::2] = np.nan
    points[1::4, 0] = np.inf
    assert inside(points[3::4], Boxes().hold("l1", points)) >= 0.99
    assert extent(np.full((5, 2), np.nan, np.float32)) is None
    boxes = Boxes()
    held = boxes.hold("l1", cloud())
    assert boxes.hold("l1", np.full((5, 2), np.nan, np.float32)) == held


def test_a_constant_has_a_box_too() -> None:
    box = Boxes().hold("l1", np.full((10, 2), 7.0, np.float32))
    assert box[0] < 7 < box[1]
    assert box[2] < 7 < box[3]


def test_one_dimension_keeps_its_y_range() -> None:
    assert Boxes().hold("l1", cloud()[:, 0])[2:] == (0.0, 1.0)


def test_names_that_are_gone_are_forgotten() -> None:
    boxes = Boxes()
    held = boxes.hold("l1", cloud(5.0))
    boxes.keep({"l2"})
    assert boxes.hold("l1", cloud(4.5)) != held


def test_a_grid_is_cell_centres_row_by_row_from_below() -> None:
    box = (0.0, 4.0, 10.0, 12.0)
    assert grid_shape(box, 4) == (2, 4)
    points = grid_points(box, (2, 4))
    np.testing.assert_allclose(points[0], (0.5, 10.5))
    np.testing.assert_allclose(points[1], (1.5, 10.5))
    np.testing.assert_allclose(points[-1], (3.5, 11.5))


def test_a_long_box_still_has_rows() -> None:
    assert grid_shape((0.0, 1000.0, 0.0, 1.0), 64) == (32, 64)
    assert grid_shape((0.0, 1.0, 0.0, 2.0), 64) == (64, 32)
