"""What the window is told of the target: at once what is known, later its fine density and the baselines."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import msgspec

from ..pipeline import Sentence
from ..targets import Density
from ..training.frames_target import RESOLUTION, target_info
from .baselines import Baselines, Known
from .messages import Event, TargetInfo, Wanted

SETTLED = 0.4
"""Seconds without another target, after which it pays to compute baselines."""


class News:
    """Tells of a target whenever it is another one, or it is looked at in another way. `wake` is called when baselines are done."""

    def __init__(self, send: Callable[[Event], None], wake: Callable[[], None]) -> None:
        self._send = send
        self._baselines = Baselines(wake)
        self._target: Density | None = None
        self._look: object = None
        self._info: TargetInfo | None = None
        self._known: Known | None = None
        self._ask_at: float | None = None

    def tell(self, target: Density, wanted: Wanted, generation: int, notes: Sequence[Sentence] = ()) -> None:
        """Sends what is known of the target, if that is new: another target, another look at it, or other notes."""
        look = (wanted.axes, wanted.projection, wanted.corner, tuple(notes))
        if target is self._target and look == self._look:
            return
        another, before = target is not self._target, self._info
        self._target, self._look = target, look
        self._info = target_info(
            target,
            wanted.axes,
            generation,
            projection=wanted.projection,
            with_corner=wanted.corner,
            notes=notes,
        )
        known = self._known
        if another and known is not None and known.complete and before is not None and _same(before, self._info):
            # Read again, by a reset or on another device, it still is what it was.
            self._known = replace(known, target=target)
            self._info = msgspec.structs.replace(before, generation=generation)
        elif another:
            self._ask_at = time.monotonic() + (0.0 if _coarse(self._info) else SETTLED)
        self._send(self._with_known(self._info))

    def patience(self, now: float) -> float | None:
        """Seconds until there is something to do; None: nothing."""
        return None if self._ask_at is None else max(0.0, self._ask_at - now)

    def follow_up(self, generation: int, now: float) -> None:
        """Asks for the baselines when the target has settled, and tells of them when they are there."""
        if self._ask_at is not None and now >= self._ask_at and self._target is not None:
            self._ask_at = None
            self._baselines.ask(self._target, finely=self._info is not None and _coarse(self._info))
        news = self._baselines.take()
        if news is not None and news.target is self._target and self._info is not None:
            self._known = news
            self._send(self._with_known(msgspec.structs.replace(self._info, generation=generation)))

    def _with_known(self, info: TargetInfo) -> TargetInfo:
        known = self._known
        if known is None or known.target is not self._target:
            return info
        density = known.density or info.density
        return msgspec.structs.replace(info, density=density, gaussian_nll=known.gaussian, kde_nll=known.kde)


def _coarse(info: TargetInfo) -> bool:
    return info.density is not None and max(info.density.values.shape) < RESOLUTION


def _same(a: TargetInfo, b: TargetInfo) -> bool:
    """Whether two targets have the same points; the generation, and how fine the picture is, may differ."""
    return msgspec.structs.replace(a, generation=0, density=None) == msgspec.structs.replace(
        b, generation=0, density=None
    )
