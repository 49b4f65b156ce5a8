"""Pictures of densities at many states of a flow at once: each grid boards at its state, and all ride to the base together.

log p_k(h) = log p_base(z(h)) + Σ_{j>k} log|det J_j|: exact at every state, no interpolation and no histogram.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial

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
        self._columns: dict[Grid, Columns] = {}
        """The cell centres of the grids of the last time."""
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
                log_det = maps[grid.state](self._columns_of(grid, flow))[1]
                self._values[grid] = _array(log_det.expand(grid.shape(dimensions)))
                work += math.prod(grid.shape(dimensions))
                _stop(interrupted)
        cars = _cars([grid for grid in missing if not grid.stage_only], flow.like, dimensions)
        for k in range(first, len(flow.stages()) + 1):
            for car in cars:
                car.board(k, partial(self._columns_of, flow=flow))
                if k < len(flow.stages()) and car.boarded:
                    car.move(maps[k])
                    work += car.boarded
                    _stop(interrupted)
        for car in cars:
            values = _array(quick.base_log_prob(flow, tuple(car.h), flow.encode(context, 1)) + car.total)
            work += len(values)
            for grid, start, stop in car.seats:
                self._values[grid] = values[start:stop].reshape(grid.shape(dimensions))
            _stop(interrupted)
        self._columns = {grid: self._columns_of(grid, flow) for grid in missing}
        self.work += work
        self.seconds += time.perf_counter() - began

    def _columns_of(self, grid: Grid, flow: Flow) -> Columns:
        """Its cell centres, from the last time where they were asked for then: boxes hold still."""
        known = self._columns.get(grid)
        if known is None or known[0].dtype != flow.like.dtype or known[0].device != flow.like.device:
            known = self._columns[grid] = grid.columns(flow.like, flow.event_shape[0])
        return known


class _Car:
    """Grids that ride together, as many as a stage takes in one go: their columns (n,), and their Σ log|det J| so far.

    They stand in the order in which they board: `boarded` numbers at the front are on their way.
    """

    def __init__(self, seats: list[tuple[Grid, int, int]], like: Tensor, dimensions: int) -> None:
        self.seats = seats
        count = seats[-1][2]
        self.h = [like.new_empty(count) for _ in range(dimensions)]
        self.total = like.new_zeros(count)
        self.boarded = 0
        self._next = 0

    def board(self, state: int, columns_of: Callable[[Grid], Columns]) -> None:
        """Takes in those whose state this is."""
        while self._next < len(self.seats) and self.seats[self._next][0].state == state:
            grid, start, stop = self.seats[self._next]
            shape = grid.shape(len(self.h))
            for own, column in zip(self.h, columns_of(grid), strict=True):
                own[start:stop].view(shape).copy_(column)
            self._next, self.boarded = self._next + 1, stop

    def move(self, by: Map) -> None:
        """Takes all who are on board through a stage."""
        before = tuple(own[: self.boarded] for own in self.h)
        after, log_det = by(before)
        for old, new in zip(before, after, strict=True):
            if new is not old:
                old.copy_(new)
        self.total[: self.boarded].add_(log_det)


def _cars(grids: list[Grid], like: Tensor, dimensions: int) -> list[_Car]:
    """Cars for grids that are in the order of their states."""
    seats: list[list[tuple[Grid, int, int]]] = []
    for grid in grids:
        count = math.prod(grid.shape(dimensions))
        if not seats or seats[-1][-1][2] + count > quick.CHUNK:
            seats.append([])
        start = seats[-1][-1][2] if seats[-1] else 0
        seats[-1].append((grid, start, start + count))
    return [_Car(own, like, dimensions) for own in seats]


def _array(values: Tensor) -> NDArray[np.float32]:
    return np.asarray(values.cpu().float().numpy())


def _stop(interrupted: Callable[[], bool]) -> None:
    if interrupted():
        raise Interrupted
