"""The table of actions: every one has words, a key of its own or none, and a place; and each does what it says."""

from __future__ import annotations

from collections import Counter

import msgspec
import pytest
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu

from flowviz.app.actions import plain
from flowviz.app.finder import OWN, matches
from flowviz.app.window import MainWindow
from flowviz.engine.messages import Pause, Reset, State, Train
from flowviz.pipeline import LAYERS, NAMED, PRESETS, Context, NamedTarget, Project

from .conftest import FakeClient


def trigger(window: MainWindow, name: str) -> None:
    action = window.findChild(QAction, name)
    assert action is not None
    assert action.isEnabled(), name
    action.trigger()


def test_every_action_has_words(window: MainWindow) -> None:
    for name, action in window.action_set.table.items():
        if not name.startswith("recent:"):
            assert plain(window.action_set[name].text()), name
        assert action.group, name


def test_no_key_is_given_twice(window: MainWindow) -> None:
    keys = Counter(key for action in window.action_set.table.values() for key in action.shortcuts if key)
    assert [key for key, count in keys.items() if count > 1] == []


def test_no_key_is_a_single_letter(window: MainWindow) -> None:
    for action in window.action_set.table.values():
        for key in action.shortcuts:
            if key:
                assert not QKeySequence.fromString(key).isEmpty(), action.id
                assert "+" in key or key[1:].isdigit() or key == "Del", action.id


def test_every_action_stands_in_a_menu(window: MainWindow) -> None:
    shown: set[str] = set()

    def walk(menu: QMenu) -> None:
        for action in menu.actions():
            below = action.menu()
            if isinstance(below, QMenu):
                walk(below)
            else:
                shown.add(action.objectName())

    for action in window.menuBar().actions():
        below = action.menu()
        assert isinstance(below, QMenu)
        walk(below)
    assert set(window.action_set.table) - shown == set()


@pytest.mark.parametrize("name", ["trainAction", "stepAction", "resetAction", "exportAction"])
def test_the_promised_names_are_there(window: MainWindow, name: str) -> None:
    assert window.findChild(QAction, name) is not None


def test_train_pauses_when_it_trains(qtbot, window: MainWindow, client: FakeClient) -> None:
    trigger(window, "trainAction")
    assert client.of(Train) == [Train(steps=None)]
    qtbot.waitUntil(lambda: plain(window.action_set["trainAction"].text()) == "Pause")
    trigger(window, "trainAction")
    assert len(client.of(Pause)) == 1


def test_what_the_engine_says_is_what_the_button_says(qtbot, window: MainWindow, client: FakeClient) -> None:
    client.say(State(generation=window.bridge.generation, phase="training", step=1, steps=10))
    qtbot.waitUntil(lambda: plain(window.action_set["trainAction"].text()) == "Pause")
    qtbot.waitUntil(lambda: not window.action_set["stepAction"].isEnabled())
    client.say(State(generation=window.bridge.generation, phase="finished", step=10, steps=10))
    qtbot.waitUntil(lambda: plain(window.action_set["trainAction"].text()) == "Train")


def test_steps_and_reset(window: MainWindow, client: FakeClient) -> None:
    trigger(window, "stepAction")
    trigger(window, "steps:100")
    trigger(window, "resetAction")
    assert [c.steps for c in client.of(Train)] == [1, 100]  # type: ignore[attr-defined]
    assert len(client.of(Reset)) == 1


def test_a_new_seed_is_one_undo_step_and_starts_anew(window: MainWindow, client: FakeClient) -> None:
    trigger(window, "newSeedAction")
    assert window.document.project.seed == 1
    assert len(client.of(Reset)) == 1
    window.document.undo_stack.undo()
    assert window.document.project.seed == 0


@pytest.mark.parametrize("name", list(NAMED)[:3])
def test_targets(window: MainWindow, name: str) -> None:
    trigger(window, f"target:{name}")
    assert window.document.project.target == NamedTarget(name=name)


@pytest.mark.parametrize("name", list(PRESETS))
def test_presets_keep_target_and_device(window: MainWindow, name: str) -> None:
    trigger(window, "target:rings")
    trigger(window, "device:cpu")
    trigger(window, f"preset:{name}")
    project = window.document.project
    assert project.pipeline == PRESETS[name].pipeline
    # A preset that is made for pictures or sequences alone brings some.
    kept = "vector" in PRESETS[name].kinds
    assert project.target == (NamedTarget(name="rings") if kept else PRESETS[name].target)
    assert project.training.device == "cpu"


def test_a_preset_on_the_same_data_stays_conditional(window: MainWindow) -> None:
    document = window.document
    context = Context(kind="classes", count=2)
    pipeline = msgspec.structs.replace(document.project.pipeline, context=context)
    document.replace(msgspec.structs.replace(document.project, pipeline=pipeline), "conditional")
    trigger(window, "preset:maf")
    assert document.project.pipeline == msgspec.structs.replace(PRESETS["maf"].pipeline, context=context)
    trigger(window, "preset:pixelrnn")
    assert document.project.pipeline == PRESETS["pixelrnn"].pipeline


