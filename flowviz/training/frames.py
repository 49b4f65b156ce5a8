"""Frames: what the views show, computed from one set of weights, exactly (no tweening, no histogram called a density)."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from ..engine.messages import DATA, Array, Frame, Probe, Wanted
from ..flows import Flow
from ..pipeline import Box, StandardNormal
from ..targets import Density
from .frames_boxes import Boxes
from .frames_budget import Detail
from .frames_grids import Grid, Interrupted, Rides
from .frames_states import Lattice, Pushed, clipped, lattice, push, seen
from .frames_strip import FLOOR, Strip, picture

__all__ = ["FLOOR", "LATTICE", "POINTS", "FrameMaker", "Interrupted", "view", "wanted_at_all"]

POINTS = 1000
"""Held-out points that are pushed through the flow: coloured, counted in histograms, averaged in the ledger."""
LATTICE = {1: 65, 2: 33}
"""Vertices along each side of the lattice, by the number of dimensions."""
SEED = 0x5EED
"""Samples are always made from the same noise: they move as the flow learns, they don't flicker."""
NORMAL_BOX: Box = (-3.0, 3.0, -3.0, 3.0)
"""The lattice of a standard normal base."""


def wanted_at_all(wanted: Wanted) -> bool:
    """Whether any view asks for something that a frame holds."""
    return bool(
        wanted.tile_resolution
        or wanted.model_resolution
        or wanted.samples
        or (wanted.selected and wanted.selected_resolution)
        or wanted.whole_flow
        or wanted.ledger
        or wanted.probe
    )


@dataclass(frozen=True)
class _Asked:
    """What a frame's pictures are, at the detail that the budget allows."""

    tiles: int
    large: int
    morph: tuple[int, int] | None
    model: Grid | None
    grids: set[Grid]


class FrameMaker:
    """Makes the frames of a target and a flow: computes what is wanted and not yet known; `forget` when weights change.

    In one and two dimensions states have pictures. In more there are points on two axes and no picture: the density of two
    coordinates of a state is not known exactly. `work` and `work_seconds` tell what the last frame's pictures took.
    """

    def __init__(self, target: Density, points: int = POINTS) -> None:
        self._count = points
        self._boxes = Boxes()
        self._rides = Rides()
        self._known: dict[Any, Any] = {}
        self.look_at(target)

    def look_at(self, target: Density) -> None:
        """Takes another target; the boxes of the states are held on to."""
        self.target = target
        self.points = target.held_out(self._count)
        self.forget()

    def forget(self) -> None:
        """The weights have changed: nothing that was computed holds any longer."""
        self._rides.forget()
        self._known.clear()

    @property
    def work(self) -> float:
        return self._rides.work

    @property
    def work_seconds(self) -> float:
        return self._rides.seconds

    def frame(
        self,
        flow: Flow,
        wanted: Wanted,
        detail: Detail,
        *,
        generation: int,
        step: int,
        averaged: bool,
        interrupted: Callable[[], bool] = lambda: False,
    ) -> Frame:
        """What `wanted` asks for, no finer than `detail`. Raises Interrupted as soon as `interrupted()` becomes true."""
        began = time.perf_counter()
        self._rides.work = self._rides.seconds = 0.0
        training = flow.training
        if training:
            flow.eval()
        try:
            with torch.inference_mode():
                parts = self._parts(flow, wanted, detail, interrupted)
        finally:
            if training:
                flow.train()
        seconds = time.perf_counter() - began
        return Frame(generation=generation, step=step, averaged=averaged, seconds=seconds, **parts)

    def expect(self, flow: Flow, wanted: Wanted, detail: Detail) -> float:
        """The work that the pictures of such a frame would be; those known already cost nothing."""
        with torch.inference_mode():
            return self._rides.expect(flow, _asked(self._strip(flow, wanted), wanted, detail).grids)

    # ---- parts ----

    def _parts(self, flow: Flow, wanted: Wanted, detail: Detail, interrupted: Callable[[], bool]) -> dict[str, Any]:
        strip = self._strip(flow, wanted)
        asked = _asked(strip, wanted, detail)
        self._rides.compute(flow, asked.grids, interrupted)
        if strip.drawn and (asked.morph or (asked.tiles and wanted.tile_mode == "grid")):
            strip.lattice = self._lattice(flow, strip.boxes, turned=wanted.turned)
        parts: dict[str, Any] = {}
        if asked.tiles:
            parts["tiles"] = strip.tiles(wanted.tile_mode, asked.tiles, self._rides)
        if asked.model:
            parts["model"] = picture(asked.model, self._rides)[0]
        if asked.morph:
            parts["morph"] = strip.morph(wanted.selected, asked.morph, asked.large, self._rides)
        if wanted.samples:
            key = ("samples", wanted.samples, wanted.axes)
            parts["samples"] = self._once(key, lambda: samples(flow, wanted.samples, wanted.axes))
        if wanted.whole_flow:
            parts["flow"] = Array.of(np.stack(strip.points))
        if wanted.ledger:
            parts["ledger"] = strip.pushed.ledger()
        if len(wanted.probe) == flow.event_shape[0]:
            parts["probe"] = self._once(("probe", wanted.probe), lambda: probe(flow, wanted.probe))
        return parts

    def _strip(self, flow: Flow, wanted: Wanted) -> Strip:
        made: Strip = self._once(("strip", wanted.axes), lambda: self._new_strip(flow, wanted.axes))
        return made

    def _new_strip(self, flow: Flow, axes: tuple[int, int]) -> Strip:
        pushed: Pushed = self._once("pushed", lambda: push(flow, self.points))
        points = [seen(state, axes) for state in pushed.states]
        names = (DATA, *pushed.uids)
        self._boxes.keep(set(names))
        boxes = [view(self.target, axes)]
        boxes += [self._boxes.hold(name, state) for name, state in zip(names[1:], points[1:], strict=True)]
        return Strip(flow, pushed, points, boxes)

    def _lattice(self, flow: Flow, boxes: list[Box], *, turned: bool) -> Lattice:
        normal = isinstance(flow.spec.base, StandardNormal)
        box = (NORMAL_BOX if normal else boxes[-1]) if turned else boxes[0]
        count = LATTICE[flow.event_shape[0]]
        made: Lattice = self._once(("lattice", turned, box), lambda: lattice(flow, box, count, turned=turned))
        return made

    def _once(self, key: Any, make: Callable[[], Any]) -> Any:
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]


