"""The tools of the canvas in words: their names, what they do, the keys that choose them, and the undo steps they leave."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from .painting import TOOLS, Tool

KEYS: dict[Tool, str] = {tool: f"Alt+{number}" for number, tool in enumerate(TOOLS, 1)}
"""Portable key sequences, in the order of the buttons; clear and invert come after them there, and here."""
CLEAR_KEY, INVERT_KEY = "Alt+8", "Alt+9"


def tool_name(tool: Tool) -> str:
    """What the tool is called."""
    names: dict[Tool, str] = {
        "brush": QCoreApplication.translate("tools", "Brush"),
        "spray": QCoreApplication.translate("tools", "Spray"),
        "eraser": QCoreApplication.translate("tools", "Eraser"),
        "line": QCoreApplication.translate("tools", "Line"),
        "ellipse": QCoreApplication.translate("tools", "Ellipse"),
        "disc": QCoreApplication.translate("tools", "Filled ellipse"),
        "text": QCoreApplication.translate("tools", "Text"),
    }
    return names[tool]


def tool_tip(tool: Tool) -> str:
    """What it does, in a sentence."""
    tips: dict[Tool, str] = {
        "brush": QCoreApplication.translate(
            "tools", "Paint density. Shift: level or upright. [ and ]: size. Escape: take back"
        ),
        "spray": QCoreApplication.translate("tools", "Spray dots; they build up while the mouse rests"),
        "eraser": QCoreApplication.translate("tools", "Take density away"),
        "line": QCoreApplication.translate("tools", "A straight line. Shift: at 0, 45 or 90 degrees"),
        "ellipse": QCoreApplication.translate("tools", "The outline of an ellipse. Shift: a circle"),
        "disc": QCoreApplication.translate("tools", "An ellipse and all that is in it. Shift: a circle"),
        "text": QCoreApplication.translate("tools", "Put the words of the field below where you press"),
    }
    return tips[tool]


def stroke_name(tool: Tool) -> str:
    """What the undo step of a stroke is called."""
    names: dict[Tool, str] = {
        "brush": QCoreApplication.translate("tools", "Brush stroke"),
        "eraser": QCoreApplication.translate("tools", "Erase"),
    }
    return names.get(tool) or tool_name(tool)


def canvas_keys() -> list[tuple[str, str]]:
    """(what they do, keys) of the keys that work while the canvas has the keyboard."""
    return [
        (QCoreApplication.translate("tools", "Move the cursor"), QCoreApplication.translate("tools", "Arrow keys")),
        (
            QCoreApplication.translate("tools", "Move it in large steps"),
            QCoreApplication.translate("tools", "Shift + arrow keys"),
        ),
        (
            QCoreApplication.translate("tools", "Put the tool down, and up again"),
            QCoreApplication.translate("tools", "Space, Enter"),
        ),
        (QCoreApplication.translate("tools", "Take the stroke back"), QCoreApplication.translate("tools", "Escape")),
        (QCoreApplication.translate("tools", "Smaller and larger brush"), "[   ]"),
        (
            QCoreApplication.translate("tools", "Move the view"),
            QCoreApplication.translate("tools", "Ctrl + arrow keys"),
        ),
        (QCoreApplication.translate("tools", "Zoom in, zoom out, show all"), "+   −   0"),
    ]
