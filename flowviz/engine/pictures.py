"""Which frame is made when: while it trains within the budget, at rest at once and as fine as asked for, and then no more."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import msgspec

from ..flows import Flow
from ..pipeline import PipelineSpec
from ..training.frames import FrameMaker, Interrupted, tiles_alone, wanted_at_all
from ..training.frames_budget import CYCLE, FASTEST, FASTEST_BESIDE, FULL, Budget, Detail
from ..training.trainer import Trainer
from .messages import Event, Wanted

AT_ONCE = 0.04
"""Seconds that a frame may take at rest; one that takes longer comes coarse first, then fine."""
DRAWING, DRAWING_AT_REST = 0.03, 0.1
"""Seconds that samples are drawn on, pixel by pixel, in one frame."""


class Pictures:
    """Frames of one trainer. `interrupted()` tells whether a command waits: then a fine picture at rest is put off."""

    def __init__(self, send: Callable[[Event], None], interrupted: Callable[[], bool]) -> None:
        self.budget = Budget()
        self.wanted = Wanted()
        self._send, self._interrupted = send, interrupted
        self._maker: FrameMaker | None = None
        self._shape: object = None
        self._dirty = self._fresh = self._moved = False
        self._alone = 0
        """Frames of the tiles alone since the last whole one."""
        self._probed: tuple[float, ...] = ()
        """The point of the last frame's probe."""

    def want(self, wanted: Wanted) -> None:
        """What is visible now."""
        if wanted != self.wanted:
            # A point that moves needs no whole frame.
            self._fresh |= msgspec.structs.replace(wanted, probe=()) != msgspec.structs.replace(self.wanted, probe=())
            self.wanted, self.budget.share = wanted, wanted.frame_share
            self._dirty = True
            self.budget.hurry()

    def moved(self) -> None:
        """The weights have changed."""
        self._dirty = self._moved = True

    def edited(self, trainer: Trainer) -> None:
        """The project, or the whole run, has changed."""
        self._dirty = self._fresh = self._moved = True
        self.budget.hurry()
        shape = _shape(trainer.flow.spec)
        if shape != self._shape:
            self._shape = shape
            self.budget.forget()

    def rested(self) -> None:
        """Training has stopped: the last picture was a live one, and the next may be fine."""
        self._dirty = True

    def patience(self) -> float | None:
        """Seconds until a frame is to be made; None: nothing new is to be seen."""
        if not self._dirty or not wanted_at_all(self.wanted):
            return None
        return self.budget.wait(time.perf_counter())

    def draw(self, trainer: Trainer, generation: int, *, training: bool) -> None:
        """Makes a frame, if one is due, and sends it."""
        began = time.perf_counter()
        if self.patience() != 0.0:
            return
        maker = self._made_for(trainer)
        flow = trainer.evaluation_flow()
        wanted, tiles_only, coarse = self.wanted, False, False
        if training:
            self.budget.fastest = FASTEST if trainer.device.type == "cpu" else FASTEST_BESIDE
            alone = tiles_alone(wanted, flow.event_shape)
            detail = self.budget.detail(partial(_work, maker, flow, wanted, alone))
            if alone is not None and not self._fresh and self._alone + 1 < CYCLE:
                tiles_only = True
                wanted = alone if alone.probe != self._probed else msgspec.structs.replace(alone, probe=())
        else:
            expected = self.budget.expected(maker.expect(flow, wanted, FULL)) if self._fresh else 0.0
            coarse = expected is None or expected > AT_ONCE
            detail = self.budget.detail(partial(maker.expect, flow, wanted)) if coarse else FULL
        try:
            frame = maker.frame(
                flow,
                wanted,
                detail,
                generation=generation,
                step=trainer.step,
                averaged=trainer.averaged,
                interrupted=_never if training or coarse else self._interrupted,
                drawing=DRAWING if training or coarse else DRAWING_AT_REST,
                tiles_only=tiles_only,
                live=training,
            )
        except Interrupted:
            return
        except BaseException:
            self._dirty = False
            raise
        self._dirty, self._fresh = coarse or maker.unfinished, False
        self._alone = self._alone + 1 if tiles_only else 0
        self._probed = self.wanted.probe
        self._send(msgspec.structs.replace(frame, seconds=time.perf_counter() - began))
        seconds = time.perf_counter() - began
        self.budget.spent(began, seconds, maker.work, maker.work_seconds, training=training)

    def _made_for(self, trainer: Trainer) -> FrameMaker:
        if self._maker is None:
            self._maker = FrameMaker(trainer.target)
        elif self._maker.target is not trainer.target:
            self._maker.look_at(trainer.target)
        elif self._moved:
            self._maker.forget()
        self._moved = False
        return self._maker


def _work(maker: FrameMaker, flow: Flow, wanted: Wanted, alone: Wanted | None, detail: Detail) -> float:
    """The work of a frame while it trains: the mean over one that is whole and those of the tiles alone."""
    whole = maker.expect(flow, wanted, detail, held=True)
    if alone is None:
        return whole
    tiles = maker.expect(flow, alone, detail, held=True)
    return tiles + (whole - tiles) / CYCLE


def _never() -> bool:
    return False


def _shape(spec: PipelineSpec) -> object:
    """What the cost of a frame depends on, and the dragging of a slider does not change."""
    layers = [(layer.kind, layer.bypass, getattr(layer, "conditioner", None)) for layer in spec.layers]
    return layers, spec.base
