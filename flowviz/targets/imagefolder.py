"""A folder of pictures: each upright, cropped to a centred square and resized, labelled by its sub-folder.

Rules. The camera's orientation (EXIF) is undone. Transparent parts are laid on white. Grey of 16 bits is rounded to 8 (/257).
The largest centred square is cut out and resized to `side` by a triangle filter that widens as it shrinks, which neither
aliases nor overshoots. With `side` 0 pictures keep their size, and those of another size than most are left out.
"""

from __future__ import annotations

import os
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from ..pipeline import Sentence, SpecError, say
from .csvfile import listed
from .imagefiles import Found
from .picture import FORMATS, MOST_PIXELS, SUFFIXES, deep

MOST_PICTURES = 200_000
_MOST_CLASSES = 1024
_UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, MemoryError, Image.DecompressionBombError)


Kind = Literal["plain", "deep", "transparent"]
"""What had to be done to a picture: nothing, its numbers rounded to 8 bits, or white put behind it."""


def picture_files(folder: Path) -> list[Path]:
    """Every picture by its suffix, in the order of its path, sub-folders included and hidden ones left out."""
    return sorted(_walk(folder), key=lambda file: file.relative_to(folder).parts)


def _walk(folder: Path) -> Iterator[Path]:
    for where, inner, names in os.walk(folder):
        inner[:] = [name for name in inner if not name.startswith(".")]
        for name in names:
            if not name.startswith(".") and os.path.splitext(name)[1].lower() in SUFFIXES:
                yield Path(where) / name


def read_folder(folder: Path, side: int, grey: bool) -> Found:
    """The pictures of a folder as levels; SpecError, one sentence, when none of them can be used."""
    files = picture_files(folder)
    if not files:
        raise SpecError(
            say(
                "{folder} holds no pictures; PNG, JPEG, GIF, BMP, TIFF and WebP files are looked for.",
                folder=folder.name,
            )
        )
    notes = []
    if len(files) > MOST_PICTURES:
        notes.append(
            say(
                "{folder} holds {count} pictures; the first {most} are used.",
                folder=folder.name,
                count=f"{len(files):,}",
                most=f"{MOST_PICTURES:,}",
            )
        )
        files = files[:MOST_PICTURES]
    read: list[tuple[Path, NDArray[np.uint8]]] = []
    unreadable = []
    kinds = set[Kind]()
    for file in files:
        try:
            levels, kind = read_levels(file, side, grey)
            read.append((file, levels))
            kinds.add(kind)
        except _UNREADABLE:
            unreadable.append(file.relative_to(folder).as_posix())
    if not read:
        raise SpecError(
            say("None of the {count} pictures in {folder} can be read.", count=f"{len(files):,}", folder=folder.name)
        )
    if unreadable:
        notes.append(say("Left out because they cannot be read as pictures: {names}.", names=listed(unreadable)))
    if "deep" in kinds:
        notes.append(say("{file} holds 16-bit numbers; they were rounded to 256 levels.", file=folder.name))
    if "transparent" in kinds:
        notes.append(say("{file} has transparent pictures; they were laid on white.", file=folder.name))
    read, more = _of_one_size(folder, read)
    channels = max(len(levels) for _, levels in read)
    levels = np.stack([np.broadcast_to(one, (channels, *one.shape[1:])) for _, one in read])
    labels, names = _labels(folder, [file for file, _ in read])
    return Found(levels, labels, None, names, (*notes, *more))


def _of_one_size(
    folder: Path, read: list[tuple[Path, NDArray[np.uint8]]]
) -> tuple[list[tuple[Path, NDArray[np.uint8]]], list[Sentence]]:
    """Those of the size that most have; all of them where they were resized."""
    sizes = Counter(levels.shape[1:] for _, levels in read)
    (height, width), count = sizes.most_common(1)[0]
    if count == len(read):
        return read, []
    others = [file.relative_to(folder).as_posix() for file, levels in read if levels.shape[1:] != (height, width)]
    note = say(
        "Left out because they are not {width} x {height} pixels like most ({count}); a side makes all of one size: {names}.",
        width=width,
        height=height,
        count=count,
        names=listed(others),
    )
    return [(file, levels) for file, levels in read if levels.shape[1:] == (height, width)], [note]


def _labels(folder: Path, files: list[Path]) -> tuple[NDArray[np.int64] | None, tuple[str, ...]]:
    """The first sub-folder on the way to each picture, where every one lies in one and there are several."""
    ways = [file.relative_to(folder).parts for file in files]
    names = sorted({way[0] for way in ways if len(way) > 1})
    if any(len(way) == 1 for way in ways) or not 2 <= len(names) <= _MOST_CLASSES:
        return None, ()
    index = {name: i for i, name in enumerate(names)}
    return np.array([index[way[0]] for way in ways], np.int64), tuple(names)


def read_levels(file: Path, side: int, grey: bool) -> tuple[NDArray[np.uint8], Kind]:
    """Levels (C, H, W) uint8 of one picture: one channel if it is grey, or is to be, else three; and what it was."""
    with warnings.catch_warnings():
        # Pillow warns where it would refuse at twice the size; the limit below is ours, and it is lower.
        warnings.simplefilter("ignore")
        with Image.open(file, formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise ValueError("too many pixels")
            if side:
                opened.draft(opened.mode, (4 * side, 4 * side))
            opened.load()
            picture, kind = _eight_bits(ImageOps.exif_transpose(opened))
            if grey:
                picture = picture.convert("L")
            if side:
                picture = _square(picture, side)
            levels = np.asarray(picture)
    return (levels[None] if levels.ndim == 2 else levels.transpose(2, 0, 1)), kind


def _eight_bits(picture: Image.Image) -> tuple[Image.Image, Kind]:
    """As L or RGB, and whether something of it was given up for that."""
    if picture.mode.startswith("I") or picture.mode == "F":
        return Image.fromarray(np.rint(255.0 * deep(np.asarray(picture, np.float32))).astype(np.uint8)), "deep"
    if picture.has_transparency_data:
        colours = picture.convert("RGBA")
        white = Image.new("RGBA", colours.size, (255, 255, 255, 255))
        laid = Image.alpha_composite(white, colours).convert("RGB")
        kind: Kind = "plain" if colours.getchannel("A").getextrema() == (255, 255) else "transparent"
        return (laid.convert("L") if picture.mode in ("L", "LA", "La", "1") else laid), kind
    return picture.convert("L" if picture.mode in ("1", "L") else "RGB"), "plain"


def _square(picture: Image.Image, side: int) -> Image.Image:
    """Cut out first, so that nothing beyond the square is mixed into its edge."""
    edge = min(picture.size)
    left, top = (picture.width - edge) // 2, (picture.height - edge) // 2
    return picture.crop((left, top, left + edge, top + edge)).resize((side, side), Image.Resampling.BILINEAR)
