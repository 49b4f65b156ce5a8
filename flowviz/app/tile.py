"""One tile of the strip: the picture of a state, the layer's name, what it does to the log-density, and its eye."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractButton, QToolTip, QWidget

from ..engine.messages import Tile
from .icons import pixmap
from .pictures import HeldScale
from .theme import theme
from .tile_rendering import Look, render
from .units import Unit

PADDING = 6
ICON = 16
EYE = 20
FADED = 0.3
"""Opacity of a picture that is not the layer's own: passed on by a bypassed layer, or of the mode before."""


@dataclass(frozen=True)
class Words:
    """What stands on a tile and in its tooltip, in the user's language."""

    name: str
    icon: str
    role: str = ""
    """Stands in the place of the log-det, where there is none."""
    state: str = ""
    """The symbol of the state that is shown: x, h₃, z."""
    badge: str = ""
    """The shape after the layer, where it changes."""
    tip: str = ""
    problem: str = ""


class TileView(QWidget):
    """Shows what it is told; the row that it stands in hears the mouse. `eye` is its one button."""

    hovered = Signal(bool)

    def __init__(self, uid: str, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.uid = uid
        self.setObjectName(f"tile_{uid}")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.tile: Tile | None = None
        self.selected = self.bypassed = self.focused = False
        self.words = Words(name="", icon="")
        self.log_det: float | None = None
        self._look = look
        self._scale = HeldScale()
        self._side = 112
        self._image: QImage | None = None
        self._outdated = True
        self._stale = False
        self._shown: tuple[float | None, Unit] | None = None
        """The log-det that was drawn last, and what it was written in."""
        self.eye = EyeButton(self)
        self.eye.hide()

    # ---- what it is told ----

    @property
    def side(self) -> int:
        return self._side

    def set_side(self, side: int) -> None:
        """The picture's side in (logical) pixels; the tile takes its size from it."""
        if side != self._side:
            self._side = side
            self._outdated = True
        line = self._line_height()
        self.setFixedSize(side + 2 * PADDING, side + 2 * PADDING + 2 * line + 4)
        self.eye.move(self.width() - EYE - 4, self.height() - EYE - 4)

    @classmethod
    def height_for(cls, side: int, font: QFont) -> int:
        return side + 2 * PADDING + 2 * max(ICON + 2, QFontMetrics(font).height() + 2) + 4

    def set_words(self, words: Words) -> None:
        if words != self.words:
            self.words = words
            self.setAccessibleName(words.name)
            self.describe()
            self.update()

    def set_tile(self, tile: Tile | None, log_det: float | None) -> None:
        """The newest state; `log_det` is the layer's own, nats, None where it has none. Only what has changed is drawn again."""
        if tile is not self.tile:
            self.tile, self._outdated = tile, True
        same = self._shown == (log_det, self._look.unit)
        self._stale = False
        self.log_det = log_det
        self.update(self.picture_rect()) if same else self.update()

    def set_stale(self) -> None:
        """The picture is of another mode until the next frame comes."""
        self._stale = True
        self.update()

    def set_state(self, *, selected: bool, bypassed: bool, focused: bool) -> None:
        if (selected, bypassed, focused) != (self.selected, self.bypassed, self.focused):
            if bypassed != self.bypassed:  # the data's and the base's button shows something else
                self.eye.set_open(not bypassed)
            self.selected, self.bypassed, self.focused = selected, bypassed, focused
            self.update()

    def range_words(self) -> str:
        """What black and white stand for in the pictures shown, or nothing."""
        tile = self.tile
        if tile is None or tile.events is None or len(tile.events.shape) != 4:
            return ""
        low, high = tile.event_range
        return self.tr("Pictures: black is {low}, white is {high}.").format(low=signed(low), high=signed(high))

    def repaint_picture(self) -> None:
        """The theme or the scale has changed."""
        self._outdated = True
        self.update()

    def reset_scale(self) -> None:
        self._scale.reset()
        self._outdated = True

    def describe(self) -> None:
        """Says to a screen reader what the tile shows."""
        parts = [self.words.problem or self._figure() or self.words.role]
        if self.bypassed:
            parts.append(self.tr("bypassed"))
        self.setAccessibleDescription(", ".join(part for part in parts if part))

    # ---- Qt ----

    def sizeHint(self) -> QSize:
        return self.size()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.hovered.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(False)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), "\n".join(filter(None, (self.words.tip, self.range_words()))), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self.picture_rect().contains(event.rect()):
            self._paint_frame(painter)
            self._paint_lines(painter)
        self._paint_picture(painter)
        painter.end()

    # ---- painting ----

    def _paint_frame(self, painter: QPainter) -> None:
        colors = theme()
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(colors.color("selection" if self.selected else "hover" if self.underMouse() else "raised"))
        painter.setPen(
            QPen(colors.color("accent"), 2.5 if self.focused else 2)
            if self.selected
            else QPen(colors.color("border"), 1)
        )
        painter.drawRoundedRect(frame, 6, 6)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _line_height(self) -> int:
        return max(ICON + 2, self.fontMetrics().height() + 2)

    def picture_rect(self) -> QRect:
        return QRect(PADDING, PADDING, self._side, self._side)

    def _paint_picture(self, painter: QPainter) -> None:
        place = self.picture_rect()
        if self._outdated:
            self._outdated = False
            side = round(self._side * self.devicePixelRatio())
            self._image = render(self.tile, side, self._look, self._scale) if self.tile is not None else None
        if self._image is None or self.bypassed or self._stale:
            painter.fillRect(place, theme().color("plot"))
        if self._image is None:
            tint = _icon(self.words.icon, 32, "muted", 0.5, self.devicePixelRatio())
            painter.drawPixmap(place.center().x() - 15, place.center().y() - 15, tint)
        else:
            if self.bypassed or self._stale:
                painter.setOpacity(FADED)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, self._image)
            painter.setOpacity(1.0)
        font = QFont(self.font())
        font.setPointSizeF(max(7.0, font.pointSizeF() * 0.85))
        painter.setFont(font)
        if self.words.state:
            _label(painter, place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, self.words.state)
        if self.words.badge:
            _label(painter, place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, self.words.badge)
        if self.words.problem:
            mark = _icon("problem", ICON, "error", 1.0, self.devicePixelRatio())
            painter.drawPixmap(place.right() - ICON - 2, place.top() + 3, mark)
        painter.setFont(self.font())

    def _paint_lines(self, painter: QPainter) -> None:
        self._shown = self.log_det, self._look.unit
        line, top = self._line_height(), PADDING + self._side + 4
        muted = theme().color("muted")
        text = muted if self.bypassed else theme().color("text")
        icon = _icon(self.words.icon, ICON, "muted" if self.bypassed else "text", 1.0, self.devicePixelRatio())
        painter.drawPixmap(PADDING, top + (line - ICON) // 2, icon)
        first = QRect(PADDING + ICON + 4, top, self._side - ICON - 4, line)
        _text(painter, first, self.words.name, text)
        second = QRect(PADDING, top + line, self._side - (EYE if self.eye.isVisible() else 0), line)
        if self.words.problem:
            _text(painter, second, self.words.problem, theme().color("error"))
        elif self.bypassed:
            _text(painter, second, self.tr("bypassed"), muted)
        elif self.log_det is not None:
            figure = self._figure()
            if painter.fontMetrics().horizontalAdvance(figure) > second.width():
                unit = self._look.unit  # the tooltip has the unit
                figure = signed(self.log_det) if unit.plain else signed(unit.of(self.log_det), 3)
            _text(painter, second, figure, text)
        else:
            _text(painter, second, self.words.role, muted)

    def _figure(self) -> str:
        if self.log_det is None or self.bypassed:
            return ""
        unit = self._look.unit
        value = signed(self.log_det) if unit.plain else signed(unit.of(self.log_det), 3)
        return self.tr("{value} {unit}").format(value=value, unit=unit.words)


class EyeButton(QAbstractButton):
    """Open: the layer takes part. Also the base's and the data's small button, with another icon."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._picture = "eye"
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedSize(EYE, EYE)

    def set_open(self, open_: bool) -> None:
        self.set_picture("eye" if open_ else "eye_off")

    def set_picture(self, name: str) -> None:
        if name != self._picture:
            self._picture = name
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.underMouse() and self.isEnabled():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("text", 0.12))
            painter.drawRoundedRect(self.rect(), 4, 4)
        color = "text" if self.underMouse() or self._picture == "eye_off" else "muted"
        painter.drawPixmap(2, 2, _icon(self._picture, ICON, color, 1.0, self.devicePixelRatio()))
        painter.end()


def signed(value: float, digits: int = 2) -> str:
    """+0.53 or −0.12, two decimals; what is not finite is said so."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+∞" if value > 0 else "−∞"
    if float(f"{value:.{digits}f}") == 0:
        return f"{0:.{digits}f}"
    return f"{value:+.{digits}f}".replace("-", "−")


_icons: dict[tuple[str, int, str, float, float, bool], QPixmap] = {}


def _icon(name: str, size: int, color: str, alpha: float, ratio: float) -> QPixmap:
    """An icon of the theme, kept: tiles are painted many times a second."""
    key = (name, size, color, alpha, ratio, theme().dark)
    if key not in _icons:
        image = pixmap(name, round(size * ratio), color, alpha)
        image.setDevicePixelRatio(ratio)
        _icons[key] = image
    return _icons[key]


def _text(painter: QPainter, place: QRect, text: str, color: QColor) -> None:
    painter.setPen(color)
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


def _label(painter: QPainter, place: QRect, corner: Qt.AlignmentFlag, text: str) -> None:
    """A small label in a corner of the picture, legible on whatever lies under it."""
    metrics = painter.fontMetrics()
    box = QRect(0, 0, metrics.horizontalAdvance(text) + 6, metrics.height())
    box.moveLeft(place.left())
    if corner & Qt.AlignmentFlag.AlignBottom:
        box.moveBottom(place.bottom())
    else:
        box.moveTop(place.top())
    painter.fillRect(box, theme().color("plot", 0.75))
    painter.setPen(theme().color("muted"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
