"""The ledger: the sum that is shown is the sum, and a bar is its layer."""

from __future__ import annotations

import re

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetricsF, QGuiApplication

from flowviz.app.ledger import LogDetLedger
from flowviz.app.ledger_chart import Row, fitted_sum, terms, whole_sum
from flowviz.engine.messages import PREPROCESSING, Frame, Ledger
from flowviz.pipeline import AffineCoupling, Context, PipelineSpec
from tests.app import stage_events as events
from tests.app.plane_hand import LEFT


@pytest.fixture
def ledger(document, bridge, qtbot):
    made = LogDetLedger(document, bridge)
    qtbot.addWidget(made)
    made.resize(480, 210)
    with qtbot.waitExposed(made):
        made.show()
    return made


def frame_of(document, *, probe=False) -> Frame:
    uids = [layer.uid for layer in document.project.pipeline.layers]
    steps = np.linspace(-0.4, 0.5, len(uids))
    frame = events.frame(ledger=events.ledger(uids, steps, -2.8))
    if not probe:
        return frame
    point = msgspec.structs.replace(events.probe(), ledger=events.ledger(uids, -steps, -4.0))
    return msgspec.structs.replace(frame, probe=point)


def number(text: str) -> float:
    return float(text.replace("−", "-").replace(" ", ""))


@given(base=st.floats(-20, 5), steps=st.lists(st.floats(-9, 9), max_size=64))
def test_the_sum_that_is_written_adds_up(base, steps):
    """Each term is rounded to a cent of a nat, so K of them may be K half cents off."""
    ledger = Ledger(
        uids=tuple(f"l{i}" for i in range(len(steps))), log_dets=tuple(steps), base=base, total=base + sum(steps)
    )
    left, right = whole_sum(ledger).removesuffix(" nats").split(" = ")
    parts = re.findall(r"[+−]? ?\d+\.\d+", left)
    assert len(parts) == len(steps) + 1
    assert sum(number(part) for part in parts) == pytest.approx(number(right), abs=0.0051 * len(parts) + 0.0006)
    assert number(right) == pytest.approx(ledger.total, abs=0.00051)


def test_signs_are_true():
    ledger = events.ledger(("a", "b"), (0.31, -0.95), -1.9)
    assert terms(ledger) == ["−1.90", "+ 0.31", "− 0.95"]
    assert whole_sum(ledger) == "−1.90 + 0.31 − 0.95 = −2.540 nats"
    assert terms(events.ledger(("a", "b"), (-0.004, -0.006), 0.0)) == ["0.00", "+ 0.00", "− 0.01"]


def test_a_long_sum_is_shortened_in_the_middle(qapp):
    ledger = events.ledger([f"l{i}" for i in range(20)], [0.1] * 19 + [-0.77], -3.0)
    metrics = QFontMetricsF(QGuiApplication.font())
    words = fitted_sum(ledger, metrics, 300)
    assert metrics.horizontalAdvance(words) <= 300
    assert words.startswith("−3.00 + 0.10")
    assert words.endswith("… − 0.77 = {} nats".format("−1.870"))
    assert fitted_sum(ledger, metrics, 60) == "−1.870 nats"
    assert fitted_sum(ledger, metrics, 5000) == whole_sum(ledger)


def test_it_asks_while_it_is_visible(ledger, bridge):
    assert bridge.wanted.ledger
    ledger.hide()
    assert not bridge.wanted.ledger
    ledger.show()
    assert bridge.wanted.ledger


def test_before_there_is_a_model_it_says_so(ledger, bridge, document):
    assert ledger.hint.text == "The engine is starting."
    bridge.last_ready = events.READY
    bridge.ready.emit(events.READY)
    assert "layer by layer" in ledger.hint.text
    bridge.frame.emit(frame_of(document))
    assert ledger.hint.text == ""
    assert ledger.chart.isVisible()


def test_the_mean_and_the_point_stand_one_below_the_other(ledger, bridge, document):
    bridge.frame.emit(frame_of(document))
    mean, point = ledger.chart.rows
    assert mean.title == "held-out mean"
    assert point.ledger is None
    assert "a click keeps the point" in point.empty
    bridge.want(probe=(0.5, -1.0))
    bridge.frame.emit(frame_of(document, probe=True))
    assert ledger.chart.rows[1].title == "point (0.50, −1.00)"
    assert ledger.chart.rows[1].ledger.base == -4.0
    document.look(pinned=(0.5, -1.0))
    assert ledger.chart.rows[1].title == "pinned (0.50, −1.00)"
    assert ledger.chart.accessibleDescription() == whole_sum(ledger.chart.rows[0].ledger)


