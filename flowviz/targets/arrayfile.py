"""Arrays out of NPY and NPZ files: what they hold, seen without reading it, and one of them read."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..pipeline import SpecError, say
from .columns import MOST_BYTES, numpy_refusal
from .csvfile import listed

_BAD = (ValueError, OSError, EOFError, SyntaxError, zipfile.BadZipFile, zlib.error, NotImplementedError, KeyError)
_LABELS = ("labels", "label", "classes", "targets", "target", "y")
_NAMES = ("class_names", "names", "label_names")
_MOST_CLASSES = 1024


class Header(NamedTuple):
    """What an array is, before it is read."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def is_bytes(self) -> bool:
        return self.dtype.kind == "b" or self.dtype == np.uint8

    @property
    def is_numeric(self) -> bool:
        return self.dtype.names is None and self.dtype.kind in "fiub"


def headers(file: Path) -> dict[str, Header]:
    """Name to header of every array; an NPY file's only one is called ''. SpecError, one sentence, where it is damaged."""
    try:
        if not zipfile.is_zipfile(file):
            with file.open("rb") as stream:
                return {"": _header(stream)}
        with zipfile.ZipFile(file) as archive:
            found = {}
            for info in archive.infolist():
                if info.filename.endswith(".npy"):
                    with archive.open(info) as member:
                        found[info.filename.removesuffix(".npy")] = _header(member)
            return found
    except _BAD as error:
        raise SpecError(numpy_refusal(file, error)) from error


def _header(stream: IO[bytes]) -> Header:
    version = np.lib.format.read_magic(stream)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = read(stream)
    return Header(tuple(shape), dtype)


def read_array(file: Path, name: str) -> NDArray[Any]:
    """One array; SpecError, one sentence, where it is damaged, too large, or made of Python objects."""
    size = headers(file)[name]
    size_bytes = int(np.prod(size.shape, dtype=np.float64)) * size.dtype.itemsize
    if size_bytes > MOST_BYTES:
        raise SpecError(
            say(
                "{file} unpacks to {size} MB; 1 to {most} MB can be read.",
                file=file.name,
                size=f"{size_bytes / 1e6:,.0f}",
                most=f"{MOST_BYTES / 1e6:,.0f}",
            )
        )
    try:
        loaded = np.load(file, allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            return loaded
        with loaded:
            return np.asarray(loaded[name])
    except _BAD as error:
        raise SpecError(numpy_refusal(file, error)) from error


def choose(file: Path, wanted: str, fits: Callable[[Header], bool], what: str) -> tuple[str, Header]:
    """The wanted array, or the first that fits, before all others one of training data; SpecError naming what there is."""
    found = headers(file)
    if wanted and wanted not in found:
        raise SpecError(
            say("{file} has no array '{name}'; there are {names}.", file=file.name, name=wanted, names=listed(found))
        )
    for name in [wanted] if wanted else sorted(found, key=lambda name: "train" not in name):
        if fits(found[name]):
            return name, found[name]
    raise SpecError(
        say(
            "{file} has no array of {what}; there are {names}.",
            file=file.name,
            what=what,
            names=listed(
                f"{name} {' x '.join(map(str, header.shape))} {header.dtype.name}" for name, header in found.items()
            ),
        )
    )


def partner(name: str, found: dict[str, Header]) -> str:
    """The array of test data beside one of training data: x_test beside x_train; empty where there is none."""
    other = name.replace("train", "test")
    return other if other != name and other in found and found[other].shape[1:] == found[name].shape[1:] else ""


def labels_of(file: Path, name: str) -> NDArray[np.int64] | None:
    """Whole numbers beside the rows of an array: y_train beside x_train, or labels, classes, targets."""
    found = headers(file)
    rows = found[name].shape[0]
    beside = [name.replace("images", "labels"), "y" + name.removeprefix("x"), "Y" + name.removeprefix("X")]
    beside += [label + ending for ending in ("_test", "_train") if ending in name for label in _LABELS]
    for candidate in [*beside, *_LABELS]:
        header = found.get(candidate)
        if candidate == name or header is None or header.dtype.kind not in "iu":
            continue
        if header.shape in ((rows,), (rows, 1)):
            return read_array(file, candidate).reshape(-1).astype(np.int64)
    return None


def named_classes(
    file: Path, parts: list[NDArray[np.int64] | None]
) -> tuple[list[NDArray[np.int64] | None], tuple[str, ...]]:
    """Labels counted from 0, and what they are called: by a text array of class names, else by their numbers."""
    known = [part for part in parts if part is not None]
    if not known or len(known) < len(parts):
        return [None] * len(parts), ()
    values = np.unique(np.concatenate(known))
    if not 2 <= len(values) <= _MOST_CLASSES:
        return [None] * len(parts), ()
    found = headers(file)
    for name in _NAMES:
        if name in found and found[name].dtype.kind == "U" and found[name].shape == (len(values),):
            return [np.searchsorted(values, part) for part in known], tuple(map(str, read_array(file, name)))
    return [np.searchsorted(values, part) for part in known], tuple(map(str, values.tolist()))
