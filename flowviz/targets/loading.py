"""From a spec or a file to a density: the two doors into this package."""

from __future__ import annotations

from pathlib import Path

import torch

from ..pipeline import (
    NAMED,
    DrawnTarget,
    ImageTarget,
    ModelTarget,
    NamedInfo,
    NamedTarget,
    Sentence,
    SequenceTarget,
    SpecError,
    TableTarget,
    Target,
    say,
)
from .columns import first_bytes, read_table
from .density import Density
from .drawn import drawn_density
from .imageset import picture_set
from .model import ModelDensity, Opener
from .named import named_density
from .picture import SUFFIXES, read_picture
from .sequences import sequence_set
from .table import TableDensity

_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM", b"II*\0", b"MM\0*")


def load(
    spec: Target, *, device: torch.device | str = "cpu", seed: int = 0, open_model: Opener | None = None
) -> Density:
    """The density of a target, on `device`; `seed` decides its fixed training points, never the held-out ones.

    `open_model(path, device)` reads a checkpoint, which is no business of this package: a trained flow needs it.

    Raises SpecError with one sentence when it cannot be had: an unknown name, a blank canvas, a file that does not fit.
    """
    if isinstance(spec, NamedTarget):
        return named_density(spec.name, device=device, seed=seed)
    if isinstance(spec, DrawnTarget):
        return drawn_density(spec, device=device, seed=seed)
    if isinstance(spec, ModelTarget):
        if open_model is None:
            raise SpecError(say("A trained flow cannot be opened here: {file}.", file=spec.path))
        return ModelDensity(spec, open_model, device=device, seed=seed)
    if isinstance(spec, ImageTarget):
        return picture_set(spec, device=device, seed=seed)
    if isinstance(spec, SequenceTarget):
        return sequence_set(spec, device=device, seed=seed)
    return TableDensity(spec, device=device)


def names() -> tuple[NamedInfo, ...]:
    """The named densities, in the order of the menu."""
    return tuple(NAMED.values())


def import_file(path: str | Path) -> tuple[Target, tuple[Sentence, ...], tuple[str, ...]]:
    """The target that a data file makes, notes for the user, and a table's numeric columns (a picture has none).

    A file is routed by what it holds, whatever it is called. Raises SpecError with one sentence that names the file.
    """
    file = Path(path).expanduser()
    head = first_bytes(file)
    if head.startswith(_PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        drawn, notes = read_picture(file)
        return drawn, notes, ()
    array = head.startswith((b"\x93NUMPY", b"PK\x03\x04"))
    if not array and file.suffix.lower() in SUFFIXES:
        drawn, notes = read_picture(file)
        return drawn, notes, ()
    if not array and b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SpecError(
            say(
                "{file} is of no known kind; pictures (PNG, JPEG, GIF, BMP, TIFF, WebP) and tables (CSV, NPY, NPZ) "
                "can be read.",
                file=file.name,
            )
        )
    table = TableTarget(path=str(file.resolve()))
    return table, TableDensity(table).notes, read_table(file).names
