"""Painting on the canvas with a real mouse; what counts is the document."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from flowviz.app import painting, painting_text, pictures
from flowviz.app.canvas import TargetCanvas
from flowviz.app.canvas_tools import CanvasTools
from flowviz.app.document import Document
from flowviz.app.painting import Brush
from flowviz.pipeline import CANVAS, DrawnTarget, NamedTarget, Project
from tests.app import stage_events as events
from tests.app.plane_hand import CONTROL, LEFT, SHIFT, Hand, wheel


@pytest.fixture
def drawing(qapp):
    return Document(Project(target=DrawnTarget()))


@pytest.fixture
def canvas(drawing, qtbot):
    made = TargetCanvas(drawing)
    qtbot.addWidget(made)
    made.resize(420, 420)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def hand(canvas, qtbot):
    return Hand(canvas, qtbot)


def cells(document):
    """The document's drawing as numbers in 0..1."""
    return painting.from_weights(document.project.target.array())


def cell(x, y):
    """(row, column) of a place on the usual canvas."""
    return int((y + 4) * 32), int((x + 4) * 32)


def test_a_stroke_is_painted_where_the_mouse_went_as_one_undo_step(canvas, drawing, hand):
    canvas.brush = Brush(size=16, softness=0, strength=1)
    hand.drag((-2, -1), (0, -1), (2, 1))
    painted = cells(drawing)
    for x, y in ((-2, -1), (-1, -1), (0, -1), (1, 0), (2, 1)):
        assert painted[cell(x, y)] == 1, (x, y)
    for x, y in ((-2, 1), (2, -1), (0, 0.6), (3, 1)):
        assert painted[cell(x, y)] == 0, (x, y)
    assert drawing.undo_stack.count() == 1
    assert drawing.undo_stack.undoText() == "Brush stroke"
    drawing.undo_stack.undo()
    assert not drawing.project.target.array().any()
    assert canvas.blank
    drawing.undo_stack.redo()
    np.testing.assert_array_equal(cells(drawing), painted)


def test_the_picture_shows_the_stroke_before_the_document_has_it(canvas, drawing, hand):
    empty = canvas.grab().toImage()
    hand.press(0, 0)
    hand.move(1, 1)
    assert canvas.painting
    assert drawing.undo_stack.count() == 0
    assert canvas.grab().toImage() != empty
    place = canvas.to_widget(0.5, 0.5).toPoint()
    assert canvas.grab().toImage().pixelColor(place) != empty.pixelColor(place)
    hand.release(1, 1)
    assert not canvas.painting


def test_the_document_gets_the_stroke_while_it_is_made(canvas, drawing, hand, qtbot):
    hand.press(-2, 0)
    hand.move(0, 0)
    with qtbot.waitSignal(drawing.changed):
        pass
    assert canvas.painting
    first = cells(drawing)
    assert first[cell(-1, 0)] > 0
    assert first[cell(1.5, 0)] == 0
    hand.move(2, 0)
    with qtbot.waitSignal(drawing.changed):
        pass
    hand.release(2, 0)
    assert cells(drawing)[cell(1.5, 0)] > 0
    assert drawing.undo_stack.count() == 1
    drawing.undo_stack.undo()
    assert not drawing.project.target.array().any()


def test_the_drawings_log_density_is_exact(canvas, drawing, hand):
    hand.drag((-2, -1), (2, 1))
    density = drawing.project.target.array() / drawing.project.target.array().sum() * 32**2
    assert canvas.exact_log_density(0.1, 0.0) == pytest.approx(np.log(density[cell(0.1, 0.0)]), rel=1e-5)
    assert canvas.exact_log_density(-3, 3) == -np.inf
    assert canvas.exact_log_density(5, 0) == -np.inf


def test_two_strokes_are_two_steps(canvas, drawing, hand):
    hand.drag((-2, 0), (-1, 0))
    hand.drag((1, 0), (2, 0))
    assert drawing.undo_stack.count() == 2
    drawing.undo_stack.undo()
    assert cells(drawing)[cell(-1.5, 0)] > 0
    assert cells(drawing)[cell(1.5, 0)] == 0


@pytest.mark.parametrize("pushed", [False, True])
def test_escape_takes_the_stroke_back(canvas, drawing, hand, qtbot, pushed):
    hand.drag((-2, 2), (2, 2))
    before = drawing.project.target
    hand.press(-2, -2)
    hand.move(2, -2)
    if pushed:
        with qtbot.waitSignal(drawing.changed):
            pass
        assert drawing.project.target != before
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert drawing.project.target == before
    assert drawing.undo_stack.count() == 1
    assert not drawing.undo_stack.canRedo()
    hand.move(3, 3)
    hand.release(3, 3)
    assert drawing.project.target == before
    np.testing.assert_array_equal(canvas.start_cells()[0], cells(drawing))


