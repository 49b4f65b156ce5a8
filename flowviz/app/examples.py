"""What there is to open at once: example pictures, tables and pipelines, and the checkpoints that came with the program."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..resources import assets, pretrained


@dataclass(frozen=True)
class Example:
    title: str
    path: Path
    description: str = ""


@cache
def examples() -> tuple[Example, ...]:
    """Pretrained checkpoints first, as their manifest lists them, then the example files by name."""
    return (*_checkpoints(), *_files())


def _checkpoints() -> list[Example]:
    try:
        models = json.loads(pretrained("MANIFEST.json").read_text("utf-8"))["models"]
    except (OSError, ValueError, KeyError):
        return []
    found = [Example(str(m.get("title") or Path(m["file"]).stem), pretrained(m["file"])) for m in models if "file" in m]
    return [example for example in found if example.path.is_file()]


def _files() -> list[Example]:
    folder = assets("examples")
    if not folder.is_dir():
        return []
    paths = sorted(path for path in folder.iterdir() if path.is_file() and path.suffix.lower() not in (".md", ""))
    return [Example(path.name, path) for path in paths]
