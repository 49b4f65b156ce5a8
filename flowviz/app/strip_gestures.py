"""What the mouse does on the strip, as objects that start, move, and end or are cancelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDrag, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from ..pipeline import LAYERS, MAX_LAYERS
from . import edits
from .document import Document

LAYER_MIME = "application/x-flowviz-layer"
"""A card of the palette: the layer's kind, utf-8."""
TILE_MIME = "application/x-flowviz-tile"
"""A tile of the strip: the layer's uid, utf-8."""


class Gaps(Protocol):
    """Where layers can go, as the strip is shown."""

    def gap_at(self, x: int) -> int: ...
    def show_gap(self, gap: int | None) -> None: ...


class Insertion:
    """A card or a tile over the strip: a line shows the gap that it would go into, and letting go puts it there."""

    def __init__(self, gaps: Gaps, document: Document, *, kind: str = "", uid: str = "") -> None:
        self._gaps, self._document = gaps, document
        self._kind, self._uid = kind, uid
        self._gap: int | None = None
        self._copy = False

    @classmethod
    def of(cls, mime: QMimeData, gaps: Gaps, document: Document) -> Insertion | None:
        """The gesture for what is being dragged; None when it is nothing for the strip."""
        if mime.hasFormat(LAYER_MIME):
            kind = mime.data(LAYER_MIME).toStdString()
            return cls(gaps, document, kind=kind) if kind in LAYERS else None
        if mime.hasFormat(TILE_MIME):
            uid = mime.data(TILE_MIME).toStdString()
            return cls(gaps, document, uid=uid) if document.project.pipeline.index(uid) is not None else None
        return None

    @property
    def action(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction if self._moves else Qt.DropAction.CopyAction

    def move(self, x: int, *, copy: bool = False) -> None:
        self._copy = copy
        self._gap = self._gaps.gap_at(x)
        pipeline = self._document.project.pipeline
        if self._moves:  # no line where the tile would stay where it is
            possible = edits.move(pipeline, self._uid, self._gap) is not None
        else:
            possible = len(pipeline.layers) < MAX_LAYERS
        self._gaps.show_gap(self._gap if possible else None)

    def end(self) -> bool:
        """Makes the edit; True when there was one. Raises SpecError when the pipeline would be too long."""
        self._gaps.show_gap(None)
        pipeline = self._document.project.pipeline
        if self._gap is None:
            return False
        if self._moves:
            return edits.apply(self._document, edits.move(pipeline, self._uid, self._gap))
        index = pipeline.index(self._uid)
        what = self._kind if index is None else (pipeline.layers[index],)
        return edits.apply(self._document, edits.insert(pipeline, what, self._gap, self._document.event_shape))

    def cancel(self) -> None:
        self._gaps.show_gap(None)

    @property
    def _moves(self) -> bool:
        return bool(self._uid) and not self._copy


class Press:
    """The mouse button is down on a tile or a card: once it has moved far enough, the thing is dragged."""

    def __init__(self, start: QPoint, drag: Callable[[], None]) -> None:
        self._start, self._drag = start, drag
        self._cancelled = False

    def move(self, at: QPoint) -> bool:
        """True once the drag has begun (and is over already): the gesture is at its end."""
        if self._cancelled or (at - self._start).manhattanLength() < QApplication.startDragDistance():
            return False
        self._drag()
        return True

    def cancel(self) -> None:
        self._cancelled = True


def drag(source: QWidget, mime: str, data: str, grip: QPoint, actions: Qt.DropAction) -> Qt.DropAction:
    """Drags a picture of the widget about, until it is dropped or Escape is pressed."""
    carried = QMimeData()
    carried.setData(mime, data.encode())
    dragging = QDrag(source.parentWidget() or source)
    dragging.setMimeData(carried)
    dragging.setPixmap(ghost(source))
    dragging.setHotSpot(grip)
    return dragging.exec(actions, actions & Qt.DropAction.MoveAction or Qt.DropAction.CopyAction)


def ghost(source: QWidget) -> QPixmap:
    """The widget's picture, half transparent, so that the insertion line is seen through it."""
    solid = source.grab()
    ghost = QPixmap(solid.size())
    ghost.setDevicePixelRatio(solid.devicePixelRatio())
    ghost.fill(Qt.GlobalColor.transparent)
    painter = QPainter(ghost)
    painter.setOpacity(0.7)
    painter.drawPixmap(0, 0, solid)
    painter.end()
    return ghost
