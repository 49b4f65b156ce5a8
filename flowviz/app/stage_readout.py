"""What is known of the point under the mouse, written in a corner of the plane."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from .stage_plane import LEFT_AXIS, Plane
from .theme import theme


class Readout(QLabel):
    """A few words over the upper left corner of a plane; empty, it is not there. The mouse goes through it."""

    def __init__(self, plane: Plane) -> None:
        super().__init__(plane)
        self.setObjectName("readout")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.move(LEFT_AXIS + 6, 9)
        theme().changed.connect(self._tint)
        self._tint()
        self.hide()

    def say(self, words: str) -> None:
        if words != self.text():
            self.setText(words)
            self.adjustSize()
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
