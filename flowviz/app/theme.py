"""Light and dark: every colour, the spacing and the colour scales of the window, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

UNIT = 8
"""The rhythm: margins and gaps are multiples of this many pixels (half of it inside controls)."""
Choice = Literal["system", "light", "dark"]


@dataclass(frozen=True)
class Colors:
    """One theme. `window` behind panels, `surface` the panels, `raised` cards and tiles, `plot` the background of pictures."""

    window: str
    surface: str
    raised: str
    hover: str
    border: str
    text: str
    muted: str
    accent: str
    accent_text: str
    selection: str
    plot: str
    grid: str
    good: str
    warning: str
    error: str
    train: str
    held_out: str
    floor: str
    gaussian: str
    kde: str


LIGHT = Colors(
    window="#eef0f4",
    surface="#ffffff",
    raised="#f6f7fa",
    hover="#e6ebf5",
    border="#d3d8e2",
    text="#1b2230",
    muted="#5b6577",
    accent="#2f6fde",
    accent_text="#ffffff",
    selection="#d7e4fc",
    plot="#ffffff",
    grid="#dfe3ea",
    good="#1d7f4e",
    warning="#9a5b00",
    error="#b3261e",
    train="#8fb3f0",
    held_out="#2f6fde",
    floor="#1d7f4e",
    gaussian="#9a5b00",
    kde="#8a3ea8",
)
DARK = Colors(
    window="#14171c",
    surface="#1c2027",
    raised="#252a33",
    hover="#2e3541",
    border="#353c48",
    text="#e8ebf0",
    muted="#9ba5b5",
    accent="#6ea3ff",
    accent_text="#0d1420",
    selection="#2a3f63",
    plot="#12151a",
    grid="#2a303a",
    good="#5ccb92",
    warning="#f0b45a",
    error="#ff8a80",
    train="#3f5f95",
    held_out="#6ea3ff",
    floor="#5ccb92",
    gaussian="#f0b45a",
    kde="#d394ec",
)


class Theme(QObject):
    """The theme in force. `changed` tells that every colour is another now."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._choice: Choice = "system"
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._apply)

    @property
    def choice(self) -> Choice:
        return self._choice

    @property
    def dark(self) -> bool:
        if self._choice != "system":  # not every platform plugin takes a colour scheme
            return self._choice == "dark"
        return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark

    @property
    def colors(self) -> Colors:
        return DARK if self.dark else LIGHT

    def color(self, name: str, alpha: float = 1.0) -> QColor:
        """A colour of the theme by its field's name."""
        color = QColor(getattr(self.colors, name))
        color.setAlphaF(alpha)
        return color

    def choose(self, choice: Choice) -> None:
        """Follows the system, or holds one theme."""
        self._choice = choice
        scheme = {"system": Qt.ColorScheme.Unknown, "light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}[choice]
        QGuiApplication.styleHints().setColorScheme(scheme)
        self._apply()

    def density_table(self) -> NDArray[np.uint8]:
        """(256, 4) RGBA for densities: from the plot's background up, perceptually even."""
        return _density_table(self.dark)

    def diverging_table(self) -> NDArray[np.uint8]:
        """(256, 4) RGBA for log-dets: blue shrinks, the middle is 0, orange grows."""
        return _diverging_table(self.dark)

    def _apply(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.setPalette(_palette(self.colors))
            # Fusion outlines an empty box in a darker shade of the window, which the dark theme hides: it is filled.
            box = _palette(self.colors)
            box.setColor(QPalette.ColorRole.Base, QColor(self.colors.border if self.dark else self.colors.surface))
            app.setPalette(box, "QCheckBox")  # type: ignore[arg-type]  # it takes str, whatever its stub says
        self.changed.emit()


@cache
def theme() -> Theme:
    """The one theme of the process; call it after the QApplication was made."""
    return Theme()


def hue_colors(hues: NDArray[np.float32], dark: bool) -> NDArray[np.uint8]:
    """(N, 4) RGBA of hues in [0, 1): a cyclic scale of even lightness, legible on either theme."""
    angle = 2 * np.pi * np.asarray(hues, np.float64)[:, None] + np.array([0.0, -2 * np.pi / 3, 2 * np.pi / 3])
    level, swing = (0.62, 0.34) if dark else (0.45, 0.38)
    rgb = np.clip(level + swing * np.cos(angle), 0, 1)
    return np.concatenate([np.rint(255 * rgb), np.full((len(rgb), 1), 255)], axis=1).astype(np.uint8)


@cache
def _density_table(dark: bool) -> NDArray[np.uint8]:
    stops = (
        ["#12151a", "#1d2b52", "#29508f", "#2f83b5", "#52b6b4", "#a6dba0", "#f6f3b0"]
        if dark
        else ["#ffffff", "#e0ecf8", "#b0d2ea", "#6fb0d8", "#3a82bd", "#23539a", "#16265c"]
    )
    return _table(stops)


@cache
def _diverging_table(dark: bool) -> NDArray[np.uint8]:
    stops = (
        ["#5aa9ff", "#2f6fb5", "#22456c", "#1c2027", "#6b3f1e", "#b8672a", "#ffab5c"]
        if dark
        else ["#1b4f9c", "#5a93d6", "#b9d4f0", "#ffffff", "#f7cfa8", "#e08a3c", "#9c4a0a"]
    )
    return _table(stops)


def _table(stops: list[str]) -> NDArray[np.uint8]:
    colors = [pg.mkColor(stop).getRgb() for stop in stops]
    scale = pg.ColorMap(np.linspace(0, 1, len(colors)), colors)
    return np.asarray(scale.getLookupTable(nPts=256, alpha=True), np.uint8)


def _palette(c: Colors) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: c.window,
        QPalette.ColorRole.WindowText: c.text,
        QPalette.ColorRole.Base: c.surface,
        QPalette.ColorRole.AlternateBase: c.raised,
        QPalette.ColorRole.Text: c.text,
        QPalette.ColorRole.Button: c.raised,
        QPalette.ColorRole.ButtonText: c.text,
        QPalette.ColorRole.ToolTipBase: c.raised,
        QPalette.ColorRole.ToolTipText: c.text,
        QPalette.ColorRole.PlaceholderText: c.muted,
        QPalette.ColorRole.Highlight: c.accent,
        QPalette.ColorRole.HighlightedText: c.accent_text,
        QPalette.ColorRole.Accent: c.accent,
        QPalette.ColorRole.Link: c.accent,
        QPalette.ColorRole.Mid: c.border,
        QPalette.ColorRole.BrightText: c.error,
    }
    for role, color in roles.items():
        palette.setColor(role, QColor(color))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        muted = QColor(c.muted)
        muted.setAlphaF(0.6)
        palette.setColor(QPalette.ColorGroup.Disabled, role, muted)
    return palette
