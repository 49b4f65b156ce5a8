"""Points with their contexts: what a conditional flow trains on, is judged by, and is shown for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from ..engine.messages import ContextInfo
from ..flows import Flow
from ..pipeline import Context, PipelineSpec, Problem, say
from ..targets import Density


class Batch(NamedTuple):
    """Points (B, *event) or latents, and the context of each: classes (B,) or numbers (B, C), None where there is none."""

    points: Tensor
    context: Tensor | None = None

    def part(self, rows: slice) -> Batch:
        return Batch(self.points[rows], None if self.context is None else self.context[rows])

    def split(self, size: int) -> Iterator[Batch]:
        """The batch in parts of at most `size` points."""
        for start in range(0, len(self.points), size):
            yield self.part(slice(start, start + size))


def problem(pipeline: PipelineSpec, target: Density) -> Problem | None:
    """Why this pipeline's context cannot be had from this target, or None."""
    wanted, there = pipeline.context, target.context
    if wanted.kind == "none" or wanted == there:
        return None
    if there.kind == "none":
        return Problem(
            uid="",
            sentence=say(
                "The pipeline is conditional, and '{target}' has nothing to be conditioned by.", target=target.title
            ),
            remedy=say("Make the density unconditional, or choose data with classes or context columns."),
        )
    return Problem(
        uid="",
        sentence=say(
            "The pipeline is conditioned by {wanted}; '{target}' has {there}.",
            wanted=_in_words(wanted),
            target=target.title,
            there=_in_words(there),
        ),
        remedy=say("Take the context anew from this data, or make the density unconditional."),
    )


def _in_words(context: Context) -> str:
    if context.kind == "classes":
        return say("{count} classes", count=context.count)
    return say("{count} numbers", count=context.count)


def conditional(pipeline: PipelineSpec) -> bool:
    """Whether the pipeline's density depends on a context."""
    return pipeline.context.kind != "none"


def held_out(target: Density, pipeline: PipelineSpec, count: int) -> Batch:
    """The first held-out points, with their context where the pipeline is conditional."""
    return Batch(target.held_out(count), target.held_out_context(count) if conditional(pipeline) else None)


def train_points(target: Density, pipeline: PipelineSpec, count: int) -> Batch:
    """The first of the fixed training points, likewise."""
    return Batch(target.train_points(count), target.train_context(count) if conditional(pipeline) else None)


def test_points(target: Density, pipeline: PipelineSpec, count: int) -> Batch:
    """The first points of the test split (the held-out ones where there is none), likewise."""
    return Batch(target.test_points(count), target.test_context(count) if conditional(pipeline) else None)


def draw(target: Density, pipeline: PipelineSpec, count: int, generator: torch.Generator | None) -> Batch:
    """Fresh training points, likewise."""
    if conditional(pipeline):
        return Batch(*target.sample_with_context(count, generator))
    return Batch(target.sample(count, generator))


def encoded(batch: Batch, pipeline: PipelineSpec) -> Batch:
    """The batch with classes as rows of zeros and a one, as a flow would make them after a look at whether each is a class."""
    points, context = batch
    if context is None or pipeline.context.kind != "classes" or context.ndim != 1:
        return batch
    known = torch.arange(pipeline.context.count, device=context.device)
    return Batch(points, (context[:, None] == known).to(points.dtype))


def info(target: Density) -> ContextInfo | None:
    """What the window is told of the target's context."""
    context = target.context
    if context.kind == "none":
        return None
    ranges = target.context_ranges
    return ContextInfo(
        kind=context.kind,
        count=context.count,
        names=target.context_names,
        low=tuple(float(low) for low, _ in ranges),
        high=tuple(float(high) for _, high in ranges),
    )


def shown(flow: Flow, target: Density, wanted: tuple[float, ...]) -> Tensor | None:
    """The one context for which a conditional density is shown: a row (1,) or (1, C); None where the flow has none.

    What does not fit becomes class 0, or the middle of each number's range.
    """
    context = flow.spec.context
    if context.kind == "none":
        return None
    if context.kind == "classes":
        one = len(wanted) == 1 and 0 <= wanted[0] < context.count
        return torch.tensor([int(wanted[0]) if one else 0], device=flow.like.device)
    if len(wanted) != context.count:
        wanted = tuple((low + high) / 2 for low, high in target.context_ranges) or (0.0,) * context.count
    return torch.tensor([wanted], dtype=flow.like.dtype, device=flow.like.device)
