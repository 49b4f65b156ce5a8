"""The target on the stage, which is the canvas as well: what is to be learnt, and the brush that changes it.

A stroke is seen at once, from the cells in this process; the document gets it ten times a second while it is made, so that
the engine learns what is being painted, and keeps it as one undo step. Painting on a named density or a cloud of points
starts a drawn density from it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QGraphicsEllipseItem, QWidget

from ..engine.messages import TargetInfo
from ..pipeline import CANVAS, DrawnTarget, Project
from . import painting, pictures
from .canvas_cursor import ARROWS, CanvasCursor
from .canvas_picture import TargetPicture
from .canvas_words import stroke_name
from .document import Document
from .painting import LEAST_INK, SIZES, Brush, Cells, Stroke, Tool
from .painting_text import text_stamp
from .theme import theme

FIRST_PUSH, PUSH = 20, 100
"""Milliseconds until the document gets a stroke that was begun, and between two states of it."""
REST = 40
"""Milliseconds between two puffs of a spray that rests."""
_ELSEWHERE = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
"""Ways for the keyboard to come that are no wish to paint with it."""


class TargetCanvas(TargetPicture):
    """Shows the target and paints on it with the left button; the other buttons move the view, Ctrl+click pins a point."""

    tools_changed = Signal()
    """Another tool or brush was chosen, or the target is one of another kind."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(document, parent)
        self.setObjectName("targetCanvas")
        self.tool: Tool = "brush"
        self.brush = Brush()
        self.text = "flow"
        self._stroke: Stroke | None = None
        self._before: Cells | None = None
        self._pushed: DrawnTarget | None = None
        self._numbers = count(1)
        self._key = ""
        self._last_point = QPointF()
        self._push_timer = self._timer(PUSH, self._push, once=True)
        self._rest_timer = self._timer(REST, self._rest, once=False)

        self.rings = (QGraphicsEllipseItem(), QGraphicsEllipseItem())
        for depth, ring in enumerate(self.rings):
            ring.setZValue(60 + depth)
            ring.hide()
            self.view.addItem(ring, ignoreBounds=True)
        self.cursor = CanvasCursor(self)
        document.changed.connect(self._document_changed)
        self._take_target()
        self.recolor()

    def recolor(self) -> None:
        super().recolor()
        if hasattr(self, "rings"):
            self.rings[0].setPen(pg.mkPen(theme().color("plot"), width=3))
            self.rings[1].setPen(pg.mkPen(theme().color("text"), width=1))

    def set_target_info(self, info: TargetInfo | None) -> None:
        before = self._kind()
        super().set_target_info(info)
        if self._kind() != before:
            self.tools_changed.emit()

    def _kind(self) -> tuple[object, ...]:
        """What decides on what can be done with the target."""
        return self.paintable, self._density is None, self._info.event_shape if self._info is not None else ()

    # ---- tools ----

    def choose_tool(self, tool: Tool) -> None:
        """This tool paints from now on; a stroke that is being made ends here."""
        if self._stroke is not None:
            self.finish_stroke()
        self.tool = tool
        self.cursor.describe()
        self.tools_changed.emit()

    def resize_brush(self, factor: float) -> None:
        low, high = SIZES
        self._take_brush(size=min(max(self.brush.size * factor, low), high))

    def soften_brush(self, by: float) -> None:
        self._take_brush(softness=min(max(round(self.brush.softness + by, 2), 0.0), 1.0))

    def ink_brush(self, by: float) -> None:
        self._take_brush(strength=min(max(round(self.brush.strength + by, 2), LEAST_INK), 1.0))

    def _take_brush(self, **fields: float) -> None:
        self.brush = replace(self.brush, **fields)
        if self.cursor.shown:
            self.show_ring(self.cursor.place)
        self.tools_changed.emit()

    def pin(self) -> None:
        """Pins the point at the cursor, as Ctrl+click does the one at the mouse."""
        self.clicked.emit(self.cursor.place.x(), self.cursor.place.y())

    # ---- strokes ----

    @property
    def painting(self) -> bool:
        return self._stroke is not None

    def clear(self) -> None:
        """A blank canvas, where the drawing lies or in the usual place."""
        self.cancel_stroke()
        target = self._document.project.target
        box = target.box if isinstance(target, DrawnTarget) else pictures.DEFAULT_BOX
        self._replace(DrawnTarget.from_array(painting.blank(), box=box), self.tr("Clear the canvas"), "")

    def invert(self) -> None:
        """Full where it was empty, empty where it was full."""
        self.cancel_stroke()
        if self.paintable:
            cells, box = self.start_cells()
            self._replace(DrawnTarget.from_array(painting.invert(cells), box=box), self.tr("Invert the canvas"), "")

    def cancel_stroke(self) -> None:
        """Takes back the stroke that is being made, as though it had not been begun."""
        if self._stroke is None:
            return
        pushed = self._pushed
        self._end()
        if pushed is not None and self._document.project.target == pushed:
            stack = self._document.undo_stack
            step = stack.command(stack.index() - 1)
            step.undo()
            step.setObsolete(True)  # the stack only drops it now, and redo does not bring it back
            stack.undo()
        else:
            self._take_target()

    def begin_stroke(self, point: QPointF) -> None:
        """Puts the tool down."""
        self._before, self._box = self.start_cells()
        stamp = text_stamp(self.text, self.brush) if self.tool == "text" else None
        x, y = self._to_cells(point)
        number = next(self._numbers)
        self._key = f"stroke {number}"
        self._stroke = Stroke(self._before, self.tool, self.brush, x, y, seed=number, stamp=stamp)
        self._pushed = None
        self._last_point = point
        self._show_stroke()
        if self.tool == "spray":
            self._rest_timer.start()

    def move_stroke(self, point: QPointF, *, constrain: bool = False) -> None:
        """The tool is here now. `constrain`: level, upright, a circle."""
        if self._stroke is not None:
            self._last_point = point
            self._stroke.move(*self._to_cells(point), constrain=constrain)
            self._show_stroke()

    def _rest(self) -> None:
        if self._stroke is not None:
            self._stroke.rest()
            self._show_stroke()

    def _show_stroke(self) -> None:
        assert self._stroke is not None
        self._show_cells(self._stroke.cells(), self._box)
        if not self._push_timer.isActive():
            self._push_timer.start(FIRST_PUSH if self._pushed is None else PUSH)

    def _push(self) -> None:
        """The document gets the stroke as it is now; all states of one stroke are one undo step."""
        if self._stroke is not None:
            target = self._document.project.target
            source = target.source if isinstance(target, DrawnTarget) else ""
            self._pushed = DrawnTarget.from_array(self._stroke.cells(), box=self._box, source=source)
            self._replace(self._pushed, stroke_name(self._stroke.tool), self._key)

    def finish_stroke(self) -> None:
        """Puts the tool up: the stroke is an undo step."""
        self._push()
        self._end()
        self._take_target()

    def _end(self) -> None:
        self._stroke = None
        self._before = None
        self._pushed = None
        self._push_timer.stop()
        self._rest_timer.stop()
        self.cursor.lifted()

    def _replace(self, target: DrawnTarget, text: str, key: str) -> None:
        self._document.replace_target(target, text, key)

    def _document_changed(self, old: Project, new: Project) -> None:
        if old.target == new.target:
            return
        if self._stroke is not None:
            if new.target is self._pushed or new.target == self._pushed:
                return
            self._end()  # undone, or replaced from elsewhere, in mid-stroke: the document is the truth
        if not isinstance(new.target, DrawnTarget):
            self._info = None
        self._take_target()

    # ---- mouse and keys ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        left = event.button() == Qt.MouseButton.LeftButton
        if self._stroke is not None:
            event.accept()
        elif left and self.paintable and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            point = self.to_data(event.position())
            self.cursor.follow(point)
            self.begin_stroke(point)
            self.show_ring(point)
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.cursor.down:
            event.accept()
            return
        point = self.to_data(event.position())
        self.cursor.follow(point)
        self.show_ring(point)
        if self._stroke is None:
            super().mouseMoveEvent(event)
            return
        constrain = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.move_stroke(point, constrain=constrain)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._stroke is None:
            super().mouseReleaseEvent(event)
        elif event.button() == Qt.MouseButton.LeftButton and not self.cursor.down:
            self.finish_stroke()
            event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        if not self.cursor.shown:
            self.hide_ring()
            super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.paintable and event.reason() not in _ELSEWHERE:
            self.cursor.show()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _ELSEWHERE[1:]:
            self.cursor.leave()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._stroke is not None:
            self.cancel_stroke()
            event.accept()
        elif event.key() == Qt.Key.Key_Shift and self._stroke is not None and not self.cursor.down:
            self.move_stroke(self._last_point, constrain=True)
            event.accept()
        elif self.cursor.press(event):
            event.accept()
        elif event.key() in ARROWS and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._keys()[event.key()]()  # the bare arrows are the cursor's; with Ctrl they move the view
            event.accept()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Shift and self._stroke is not None and not self.cursor.down:
            self.move_stroke(self._last_point)
            event.accept()
        else:
            super().keyReleaseEvent(event)

    def _keys(self) -> dict[int, Callable[[], None]]:
        return super()._keys() | {
            Qt.Key.Key_BracketLeft: lambda: self.resize_brush(1 / 1.25),
            Qt.Key.Key_BracketRight: lambda: self.resize_brush(1.25),
        }

    def show_ring(self, middle: QPointF) -> None:
        """The brush's outline around a point, as large as what it will paint."""
        x0, x1, y0, y1 = self.visible_box()
        shown = self.paintable and x0 <= middle.x() <= x1 and y0 <= middle.y() <= y1
        left, right, bottom, top = self.paper
        x = self.brush.size / CANVAS * (right - left)
        y = self.brush.size / CANVAS * (top - bottom)
        for ring in self.rings:
            ring.setRect(middle.x() - x / 2, middle.y() - y / 2, x, y)
            ring.setVisible(shown)

    def hide_ring(self) -> None:
        for ring in self.rings:
            ring.hide()

    def look_at(self, point: QPointF) -> None:
        """Moves the view, as little as need be, so that the point is seen."""
        x0, x1, y0, y1 = self.visible_box()
        across = min(0.0, point.x() - x0) + max(0.0, point.x() - x1)
        up = min(0.0, point.y() - y0) + max(0.0, point.y() - y1)
        if across or up:
            self.fitted = False
            self.view.translateBy(x=across, y=up)
            self.moved.emit()

    def _timer(self, interval: int, slot: Callable[[], None], *, once: bool) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval)
        timer.setSingleShot(once)
        timer.timeout.connect(slot)
        return timer
