"""The actions of the canvas: its tools, its brush, and painting with the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Qt

from .actions import Action, Facts
from .canvas_words import CLEAR_KEY, INVERT_KEY, KEYS, tool_name, tool_tip
from .painting import TOOLS, Tool

if TYPE_CHECKING:
    from .stage import Stage
    from .window import MainWindow

DRAWING = ("tool:clear", "tool:invert")
BRUSH = ("brush:larger", "brush:smaller", "brush:softer", "brush:harder", "brush:more", "brush:less")
KEYBOARD = ("canvasAction", "pinAction")


def stage_of(window: MainWindow) -> Stage:
    return cast("Stage", window.panels.panels["stage"].view)


class DrawActions(QObject):
    """Makes them for a window, in the language of the moment. They follow the canvas, and are there while one can paint."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window = window
        self._canvas = stage_of(window).canvas
        self._canvas.tools_changed.connect(window.refresh)

    def table(self) -> list[Action]:
        return [*self._tools(), *self._brush(), *self._keyboard()]

    def _tools(self) -> Iterator[Action]:
        canvas = self._canvas
        for tool in TOOLS:
            yield self._action(
                "tool:" + tool,
                tool_name(tool),
                partial(canvas.choose_tool, tool),
                KEYS[tool],
                tool_tip(tool),
                icon="tool_" + tool,
                checked=partial(self._chosen, tool),
            )
        yield self._action(
            "tool:clear", self.tr("&Clear"), canvas.clear, CLEAR_KEY, self.tr("A blank canvas"), icon="tool_clear"
        )
        yield self._action(
            "tool:invert",
            self.tr("&Invert"),
            canvas.invert,
            INVERT_KEY,
            self.tr("Full where it is empty, empty where it is full"),
            icon="tool_invert",
        )

    def _brush(self) -> Iterator[Action]:
        canvas = self._canvas
        texts = (
            self.tr("&Larger Brush"),
            self.tr("&Smaller Brush"),
            self.tr("S&ofter Brush"),
            self.tr("&Harder Brush"),
            self.tr("&More Ink"),
            self.tr("L&ess Ink"),
        )
        does = (
            partial(canvas.resize_brush, 1.25),
            partial(canvas.resize_brush, 1 / 1.25),
            partial(canvas.soften_brush, 0.1),
            partial(canvas.soften_brush, -0.1),
            partial(canvas.ink_brush, 0.1),
            partial(canvas.ink_brush, -0.1),
        )
        keys = ("Ctrl+]", "Ctrl+[", "Alt+]", "Alt+[", "Ctrl+Alt+]", "Ctrl+Alt+[")
        for name, text, run, key in zip(BRUSH, texts, does, keys, strict=True):
            yield self._action(name, text, run, key)

    def _keyboard(self) -> Iterator[Action]:
        yield self._action(
            "canvasAction",
            self.tr("Draw with the &Keyboard"),
            self._take_keyboard,
            "F8",
            self.tr("Arrow keys move a cursor on the canvas; Space puts the tool down, and up again"),
        )
        yield self._action(
            "pinAction",
            self.tr("&Pin the Point at the Cursor"),
            self._canvas.pin,
            "Ctrl+Return",
            self.tr("Its log-density stays in view, for target, model and ledger; once more lets it go"),
        )

    def _action(
        self,
        name: str,
        text: str,
        run: Callable[[], object],
        key: str,
        tip: str = "",
        *,
        icon: str = "",
        checked: Callable[[Facts], bool] | None = None,
    ) -> Action:
        return Action(
            id=name,
            group=self.tr("Draw"),
            text=text,
            run=run,
            shortcuts=(key,),
            icon=icon,
            tip=tip,
            enabled=self._paintable,
            checked=checked,
            why=self._why,
        )

    def _take_keyboard(self) -> None:
        self._window.panels.show("stage", True)
        self._canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _chosen(self, tool: Tool, _facts: Facts) -> bool:
        return self._canvas.tool == tool

    def _paintable(self, _facts: Facts) -> bool:
        return self._canvas.paintable

    def _why(self) -> str:
        info = self._canvas.target_info
        if info is None:
            return str(self.tr("The target is not known yet"))
        words = self.tr("%n dimension(s) cannot be painted; a blank canvas has two", "", info.event_shape[0])
        return str(words)
