"""Edits of a pipeline as pure functions: each takes the pipeline and gives the layers after it, with the undo step's text.

The strip's gestures, the menus and the keys all use these, so that they do the same. A *gap* is a place between layers:
0 before the first, K after the last, counted in the pipeline as it is before the edit.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec
from PySide6.QtCore import QCoreApplication

from ..pipeline import (
    MAX_LAYERS,
    EventShape,
    Layer,
    LayerSpec,
    PipelineSpec,
    SpecError,
    say,
    suited,
    trace_shapes,
)
from .alternation import alternated, alternating
from .document import Document

CLIPBOARD = "flowviz layers"
Layers = tuple[LayerSpec, ...]


class Edit(NamedTuple):
    layers: Layers
    text: str
    """The undo step's text, in the user's language."""
    select: str
    """Uid that is selected after it."""


def apply(document: Document, edit: Edit | None) -> bool:
    """Makes the edit an undo step; False when there was nothing to do."""
    if edit is None:
        return False
    document.replace_layers(edit.layers, edit.text, select=edit.select)
    return True


def name(layer: LayerSpec) -> str:
    """The layer's own label, or its kind's title in the user's language."""
    return layer.label or QCoreApplication.translate("spec", layer.title)


def gap_after(pipeline: PipelineSpec, selected: str) -> int:
    """Where a new layer goes: after the selected one; at the front when the data is selected, else at the end."""
    if selected == "data":
        return 0
    index = pipeline.index(selected)
    return len(pipeline.layers) if index is None else index + 1


# ---- the edits ----


def insert(pipeline: PipelineSpec, what: str | Layers, gap: int, event_shape: EventShape | None = None) -> Edit:
    """Puts new layers (a kind's name, or layers whose uids are replaced) into a gap; raises SpecError when they are too many.

    A new layer takes a network and a mask that suit the shape there, where the data's shape is known.
    """
    if isinstance(what, str):
        new_layer = alternating(what, pipeline.layers, gap)
        if event_shape is not None:
            there = trace_shapes(pipeline, event_shape)[min(max(gap, 0), len(pipeline.layers))]
            new_layer = alternated(suited(new_layer, there), pipeline.layers, gap)
        layers: Layers = (new_layer,)
    else:
        layers = what
    if len(pipeline.layers) + len(layers) > MAX_LAYERS:
        raise SpecError(
            say(
                "The pipeline would have {count} layers; at most {most} are allowed.",
                count=len(pipeline.layers) + len(layers),
                most=MAX_LAYERS,
            )
        )
    new = _fresh(pipeline, layers)
    gap = min(max(gap, 0), len(pipeline.layers))
    if len(new) == 1:
        text = QCoreApplication.translate("edits", "Insert {layer}").format(layer=name(new[0]))
    else:
        text = QCoreApplication.translate("edits", "Insert layers")
    return Edit(pipeline.layers[:gap] + new + pipeline.layers[gap:], text, new[-1].uid if new else "")


def paste(pipeline: PipelineSpec, text: str, gap: int) -> Edit:
    """Puts the layers that `copy_text` wrote into a gap; raises SpecError when the text is something else."""
    return insert(pipeline, layers_of_text(text), gap)


def duplicate(pipeline: PipelineSpec, uid: str) -> Edit | None:
    """The layer's settings once more, right after it; its weights start anew."""
    index = pipeline.index(uid)
    if index is None:
        return None
    layer = pipeline.layers[index]
    text = QCoreApplication.translate("edits", "Duplicate {layer}").format(layer=name(layer))
    return insert(pipeline, (layer,), index + 1)._replace(text=text)


def delete(pipeline: PipelineSpec, uid: str, *, cut: bool = False) -> Edit | None:
    """Takes the layer out; the one that moves into its place is selected."""
    index = pipeline.index(uid)
    if index is None:
        return None
    layers = pipeline.layers[:index] + pipeline.layers[index + 1 :]
    if cut:
        text = QCoreApplication.translate("edits", "Cut {layer}")
    else:
        text = QCoreApplication.translate("edits", "Delete {layer}")
    neighbour = layers[min(index, len(layers) - 1)].uid if layers else ""
    return Edit(layers, text.format(layer=name(pipeline.layers[index])), neighbour)


def move(pipeline: PipelineSpec, uid: str, gap: int) -> Edit | None:
    """Takes the layer to a gap; None when that is where it stands already."""
    index = pipeline.index(uid)
    if index is None or gap in (index, index + 1) or not 0 <= gap <= len(pipeline.layers):
        return None
    layers = list(pipeline.layers)
    layer = layers.pop(index)
    layers.insert(gap - (gap > index), layer)
    return Edit(tuple(layers), QCoreApplication.translate("edits", "Move {layer}").format(layer=name(layer)), uid)


def shift(pipeline: PipelineSpec, uid: str, by: int) -> Edit | None:
    """Moves the layer `by` places towards the base (negative: towards the data)."""
    index = pipeline.index(uid)
    return None if index is None else move(pipeline, uid, index + by + (by > 0))


def bypass(pipeline: PipelineSpec, uid: str) -> Edit | None:
    """Leaves the layer out, keeping its weights, or takes it in again."""
    index = pipeline.index(uid)
    if index is None:
        return None
    layer = pipeline.layers[index]
    if layer.bypass:
        text = QCoreApplication.translate("edits", "Take {layer} in again")
    else:
        text = QCoreApplication.translate("edits", "Bypass {layer}")
    other = msgspec.structs.replace(layer, bypass=not layer.bypass)
    layers = (*pipeline.layers[:index], other, *pipeline.layers[index + 1 :])
    return Edit(layers, text.format(layer=name(layer)), uid)


# ---- the clipboard ----


class Clip(msgspec.Struct):
    format: str
    layers: tuple[Layer, ...]


def copy_text(layers: Layers) -> str:
    """The layers as JSON text, for the clipboard: readable, and pasted into another window as well."""
    packed = msgspec.json.encode({"format": CLIPBOARD, "layers": layers})
    return msgspec.json.format(packed, indent=2).decode()


def layers_of_text(text: str) -> Layers:
    """Layers from the clipboard's text; raises SpecError when it holds none."""
    try:
        clip = msgspec.json.decode(text, type=Clip)
    except (msgspec.DecodeError, UnicodeEncodeError):
        clip = None
    if clip is None or clip.format != CLIPBOARD or not clip.layers:
        raise SpecError(say("The clipboard holds no layers: copy one first."))
    return clip.layers


_highest = 0


def _fresh(pipeline: PipelineSpec, layers: Layers) -> Layers:
    """The layers with uids that were never in use: under an old one, a new layer would inherit a deleted layer's weights."""
    global _highest
    taken = [int(layer.uid[1:]) for layer in pipeline.layers if layer.uid[:1] == "l" and layer.uid[1:].isdecimal()]
    _highest = max([_highest, *taken])
    result = []
    for layer in layers:
        _highest += 1
        result.append(msgspec.structs.replace(layer, uid=f"l{_highest}"))
    return tuple(result)
