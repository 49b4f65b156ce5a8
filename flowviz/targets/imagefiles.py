"""Files of many pictures: MNIST's IDX, CIFAR's binary batches, NPY and NPZ arrays.

Each gives levels (N, C, H, W) uint8 as they stand in the file, with labels where the format has them.
"""

from __future__ import annotations

import gzip
import math
import re
import zlib
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..pipeline import Sentence, SpecError, say
from .arrayfile import Header, choose, headers, labels_of, named_classes, partner, read_array
from .columns import MOST_BYTES
from .csvfile import listed

Levels = NDArray[np.uint8]
Labels = NDArray[np.int64]
GZIP = b"\x1f\x8b"
_CIFAR_SIDE = 32
_CIFAR_PIXELS = 3 * _CIFAR_SIDE**2


class Found(NamedTuple):
    """Pictures, their classes from 0, a test split where the file or its neighbour has one, names of the classes."""

    levels: Levels
    labels: Labels | None = None
    test: tuple[Levels, Labels | None] | None = None
    names: tuple[str, ...] = ()
    notes: tuple[Sentence, ...] = ()


def is_idx(head: bytes) -> bool:
    """Two zero bytes, a type, then 3 or 4 dimensions: IDX pictures."""
    return len(head) >= 4 and head[:2] == b"\0\0" and head[2] in (8, 9, 11, 12, 13, 14) and head[3] in (1, 2, 3, 4)


def is_cifar(file: Path) -> bool:
    """Whether the size is a whole number of CIFAR's records, and each begins with labels that CIFAR has."""
    return _cifar_labels(file) is not None


def read_idx(file: Path) -> Found:
    """LeCun's IDX: magic (0, 0, type, dimensions), big-endian sizes, then bytes (N, H, W) or (N, C, H, W)."""
    levels, notes = _idx_pictures(file)
    beside, labels = _idx_labels(file, len(levels))
    notes += beside
    test = None
    for name in (re.sub("train", "t10k", file.name), re.sub("train", "test", file.name)):
        other = _beside(file, name)
        if other is not None and other != file and test is None:
            test_levels, more = _idx_pictures(other)
            if test_levels.shape[1:] == levels.shape[1:]:
                beside, test_labels = _idx_labels(other, len(test_levels))
                test = (test_levels, test_labels)
                notes += more + beside
    parts = [labels] if test is None else [labels, test[1]]
    counted, names = _counted(parts)
    if test is not None:
        test = (test[0], counted[-1])
    return Found(levels, counted[0], test, names, tuple(notes))


