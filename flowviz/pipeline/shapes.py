"""Shapes through a pipeline, and what is wrong with it, in sentences, before anything is built."""

from __future__ import annotations

import math
from typing import Any

import msgspec

from .bases import BaseSpec
from .conditioners import MADE, MLP, ConvNet, EventKind, NetworkSpec, PixelCNN, WaveNet
from .layers import Flatten, Haar, LayerSpec, Split, Squeeze, Transformer
from .named import NAMED
from .project import PipelineSpec
from .sentences import Sentence, say
from .targets import ImageTarget, NamedTarget, SequenceTarget, Target

MAX_LAYERS = 64
MAX_DIMENSIONS = 4096
EventShape = tuple[int, ...]
KINDS: dict[int, EventKind] = {1: "vector", 2: "sequence", 3: "image"}
KIND_NAMES: dict[EventKind, str] = {"vector": say("vectors"), "image": say("pictures"), "sequence": say("sequences")}


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Something that keeps a pipeline from being built. `uid` names the layer, or base; empty, it is about the whole."""

    uid: str
    sentence: str
    remedy: str = ""


def event_kind(shape: EventShape) -> EventKind:
    """(D,) is a vector, (C, T) a sequence, (C, H, W) an image."""
    return KINDS[len(shape)]


def target_kind(target: Target) -> EventKind:
    """The kind of a target's events, as far as its spec tells: a trained flow counts as vectors until it is opened."""
    if isinstance(target, NamedTarget) and target.name in NAMED:
        return event_kind(NAMED[target.name].event_shape)
    return (
        "image" if isinstance(target, ImageTarget) else "sequence" if isinstance(target, SequenceTarget) else "vector"
    )


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
    if len(event_shape) not in KINDS or any(n < 1 for n in event_shape) or math.prod(event_shape) > MAX_DIMENSIONS:
        found.append(
            Problem(
                uid="",
                sentence=say(
                    "Data of shape {shape} cannot be used; 1 to {most} numbers a point can.",
                    shape=in_words(event_shape),
                    most=MAX_DIMENSIONS,
                ),
            )
        )
        return found
    shape = event_shape
    for layer in spec.layers:
        if layer.bypass:
            continue
        problem = layer_problem(layer, shape)
        if problem is not None:
            found.append(problem)
            continue
        shape = output_shape(layer, shape)
    if not found:
        problem = base_problem(spec, shape)
        if problem is not None:
            found.append(problem)
    return found


def layer_problem(layer: LayerSpec, event_shape: EventShape) -> Problem | None:
    """Why this layer cannot take events of this shape, or None."""
    kind = event_kind(event_shape)
    wrong: tuple[Sentence, Sentence] | None = None
    if kind not in layer.takes:
        wrong = _wrong_kind(layer, layer.title, layer.takes, kind)
    elif isinstance(layer, Squeeze | Haar):
        odd = [n for n in event_shape[1:] if n % 2]
        if odd:
            wrong = (
                say(
                    "{layer} halves every side; here one of {size} is odd.", layer=layer.title, size=_sides(event_shape)
                ),
                say("Choose data whose sides are even, or take the layer out."),
            )
    elif isinstance(layer, Split):
        if event_shape[0] % 2:
            wrong = (
                say("Split halves the channels; here there are {count}.", count=event_shape[0]),
                say("Put a squeeze before it."),
            )
    elif isinstance(layer, Transformer):
        wrong = _transformer_problem(layer, event_shape)
    elif hasattr(layer, "mask"):
        wrong = _mask_problem(layer, event_shape)
    network = getattr(layer, "conditioner", None)
    if wrong is None and isinstance(network, NetworkSpec) and kind not in network.takes:
        wrong = _wrong_kind(layer, network.title, network.takes, kind)
    return None if wrong is None else Problem(uid=layer.uid, sentence=wrong[0], remedy=wrong[1])


def base_problem(spec: PipelineSpec, event_shape: EventShape) -> Problem | None:
    """Why the base cannot stand at the end of this pipeline, where events have this shape, or None."""
    base: BaseSpec = spec.base
    kind = event_kind(event_shape)
    if kind not in base.takes:
        return Problem(
            uid="base",
            sentence=say(
                "The base {base} takes {wanted}; here it meets {kind} of shape {shape}.",
                base=base.title,
                wanted=_listed(base.takes),
                kind=KIND_NAMES[kind],
                shape=in_words(event_shape),
            ),
            remedy=say("Choose another base, such as the standard normal, or other data."),
        )
    if base.needs_levels and any(not layer.bypass for layer in spec.layers):
        return Problem(
            uid="base",
            sentence=say(
                "The base {base} predicts the data's own levels, so no layer can stand before it.", base=base.title
            ),
            remedy=say("Take the layers out, or choose another base."),
        )
    if base.kind == "conditional_gaussian" and not spec.context.width:
        return Problem(
            uid="base",
            sentence=say("The base {base} depends on a context, and the pipeline has none.", base=base.title),
            remedy=say("Make the density conditional, or choose another base."),
        )
    return None


