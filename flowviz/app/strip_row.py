"""The row of tiles: data, layers, base, in the order in which they are shown; what the mouse and the keys do there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QScrollArea, QWidget

from ..engine.messages import BASE, DATA, PREPROCESSING
from ..pipeline import SpecError
from .document import Document
from .layering import LayerCommands
from .strip_empty import EmptyPipeline
from .strip_gestures import TILE_MIME, Insertion, Press, drag
from .strip_keys import run_key
from .theme import UNIT, theme
from .tile import PADDING, TileView
from .tile_rendering import Look

GAP = 2 * UNIT
EDGE = 6 * UNIT
"""Pixels at the ends of the visible part where a dragged thing makes the row scroll."""


class TileRow(QWidget):
    """Lives in the scroll area that it is given. `menu(uid, place)` asks for a context menu."""

    complained = Signal(object)
    """SpecError: why something could not be done."""
    menu = Signal(str, object)

    def __init__(self, document: Document, look: Look, area: QScrollArea) -> None:
        super().__init__()
        self._document, self._area = document, area
        self.look = look
        self.tiles: dict[str, TileView] = {}
        self.order: list[str] = []
        """uids from left to right."""
        self.commands = LayerCommands(document, self.complained.emit, self)
        self.empty = EmptyPipeline(self)
        self.empty.wanted.connect(lambda: self.commands.insert("affine_coupling"))
        self._side = 112
        self._gap: int | None = None
        self._press: Press | None = None
        self._insertion: Insertion | None = None
        self._drag_place = QPoint()
        self._scroller = QTimer(self)
        self._scroller.setInterval(16)
        self._scroller.timeout.connect(self._scroll_at_edge)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Pipeline"))

    # ---- what stands in it ----

    def arrange(self, order: list[str], make: Callable[[str], TileView]) -> None:
        """Shows the tiles with these uids from left to right: those that are there already, and new ones from `make`."""
        for uid in [uid for uid in self.tiles if uid not in order]:
            gone = self.tiles.pop(uid)
            gone.hide()
            gone.deleteLater()
        for uid in order:
            if uid not in self.tiles:
                self.tiles[uid] = make(uid)
                self.tiles[uid].show()
        self.order = order
        self._place()

    def set_side(self, side: int) -> None:
        """The side of the pictures, in pixels."""
        self._side = side
        self._place()

    def side_for(self, width: int) -> int:
        """The side of pictures with which all tiles fit into this width."""
        return (width - GAP) // max(len(self.order), 1) - GAP - 2 * PADDING

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().height() != event.oldSize().height():
            self._place()

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._place()

    def _place(self) -> None:
        layers = self._document.project.pipeline.layers
        self.empty.setVisible(not layers and bool(self.order))
        self.empty.set_possible(not self._document.project.pipeline.base.needs_levels)
        height = TileView.height_for(self._side, self.font())
        x, top = GAP, max(UNIT // 2, (self.height() - height) // 2)
        for number, uid in enumerate(self.order):
            tile = self.tiles[uid]
            tile.set_side(self._side)
            tile.move(x, top)
            x += tile.width() + GAP
            following = self.order[number + 1] if number + 1 < len(self.order) else ""
            if not layers and BASE in (uid, following) and following:
                self.empty.setGeometry(x, top, max(self.empty.sizeHint().width(), 2 * self._side), height)
                x += self.empty.width() + GAP
        self.setMinimumSize(x, height + UNIT)
        self.update()

    # ---- gaps ----

    def gap_at(self, x: int) -> int:
        """The gap of the pipeline nearest to a place: 0 next to the data, K next to the base."""
        turned = self._document.project.view.turned
        middles = [self.tiles[layer.uid].geometry().center().x() for layer in self._document.project.pipeline.layers]
        return sum((x < middle) if turned else (x > middle) for middle in middles)

    def gap_x(self, gap: int) -> int:
        """Where the middle of a gap lies."""
        layers = self._document.project.pipeline.layers
        data_side = layers[gap - 1].uid if gap else PREPROCESSING if PREPROCESSING in self.tiles else DATA
        base_side = layers[gap].uid if gap < len(layers) else BASE
        a, b = sorted((self.tiles[data_side].geometry(), self.tiles[base_side].geometry()), key=QRect.left)
        return (a.right() + b.left()) // 2

    def show_gap(self, gap: int | None) -> None:
        if gap != self._gap:
            self._gap = gap
            self.empty.set_lit(gap is not None)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().color("muted"), 1.5))
        anew = event.region()
        for left, right in zip(self.order, self.order[1:], strict=False):
            a, b = self.tiles[left].geometry(), self.tiles[right].geometry()
            between = QRect(a.right() + 1, a.top(), b.left() - a.right() - 1, a.height())
            if b.left() - a.right() <= GAP + 1 and anew.intersects(between):
                _arrow(painter, QPointF((a.right() + b.left() + 1) / 2, a.top() + 6 + self._side / 2))
        if self._gap is not None and not self.empty.isVisible():
            x = self.gap_x(self._gap)
            tile = self.tiles[DATA].geometry()
            painter.setPen(QPen(theme().color("accent"), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(x, tile.top() + 2, x, tile.bottom() - 2)
        painter.end()

    # ---- mouse ----

    def uid_at(self, place: QPoint) -> str:
        """The uid of the tile there, or an empty text."""
        child = self.childAt(place)
        while child is not None and child is not self:
            if isinstance(child, TileView):
                return child.uid
            child = child.parentWidget()
        return ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        uid = self.uid_at(event.position().toPoint())
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._document.look(selected=uid)
        if self._document.project.pipeline.index(uid) is not None:
            grip = self.tiles[uid].mapFromParent(event.position().toPoint())
            self._press = Press(event.position().toPoint(), lambda: self._drag_tile(uid, grip))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is not None and self._press.move(event.position().toPoint()):
            self._press = None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._press = None

    def _drag_tile(self, uid: str, grip: QPoint) -> None:
        drag(self.tiles[uid], TILE_MIME, uid, grip, Qt.DropAction.MoveAction | Qt.DropAction.CopyAction)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            uid = self.uid_at(event.pos())
            if uid:
                self._document.look(selected=uid)
            self.menu.emit(uid, event.globalPos())
        else:
            uid = self._document.project.view.selected
            tile = self.tiles.get(uid, self)
            self.menu.emit(uid, tile.mapToGlobal(tile.rect().center()))

    # ---- things dragged over it ----

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._insertion = Insertion.of(event.mimeData(), self, self._document)
        if self._insertion is None:
            event.ignore()
        else:
            self._drag_over(event)
            self._scroller.start()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if self._insertion is not None:
            self._drag_over(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drag_over_is_over()

    def dropEvent(self, event: QDropEvent) -> None:
        insertion = self._insertion
        if insertion is None:
            return
        self._drag_over(event)
        self._insertion = None
        self._scroller.stop()
        try:
            insertion.end()
        except SpecError as error:
            self.complained.emit(error)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drag_over(self, event: QDropEvent) -> None:
        assert self._insertion is not None
        place = event.position().toPoint()
        self._drag_place = self.mapTo(self._area.viewport(), place)
        self._insertion.move(place.x(), copy=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        event.setDropAction(self._insertion.action)
        event.accept()

    def _drag_over_is_over(self) -> None:
        self._scroller.stop()
        if self._insertion is not None:
            self._insertion.cancel()
            self._insertion = None

    def _scroll_at_edge(self) -> None:
        bar, width = self._area.horizontalScrollBar(), self._area.viewport().width()
        x = self._drag_place.x()
        inwards = min(x - EDGE, 0) + max(x - (width - EDGE), 0)
        if self._insertion is not None and inwards:
            bar.setValue(bar.value() + round(inwards / 3))
            self._insertion.move(self.mapFrom(self._area.viewport(), self._drag_place).x())

    # ---- keys ----

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and (self._press is not None or self._insertion is not None):
            if self._press is not None:
                self._press.cancel()
            self._drag_over_is_over()
        elif not run_key(event, self.commands, self._document, self.order):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed()

    def focus_changed(self) -> None:
        """Shows which tile is selected, and whether the keys go there."""
        view = self._document.project.view
        bypassed = {layer.uid for layer in self._document.project.pipeline.layers if layer.bypass}
        for uid, tile in self.tiles.items():
            selected = uid == view.selected
            tile.set_state(selected=selected, bypassed=uid in bypassed, focused=selected and self.hasFocus())


def _arrow(painter: QPainter, middle: QPointF) -> None:
    painter.drawLine(middle - QPointF(4, 0), middle + QPointF(4, 0))
    painter.drawPolyline(QPolygonF([middle + QPointF(1, -3), middle + QPointF(4, 0), middle + QPointF(1, 3)]))
