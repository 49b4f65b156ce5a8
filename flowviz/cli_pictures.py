"""Pictures as files: grids of them, and the figure of what every layer does to a few."""

from __future__ import annotations

import base64
import io
import math
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from .targets import Density
from .training.frames_events import event_array

Pixels = NDArray[np.uint8]
SIDE = 64
"""Pixels of a small picture on the grid, about: each of its own is a whole number of them."""
GAP = 2
PAPER = 40
"""Grey between the pictures."""
LABEL, LINE, ROW = 190, 22, 66
"""Width of the labels, height of a line of the title, and the least height of a row, which has four lines of words."""


def shown(density: Density, x: Tensor) -> Pixels:
    """Pictures of the data (N, C, H, W) as they are shown, uint8."""
    return np.asarray(event_array(density, x).numpy())


def tiles(pictures: Pixels) -> Pixels:
    """Pictures (N, C, H, W) of any number of channels as (N, h, w, 3): one or three as they are, others side by side."""
    count, channels, height, width = pictures.shape
    if channels == 1:
        pictures = np.repeat(pictures, 3, 1)
    elif channels != 3:
        across = math.ceil(math.sqrt(channels))
        down = math.ceil(channels / across)
        padded = np.full((count, across * down, height, width), PAPER, np.uint8)
        padded[:, :channels] = pictures
        joined = padded.reshape(count, down, across, height, width).transpose(0, 1, 3, 2, 4)
        pictures = np.repeat(joined.reshape(count, 1, down * height, across * width), 3, 1)
    return np.ascontiguousarray(pictures.transpose(0, 2, 3, 1))


def grid(pictures: Pixels, columns: int | None = None, side: int = SIDE) -> Image.Image:
    """Pictures (N, C, H, W) in rows of `columns`, about a square where that is not said."""
    small = tiles(pictures)
    count, height, width, _ = small.shape
    columns = columns or math.ceil(math.sqrt(count))
    scale = max(1, side // max(height, width))
    across, down = width * scale + GAP, height * scale + GAP
    image = Image.new("RGB", (columns * across + GAP, math.ceil(count / columns) * down + GAP), (PAPER,) * 3)
    for i, one in enumerate(small):
        big = Image.fromarray(np.repeat(np.repeat(one, scale, 0), scale, 1))
        image.paste(big, (GAP + i % columns * across, GAP + i // columns * down))
    return image


def write_figure(title: str, rows: list[tuple[str, Image.Image]], path: Path, *, dark: bool) -> None:
    """A PNG or SVG of labelled rows of pictures under a title."""
    paper, ink = ((24, 24, 27), (228, 228, 231)) if dark else ((255, 255, 255), (24, 24, 27))
    width = LABEL + max(image.width for _, image in rows) + GAP
    height = 2 * LINE + sum(max(image.height, ROW) + GAP for _, image in rows)
    if path.suffix.lower() == ".svg":
        path.write_text(_svg(title, rows, (width, height), paper, ink), "utf-8")
        return
    figure = Image.new("RGB", (width, height), paper)
    draw = ImageDraw.Draw(figure)
    draw.text((8, 8), title, ink, ImageFont.load_default(16))
    y = 2 * LINE
    for label, image in rows:
        # The font that Pillow brings has no such sign.
        draw.multiline_text((8, y + 4), label.replace("×", "x"), ink, ImageFont.load_default(13))
        figure.paste(image, (LABEL, y))
        y += max(image.height, ROW) + GAP
    figure.save(path)


def _svg(
    title: str,
    rows: list[tuple[str, Image.Image]],
    size: tuple[int, int],
    paper: tuple[int, int, int],
    ink: tuple[int, int, int],
) -> str:
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}" font-family="sans-serif">',
        f'<rect width="100%" height="100%" fill="rgb{paper}"/>',
        f'<text x="8" y="24" font-size="16" fill="rgb{ink}">{escape(title)}</text>',
    ]
    y = 2 * LINE
    for label, image in rows:
        for number, line in enumerate(label.splitlines()):
            parts.append(f'<text x="8" y="{y + 16 + 16 * number}" font-size="13" fill="rgb{ink}">{escape(line)}</text>')
        buffer = io.BytesIO()
        image.save(buffer, "PNG")
        data = base64.b64encode(buffer.getvalue()).decode()
        parts.append(
            f'<image x="{LABEL}" y="{y}" width="{image.width}" height="{image.height}" href="data:image/png;base64,{data}"/>'
        )
        y += max(image.height, ROW) + GAP
    return "\n".join([*parts, "</svg>\n"])
