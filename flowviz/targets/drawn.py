"""Drawn densities: constant on each cell of the canvas, exactly.

log p(x) = log(w / Σw) − log(cell area) in a cell of weight w, −∞ in empty cells and outside the box.
H = −Σ P log(P / cell area) over the cells, P = w / Σw.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from ..pipeline import CANVAS, Box, DrawnTarget, SpecError, say
from .density import Formula, FormulaDensity

_SHIFT = CANVAS.bit_length() - 1


def drawn_density(spec: DrawnTarget, *, device: torch.device | str = "cpu", seed: int = 0) -> FormulaDensity:
    """The density of a drawing; raises SpecError when the canvas is blank or its box is no box."""
    try:
        cells = spec.array().astype(np.int64)
    except ValueError as error:
        raise SpecError(say("The drawing cannot be read: {error}.", error=error)) from error
    left, right, bottom, top = spec.box
    if not (all(map(math.isfinite, spec.box)) and left < right and bottom < top):
        raise SpecError(
            say(
                "The canvas box {box} has no area: its minima must be below its maxima.",
                box=", ".join(f"{edge:g}" for edge in spec.box),
            )
        )
    if not cells.any():
        raise SpecError(say("The canvas is blank: draw something on it, or choose another target."))
    return FormulaDensity(
        lambda: Cells(cells, spec.box),
        title=spec.source or spec.title,
        entropy=entropy(cells, spec.box),
        device=device,
        seed=seed,
    )


def entropy(cells: np.ndarray[tuple[int, ...], np.dtype[np.int64]], box: Box) -> float:
    """Differential entropy of the drawing, nats."""
    weights = cells[cells > 0] / cells.sum()
    return float(-(weights * np.log(weights)).sum()) + math.log(_cell_area(box))


class Cells(Formula):
    """The piecewise-constant density of `cells` (256, 256), integer weights with row 0 at the smallest y."""

    def __init__(self, cells: np.ndarray[tuple[int, ...], np.dtype[np.int64]], box: Box) -> None:
        super().__init__()
        self.box = box
        self.ranges = ((box[0], box[1]), (box[2], box[3]))
        self.log_density: Tensor
        self.cumulative: Tensor
        self.corners: Tensor
        self.size: Tensor
        flat = cells.reshape(-1)
        self.total = int(flat.sum())
        with np.errstate(divide="ignore"):
            log_density = np.log(flat / self.total) - math.log(_cell_area(box))
        self.register_buffer("log_density", torch.from_numpy(log_density))
        self.register_buffer("cumulative", torch.from_numpy(flat.cumsum()))
        width, height = (box[1] - box[0]) / CANVAS, (box[3] - box[2]) / CANVAS
        # A sample's place in its cell is one of `places` midpoints, so that rounding to float32 never moves it to a neighbour.
        digits = min(width / max(abs(box[0]), abs(box[1])), height / max(abs(box[2]), abs(box[3]))) * 2.0**20
        self.places = 2 ** max(2, min(16, math.floor(math.log2(digits))))
        x = box[0] + (np.arange(CANVAS) + 0.5 / self.places) * width
        y = box[2] + (np.arange(CANVAS) + 0.5 / self.places) * height
        corners = np.stack(np.meshgrid(x, y), -1).reshape(-1, 2).astype(np.float32)
        self.register_buffer("corners", torch.from_numpy(corners))
        self.register_buffer("size", torch.tensor([width / self.places, height / self.places], dtype=torch.float32))

    def log_prob(self, x: Tensor) -> Tensor:
        left, right, bottom, top = self.box
        across = (x[:, 0] - left) * (CANVAS / (right - left))
        up = (x[:, 1] - bottom) * (CANVAS / (top - bottom))
        inside = (across >= 0) & (across <= CANVAS) & (up >= 0) & (up <= CANVAS)
        column = across.nan_to_num(0.0).clamp(0, CANVAS - 1).long()
        row = up.nan_to_num(0.0).clamp(0, CANVAS - 1).long()
        return self.log_density[(row << _SHIFT) + column].masked_fill(~inside, -math.inf).to(x.dtype)

    def sample(self, n: int, generator: torch.Generator | None) -> Tensor:
        device = self.corners.device
        # Integer weights make the draw exact: each cell owns as many of the `total` integers as its weight.
        ticket = torch.randint(self.total, (n,), generator=generator, device=device)
        cell = torch.searchsorted(self.cumulative, ticket, right=True)
        place = torch.randint(self.places, (n, 2), generator=generator, device=device)
        return torch.addcmul(self.corners[cell], self.size, place)


def _cell_area(box: Box) -> float:
    return (box[1] - box[0]) * (box[3] - box[2]) / CANVAS**2
