"""What is told of a target is the target's own."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from flowviz.engine.messages import decode_event, encode
from flowviz.pipeline import CANVAS, DrawnTarget, NamedTarget
from flowviz.targets import load
from flowviz.training.frames import FLOOR, POINTS
from flowviz.training.frames_target import COARSE, RESOLUTION, density, first_density, target_info


@pytest.mark.parametrize("name", ["two_moons", "checkerboard", "claw", "gaussian_8d"])
def test_a_named_target_is_told_with_its_points_and_figures(name: str) -> None:
    target = load(NamedTarget(name=name))
    info = target_info(target, (0, 1), 3)
    assert decode_event(encode(info)) == info
    assert (info.generation, info.title, info.event_shape) == (3, target.title, target.event_shape)
    assert info.entropy == target.entropy
    assert info.points is not None
    assert info.hues is not None
    points = target.held_out(POINTS).numpy()
    wanted = points[:, 0] if points.shape[1] == 1 else points[:, :2]
    np.testing.assert_array_equal(info.points.numpy(), wanted)
    hues = info.hues.numpy()
    assert hues.shape == (POINTS,)
    assert ((hues >= 0) & (hues < 1)).all()
    assert (info.density is None) == (len(target.event_shape) == 1 and target.event_shape[0] > 2)


def test_the_axes_shown_are_those_asked_for() -> None:
    target = load(NamedTarget(name="gaussian_8d"))
    info = target_info(target, (5, 2), 1)
    assert info.points is not None
    np.testing.assert_array_equal(info.points.numpy(), target.held_out(POINTS).numpy()[:, [5, 2]])
    assert info.box == (*target.range(5), *target.range(2))


def test_the_density_integrates_to_one_and_has_a_floor() -> None:
    target = load(NamedTarget(name="checkerboard"))
    picture = density(target, RESOLUTION)
    assert picture is not None
    values = picture.values.numpy()
    assert values.shape == (RESOLUTION, RESOLUTION)
    assert values.min() == FLOOR
    left, right, bottom, top = picture.box
    cell = (right - left) * (top - bottom) / values.size
    assert np.exp(values.astype(np.float64)).sum() * cell == pytest.approx(1.0, abs=0.03)


def test_a_drawing_comes_cell_by_cell() -> None:
    cells = np.zeros((CANVAS, CANVAS), np.uint16)
    cells[20:60, 100:200] = 3
    cells[200:210, 7:9] = 9
    picture = density(load(DrawnTarget.from_array(cells)), RESOLUTION)
    assert picture is not None
    found = np.exp(picture.values.numpy())
    np.testing.assert_allclose(found / found.max(), cells / 9, atol=1e-5)


def test_a_density_that_takes_long_comes_coarse_first(monkeypatch: pytest.MonkeyPatch) -> None:
    target = load(NamedTarget(name="two_moons"))
    monkeypatch.setattr("flowviz.training.frames_target.AT_ONCE", 0.0)
    picture = first_density(target)
    assert picture is not None
    assert max(picture.values.shape) == COARSE
    monkeypatch.setattr("flowviz.training.frames_target.AT_ONCE", 1e9)
    picture = first_density(target)
    assert picture is not None
    assert max(picture.values.shape) == RESOLUTION


def test_a_standardisation_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    target = load(NamedTarget(name="two_moons"))
    monkeypatch.setattr(target, "standardization", (torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0])))
    info = target_info(target, (0, 1), 1)
    assert (info.mean, info.std) == ((1.0, 2.0), (3.0, 4.0))
