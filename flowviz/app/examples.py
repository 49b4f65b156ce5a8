"""What there is to open at once: example pictures, tables and pipelines, and the checkpoints that came with the program."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..resources import assets, pretrained


@dataclass(frozen=True)
class Example:
    path: Path
    title: str = ""
    """In English; empty where the file's name says it."""


@cache
def examples() -> tuple[Example, ...]:
    """Pretrained checkpoints first, as their manifest lists them, then the example files by name."""
    return (*_checkpoints(), *_files())


def _checkpoints() -> list[Example]:
    try:
        models = json.loads(pretrained("MANIFEST.json").read_text("utf-8"))["models"]
    except (OSError, ValueError, KeyError):
        return []
    found = [Example(pretrained(model["file"]), str(model.get("title", ""))) for model in models if "file" in model]
    return [example for example in found if example.path.is_file()]


def _files() -> list[Example]:
    folder = assets("examples")
    if not folder.is_dir():
        return []
    return [
        Example(path) for path in sorted(folder.iterdir()) if path.suffix.lower() in (".png", ".jpg", ".csv", ".npy")
    ]