@pytest.mark.parametrize("kind", list(LAYERS))
def test_insert_and_undo(qtbot, window: MainWindow, kind: str) -> None:
    before = window.document.project.pipeline
    trigger(window, f"insert:{kind}")
    assert window.document.project.pipeline.layers[-1].kind == kind
    qtbot.waitUntil(lambda: window.action_set["undoAction"].isEnabled())
    assert "Insert" in window.action_set["undoAction"].text()
    trigger(window, "undoAction")
    assert window.document.project.pipeline == before
    qtbot.waitUntil(lambda: window.action_set["redoAction"].isEnabled())
    trigger(window, "redoAction")
    assert window.document.project.pipeline.layers[-1].kind == kind


def select(qtbot, window: MainWindow, uid: str) -> None:
    window.document.look(selected=uid)
    window.refresh()


def kinds(project: Project) -> list[str]:
    return [layer.uid for layer in project.pipeline.layers]


def test_cut_and_paste_moves_a_layer(qtbot, window: MainWindow) -> None:
    first, second, *rest = kinds(window.document.project)
    select(qtbot, window, first)
    trigger(window, "cutAction")
    assert kinds(window.document.project) == [second, *rest]
    select(qtbot, window, rest[-1])
    window.action_set["pasteAction"].setEnabled(True)
    trigger(window, "pasteAction")
    assert window.document.project.pipeline.layers[-1].kind == PRESETS["realnvp"].pipeline.layers[0].kind


def test_pasting_something_else_is_said(window: MainWindow) -> None:
    QGuiApplication.clipboard().setText("not a layer")
    window.refresh()
    trigger(window, "pasteAction")
    assert any("clipboard" in text for text in window.banners.texts)
    assert not window.document.modified


def test_layer_actions_need_a_layer(qtbot, window: MainWindow) -> None:
    needy = ("cutAction", "copyAction", "duplicateAction", "deleteAction", "bypassAction")
    select(qtbot, window, "")
    assert not any(window.action_set[name].isEnabled() for name in needy)
    select(qtbot, window, kinds(window.document.project)[0])
    assert all(window.action_set[name].isEnabled() for name in needy)
    assert not window.action_set["moveLeftAction"].isEnabled()
    assert window.action_set["moveRightAction"].isEnabled()


def test_left_and_right_are_those_of_the_screen(qtbot, window: MainWindow) -> None:
    uids = kinds(window.document.project)
    window.document.look(turned=True)
    select(qtbot, window, uids[0])
    assert not window.action_set["moveRightAction"].isEnabled()
    trigger(window, "moveLeftAction")
    assert kinds(window.document.project)[:2] == [uids[1], uids[0]]


def test_selecting_walks_from_the_data_to_the_base(window: MainWindow) -> None:
    uids = ["data", *kinds(window.document.project), "base"]
    seen = []
    for _ in range(len(uids) + 1):
        trigger(window, "selectNextAction")
        seen.append(window.document.project.view.selected)
    assert seen == [*uids, "base"]
    trigger(window, "selectPreviousAction")
    assert window.document.project.view.selected == uids[-2]


@pytest.mark.parametrize("mode", ["density", "grid", "samples", "log_det"])
def test_tile_modes_are_no_undo_steps(window: MainWindow, mode: str) -> None:
    trigger(window, f"tiles:{mode}")
    window.refresh()
    assert window.document.project.view.tile_mode == mode
    assert window.action_set[f"tiles:{mode}"].isChecked()
    assert not window.document.undo_stack.canUndo()


@pytest.mark.parametrize(
    ("query", "words", "fits"),
    [("", "Train: Step", True), ("ste tr", "Train: Step", True), ("tep", "Train: Step", True), ("x", "Step", False)],
)
def test_matches(query: str, words: str, fits: bool) -> None:
    assert (matches(query, words) is not None) == fits


def test_the_palette_finds_what_can_be_done_and_runs_it(qtbot, window: MainWindow) -> None:
    finder = window.tool_bar.finder
    trigger(window, "findAction")
    assert set(finder.found()) <= set(window.action_set.table) - OWN
    assert "deleteAction" not in finder.found()  # nothing is selected
    qtbot.keyClicks(finder, "four rings")
    assert finder.found()[0] == "target:rings"
    qtbot.keyClick(finder, "\r")
    assert window.document.project.target == NamedTarget(name="rings")
    assert not finder.list.isVisible()


def test_escape_leaves_the_palette(qtbot, window: MainWindow) -> None:
    trigger(window, "findAction")
    finder = window.tool_bar.finder
    assert finder.list.isVisible()
    qtbot.keyClick(finder, "\x1b")
    assert not finder.list.isVisible()
    assert finder.text() == ""
