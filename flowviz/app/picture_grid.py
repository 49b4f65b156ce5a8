"""A grid of pictures, crisp: every pixel of a picture is a square of whole pixels, and all gutters are equally wide."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from . import montage
from .theme import UNIT, theme

GUTTER = UNIT // 2
_SMALLEST = 40
"""Pixels of a picture's longer side below which fewer pictures are shown instead."""


class PictureGrid(QWidget):
    """Cells of one picture, or of several above each other. A click, or Enter, tells the cell's number."""

    clicked = Signal(int)
    hovered = Signal(int)
    """The cell under the mouse; −1: none."""

    def __init__(self, name: str = "pictureGrid", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.choosing = False
        """Whether a click means something here: the cell under the mouse is framed then."""
        self.marks: dict[int, str] = {}
        """Cell to the letter that it is marked with."""
        self._cells: list[list[QImage]] = []
        self._size = (1, 1)
        self._hovered = self._current = -1
        theme().changed.connect(self.update)

    # ---- what is shown ----

    def show_pictures(self, stack: Sequence[NDArray[np.uint8] | Sequence[QImage]]) -> None:
        """Each of `stack` holds the N pictures (N, C, H, W) of one height in the cells, the uppermost first; none: empty."""
        layers = [[montage.image(p) if isinstance(p, np.ndarray) else p for p in layer] for layer in stack]
        self._cells = [list(cell) for cell in zip(*layers, strict=False)]
        if self._cells:
            first = self._cells[0][0]
            self._size = (first.width(), first.height())
        self._current = min(self._current, len(self._cells) - 1)
        self.update()

    @property
    def count(self) -> int:
        """Cells that are there; `shown` of them have room."""
        return len(self._cells)

    @property
    def shown(self) -> int:
        return min(self.count, self._capacity())

    def mark(self, marks: dict[int, str]) -> None:
        if marks != self.marks:
            self.marks = marks
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(40 * UNIT, 40 * UNIT)

    def minimumSizeHint(self) -> QSize:
        return QSize(15 * UNIT, 12 * UNIT)

    # ---- where cells lie ----

    def _deep(self) -> int:
        return len(self._cells[0]) if self._cells else 1

    def _capacity(self) -> int:
        """How many cells have room with pictures that are not too small."""
        width, height = self._size
        scale = max(_SMALLEST / max(width, height), 1 / self.devicePixelRatioF())
        across = max(1, int((self.width() + GUTTER) // (width * scale + GUTTER)))
        down = max(1, int((self.height() + GUTTER) // (self._deep() * (height * scale + 2) + GUTTER)))
        return across * down

    def _layout(self) -> tuple[int, float]:
        """(columns, enlargement): those with which the pictures are largest."""
        count, (width, height), deep = self.shown, self._size, self._deep()
        ratio = self.devicePixelRatioF()
        best = (1, 0.0)
        for columns in range(1, count + 1):
            rows = -(-count // columns)
            across = (self.width() - (columns - 1) * GUTTER) / (columns * width)
            down = (self.height() - (rows - 1) * GUTTER - rows * (deep - 1) * 2) / (rows * deep * height)
            scale = max(min(across, down), 0.05) * ratio
            scale = (math.floor(scale) if scale >= 1 else scale) / ratio
            if scale > best[1]:
                best = (columns, scale)
        return best

    def cell_rect(self, number: int) -> QRectF:
        """Where a cell lies."""
        columns, scale = self._layout()
        width, height = self._size[0] * scale, self._deep() * self._size[1] * scale + 2 * (self._deep() - 1)
        rows = -(-self.shown // columns)
        left = (self.width() - columns * (width + GUTTER) + GUTTER) / 2
        top = (self.height() - rows * (height + GUTTER) + GUTTER) / 2
        row, column = divmod(number, columns)
        return QRectF(round(left) + column * (width + GUTTER), round(top) + row * (height + GUTTER), width, height)

    def cell_at(self, place: QPointF) -> int:
        """The cell there, or −1."""
        return next((i for i in range(self.shown) if self.cell_rect(i).contains(place)), -1)

    # ---- drawing ----

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for number in range(self.shown):
            cell = self.cell_rect(number)
            deep = len(self._cells[number])
            height = (cell.height() - 2 * (deep - 1)) / deep
            for row, picture in enumerate(self._cells[number]):
                place = QRectF(cell.left(), cell.top() + row * (height + 2), cell.width(), height)
                painter.drawImage(place, picture)
            self._paint_frame(painter, number, cell)
        painter.end()

    def _paint_frame(self, painter: QPainter, number: int, cell: QRectF) -> None:
        marked = self.marks.get(number, "")
        lit = self.choosing and (number == self._hovered or (number == self._current and self.hasFocus()))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if marked or lit:
            painter.setPen(QPen(theme().color("accent", 1.0 if marked else 0.6), 2))
            painter.drawRect(cell.adjusted(-1, -1, 1, 1))
        else:
            painter.setPen(QPen(theme().color("border"), 1))
            painter.drawRect(cell.adjusted(-0.5, -0.5, 0.5, 0.5))
        if marked:
            font = QFont(self.font())
            font.setBold(True)
            painter.setFont(font)
            metrics = QFontMetricsF(font)
            box = QRectF(cell.left(), cell.top(), metrics.horizontalAdvance(marked) + UNIT, metrics.height())
            painter.fillRect(box, theme().color("accent"))
            painter.setPen(theme().color("accent_text"))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), marked)

    # ---- mouse and keys ----

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.cell_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and cell >= 0:
            self._current = cell
            self.clicked.emit(cell)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns = self._layout()[0]
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -columns, Qt.Key.Key_Down: columns}
        if event.key() in steps and self.shown:
            self._current = min(max(self._current + steps[Qt.Key(event.key())], 0), self.shown - 1)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._current >= 0:
            self.clicked.emit(self._current)
        else:
            super().keyPressEvent(event)

    def _hover(self, cell: int) -> None:
        if cell != self._hovered:
            self._hovered = cell
            self.hovered.emit(cell)
            self.update()
