"""The window: it builds at every size, says what happens, and is the same in every language and theme."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QWidget

from flowviz.app.application import catch_exceptions, make_application, make_window
from flowviz.app.layout import PANELS
from flowviz.app.settings import Settings
from flowviz.app.theme import DARK, theme
from flowviz.app.window import MainWindow
from flowviz.engine.messages import (
    Array,
    Device,
    Failure,
    History,
    Import,
    Load,
    Log,
    Metrics,
    Ready,
    State,
    TargetInfo,
)
from flowviz.pipeline import PRESETS, NamedTarget, Text

from .conftest import FakeChooser, FakeClient


def state(window: MainWindow, phase: str = "training", step: int = 1240) -> State:
    return State(generation=window.bridge.generation, phase=phase, step=step, steps=5000, device="cpu", threads=1)  # type: ignore[arg-type]


def test_every_part_can_be_found_by_its_name(window: MainWindow) -> None:
    for name in (*PANELS, "targetCanvas"):
        assert window.findChild(QWidget, name) is not None, name


@pytest.mark.parametrize("size", [(1280, 720), (1600, 1000), (2560, 1440)])
def test_it_fits_the_screen(qtbot, window: MainWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    QApplication.processEvents()
    assert (window.width(), window.height()) == size
    needed = window.minimumSizeHint()
    assert needed.width() <= 1280
    assert needed.height() <= 720
    for name in PANELS:
        view = window.findChild(QWidget, name)
        assert view is not None
        assert view.width() >= min(view.minimumSizeHint().width(), 150), name
        assert view.height() >= 100, name


def test_panels_can_be_hidden_and_come_back(qtbot, window: MainWindow) -> None:
    for name in PANELS:
        window.action_set[f"panel:{name}"].trigger()
        assert window.findChild(QWidget, name).isHidden() or not window.findChild(QWidget, name).isVisible()
    window.action_set["defaultLayoutAction"].trigger()
    assert all(window.findChild(QWidget, name).isVisible() for name in PANELS)


def test_sizes_are_remembered(window: MainWindow, chooser: FakeChooser, settings: Settings, tmp_path: Path) -> None:
    window.panels.columns.setSizes([300, 700, 280])
    window.panels.show("inspector", False)
    sizes = window.panels.columns.sizes()
    window.resize(1280, 750)
    assert window.close()
    again = make_window(client=FakeClient(), settings=settings, chooser=chooser, folder=tmp_path / "again")
    again.show()
    assert (again.width(), again.height()) == (1280, 750)
    assert "inspector" not in again.panels.shown
    assert abs(again.panels.columns.sizes()[0] - sizes[0]) < 100
    again.close()
    again.deleteLater()


def test_every_control_says_what_it_is(window: MainWindow) -> None:
    silent = []
    for kind in (QAbstractButton, QLineEdit, QComboBox):
        for widget in window.findChildren(kind):
            if not widget.isVisible() or widget.objectName().startswith("qt_"):
                continue
            name = widget.accessibleName() or getattr(widget, "text", str)() or widget.toolTip()
            buddies = [label for label in window.findChildren(QLabel) if label.buddy() in (widget, widget.parent())]
            if not name and not buddies:
                silent.append((type(widget).__name__, widget.objectName(), type(widget.parent()).__name__))
    assert silent == []


# ---- what the engine says ----


def test_the_status_bar_says_where_the_run_stands(qtbot, window: MainWindow, client: FakeClient) -> None:
    g = window.bridge.generation
    client.say(
        Ready(torch="2.13.0", devices=(), threads=2, pid=1),
        state(window),
        TargetInfo(
            generation=g,
            title="Two moons",
            event_shape=(2,),
            columns=("x", "y"),
            box=(-2, 2, -2, 2),
            has_log_prob=True,
            entropy=2.394,
        ),
        Metrics(
            generation=g,
            step=1240,
            train=Array.of(np.zeros(0, np.float32)),
            held_out_steps=(1200,),
            held_out=(2.4123,),
            steps_per_second=232.4,
            samples_per_second=119000.0,
            memory=312_000_000,
            frame_share=0.14,
        ),
    )
    bar = window.statusBar()
    qtbot.waitUntil(lambda: "1,240 of 5,000" in bar.step.text())
    qtbot.waitUntil(lambda: "232 steps/s" in bar.speed.text())
    assert bar.phase.text() == "training"
    assert bar.nll.text() == "held-out NLL 2.412 nats (floor 2.394)"
    assert "119k samples/s" in bar.speed.text()
    steps, losses = Array.of(np.array([100, 200], np.int64)), Array.of(np.array([2.6, 2.45], np.float32))
    client.say(History(generation=g, train_steps=steps, train=losses, held_out_steps=steps, held_out=losses))
    qtbot.waitUntil(lambda: bar.nll.text() == "held-out NLL 2.450 nats (floor 2.394)")
    assert bar.memory.text() == "engine 312 MB"
    assert bar.device.text() == "CPU, 1 thread"
    assert "14 %" in bar.frames.text()


def test_a_failure_stays_until_it_is_closed_and_offers_a_remedy(qtbot, window: MainWindow, client: FakeClient) -> None:
    uid = window.document.project.pipeline.layers[3].uid
    client.say(
        Failure(
            code="non_finite",
            sentence=Text("The loss is not finite at step {step}.", {"step": "120"}),
            remedy=Text("Lower the learning rate."),
            uid=uid,
            generation=window.bridge.generation,
        ),
        state(window, "paused"),
    )
    qtbot.waitUntil(lambda: bool(window.banners.texts))
    assert window.banners.texts == ["The loss is not finite at step 120. Lower the learning rate."]
    bar = window.banners._bars[0]
    rate = window.document.project.training.learning_rate
    qtbot.mouseClick(bar.buttons[0], Qt.MouseButton.LeftButton)
    assert window.document.project.training.learning_rate == rate / 2
    assert window.banners.texts == []


def test_no_bar_pushes_a_blank_canvas_away(qtbot, window: MainWindow, client: FakeClient) -> None:
    def fail() -> None:
        client.say(Failure(code="target", sentence=Text("Nothing is drawn."), generation=window.bridge.generation))
        client.say(Failure(code="file", sentence=Text("The disk is full."), generation=window.bridge.generation))

    window.action_set["blankCanvasAction"].trigger()
    fail()
    qtbot.waitUntil(lambda: window.banners.texts == ["The disk is full."])
    window.document.replace_target(NamedTarget(name="rings"), "rings")
    fail()
    qtbot.waitUntil(lambda: sorted(window.banners.texts) == ["Nothing is drawn.", "The disk is full."])


def test_a_failure_of_the_pipeline_goes_when_the_pipeline_works(qtbot, window: MainWindow, client: FakeClient) -> None:
    client.say(Failure(code="pipeline", sentence=Text("No."), generation=window.bridge.generation))
    qtbot.waitUntil(lambda: window.banners.texts == ["No."])
    window.action_set["insert:actnorm"].trigger()
    client.say(state(window, "idle"))
    qtbot.waitUntil(lambda: window.banners.texts == [])


def test_a_killed_engine_is_said_and_started_again(qtbot, window: MainWindow, client: FakeClient) -> None:
    client.alive = False
    client.say(Failure(code="internal", sentence=Text("The engine was killed from outside.")))
    qtbot.waitUntil(lambda: client.starts == 2)
    assert "killed" in window.banners.texts[0]
    assert "nothing of the project is lost" in window.banners.texts[0]
    client.say(Ready(torch="2", devices=(), threads=1, pid=2))
    qtbot.waitUntil(lambda: window.note.isVisible())


def test_many_messages_wait_their_turn(window: MainWindow) -> None:
    for i in range(6):
        window.banners.show_bar(f"message {i}")
    assert sum(bar.isVisible() for bar in window.banners._bars) == 3
    for _ in range(6):
        window.banners.close_bar(window.banners.texts[0])
    assert not window.banners.isVisible()


def test_logs_are_passing_notes(qtbot, window: MainWindow, client: FakeClient) -> None:
    client.say(Log(sentence=Text("Layer {layer} starts anew.", {"layer": "3"})))
    qtbot.waitUntil(lambda: window.note.text == "Layer 3 starts anew.")
    assert window.banners.texts == []


def test_devices_that_are_not_there_say_so(qtbot, window: MainWindow, client: FakeClient) -> None:
    devices = (
        Device(name="auto", title="Automatic", available=True),
        Device(name="cuda", title="CUDA", available=False, why_not=Text("no NVIDIA driver")),
    )
    client.say(Ready(torch="2", devices=devices, threads=1, pid=1))
    qtbot.waitUntil(lambda: not window.action_set["device:cuda"].isEnabled())
    assert "no NVIDIA driver" in window.action_set["device:cuda"].text()


def test_an_unforeseen_error_is_a_sentence_with_details(
    qtbot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    catch_exceptions(window)
    try:
        raise ZeroDivisionError("by nothing")
    except ZeroDivisionError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert "by nothing" in window.banners.texts[0]
    assert "Traceback" in capsys.readouterr().err
    qtbot.mouseClick(window.banners._bars[0].buttons[0], Qt.MouseButton.LeftButton)
    assert "ZeroDivisionError" in QApplication.clipboard().text()


# ---- files dropped on it ----


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    window.dropEvent(
        QDropEvent(
            QPointF(9, 9),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def test_a_dropped_file_goes_where_it_belongs(window: MainWindow, client: FakeClient, tmp_path: Path) -> None:
    pipeline = tmp_path / "a.flow.json"
    pipeline.write_text('{"layers": [{"kind": "maf"}]}')
    drop(window, pipeline)
    assert [layer.kind for layer in window.document.project.pipeline.layers] == ["maf"]
    drop(window, tmp_path / "cat.png")
    drop(window, tmp_path / "table.csv")
    assert [c.path for c in client.of(Import)] == [str(tmp_path / n) for n in ("cat.png", "table.csv")]  # type: ignore[attr-defined]
    window.document.undo_stack.setClean()
    drop(window, tmp_path / "project.pt")
    assert [c.path for c in client.of(Load)] == [str(tmp_path / "project.pt")]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", [*PANELS, "targetCanvas", "toolBar", "statusBar"])
def test_a_file_may_be_dropped_anywhere(
    qtbot, window: MainWindow, client: FakeClient, tmp_path: Path, name: str
) -> None:
    window.resize(1600, 1000)
    qtbot.waitExposed(window)
    panel = window.findChild(QWidget, name)
    assert panel is not None
    spot = panel.mapTo(window, panel.rect().center())
    under = window.childAt(spot)
    place = QPointF(under.mapFrom(window, spot))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "cat.png"))])
    common = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    for event in (
        QDragEnterEvent(place.toPoint(), *common),
        QDragMoveEvent(place.toPoint(), *common),
        QDropEvent(place, *common),
    ):
        QApplication.sendEvent(under, event)
        assert event.isAccepted(), type(event).__name__
    assert [c.path for c in client.of(Import)] == [str(tmp_path / "cat.png")]  # type: ignore[attr-defined]


# ---- language and theme ----


def test_the_language_changes_while_it_runs(qtbot, window: MainWindow, client: FakeClient) -> None:
    window.document.look(selected="l3")
    window.action_set["language:ko"].trigger()
    qtbot.waitUntil(lambda: window.action_set["language:ko"].isChecked())
    assert window.settings.group("appearance")["language"] == "ko"
    for name in PANELS:
        assert len(window.findChildren(QWidget, name)) == 1 or window.findChild(QWidget, name).isVisible()
    client.say(state(window))
    qtbot.waitUntil(lambda: "1,240" in window.statusBar().step.text())
    window.document.replace_layers(window.document.project.pipeline.layers[1:], "edit")
    window.action_set["trainAction"].trigger()
    window.action_set["language:en"].trigger()
    qtbot.waitUntil(lambda: window.action_set["language:en"].isChecked())


def test_the_theme_changes_while_it_runs(qtbot, window: MainWindow) -> None:
    window.action_set["theme:dark"].trigger()
    assert theme().dark
    assert QApplication.palette().window().color().name() == DARK.window
    QApplication.processEvents()
    image = window.grab().toImage()
    assert image.pixelColor(image.width() - 3, 3).lightness() < 80
    window.action_set["theme:light"].trigger()
    QApplication.processEvents()
    image = window.grab().toImage()
    assert image.pixelColor(image.width() - 3, 3).lightness() > 200
    assert window.settings.group("appearance")["theme"] == "light"


def test_what_was_chosen_last_is_chosen_again(window: MainWindow, settings: Settings) -> None:
    settings.change("appearance", theme="dark")
    make_application(settings=settings)
    assert theme().choice == "dark"
    make_application(settings=settings, theme="light")
    assert theme().choice == "light"


def test_help_is_inside_the_program(window: MainWindow, chooser: FakeChooser) -> None:
    window.action_set["shortcutsAction"].trigger()
    window.action_set["documentationAction"].trigger()
    window.action_set["aboutAction"].trigger()
    assert window.findChild(QWidget, "shortcutSheet").isVisible()
    assert window.findChild(QWidget, "documentation").isVisible()
    assert "FlowViz" in chooser.asked[-1]


def test_it_opens_with_two_moons_and_realnvp(window: MainWindow) -> None:
    assert window.document.project == PRESETS["realnvp"].project()
    assert "Two moons" in window.windowTitle()
    assert window.tool_bar.target.text() == "Two moons"
    assert window.tool_bar.preset.text() == "RealNVP"
