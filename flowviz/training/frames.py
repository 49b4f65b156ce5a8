"""Frames: what the views show, computed from one set of weights, exactly (no tweening, no histogram called a density)."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import torch
from torch import Tensor

from ..engine.messages import DATA, Array, Frame, Probe, Wanted
from ..flows import Flow
from ..pipeline import Box, EventShape, StandardNormal
from ..targets import Density
from . import contexts
from .contexts import Batch
from .frames_boxes import Boxes, around, extent
from .frames_budget import Detail
from .frames_drawing import step_by_step
from .frames_events import Ranges, StateEvents
from .frames_gallery import SEED, GalleryMaker, Time
from .frames_grids import Grid, Interrupted, Rides
from .frames_projection import CORNER, Plane, Planes, cornered, principal, principal_plane
from .frames_states import Floats, Lattice, Pushed, clipped, lattice, push, pushed_by, seen
from .frames_strip import FLOOR, Strip, picture
from .streams import beside

__all__ = ["FLOOR", "LATTICE", "POINTS", "FrameMaker", "Interrupted", "corner", "points_of", "sight", "wanted_at_all"]

POINTS = 1000
"""Held-out points that are pushed through the flow: coloured, counted in histograms, averaged in the ledger."""
NUMBERS, FEWEST = 1 << 14, 64
"""Of pictures and sequences, so many numbers are pushed, but at least as many events."""
LATTICE = {1: 65, 2: 33}
"""Vertices along each side of the lattice, by the number of dimensions."""
CORNER_POINTS = 1000
NORMAL_BOX: Box = (-3.0, 3.0, -3.0, 3.0)
"""The lattice of a standard normal base."""
AT_ONCE = 0.05
"""Seconds that a drawing goes on in one frame, unless the budget says otherwise."""


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
        or wanted.gallery
        or wanted.corner
    )


def tiles_alone(wanted: Wanted, shape: EventShape) -> Wanted | None:
    """What is wanted of the tiles, and the probe; None where tiles without the rest would save little or say nothing."""
    if shape not in ((1,), (2,)) or not wanted.tile_resolution:
        return None
    return msgspec.structs.replace(
        wanted, model_resolution=0, samples=0, selected="", selected_resolution=0, whole_flow=False, ledger=False
    )


def points_of(shape: EventShape) -> int:
    """How many held-out events are pushed through the flow, and told of with the target."""
    return POINTS if len(shape) == 1 else min(POINTS, max(FEWEST, NUMBERS // math.prod(shape)))


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

    In one and two dimensions states have pictures. In more there are points on two axes, or in the plane of two principal
    components, and no picture: the density of two coordinates of a state is not known exactly. Pictures and sequences show
    a few events at every state. A conditional flow's pictures, samples and lattices are those of the wanted context;
    held-out points go through it under their own. `work` and `work_seconds` tell what the last frame's pictures took.
    """

    def __init__(self, target: Density, points: int | None = None) -> None:
        self._count = points
        self._boxes, self._planes, self._ranges = Boxes(), Planes(), Ranges()
        self._rides = Rides()
        self._known: dict[Any, Any] = {}
        self._context: tuple[float, ...] = ()
        self._held: tuple[Any, Strip] | None = None
        self._live = False
        self.look_at(target)

    def look_at(self, target: Density) -> None:
        """Takes another target; the boxes of the states are held on to."""
        self.target = target
        self.points = target.held_out(self._count or points_of(target.event_shape))
        self._batches: dict[bool, Batch] = {}
        self._gallery = GalleryMaker(target)
        self._held = None
        self.forget()

    def forget(self) -> None:
        """The weights have changed: nothing that was computed holds any longer. A drawing on its way goes on."""
        self._rides.forget()
        self._known.clear()
        self._gallery.moved()

    @property
    def unfinished(self) -> bool:
        """Whether something is half drawn: another frame shows more of it."""
        return self._gallery.unfinished

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
        drawing: float = AT_ONCE,
        tiles_only: bool = False,
        live: bool = False,
    ) -> Frame:
        """What `wanted` asks for, no finer than `detail`; what is drawn pixel by pixel goes on for `drawing` seconds.

        `tiles_only`: `wanted` is of `tiles_alone`, and where the last frame's points, boxes and log-dets do for the tiles, it
        is their pictures alone that are of these weights. `live`: points go through the flow by the tables that the pictures
        are made with, where there are such, and agree with the flow's own to float32's rounding; else by the flow itself.
        Raises Interrupted as soon as `interrupted()` becomes true.
        """
        began = time.perf_counter()
        self._live = live
        self._rides.work = self._rides.seconds = 0.0
        training = flow.training
        if training:
            flow.eval()
        try:
            with beside(flow.like.device), torch.inference_mode():
                parts = self._parts(flow, wanted, detail, interrupted, held=tiles_only)
                gallery = None if tiles_only else self._galleried(flow, wanted, step, Time(drawing, interrupted))
        finally:
            if training:
                flow.train()
        seconds = time.perf_counter() - began
        return Frame(
            generation=generation,
            step=step,
            averaged=averaged,
            seconds=seconds,
            tiles_only=tiles_only,
            gallery=gallery,
            **parts,
        )

    def expect(self, flow: Flow, wanted: Wanted, detail: Detail, *, held: bool = False) -> float:
        """The work that the pictures of such a frame would be; those known already cost nothing. `held`: with the boxes that
        the last frame had, which takes no time."""
        with beside(flow.like.device), torch.inference_mode():
            self._turn(wanted)
            if not _of_states(wanted):
                return 0.0
            strip = self._strip(flow, wanted, held=held)
            return self._rides.expect(flow, _asked(strip, wanted, detail).grids)

    # ---- parts ----

    def _turn(self, wanted: Wanted) -> None:
        """Another context: what was computed for the last one does not hold."""
        if wanted.context != self._context:
            self._context = wanted.context
            self._held = None
            self.forget()

    def _parts(
        self, flow: Flow, wanted: Wanted, detail: Detail, interrupted: Callable[[], bool], *, held: bool
    ) -> dict[str, Any]:
        self._turn(wanted)
        context = contexts.shown(flow, self.target, wanted.context)
        parts = self._of_states(flow, wanted, detail, interrupted, context, held) if _of_states(wanted) else {}
        if wanted.samples and (len(flow.event_shape) == 1 or not step_by_step(flow.spec)):
            look = ("look", wanted.axes, wanted.projection)
            plane, _ = self._once(look, lambda: sight(self.target, wanted.axes, wanted.projection))
            parts["samples"] = Array.of(seen(self._sampled(flow, wanted, context), wanted.axes, plane))
        if wanted.corner and cornered(flow.event_shape):
            parts["corner"] = corner(self._corner_samples(flow, wanted, context))
        if (len(wanted.probe),) == flow.event_shape:
            parts["probe"] = self._once(("probe", wanted.probe), lambda: probe(flow, wanted.probe, context))
        return parts

    def _of_states(
        self,
        flow: Flow,
        wanted: Wanted,
        detail: Detail,
        interrupted: Callable[[], bool],
        context: Tensor | None,
        held: bool,
    ) -> dict[str, Any]:
        """What is made of the held-out points at every state, and of grids."""
        strip = self._strip(flow, wanted, held=held)
        asked = _asked(strip, wanted, detail)
        self._rides.compute(flow, asked.grids, interrupted, context)
        if strip.drawn and (asked.morph or (asked.tiles and wanted.tile_mode == "grid")):
            strip.lattice = self._lattice(flow, strip.boxes, context, turned=wanted.turned)
        parts: dict[str, Any] = {}
        if asked.tiles:
            parts["tiles"] = strip.tiles(wanted.tile_mode, asked.tiles, self._rides)
        if asked.model:
            parts["model"] = picture(asked.model, self._rides)[0]
        if asked.morph:
            parts["morph"] = strip.morph(wanted.selected, asked.morph, asked.large, self._rides)
        if wanted.whole_flow:
            parts["flow"] = Array.of(np.stack(strip.points))
        if wanted.ledger:
            parts["ledger"] = strip.pushed.ledger()
        return parts

    def _galleried(self, flow: Flow, wanted: Wanted, step: int, time: Time) -> Any:
        """Half-drawn samples are another thing in every frame; whole ones are made once."""
        if self._gallery.unfinished or not wanted.gallery:
            return self._gallery.make(flow, wanted, step, time)
        key = ("gallery", wanted.gallery, wanted.gallery_count, wanted.ends, wanted.temperature)
        made = self._once(key, lambda: self._gallery.make(flow, wanted, step, time))
        if self._gallery.unfinished:
            del self._known[key]
        return made

    def _sampled(self, flow: Flow, wanted: Wanted, context: Tensor | None) -> Floats:
        """Draws of the model (N, D), flattened; of pictures and sequences no more than are pushed through the flow."""
        count = wanted.samples if len(flow.event_shape) == 1 else min(wanted.samples, points_of(flow.event_shape))
        made: Floats = self._once(
            ("samples", count, wanted.temperature), lambda: _samples(flow, count, wanted.temperature, context)
        )
        return made

    def _corner_samples(self, flow: Flow, wanted: Wanted, context: Tensor | None) -> Floats:
        made: Floats = self._once(
            ("corner", wanted.temperature), lambda: _samples(flow, CORNER_POINTS, wanted.temperature, context)
        )
        return made

    def _strip(self, flow: Flow, wanted: Wanted, *, held: bool) -> Strip:
        """The strip of these weights; `held`: the last one, where its points themselves are not what is looked at."""
        key = ("strip", wanted.axes, wanted.projection, wanted.pictures)
        if held and wanted.tile_mode != "samples" and self._held is not None and self._held[0] == key:
            return self._held[1]
        made: Strip = self._once((*key, self._live), lambda: self._new_strip(flow, wanted))
        self._held = key, made
        return made

    def _new_strip(self, flow: Flow, wanted: Wanted) -> Strip:
        pushed: Pushed = self._once(("pushed", self._live), lambda: self._pushed(flow))
        names = (DATA, *pushed.uids)
        self._boxes.keep(set(names))
        self._planes.keep(set(names))
        plane, box = sight(self.target, wanted.axes, wanted.projection, pushed.states[0])
        by_plane = plane is not None
        planes = [
            plane if k == 0 else self._planes.hold(name, state) if by_plane else None
            for k, (name, state) in enumerate(zip(names, pushed.states, strict=True))
        ]
        points = [seen(state, wanted.axes, plane) for state, plane in zip(pushed.states, planes, strict=True)]
        boxes = [box]
        boxes += [self._boxes.hold(name, state) for name, state in zip(names[1:], points[1:], strict=True)]
        strip = Strip(flow, pushed, points, boxes)
        if len(flow.event_shape) > 1:
            strip.events = StateEvents(flow, self.target, pushed, self._ranges, wanted.pictures)
        return strip

    def _pushed(self, flow: Flow) -> Pushed:
        batch = self._batch(flow)
        if self._live and flow.event_shape == (2,) and batch.context is None:
            return pushed_by(self._rides.maps(flow, None), flow, batch)
        return push(flow, batch)

    def _batch(self, flow: Flow) -> Batch:
        conditional = contexts.conditional(flow.spec)
        if conditional not in self._batches:
            context = self.target.held_out_context(len(self.points)) if conditional else None
            self._batches[conditional] = Batch(self.points, context)
        return self._batches[conditional]

    def _lattice(self, flow: Flow, boxes: list[Box], context: Tensor | None, *, turned: bool) -> Lattice:
        normal = isinstance(flow.spec.base, StandardNormal)
        box = (NORMAL_BOX if normal else boxes[-1]) if turned else boxes[0]
        count = LATTICE[flow.event_shape[0]]
        made: Lattice = self._once(
            ("lattice", turned, box), lambda: lattice(flow, box, count, turned=turned, context=context)
        )
        return made

    def _once(self, key: Any, make: Callable[[], Any]) -> Any:
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]


