"""A plane in data units with a picture, points and lines on it: what the stage's panels show, with one way to move in it.

The wheel zooms around the mouse, dragging moves, a click is told; keys: + and - zoom, arrows move, 0 fits.
(pyqtgraph's own mouse handling waits before it tells a click from a drag; painting cannot wait.)
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QGraphicsView, QStyleOptionGraphicsItem, QWidget

from ..pipeline import Box
from .pictures import similar_units
from .stage_items import Cloud
from .theme import theme

ZOOM = 1.2
"""Factor of one notch of the wheel."""
_CLICK = 4
"""Pixels that a click may wander."""
LEFT_AXIS, BOTTOM_AXIS = 38, 20


class SmoothImage(pg.ImageItem):  # type: ignore[misc]
    """An image of row 0 at the smallest y; `smooth` blends between its cells when it is enlarged."""

    def __init__(self, *, smooth: bool = True) -> None:
        super().__init__(axisOrder="row-major")
        self.smooth = smooth

    def paint(self, painter: QPainter, *args: object) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.smooth)
        super().paint(painter, *args)


class Marker(pg.GraphicsObject):  # type: ignore[misc]
    """The probed point: a ring of one size on the screen; filled while it is pinned."""

    RADIUS = 6

    def __init__(self) -> None:
        super().__init__()
        self.filled = False
        self.setFlag(self.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setZValue(50)
        self.hide()
        theme().changed.connect(self.update)

    def show_at(self, x: float, y: float, *, filled: bool) -> None:
        self.filled = filled
        self.setPos(x, y)
        self.show()
        self.update()

    def boundingRect(self) -> QRectF:
        r = self.RADIUS + 3
        return QRectF(-r, -r, 2 * r, 2 * r)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QRectF(-self.RADIUS, -self.RADIUS, 2 * self.RADIUS, 2 * self.RADIUS)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pg.mkPen(theme().color("plot"), width=4))
        painter.drawEllipse(ring)
        painter.setPen(pg.mkPen(theme().color("warning"), width=2))
        if self.filled:
            painter.setBrush(theme().color("warning", 0.5))
        painter.drawEllipse(ring)
        painter.drawPoint(QPointF(0, 0))


class Chart(pg.GraphicsView):  # type: ignore[misc]
    """A view in data units with ticks at its left and its lower side, in the theme's colours; it handles no mouse."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)
        layout = pg.GraphicsLayout(border=None)
        layout.setContentsMargins(0, 4, 6, 0)
        layout.setSpacing(0)
        self.view = pg.ViewBox(enableMenu=False, enableMouse=False)
        self.view.disableAutoRange()
        self.bottom_axis, self.left_axis = pg.AxisItem("bottom"), pg.AxisItem("left")
        layout.addItem(self.left_axis, 0, 0)
        layout.addItem(self.view, 0, 1)
        layout.addItem(self.bottom_axis, 1, 1)
        self.setCentralItem(layout)
        for axis in (self.left_axis, self.bottom_axis):
            axis.linkToView(self.view)
            axis.enableAutoSIPrefix(False)
            axis.setStyle(tickLength=-4, tickTextOffset=4, autoExpandTextSpace=False)
        self.left_axis.setWidth(LEFT_AXIS)
        self.bottom_axis.setHeight(BOTTOM_AXIS)
        theme().changed.connect(self.recolor)

    def recolor(self) -> None:
        """Takes the theme's colours."""
        colors = theme().colors
        self.setBackground(QColor(colors.surface))
        self.view.setBackgroundColor(colors.plot)
        self.view.setBorder(pg.mkPen(colors.border))
        self.tick_font = font = QFont(self.font())
        font.setPointSizeF(max(7.0, font.pointSizeF() * 0.85))
        for axis in (self.left_axis, self.bottom_axis):
            axis.setPen(pg.mkPen(colors.border))
            axis.setTextPen(pg.mkPen(colors.muted))
            axis.setTickFont(font)

    def close(self) -> bool:
        """Closes it as any widget (pyqtgraph's own would empty the scene under items that are still held, and crash)."""
        return QGraphicsView.close(self)

    def to_data(self, position: QPointF) -> QPointF:
        """From a position in this widget to data units."""
        whole = position.toPoint()
        rest = position - whole.toPointF()
        return QPointF(self.view.mapSceneToView(self.mapToScene(whole) + rest))

    def to_widget(self, x: float, y: float) -> QPointF:
        """From data units to a position in this widget."""
        return QPointF(self.mapFromScene(self.view.mapViewToScene(QPointF(x, y))))


