"""Samples that come about pixel by pixel or moment by moment: drawn on over several frames, and shown on their way."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from ..flows import Flow
from ..pipeline import PipelineSpec

SEQUENTIAL = "sequential"


def step_by_step(spec: PipelineSpec) -> bool:
    """Whether samples of this pipeline take one pass after another, so that they may take long."""
    active = [layer for layer in spec.layers if not layer.bypass]
    return spec.base.sample_cost != "one pass" or any(layer.generate_cost == SEQUENTIAL for layer in active)


@dataclass(frozen=True)
class Order:
    """What is to be drawn: `count` samples of noise from `seed`, at a temperature, under one context (a tuple, or None)."""

    spec: PipelineSpec
    count: int
    temperature: float
    seed: int
    context: tuple[float, ...] | None


class Drawing:
    """One set of samples, from the weights that it began with. `advance` draws on for a while, never longer than one pixel
    beyond it; `events` (count, *event) in data units is what there is so far, None before anything can be shown."""

    def __init__(self, flow: Flow, order: Order, context: Tensor | None, step: int) -> None:
        self.order, self.step = order, step
        self.events: Tensor | None = None
        self.done = 0.0
        self.finished = False
        self._flow = copy.deepcopy(flow)
        self._context = None if context is None else context.clone()
        self._began = time.monotonic()
        self._coming = self._draw()

    @property
    def seconds_left(self) -> float | None:
        """By the clock, at the pace so far, the training between two frames included; None when it is not known."""
        if self.finished or self.done <= 0.0:
            return None
        return (time.monotonic() - self._began) * (1.0 - self.done) / self.done

    def advance(self, seconds: float, interrupted: Callable[[], bool]) -> None:
        """Draws on until the time is up, something more urgent has come, or all is drawn; at least one piece."""
        until = time.perf_counter() + seconds
        while not self.finished:
            x, self.done = next(self._coming)
            self.events = self.events if x is None else x
            self.finished = self.done >= 1.0
            if interrupted() or time.perf_counter() >= until:
                return

    def _draw(self) -> Iterator[tuple[Tensor | None, float]]:
        """Pieces (samples or None, share done). What is half drawn can be shown where no layer stands between."""
        flow, order = self._flow, self.order
        generator = torch.Generator().manual_seed(order.seed)
        if not flow.active:
            for z, done in flow.drawing_latent(order.count, generator, order.temperature, self._context):
                yield flow.generate(z, self._context)[0], done
            return
        parts = 2 if flow.splits else 1 + len(flow.stages())
        latent = flow.like
        for latent, done in flow.drawing_latent(order.count, generator, order.temperature, self._context):  # noqa: B007
            yield None, done / parts
        # The layers one by one: a command that waits gets its turn between them.
        for number, h in enumerate(_layer_by_layer(flow, latent, self._context), 2):
            yield (h if number == parts else None), number / parts


def _layer_by_layer(flow: Flow, z: Tensor, context: Tensor | None) -> Iterator[Tensor]:
    """z through the stages in the generative direction, a stage at a time; the last one gives the events."""
    if flow.splits:
        yield flow.generate(z, context)[0]
        return
    h = z
    rows = flow.encode(context, len(z))
    for _, stage in reversed(flow.stages()):
        h, _ = stage.generate(h, rows)
        yield h
