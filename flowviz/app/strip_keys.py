"""The strip's own keys, for when it has the focus; in the window the menus' actions have the same ones."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from .document import Document
from .layering import LayerCommands

_Key = Qt.Key
_ALT, _CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def run_key(event: QKeyEvent, commands: LayerCommands, document: Document, order: list[str]) -> bool:
    """Does what the key says; False when it says nothing here. `order`: the uids from left to right."""
    for sequence, act in (
        (QKeySequence.StandardKey.Copy, commands.copy),
        (QKeySequence.StandardKey.Cut, commands.cut),
        (QKeySequence.StandardKey.Paste, commands.paste),
    ):
        if event.matches(sequence):
            act()
            return True
    # The arrow keys of a numeric pad come with a modifier of their own.
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    runs: dict[tuple[Qt.Key, Qt.KeyboardModifier], Callable[[], object]] = {
        (_Key.Key_Left, Qt.KeyboardModifier.NoModifier): lambda: commands.select(-1),
        (_Key.Key_Right, Qt.KeyboardModifier.NoModifier): lambda: commands.select(1),
        (_Key.Key_Home, Qt.KeyboardModifier.NoModifier): lambda: document.look(selected=order[0]),
        (_Key.Key_End, Qt.KeyboardModifier.NoModifier): lambda: document.look(selected=order[-1]),
        (_Key.Key_Left, _ALT): lambda: commands.shift(-1),
        (_Key.Key_Right, _ALT): lambda: commands.shift(1),
        (_Key.Key_Delete, Qt.KeyboardModifier.NoModifier): commands.delete,
        (_Key.Key_Backspace, Qt.KeyboardModifier.NoModifier): commands.delete,
        (_Key.Key_D, _CONTROL): commands.duplicate,
        (_Key.Key_B, _CONTROL): commands.bypass,
        (_Key.Key_Escape, Qt.KeyboardModifier.NoModifier): lambda: document.look(selected=""),
    }
    run = runs.get((Qt.Key(event.key()), modifiers))
    if run is None:
        return False
    run()
    return True