def test_undo_in_mid_stroke_wins(canvas, drawing, hand, qtbot):
    hand.press(0, 0)
    hand.move(1, 1)
    with qtbot.waitSignal(drawing.changed):
        pass
    drawing.undo_stack.undo()
    assert not canvas.painting
    hand.move(2, 2)
    hand.release(2, 2)
    assert not drawing.project.target.array().any()


def test_every_tool_paints(canvas, drawing, hand):
    marks = {}
    for tool in painting.TOOLS:
        drawing.replace_target(DrawnTarget(), "blank")
        if tool == "eraser":
            canvas.invert()
        before = cells(drawing)
        canvas.tool = tool
        hand.drag((-2, -1), (1, 2))
        marks[tool] = np.abs(cells(drawing) - before)
        assert marks[tool].any(), tool
        assert marks[tool][cell(3.5, -3.5)] == 0, tool
    assert marks["disc"][cell(-0.5, 0.5)] > 0
    assert marks["ellipse"][cell(-0.5, 0.5)] == 0
    assert marks["line"][cell(-0.5, 0.5)] > 0
    assert marks["text"][cell(-2, -1)] == 0  # a stamp goes with the mouse


def test_shift_draws_a_circle_and_a_level_line(canvas, drawing, hand, qtbot):
    canvas.tool = "disc"
    canvas.brush = Brush(size=4, softness=0, strength=1)
    hand.drag((-2, -2), (0, 2), modifier=SHIFT)
    rows, columns = np.nonzero(cells(drawing) > 0.5)
    assert abs(np.ptp(rows) - np.ptp(columns)) <= 1
    canvas.clear()
    canvas.tool = "line"
    hand.press(-2, -2)
    hand.move(2, -1.8)
    qtbot.keyPress(canvas, Qt.Key.Key_Shift)
    hand.release(2, -1.8)
    rows, _ = np.nonzero(cells(drawing) > 0.5)
    assert np.ptp(rows) <= 4


def test_a_resting_spray_goes_on(canvas, drawing, hand, qtbot):
    canvas.tool = "spray"
    hand.press(0, 0)
    first = canvas.density.values.copy()
    qtbot.waitUntil(lambda: not np.array_equal(canvas.density.values, first))
    hand.release(0, 0)


def test_clear_and_invert_are_steps(canvas, drawing, hand):
    hand.drag((-1, 0), (1, 0))
    canvas.invert()
    assert cells(drawing)[cell(3, 3)] == 1
    canvas.clear()
    assert not cells(drawing).any()
    assert [drawing.undo_stack.text(i) for i in range(3)] == ["Brush stroke", "Invert the canvas", "Clear the canvas"]
    drawing.undo_stack.undo()
    assert cells(drawing)[cell(3, 3)] == 1


def test_painting_on_a_named_density_starts_from_it(qapp, qtbot):
    document = Document(Project(target=NamedTarget()))
    canvas = TargetCanvas(document)
    qtbot.addWidget(canvas)
    canvas.resize(400, 400)
    with qtbot.waitExposed(canvas):
        canvas.show()
    hand = Hand(canvas, qtbot)
    hand.drag((-2, -2), (-1, -2))
    assert document.undo_stack.count() == 0  # nothing is known of it yet
    canvas.set_target_info(events.target(middle=(1.0, 0.0)))
    hand.drag((-2.5, -3), (-1.5, -3))
    target = document.project.target
    assert isinstance(target, DrawnTarget)
    drawn = cells(document)
    row, column = np.unravel_index(drawn[100:156].argmax(), (56, CANVAS))
    assert (column / 32 - 4, (row + 100) / 32 - 4) == pytest.approx((1, 0), abs=0.1)
    assert drawn[cell(-2, -3)] > 0.5
    document.undo_stack.undo()
    assert document.project.target == NamedTarget()


def test_painting_on_points_starts_from_them(qapp, qtbot):
    document = Document(Project(target=NamedTarget(name="swiss_roll")))
    canvas = TargetCanvas(document)
    qtbot.addWidget(canvas)
    canvas.set_target_info(events.target(known=False))
    assert canvas.density is None
    assert canvas.exact_log_density(0, 0) is None
    start, box = canvas.start_cells()
    total = start.sum()
    x, y = events.centres(box, CANVAS)
    expected = events.points().mean(axis=0)
    assert ((start * x).sum() / total, (start * y).sum() / total) == pytest.approx(expected, abs=0.05)


def test_other_targets_are_not_painted_on(qapp, qtbot):
    document = Document(Project(target=NamedTarget(name="eight_dimensions")))
    canvas = TargetCanvas(document)
    qtbot.addWidget(canvas)
    canvas.set_target_info(events.wide_target())
    assert not canvas.paintable
    canvas.set_target_info(events.line_target())
    assert not canvas.paintable
    assert canvas.density is None
    canvas.invert()
    assert document.undo_stack.count() == 0
    canvas.clear()
    assert document.project.target == DrawnTarget.from_array(painting.blank())


