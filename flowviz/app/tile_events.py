"""A tile of pictures or sequences: a few held-out events at its state, what leaves at a split, or the log-det by place."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from ..engine.messages import Tile
from ..pipeline import EventKind
from . import montage
from .theme import theme

PICTURES: dict[EventKind, int] = {"vector": 0, "image": 9, "sequence": 3}
"""Events that tiles and the selected layer show of a state."""
GAP = 3
_CURVES = 3


def render_events(tile: Tile, side: int) -> QImage:
    """The events at the tile's state; of a split, what goes on above and what leaves below a line."""
    assert tile.events is not None
    image = _blank(side)
    painter = QPainter(image)
    room = QRectF(GAP, GAP, side - 2 * GAP, side - 2 * GAP)
    if tile.left is None:
        _paint(painter, room, tile.events.numpy())
    else:
        half = (room.height() - 2 * GAP) / 2
        _paint(painter, QRectF(room.left(), room.top(), room.width(), half), tile.events.numpy())
        _paint(painter, QRectF(room.left(), room.bottom() - half, room.width(), half), tile.left.numpy())
        painter.setPen(QPen(theme().color("warning"), 2, Qt.PenStyle.DashLine))
        painter.drawLine(GAP, side // 2, side - GAP, side // 2)
    painter.end()
    return image


def render_terms(tile: Tile, side: int, span: float) -> QImage:
    """The mean summands of log|det J| by place, from −span to span nats an element."""
    assert tile.terms is not None
    values = tile.terms.numpy()
    image = _blank(side)
    painter = QPainter(image)
    room = QRectF(GAP, GAP, side - 2 * GAP, side - 2 * GAP)
    if values.ndim == 3:
        picture = montage.mapped(values, span, theme().diverging_table())
        place = montage.fitted(picture.width(), picture.height(), room)
        painter.drawImage(place, picture)
        painter.setPen(QPen(theme().color("border"), 1))
        painter.drawRect(place.adjusted(-0.5, -0.5, 0.5, 0.5))
    else:
        painter.setPen(QPen(theme().color("border"), 1))
        painter.drawLine(0, side // 2, side, side // 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for channel in values[:4]:
            montage.curve(painter, channel, room, span, theme().color("warning"))
    painter.end()
    return image


def _paint(painter: QPainter, room: QRectF, events: NDArray[np.generic]) -> None:
    if events.ndim == 3:
        _paint_curves(painter, room, events[:_CURVES])
        return
    width, height = montage.size(events.shape[1:])
    columns, rows = _grid(len(events), width, height, room)
    cell_w = (room.width() - GAP * (columns - 1)) / columns
    cell_h = (room.height() - GAP * (rows - 1)) / rows
    first = montage.fitted(width, height, QRectF(0, 0, cell_w, cell_h))
    left = room.left() + (room.width() - columns * (first.width() + GAP) + GAP) / 2
    top = room.top() + (room.height() - rows * (first.height() + GAP) + GAP) / 2
    for number, picture in enumerate(events[: columns * rows]):
        row, column = divmod(number, columns)
        x, y = round(left + column * (first.width() + GAP)), round(top + row * (first.height() + GAP))
        painter.drawImage(QRectF(x, y, first.width(), first.height()), montage.image(np.asarray(picture, np.uint8)))


def _grid(count: int, width: int, height: int, room: QRectF) -> tuple[int, int]:
    """(columns, rows): four pictures as large as can be, or all of those that there are."""
    least = min(count, 4)
    best, found = 0.0, (1, 1)
    for columns in range(1, count + 1):
        rows = math.ceil(least / columns)
        scale = min(
            (room.width() - GAP * (columns - 1)) / (columns * width),
            (room.height() - GAP * (rows - 1)) / (rows * height),
        )
        if scale > best:
            best, found = scale, (columns, rows)
    return found


def _paint_curves(painter: QPainter, room: QRectF, events: NDArray[np.generic]) -> None:
    values = np.asarray(events, np.float32)
    span = 1.15 * montage.span_of(values) or 1.0
    height = room.height() / len(values)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for number, event in enumerate(values):
        row = QRectF(room.left(), room.top() + number * height, room.width(), height - 1)
        for channel in event[:4]:
            montage.curve(painter, channel, row, span, theme().color("held_out"))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _blank(side: int) -> QImage:
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(theme().color("plot"))
    return image
