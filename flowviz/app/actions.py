"""Actions: one value each, from which menus, toolbar, keys, the command palette and the shortcut sheet are all made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from ..engine.messages import Device
from ..pipeline import Project
from .icons import icon


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What actions depend on, at one moment."""

    project: Project
    undo: str = ""
    """The text of the step that undo would take back; empty when there is none."""
    redo: str = ""
    pasteable: bool = False
    training: bool = False
    devices: tuple[Device, ...] = ()
    """What the engine found; empty until it is up."""
    recent: tuple[str, ...] = ()
    panels: frozenset[str] = frozenset()
    """Object names of the panels that are shown."""
    full_screen: bool = False
    theme: str = "system"
    language: str = "system"

    @property
    def layer(self) -> int | None:
        """Where the selected layer stands, or None when none is selected."""
        return self.project.pipeline.index(self.project.view.selected)

    @property
    def count(self) -> int:
        return len(self.project.pipeline.layers)


def always(_facts: Facts) -> bool:
    return True


def same(read: Callable[[Facts], object], value: object) -> Callable[[Facts], bool]:
    """Whether what is read off the facts is this value."""
    return lambda facts: read(facts) == value


@dataclass(frozen=True, kw_only=True)
class Action:
    """One thing that can be done. `text` has the menu's mnemonic; `shortcuts` are portable key sequences."""

    id: str
    group: str
    """What it belongs to, in the user's language: heads the shortcut sheet and stands before it in the palette."""
    text: str
    run: Callable[[], object]
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    tint: str = "text"
    """The icon's colour in the theme."""
    tip: str = ""
    enabled: Callable[[Facts], bool] = always
    checked: Callable[[Facts], bool] | None = None
    why: Callable[[], str] | None = None
    """Why it cannot be done now, in a sentence for the tooltip; asked only where it is not enabled."""
    live: Callable[[Facts], tuple[str, str]] | None = None
    """(text, icon) where these change with the facts; without a text it is not shown."""

    def words(self) -> str:
        """The text without the menu's mnemonic and dots."""
        return plain(self.text)


def plain(text: str) -> str:
    """A menu's text as words: 'Save &As…' is 'Save As'; Korean mnemonics '(&A)' go altogether."""
    head, _, tail = text.partition("(&")
    text = head + tail.partition(")")[2] if tail else text
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").removesuffix("…").strip()


class ActionSet:
    """The QActions made of a table, all of them children of one widget, so that their keys work in all of its window."""

    def __init__(self, table: Iterable[Action], parent: QWidget) -> None:
        self.table = {action.id: action for action in table}
        self._qt: dict[str, QAction] = {}
        self._shown: dict[str, tuple[str, str]] = {}
        self._why: dict[str, str] = {}
        for action in self.table.values():
            made = QAction(action.text, parent)
            made.setObjectName(action.id)
            made.setIconText(plain(action.text))
            made.setShortcuts([QKeySequence.fromString(key) for key in action.shortcuts])
            made.setCheckable(action.checked is not None)
            made.setMenuRole(QAction.MenuRole.NoRole)
            made.triggered.connect(lambda _checked=False, run=action.run: run())
            # A menu has one place for an icon and for the mark of what is chosen.
            made.setIconVisibleInMenu(action.tint == "text" and action.checked is None)
            if action.icon:
                made.setIcon(icon(action.icon, action.tint))
            made.setToolTip(tooltip(action))
            made.setStatusTip(action.tip)
            parent.addAction(made)
            self._qt[action.id] = made

    def __getitem__(self, name: str) -> QAction:
        return self._qt[name]

    def __contains__(self, name: str) -> bool:
        return name in self._qt

    def update(self, facts: Facts) -> None:
        """Lets every action be as the facts say; what stays as it was is not touched."""
        for name, action in self.table.items():
            made = self._qt[name]
            enabled = action.enabled(facts)
            if made.isEnabled() != enabled:
                made.setEnabled(enabled)
            why = action.why() if action.why is not None and not enabled else ""
            if self._why.get(name, "") != why:
                self._why[name] = why
                made.setToolTip("\n".join(filter(None, (tooltip(action), why))))
            if action.checked is not None and made.isChecked() != (checked := action.checked(facts)):
                made.setChecked(checked)
            if action.live is not None and self._shown.get(name) != (shown := action.live(facts)):
                self._shown[name] = shown
                made.setText(shown[0])
                made.setIconText(plain(shown[0]))
                made.setVisible(bool(shown[0]))
                made.setToolTip(tooltip(action, shown[0]))
                if shown[1]:
                    made.setIcon(icon(shown[1], action.tint))

    def tint(self) -> None:
        """The icons again, in the colours of the theme now."""
        for name, action in self.table.items():
            if picture := self._shown.get(name, ("", ""))[1] or action.icon:
                self._qt[name].setIcon(icon(picture, action.tint))

    def remove(self) -> None:
        """Takes the actions out of their widget, before another table's take their place."""
        for made in self._qt.values():
            parent = made.parent()
            if isinstance(parent, QWidget):
                parent.removeAction(made)
            made.setParent(None)
            made.deleteLater()
        self._qt.clear()


def tooltip(action: Action, text: str = "") -> str:
    """The words, what it does, and its key."""
    words = plain(text) if text else action.words()
    head = with_keys(words, action.shortcuts[0]) if action.shortcuts else words
    return head if not action.tip else head + "\n" + action.tip


def with_keys(words: str, key: str) -> str:
    """'Words (key)', with the key as this system writes it."""
    keys = QKeySequence.fromString(key).toString(QKeySequence.SequenceFormat.NativeText)
    return QCoreApplication.translate("actions", "{words} ({keys})").format(words=words, keys=keys)
