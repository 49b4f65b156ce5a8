"""Shapes through a pipeline, and what is wrong with it, in sentences, before anything is built."""

from __future__ import annotations

import math

import msgspec

from .layers import LayerSpec
from .project import PipelineSpec
from .sentences import say

MAX_LAYERS = 64
MAX_DIMENSIONS = 4096
EventShape = tuple[int, ...]


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Something that keeps a pipeline from being built. `uid` names the layer; empty, it is about the whole."""

    uid: str
    sentence: str
    remedy: str = ""


def problems(spec: PipelineSpec, event_shape: EventShape) -> list[Problem]:
    """Every reason why this pipeline cannot take events of this shape; empty when it can."""
    found: list[Problem] = []
    if len(spec.layers) > MAX_LAYERS:
        found.append(
            Problem(
                uid="",
                sentence=say(
                    "The pipeline has {count} layers; at most {most} are allowed.",
                    count=len(spec.layers),
                    most=MAX_LAYERS,
                ),
                remedy=say("Remove some layers."),
            )
        )
    if not event_shape or any(n < 1 for n in event_shape) or math.prod(event_shape) > MAX_DIMENSIONS:
        found.append(
            Problem(
                uid="",
                sentence=say(
                    "Data of shape {shape} cannot be used; 1 to {most} numbers a point can.",
                    shape=event_shape,
                    most=MAX_DIMENSIONS,
                ),
            )
        )
        return found
    for layer in spec.layers:
        problem = None if layer.bypass else layer_problem(layer, event_shape)
        if problem is not None:
            found.append(problem)
    return found


def layer_problem(layer: LayerSpec, event_shape: EventShape) -> Problem | None:
    """Why this layer cannot take events of this shape, or None."""
    if len(event_shape) != 1:
        return Problem(
            uid=layer.uid,
            sentence=say(
                "{layer} takes vectors; the data has shape {shape}.",
                layer=layer.title,
                shape=" x ".join(map(str, event_shape)),
            ),
            remedy=say("Choose a target with one row of numbers a point."),
        )
    return None


def trace_shapes(spec: PipelineSpec, event_shape: EventShape) -> list[EventShape]:
    """The event's shape before the first layer and after each one; (K+1) shapes."""
    return [event_shape] * (len(spec.layers) + 1)
