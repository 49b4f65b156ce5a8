"""Which target a file makes: it is routed by what it holds, whatever it is called.

A picture is a drawn density; a folder, an IDX file and CIFAR's batches are sets of pictures; a WAV file is a recording; a
checkpoint is a trained flow. Arrays go by their shape: of bytes (N, H, W), and all of four dimensions, are pictures; others of
three are sequences (N, C, T); two or fewer are a table. Anything else that is text is a table.
"""

from __future__ import annotations

import math
import zipfile
from pathlib import Path

from ..pipeline import (
    MAX_DIMENSIONS,
    DrawnTarget,
    ImageTarget,
    ModelTarget,
    Sentence,
    SequenceTarget,
    SpecError,
    TableTarget,
    Target,
    say,
)
from .arrayfile import headers
from .columns import first_bytes, read_table
from .imagefiles import GZIP, is_cifar, is_idx
from .imageset import picture_set
from .picture import SUFFIXES, read_picture
from .sequences import sequence_set
from .table import TableDensity
from .wav import is_wav

_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM", b"II*\0", b"MM\0*")
_ZIP = b"PK\x03\x04"
_CHECKPOINTS = frozenset({".pt", ".pth", ".ckpt"})


def import_file(path: str | Path) -> tuple[Target, tuple[Sentence, ...], tuple[str, ...]]:
    """The target that a data file or a folder makes, notes for the user, and a table's numeric columns (others have none).

    Raises SpecError with one sentence that names the file. A checkpoint is not opened here.
    """
    file = Path(path).expanduser()
    if _is_folder(file):
        return _pictures(file)
    head = first_bytes(file)
    if head.startswith(_PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return _drawing(file)
    if is_wav(head) or file.suffix.lower() == ".wav":
        return _sequences(file)
    if head.startswith(_ZIP) and _is_checkpoint(file):
        return ModelTarget(path=str(file.resolve())), (), ()
    array = head.startswith((b"\x93NUMPY", _ZIP))
    if array:
        kind, notes = _kind_of_arrays(file)
        if kind == "images":
            return _pictures(file)
        if kind == "sequences":
            target, more, _ = _sequences(file)
            return target, (*notes, *more), ()
        return _table(file)
    if file.suffix.lower() in SUFFIXES:
        return _drawing(file)
    called_idx = "ubyte" in file.name.lower() or "idx" in file.suffix.lower()
    binary = b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if head.startswith(GZIP) or called_idx or (binary and is_idx(head)):
        return _pictures(file)
    if (binary or file.suffix.lower() == ".bin") and is_cifar(file):
        return _pictures(file)
    if binary:
        raise SpecError(
            say(
                "{file} is of no known kind; pictures (PNG, JPEG, GIF, BMP, TIFF, WebP), tables (CSV, NPY, NPZ), sounds (WAV) "
                "and sets of pictures (folders, IDX, CIFAR, NPY, NPZ) can be read.",
                file=file.name,
            )
        )
    return _table(file)


def _is_folder(file: Path) -> bool:
    try:
        return file.is_dir()
    except (OSError, ValueError):
        # What is wrong with the path is said where it is opened.
        return False


def _drawing(file: Path) -> tuple[DrawnTarget, tuple[Sentence, ...], tuple[str, ...]]:
    drawn, notes = read_picture(file)
    return drawn, notes, ()


def _pictures(file: Path) -> tuple[ImageTarget, tuple[Sentence, ...], tuple[str, ...]]:
    target = ImageTarget(path=str(file.resolve()))
    return target, picture_set(target).notes, ()


def _sequences(file: Path) -> tuple[SequenceTarget, tuple[Sentence, ...], tuple[str, ...]]:
    target = SequenceTarget(path=str(file.resolve()))
    return target, sequence_set(target).notes, ()


def _table(file: Path) -> tuple[TableTarget, tuple[Sentence, ...], tuple[str, ...]]:
    table = TableTarget(path=str(file.resolve()))
    return table, TableDensity(table).notes, read_table(file).names


def _is_checkpoint(file: Path) -> bool:
    """torch.save writes an archive with its structure in data.pkl; one that is cut short goes by its name."""
    try:
        with zipfile.ZipFile(file) as archive:
            return any(name.endswith("data.pkl") for name in archive.namelist())
    except (zipfile.BadZipFile, OSError):
        return file.suffix.lower() in _CHECKPOINTS


def _kind_of_arrays(file: Path) -> tuple[str, tuple[Sentence, ...]]:
    """The first of pictures, table and sequences that one of the arrays is."""
    found = [header for header in headers(file).values() if header.is_numeric or header.dtype.names is not None]
    numeric = [header for header in found if header.is_numeric]
    if any(len(h.shape) == 4 or (len(h.shape) == 3 and h.is_bytes) for h in numeric):
        return "images", ()
    if any(len(h.shape) == 2 or h.dtype.names is not None for h in found):
        return "table", ()
    cubes = [header.shape for header in numeric if len(header.shape) == 3]
    if not cubes:
        return "table", ()
    _, channels, moments = cubes[0]
    if math.prod(cubes[0][1:]) > MAX_DIMENSIONS:
        return "sequences", ()
    note = say(
        "{file} is read as sequences of {channels} channels and {moments} moments; pictures are kept as bytes (uint8).",
        file=file.name,
        channels=channels,
        moments=moments,
    )
    return "sequences", (note,)
