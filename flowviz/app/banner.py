"""Banners: sentences at the top of the window that stay until they are read. A note is one that goes by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from .icons import icon, pixmap
from .theme import UNIT, theme

Kind = Literal["error", "warning", "info"]
Button = tuple[str, Callable[[], object]]
"""What it says, and what it does."""
_ICONS = {"error": "error", "warning": "problem", "info": "info"}
_COLORS = {"error": "error", "warning": "warning", "info": "accent"}
SHOWN = 3
"""Bars shown at a time; further ones wait until one of these was closed."""
NOTE = 5000
"""Milliseconds that a note stays."""


class Bar(QFrame):
    """One sentence with its buttons and its cross."""

    def __init__(
        self, key: str, kind: Kind, text: str, buttons: tuple[Button, ...], close: Callable[[], object]
    ) -> None:
        super().__init__()
        self.key, self.kind, self.text = key, kind, text
        self.setObjectName("bannerBar")
        self._icon = QLabel()
        self._label = QLabel(text)
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        row = QHBoxLayout(self)
        row.setContentsMargins(UNIT * 3 // 2, UNIT // 2, UNIT // 2, UNIT // 2)
        row.setSpacing(UNIT)
        row.addWidget(self._icon)
        row.addWidget(self._label, 1)
        self.buttons: list[QPushButton] = []
        for words, run in buttons:
            button = QPushButton(words)
            button.setObjectName("bannerButton")
            # Clicked, it goes away with its bar; the keyboard stays where it was.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _checked=False, run=run: run())
            row.addWidget(button)
            self.buttons.append(button)
        self._cross = QToolButton()
        self._cross.setObjectName("bannerClose")
        self._cross.setAutoRaise(True)
        self._cross.setAccessibleName(self.tr("Close this message"))
        self._cross.setToolTip(self.tr("Close this message"))
        self._cross.clicked.connect(lambda: close())
        row.addWidget(self._cross)
        self.setAccessibleName(text)
        self.tint()

    def tint(self) -> None:
        color, surface = theme().color(_COLORS[self.kind]), theme().color("surface")
        parts = ((color.red(), surface.red()), (color.green(), surface.green()), (color.blue(), surface.blue()))
        tint = QColor(*(round(0.14 * strong + 0.86 * weak) for strong, weak in parts))
        self.setStyleSheet(
            f"#bannerBar {{ background: {tint.name()}; border: none; border-left: 4px solid {color.name()}; }}"
        )
        self._icon.setPixmap(pixmap(_ICONS[self.kind], 20, _COLORS[self.kind]))
        self._cross.setIcon(icon("close"))


class Banners(QWidget):
    """The bars, the newest first. A bar with the key of an older one takes its place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banners")
        self._bars: list[Bar] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(1)
        self._more = QLabel()
        self._more.setContentsMargins(UNIT * 2, 0, UNIT, UNIT // 2)
        self._layout.addWidget(self._more)
        theme().changed.connect(self._tint)
        self._arrange()

    @property
    def texts(self) -> list[str]:
        """What the bars say, the newest first."""
        return [bar.text for bar in self._bars]

    def show_bar(self, text: str, *, kind: Kind = "error", buttons: tuple[Button, ...] = (), key: str = "") -> None:
        """Shows a sentence until it is closed; a button closes it, too. Without a key, the sentence is its own."""
        key = key or text
        self._take(key)

        def closing(run: Callable[[], object]) -> Callable[[], None]:
            def press() -> None:
                self.close_bar(key)
                run()

            return press

        wrapped = tuple((words, closing(run)) for words, run in buttons)
        bar = Bar(key, kind, text, wrapped, lambda: self.close_bar(key))
        self._bars.insert(0, bar)
        self._layout.insertWidget(0, bar)
        self._arrange()
        QAccessible.updateAccessibility(QAccessibleEvent(bar, QAccessible.Event.Alert))

    def close_bar(self, key: str) -> None:
        """Takes away the bar with this key, where there is one."""
        self._take(key)
        self._arrange()

    def close_all(self, prefix: str = "") -> None:
        """Takes away every bar whose key starts so."""
        for bar in [bar for bar in self._bars if bar.key.startswith(prefix)]:
            self._take(bar.key)
        self._arrange()

    def _take(self, key: str) -> None:
        for bar in [bar for bar in self._bars if bar.key == key]:
            self._bars.remove(bar)
            self._layout.removeWidget(bar)
            bar.hide()
            bar.deleteLater()

    def _arrange(self) -> None:
        for i, bar in enumerate(self._bars):
            bar.setVisible(i < SHOWN)
        waiting = len(self._bars) - SHOWN
        self._more.setVisible(waiting > 0)
        self._more.setText(self.tr("%n more message(s)", "", max(waiting, 0)))
        self.setVisible(bool(self._bars))

    def _tint(self) -> None:
        for bar in self._bars:
            bar.tint()


class Note(QFrame):
    """A short word of success over the window's lower edge; it takes no focus and no clicks, and goes by itself."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("note")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._icon = QLabel()
        self._label = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(UNIT * 3 // 2, UNIT, UNIT * 2, UNIT)
        row.addWidget(self._icon)
        row.addWidget(self._label)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self._over = parent
        parent.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        return self._label.text()

    def say(self, text: str) -> None:
        """Shows this for a few seconds."""
        c = theme().colors
        self.setStyleSheet(
            f"#note {{ background: {c.raised}; border: 1px solid {c.border}; border-radius: {UNIT // 2}px; }}"
        )
        self._icon.setPixmap(pixmap("done", 20, "good"))
        self._label.setText(text)
        self._label.setAccessibleName(text)
        self._place()
        self.show()
        self.raise_()
        self._timer.start(NOTE)
        QAccessible.updateAccessibility(QAccessibleEvent(self._label, QAccessible.Event.Alert))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def _place(self) -> None:
        self.adjustSize()
        room = self._over.size()
        self.move((room.width() - self.width()) // 2, room.height() - self.height() - UNIT * 6)
