"""Specs as text and back, with errors that name the field, what it was, and what is allowed."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import msgspec

from .explain import explain
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
        try:
            return msgspec.json.decode(text, type=kind)
        except msgspec.ValidationError as error:
            raise SpecError(explain(str(error), msgspec.json.decode(text), kind)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SpecError(say("this is not valid JSON: {error}", error=error)) from error


def pipeline(value: PipelineSpec | Project | dict[str, Any] | str | bytes) -> PipelineSpec:
    """A PipelineSpec from itself, a dict or JSON text; every field has a default."""
    if isinstance(value, PipelineSpec):
        return value
    if isinstance(value, Project):
        return value.pipeline
    if isinstance(value, str | bytes):
        return from_json(value, PipelineSpec)
    try:
        return msgspec.convert(value, PipelineSpec)
    except msgspec.ValidationError as error:
        raise SpecError(explain(str(error), value, PipelineSpec)) from error


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
