"""What stands on the tiles, in the user's language."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication

from ..engine.messages import BASE, DATA, PREPROCESSING, TargetInfo
from ..pipeline import EventShape, LayerSpec, Project, trace_shapes
from .tile import Words
from .translation import spec
from .units import unit_of

_DIGITS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def words_of(uid: str, project: Project, target: TargetInfo | None, problem: str) -> Words:
    """The words of one tile. `problem`: one sentence about what is wrong there, or an empty text."""
    translate = QCoreApplication.translate
    if uid == DATA:
        name = spec(target.title) if target is not None else translate("PipelineStrip", "Data")
        role = translate("PipelineStrip", "data")
        if target is not None:
            role = translate("PipelineStrip", "data, D = {count}").format(count=math.prod(target.event_shape))
        tip = translate("PipelineStrip", "What is learnt: x, as it comes.")
        return Words(name=name, icon="target_data", role=role, state="x", tip=_tip(name, tip, problem), problem=problem)
    if uid == BASE:
        base = project.pipeline.base
        name, tip = spec(base.title), f"{base.formula}\n{spec(base.description)}"
        role = translate("PipelineStrip", "base")
        return Words(
            name=name, icon=f"base_{base.kind}", role=role, state="z", tip=_tip(name, tip, problem), problem=problem
        )
    if uid == PREPROCESSING:
        name = translate("PipelineStrip", "Standardise")
        tip = translate(
            "PipelineStrip", "(x − mean) / sd, recorded with the data; its log|det J| is counted. It cannot be moved."
        )
        return Words(name=name, icon="preprocessing", tip=_tip(name, tip, problem), problem=problem)
    index = project.pipeline.index(uid)
    assert index is not None, uid
    layer = project.pipeline.layers[index]
    shapes = trace_shapes(project.pipeline, target.event_shape) if target is not None else None
    badge = _shape(shapes[index + 1]) if shapes is not None and shapes[index + 1] != shapes[index] else ""
    return Words(
        name=layer.label or spec(layer.short) or spec(layer.title),
        icon=f"layer_{layer.kind}",
        state="h" + str(index + 1).translate(_DIGITS),
        badge=badge,
        tip=_tip(layer.label or spec(layer.title), _layer_tip(layer, unit_of(target).words), problem),
        problem=problem,
    )


def _layer_tip(layer: LayerSpec, unit: str) -> str:
    figure = QCoreApplication.translate(
        "PipelineStrip", "Below the picture: mean log|det J| over the held-out points in {unit}, from data to base."
    ).format(unit=unit)
    return f"{layer.formula}\nlog|det J| = {layer.log_det}\n{spec(layer.description)}\n{figure}"


def _tip(name: str, text: str, problem: str) -> str:
    return "\n".join(part for part in (name, problem, text) if part)


def _shape(shape: EventShape) -> str:
    return "×".join(map(str, shape))
