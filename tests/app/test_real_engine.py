"""The window with its real engine: trained, saved, opened again; killed from outside, and going on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from flowviz.app.application import make_application, make_window
from flowviz.app.settings import Settings
from flowviz.app.window import MainWindow
from flowviz.pipeline import ActNorm, AffineCoupling, NamedTarget, PipelineSpec, Project

from .conftest import FakeChooser

PATIENCE = 120_000
"""Milliseconds; torch takes its time to be imported on a busy machine."""
PROJECT = Project(pipeline=PipelineSpec(layers=(ActNorm(), AffineCoupling(), AffineCoupling(mask="odd"))))


@pytest.fixture
def window(qtbot, qapp: object, chooser: FakeChooser, settings: Settings, tmp_path: Path) -> Iterator[MainWindow]:
    make_application(language="en", theme="light", settings=settings)
    window = make_window(PROJECT, settings=settings, chooser=chooser, folder=tmp_path / "autosave")
    window.show()
    qtbot.waitUntil(lambda: window.bridge.last_frame is not None, timeout=PATIENCE)
    yield window
    chooser.answer = "discard"
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)


def step(window: MainWindow) -> int:
    state = window.bridge.last_state
    return state.step if state is not None else 0


def test_train_edit_save_and_open_again(qtbot, window: MainWindow, chooser: FakeChooser, tmp_path: Path) -> None:
    window.run.steps(30)
    qtbot.waitUntil(lambda: step(window) == 30 and not window.bridge.training, timeout=PATIENCE)
    window.action_set["insert:affine_coupling"].trigger()
    chooser.path = str(tmp_path / "mine.pt")
    window.action_set["saveAction"].trigger()
    qtbot.waitUntil(lambda: window.document.path is not None, timeout=PATIENCE)
    assert window.banners.texts == []
    saved = window.document.project
    assert not window.files.modified

    window.files.new("gaussian")
    qtbot.waitUntil(lambda: step(window) == 0, timeout=PATIENCE)
    assert chooser.asked == ["Save As"]
    window.files.open_path(chooser.path)
    qtbot.waitUntil(lambda: window.document.project == saved, timeout=PATIENCE)
    qtbot.waitUntil(lambda: step(window) == 30, timeout=PATIENCE)
    frame = window.bridge.generation
    qtbot.waitUntil(lambda: window.bridge.last_frame.generation >= frame, timeout=PATIENCE)
    assert len(window.bridge.last_frame.tiles) >= len(saved.pipeline.layers)
    assert not window.files.modified


def test_a_killed_engine_goes_on_and_nothing_of_the_project_is_lost(qtbot, window: MainWindow) -> None:
    project = msgspec.structs.replace(window.document.project, target=NamedTarget(name="rings"))
    window.document.replace(project, "another target")
    window.run.toggle()
    qtbot.waitUntil(lambda: window.bridge.last_metrics is not None and step(window) >= 0, timeout=PATIENCE)
    qtbot.waitUntil(lambda: window.bridge.last_metrics.step > 20, timeout=PATIENCE)
    before = window.bridge.last_ready.pid
    os.kill(before, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    qtbot.waitUntil(lambda: window.bridge.last_ready.pid != before, timeout=PATIENCE)
    assert any("nothing of the project is lost" in text for text in window.banners.texts)
    qtbot.waitUntil(lambda: window.bridge.training, timeout=PATIENCE)
    assert window.document.project == project
    assert window.document.undo_stack.undoText() == "another target"
    window.run.toggle()
    qtbot.waitUntil(lambda: not window.bridge.training, timeout=PATIENCE)


def test_bad_files_are_one_sentence_each_and_nothing_is_lost(qtbot, window: MainWindow, tmp_path: Path) -> None:
    before = window.document.project
    for number, name in enumerate(("empty.pt", "text.pt", "table.csv", "picture.png"), 1):
        path = tmp_path / name
        path.write_bytes(b"" if name == "empty.pt" else b"not at all what the name says\n")
        window.files.open_path(str(path))
        qtbot.waitUntil(lambda number=number: len(window.banners.texts) == number, timeout=PATIENCE)
        assert name in window.banners.texts[0]
        assert "Traceback" not in window.banners.texts[0]
        assert window.document.project == before


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_program_and_keeps_what_would_be_lost(tmp_path: Path, number: signal.Signals) -> None:
    home = {name: str(tmp_path) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    arguments = [sys.executable, "-m", "flowviz", "--report", "-"]
    with subprocess.Popen(arguments, env=os.environ | home, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        while not json.loads(program.stdout.readline())["engine"]:
            pass
        program.send_signal(number)
        assert program.wait(PATIENCE / 1000) == 0
    assert list((tmp_path / "FlowViz" / "autosave").iterdir()) == []  # nothing was made that could be lost
