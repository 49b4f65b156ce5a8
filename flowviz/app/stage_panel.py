"""The frame that the stage's panels share: a title, what it shows in words, the picture, and controls under it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from .icons import icon
from .theme import UNIT, theme

ROW = 26
"""Height of a row of controls, pixels."""
NARROWEST = 256
"""Least width of a panel: what its controls need."""
_HINT = 200
"""Widest line of a hint, in pixels, before it wraps."""
_LOW = 340
"""A panel lower than this has its two lines of heading in one."""


class Words(QLabel):
    """A line of text in a colour of the theme that ends in dots where it does not fit; the whole is its tooltip then."""

    def __init__(self, color: str = "text", *, bold: bool = False, scale: float = 1.0) -> None:
        super().__init__()
        self._color = color
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        font = QFont(self.font())
        font.setBold(bold)
        font.setPointSizeF(font.pointSizeF() * scale)
        self.setFont(font)
        theme().changed.connect(self.update)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and not self.toolTip() and self._shortened() == self.text():
            return True
        if event.type() == QEvent.Type.ToolTip and not self.toolTip():
            self.setToolTip(self.text())
            handled = super().event(event)
            self.setToolTip("")
            return handled
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme().color(self._color))
        painter.drawText(self.contentsRect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), self._shortened())

    def _shortened(self) -> str:
        return QFontMetrics(self.font()).elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width()
        )


class Hint(QFrame):
    """One sentence over an empty picture, and one button that would fill it. Without a button the mouse goes through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("hint")
        self._label = QLabel()
        self._label.setWordWrap(True)
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self.button = QPushButton()
        self.button.clicked.connect(self._pressed)
        self._run: Callable[[], object] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(UNIT, UNIT, UNIT, UNIT)
        column.addWidget(self._label)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        theme().changed.connect(self._tint)
        self._tint()
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty while it is not shown."""
        return self._label.text() if not self.isHidden() else ""

    def say(self, text: str, button: str = "", run: Callable[[], object] | None = None) -> None:
        """Shows the sentence; an empty one takes it away."""
        self._label.setText(text)
        widest = max((self._label.fontMetrics().horizontalAdvance(line) for line in text.split("\n")), default=0)
        # A label that wraps asks for too little height inside a layout that centres it.
        self._label.setFixedWidth(min(widest + 4, _HINT))
        self._label.setMinimumHeight(max(0, self._label.heightForWidth(self._label.width())))
        self.button.setText(button)
        self.button.setVisible(bool(button))
        self._run = run
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not button)
        self.setVisible(bool(text))

    def _pressed(self) -> None:
        if self._run is not None:
            self._run()

    def _tint(self) -> None:
        palette = self._label.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(theme().colors.text))
        self._label.setPalette(palette)
        self.setStyleSheet(
            f"#hint {{ background: {theme().colors.raised}; border: 1px solid {theme().colors.border}; border-radius: {UNIT // 2}px; }}"
        )


class Panel(QWidget):
    """Title and subtitle, a body with a hint over it, and a footer of two rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Words(bold=True)
        self.subtitle = Words("muted")
        self._heading = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._heading.setContentsMargins(UNIT // 2, 0, UNIT // 2, 0)
        self._heading.setSpacing(0)
        self._heading.addWidget(self.title)
        self._heading.addWidget(self.subtitle, 1)
        self.footer = QVBoxLayout()
        self.footer.setSpacing(UNIT // 2)
        self.body = QGridLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.hint = Hint(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(UNIT, UNIT // 2, UNIT, UNIT)
        column.setSpacing(UNIT // 2)
        column.addLayout(self._heading)
        column.addLayout(self.body, 1)
        column.addLayout(self.footer)
        # All panels are equally wide, whatever their controls would like: the planes in them must be.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(NARROWEST)
        theme().changed.connect(self.update)

    def set_body(self, widget: QWidget) -> None:
        self.body.addWidget(widget, 0, 0)
        self.body.addWidget(self.hint, 0, 0, Qt.AlignmentFlag.AlignCenter)
        self.hint.raise_()

    def row(self, *widgets: QWidget | None) -> QHBoxLayout:
        """Adds a row to the footer; None stands for free space."""
        row = QHBoxLayout()
        row.setSpacing(UNIT // 2)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in widgets:
            if widget is None:
                row.addStretch(1)
            else:
                row.addWidget(widget)
        self.footer.addLayout(row)
        return row

    def say(self, title: str, subtitle: str) -> None:
        """What the panel shows, in words; they are its accessible name, too."""
        if (title, subtitle) != (self.title.text(), self.subtitle.text().strip()):
            self.title.setText(title)
            self.subtitle.setText(subtitle or " ")  # an empty label is lower, by a pixel, than one with words
            self.setAccessibleName(title)
            self.setAccessibleDescription(subtitle)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        low = self.height() < _LOW
        self._heading.setDirection(QBoxLayout.Direction.LeftToRight if low else QBoxLayout.Direction.TopToBottom)
        self._heading.setSpacing(UNIT if low else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme().color("border"))
        painter.setBrush(theme().color("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), UNIT / 2, UNIT / 2)


class FlatButton(QToolButton):
    """A button of a panel's rows: an icon or a word, flat, and filled while it is down."""

    def __init__(self, name: str = "", *, checkable: bool = False) -> None:
        """`name` is the icon's; without one, the button shows its text."""
        super().__init__()
        self._name = name
        self.setCheckable(checkable)
        self.setAutoRaise(True)
        self.setFixedHeight(ROW)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if name:
            self.setFixedWidth(ROW)
            self.setIconSize(QSize(18, 18))
        else:
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        theme().changed.connect(self._tint)
        self._tint()

    def set_words(self, words: str, tip: str) -> None:
        """The text (of a button without icon), the accessible name, and the tooltip."""
        self.setText(words)
        self.setAccessibleName(words)
        self.setToolTip(tip)

    def set_icon(self, name: str) -> None:
        self._name = name
        self._tint()

    def _tint(self) -> None:
        if self._name:
            self.setIcon(icon(self._name))
        c = theme().colors
        edge = "transparent" if self._name else c.border
        self.setStyleSheet(
            f"QToolButton {{ border: 1px solid {edge}; border-radius: 4px; padding: 0 4px; color: {c.text}; }}"
            f"QToolButton:hover {{ background: {c.hover}; }}"
            f"QToolButton:checked {{ background: {c.selection}; border-color: {c.accent}; }}"
            f"QToolButton:focus {{ border-color: {c.accent}; }}"
            f"QToolButton:disabled {{ color: {c.muted}; }}"
        )
