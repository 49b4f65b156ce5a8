"""The strip of one moment: the K+1 states of a flow, and the tiles that show them: data, one for each stage, base."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from ..engine.messages import BASE, DATA, Array, Morph, Picture, Tile
from ..flows import Flow
from ..pipeline import Box, Text, say
from .frames_events import StateEvents
from .frames_grids import Grid, Rides
from .frames_states import Lattice, Pushed, histograms

BINS = 24
"""Of the histogram of log|det J|."""
FLOOR = -1e4
"""Nats; log-densities below this are shown as this: a uniform base is −∞ outside its box."""
Floats = NDArray[np.float32]


class Strip:
    """States, boxes and what is known of them. `points[k]` is what the views show of the held-out points at state k."""

    def __init__(self, flow: Flow, pushed: Pushed, points: list[Floats], boxes: list[Box]) -> None:
        self.flow, self.pushed, self.points, self.boxes = flow, pushed, points, boxes
        self.last = len(pushed.uids)
        self.drawn = flow.event_shape in ((1,), (2,))
        self.lattice: Lattice | None = None
        """Set before tiles with grids, and the morph, are made."""
        self.events: StateEvents | None = None
        """Set where states are pictures or sequences."""
        self._histograms = histograms(pushed.log_dets, BINS)
        self._problems = [_problem(state) for state in pushed.states]

    def grids(self, mode: str, resolution: int) -> set[Grid]:
        """What has to be computed for the tiles."""
        if not self.drawn or not resolution:
            return set()
        if mode == "density":
            return {Grid(k, box, resolution) for k, box in enumerate(self.boxes)}
        if mode == "log_det":
            return {Grid(k, self.boxes[k], resolution, stage_only=True) for k in range(self.last)}
        return set()

    def around(self, selected: str) -> tuple[int, int] | None:
        """The states before and after the selected tile; a bypassed layer changes nothing. None: there is no such layer."""
        if selected == DATA:
            return 0, 0
        if selected == BASE:
            return self.last, self.last
        if selected in self.pushed.uids:
            k = self.pushed.uids.index(selected)
            return k, k + 1
        place = self.flow.spec.index(selected)
        if place is None:
            return None
        before = [layer.uid for layer in self.flow.spec.layers[:place] if not layer.bypass]
        k = self.pushed.uids.index(before[-1]) + 1 if before else self.last - len(self.flow.active)
        return k, k

    def tiles(self, mode: str, resolution: int, rides: Rides) -> tuple[Tile, ...]:
        made = [self._tile(DATA, 0, mode, resolution, rides)]
        for k, uid in enumerate(self.pushed.uids):
            tile = self._tile(uid, k + 1, mode, resolution, rides)
            log_det = self.pushed.log_dets[k]
            made.append(msgspec.structs.replace(tile, log_det=float(log_det.mean()), histogram=self._histograms[k]))
        return (*made, self._tile(BASE, self.last, mode, resolution, rides))

    def morph(self, uid: str, states: tuple[int, int], resolution: int, rides: Rides) -> Morph:
        """A layer's input and output, each with its density, and the same points and lattice."""
        before, after = (self._large(uid, k, resolution, rides) for k in states)
        return Morph(uid=uid, input=before, output=after)

    def _tile(self, uid: str, k: int, mode: str, resolution: int, rides: Rides) -> Tile:
        grid, lattice, points = None, None, None
        if mode == "samples" or not self.drawn:
            points = self.points[k]
        elif mode == "density":
            grid = Grid(k, self.boxes[k], resolution)
        elif mode == "grid":
            lattice = self.lattice
        elif uid not in (DATA, BASE):
            grid = Grid(k - 1, self.boxes[k - 1], resolution, stage_only=True)
        return self._made(uid, k, rides, grid, lattice, points, terms=mode == "log_det")

    def _large(self, uid: str, k: int, resolution: int, rides: Rides) -> Tile:
        grid = Grid(k, self.boxes[k], resolution) if self.drawn else None
        return self._made(uid, k, rides, grid, self.lattice, self.points[k])

    def _made(
        self,
        uid: str,
        k: int,
        rides: Rides,
        grid: Grid | None,
        lattice: Lattice | None,
        points: Floats | None,
        *,
        terms: bool = True,
    ) -> Tile:
        drawn, problem = (None, Text()) if grid is None else picture(grid, rides)
        tile = Tile(
            uid=uid,
            shape=tuple(self.pushed.trace.states[k].shape[1:]),
            box=self.boxes[k],
            picture=drawn,
            points=None if points is None else Array.of(points),
            lattice=None if lattice is None else Array.of(lattice.states[k]),
            stretch=None if lattice is None else Array.of(lattice.stretch[k]),
            problem=self._problems[k] or problem,
        )
        return tile if self.events is None else self.events.fill(tile, k, terms=terms)


def _problem(state: Floats) -> Text:
    finite = np.isfinite(state)
    if finite.all():
        return Text()
    bad = int((~finite.all(1)).sum())
    return Text.of(say("{bad} of {count} points are not finite here.", bad=bad, count=len(finite)))


def picture(grid: Grid, rides: Rides) -> tuple[Picture, Text]:
    """A computed grid as a picture, and what is wrong with it. −∞ becomes `FLOOR`, and so does what is no number."""
    values = rides.values(grid)
    finite = np.isfinite(values)
    problem = Text()
    if not finite.all():
        bad = int((~finite & ~np.isneginf(values)).sum())
        values = np.where(finite, values, np.float32(FLOOR))
        if bad:
            problem = Text.of(say("In {bad} of {count} places the value is no number.", bad=bad, count=values.size))
    return Picture(box=grid.box, values=Array.of(np.maximum(values, np.float32(FLOOR)))), problem
