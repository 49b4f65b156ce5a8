"""What is known of the point under the mouse, written in a corner of the plane."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from .stage_plane import LEFT_AXIS, Plane
from .theme import theme


class Readout(QLabel):
    """A few words over a left corner of a plane; empty, it is not there. The mouse goes through it."""

    def __init__(self, plane: Plane) -> None:
        super().__init__(plane)
        self.setObjectName("readout")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._plane = plane
        theme().changed.connect(self._tint)
        self._tint()
        self.hide()

    def say(self, words: str, point: tuple[float, ...] = ()) -> None:
        """Writes the words, above or below, so that the point (data units) that they are about is not under them."""
        if words != self.text():
            self.setText(words)
            self.adjustSize()
        if words:
            area = self._plane.view.sceneBoundingRect()
            place = self._plane.to_widget(point[0], point[1]) if len(point) > 1 else area.center()
            above = place.y() > area.top() + self.height() + 16 or place.x() > area.left() + self.width() + 16
            y = area.top() + 5 if above else area.bottom() - self.height() - 5
            self.move(LEFT_AXIS + 6, round(y))
        self.setVisible(bool(words))

    def _tint(self) -> None:
        surface = theme().color("surface", 0.85)
        self.setStyleSheet(
            f"#readout {{ background: rgba({surface.red()}, {surface.green()}, {surface.blue()}, {surface.alpha()}); color: {theme().colors.text}; border-radius: 3px; padding: 2px 4px; }}"
        )


def value_words(value: float, digits: int = 3) -> str:
    """A log-density with a true minus; −∞ where there is none."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "−∞" if value < 0 else "∞"
    return f"{value:.{digits}f}".replace("-", "−")


def point_words(point: tuple[float, ...]) -> str:
    """Coordinates as '(0.31, −1.20)'."""
    return "({})".format(", ".join(f"{value:.2f}" for value in point).replace("-", "−"))