def test_bars_rise_and_fall_by_their_log_det(ledger, bridge, document):
    bridge.frame.emit(frame_of(document))
    image = ledger.chart.grab().toImage()
    uids = ledger.chart.uids()
    colors = {}
    for name, index in (("falls", 1), ("rises", len(uids))):
        x = int(ledger.chart.column_box(index).center().x())
        column = [image.pixelColor(x, y) for y in range(20, 100)]
        colors[name] = max(column, key=lambda color: abs(color.red() - color.blue()))
    assert colors["falls"].blue() > colors["falls"].red()
    assert colors["rises"].red() > colors["rises"].blue()


def test_a_click_on_a_bar_selects_its_layer(ledger, bridge, document, qtbot):
    bridge.frame.emit(frame_of(document))
    chart, uids = ledger.chart, ledger.chart.uids()
    for index, expected in ((0, "base"), (3, uids[2]), (len(uids), uids[-1])):
        qtbot.mouseClick(chart, LEFT, pos=chart.column_box(index).center().toPoint())
        assert document.project.view.selected == expected
    before = document.project.view.selected
    qtbot.mouseClick(chart, LEFT, pos=chart.column_box(len(uids) + 1).center().toPoint())
    assert document.project.view.selected == before
    document.look(selected=uids[4])
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert document.project.view.selected == uids[5]
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert document.project.view.selected == uids[4]
    assert document.undo_stack.count() == 0


def test_columns_are_named_by_their_layers(ledger, bridge, document):
    bridge.frame.emit(frame_of(document))
    layer = msgspec.structs.replace(document.project.pipeline.layers[3], label="my own")
    document.replace_layer(layer, "label")
    assert ledger.chart.name(4) == "4 my own"
    assert ledger.chart.name(0) == "base"
    words = ledger.chart.words(4)
    assert words.startswith("4 my own\nheld-out mean: −")
    assert words.endswith(" nats")


def test_64_layers_fit_and_stay_apart(ledger, bridge, document, qtbot):
    layers = tuple(AffineCoupling() for _ in range(64))
    document.replace(msgspec.structs.replace(document.project, pipeline=PipelineSpec(layers=layers)), "many")
    bridge.frame.emit(frame_of(document, probe=True))
    chart = ledger.chart
    assert chart.width() <= 480
    width = chart.column_box(1).width()
    assert width >= 5
    assert chart.column_box(65).right() <= chart.width() + 1
    qtbot.mouseClick(chart, LEFT, pos=QPoint(int(chart.column_box(40).center().x()), 50))
    assert document.project.view.selected == chart.uids()[39]


def test_no_layers_is_the_base_alone(ledger, bridge, document):
    document.replace(msgspec.structs.replace(document.project, pipeline=PipelineSpec()), "none")
    bridge.frame.emit(events.frame(ledger=events.ledger((), (), -2.5)))
    assert whole_sum(ledger.chart.rows[0].ledger) == "−2.50 = −2.500 nats"
    shown = ledger.chart.grab().toImage()
    ledger.chart.show_rows([Row("held-out mean")])
    assert ledger.chart.grab().toImage() != shown


def test_columns_are_numbered_as_the_layers_are(ledger, bridge, document):
    uids = [PREPROCESSING, *(layer.uid for layer in document.project.pipeline.layers)]
    bridge.frame.emit(events.frame(ledger=events.ledger(uids, np.zeros(len(uids)), -2.8)))
    assert [ledger.chart.short_name(i) for i in (1, 2, 3)] == ["", "1", "2"]


def test_of_a_conditional_density_it_says_so(ledger, bridge, document):
    bridge.frame.emit(frame_of(document))
    assert "log p(x)," in ledger._formula.text()
    context = Context(kind="classes", count=2)
    document.replace(
        msgspec.structs.replace(
            document.project, pipeline=msgspec.structs.replace(document.project.pipeline, context=context)
        ),
        "by class",
    )
    bridge.frame.emit(frame_of(document))
    assert "log p(x | c)," in ledger._formula.text()
    assert ledger.chart.sum_words == "log p(x | c)"


def test_many_dimensions_have_no_point(ledger, bridge, document):
    bridge.last_target = events.wide_target()
    bridge.frame.emit(frame_of(document))
    assert [row.title for row in ledger.chart.rows] == ["held-out mean"]
