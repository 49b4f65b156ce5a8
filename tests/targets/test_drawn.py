"""Drawn densities are exact: the mass of each cell, the log-density, the entropy, the sampler."""

import math
import zlib

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from flowviz.pipeline import CANVAS, Box, DrawnTarget, SpecError
from flowviz.targets import Density, load

BOXES = st.sampled_from(
    [(-4.0, 4.0, -4.0, 4.0), (0.0, 1.0, -2.0, 6.0), (100.0, 101.0, -3.0, 9.0), (1e-3, 2e-3, 0.0, 1.0)]
)
STROKES = st.lists(
    st.tuples(st.integers(0, CANVAS - 1), st.integers(0, CANVAS - 1), st.integers(1, 65_535)), min_size=1, max_size=40
)


def canvas(strokes: list[tuple[int, int, int]]) -> NDArray[np.uint16]:
    cells = np.zeros((CANVAS, CANVAS), np.uint16)
    for row, column, weight in strokes:
        cells[row, column] = weight
    return cells


def centres(box: Box) -> torch.Tensor:
    """The middle of every cell, (256, 256, 2), row 0 at the smallest y."""
    place = (torch.arange(CANVAS, dtype=torch.float64) + 0.5) / CANVAS
    x, y = box[0] + place * (box[1] - box[0]), box[2] + place * (box[3] - box[2])
    return torch.stack(torch.meshgrid(x, y, indexing="xy"), -1)


def drawn(cells: NDArray[np.uint16], box: Box = (-4.0, 4.0, -4.0, 4.0), seed: int = 0) -> Density:
    return load(DrawnTarget.from_array(cells, box=box), seed=seed)


@given(strokes=STROKES, box=BOXES)
def test_each_cell_has_its_mass(strokes: list[tuple[int, int, int]], box: Box) -> None:
    cells = canvas(strokes)
    target = drawn(cells, box)
    area = (box[1] - box[0]) * (box[3] - box[2]) / CANVAS**2
    mass = target.log_prob(centres(box).reshape(-1, 2)).exp().reshape(CANVAS, CANVAS) * area
    shares = torch.from_numpy(cells / cells.astype(np.float64).sum())
    assert torch.allclose(mass, shares, rtol=1e-9, atol=0.0)
    assert float(mass.sum()) == pytest.approx(1.0, abs=1e-12)
    inked = shares[shares > 0]
    assert target.entropy == pytest.approx(-float((inked * (inked / area).log()).sum()), abs=1e-9)
    assert target.box == box
    assert (target.range(0), target.range(1)) == (box[:2], box[2:])


@given(strokes=STROKES, box=BOXES, seed=st.integers(0, 2**31))
def test_samples_stay_in_the_ink(strokes: list[tuple[int, int, int]], box: Box, seed: int) -> None:
    """Float32 rounding may not push one over the edge of its cell, into the white."""
    target = drawn(canvas(strokes), box)
    points = target.sample(4000, torch.Generator().manual_seed(seed))
    assert points.shape == (4000, 2)
    assert points.dtype == torch.float32
    assert torch.isfinite(target.log_prob(points)).all()


def test_nothing_is_outside() -> None:
    target = drawn(np.full((CANVAS, CANVAS), 7, np.uint16))
    assert target.entropy == pytest.approx(math.log(64.0), abs=1e-12)
    inside, outside = [[-4.0, -4.0], [4.0, 4.0], [0.0, 3.9]], [[-4.01, 0.0], [0.0, 4.01], [50.0, 0.0], [math.nan, 0.0]]
    log_prob = target.log_prob(torch.tensor(inside + outside))
    assert log_prob.tolist() == pytest.approx([-math.log(64.0)] * 3 + [-math.inf] * 4)


def test_counts_follow_the_weights() -> None:
    """Three cells of weights 1, 2 and 5, and within each cell evenly: 5 standard errors."""
    cells = np.zeros((CANVAS, CANVAS), np.uint16)
    cells[0, 0], cells[10, 200], cells[255, 255] = 1, 2, 5
    points = drawn(cells).sample(80_000, torch.Generator().manual_seed(1)).double()
    place = (points + 4.0) * (CANVAS / 8.0)
    corner = place.floor().long()
    for row, column, weight in ((0, 0, 1), (10, 200, 2), (255, 255, 5)):
        here = (corner[:, 0] == column) & (corner[:, 1] == row)
        expected = 80_000 * weight / 8
        assert abs(float(here.sum()) - expected) < 5.0 * math.sqrt(expected)
        within = (place - corner)[here]
        error = 5.0 / math.sqrt(12.0 * float(here.sum()))
        assert ((within.mean(0) - 0.5).abs() < error).all()
        assert within.min() < 0.01
        assert within.max() > 0.99


def test_a_monte_carlo_of_the_entropy() -> None:
    rows, columns = np.mgrid[0:CANVAS, 0:CANVAS]
    cells = np.rint(65_535 * np.exp(-((rows - 100) ** 2 + (columns - 60) ** 2) / 2000.0)).astype(np.uint16)
    target = drawn(cells)
    surprise = -target.log_prob(target.sample(50_000, torch.Generator().manual_seed(0)).double())
    assert target.entropy is not None
    assert abs(float(surprise.mean()) - target.entropy) < 5.0 * float(surprise.std()) / math.sqrt(50_000)


def test_fixed_points_and_labels() -> None:
    cells = canvas([(3, 4, 100), (200, 100, 5)])
    first, second = drawn(cells, seed=0), drawn(cells, seed=1)
    assert torch.equal(first.held_out(500), second.held_out(500))
    assert not torch.equal(first.train_points(500), second.train_points(500))
    hues = first.labels(first.held_out(500))
    assert ((hues >= 0) & (hues < 1)).all()
    right, up, left = first.labels(torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]])).tolist()
    assert (right, up, left) == pytest.approx((0.0, 0.25, 0.5))


def test_a_blank_canvas_is_refused() -> None:
    with pytest.raises(SpecError, match=r"^The canvas is blank: draw something on it, or choose another target\.$"):
        load(DrawnTarget())
    with pytest.raises(SpecError, match="blank"):
        drawn(np.zeros((CANVAS, CANVAS), np.uint16))


@pytest.mark.parametrize(
    "cells", [b"no drawing", zlib.compress(b"short"), zlib.compress(bytes(10 * 2 * CANVAS * CANVAS))]
)
def test_a_damaged_drawing_is_refused(cells: bytes) -> None:
    with pytest.raises(SpecError, match=r"^The drawing cannot be read: "):
        load(DrawnTarget(cells=cells))


@pytest.mark.parametrize("box", [(1.0, 1.0, 0.0, 1.0), (0.0, 1.0, 2.0, 1.0), (0.0, math.inf, 0.0, 1.0)])
def test_a_box_without_area_is_refused(box: Box) -> None:
    with pytest.raises(SpecError, match="has no area"):
        load(DrawnTarget.from_array(canvas([(1, 1, 1)]), box=box))
