"""Forms: every spec gets one, what is typed is checked, and a value survives the way through the fields."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from flowviz.app.forms import Form, FormRow, VariantForm, converted
from flowviz.app.forms_fields import ChoiceBox, Switch, make_field, value_text
from flowviz.app.forms_numbers import NumberBox, RefusedError, in_range, number_text, read_number, stepped
from flowviz.pipeline import (
    BASES,
    KDE,
    LAYERS,
    MADE,
    MLP,
    AffineCoupling,
    ConvNet,
    ImageTarget,
    Parameter,
    PixelCNN,
    PixelRNN,
    SequenceTarget,
    TableTarget,
    Training,
    WaveNet,
    parameters,
)

NETWORKS: list[type[Struct]] = [MLP, MADE, ConvNet, PixelCNN, PixelRNN, WaveNet]
SPECS: list[type[Struct]] = [
    *LAYERS.values(),
    *BASES.values(),
    *NETWORKS,
    Training,
    TableTarget,
    ImageTarget,
    SequenceTarget,
]
NUMBERS = [p for spec in SPECS for p in parameters(spec) if p.type in ("int", "float")]


@pytest.fixture
def affine(qtbot: QtBot) -> Form:
    form = Form(AffineCoupling)
    qtbot.addWidget(form)
    form.show()
    return form


def heard(form: Form) -> list[tuple[Any, str, str]]:
    """Everything that the form tells from now on."""
    said: list[tuple[Any, str, str]] = []
    form.edited.connect(lambda *what: said.append(what))
    return said


def replace_text(qtbot: QtBot, editor: QWidget, text: str) -> None:
    line = editor.lineEdit() if isinstance(editor, NumberBox) else editor
    line.selectAll()  # type: ignore[attr-defined]
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    qtbot.keyClicks(line, text)
    qtbot.keyClick(editor, Qt.Key.Key_Return)


def another(parameter: Parameter) -> Any:
    """An allowed value other than the default."""
    match parameter.type:
        case "bool":
            return not parameter.default
        case "choice":
            return parameter.choices[-1]
        case "int" | "float":
            up = stepped(parameter, parameter.default, 3)
            return up if up != parameter.default else stepped(parameter, parameter.default, -3)
        case "numbers":
            return (7, 9, 11)
        case "strings":
            return ("first", "second")
        case "variant":
            return parameter.variants[-1]()
        case _:
            return "a word"


def enter(qtbot: QtBot, row: FormRow, value: Any) -> None:
    """Gives the field this value as a user would."""
    editor = row.editor
    if isinstance(editor, Switch):
        qtbot.mouseClick(editor, Qt.MouseButton.LeftButton, pos=QPoint(8, editor.height() // 2))
    elif isinstance(editor, ChoiceBox):
        editor.setFocus()
        while editor.value != value:
            before = editor.currentIndex()
            qtbot.keyClick(editor, Qt.Key.Key_Down)
            assert editor.currentIndex() > before
    else:
        replace_text(qtbot, editor, value_text(row.parameter, value))


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.__name__)
def test_every_field_of_every_spec_takes_another_value(qtbot: QtBot, spec: type[Struct]) -> None:
    form = Form(spec)
    qtbot.addWidget(form)
    form.show()
    assert set(form.rows) | set(form.forms) == {parameter.name for parameter in parameters(spec)}
    expected = form.value
    said = heard(form)
    for name, row in form.rows.items():
        if not row.editor.isEnabled():  # idle until another field says so
            continue
        value = another(row.parameter)
        enter(qtbot, row, value)
        expected = msgspec.structs.replace(expected, **{name: value})
        assert said[-1][0] == expected
        assert row.field.value == value
    # What the fields let through, the specs let through as well.
    assert msgspec.convert(msgspec.to_builtins(form.value), spec) == form.value


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.__name__)
def test_a_form_shows_the_value_that_it_is_given_and_tells_nobody(qtbot: QtBot, spec: type[Struct]) -> None:
    form = Form(spec)
    qtbot.addWidget(form)
    said = heard(form)
    value = spec(**{p.name: another(p) for p in parameters(spec) if p.type != "struct"})
    form.set_value(value)
    assert form.value == value
    assert {name: row.field.value for name, row in form.rows.items()} == {
        name: getattr(value, name) for name in form.rows
    }
    assert not said


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("log_scale_bound", "99"),
        ("log_scale_bound", "0"),
        ("log_scale_bound", "soft"),
        ("initial_std", "nan"),
        ("initial_std", ""),
    ],
)
def test_what_is_not_allowed_is_said_beside_the_field_and_changes_nothing(
    qtbot: QtBot, affine: Form, name: str, text: str
) -> None:
    said, row = heard(affine), affine.rows[name]
    replace_text(qtbot, row.editor, text)
    assert not said
    assert affine.value == AffineCoupling()
    assert row.error.isVisible()
    assert number_text(row.parameter.maximum or 0) in row.error.text()
    replace_text(qtbot, row.editor, "0.5")
    assert not row.error.isVisible()
    assert said[-1][0] == msgspec.structs.replace(AffineCoupling(), **{name: 0.5})


@pytest.mark.parametrize("text", ["64, x", "0", "4097", "1.5", ", ".join(["8"] * 17)])
def test_widths_that_are_no_widths_are_refused(qtbot: QtBot, affine: Form, text: str) -> None:
    said, row = heard(affine), affine.forms["conditioner"].rows["hidden"]
    replace_text(qtbot, row.editor, text)
    assert not said
    assert row.error.isVisible()


@pytest.mark.parametrize(("text", "widths"), [("32", (32,)), ("[8, 16]", (8, 16)), ("8 16;32", (8, 16, 32)), ("", ())])
def test_widths_are_read_as_people_write_them(qtbot: QtBot, affine: Form, text: str, widths: tuple[int, ...]) -> None:
    said = heard(affine)
    replace_text(qtbot, affine.forms["conditioner"].rows["hidden"].editor, text)
    assert said[-1][0] == AffineCoupling(conditioner=MLP(hidden=widths))


def test_half_typed_numbers_do_not_count_until_the_hand_rests(qtbot: QtBot, affine: Form) -> None:
    said, row = heard(affine), affine.forms["conditioner"].rows["hidden"]
    line = row.editor
    line.selectAll()  # type: ignore[attr-defined]
    qtbot.keyClicks(line, "128")
    assert not said
    qtbot.waitUntil(lambda: bool(said))
    assert [value.conditioner.hidden for value, _, _ in said] == [(128,)]


def test_one_sitting_at_a_field_has_one_merge_key(qtbot: QtBot, affine: Form) -> None:
    said, row = heard(affine), affine.rows["log_scale_bound"]
    row.editor.setFocus()
    qtbot.keyClick(row.editor, Qt.Key.Key_Up)
    qtbot.keyClick(row.editor, Qt.Key.Key_Up)
    affine.rows["label"].editor.setFocus()
    row.editor.setFocus()
    qtbot.keyClick(row.editor, Qt.Key.Key_Up)
    keys = [key for _, _, key in said]
    assert len(said) == 3
    assert keys[0] == keys[1] != keys[2]


def test_a_value_from_elsewhere_replaces_what_was_refused(qtbot: QtBot, affine: Form) -> None:
    row = affine.rows["log_scale_bound"]
    replace_text(qtbot, row.editor, "99")
    affine.set_value(AffineCoupling())
    assert row.editor.text() == "99"  # type: ignore[attr-defined]  # the same value: typing goes on
    affine.set_value(AffineCoupling(log_scale_bound=2.0))
    assert row.editor.text() == "2"  # type: ignore[attr-defined]
    assert not row.error.isVisible()


def test_escape_gives_up_what_was_typed(qtbot: QtBot, affine: Form) -> None:
    said = heard(affine)
    for row in (affine.rows["log_scale_bound"], affine.forms["conditioner"].rows["hidden"]):
        line = row.editor.lineEdit() if isinstance(row.editor, NumberBox) else row.editor
        before = line.text()  # type: ignore[attr-defined]
        qtbot.keyClicks(line, "x")
        assert row.error.isVisible()
        qtbot.keyClick(row.editor, Qt.Key.Key_Escape)
        assert line.text() == before  # type: ignore[attr-defined]
        assert not row.error.isVisible()
    assert not said


def test_a_field_goes_back_to_its_default(qtbot: QtBot, affine: Form) -> None:
    affine.set_value(AffineCoupling(mask="odd", log_scale_bound=5.0, label="mine"))
    said = heard(affine)
    for name in ("mask", "log_scale_bound", "label"):
        menu = affine.rows[name].menu()
        action = next(action for action in menu.actions() if action.objectName() == "resetField")
        assert action.isEnabled()
        action.trigger()
        menu.deleteLater()
    assert said[-1][0] == AffineCoupling()
    menu = affine.rows["mask"].menu()
    assert not next(action for action in menu.actions() if action.objectName() == "resetField").isEnabled()
    menu.deleteLater()


def test_the_context_menu_opens_on_the_field(qtbot: QtBot, affine: Form) -> None:
    editor = affine.rows["mask"].editor
    place = editor.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, editor.mapToGlobal(place))
    QApplication.sendEvent(editor, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.objectName() for action in menu.actions()] == ["resetField"]
    menu.close()


def test_fields_without_effect_are_off_and_say_why(qtbot: QtBot) -> None:
    form = Form(KDE)
    qtbot.addWidget(form)
    bandwidth = form.rows["bandwidth"]
    assert not bandwidth.editor.isEnabled()
    assert "Manual" in bandwidth.editor.toolTip()
    form.set_value(KDE(rule="manual"))
    assert bandwidth.editor.isEnabled()
    assert "Manual" not in bandwidth.editor.toolTip()


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.__name__)
def test_every_field_can_be_read_aloud(qtbot: QtBot, spec: type[Struct]) -> None:
    form = Form(spec)
    qtbot.addWidget(form)
    for row in form.rows.values():
        assert row.editor.accessibleName()
        assert row.editor.accessibleDescription()
        assert row.editor.toolTip()


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.__name__)
def test_forms_fit_a_narrow_panel(qtbot: QtBot, spec: type[Struct]) -> None:
    form = Form(spec)
    qtbot.addWidget(form)
    form.show()
    assert form.minimumSizeHint().width() <= 230


@given(st.sampled_from(NUMBERS), st.text(max_size=12) | st.floats().map(str) | st.integers().map(str))
def test_a_text_is_an_allowed_number_or_refused(parameter: Parameter, text: str) -> None:
    try:
        value = read_number(parameter, text)
    except RefusedError:
        return
    assert in_range(parameter, value)
    assert isinstance(value, int if parameter.type == "int" else float)
    assert read_number(parameter, number_text(value)) == pytest.approx(value)


@given(st.sampled_from(NUMBERS), st.lists(st.sampled_from([-10, -1, 1, 10]), max_size=30))
def test_arrows_stay_in_range_and_up_is_up(parameter: Parameter, clicks: list[int]) -> None:
    value = parameter.default
    for click in clicks:
        after = stepped(parameter, value, click)
        assert in_range(parameter, after)
        assert (after >= value) if click > 0 else (after <= value)
        value = after


@pytest.mark.parametrize("name", ["learning_rate", "steps", "ema", "weight_decay"])
def test_arrows_go_by_the_leading_digit(name: str) -> None:
    parameter = next(p for p in parameters(Training) if p.name == name)
    up, down = {
        "learning_rate": ([0.006, 0.007], [0.004, 0.003]),
        "steps": ([6000, 7000], [4000, 3000]),
        "ema": ([0.9991, 0.9992], [0.998, 0.997]),
        "weight_decay": ([0.0001, 0.0002], [0.0, 0.0]),
    }[name]
    assert [stepped(parameter, parameter.default, n) for n in (1, 2)] == pytest.approx(up)
    assert [stepped(parameter, parameter.default, -n) for n in (1, 2)] == pytest.approx(down)


def test_fields_are_made_of_metadata_alone(qtbot: QtBot) -> None:
    parameter = Parameter(
        name="depth", type="int", title="Depth", description="How deep", default=3, minimum=1, maximum=9, unit="layers"
    )
    field = make_field(parameter)
    assert isinstance(field, NumberBox)
    qtbot.addWidget(field)
    assert field.value == 3
    field.stepBy(100)
    assert field.value == 9


def test_another_kind_of_conditioner_keeps_what_it_has_too(qtbot: QtBot, affine: Form) -> None:
    affine.set_value(AffineCoupling(conditioner=MLP(activation="gelu", dropout=0.25)))
    said = heard(affine)
    chooser = affine.forms["conditioner"]
    assert isinstance(chooser, VariantForm)
    chooser.kinds.setFocus()
    qtbot.keyClick(chooser.kinds, Qt.Key.Key_Down)
    assert said[-1][0] == AffineCoupling(conditioner=ConvNet(activation="gelu", dropout=0.25))
    assert chooser.rows["channels"].editor.isVisible()
    replace_text(qtbot, chooser.rows["channels"].editor, "24")
    assert said[-1][0].conditioner.channels == 24
    affine.set_value(AffineCoupling())
    assert chooser.kinds.currentText() == "MLP"
    assert chooser.rows["hidden"].editor.isVisible()


def test_a_setting_that_the_other_kind_does_not_allow_is_left() -> None:
    assert converted(PixelRNN(channels=512, kernel=7), PixelCNN) == PixelCNN(channels=512, kernel=7)
    assert converted(WaveNet(kernel=2, channels=8), PixelCNN) == PixelCNN(channels=8, blocks=2)
    assert converted(WaveNet(layers=12), PixelRNN) == PixelRNN(layers=12, channels=32)
