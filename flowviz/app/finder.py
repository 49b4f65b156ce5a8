"""The command palette: a field in the toolbar that finds every action by its words, and runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QWidget

from .actions import ActionSet, plain
from .theme import UNIT, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

SHOWN = 12
"""Rows of the list; more are scrolled to."""
OWN = frozenset({"findAction"})
"""Actions that the palette does not offer."""


def matches(query: str, words: str) -> int | None:
    """How well the words fit, smaller is better, or None. Every word of the query must start a word, or at least occur."""
    text = words.casefold()
    total = 0
    for part in query.casefold().split():
        place = text.find(part)
        if place < 0:
            return None
        starts = place == 0 or not text[place - 1].isalnum()
        total += place + (0 if starts else 1000)
    return total


class Finder(QLineEdit):
    """Type, choose with the arrow keys, Enter runs it; Escape leaves."""

    ran = Signal(str)
    """The id of the action that was run."""

    def __init__(self, actions: ActionSet, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions
        self._open = False
        self.setObjectName("commandFinder")
        self.setClearButtonEnabled(True)
        key = QKeySequence("Ctrl+K").toString(QKeySequence.SequenceFormat.NativeText)
        self.setPlaceholderText(self.tr("Find a command ({key})").format(key=key))
        self.setAccessibleName(self.tr("Find a command"))
        self.list = QTreeWidget(parent.window())
        self.list.setObjectName("commandList")
        self.list.setAccessibleName(self.tr("Commands found"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformRowHeights(True)
        self.list.setRootIsDecorated(False)
        self.list.setHeaderHidden(True)
        self.list.setColumnCount(2)
        self.list.header().setStretchLastSection(False)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.list.hide()
        self.list.itemClicked.connect(lambda *_: self._run())
        self.textChanged.connect(self._find)
        self.textEdited.connect(self.open_list)
        parent.window().installEventFilter(self)

    def open(self) -> None:
        """The field with the keyboard, and the list below it."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        self._open = True
        self._find()

    def open_list(self) -> None:
        self._open = True
        self._place()

    def close_list(self) -> None:
        self._open = False
        self.list.hide()

    def found(self) -> list[str]:
        """The ids of the actions in the list, the best first."""
        rows = (self.list.topLevelItem(i) for i in range(self._count))
        return [row.data(0, Qt.ItemDataRole.UserRole) for row in rows if row is not None]

    @property
    def _count(self) -> int:
        return self.list.topLevelItemCount()

    def _find(self) -> None:
        query = self.text()
        ranked = []
        for number, (name, action) in enumerate(self._actions.table.items()):
            made: QAction = self._actions[name]
            if name in OWN or not made.isEnabled() or not made.isVisible():
                continue
            said = plain(made.text())
            words = said if said.startswith(action.group) else f"{action.group}: {said}"
            score = matches(query, words)
            if score is not None:
                ranked.append((score, number, name, words))
        self.list.clear()
        for _, _, name, words in sorted(ranked):
            keys = self._actions[name].shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            item = QTreeWidgetItem(self.list, [words, keys])
            item.setData(0, Qt.ItemDataRole.UserRole, name)
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setForeground(1, theme().color("muted"))
        self._go(0)
        self._place()

    def _place(self) -> None:
        window = self.window()
        width = max(self.width(), UNIT * 52)
        rows = min(self._count, SHOWN)
        height = (
            rows * max(self.list.sizeHintForIndex(self.list.model().index(0, 0)).height(), UNIT * 3)
            + 2 * self.list.frameWidth()
            + 2
            if rows
            else 0
        )
        corner = self.mapTo(window, QPoint(self.width() - width, self.height() + 2))
        self.list.resize(QSize(width, height))
        self.list.move(max(UNIT, corner.x()), corner.y())
        self.list.setVisible(rows > 0 and self._open)
        self.list.raise_()

    def _run(self) -> None:
        item = self.list.currentItem()
        if item is None:
            return
        name = item.data(0, Qt.ItemDataRole.UserRole)
        self._leave()
        self._actions[name].trigger()
        self.ran.emit(name)

    def _leave(self) -> None:
        self.close_list()
        self.clear()
        self.clearFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.list.currentIndex().row()
        match event.key():
            case Qt.Key.Key_Escape:
                self._leave()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._run()
            case Qt.Key.Key_Down:
                self._go(row + 1)
            case Qt.Key.Key_Up:
                self._go(row - 1)
            case Qt.Key.Key_PageDown:
                self._go(row + SHOWN)
            case Qt.Key.Key_PageUp:
                self._go(row - SHOWN)
            case _:
                super().keyPressEvent(event)

    def _go(self, row: int) -> None:
        item = self.list.topLevelItem(min(max(row, 0), self._count - 1))
        if item is not None:
            self.list.setCurrentItem(item)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.MouseFocusReason:
            self._open = True
            self._find()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.close_list()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.close_list()
        return False