class Plane(Chart):
    """An image, level lines, dots and a marker over a box in data units, with ticks."""

    hovered = Signal(float, float)
    """The mouse is over this point (data units)."""
    left = Signal()
    """The mouse has gone."""
    clicked = Signal(float, float)
    moved = Signal()
    """The user has moved or zoomed the view, or fitted it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(120, 100)
        self.data_box: Box = (-4.0, 4.0, -4.0, 4.0)
        self.fitted = True
        self.pan_buttons = Qt.MouseButton.LeftButton | Qt.MouseButton.MiddleButton | Qt.MouseButton.RightButton
        self._press: QPointF | None = None
        self._last = QPointF()
        self._panning = False

        self.image = SmoothImage()
        self.lines = pg.PlotCurveItem(connect="pairs", antialias=True)
        self.dots = Cloud(3.0, alpha=0.5)
        self.marker = Marker()
        for depth, item in enumerate((self.image, self.lines, self.dots)):
            item.setZValue(10 * depth)
            self.view.addItem(item, ignoreBounds=True)
        self.view.addItem(self.marker, ignoreBounds=True)
        self.recolor()
        self.fit()

    # ---- what is shown ----

    def show_image(
        self, values: NDArray[np.float32] | None, box: Box, table: NDArray[np.uint8], low: float, high: float
    ) -> None:
        """Shows (H, W) over the box in 256 colours from low to high; None: no picture."""
        if values is None or not high > low:
            self.image.clear()
            return
        self.image.setImage(values, autoLevels=False, levels=(low, high), lut=table[:, :3])
        self.image.setRect(QRectF(box[0], box[2], box[1] - box[0], box[3] - box[2]))

    def show_lines(self, ends: NDArray[np.floating] | None) -> None:
        """Level lines: the ends of the segments, (2 S, 2); None or none: no lines."""
        if ends is None or not len(ends):
            if self.lines.xData is not None:  # clearing what is clear would have the whole plane painted again
                self.lines.clear()
        else:
            self.lines.setData(ends[:, 0], ends[:, 1], connect="pairs")

    def show_marker(self, point: tuple[float, ...] | None, *, filled: bool = False) -> None:
        if point is None or len(point) < 2:
            self.marker.hide()
        else:
            self.marker.show_at(point[0], point[1], filled=filled)

    def recolor(self) -> None:
        super().recolor()
        self.lines.setPen(pg.mkPen(theme().color("text", 0.75), width=1))

    # ---- where one looks ----

    def set_data_box(self, box: Box) -> None:
        """The box that `fit` shows; a view that fitted the old one fits the new."""
        if box == self.data_box:
            return
        self.data_box = box
        if self.fitted:
            self.fit()

    def fit(self) -> None:
        """Shows the whole box."""
        self.fitted = True
        x0, x1, y0, y1 = self.data_box
        self.view.setAspectLocked(similar_units(self.data_box))
        self.view.setLimits(
            minXRange=(x1 - x0) / 1000, minYRange=(y1 - y0) / 1000, maxXRange=20 * (x1 - x0), maxYRange=20 * (y1 - y0)
        )
        self.view.setRange(xRange=(x0, x1), yRange=(y0, y1), padding=0.02, disableAutoRange=True)

    def fit_by_user(self) -> None:
        self.fit()
        self.moved.emit()

    def visible_box(self) -> Box:
        """What is seen, data units."""
        (x0, x1), (y0, y1) = self.view.viewRange()
        return (x0, x1, y0, y1)

    def look_where(self, other: Plane) -> None:
        """Shows what another plane of the same size shows."""
        self.fitted = other.fitted
        if self.fitted:
            self.fit()
        else:
            x0, x1, y0, y1 = other.visible_box()
            self.view.setRange(xRange=(x0, x1), yRange=(y0, y1), padding=0, disableAutoRange=True)

    def zoom(self, factor: float, around: QPointF | None = None) -> None:
        """Enlarges by the factor, keeping a point (data units) where it is."""
        self.fitted = False
        self.view.scaleBy((1 / factor, 1 / factor), center=around)
        self.moved.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event is not None and self.fitted and hasattr(self, "marker"):
            self.fit()

    # ---- mouse and keys ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._press = self._last = event.position()
        self._panning = False
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        position = event.position()
        if event.buttons() & self.pan_buttons and self._press is not None:
            if not self._panning and (position - self._press).manhattanLength() <= _CLICK:
                return
            if not self._panning:
                self._panning = True
                self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            shift = self.to_data(self._last) - self.to_data(position)
            self._last = position
            self.fitted = False
            self.view.translateBy(x=shift.x(), y=shift.y())
            self.moved.emit()
        point = self.to_data(position)
        self.hovered.emit(point.x(), point.y())
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_click = self._press is not None and not self._panning and event.button() == Qt.MouseButton.LeftButton
        self._press = None
        if self._panning:
            self._panning = False
            self.viewport().unsetCursor()
        elif was_click:
            point = self.to_data(event.position())
            self.clicked.emit(point.x(), point.y())
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y() or event.angleDelta().x()
        if turned:
            self.zoom(ZOOM ** (turned / 120), self.to_data(event.position()))
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self.left.emit()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self._keys().get(event.key())
        if (
            action is None
            or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier & ~Qt.KeyboardModifier.ShiftModifier
        ):
            event.ignore()
        else:
            action()
            event.accept()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def _keys(self) -> dict[int, Callable[[], None]]:
        return {
            Qt.Key.Key_Plus: lambda: self.zoom(ZOOM),
            Qt.Key.Key_Equal: lambda: self.zoom(ZOOM),
            Qt.Key.Key_Minus: lambda: self.zoom(1 / ZOOM),
            Qt.Key.Key_0: self.fit_by_user,
            Qt.Key.Key_Left: lambda: self._shift(-0.1, 0),
            Qt.Key.Key_Right: lambda: self._shift(0.1, 0),
            Qt.Key.Key_Down: lambda: self._shift(0, -0.1),
            Qt.Key.Key_Up: lambda: self._shift(0, 0.1),
        }

    def _shift(self, across: float, up: float) -> None:
        x0, x1, y0, y1 = self.visible_box()
        self.fitted = False
        self.view.translateBy(x=across * (x1 - x0), y=up * (y1 - y0))
        self.moved.emit()