def _idx_pictures(file: Path) -> tuple[Levels, list[Sentence]]:
    sizes, data = _idx(file)
    if len(sizes) not in (3, 4):
        raise SpecError(
            say("{file} is an IDX file of {count} dimensions; pictures have 3 or 4.", file=file.name, count=len(sizes))
        )
    each = math.prod(sizes[1:])
    if not each or not sizes[0]:
        raise SpecError(
            say("The header of {file} says {sizes}, which holds no picture.", file=file.name, sizes=_by(sizes))
        )
    notes = []
    whole = min(sizes[0], len(data) // each)
    if len(data) != math.prod(sizes):
        notes.append(
            say(
                "The header of {file} says {sizes}, but {bytes} bytes follow it; {count} whole pictures are used.",
                file=file.name,
                sizes=_by(sizes),
                bytes=f"{len(data):,}",
                count=f"{whole:,}",
            )
        )
    if not whole:
        raise SpecError(say("{file} is cut short: it holds no whole picture.", file=file.name))
    levels = np.frombuffer(data, np.uint8, whole * each).reshape(whole, *sizes[1:])
    return (levels[:, None] if len(sizes) == 3 else levels), notes


def _idx_labels(file: Path, count: int) -> tuple[list[Sentence], Labels | None]:
    """Of the labels file with the usual name beside the pictures, where there is one and it fits."""
    other = _beside(file, file.name.replace("images", "labels").replace("idx3", "idx1"))
    if other is None or other == file:
        return [], None
    try:
        sizes, data = _idx(other)
    except SpecError as error:
        return [say("{text}", text=error)], None
    if len(sizes) != 1 or sizes[0] != count or len(data) < count:
        note = say(
            "{file} holds {labels} labels for {count} pictures, so none are used.",
            file=other.name,
            labels=f"{min(sizes[0] if sizes else 0, len(data)):,}",
            count=f"{count:,}",
        )
        return [note], None
    return [], np.frombuffer(data, np.uint8, count).astype(np.int64)


def _beside(file: Path, name: str) -> Path | None:
    """The file of this name in the same folder, packed or not."""
    plain = name.removesuffix(".gz")
    for candidate in (name, plain, plain + ".gz"):
        for spelt in (candidate, re.sub(r"[.-](idx\d)", r"-\1", candidate), re.sub(r"[.-](idx\d)", r".\1", candidate)):
            if (file.parent / spelt).is_file():
                return file.parent / spelt
    return None


def _idx(file: Path) -> tuple[tuple[int, ...], bytes]:
    """Sizes and bytes of an IDX file of bytes; SpecError when its header is none."""
    data = unpacked(file)
    if not is_idx(data[:4]):
        raise SpecError(
            say(
                "{file} does not begin like an IDX file: its first bytes are {bytes}, not 00 00 08 03.",
                file=file.name,
                bytes=data[:4].hex(" ") or "-",
            )
        )
    if data[2] != 8:
        raise SpecError(
            say(
                "{file} is an IDX file of numbers of type {type}; pictures are bytes, type 08.",
                file=file.name,
                type=f"{data[2]:02x}",
            )
        )
    start = 4 + 4 * data[3]
    if len(data) < start:
        raise SpecError(say("{file} is cut short: it ends within its header.", file=file.name))
    return tuple(int(n) for n in np.frombuffer(data, ">u4", data[3], 4)), data[start:]


def unpacked(file: Path, most: int = MOST_BYTES) -> bytes:
    """The file's bytes, unpacked where they are gzip's; as far as they go where the file is cut short."""
    try:
        data = file.read_bytes()
        if not data.startswith(GZIP):
            return data
        unpacker = zlib.decompressobj(31)
        plain = unpacker.decompress(data, most + 1)
    except (OSError, zlib.error, gzip.BadGzipFile) as error:
        raise SpecError(say("{file} is damaged or cut short: {error}.", file=file.name, error=error)) from error
    if len(plain) > most:
        raise SpecError(say("{file} unpacks to more than {most} MB.", file=file.name, most=f"{most / 1e6:,.0f}"))
    return plain


def head_of(file: Path, head: bytes) -> bytes:
    """The first bytes of a file, unpacked where they are gzip's."""
    if not head.startswith(GZIP):
        return head
    try:
        with gzip.open(file) as stream:
            return stream.read(64)
    except (OSError, EOFError, zlib.error):
        return b""


def cifar_files(folder: Path) -> tuple[list[Path], list[Path]]:
    """Training and test batches in a folder, under the names that CIFAR's archives give them."""
    train = sorted(folder.glob("data_batch_*.bin")) or sorted(folder.glob("train.bin"))
    return train, [file for file in (folder / "test_batch.bin", folder / "test.bin") if file.is_file()]


def read_cifar(train: list[Path], test: list[Path], folder: Path) -> Found:
    """CIFAR-10: a label byte, then 3072 bytes (3, 32, 32), a record; CIFAR-100: a coarse and a fine label."""
    levels, labels, kinds = zip(*map(_cifar, train), strict=True)
    tested = [_cifar(file) for file in test]
    if len({*kinds, *(kind for _, _, kind in tested)}) > 1:
        raise SpecError(
            say(
                "{files} are of CIFAR-10 and CIFAR-100; read one at a time.", files=listed(f.name for f in train + test)
            )
        )
    pair = (np.concatenate([a for a, _, _ in tested]), np.concatenate([b for _, b, _ in tested])) if tested else None
    return Found(np.concatenate(levels), np.concatenate(labels), pair, _cifar_names(folder, kinds[0]))


def _cifar_labels(file: Path) -> int | None:
    """1 or 2 labels a record; None where the file is no batch of CIFAR's."""
    size = file.stat().st_size
    for count, most in ((1, (10,)), (2, (20, 100))):
        record = _CIFAR_PIXELS + count
        if size and size % record == 0:
            rows = np.memmap(file, np.uint8, "r", shape=(size // record, record))
            if all(int(rows[:, i].max()) < limit for i, limit in enumerate(most)):
                return count
    return None


def _cifar(file: Path) -> tuple[Levels, Labels, int]:
    count = _cifar_labels(file)
    if count is None:
        raise SpecError(
            say(
                "{file} is no batch of CIFAR's: its {size} bytes are no whole number of records of 3,073 or 3,074 bytes "
                "that begin with labels.",
                file=file.name,
                size=f"{file.stat().st_size:,}",
            )
        )
    rows = np.fromfile(file, np.uint8).reshape(-1, _CIFAR_PIXELS + count)
    return rows[:, count:].reshape(-1, 3, _CIFAR_SIDE, _CIFAR_SIDE), rows[:, count - 1].astype(np.int64), count


def _cifar_names(folder: Path, kind: int) -> tuple[str, ...]:
    count = 10 if kind == 1 else 100
    file = folder / ("batches.meta.txt" if kind == 1 else "fine_label_names.txt")
    if file.is_file():
        names = tuple(file.read_text("utf-8", "replace").split())
        if len(names) == count:
            return names
    return tuple(map(str, range(count)))


def holds_pictures(header: Header) -> bool:
    """(N, H, W) of bytes, or of numbers; (N, H, W, C) or (N, C, H, W)."""
    if not header.is_numeric or len(header.shape) not in (3, 4):
        return False
    return len(header.shape) == 3 or any(header.shape[axis] in (1, 3, 4) for axis in (1, 3))


def read_arrays(file: Path, wanted: str) -> Found:
    """Of the axes of (N, a, b, c), the last is taken for channels if it is 1, 3 or 4, else the first of the three."""
    name, _ = choose(file, wanted, holds_pictures, "pictures, (N, H, W), (N, H, W, C) or (N, C, H, W)")
    found = headers(file)
    levels, notes = _levels(file, read_array(file, name))
    other = partner(name, found)
    labels = [labels_of(file, name)]
    test_levels = None
    if other:
        test_levels, more = _levels(file, read_array(file, other))
        labels.append(labels_of(file, other))
        notes += [note for note in more if note not in notes]
    counted, names = named_classes(file, labels)
    test = None if test_levels is None else (test_levels, counted[-1])
    return Found(levels, counted[0], test, names, tuple(notes))


def _levels(file: Path, values: NDArray[Any]) -> tuple[Levels, list[Sentence]]:
    """Levels 0..255 out of bytes, of 16-bit numbers (rounded /257), and of real numbers from 0 to 1 (times 255)."""
    notes = []
    if values.ndim == 3:
        values = values[:, None]
    elif values.shape[3] in (1, 3, 4):
        values = values.transpose(0, 3, 1, 2)
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 0.0)
    if values.dtype == np.uint8:
        levels = values
    elif values.dtype.kind == "b":
        levels = values.astype(np.uint8) * np.uint8(255)
    elif values.dtype.kind == "f" and low >= 0.0 and high <= 1.0:
        levels = np.rint(values.astype(np.float32) * 255.0).astype(np.uint8)
        notes.append(say("{file} holds numbers from 0 to 1; they were rounded to 256 levels.", file=file.name))
    elif low >= 0.0 and high <= 255.0:
        levels = np.rint(values).astype(np.uint8)
        if values.dtype.kind == "f" and bool((levels != values).any()):
            notes.append(say("{file} holds fractions; they were rounded to whole levels 0 to 255.", file=file.name))
    elif values.dtype.kind in "iu" and low >= 0.0 and high <= 65_535.0:
        levels = np.rint(values / 257.0).astype(np.uint8)
        notes.append(say("{file} holds 16-bit numbers; they were rounded to 256 levels.", file=file.name))
    else:
        raise SpecError(
            say(
                "{file} holds numbers from {low} to {high}; pictures are bytes 0 to 255, or numbers from 0 to 1.",
                file=file.name,
                low=f"{low:.4g}",
                high=f"{high:.4g}",
            )
        )
    if levels.shape[1] == 4:
        levels = _over_white(levels)
        notes.append(say("{file} has transparent pictures; they were laid on white.", file=file.name))
    return levels, notes


def _over_white(levels: Levels) -> Levels:
    alpha = levels[:, 3:].astype(np.float32) / 255.0
    return np.asarray(np.rint(levels[:, :3] * alpha + 255.0 * (1.0 - alpha)), np.uint8)


def _counted(parts: list[Labels | None]) -> tuple[list[Labels | None], tuple[str, ...]]:
    known = [part for part in parts if part is not None]
    values = np.unique(np.concatenate(known)) if len(known) == len(parts) else np.empty(0)
    if len(values) < 2:
        return [None] * len(parts), ()
    return [np.searchsorted(values, part) for part in known], tuple(str(value) for value in values.tolist())


def _by(sizes: tuple[int, ...]) -> str:
    return " x ".join(f"{size}" for size in sizes)
