"""Clouds and lattices: what they draw, in pixels."""

from __future__ import annotations

import numpy as np
import pytest

from flowviz.app.stage_items import MOST_DOTS, Cloud, Lattice
from flowviz.app.stage_plane import Plane
from flowviz.app.theme import hue_colors, theme


@pytest.fixture
def plane(qtbot):
    made = Plane()
    qtbot.addWidget(made)
    made.resize(300, 280)
    with qtbot.waitExposed(made):
        made.show()
    return made


def color_at(plane, x, y):
    return plane.grab().toImage().pixelColor(plane.to_widget(x, y).toPoint()).getRgb()[:3]


def test_every_dot_has_the_colour_of_its_hue(plane):
    cloud = Cloud(diameter=9)
    plane.view.addItem(cloud)
    places = np.array([[-3.0, -3.0], [0.0, 2.0], [3.0, -1.0]])
    hues = np.array([0.0, 0.4, 0.8], np.float32)
    cloud.show_points(places, hues)
    for (x, y), expected in zip(places, hue_colors(hues + 0.5 / 24, theme().dark), strict=True):
        assert np.abs(np.subtract(color_at(plane, x, y), expected[:3])).max() < 30
    assert color_at(plane, 2, 2) == theme().color("plot").getRgb()[:3]
    cloud.show_points(None)
    assert color_at(plane, 0, 2) == theme().color("plot").getRgb()[:3]


def test_points_that_are_no_numbers_are_left_out_with_their_hues(plane):
    cloud = Cloud()
    plane.view.addItem(cloud)
    cloud.show_points(np.array([[0, 0], [np.nan, 1], [np.inf, 2], [1, 1]], float), np.array([0.1, 0.2, 0.3, 0.9]))
    np.testing.assert_array_equal(cloud.points, [[0, 0], [1, 1]])
    np.testing.assert_array_equal(cloud._hues, [2, 21])
    cloud.show_points(np.full((3, 2), np.nan))
    plane.grab()


def test_of_many_points_an_even_choice_is_drawn(plane):
    cloud = Cloud()
    cloud.show_points(np.random.default_rng(0).normal(size=(50_001, 2)))
    assert MOST_DOTS / 2 < len(cloud.points) <= MOST_DOTS


def test_colours_follow_the_theme(plane):
    cloud = Cloud(diameter=9, color="text", alpha=1.0)
    plane.view.addItem(cloud)
    cloud.show_points(np.array([[0.0, 0.0]]))
    try:
        for choice in ("light", "dark"):
            theme().choose(choice)
            assert color_at(plane, 0, 0) == theme().color("text").getRgb()[:3]
    finally:
        theme().choose("system")


def test_lattice_lines_are_where_they_should_be_and_coloured_by_stretch(plane):
    lattice = Lattice()
    plane.view.addItem(lattice)
    x, y = np.meshgrid([-2.0, 0.0, 2.0], [-2.0, 0.0, 2.0])
    stretch = np.broadcast_to(np.array([-1.0, -1.0, 1.0]), (3, 3)).copy()
    lattice.show_lattice(np.stack([x, y], -1), stretch)
    assert len(lattice.ends) == 12
    image = plane.grab().toImage()

    def near(x, y):
        """The pixel around a place that differs most from grey."""
        middle = plane.to_widget(x, y).toPoint()
        found = [image.pixelColor(middle.x() + dx, middle.y() + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
        return max(found, key=lambda color: abs(color.red() - color.blue()))

    shrunk, grown = near(-2, 1), near(2, 1)
    assert shrunk.blue() > shrunk.red()
    assert grown.red() > grown.blue()
    lattice.show_lattice(np.full((3, 3, 2), np.nan))
    assert len(lattice.ends) == 0
    lattice.show_lattice(None)
    plane.grab()
