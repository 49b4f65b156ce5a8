"""Painting with real keys; what counts is the document, and what is seen."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from flowviz.app import painting
from flowviz.app.canvas import TargetCanvas
from flowviz.app.canvas_cursor import STEP, STRIDE
from flowviz.app.document import Document
from flowviz.app.painting import Brush
from flowviz.pipeline import CANVAS, DrawnTarget, NamedTarget, Project
from tests.app import stage_events as events
from tests.app.plane_hand import CONTROL, SHIFT, Hand

LEFT, RIGHT, UP, DOWN = Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down
SPACE, ENTER, ESCAPE = Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape
UNIT = 8 / CANVAS
"""Data units of a cell of the usual canvas."""


@pytest.fixture
def drawing(qapp):
    return Document(Project(target=DrawnTarget()))


@pytest.fixture
def page(drawing, qtbot):
    """A field, and the canvas after it in the order of the Tab key."""
    made = QWidget()
    made.field = QLineEdit()
    made.canvas = TargetCanvas(drawing)
    made.canvas.setFixedSize(420, 420)
    column = QVBoxLayout(made)
    column.addWidget(made.field)
    column.addWidget(made.canvas)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.field.setFocus()
    qtbot.waitUntil(made.field.hasFocus)
    return made


@pytest.fixture
def canvas(page, qtbot):
    """The canvas, to which the Tab key has brought the keyboard."""
    qtbot.keyClick(page.field, Qt.Key.Key_Tab)
    qtbot.waitUntil(page.canvas.hasFocus)
    page.canvas.brush = Brush(size=16, softness=0, strength=1)
    return page.canvas


@pytest.fixture
def press(canvas, qtbot):
    """Presses keys, one after another."""

    def pressing(*keys, modifier=Qt.KeyboardModifier.NoModifier):
        for key in keys:
            qtbot.keyClick(canvas, key, modifier)

    return pressing


def cells(document):
    return painting.from_weights(document.project.target.array())


def cell(x, y):
    return int((y + 4) * 32), int((x + 4) * 32)


def place(canvas):
    return canvas.cursor.place.x(), canvas.cursor.place.y()


def test_the_arrows_move_a_cursor_that_is_seen(canvas, press):
    assert canvas.cursor.shown
    assert place(canvas) == (0, 0)
    canvas.cursor.cross.hide()
    without = canvas.grab().toImage()
    press(RIGHT, RIGHT, UP)
    assert place(canvas) == pytest.approx((2 * STEP * UNIT, STEP * UNIT))
    press(LEFT, DOWN, modifier=SHIFT)
    assert place(canvas) == pytest.approx(((2 * STEP - STRIDE) * UNIT, (STEP - STRIDE) * UNIT))
    seen = canvas.grab().toImage()
    arm = canvas.to_widget(*place(canvas)).toPoint()
    arm.setX(arm.x() + 8)
    assert seen.pixelColor(arm) != without.pixelColor(arm)
    assert canvas.rings[1].isVisible()
    assert canvas.rings[1].rect().center().x() == pytest.approx(place(canvas)[0], abs=0.01)


def test_the_cursor_stays_on_the_canvas_and_the_view_follows(canvas, press):
    press(*[RIGHT] * 6, modifier=SHIFT)
    assert place(canvas) == (4, 0)
    canvas.zoom(4)
    assert canvas.visible_box()[1] < 4
    press(RIGHT)
    assert canvas.visible_box()[1] == pytest.approx(4)


@pytest.mark.parametrize("key", [SPACE, ENTER])
def test_the_brush_paints_along_while_it_is_down_as_one_undo_step(canvas, drawing, press, key):
    press(LEFT, modifier=SHIFT)
    before = canvas.grab().toImage()
    press(key)
    assert canvas.painting
    press(RIGHT, RIGHT, modifier=SHIFT)
    spot = canvas.to_widget(0.5, 0.0).toPoint()
    assert canvas.grab().toImage().pixelColor(spot) != before.pixelColor(spot)
    press(key)
    assert not canvas.painting
    press(UP, modifier=SHIFT)
    painted = cells(drawing)
    for x in (-1, -0.5, 0, 0.5, 1):
        assert painted[cell(x, 0)] == 1, x
    for x, y in ((1, 0.6), (1, 1), (-1.5, 0), (1.5, 0)):
        assert painted[cell(x, y)] == 0, (x, y)
    assert drawing.undo_stack.count() == 1
    assert drawing.undo_stack.undoText() == "Brush stroke"
    drawing.undo_stack.undo()
    assert canvas.blank


def test_a_key_that_is_held_puts_the_tool_down_once(canvas, drawing, qtbot):
    for repeated in (False, True, True):
        held = QKeyEvent(QEvent.Type.KeyPress, SPACE, Qt.KeyboardModifier.NoModifier, " ", repeated)
        QApplication.sendEvent(canvas, held)
    assert canvas.painting
    assert drawing.undo_stack.count() == 0


def test_the_eraser_takes_away_and_the_spray_goes_on(canvas, drawing, press, qtbot):
    canvas.invert()
    canvas.choose_tool("eraser")
    press(SPACE, RIGHT, SPACE)
    assert cells(drawing)[cell(0, 0)] == 0
    assert cells(drawing)[cell(2, 2)] == 1
    canvas.clear()
    canvas.choose_tool("spray")
    press(SPACE)
    first = canvas.density.values.copy()
    qtbot.waitUntil(lambda: not np.array_equal(canvas.density.values, first))
    press(SPACE)
    assert not canvas.painting
    assert cells(drawing).any()


def test_a_line_is_anchored_by_the_first_press_and_done_by_the_second(canvas, drawing, press):
    canvas.choose_tool("line")
    press(SPACE)
    press(UP, RIGHT, modifier=SHIFT)
    press(SPACE)
    painted = cells(drawing)
    assert painted[cell(0, 0)] == painted[cell(0.5, 0.5)] == painted[cell(1, 1)] == 1
    assert painted[cell(0, 1)] == 0  # where the cursor went, and the line does not
    assert drawing.undo_stack.count() == 1


def test_an_ellipse_lies_between_the_two_presses(canvas, drawing, press):
    canvas.choose_tool("disc")
    press(ENTER)
    press(UP, RIGHT, RIGHT, modifier=SHIFT)
    press(ENTER)
    painted = cells(drawing)
    rows, columns = np.nonzero(painted > 0.5)
    assert (np.ptp(columns), np.ptp(rows)) == (pytest.approx(64, abs=2), pytest.approx(32, abs=2))
    assert painted[cell(1, 0.5)] == 1
    assert painted[cell(1.95, 0.05)] == 0


@pytest.mark.parametrize("pushed", [False, True])
def test_escape_takes_the_stroke_back(canvas, drawing, press, qtbot, pushed):
    press(SPACE)
    press(RIGHT, modifier=SHIFT)
    if pushed:
        with qtbot.waitSignal(drawing.changed):
            pass
    press(ESCAPE)
    assert not canvas.painting
    assert not cells(drawing).any()
    assert not drawing.undo_stack.canUndo()
    assert not drawing.undo_stack.canRedo()
    press(SPACE, SPACE)
    assert cells(drawing)[cell(1, 0)] == 1  # the keys go on where they were


def test_undo_in_mid_stroke_puts_the_tool_up(canvas, drawing, press, qtbot):
    press(SPACE)
    with qtbot.waitSignal(drawing.changed):
        pass
    drawing.undo_stack.undo()
    assert not canvas.painting
    assert " up " in canvas.accessibleDescription()
    press(RIGHT)
    assert not cells(drawing).any()


def test_another_tool_ends_the_stroke_of_the_one_before(canvas, drawing, press):
    press(SPACE)
    canvas.choose_tool("eraser")
    assert not canvas.painting
    assert drawing.undo_stack.undoText() == "Brush stroke"


def test_it_is_said_where_the_tool_is_in_data_units(canvas, press):
    press(RIGHT, modifier=SHIFT)
    assert canvas.accessibleDescription() == "Brush up at (1.00, 0.00)"
    press(SPACE, DOWN)
    assert canvas.accessibleDescription() == "Brush down at (1.00, −0.12)"
    press(SPACE)
    canvas.choose_tool("line")
    assert canvas.accessibleDescription() == "Line up at (1.00, −0.12)"


def test_the_keyboard_that_leaves_finishes_the_stroke(canvas, page, drawing, press, qtbot):
    press(SPACE, RIGHT)
    qtbot.keyClick(canvas, Qt.Key.Key_Tab)
    qtbot.waitUntil(page.field.hasFocus)
    assert not canvas.painting
    assert drawing.undo_stack.count() == 1
    assert not canvas.cursor.shown
    assert not canvas.rings[0].isVisible()
    assert "Space" in canvas.accessibleDescription()


def test_the_mouse_does_not_disturb_a_stroke_of_the_keys(canvas, drawing, press, qtbot):
    hand = Hand(canvas, qtbot)
    press(SPACE)
    hand.drag((2, 2), (3, 3))
    assert canvas.painting
    press(RIGHT, SPACE)
    assert cells(drawing)[cell(2, 2)] == 0
    assert cells(drawing)[cell(0, 0)] == 1


def test_the_keys_go_on_where_the_mouse_was(canvas, press, qtbot):
    hand = Hand(canvas, qtbot)
    hand.move(2, -1, buttons=None)
    assert not canvas.cursor.shown
    press(UP)
    assert canvas.cursor.shown
    assert place(canvas) == pytest.approx((2, -1 + STEP * UNIT), abs=0.03)


def test_keys_in_a_stroke_of_the_mouse_do_nothing(canvas, drawing, press, qtbot):
    hand = Hand(canvas, qtbot)
    hand.press(-2, -2)
    press(SPACE, RIGHT)
    assert canvas.painting
    hand.release(-2, -2)
    assert drawing.undo_stack.count() == 1


def test_control_and_an_arrow_move_the_view(canvas, press):
    before = canvas.visible_box()
    press(RIGHT, modifier=CONTROL)
    assert canvas.visible_box()[0] > before[0]
    assert place(canvas) == (0, 0)


def test_the_point_at_the_cursor_is_told_and_pinned(canvas, press, qtbot):
    with qtbot.waitSignal(canvas.hovered) as told:
        press(RIGHT, modifier=SHIFT)
    assert told.args == pytest.approx([1, 0])
    with qtbot.waitSignal(canvas.clicked) as pinned:
        canvas.pin()
    assert pinned.args == pytest.approx([1, 0])


def test_painting_on_a_named_density_starts_from_it(qapp, qtbot):
    document = Document(Project(target=NamedTarget()))
    canvas = TargetCanvas(document)
    qtbot.addWidget(canvas)
    canvas.resize(400, 400)
    with qtbot.waitExposed(canvas):
        canvas.show()
    qtbot.keyClick(canvas, SPACE)
    assert document.undo_stack.count() == 0  # nothing is known of it yet
    canvas.set_target_info(events.target(middle=(1.0, 0.0)))
    qtbot.keyClick(canvas, LEFT, SHIFT)
    qtbot.keyClick(canvas, LEFT, SHIFT)
    qtbot.keyClick(canvas, SPACE)
    qtbot.keyClick(canvas, SPACE)
    assert isinstance(document.project.target, DrawnTarget)
    assert cells(document)[cell(*place(canvas))] > 0.5


def test_where_there_is_nothing_to_paint_on_the_arrows_move_the_view(qapp, qtbot):
    canvas = TargetCanvas(Document(Project(target=NamedTarget(name="eight_dimensions"))))
    qtbot.addWidget(canvas)
    canvas.set_target_info(events.wide_target())
    before = canvas.visible_box()
    qtbot.keyClick(canvas, RIGHT)
    qtbot.keyClick(canvas, SPACE)
    assert canvas.visible_box() != before
    assert not canvas.painting
    assert not canvas.cursor.shown
