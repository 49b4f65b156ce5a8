"""Pictures of densities at many states of a flow at once: each grid boards at its state, and all ride to the base together.

log p_k(h) = log p_base(z(h)) + Σ_{j>k} log|det J_j|: exact at every state, no interpolation and no histogram.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..flows import Flow
from ..pipeline import Box
from .frames_boxes import centres, grid_points, grid_shape
from .frames_piecewise import Map, plain, quick

CHUNK = 16_384
"""Points that go through a stage in one go: what they need stays in the cache."""
_WORTH_KNOTS = 2_000
"""Points below which the networks themselves are faster than finding their knots."""


class Interrupted(Exception):  # noqa: N818
    """Something more urgent came while a picture was computed: no error, so not called one."""


@dataclass(frozen=True)
class Grid:
    """A picture to be computed. `state` is where it boards; `stage_only`: just log|det| of the stage that follows."""

    state: int
    box: Box
    resolution: int
    stage_only: bool = False

    def shape(self, dimensions: int) -> tuple[int, ...]:
        """(rows, columns), or (columns,) in one dimension."""
        return (self.resolution,) if dimensions == 1 else grid_shape(self.box, self.resolution)

    def points(self, dimensions: int) -> NDArray[np.float64]:
        """Cell centres (n, D)."""
        if dimensions == 1:
            return centres(self.box[0], self.box[1], self.resolution)[:, None]
        return grid_points(self.box, grid_shape(self.box, self.resolution))


class Rides:
    """Computes grids and remembers them until the weights change. `work` and `seconds` add up what that took."""

    def __init__(self) -> None:
        self._values: dict[Hashable, NDArray[np.float32]] = {}
        self.work = 0.0
        self.seconds = 0.0

    def forget(self) -> None:
        """The weights have changed."""
        self._values.clear()

    def values(self, grid: Grid) -> NDArray[np.float32]:
        """What was computed for this grid: log-density or log|det J| in nats, as its cells lie."""
        return self._values[grid]

    def expect(self, flow: Flow, grids: set[Grid]) -> float:
        """The work (points times stages, the base being one) that `compute` would have with these grids."""
        dimensions, stages = flow.event_shape[0], len(flow.stages())
        return sum(
            math.prod(grid.shape(dimensions)) * (1 if grid.stage_only else stages - grid.state + 1)
            for grid in grids
            if grid not in self._values
        )

    def compute(
        self, flow: Flow, grids: set[Grid], interrupted: Callable[[], bool], context: Tensor | None = None
    ) -> None:
        """Computes those grids that are not known yet, under one context (1, ...) where the flow has one.

        Raises Interrupted when `interrupted()` becomes true on the way.
        """
        missing = sorted((g for g in grids if g not in self._values), key=lambda g: (g.state, g.resolution, g.box))
        if not missing:
            return
        dimensions = flow.event_shape[0]
        stages = flow.stages()
        boards = {grid: torch.from_numpy(grid.points(dimensions)).to(flow.like) for grid in missing}
        count = sum(len(points) for points in boards.values())
        row = flow.encode(context, 1)
        mapped = quick if count >= _WORTH_KNOTS else plain
        maps: list[Map] = [mapped(stage, row) for _, stage in stages]
        began = time.perf_counter()
        work = 0
        for grid in missing:
            if grid.stage_only:
                log_det = _through(maps[grid.state], boards[grid].T, interrupted)[1]
                self._keep(grid, log_det, dimensions)
                work += len(log_det)
        riders = [grid for grid in missing if not grid.stage_only]
        # Coordinates stay contiguous, (D, n): in two dimensions every layer reads and writes them one by one.
        h = boards[missing[0]].new_empty(dimensions, 0)
        total = h.new_empty(0)
        for k in range(len(stages) + 1):
            boarding = [boards[grid].T for grid in riders if grid.state == k]
            if boarding:
                h = torch.cat([h, *boarding], 1)
                total = torch.cat([total, total.new_zeros(h.shape[1] - len(total))])
            if k < len(stages) and len(total):
                h, log_det = _through(maps[k], h, interrupted)
                total = total + log_det
                work += len(total)
        if len(total):
            log_density = _through(lambda part: (part, _base(flow, part, row)), h, interrupted)[1] + total
            work += len(total)
            for grid, part in zip(
                riders, torch.split(log_density, [len(boards[grid]) for grid in riders]), strict=True
            ):
                self._keep(grid, part, dimensions)
        self.work += work
        self.seconds += time.perf_counter() - began

    def _keep(self, grid: Grid, values: Tensor, dimensions: int) -> None:
        self._values[grid] = values.cpu().float().numpy().reshape(grid.shape(dimensions))


def _base(flow: Flow, z: Tensor, row: Tensor | None) -> Tensor:
    return flow.base.log_prob(z, None if row is None else row.expand(len(z), -1))


def _through(stage: Map, h: Tensor, interrupted: Callable[[], bool]) -> tuple[Tensor, Tensor]:
    """h (D, n) through a stage, a chunk at a time: the next h, and log|det J| (n,)."""
    states, log_dets = [], []
    for part in torch.split(h, CHUNK, 1):
        state, log_det = stage(part.T)
        states.append(state.T)
        log_dets.append(log_det)
        if interrupted():
            raise Interrupted
    return (states[0], log_dets[0]) if len(states) == 1 else (torch.cat(states, 1), torch.cat(log_dets))
