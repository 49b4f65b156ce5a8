"""One training step as a program: the data, the loss, its gradient, the clipping, the optimiser and the moving average.

Nothing in it looks at a number on the device, and nothing goes in or out but through tensors that stay where they are: in
come the weights, the dials of the optimisation, the generator's state and, where the target cannot be drawn by the device
alone, the batch; out come the weights and the readings. So a GPU can be given the whole of it to replay (graphs.py), and a
step run here, operation by operation, computes the same.
"""

from __future__ import annotations

from operator import is_
from typing import NamedTuple

import torch
from torch import Tensor

from ..flows import Flow
from ..flows.step import gradients_in_place
from ..pipeline import Training
from ..pipeline.training import REVERSE_KL
from ..targets import Density
from . import contexts, objectives
from .contexts import Batch
from .optimization import Optimization
from .readings import Readings


class Parts(NamedTuple):
    """What a step is made of, none of which may change but what the dials of `optimization` hold."""

    flow: Flow
    target: Density
    training: Training
    optimization: Optimization
    generator: torch.Generator
    readings: Readings

    def same_step(self, other: Parts) -> bool:
        """Whether a step made of the others would be the same: settings may differ in what the dials hold."""
        if self.training is not other.training and _same_settings(self.training, other.training):
            other = other._replace(training=self.training)
        return all(map(is_, self, other))


class Program:
    """The step of a flow on a target, made of its parts.

    `outside` tells whether the batch is drawn by `fetch`, before the step; else drawing it is a part of the step.
    """

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.flow, self.target, self.training, self.optimization, self.generator, self.readings = parts
        self.outside = not self.target.capturable and self.training.objective != REVERSE_KL
        self.batch: Batch | None = None

    def fetch(self) -> None:
        """Draws the batch of the next step, where the step itself does not; into the same tensors every time."""
        if not self.outside:
            return
        drawn = self._draw()
        if self.batch is None:
            self.batch = drawn
        else:
            for kept, fresh in zip(self.batch, drawn, strict=True):
                if kept is not None and fresh is not None:
                    kept.copy_(fresh)

    def differentiate(self) -> tuple[Tensor, Tensor]:
        """Draws the batch, and sets the gradient: (loss, norm of the gradient), both scalars."""
        if not self.outside:
            self.batch = self._draw()
        assert self.batch is not None
        self.optimization.zero_gradient()
        with gradients_in_place():
            loss = objectives.loss(self.flow, self.target, self.training.objective, self.batch)
        loss.backward()  # type: ignore[no-untyped-call]
        return loss.detach(), self.optimization.gradient_norm()

    def apply(self, norm: Tensor | float) -> None:
        """Moves the weights along the gradient, clipped, and the average after them."""
        self.optimization.clip(norm)
        self.optimization.step(self.training)

    def run(self) -> None:
        """The whole step; its loss and norm go to the readings."""
        loss, norm = self.differentiate()
        self.readings.add(loss, norm)
        self.apply(norm)

    def _draw(self) -> Batch:
        return contexts.encoded(
            objectives.draw(self.flow, self.target, self.training.objective, self.training.batch_size, self.generator),
            self.flow.spec,
        )


def _same_settings(one: Training, other: Training) -> bool:
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("objective", "batch_size", "optimizer", "weight_decay", "momentum")
    ) and bool(one.ema) == bool(other.ema)
