"""The one table of actions. Menus, toolbar, keys, command palette and shortcut sheet hold nothing that is not in it.

Keys are function keys and such with modifiers: single letters may not fire under a Hangul input method.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .actions import Action
from .actions_draw import DrawActions
from .actions_edit import EditActions
from .actions_run import RunActions
from .actions_view import ViewActions

if TYPE_CHECKING:
    from .window import MainWindow


def action_table(window: MainWindow) -> list[Action]:
    """Every action, in the order of the command palette and in the language of the moment."""
    return [action for kind in (RunActions, EditActions, DrawActions, ViewActions) for action in kind(window).table()]
