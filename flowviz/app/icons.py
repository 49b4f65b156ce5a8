"""Icons: single-colour SVGs of assets/icons (24 x 24, stroke or fill `currentColor`), tinted by the theme."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ..resources import assets
from .theme import theme


def icon(name: str, color: str = "text") -> QIcon:
    """The icon of this file name (without .svg), in a colour of the theme; ask again when the theme changes."""
    result = QIcon()
    for mode, tint, alpha in ((QIcon.Mode.Normal, color, 1.0), (QIcon.Mode.Disabled, "muted", 0.5)):
        for size in (16, 24, 48):
            result.addPixmap(pixmap(name, size, tint, alpha), mode)
    return result


def pixmap(name: str, size: int, color: str = "text", alpha: float = 1.0) -> QPixmap:
    """The icon as a square pixmap of `size` pixels."""
    svg = assets("icons", f"{name}.svg").read_text("utf-8").replace("currentColor", theme().color(color).name())
    image = QPixmap(size, size)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setOpacity(alpha)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image
