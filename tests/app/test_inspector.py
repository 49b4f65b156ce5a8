"""The inspector: the right page for what is selected, and edits that are whole and undone in one step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPushButton, QSlider, QWidget
from pytestqt.qtbot import QtBot

from flowviz.app.bridge import Bridge
from flowviz.app.document import Document
from flowviz.app.forms import Form
from flowviz.app.forms_numbers import NumberBox
from flowviz.app.inspector import Inspector
from flowviz.app.inspector_layer import cost_words
from flowviz.engine.messages import BASE, DATA, PREPROCESSING, Failure, Import, Reply, State
from flowviz.pipeline import (
    BASES,
    LAYERS,
    NAMED,
    DrawnTarget,
    NamedTarget,
    PipelineSpec,
    Project,
    TableTarget,
    Text,
    Training,
    View,
    say,
)

from .conftest import FakeClient
from .strip_events import target_info


@pytest.fixture
def document(qapp: object) -> Document:
    return Document(Project(pipeline=PipelineSpec(layers=tuple(kind() for kind in LAYERS.values()))))  # type: ignore[arg-type]


@pytest.fixture
def inspector(qtbot: QtBot, document: Document, bridge: Bridge) -> Inspector:
    inspector = Inspector(document, bridge)
    qtbot.addWidget(inspector)
    inspector.resize(300, 700)
    inspector.show()
    bridge.target.emit(target_info())
    return inspector


def select(document: Document, index: int) -> str:
    uid = document.project.pipeline.layers[index].uid
    document.look(selected=uid)
    return uid


def text_of(widget: QWidget) -> str:
    """All that is written on a widget."""
    from PySide6.QtWidgets import QLabel

    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def type_in(qtbot: QtBot, form: Form, name: str, text: str) -> None:
    editor = form.rows[name].editor
    line = editor.lineEdit() if isinstance(editor, NumberBox) else editor
    assert isinstance(line, QLineEdit)
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_Delete)
    qtbot.keyClicks(line, text)
    qtbot.keyClick(editor, Qt.Key.Key_Return)


# ---- which page ----


def test_nothing_selected_shows_the_training(inspector: Inspector) -> None:
    assert inspector.page is inspector.training
    assert not inspector.tabs.button("selected").isEnabled()


@pytest.mark.parametrize("kind", LAYERS)
def test_a_selected_layer_shows_its_page(inspector: Inspector, document: Document, kind: str) -> None:
    index = list(LAYERS).index(kind)
    select(document, index)
    assert inspector.page is inspector.layer
    assert inspector.tabs.button("selected").text() == f"Layer {index + 1}"
    words = text_of(inspector.layer)
    made = LAYERS[kind]
    assert made.title in words
    assert made.description in words
    assert ("arxiv.org/abs/" in words) == ("arXiv" in made.paper)
    assert inspector.layer.form.value == document.project.pipeline.layers[index]
    shown = [form for form in inspector.layer.forms.values() if form.isVisible()]
    assert shown == [inspector.layer.form]


def test_base_and_data_have_their_pages(inspector: Inspector, document: Document) -> None:
    for uid, page in ((BASE, inspector.base), (DATA, inspector.target), (PREPROCESSING, inspector.target)):
        document.look(selected=uid)
        assert inspector.page is page


def test_the_training_is_always_one_click_away(qtbot: QtBot, inspector: Inspector, document: Document) -> None:
    select(document, 0)
    qtbot.mouseClick(inspector.tabs.button("training"), Qt.MouseButton.LeftButton)
    assert inspector.page is inspector.training
    document.replace_training(Training(steps=7), "Shorter")
    assert inspector.page is inspector.training
    qtbot.mouseClick(inspector.tabs.button("selected"), Qt.MouseButton.LeftButton)
    assert inspector.page is inspector.layer
    qtbot.mouseClick(inspector.tabs.button("training"), Qt.MouseButton.LeftButton)
    select(document, 1)
    assert inspector.page is inspector.layer


def test_a_deleted_selection_leads_back_to_the_training(inspector: Inspector, document: Document) -> None:
    select(document, 0)
    document.replace_layers(document.project.pipeline.layers[1:], "Delete", select="")
    assert inspector.page is inspector.training


# ---- layers ----


def test_typing_changes_the_selected_layer_in_one_step(qtbot: QtBot, inspector: Inspector, document: Document) -> None:
    uid = select(document, 0)
    before = document.project
    type_in(qtbot, inspector.layer.form.forms["conditioner"], "hidden", "32, 32, 16")
    layer: Any = document.project.pipeline.layers[0]
    assert (layer.uid, layer.conditioner.hidden) == (uid, (32, 32, 16))
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Change Hidden widths"
    document.undo_stack.undo()
    assert document.project == before
    assert inspector.layer.form.forms["conditioner"].rows["hidden"].field.value == (64, 64)


def test_arrows_in_a_row_are_one_step(qtbot: QtBot, inspector: Inspector, document: Document) -> None:
    select(document, 0)
    editor = inspector.layer.form.rows["log_scale_bound"].editor
    for _ in range(3):
        qtbot.keyClick(editor, Qt.Key.Key_Up)
    layer: Any = document.project.pipeline.layers[0]
    assert layer.log_scale_bound == 6.0
    assert document.undo_stack.count() == 1


def test_the_same_field_of_two_layers_makes_two_steps(qtbot: QtBot, inspector: Inspector, document: Document) -> None:
    kinds = list(LAYERS)
    for kind in ("maf", "iaf"):  # they have the same fields
        select(document, kinds.index(kind))
        qtbot.keyClick(inspector.layer.form.rows["log_scale_bound"].editor, Qt.Key.Key_Up)
    assert document.undo_stack.count() == 2


def test_what_is_not_allowed_leaves_the_document(qtbot: QtBot, inspector: Inspector, document: Document) -> None:
    select(document, 0)
    before = document.project
    type_in(qtbot, inspector.layer.form, "log_scale_bound", "1000")
    assert document.project == before
    assert document.undo_stack.count() == 0
    assert inspector.layer.form.rows["log_scale_bound"].error.isVisible()


def test_what_was_refused_is_forgotten_with_the_selection(
    qtbot: QtBot, inspector: Inspector, document: Document
) -> None:
    layers = tuple(kind() for kind in (LAYERS["affine_coupling"], LAYERS["affine_coupling"]))
    document.replace_layers(layers, "Two")
    select(document, 0)
    type_in(qtbot, inspector.layer.form, "log_scale_bound", "1000")
    select(document, 1)
    row = inspector.layer.form.rows["log_scale_bound"]
    assert not row.error.isVisible()
    assert row.editor.text() == "3"  # type: ignore[attr-defined]


def test_bypass_and_label_are_settings_like_others(qtbot: QtBot, inspector: Inspector, document: Document) -> None:
    select(document, 5)
    form = inspector.layer.form
    box = form.rows["bypass"].editor
    assert isinstance(box, QCheckBox)
    box.click()
    type_in(qtbot, form, "label", "Whitening")
    layer = document.project.pipeline.layers[5]
    assert (layer.bypass, layer.label) == (True, "Whitening")
    assert "Whitening" in text_of(inspector.layer)


def test_costs_are_said_with_the_number_of_passes(inspector: Inspector, document: Document, bridge: Bridge) -> None:
    assert cost_words("one pass", 8) == "one pass"
    assert "8" in cost_words("sequential", 8)
    bridge.target.emit(target_info(8))
    select(document, list(LAYERS).index("maf"))
    assert cost_words("sequential", 8) in text_of(inspector.layer)


def test_problems_and_failures_are_shown_with_their_remedy(
    inspector: Inspector, document: Document, bridge: Bridge
) -> None:
    uid = select(document, 1)
    failure = Failure(
        code="non_finite",
        sentence=Text.of(say("The shift went to NaN.")),
        uid=uid,
        remedy=Text.of(say("Lower the rate.")),
    )
    bridge.failure.emit(failure)
    assert inspector.layer.warnings.shown == "The shift went to NaN.\nLower the rate."
    select(document, 2)
    assert not inspector.layer.warnings.shown
    select(document, 1)
    bridge.state.emit(State(generation=1, phase="training", step=1, steps=10))
    assert not inspector.layer.warnings.shown
    bridge.target.emit(msgspec.structs.replace(target_info(), event_shape=(1, 8, 8)))
    said = inspector.layer.warnings.shown
    assert "squeeze" in said  # one channel cannot be halved
    first, *rest = said.split("\n")
    told = Failure(code="shape", sentence=Text.of(first), uid=uid, remedy=Text.of("\n".join(rest)))
    bridge.failure.emit(told)
    assert inspector.layer.warnings.shown == said  # the engine says the same: it is shown once


# ---- base ----


@pytest.mark.parametrize("kind", BASES)
def test_the_base_is_chosen_and_set(qtbot: QtBot, inspector: Inspector, document: Document, kind: str) -> None:
    document.look(selected=BASE)
    box = inspector.findChild(QComboBox, "baseKind")
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findData(kind))
    box.activated.emit(box.currentIndex())
    assert document.project.pipeline.base.kind == kind
    assert BASES[kind].description in text_of(inspector.base)
    assert [form.isVisible() for name, form in inspector.base.forms.items() if name == kind] == [True]
    if kind == "gaussian_mixture":
        type_in(qtbot, inspector.base.forms[kind], "components", "20")
        assert document.project.pipeline.base.components == 20  # type: ignore[union-attr]
        document.undo_stack.undo()
        assert document.project.pipeline.base.components == 8  # type: ignore[union-attr]


# ---- training ----


def test_training_settings_change_in_one_step(qtbot: QtBot, inspector: Inspector, document: Document) -> None:
    type_in(qtbot, inspector.training.form, "learning_rate", "5e-4")
    assert document.project.training.learning_rate == 5e-4
    assert document.undo_stack.count() == 1
    type_in(qtbot, inspector.training.form, "learning_rate", "-1")
    assert document.project.training.learning_rate == 5e-4
    document.undo_stack.undo()
    assert document.project.training == Training()


def test_momentum_is_for_sgd(inspector: Inspector, document: Document) -> None:
    momentum = inspector.training.form.rows["momentum"].editor
    assert not momentum.isEnabled()
    document.replace_training(Training(optimizer="sgd"), "SGD")
    assert momentum.isEnabled()


def test_reverse_kl_without_a_density_is_said_so(inspector: Inspector, document: Document, bridge: Bridge) -> None:
    document.replace_training(Training(objective="reverse_kl"), "Reverse")
    assert not inspector.training.warnings.shown
    bridge.target.emit(msgspec.structs.replace(target_info(), has_log_prob=False))
    assert inspector.training.warnings.shown


def test_the_share_for_drawing_is_a_slider(inspector: Inspector, document: Document, bridge: Bridge) -> None:
    slider = inspector.findChild(QSlider, "frameShare")
    assert isinstance(slider, QSlider)
    assert slider.value() == round(100 * View().frame_share)
    slider.setValue(45)
    assert document.project.view.frame_share == 0.45
    assert bridge.wanted.frame_share == 0.45
    assert document.undo_stack.count() == 0
    document.look(frame_share=0.1)
    assert slider.value() == 10


def test_parameters_and_device_are_shown(inspector: Inspector, bridge: Bridge) -> None:
    bridge.state.emit(State(generation=1, phase="paused", step=1, steps=9, device="CPU", parameters=34_816))
    assert "34,816" in text_of(inspector.training)
    assert "CPU" in text_of(inspector.training)


# ---- data ----


def test_a_named_target_is_picked(inspector: Inspector, document: Document) -> None:
    document.look(selected=DATA)
    box = inspector.findChild(QComboBox, "targetKind")
    assert isinstance(box, QComboBox)
    assert [box.itemData(i) for i in range(box.count())] == list(NAMED)
    assert box.currentData() == "two_moons"
    box.setCurrentIndex(box.findData("checkerboard"))
    box.activated.emit(box.currentIndex())
    assert document.project.target == NamedTarget(name="checkerboard")
    assert NAMED["checkerboard"].description in text_of(inspector.target)
    document.undo_stack.undo()
    assert box.currentData() == "two_moons"


def test_what_is_known_of_the_data_is_shown_with_units(
    inspector: Inspector, document: Document, bridge: Bridge
) -> None:
    document.look(selected=DATA)
    notes = (Text.of(say("Two rows were left out.")),)
    info = msgspec.structs.replace(target_info(mean=(1.5, -2.0)), gaussian_nll=2.9, kde_nll=2.5, notes=notes)
    bridge.target.emit(info)
    words = text_of(inspector.target)
    for part in (
        "1.5000 nats",
        "2.9000 nats",
        "2.5000 nats",
        "8,000 points",
        "mean 1.5, sd 1",
        "mean −2, sd 1",
        "Two rows",
    ):
        assert part in words, part


def test_a_drawing_can_be_cleared(qtbot: QtBot, inspector: Inspector, document: Document) -> None:
    import numpy as np

    drawn = DrawnTarget.from_array(np.eye(256))
    document.replace_target(drawn, "Draw")
    document.look(selected=DATA)
    button = inspector.findChild(QPushButton, "clearDrawing")
    assert isinstance(button, QPushButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not document.project.target.array().any()  # type: ignore[union-attr]
    document.undo_stack.undo()
    assert document.project.target == drawn


@pytest.fixture
def table(document: Document, tmp_path: Path) -> TableTarget:
    target = TableTarget(path=str(tmp_path / "three.csv"))
    document.replace_target(target, "Import")
    document.look(selected=DATA)
    return target


def table_info(columns: tuple[str, ...]) -> Any:
    info = target_info(len(columns), mean=(0.0,) * len(columns))
    return msgspec.structs.replace(info, title="three.csv", columns=columns)


def checks(inspector: Inspector) -> dict[str, bool]:
    columns = inspector.target.columns
    items = [columns.item(i) for i in range(columns.count())]
    return {item.text(): item.checkState() == Qt.CheckState.Checked for item in items}


def test_columns_of_a_table_are_chosen(
    inspector: Inspector, document: Document, bridge: Bridge, table: TableTarget
) -> None:
    bridge.target.emit(table_info(("a", "b", "c")))
    assert checks(inspector) == {"a": True, "b": True, "c": True}
    inspector.target.columns.item(1).setCheckState(Qt.CheckState.Unchecked)
    assert document.project.target == msgspec.structs.replace(table, columns=("a", "c"))
    bridge.target.emit(table_info(("a", "c")))
    assert checks(inspector) == {"a": True, "b": False, "c": True}
    inspector.target.columns.item(0).setCheckState(Qt.CheckState.Unchecked)
    inspector.target.columns.item(2).setCheckState(Qt.CheckState.Unchecked)  # the last one stays
    assert document.project.target == msgspec.structs.replace(table, columns=("c",))
    assert checks(inspector) == {"a": False, "b": False, "c": True}
    for index in (0, 1):
        inspector.target.columns.item(index).setCheckState(Qt.CheckState.Checked)
    assert document.project.target == table  # all of them: none is named
    document.undo_stack.undo()
    assert checks(inspector) == {"a": True, "b": False, "c": True}


def test_columns_that_are_not_in_use_are_asked_for(
    qtbot: QtBot, inspector: Inspector, document: Document, bridge: Bridge, client: FakeClient, table: TableTarget
) -> None:
    document.open(
        msgspec.structs.replace(document.project, target=msgspec.structs.replace(table, columns=("b",))), None
    )
    asked = client.of(Import)
    assert [command.path for command in asked] == [table.path]  # type: ignore[attr-defined]
    client.say(Reply(id=asked[0].id, columns=("a", "b", "c")))  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: checks(inspector) == {"a": False, "b": True, "c": False})


def test_settings_of_a_table(qtbot: QtBot, inspector: Inspector, document: Document, table: TableTarget) -> None:
    type_in(qtbot, inspector.target.form, "held_out", "0.3")
    assert document.project.target == msgspec.structs.replace(table, held_out=0.3)
    type_in(qtbot, inspector.target.form, "held_out", "0.9")
    assert document.project.target == msgspec.structs.replace(table, held_out=0.3)
    box = inspector.target.form.rows["standardize"].editor
    assert isinstance(box, QCheckBox)
    box.click()
    assert document.project.target == msgspec.structs.replace(table, held_out=0.3, standardize=False)


def test_a_target_that_cannot_be_read_says_why(
    inspector: Inspector, document: Document, bridge: Bridge, table: TableTarget
) -> None:
    bridge.failure.emit(Failure(code="target", sentence=Text.of(say("{file} is empty.", file="three.csv"))))
    assert inspector.target.warnings.shown == "three.csv is empty."
    document.replace_target(NamedTarget(), "Another")
    assert not inspector.target.warnings.shown


# ---- room ----


@pytest.mark.parametrize("selected", [DATA, BASE, "", "layer"])
def test_nothing_is_cut_off_in_a_narrow_panel(
    qtbot: QtBot, inspector: Inspector, document: Document, selected: str
) -> None:
    document.look(selected=document.project.pipeline.layers[0].uid if selected == "layer" else selected)
    inspector.resize(inspector.minimumSizeHint().width(), 160)  # so low that it has a scroll bar
    page = inspector.page
    qtbot.waitUntil(lambda: page.verticalScrollBar().maximum() > 0)  # type: ignore[attr-defined]
    assert page.widget().width() <= page.viewport().width()  # type: ignore[attr-defined]
    assert page.widget().minimumSizeHint().width() <= page.viewport().width()  # type: ignore[attr-defined]
