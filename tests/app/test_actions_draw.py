"""The canvas's tools in menus, keys, palette and shortcut sheet: each does what its button does, and follows it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QTreeWidget

from flowviz.app.actions_draw import stage_of
from flowviz.app.canvas import TargetCanvas
from flowviz.app.painting import LEAST_INK, SIZES, TOOLS, Brush, Tool
from flowviz.app.window import MainWindow
from flowviz.pipeline import NAMED, DrawnTarget
from tests.app import stage_events as events

ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
OF_THE_CANVAS = ("tool:", "brush:", "canvasAction", "pinAction")


@pytest.fixture
def drawing(window: MainWindow, qtbot) -> TargetCanvas:
    """The canvas of a window that is in front, with nothing on it."""
    window.document.replace_target(DrawnTarget(), "blank")
    with qtbot.waitExposed(window):
        window.activateWindow()
    window.refresh()
    return stage_of(window).canvas


def names(window: MainWindow) -> list[str]:
    return [name for name in window.action_set.table if name.startswith(OF_THE_CANVAS)]


@pytest.mark.parametrize("tool", TOOLS)
def test_a_key_chooses_the_tool(window: MainWindow, drawing: TargetCanvas, qtbot, tool: Tool) -> None:
    drawing.choose_tool("brush" if tool != "brush" else "line")
    qtbot.keyClick(window, Qt.Key(Qt.Key.Key_1 + TOOLS.index(tool)), ALT)
    qtbot.waitUntil(lambda: drawing.tool == tool)
    buttons = stage_of(window).target.tools.buttons
    for other in TOOLS:
        assert buttons[other].isChecked() == (other == tool)
        assert window.action_set["tool:" + other].isChecked() == (other == tool)


def test_the_menu_follows_the_buttons(window: MainWindow, drawing: TargetCanvas, qtbot) -> None:
    qtbot.mouseClick(stage_of(window).target.tools.buttons["disc"], Qt.MouseButton.LeftButton)
    assert window.action_set["tool:disc"].isChecked()
    assert not window.action_set["tool:brush"].isChecked()
    window.action_set["tool:disc"].trigger()  # chosen again, it is still the one
    assert window.action_set["tool:disc"].isChecked()
    assert not window.action_set["tool:disc"].isIconVisibleInMenu()  # it would stand where the mark does


def test_clear_and_invert(window: MainWindow, drawing: TargetCanvas) -> None:
    window.action_set["tool:invert"].trigger()
    assert window.document.project.target.array().all()  # type: ignore[union-attr]
    window.action_set["tool:clear"].trigger()
    assert drawing.blank
    window.action_set["undoAction"].trigger()
    assert not drawing.blank


def test_size_softness_and_ink(window: MainWindow, drawing: TargetCanvas, qtbot) -> None:
    tools = stage_of(window).target.tools
    drawing.brush = Brush(size=20, softness=0.5, strength=0.5)
    qtbot.keyClick(window, Qt.Key.Key_BracketRight, CONTROL)
    qtbot.waitUntil(lambda: drawing.brush.size == 25)
    qtbot.keyClick(window, Qt.Key.Key_BracketRight, ALT)
    qtbot.waitUntil(lambda: drawing.brush.softness == 0.6)
    window.action_set["brush:more"].trigger()
    assert drawing.brush == Brush(size=25, softness=0.6, strength=0.6)
    assert (tools.softness_bar.value(), tools.strength_bar.value()) == (60, 60)
    for _ in range(40):
        for name in ("brush:larger", "brush:softer", "brush:more"):
            window.action_set[name].trigger()
    assert drawing.brush == Brush(size=SIZES[1], softness=1, strength=1)
    for _ in range(40):
        for name in ("brush:smaller", "brush:harder", "brush:less"):
            window.action_set[name].trigger()
    assert drawing.brush == Brush(size=SIZES[0], softness=0, strength=LEAST_INK)


def test_a_key_takes_the_keyboard_to_the_canvas(window: MainWindow, drawing: TargetCanvas, qtbot) -> None:
    window.panels.show("stage", False)
    qtbot.keyClick(window, Qt.Key.Key_F8)
    qtbot.waitUntil(drawing.hasFocus)
    assert drawing.isVisible()
    assert drawing.cursor.shown
    qtbot.keyClick(drawing, Qt.Key.Key_Space)
    qtbot.keyClick(drawing, Qt.Key.Key_Right)
    qtbot.keyClick(drawing, Qt.Key.Key_Space)
    assert not drawing.blank
    assert window.document.undo_stack.undoText() == "Brush stroke"


def test_the_point_at_the_cursor_is_pinned_and_let_go(window: MainWindow, drawing: TargetCanvas, qtbot) -> None:
    window.action_set["pinAction"].trigger()
    assert window.document.project.view.pinned == pytest.approx((0, 0))
    window.action_set["pinAction"].trigger()
    assert window.document.project.view.pinned == ()


def test_they_are_there_while_one_can_paint_and_say_why_when_not(window: MainWindow, drawing: TargetCanvas) -> None:
    assert len(names(window)) == len(TOOLS) + 10
    assert all(window.action_set[name].isEnabled() for name in names(window))
    window.action_set[wide(window)].trigger()
    drawing.set_target_info(events.wide_target())
    for name in names(window):
        assert not window.action_set[name].isEnabled(), name
        assert window.action_set[name].toolTip().endswith("8 dimensions cannot be painted; a blank canvas has two")
    window.document.replace_target(DrawnTarget(), "blank")
    window.refresh()
    assert all(window.action_set[name].isEnabled() for name in names(window))
    assert "cannot" not in window.action_set["tool:line"].toolTip()


def wide(window: MainWindow) -> str:
    """An action that chooses a target of eight dimensions."""
    return "target:" + next(name for name, info in NAMED.items() if info.dimensions == 8)


def test_contours_and_difference_say_why_not(window: MainWindow, drawing: TargetCanvas) -> None:
    contours, difference = (window.action_set["view:" + name] for name in ("contours", "difference"))
    assert contours.isEnabled()
    difference.trigger()
    window.refresh()
    assert difference.isChecked()
    assert window.document.project.view.difference
    window.action_set[wide(window)].trigger()
    drawing.set_target_info(events.wide_target())
    for action in (contours, difference):
        assert not action.isEnabled()
        assert "Only for two dimensions" in action.toolTip()


def test_the_palette_finds_them_and_the_sheet_lists_them(window: MainWindow, drawing: TargetCanvas, qtbot) -> None:
    finder = window.tool_bar.finder
    window.action_set["findAction"].trigger()
    qtbot.keyClicks(finder, "draw filled")
    assert finder.found()[0] == "tool:disc"
    qtbot.keyClick(finder, Qt.Key.Key_Return)
    assert drawing.tool == "disc"
    window.action_set["shortcutsAction"].trigger()
    sheet = window.findChild(QTreeWidget, "shortcutList")
    assert isinstance(sheet, QTreeWidget)
    rows = {}
    for i in range(sheet.topLevelItemCount()):
        head = sheet.topLevelItem(i)
        assert head is not None
        rows[head.text(0)] = {head.child(k).text(0): head.child(k).text(1) for k in range(head.childCount())}
    for name in names(window):
        action = window.action_set[name]
        key = QKeySequence(action.shortcut()).toString(QKeySequence.SequenceFormat.NativeText)
        assert rows["Draw"][action.iconText()] == key
    assert rows["With the keyboard on the canvas"]["Put the tool down, and up again"] == "Space, Enter"


def test_the_buttons_tell_their_keys(window: MainWindow, drawing: TargetCanvas) -> None:
    tools = stage_of(window).target.tools
    assert tools.buttons["brush"].toolTip().startswith("Brush (Alt+1)\n")
    assert tools.clear_button.toolTip() == "Clear: a blank canvas (Alt+8)"
