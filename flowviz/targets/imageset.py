"""An image target's file or folder as a density: read, turned to grey, coarsened, and split once and for all."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from ..pipeline import MAX_DIMENSIONS, ImageTarget, Sentence, SpecError, say
from .columns import first_bytes
from .imagefiles import (
    Found,
    cifar_files,
    head_of,
    is_cifar,
    is_idx,
    read_arrays,
    read_cifar,
    read_idx,
)
from .imagefolder import MOST_PICTURES, picture_files, read_folder
from .images import PictureDensity, Pictures
from .picture import SUFFIXES

FEWEST = 10
_SPLIT_SEED = 20_180_719
"""Of the order in which pictures are split: never a project's own seed."""
_GREY = np.array([0.299, 0.587, 0.114], np.float32)
"""ITU-R 601."""

_last: tuple[object, Found] | None = None


def picture_set(spec: ImageTarget, *, device: torch.device | str = "cpu", seed: int = 0) -> PictureDensity:
    """The pictures of a target; raises SpecError, one sentence that names the file, when they cannot be used."""
    if not spec.path:
        raise SpecError(say("No file is chosen; pictures are read from a folder, or an IDX, CIFAR, NPY or NPZ file."))
    file = Path(spec.path).expanduser()
    found = _prepared(file, spec)
    shape = found.levels.shape[1:]
    if math.prod(shape) > MAX_DIMENSIONS:
        raise SpecError(_too_large(file, shape))
    if len(found.levels) < FEWEST:
        raise SpecError(
            say(
                "{file} holds {count} pictures that can be used; at least {fewest} are needed.",
                file=file.name,
                count=len(found.levels),
                fewest=FEWEST,
            )
        )
    levels = torch.from_numpy(found.levels)
    labels = None if found.labels is None else torch.from_numpy(found.labels)
    order = torch.from_numpy(np.random.default_rng(_SPLIT_SEED).permutation(len(levels)))
    held = min(max(1, round(spec.held_out * len(levels))), len(levels) - FEWEST // 2)
    every = Pictures(levels, labels)
    test = None
    if found.test is not None:
        test_labels = found.test[1]
        test = Pictures(torch.from_numpy(found.test[0]), None if test_labels is None else torch.from_numpy(test_labels))
    return PictureDensity(
        every.part(order[held:]),
        every.part(order[:held]),
        test,
        title=file.name,
        levels=2**spec.bits,
        class_names=found.names if labels is not None else (),
        device=device,
        seed=seed,
        notes=found.notes,
    )


def _prepared(file: Path, spec: ImageTarget) -> Found:
    """What the file holds, in the levels that are wanted. The last one is kept: pictures take long to read."""
    global _last
    key = (_state(file), spec.array, spec.side, spec.grey, spec.bits)
    if _last is not None and _last[0] == key:
        return _last[1]
    found = _limited(file, _read(file, spec))
    test = found.test
    found = found._replace(
        levels=_coarse(found.levels, spec),
        test=None if test is None else (_coarse(test[0], spec), test[1]),
    )
    _last = (key, found)
    return found


def _read(file: Path, spec: ImageTarget) -> Found:
    if file.is_dir():
        train, test = cifar_files(file)
        if train:
            return read_cifar(train, test, file)
        idx = idx_file(file)
        return read_idx(idx) if idx is not None else read_folder(file, spec.side, spec.grey)
    start = first_bytes(file)
    head = head_of(file, start)
    if head.startswith((b"\x93NUMPY", b"PK\x03\x04")):
        return read_arrays(file, spec.array)
    if is_idx(head) or "idx" in file.name.lower() or "ubyte" in file.name.lower() or start != head:
        return read_idx(file)
    if is_cifar(file):
        beside = [other for other in cifar_files(file.parent)[1] if other != file and is_cifar(other)]
        return read_cifar([file], beside, file.parent)
    if file.suffix.lower() in SUFFIXES:
        raise SpecError(say("{file} is one picture; choose the folder that holds many.", file=file.name))
    raise SpecError(
        say("{file} holds no set of pictures; a folder, or an IDX, CIFAR, NPY or NPZ file does.", file=file.name)
    )


def idx_file(folder: Path) -> Path | None:
    """The training pictures of MNIST's kind in a folder, under their usual name."""
    files = sorted(file for file in folder.glob("*images*idx*") if file.is_file())
    return next((file for file in files if "train" in file.name), files[0] if files else None)


def _state(file: Path) -> object:
    """What changes when a file, or anything in a folder, does."""
    if not file.is_dir():
        first_bytes(file)
    others = [*picture_files(file), *file.glob("*")] if file.is_dir() else [*file.parent.glob("*")]
    states = ((other, other.stat()) for other in others if other.is_file())
    return file.resolve(), tuple(sorted((str(other), state.st_mtime_ns, state.st_size) for other, state in states))


def _limited(file: Path, found: Found) -> Found:
    if len(found.levels) <= MOST_PICTURES:
        return found
    note: Sentence = say(
        "{file} holds {count} pictures; the first {most} are used.",
        file=file.name,
        count=f"{len(found.levels):,}",
        most=f"{MOST_PICTURES:,}",
    )
    labels = None if found.labels is None else found.labels[:MOST_PICTURES]
    return found._replace(levels=found.levels[:MOST_PICTURES], labels=labels, notes=(*found.notes, note))


def _coarse(levels: NDArray[np.uint8], spec: ImageTarget) -> NDArray[np.uint8]:
    """Grey where it is wanted, then k -> ⌊k/2^{8−bits}⌋ (Kingma and Dhariwal 2018, arXiv 1807.03039)."""
    if spec.grey and levels.shape[1] == 3:
        # In blocks: a float copy of all of them would be four times their size.
        blocks = (levels[i : i + 4096] for i in range(0, len(levels), 4096))
        levels = np.concatenate([np.rint(np.einsum("c,nchw->nhw", _GREY, b)).astype(np.uint8) for b in blocks])[:, None]
    elif spec.grey and levels.shape[1] > 1:
        levels = np.rint(levels.mean(1, keepdims=True)).astype(np.uint8)
    return np.ascontiguousarray(levels >> (8 - spec.bits))


def _too_large(file: Path, shape: tuple[int, ...]) -> Sentence:
    channels, height, width = shape
    if file.is_dir():
        return say(
            "The pictures of {file} have {channels} x {height} x {width} numbers; at most {most} can be learnt: choose a side "
            "of at most {side}, or grey.",
            file=file.name,
            channels=channels,
            height=height,
            width=width,
            most=f"{MAX_DIMENSIONS:,}",
            side=math.isqrt(MAX_DIMENSIONS // channels),
        )
    return say(
        "The pictures of {file} have {channels} x {height} x {width} numbers; at most {most} can be learnt: save them "
        "smaller, or choose grey.",
        file=file.name,
        channels=channels,
        height=height,
        width=width,
        most=f"{MAX_DIMENSIONS:,}",
    )