def _of_states(wanted: Wanted) -> bool:
    """Whether anything is wanted for which the held-out points have to go through the flow."""
    return bool(
        wanted.tile_resolution
        or wanted.model_resolution
        or (wanted.selected and wanted.selected_resolution)
        or wanted.whole_flow
        or wanted.ledger
    )


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


def sight(
    target: Density, axes: tuple[int, int], projection: str, points: Floats | None = None
) -> tuple[Plane | None, Box]:
    """How the data is looked at: the plane of its principal components (None: two coordinates), and the box around it.

    `points` (N, D) are the held-out ones that are pushed through the flow, flattened; without them they are fetched.
    """
    shape = target.event_shape
    if not principal(shape, projection):
        if shape[0] <= 2:
            return None, target.box
        first, second = (axis if 0 <= axis < shape[0] else i for i, axis in enumerate(axes))
        return None, (*target.range(first), *target.range(second))
    if points is None:
        points = target.held_out(points_of(shape)).flatten(1).cpu().float().numpy()
    plane = principal_plane(points)
    reached = extent(clipped(plane.see(points)))
    return plane, around(reached) if reached is not None else NORMAL_BOX


def _samples(flow: Flow, count: int, temperature: float, context: Tensor | None) -> Floats:
    """Draws of the model (count, D), flattened."""
    drawn: Floats = flow.sample(count, temperature, SEED, context).flatten(1).cpu().float().numpy()
    return drawn


def corner(points: Floats) -> Array:
    """The first coordinates of points (N, D), (N, min(D, 6)), as they can be drawn."""
    return Array.of(clipped(points[:, :CORNER]))


def probe(flow: Flow, point: tuple[float, ...], context: Tensor | None = None) -> Probe:
    """One point, in data units, through the flow; its log-density by the very call that an exported flow is asked with."""
    # With gradients the steps round otherwise than without: what is shown is what a plain `flow.log_prob(x)` gives.
    with torch.inference_mode(False), torch.enable_grad():
        x = torch.tensor([point], dtype=torch.float64)
        c = None if context is None else context.clone()
        log_prob = float(flow.log_prob(x, c).detach())
    pushed = push(flow, Batch(x, c))
    states = np.concatenate([clipped(state) for state in pushed.states])
    return Probe(point=point, log_prob=log_prob, ledger=pushed.ledger(), states=Array.of(states))
