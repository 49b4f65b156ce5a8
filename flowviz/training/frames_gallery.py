"""The gallery: samples that improve, the way between two events, what comes back, and what is nearest in the training data."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ..engine.messages import Array, Gallery, Wanted
from ..flows import Flow
from ..pipeline import StandardNormal, Text, say
from ..targets import Density
from . import contexts
from .frames_drawing import Drawing, Order, step_by_step
from .frames_events import event_array

SEED = 0x5EED
"""Samples are always made from the same noise: they move as the flow learns, they don't flicker."""
MOST = 256
"""Events in a gallery."""
LOOKED_AT = 1 << 24
"""Numbers of the training events among which the nearest are looked for."""
EVERY_NUMBER = 10_000


@dataclass(frozen=True)
class Time:
    """What drawing may take in one frame: seconds, and a look at whether something more urgent waits."""

    seconds: float
    interrupted: Callable[[], bool]


class GalleryMaker:
    """Galleries of one target. A drawing that takes long is kept from frame to frame, whatever the weights do meanwhile."""

    def __init__(self, target: Density) -> None:
        self.target = target
        self._drawing: Drawing | None = None
        self._stale = False
        self._train: Tensor | None = None

    @property
    def unfinished(self) -> bool:
        """Whether there is more to come: of the drawing that was shown last, or of one with the weights of now."""
        return self._drawing is not None and (self._stale or not self._drawing.finished)

    def moved(self) -> None:
        """The weights have changed. A drawing on its way goes on; the next one begins with the new ones."""
        self._stale = True

    def make(self, flow: Flow, wanted: Wanted, step: int, time: Time) -> Gallery | None:
        """The gallery that is wanted, of pictures or sequences; None for vectors, or where nothing is wanted or ready."""
        if len(flow.event_shape) == 1 or not wanted.gallery:
            self._drawing = None
            return None
        count = max(1, min(wanted.gallery_count, MOST))
        if wanted.gallery == "samples":
            return self._samples(flow, wanted, count, step, time)
        if wanted.gallery == "nearest":
            return self._nearest(flow, wanted, count, step, time)
        self._drawing = None
        if wanted.gallery == "interpolation":
            return self._interpolation(flow, wanted, count)
        return self._reconstruction(flow, count)

    def _samples(self, flow: Flow, wanted: Wanted, count: int, step: int, time: Time) -> Gallery | None:
        drawn = self._drawn(flow, wanted, count, step, time)
        if drawn is None:
            return None
        return Gallery(
            kind="samples", events=self._array(drawn.events), done=drawn.done, seconds_left=drawn.seconds_left
        )

    def _nearest(self, flow: Flow, wanted: Wanted, count: int, step: int, time: Time) -> Gallery | None:
        drawn = self._drawn(flow, wanted, count, step, time)
        if drawn is None:
            return None
        events = self._array(torch.cat((drawn.events, self.nearest(drawn.events))))
        return Gallery(kind="nearest", events=events, done=drawn.done, seconds_left=drawn.seconds_left)

    def nearest(self, x: Tensor) -> Tensor:
        """The training events that are nearest to x (N, *event) by Euclidean distance, one for each."""
        if self._train is None:
            self._train = self.target.train_points(max(1, min(EVERY_NUMBER, LOOKED_AT // x[0].numel())))
        x = torch.nan_to_num(x.to(self._train), 0.0)
        return self._train[torch.cdist(x.flatten(1), self._train.flatten(1)).argmin(1)]

    def _drawn(self, flow: Flow, wanted: Wanted, count: int, step: int, time: Time) -> _Drawn | None:
        context = contexts.shown(flow, self.target, wanted.context)
        if not step_by_step(flow.spec):
            self._drawing = None
            return _Drawn(flow.sample(count, wanted.temperature, SEED, context))
        row = None if context is None else tuple(float(value) for value in context.flatten())
        order = Order(flow.spec, count, wanted.temperature, SEED, row)
        known = self._drawing
        fits = known is not None and known.order == order and known.step <= step
        if known is None or not fits or (known.finished and self._stale):
            known = self._drawing = Drawing(flow, order, context, step)
            self._stale = False
        known.advance(time.seconds, time.interrupted)
        if known.events is None:
            return None
        return _Drawn(known.events, known.done, known.seconds_left)

    def _interpolation(self, flow: Flow, wanted: Wanted, count: int) -> Gallery:
        available = self.target.held_out(max(*wanted.ends, 1) + 1)
        ends = available[[min(max(0, end), len(available) - 1) for end in wanted.ends]]
        context = contexts.shown(flow, self.target, wanted.context)
        z, _ = flow.normalize(ends, context)
        normal = isinstance(flow.spec.base, StandardNormal)
        way = between(z[0], z[1], max(2, count), spherical=normal)
        note = (
            say("Along a great circle between the two latent points.")
            if normal
            else say("Along a straight line between the two latent points.")
        )
        x, _ = flow.generate(way, context)
        return Gallery(kind="interpolation", events=self._array(x), note=Text.of(note))

    def _reconstruction(self, flow: Flow, count: int) -> Gallery:
        points, context = contexts.held_out(self.target, flow.spec, count)
        back, _ = flow.generate(flow.normalize(points, context)[0], context)
        difference = (back - points.to(back)).abs()
        error = float(torch.where(difference.isnan(), math.inf, difference).max()) if difference.numel() else 0.0
        return Gallery(
            kind="reconstruction",
            events=self._array(torch.cat((points.to(back), back))),
            error=error if math.isfinite(error) else None,
        )

    def _array(self, x: Tensor) -> Array:
        return event_array(self.target, x)


@dataclass(frozen=True)
class _Drawn:
    events: Tensor
    done: float = 1.0
    seconds_left: float | None = None


def between(a: Tensor, b: Tensor, count: int, *, spherical: bool) -> Tensor:
    """`count` points (count, *shape) from a to b, both ends included.

    Spherical: (sin((1−t)ω) a + sin(tω) b)/sin ω with ω the angle between a and b, so that the way keeps to the lengths that
    a normal density makes likely (Shoemake 1985; White 2016, arXiv 1609.04468). Else (1−t) a + t b.
    """
    t = torch.linspace(0.0, 1.0, count, dtype=a.dtype, device=a.device).reshape(-1, *[1] * a.ndim)
    lengths = a.norm() * b.norm()
    omega = torch.arccos((a * b).sum().div(lengths.clamp_min(1e-30)).clamp(-1.0, 1.0))
    if not spherical or float(omega.sin()) < 1e-4:
        return (1.0 - t) * a + t * b
    return (((1.0 - t) * omega).sin() * a + (t * omega).sin() * b) / omega.sin()