def output_shape(layer: LayerSpec, event_shape: EventShape) -> EventShape:
    """The shape that goes on after this layer, which can take `event_shape`."""
    if isinstance(layer, Squeeze | Haar):
        sides = event_shape[1:]
        return (event_shape[0] * 2 ** len(sides), *(n // 2 for n in sides))
    if isinstance(layer, Split):
        return (event_shape[0] // 2, *event_shape[1:])
    if isinstance(layer, Flatten):
        return (math.prod(event_shape),) if layer.into == "vector" else (event_shape[0], math.prod(event_shape[1:]))
    return event_shape


def trace_shapes(spec: PipelineSpec, event_shape: EventShape) -> list[EventShape]:
    """The event's shape before the first layer and after each one; (K+1) shapes. What cannot be taken is passed by."""
    shapes = [event_shape]
    for layer in spec.layers:
        here = shapes[-1]
        fits = not layer.bypass and len(here) in KINDS and layer_problem(layer, here) is None
        shapes.append(output_shape(layer, here) if fits else here)
    return shapes


def suited(layer: LayerSpec, event_shape: EventShape) -> LayerSpec:
    """The layer with a conditioner and a mask that can take this shape: those that it has, where they can."""
    if len(event_shape) not in KINDS:
        return layer
    kind = event_kind(event_shape)
    changes: dict[str, Any] = {}
    network = getattr(layer, "conditioner", None)
    if isinstance(network, NetworkSpec) and kind not in network.takes:
        coupling: dict[EventKind, NetworkSpec] = {"vector": MLP(), "image": ConvNet(), "sequence": WaveNet(layers=4)}
        ordered: dict[EventKind, NetworkSpec] = {"vector": MADE(), "image": PixelCNN(), "sequence": WaveNet()}
        changes["conditioner"] = (coupling if hasattr(layer, "mask") else ordered)[kind]
    mask = getattr(layer, "mask", None)
    if mask is not None:
        second = mask in ("odd", "second_half", "checkerboard_odd")
        if kind == "vector" and mask.startswith("checkerboard"):
            changes["mask"] = "odd" if second else "even"
        elif kind != "vector" and event_shape[0] < 2 and not mask.startswith("checkerboard"):
            changes["mask"] = "checkerboard_odd" if second else "checkerboard"
    return msgspec.structs.replace(layer, **changes) if changes else layer


def in_words(shape: EventShape) -> str:
    """'1 x 8 x 8'."""
    return " x ".join(map(str, shape))


def _sides(shape: EventShape) -> str:
    return in_words(shape[1:])


def _listed(kinds: tuple[EventKind, ...]) -> str:
    return ", ".join(KIND_NAMES[kind] for kind in kinds)


def _wrong_kind(
    layer: LayerSpec, title: str, takes: tuple[EventKind, ...], kind: EventKind
) -> tuple[Sentence, Sentence]:
    sentence = say(
        "{layer} takes {wanted}; here it meets {kind}.", layer=title, wanted=_listed(takes), kind=KIND_NAMES[kind]
    )
    if title != layer.title:
        return sentence, say("Choose another conditioner in the inspector.")
    if kind != "vector" and takes == ("vector",):
        return sentence, say("Put a flatten layer before it, or take it out.")
    return sentence, say("Take it out, or choose other data.")


def _mask_problem(layer: LayerSpec, shape: EventShape) -> tuple[Sentence, Sentence] | None:
    mask = str(getattr(layer, "mask", ""))
    if len(shape) == 1:
        if mask.startswith("checkerboard"):
            return (
                say("A checkerboard needs places beside each other; a vector has none."),
                say("Pass the even or odd coordinates through instead."),
            )
        return None
    if not mask.startswith("checkerboard") and shape[0] < 2:
        return (
            say("{layer} splits the channels, and there is only one.", layer=layer.title),
            say("Choose a checkerboard mask, or put a squeeze before it."),
        )
    return None


def _transformer_problem(layer: Transformer, shape: EventShape) -> tuple[Sentence, Sentence] | None:
    if layer.channels % layer.heads:
        return (
            say("{heads} heads do not divide {channels} channels.", heads=layer.heads, channels=layer.channels),
            say("Choose a number of heads that divides the channels."),
        )
    if len(shape) > 1 and any(n % layer.patch for n in shape[1:]):
        return (
            say("Patches of {patch} do not tile {size}.", patch=layer.patch, size=_sides(shape)),
            say("Choose a patch that divides every side."),
        )
    return None
