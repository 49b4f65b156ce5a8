"""Specs as text and back, with errors that name the field, what it was, and what is allowed."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import msgspec

from .explain import explain
from .layers import LAYERS, LayerSpec
from .project import PipelineSpec, Project
from .sentences import say

T = TypeVar("T", bound=msgspec.Struct)
FORMAT = "flowviz/1"


class SpecError(ValueError):
    """A spec that cannot be used: one sentence for the user."""


def to_json(value: msgspec.Struct, *, indent: int = 2) -> str:
    """The value as readable JSON."""
    return msgspec.json.format(msgspec.json.encode(value), indent=indent).decode()


def from_json(text: str | bytes, kind: type[T]) -> T:
    """Reads JSON into `kind`; raises SpecError with one sentence when it does not fit."""
    try:
        raw = with_kinds(msgspec.json.decode(text))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SpecError(say("this is not valid JSON: {error}", error=error)) from error
    return _converted(raw, kind)


def _converted(raw: Any, kind: type[T]) -> T:
    try:
        # JSON has no bytes: strings stand for them, in base64.
        return msgspec.convert(raw, kind, builtin_types=(), str_keys=True)
    except msgspec.ValidationError as error:
        raise SpecError(explain(str(error), raw, kind)) from error


def with_kinds(raw: Any) -> Any:
    """The same, with the kind of every conditioner that was left out: the one that its layer has by default."""
    if not isinstance(raw, dict):
        return raw
    if isinstance(raw.get("pipeline"), dict):
        return {**raw, "pipeline": with_kinds(raw["pipeline"])}
    if not isinstance(raw.get("layers"), list):
        return raw
    return {**raw, "layers": [_with_kind(layer) for layer in raw["layers"]]}


def _with_kind(layer: Any) -> Any:
    network = layer.get("conditioner") if isinstance(layer, dict) else None
    if not isinstance(network, dict) or "kind" in network:
        return layer
    default = getattr(LAYERS.get(str(layer.get("kind")), LayerSpec)(), "conditioner", None)
    return layer if default is None else {**layer, "conditioner": {"kind": default.kind, **network}}


def pipeline(value: PipelineSpec | Project | dict[str, Any] | str | bytes) -> PipelineSpec:
    """A PipelineSpec from itself, a dict or JSON text; every field has a default."""
    if isinstance(value, PipelineSpec):
        return value
    if isinstance(value, Project):
        return value.pipeline
    if isinstance(value, str | bytes):
        return from_json(value, PipelineSpec)
    return _converted(with_kinds(value), PipelineSpec)


def read_pipeline(path: str | Path) -> PipelineSpec:
    """Reads a `*.flow.json` file; raises SpecError naming the file."""
    file = Path(path)
    try:
        if file.stat().st_size > 4_000_000:
            raise SpecError(
                say("{bytes} bytes are too many; a pipeline file has a few thousand", bytes=f"{file.stat().st_size:,}")
            )
        return from_json(file.read_bytes(), PipelineSpec)
    except OSError as error:
        raise SpecError(say("{file}: {error}", file=file, error=error.strerror or error)) from error
    except SpecError as error:
        raise SpecError(say("{file}: {error}", file=file.name, error=error)) from error
