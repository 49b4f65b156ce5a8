"""The target on the stage, which is the canvas as well: what is to be learnt, and the brush that changes it.

A stroke is seen at once, from the cells in this process; the document gets it ten times a second while it is made, so that
the engine learns what is being painted, and keeps it as one undo step. Painting on a named density or a cloud of points
starts a drawn density from it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import count

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QGraphicsEllipseItem, QGraphicsRectItem, QWidget

from ..engine.messages import TargetInfo
from ..pipeline import CANVAS, Box, DrawnTarget, Project
from . import painting, pictures
from .document import Document
from .painting import SIZES, Brush, Cells, Stroke, Tool
from .painting_text import text_stamp
from .pictures import Known
from .stage_plane import Plane
from .theme import theme

PUSH = 100
"""Milliseconds between two states of a stroke that the document gets."""
REST = 40
"""Milliseconds between two puffs of a spray that rests."""


class TargetCanvas(Plane):
    """Shows the target and paints on it with the left button; the other buttons move the view, Ctrl+click pins a point."""

    picture_changed = Signal()
    """The density that is shown is another now (in mid-stroke, too)."""
    brush_changed = Signal()
    """The brush was changed by a key."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("targetCanvas")
        self._document = document
        self._info: TargetInfo | None = None
        self.tool: Tool = "brush"
        self.brush = Brush()
        self.text = "flow"
        self._cells: Cells | None = None
        self._density: NDArray[np.float32] | None = None
        self._box: Box = pictures.DEFAULT_BOX
        self._top = 0.0
        self._levels: list[float] | None = None
        self._lines_of: NDArray[np.float32] | None = None
        self._stroke: Stroke | None = None
        self._before: Cells | None = None
        self._pushed: DrawnTarget | None = None
        self._numbers = count(1)
        self._key = ""
        self._last_point = QPointF()
        self._push_timer = self._timer(PUSH, self._push, once=True)
        self._rest_timer = self._timer(REST, self._rest, once=False)

        self.frame = QGraphicsRectItem()
        self.frame.setZValue(-1)
        self.view.addItem(self.frame, ignoreBounds=True)
        self.rings = (QGraphicsEllipseItem(), QGraphicsEllipseItem())
        for depth, ring in enumerate(self.rings):
            ring.setZValue(60 + depth)
            ring.hide()
            self.view.addItem(ring, ignoreBounds=True)
        self.image.smooth = False
        document.changed.connect(self._document_changed)
        self._take_target()
        self.recolor()

    # ---- what is shown ----

    @property
    def target_info(self) -> TargetInfo | None:
        """What the engine says of this target; None until it has."""
        return self._info

    def set_target_info(self, info: TargetInfo | None) -> None:
        """The engine's word on the target; a drawn one is shown from the document, which is never late."""
        self._info = info
        if self._stroke is None and not isinstance(self._document.project.target, DrawnTarget):
            self._take_target()

    @property
    def density(self) -> Known | None:
        """The exact density that is shown, per unit area; None where it is not known."""
        return None if self._density is None else Known(self._density, self._box, self._top)

    def exact_log_density(self, x: float, y: float) -> float | None:
        """log p of a drawing at a point, nats; −∞ where it is empty or ends. None where the target is no drawing."""
        if self._density is None or (self._cells is None and self._stroke is None):
            return None
        column, row = (math.floor(place) for place in self._to_cells(QPointF(x, y)))
        inside = 0 <= row < CANVAS and 0 <= column < CANVAS
        return math.log(self._density[row, column]) if inside and self._density[row, column] > 0 else -math.inf

    @property
    def levels(self) -> list[float]:
        """The densities of the level lines of both pictures; none where the target's density is not known."""
        if self._levels is None:
            self._levels = [] if self._density is None else pictures.mass_levels(self._density)
        return self._levels

    def show_levels(self, shown: bool) -> None:
        """Draws the level lines, or none."""
        if not shown or self._density is None:
            self.show_lines(None)
        elif self._lines_of is not self._density:
            with np.errstate(divide="ignore"):
                self.show_lines(pictures.density_lines(np.log(self._density), self._box, self.levels))
        self._lines_of = self._density if shown else None

    @property
    def paintable(self) -> bool:
        """Whether there is a plane to paint on: a drawing, or a target of two dimensions that the engine knows."""
        if isinstance(self._document.project.target, DrawnTarget):
            return True
        return self._info is not None and self._info.event_shape == (2,)

    @property
    def blank(self) -> bool:
        """Whether it is a drawing with nothing on it."""
        return self._cells is not None and not self._cells.any()

    def _take_target(self) -> None:
        """Shows the document's target anew."""
        target, info = self._document.project.target, self._info
        if isinstance(target, DrawnTarget):
            try:
                self._cells = painting.from_weights(target.array())
            except ValueError:  # the engine refuses it in words; there is nothing to show
                self._cells = painting.blank()
            self._show_cells(self._cells, target.box)
            return
        self._cells = None
        if info is None:
            return  # the old picture stays until the new one is there
        picture = info.density if info.event_shape == (2,) else None
        self._density = pictures.density(picture) if picture is not None else None
        self._box = picture.box if picture is not None else info.box
        self.frame.setVisible(False)
        self.set_data_box(self._box)
        self._redraw()

    def _show_cells(self, cells: Cells, box: Box) -> None:
        self._box = box
        self._density = pictures.drawn_density(cells, box)
        self.frame.setRect(QRectF(box[0], box[2], box[1] - box[0], box[3] - box[2]))
        self.frame.setVisible(True)
        self.set_data_box(box)
        self._redraw()

    def _redraw(self) -> None:
        drawn = self._cells is not None or self._stroke is not None
        self._top = 0.0
        self._levels = None
        if self._density is not None:
            self._top = float(self._density.max()) if drawn else pictures.peak(self._density)
        self.image.smooth = not drawn
        self.show_image(self._density, self._box, theme().density_table(), 0.0, self._top)
        self.picture_changed.emit()

    def recolor(self) -> None:
        super().recolor()
        if hasattr(self, "rings"):
            self.frame.setPen(pg.mkPen(theme().color("muted"), width=1, style=Qt.PenStyle.DashLine))
            self.rings[0].setPen(pg.mkPen(theme().color("plot"), width=3))
            self.rings[1].setPen(pg.mkPen(theme().color("text"), width=1))
            self._redraw()

    # ---- strokes ----

    @property
    def painting(self) -> bool:
        return self._stroke is not None

    def start_cells(self) -> tuple[Cells, Box]:
        """What a stroke starts from: the drawing, or the target's density or points as one."""
        if self._cells is not None:
            return self._cells, self._box
        box = pictures.drawing_box(self._document.project.target, self._box)
        if self._density is not None:
            return painting.from_density(self._density, self._box, box), box
        if self._info is not None and self._info.points is not None:
            return painting.from_points(self._info.points.numpy(), box), box
        return painting.blank(), box

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

    def _begin(self, point: QPointF) -> None:
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

    def _move(self, point: QPointF, constrain: bool) -> None:
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
            self._push_timer.start()

    def _push(self) -> None:
        """The document gets the stroke as it is now; all states of one stroke are one undo step."""
        if self._stroke is not None:
            target = self._document.project.target
            source = target.source if isinstance(target, DrawnTarget) else ""
            self._pushed = DrawnTarget.from_array(self._stroke.cells(), box=self._box, source=source)
            self._replace(self._pushed, self._stroke_text(), self._key)

    def _finish(self) -> None:
        self._push()
        self._end()
        self._take_target()

    def _end(self) -> None:
        self._stroke = None
        self._before = None
        self._pushed = None
        self._push_timer.stop()
        self._rest_timer.stop()

    def _replace(self, target: DrawnTarget, text: str, key: str) -> None:
        self._document.replace_target(target, text, key)

    def _stroke_text(self) -> str:
        texts: dict[Tool, str] = {
            "brush": self.tr("Brush stroke"),
            "spray": self.tr("Spray"),
            "eraser": self.tr("Erase"),
            "line": self.tr("Line"),
            "ellipse": self.tr("Ellipse"),
            "disc": self.tr("Filled ellipse"),
            "text": self.tr("Text"),
        }
        return texts[self.tool]

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
            self._begin(self.to_data(event.position()))
            self._place_ring(event.position())
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._place_ring(event.position())
        if self._stroke is None:
            super().mouseMoveEvent(event)
            return
        constrain = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._move(self.to_data(event.position()), constrain)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._stroke is None:
            super().mouseReleaseEvent(event)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._finish()
            event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        for ring in self.rings:
            ring.hide()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._stroke is not None:
            self.cancel_stroke()
            event.accept()
        elif event.key() == Qt.Key.Key_Shift and self._stroke is not None:
            self._move(self._last_point, True)
            event.accept()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Shift and self._stroke is not None:
            self._move(self._last_point, False)
            event.accept()
        else:
            super().keyReleaseEvent(event)

    def _keys(self) -> dict[int, Callable[[], None]]:
        return super()._keys() | {
            Qt.Key.Key_BracketLeft: lambda: self._resize_brush(1 / 1.25),
            Qt.Key.Key_BracketRight: lambda: self._resize_brush(1.25),
        }

    def _resize_brush(self, factor: float) -> None:
        low, high = SIZES
        size = min(max(self.brush.size * factor, low), high)
        self.brush = Brush(size=size, softness=self.brush.softness, strength=self.brush.strength)
        self.brush_changed.emit()

    def _to_cells(self, point: QPointF) -> tuple[float, float]:
        x0, x1, y0, y1 = self._box
        return (point.x() - x0) / (x1 - x0) * CANVAS, (point.y() - y0) / (y1 - y0) * CANVAS

    def _place_ring(self, position: QPointF) -> None:
        """The brush's outline around the mouse, as large as what it will paint."""
        box = self._box if self._cells is not None or self._stroke is not None else pictures.squared(self._box)
        middle = self.to_data(position)
        shown = self.paintable and self.view.sceneBoundingRect().contains(self.mapToScene(position.toPoint()))
        x = self.brush.size / CANVAS * (box[1] - box[0])
        y = self.brush.size / CANVAS * (box[3] - box[2])
        for ring in self.rings:
            ring.setRect(middle.x() - x / 2, middle.y() - y / 2, x, y)
            ring.setVisible(shown)

    def _timer(self, interval: int, slot: Callable[[], None], *, once: bool) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval)
        timer.setSingleShot(once)
        timer.timeout.connect(slot)
        return timer
