"""Letters as a mask for the text tool: the one part of painting that needs Qt."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication, QImage, QPainter

from .painting import Brush, Cells, blur


def text_stamp(text: str, brush: Brush) -> Cells:
    """The text in bold letters, a line `brush.size` cells high, blurred by its softness: (H, W) in 0..1, row 0 at the bottom."""
    if not text.strip():
        return np.zeros((1, 1), np.float32)
    font = QFont(QGuiApplication.font())
    font.setPixelSize(max(4, round(brush.size)))
    font.setBold(True)
    sigma = brush.softness * brush.size / 12
    margin = 1 + math.ceil(3 * sigma)
    room = QFontMetrics(font).boundingRect(QRect(0, 0, 4096, 4096), int(Qt.AlignmentFlag.AlignLeft), text)
    width, height = min(room.width(), 1024) + 2 * margin, min(room.height(), 1024) + 2 * margin
    image = QImage(width, height, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.setFont(font)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(QRect(margin, margin, width, height), int(Qt.AlignmentFlag.AlignLeft), text)
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())[:, :width]
    mask = blur(rows[::-1].astype(np.float32) / np.float32(255), sigma)
    peak = float(mask.max())
    return mask / peak if peak > 0 else mask