def _asked(strip: Strip, wanted: Wanted, detail: Detail) -> _Asked:
    tiles = min(wanted.tile_resolution, detail.tiles)
    large = min(wanted.selected_resolution, detail.selected)
    resolution = min(wanted.model_resolution, detail.model)
    morph = strip.around(wanted.selected) if large else None
    grids = strip.grids(wanted.tile_mode, tiles)
    model = None
    if strip.drawn and resolution:
        model = Grid(0, wanted.box if wanted.box and _extended(wanted.box) else strip.boxes[0], resolution)
        grids.add(model)
    if strip.drawn and morph:
        grids |= {Grid(state, strip.boxes[state], large) for state in morph}
    return _Asked(tiles, large, morph, model, grids)


def _extended(box: Box) -> bool:
    return all(math.isfinite(side) for side in box) and box[0] < box[1] and box[2] < box[3]


def view(target: Density, axes: tuple[int, int]) -> Box:
    """The data's box: the target's own ranges of the two axes shown."""
    dimensions = target.event_shape[0]
    if dimensions <= 2:
        return target.box
    first, second = (axis if 0 <= axis < dimensions else i for i, axis in enumerate(axes))
    return (*target.range(first), *target.range(second))


def samples(flow: Flow, count: int, axes: tuple[int, int]) -> Array:
    """Draws of the model at temperature 1, as the views show them."""
    return Array.of(seen(flow.sample(count, seed=SEED).cpu().float().numpy(), axes))


def probe(flow: Flow, point: tuple[float, ...]) -> Probe:
    """One point, in data units, through the flow; its log-density by the very call that an exported flow is asked with."""
    # With gradients the steps round otherwise than without: what is shown is what a plain `flow.log_prob(x)` gives.
    with torch.inference_mode(False), torch.enable_grad():
        x = torch.tensor([point], dtype=torch.float64)
        log_prob = float(flow.log_prob(x).detach())
    pushed = push(flow, x)
    states = np.concatenate([clipped(state) for state in pushed.states])
    return Probe(point=point, log_prob=log_prob, ledger=pushed.ledger(), states=Array.of(states))