def test_a_damaged_drawing_shows_as_blank(qapp, qtbot):
    canvas = TargetCanvas(Document(Project(target=DrawnTarget(cells=b"nonsense"))))
    qtbot.addWidget(canvas)
    assert canvas.blank


def test_the_ring_is_as_wide_as_the_brush(canvas, hand, qtbot):
    hand.move(1, 1, buttons=None)
    ring = canvas.rings[1]
    assert ring.isVisible()
    assert ring.rect().center().x() == pytest.approx(1, abs=0.05)
    assert ring.rect().width() == pytest.approx(canvas.brush.size / 32)
    qtbot.keyClick(canvas, Qt.Key.Key_BracketRight)
    assert canvas.brush.size == pytest.approx(28 * 1.25)
    hand.move(1, 1, buttons=None)
    assert ring.rect().width() == pytest.approx(canvas.brush.size / 32)


def test_wheel_zooms_around_the_mouse_and_the_middle_button_moves(canvas, drawing, hand):
    hand.press(1, 1, button=Qt.MouseButton.MiddleButton)
    hand.move(2, 1, buttons=Qt.MouseButton.MiddleButton)
    hand.release(2, 1, button=Qt.MouseButton.MiddleButton)
    assert drawing.undo_stack.count() == 0
    assert not canvas.fitted
    left = canvas.visible_box()[0]
    assert left < -4.5
    canvas.fit_by_user()
    place = canvas.to_widget(2, -1)
    wheel(canvas, place, 120)
    assert canvas.visible_box()[1] - canvas.visible_box()[0] < 8
    again = canvas.to_widget(2, -1)
    assert (again - place).manhattanLength() < 2


def test_control_click_pins_and_paints_nothing(canvas, drawing, hand, qtbot):
    with qtbot.waitSignal(canvas.clicked) as told:
        hand.press(1, 2, modifier=CONTROL)
        hand.release(1, 2, modifier=CONTROL)
    assert told.args == pytest.approx([1, 2], abs=0.05)
    assert drawing.undo_stack.count() == 0


def test_tools_choose_and_tell(canvas, drawing, hand, qtbot):
    tools = CanvasTools(canvas)
    qtbot.addWidget(tools)
    tools.show()
    for tool, button in tools.buttons.items():
        qtbot.mouseClick(button, LEFT)
        assert canvas.tool == tool
        assert button.isChecked()
        assert button.accessibleName()
        assert button.toolTip()
        assert not button.icon().isNull()
    tools.choose("text")
    tools.text.setText("abc")
    assert canvas.text == "abc"
    assert tools.text.isVisible()
    tools.size_bar.setValue(0)
    tools.softness_bar.setValue(25)
    tools.strength_bar.setValue(50)
    assert canvas.brush == Brush(size=1.0, softness=0.25, strength=0.5)
    assert tools.size_bar.words() == "Size 1"
    qtbot.mousePress(tools.size_bar, LEFT, pos=tools.size_bar.rect().center())
    assert canvas.brush.size == pytest.approx(painting.SIZES[1] / 4, abs=3)
    qtbot.mouseRelease(tools.size_bar, LEFT)
    qtbot.mouseClick(tools.invert_button, LEFT)
    assert cells(drawing).all()
    qtbot.mouseClick(tools.clear_button, LEFT)
    assert not cells(drawing).any()
    tools.set_paintable(False)
    assert not tools.buttons["brush"].isEnabled()
    assert tools.clear_button.isEnabled()


def test_letters_become_a_mask(qapp):
    brush = Brush(size=30, softness=0)
    mask = painting_text.text_stamp("T", brush)
    assert mask.max() == 1
    rows = np.nonzero(mask.max(axis=1) > 0.5)[0]
    top, bottom = mask[rows[-1]], mask[rows[0]]
    assert (top > 0.5).sum() > 2 * (bottom > 0.5).sum()  # row 0 is at the bottom: the bar of the T comes last
    assert painting_text.text_stamp("TT", brush).sum() > 1.5 * mask.sum()
    assert not painting_text.text_stamp("  ", brush).any()
    soft = painting_text.text_stamp("T", Brush(size=30, softness=1))
    assert soft.shape > mask.shape


def test_levels_enclose_the_mass_of_the_drawing(canvas, hand):
    hand.drag((-2, 0), (2, 0))
    assert len(canvas.levels) == len(pictures.SHARES)
    canvas.show_levels(True)
    assert canvas.lines.xData is not None
    canvas.show_levels(False)
    assert canvas.lines.xData is None
