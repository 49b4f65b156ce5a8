"""What the strip says while the pipeline has no layers."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from .theme import UNIT, theme


class EmptyPipeline(QWidget):
    """One sentence and one button; the whole of it takes a dropped card."""

    wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._lit = False
        self._sentence = QLabel(self.tr("Drag a layer here, or add an affine coupling."))
        self._sentence.setWordWrap(True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._button = QPushButton(self.tr("Add affine coupling"))
        self._button.setObjectName("addFirstLayer")
        self._button.clicked.connect(self.wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * UNIT, UNIT, 2 * UNIT, UNIT)
        layout.addStretch(1)
        layout.addWidget(self._sentence)
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)

    def set_possible(self, possible: bool) -> None:
        """Whether a layer can stand here at all: not before a base that predicts the data's own levels."""
        self._button.setVisible(possible)
        self._sentence.setText(
            self.tr("Drag a layer here, or add an affine coupling.")
            if possible
            else self.tr("This base predicts the data's own levels: no layers stand before it.")
        )

    def set_lit(self, lit: bool) -> None:
        """Something is held over the strip, and would go here."""
        if lit != self._lit:
            self._lit = lit
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = theme().color("accent" if self._lit else "border")
        painter.setPen(QPen(color, 2 if self._lit else 1.5, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)
        painter.end()
