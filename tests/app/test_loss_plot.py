"""The loss plot: what arrives is drawn, in few points, on a scale that can be read."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt

from flowviz.app.loss_chart import MOST_POINTS
from flowviz.app.loss_plot import LossPlot
from flowviz.engine.messages import Array, History, State
from tests.app import stage_events as events
from tests.app.plane_hand import LEFT, wheel


@pytest.fixture
def plot(document, bridge, qtbot):
    made = LossPlot(document, bridge)
    qtbot.addWidget(made)
    made.resize(560, 220)
    with qtbot.waitExposed(made):
        made.show()
    return made


def history(count, *, held_out_every=100):
    steps = np.arange(1, count + 1)
    train = 2.4 + 6 * np.exp(-steps / 80) + np.random.default_rng(0).normal(0, 0.08, count)
    held = steps[held_out_every - 1 :: held_out_every]
    return History(
        generation=1,
        train_steps=Array.of(steps),
        train=Array.of(train.astype(np.float32)),
        held_out_steps=Array.of(held),
        held_out=Array.of((2.41 + 6 * np.exp(-held / 80)).astype(np.float32)),
    )


def drawn(plot, name):
    x, y = plot.chart.curves[name].getData()
    return (np.array([]), np.array([])) if x is None else (x, y)


def test_metrics_are_added_and_drawn(plot, bridge, qtbot):
    bridge.metrics.emit(events.metrics(3, [5.0, 4.0, 3.0]))
    bridge.metrics.emit(events.metrics(5, [2.5, 2.25], held_out_steps=(4,), held_out=(2.75,)))
    qtbot.waitUntil(lambda: len(drawn(plot, "train")[0]) == 5)
    np.testing.assert_array_equal(drawn(plot, "train")[0], [1, 2, 3, 4, 5])
    np.testing.assert_allclose(drawn(plot, "train")[1], [5, 4, 3, 2.5, 2.25])
    np.testing.assert_allclose(plot.record.series["held_out"].values, [2.75])
    assert len(plot.chart.dots.getData()[0]) == 1
    assert "2.750 nats at step 4" in plot.accessibleDescription()


def test_a_history_replaces_and_an_empty_one_clears(plot, bridge, qtbot):
    bridge.metrics.emit(events.metrics(3, [5.0, 4.0, 3.0]))
    bridge.history.emit(history(300))
    qtbot.waitUntil(lambda: len(drawn(plot, "train")[0]) == 300)
    bridge.history.emit(history(0))
    qtbot.waitUntil(lambda: len(drawn(plot, "train")[0]) == 0)
    assert plot.record.last_step == 0


def test_a_reset_clears(plot, bridge, qtbot):
    bridge.history.emit(history(300))
    bridge.state.emit(State(generation=1, phase="paused", step=300, steps=5000))
    assert plot.record.last_step == 300
    bridge.state.emit(State(generation=1, phase="idle", step=0, steps=5000))
    assert plot.record.last_step == 0
    qtbot.waitUntil(lambda: len(drawn(plot, "train")[0]) == 0)


def test_what_was_known_before_it_was_made_is_shown(document, bridge, qtbot):
    bridge.last_history = history(200)
    bridge.last_target = events.target()
    plot = LossPlot(document, bridge)
    qtbot.addWidget(plot)
    with qtbot.waitExposed(plot):
        plot.show()
    assert len(drawn(plot, "train")[0]) == 200
    assert plot.chart.levels["floor"].value == 2.1


def test_another_plot_of_the_same_run_shows_all_of_it(plot, document, bridge, qtbot):
    """The window makes its views anew when its language changes."""
    bridge.history.emit(history(100))
    bridge.metrics.emit(events.metrics(103, [3.0, 2.5, 2.0]))
    other = LossPlot(document, bridge)
    qtbot.addWidget(other)
    with qtbot.waitExposed(other):
        other.show()
    assert len(drawn(other, "train")[0]) == 103


def test_a_million_steps_are_drawn_with_few_points(plot, bridge, qtbot):
    long = history(1_000_000)
    bridge.history.emit(long)
    qtbot.waitUntil(lambda: 0 < len(drawn(plot, "train")[0]) <= MOST_POINTS)
    assert drawn(plot, "train")[1].max() == long.train.numpy().max()
    assert len(plot.chart.dots.getData()[0]) == 0


def test_the_first_steps_do_not_ruin_the_scale(plot, bridge, qtbot):
    bridge.target.emit(events.target())
    bridge.history.emit(history(5000))
    qtbot.waitUntil(lambda: len(drawn(plot, "train")[0]) > 0)
    low, high = plot.chart.view.viewRange()[1]
    assert high < 3.5
    assert low < 2.1 < 2.9 < high  # the floor and the Gaussian are in


def test_the_scale_is_held(plot, bridge, qtbot):
    bridge.history.emit(history(3000))
    qtbot.waitUntil(lambda: len(drawn(plot, "train")[0]) > 0)
    before = plot.chart.view.viewRange()[1]
    bridge.metrics.emit(events.metrics(3100, np.full(100, 2.4)))
    qtbot.waitUntil(lambda: drawn(plot, "train")[0][-1] == 3100)
    assert plot.chart.view.viewRange()[1] == before


def test_infinite_losses_are_gaps(plot, bridge, qtbot):
    bridge.metrics.emit(events.metrics(4, [3.0, np.inf, np.nan, 2.0]))
    qtbot.waitUntil(lambda: len(drawn(plot, "train")[0]) == 4)
    assert np.isfinite(plot.chart.view.viewRange()).all()
    assert np.isfinite(drawn(plot, "smoothed")[1]).all()
    plot.grab()


def test_lines_stand_at_their_values_and_say_what_they_are(plot, bridge):
    bridge.target.emit(events.target(entropy=2.1, gaussian_nll=2.9, kde_nll=2.5))
    for name, value in (("floor", 2.1), ("gaussian", 2.9), ("kde", 2.5)):
        assert plot.chart.lines[name].value() == value
        assert plot.chart.lines[name].isVisible()
        assert plot.keys[name].isVisible()
        assert f"{value:.3f}" in plot.chart.levels[name].words
    bridge.target.emit(events.target(known=False, gaussian_nll=None, kde_nll=None))
    for name in ("floor", "gaussian", "kde"):
        assert not plot.chart.lines[name].isVisible()
        assert not plot.keys[name].isVisible()


def test_labels_of_near_lines_do_not_overlap(plot, bridge, qtbot):
    bridge.target.emit(events.target(entropy=2.394, gaussian_nll=2.40, kde_nll=2.396))
    bridge.history.emit(history(3000))
    qtbot.waitUntil(lambda: len(drawn(plot, "train")[0]) > 0)
    area = plot.chart.view.sceneBoundingRect()
    tops = sorted(top for top, _, _ in plot.chart._labels(area, 12.0))
    assert len(tops) == 3
    assert (np.diff(tops) >= 12).all()
    assert area.top() - 1 <= tops[0]
    assert tops[-1] + 12 <= area.bottom()


def test_keys_take_lines_away(plot, bridge, qtbot):
    bridge.target.emit(events.target())
    bridge.history.emit(history(200))
    qtbot.waitUntil(lambda: len(drawn(plot, "train")[0]) > 0)
    for name in ("train", "smoothed", "held_out"):
        qtbot.mouseClick(plot.keys[name], LEFT)
        assert len(drawn(plot, name)[0]) == 0
        qtbot.mouseClick(plot.keys[name], LEFT)
        assert len(drawn(plot, name)[0]) > 0
    qtbot.mouseClick(plot.keys["gaussian"], LEFT)
    assert not plot.chart.lines["gaussian"].isVisible()
    assert plot.chart.view.viewRange()[1][1] < 9


def test_steps_on_a_logarithmic_scale(plot, bridge, qtbot):
    bridge.history.emit(history(100_000))
    qtbot.waitUntil(lambda: len(drawn(plot, "train")[0]) > 0)
    qtbot.mouseClick(plot.log_button, LEFT)
    x = drawn(plot, "train")[0]
    assert (x[0], x[-1]) == pytest.approx((0, 5))
    assert plot.chart.view.viewRange()[0] == pytest.approx([0, 5])
    assert ((x > 1) & (x < 2)).sum() > 50
    qtbot.mouseClick(plot.log_button, LEFT)
    assert drawn(plot, "train")[0][-1] == 100_000


def test_hovering_reads_the_curves(plot, bridge, qtbot):
    bridge.metrics.emit(events.metrics(100, np.linspace(5, 2, 100), held_out_steps=(50,), held_out=(3.25,)))
    qtbot.waitUntil(lambda: len(drawn(plot, "train")[0]) == 100)
    plot.chart.hovered.emit(50.2)
    words = plot._readout.text()
    assert "step 50" in words
    assert "train 3.515 nats" in words
    assert "held-out 3.250 nats" in words
    assert plot._readout.isVisible()
    plot.chart.left.emit()
    assert plot._readout.isHidden()


def test_zoom_and_fit(plot, bridge, qtbot):
    bridge.history.emit(history(1000))
    qtbot.waitUntil(lambda: len(drawn(plot, "train")[0]) > 0)
    wheel(plot.chart, plot.chart.to_widget(500, 3), 480)
    low, high = plot.chart.view.viewRange()[0]
    assert 0 < low < 500 < high < 1000
    bridge.metrics.emit(events.metrics(1100, np.full(100, 2.4)))
    qtbot.waitUntil(lambda: not plot._timer.isActive())
    assert plot.chart.view.viewRange()[0] == [low, high]
    qtbot.keyClick(plot.chart, Qt.Key.Key_0)
    assert plot.chart.view.viewRange()[0] == pytest.approx([0, 1100 * 1.02])
    qtbot.keyClick(plot.chart, Qt.Key.Key_Plus)
    assert not plot.chart.fitted
    qtbot.mouseClick(plot.fit_button, LEFT)
    assert plot.chart.fitted


def test_hidden_it_keeps_and_draws_nothing(plot, bridge, qtbot):
    plot.hide()
    bridge.metrics.emit(events.metrics(3, [5.0, 4.0, 3.0]))
    assert not plot._timer.isActive()
    assert len(drawn(plot, "train")[0]) == 0
    plot.show()
    assert len(drawn(plot, "train")[0]) == 3


def test_going_back_redraws_from_there(plot, bridge, qtbot):
    bridge.history.emit(history(300))
    bridge.metrics.emit(events.metrics(210, np.full(10, 2.0)))
    assert plot.record.last_step == 300  # held-out values are the run's own, until they are told anew
    assert plot.record.series["train"].steps[-1] == 210


def test_keys_are_named(plot, bridge):
    bridge.target.emit(msgspec.structs.replace(events.target(), entropy=1.5))
    for key in plot.keys.values():
        assert key.accessibleName()
        assert key.toolTip()
