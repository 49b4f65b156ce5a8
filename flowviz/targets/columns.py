"""Columns of numbers out of a CSV, NPY or NPZ file: what a table is before it becomes a density."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..pipeline import Sentence, SpecError, say
from .csvfile import listed, read_csv

MOST_BYTES = 2_000_000_000
MOST_NUMBERS = 400_000_000
"""Larger tables would not leave room to train in."""


class Table(NamedTuple):
    """Numeric columns: names (C,) and values (N, C) float64, NaN where a cell holds no number."""

    names: tuple[str, ...]
    values: NDArray[np.float64]
    notes: tuple[Sentence, ...]


_last: tuple[object, Table] | None = None


def read_table(path: str | Path, array: str = "") -> Table:
    """Reads a table by what it holds, whatever it is called; raises SpecError with one sentence that names the file.

    The last file is kept, so that a change of columns does not read a million rows again.
    """
    global _last
    file = Path(path)
    head = first_bytes(file)
    state = file.stat()
    key = (file.resolve(), state.st_mtime_ns, state.st_size, array)
    if _last is not None and _last[0] == key:
        return _last[1]
    if head.startswith(b"\x93NUMPY"):
        table = _read_npy(file)
    elif head.startswith(b"PK\x03\x04"):
        table = _read_npz(file, array)
    else:
        table = Table(*read_csv(file))
    if not table.names:
        raise SpecError(say("{file} has no column of numbers.", file=file.name))
    _last = (key, table)
    return table


def first_bytes(file: Path) -> bytes:
    """The first 64 bytes of a file that is there, holds something and is not too large; raises SpecError otherwise."""
    try:
        folder = file.is_dir()
        size = file.stat().st_size
        head = b"" if folder else _head(file)
    except FileNotFoundError as error:
        raise SpecError(say("{file}: there is no such file.", file=file)) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise SpecError(say("{file} cannot be opened: {error}.", file=file, error=reason)) from error
    if folder:
        raise SpecError(
            say(
                "{file} is a folder; pictures (PNG, JPEG, GIF, BMP, TIFF, WebP) and tables (CSV, NPY, NPZ) can be read.",
                file=file,
            )
        )
    if not head:
        raise SpecError(say("{file} is empty.", file=file.name))
    if size > MOST_BYTES:
        raise SpecError(
            say(
                "{file} has {size} MB; at most {most} MB can be read.",
                file=file.name,
                size=f"{size / 1e6:,.0f}",
                most=f"{MOST_BYTES / 1e6:,.0f}",
            )
        )
    return head


def _head(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(64)


def _read_npy(file: Path) -> Table:
    try:
        values = np.load(file, mmap_mode="r", allow_pickle=False)
    except (ValueError, OSError, EOFError, SyntaxError) as error:
        raise SpecError(numpy_refusal(file, error)) from error
    names, columns = _as_columns(file, "", values)
    return Table(names, columns, ())


def _read_npz(file: Path, wanted: str) -> Table:
    try:
        with zipfile.ZipFile(file) as archive:
            sizes = {info.filename.removesuffix(".npy"): info.file_size for info in archive.infolist()}
        if not sizes or sum(sizes.values()) > MOST_BYTES:
            raise SpecError(
                say(
                    "{file} unpacks to {size} MB; 1 to {most} MB can be read.",
                    file=file.name,
                    size=f"{sum(sizes.values()) / 1e6:,.0f}",
                    most=f"{MOST_BYTES / 1e6:,.0f}",
                )
            )
        with np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files if not wanted or name == wanted}
    except (ValueError, OSError, EOFError, SyntaxError, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        if isinstance(error, SpecError):
            raise
        raise SpecError(numpy_refusal(file, error)) from error
    arrays = {name: values for name, values in arrays.items() if isinstance(values, np.ndarray)}
    if wanted and wanted not in arrays:
        raise SpecError(
            say("{file} has no array '{name}'; there are {names}.", file=file.name, name=wanted, names=listed(sizes))
        )
    chosen = wanted or _with_rows(arrays)
    if not arrays:
        raise SpecError(say("{file} holds no arrays.", file=file.name))
    if not chosen:
        flat = {name: values for name, values in arrays.items() if values.ndim == 1 and values.dtype.kind in "fiub"}
        if not flat or len({len(values) for values in flat.values()}) != 1:
            raise SpecError(
                say(
                    "{file} has no array with rows and columns; there are {names}.",
                    file=file.name,
                    names=", ".join(f"{name} {_by(values.shape)}" for name, values in arrays.items()),
                )
            )
        return Table(tuple(flat), np.stack([values.astype(np.float64) for values in flat.values()], 1), ())
    names, columns = _as_columns(file, chosen, arrays[chosen])
    others = [name for name in arrays if name != chosen]
    notes = [
        say("Of {file}, the array '{name}' is used, not {others}.", file=file.name, name=chosen, others=listed(others))
    ]
    return Table(names, columns, tuple(notes) if others else ())


def _with_rows(arrays: dict[str, NDArray[Any]]) -> str:
    """The name of the first array with rows and columns, or empty."""
    for name, values in arrays.items():
        if values.dtype.names is not None or (values.ndim == 2 and values.dtype.kind in "fiub"):
            return name
    return ""


def _as_columns(file: Path, array: str, values: NDArray[Any]) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Rows and columns of float64 with their names, from an array of one or two dimensions, or of named fields."""
    what = f"{file.name}, {array}," if array else file.name
    if values.dtype.names is not None:
        names = tuple(name for name in values.dtype.names if values.dtype[name].kind in "fiub")
        fields = [values[name].reshape(-1).astype(np.float64) for name in names if values.dtype[name].shape == ()]
        return (names, np.stack(fields, 1)) if fields else ((), np.empty((0, 0)))
    if values.dtype.kind not in "fiub":
        raise SpecError(say("{file} holds {type} values; a table has real numbers.", file=what, type=values.dtype.name))
    if values.ndim == 0:
        raise SpecError(say("{file} holds a single number; a table has rows and columns.", file=what))
    if values.ndim > 2:
        raise SpecError(
            say("{file} has shape {shape}; a table has rows and columns.", file=what, shape=_by(values.shape))
        )
    if values.size > MOST_NUMBERS:
        raise SpecError(
            say(
                "{file} holds {count} numbers; at most {most} can be used.",
                file=what,
                count=f"{values.size:,}",
                most=f"{MOST_NUMBERS:,}",
            )
        )
    columns = np.asarray(values.reshape(len(values), -1) if values.size else values.reshape(0, 0), np.float64)
    return tuple(f"column {i + 1}" for i in range(columns.shape[1])), columns


def numpy_refusal(file: Path, error: BaseException) -> Sentence:
    if "object" in str(error).lower() or "pickle" in str(error).lower():
        return say("{file} holds Python objects, which are never unpacked; save plain numbers.", file=file.name)
    return say("{file} is damaged or cut short: {error}.", file=file.name, error=str(error).rstrip("."))


def _by(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))
