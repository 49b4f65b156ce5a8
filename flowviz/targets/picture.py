"""Pictures as densities: ink on a canvas.

The luminance (ITU-R 601) of the upright picture is fitted into the square canvas without distortion. Ink is brightness where
the picture's border is dark, and darkness where its border is light: what lies around the edge is taken for paper. An even
paper, within a tenth of black or white, counts as blank.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from ..pipeline import CANVAS, DrawnTarget, Sentence, SpecError, say

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM")
SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".ppm", ".pgm", ".pbm", ".jfif"}
)
MOST_PIXELS = 100_000_000
_COARSE = 64
_PAPER = 0.1
_FLAT = 2.0 / 255.0


def read_picture(file: Path) -> tuple[DrawnTarget, tuple[Sentence, ...]]:
    """The drawing that a picture makes, and notes; raises SpecError with one sentence that names the file."""
    luminance, size = _luminance(file)
    ink, inverted = ink_of(luminance)
    if float(ink.max()) <= 0.0:
        raise SpecError(say("{file} is all of one colour; a density needs some contrast.", file=file.name))
    notes = []
    if inverted:
        notes.append(say("{file} is dark on light: its darkness is taken as the density.", file=file.name))
    if max(size) < _COARSE:
        notes.append(
            say(
                "{file} has only {width} x {height} pixels: the density has edges where they meet.",
                file=file.name,
                width=size[0],
                height=size[1],
            )
        )
    return DrawnTarget.from_array(canvas_of(ink), source=file.name), tuple(notes)


def ink_of(luminance: NDArray[np.float32]) -> tuple[NDArray[np.float32], bool]:
    """Ink in [0, 1], its maximum 1, from luminance (H, W) in [0, 1], and whether it is darkness; all 0 without contrast."""
    border = np.concatenate([luminance[0], luminance[-1], luminance[1:-1, 0], luminance[1:-1, -1]])
    inverted = float(border.mean()) > 0.5
    ink = 1.0 - luminance if inverted else luminance
    paper = float(np.median(1.0 - border if inverted else border))
    if paper <= _PAPER:
        ink = np.maximum(ink - paper, 0.0)
    if float(luminance.max() - luminance.min()) < _FLAT or ink.max() <= 0.0:
        return np.zeros_like(luminance), inverted
    return np.asarray(ink / ink.max(), np.float32), inverted


def canvas_of(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Ink (H, W), row 0 at the top, as cells (256, 256), row 0 at the bottom: scaled to fit, centred, the rest empty."""
    height, width = ink.shape
    scale = CANVAS / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    fitted = np.asarray(Image.fromarray(ink).resize(size, Image.Resampling.BOX))
    cells = np.zeros((CANVAS, CANVAS), np.float32)
    top, left = (CANVAS - size[1]) // 2, (CANVAS - size[0]) // 2
    cells[top : top + size[1], left : left + size[0]] = fitted
    return cells[::-1] / max(float(fitted.max()), 1e-30)


def _luminance(file: Path) -> tuple[NDArray[np.float32], tuple[int, int]]:
    """Luminance (H, W) in [0, 1] of the upright picture, no larger than needed, and the size that it had."""
    try:
        with warnings.catch_warnings():
            # Pillow warns where it would refuse at twice the size; the limit below is ours, and it is lower.
            warnings.simplefilter("ignore")
            with Image.open(file, formats=FORMATS) as picture:
                size = picture.size
                if size[0] * size[1] > MOST_PIXELS:
                    raise SpecError(_too_large(file, size))
                picture.draft(picture.mode, (2 * CANVAS, 2 * CANVAS))
                picture.load()
                upright = ImageOps.exif_transpose(picture)
                return _grey(upright), size
    except Image.DecompressionBombError as error:
        raise SpecError(_too_large(file, None)) from error
    except UnidentifiedImageError as error:
        raise SpecError(
            say("{file} is no picture that can be read; PNG, JPEG, GIF, BMP, TIFF and WebP are.", file=file.name)
        ) from error
    except SpecError:
        raise
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        raise SpecError(say("{file} is damaged or cut short: {error}.", file=file.name, error=error)) from error


def _too_large(file: Path, size: tuple[int, int] | None) -> Sentence:
    if size is None:
        return say(
            "{file} has too many pixels; at most {most} million are read.", file=file.name, most=MOST_PIXELS // 10**6
        )
    return say(
        "{file} has {width} x {height} pixels; at most {most} million are read.",
        file=file.name,
        width=size[0],
        height=size[1],
        most=MOST_PIXELS // 10**6,
    )


def _grey(picture: Image.Image) -> NDArray[np.float32]:
    if picture.mode.startswith("I") or picture.mode == "F":
        return deep(np.asarray(picture, np.float32))
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        alpha = np.asarray(picture.getchannel("A"), np.float32) / 255.0
        ink = np.asarray(picture.convert("RGB").convert("L"), np.float32) / 255.0
        # The paper behind a transparent picture is white or black, whichever its ink stands out from.
        light = float((ink * alpha).sum()) > 0.5 * float(alpha.sum())
        return np.asarray(ink * alpha + (0.0 if light else 1.0) * (1.0 - alpha), np.float32)
    return np.asarray(picture.convert("RGB").convert("L"), np.float32) / 255.0


def deep(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Grey of more than 8 bits: 16-bit values by their full range, others by the range that they have."""
    values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(values.min()), float(values.max())
    if low >= 0.0 and high <= 65_535.0 and high > 1.0:
        return np.asarray(values / 65_535.0, np.float32)
    return (values - low) / (high - low) if high > low else np.zeros_like(values)
