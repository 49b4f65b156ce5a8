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

from ..flows import Flow, quick
from ..flows.quick import PLAIN_CHUNK, Columns, Map
from ..pipeline import Box
from .frames_boxes import centres, grid_points, grid_shape

CHUNK = PLAIN_CHUNK
"""Points whose density under a target is computed in one go."""


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

    def columns(self, like: Tensor, dimensions: int) -> Columns:
        """Cell centres: (n,) in one dimension, in two a row (1, C) of the first coordinate and a column (R, 1) of the second."""
        if dimensions == 1:
            return (torch.from_numpy(centres(self.box[0], self.box[1], self.resolution)).to(like),)
        rows, columns = grid_shape(self.box, self.resolution)
        x = torch.from_numpy(centres(self.box[0], self.box[1], columns)).to(like)
        y = torch.from_numpy(centres(self.box[2], self.box[3], rows)).to(like)
        return x[None], y[:, None]


class Rides:
    """Computes grids and remembers them until the weights change. `work` and `seconds` add up what that took."""

    def __init__(self) -> None:
        self._values: dict[Hashable, NDArray[np.float32]] = {}
        self._maps: dict[int, Map] = {}
        """By the number of the stage, from some stage on; of the context of the last one asked for."""
        self._context: Tensor | None = None
        self.work = 0.0
        self.seconds = 0.0

    def forget(self) -> None:
        """The weights have changed."""
        self._values.clear()
        self._maps.clear()

    def values(self, grid: Grid) -> NDArray[np.float32]:
        """What was computed for this grid: log-density or log|det J| in nats, as its cells lie."""
        return self._values[grid]

    def maps(self, flow: Flow, context: Tensor | None, first: int = 0) -> dict[int, Map]:
        """The stages from number `first` on by their tables, under one context; made once for these weights."""
        if first not in self._maps or context is not self._context:
            self._maps = dict(enumerate(quick.maps(flow, context, first=first), first))
            self._context = context
        return self._maps

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
        began = time.perf_counter()
        work = 0
        dimensions = flow.event_shape[0]
        count = sum(math.prod(grid.shape(dimensions)) for grid in missing)
        first = min(grid.state for grid in missing)
        if self._maps or count >= quick.FEWEST:
            maps = self.maps(flow, context, first)
        else:
            maps = dict(enumerate(quick.plain_maps(flow, context)))
        for grid in missing:
            if grid.stage_only:
                log_det = maps[grid.state](grid.columns(flow.like, dimensions))[1]
                self._keep(grid, log_det.expand(grid.shape(dimensions)), dimensions)
                work += math.prod(grid.shape(dimensions))
                _stop(interrupted)
        riders = [grid for grid in missing if not grid.stage_only]
        cars: list[_Car] = []
        for k in range(first, len(flow.stages()) + 1):
            for grid in riders:
                if grid.state == k:
                    _board(cars, grid, quick.broadcast(grid.columns(flow.like, dimensions)))
            for car in cars:
                if k < len(flow.stages()):
                    car.h, log_det = maps[k](car.h)
                    car.total = car.total + log_det
                    work += len(car.total)
                    _stop(interrupted)
        for car in cars:
            log_density = quick.base_log_prob(flow, car.h, flow.encode(context, 1)) + car.total
            work += len(log_density)
            sizes = [math.prod(grid.shape(dimensions)) for grid in car.grids]
            for grid, part in zip(car.grids, torch.split(log_density, sizes), strict=True):
                self._keep(grid, part, dimensions)
            _stop(interrupted)
        self.work += work
        self.seconds += time.perf_counter() - began

    def _keep(self, grid: Grid, values: Tensor, dimensions: int) -> None:
        self._values[grid] = values.cpu().float().numpy().reshape(grid.shape(dimensions))


@dataclass
class _Car:
    """Grids that ride together, as many as a stage takes in one go: their columns (n,), and their Σ log|det J| so far."""

    grids: list[Grid]
    h: Columns
    total: Tensor


def _board(cars: list[_Car], grid: Grid, columns: Columns) -> None:
    """Into the last car, where there is room."""
    h = tuple(column.reshape(-1) for column in columns)
    none = h[0].new_zeros(len(h[0]))
    if not cars or len(cars[-1].total) + len(none) > quick.CHUNK:
        cars.append(_Car([grid], h, none))
        return
    car = cars[-1]
    car.grids.append(grid)
    car.h = tuple(torch.cat(pair) for pair in zip(car.h, h, strict=True))
    car.total = torch.cat((car.total, none))


def _stop(interrupted: Callable[[], bool]) -> None:
    if interrupted():
        raise Interrupted
