"""Pictures (C, H, W) as images: one channel grey, three coloured, others side by side; and curves of sequences. No model."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF


def sheet(values: NDArray[Any]) -> NDArray[Any]:
    """(C, H, W) as one plane: the channels in rows of equal length, a channel at a time: (R H, K W)."""
    channels, height, width = values.shape
    columns = math.ceil(math.sqrt(channels))
    rows = -(-channels // columns)
    padded = np.zeros((rows * columns, height, width), values.dtype)
    padded[:channels] = values
    return padded.reshape(rows, columns, height, width).swapaxes(1, 2).reshape(rows * height, columns * width)


def size(shape: tuple[int, ...]) -> tuple[int, int]:
    """(width, height) in pixels of the image of a picture (C, H, W)."""
    channels, height, width = shape
    if channels in (1, 3):
        return width, height
    columns = math.ceil(math.sqrt(channels))
    return columns * width, -(-channels // columns) * height


def image(picture: NDArray[np.uint8]) -> QImage:
    """A picture (C, H, W) uint8 as it is, row 0 at the top."""
    if picture.shape[0] == 3:
        pixels = np.ascontiguousarray(picture.transpose(1, 2, 0))
        height, width = pixels.shape[:2]
        return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
    plane = np.ascontiguousarray(picture[0] if picture.shape[0] == 1 else sheet(picture))
    height, width = plane.shape
    return QImage(plane.data, width, height, width, QImage.Format.Format_Grayscale8).copy()


def mapped(values: NDArray[np.floating], span: float, table: NDArray[np.uint8]) -> QImage:
    """Values (C, H, W) from −span to span in the colours of a table (256, 4); what is not finite is drawn as 0."""
    plane = sheet(np.nan_to_num(values, nan=0.0, posinf=span, neginf=-span))
    index = np.clip((plane / max(span, 1e-30) + 1) * 127.5, 0, 255).astype(np.uint8)
    pixels = np.ascontiguousarray(table[index][..., :3])
    height, width = plane.shape
    return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def fitted(width: int, height: int, room: QRectF, ratio: float = 1.0) -> QRectF:
    """Where an image of that many pixels lies in the room: centred, and enlarged by a whole number of device pixels."""
    scale = min(room.width() * ratio / width, room.height() * ratio / height)
    scale = (math.floor(scale) if scale >= 1 else scale) / ratio
    w, h = width * scale, height * scale
    x, y = room.x() + (room.width() - w) / 2, room.y() + (room.height() - h) / 2
    return QRectF(round(x * ratio) / ratio, round(y * ratio) / ratio, w, h)


def span_of(values: NDArray[np.floating]) -> float:
    """How far values go from 0, but for the strongest fiftieth."""
    finite = np.abs(values[np.isfinite(values)])
    return float(np.quantile(finite, 0.98)) if finite.size else 0.0


def curve(painter: QPainter, moments: NDArray[np.floating], room: QRectF, span: float, color: QColor) -> None:
    """One channel (T,) as a line through the room, from −span at its foot to span at its head; spikes are kept.

    NaN at the end are moments that are not there yet: the line ends before them.
    """
    count = len(moments)
    known = np.flatnonzero(~np.isnan(moments))
    drawn = int(known[-1]) + 1 if known.size else 0
    values = np.nan_to_num(np.asarray(moments[:drawn], np.float64), nan=0.0, posinf=span, neginf=-span)
    x = room.left() + (np.arange(drawn) + 0.5) / count * room.width()
    y = room.center().y() - np.clip(values / max(span, 1e-30), -1, 1) * room.height() / 2
    columns = int(room.width() * drawn / max(count, 1))
    if drawn > 3 * columns > 0:
        # Lowest and highest of what falls on one column of pixels, so that a short spike is still seen.
        edges = np.linspace(0, drawn, columns + 1).astype(int)[:-1]
        y = np.stack([np.minimum.reduceat(y, edges), np.maximum.reduceat(y, edges)], 1).ravel()
        x = np.repeat(x[edges], 2)
    painter.setPen(QPen(color, 1))
    painter.drawPolyline(QPolygonF([QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]))
