"""The engine as a process: started, killed, started again, and gone when its window is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import msgspec
import pytest

from flowviz.engine.client import EngineClient
from flowviz.engine.messages import (
    Failure,
    Frame,
    History,
    Metrics,
    Ready,
    Reply,
    SetProject,
    SetWanted,
    State,
    Train,
    Wanted,
)
from flowviz.engine.wire import SNAPSHOT
from flowviz.pipeline import MLP, ActNorm, AffineCoupling, PipelineSpec, Project, Training
from flowviz.training import checkpoint

from .conftest import PATIENCE, Outside

LAYERS = (ActNorm(uid="a"), AffineCoupling(uid="b", conditioner=MLP(hidden=(8,))))
PROJECT = Project(
    pipeline=PipelineSpec(layers=LAYERS), training=Training(steps=10_000_000, batch_size=64, schedule="constant")
)
SET = SetProject(project=PROJECT, generation=1)
WANTED = SetWanted(wanted=Wanted(tile_resolution=24, ledger=True))


def snapshot(outside: Outside) -> Path:
    directory = outside.client.directory
    assert directory is not None
    return directory / SNAPSHOT


def saved_step(outside: Outside) -> int:
    """The step of the snapshot; 0 while there is none."""
    return checkpoint.read(snapshot(outside)).snapshot.step if snapshot(outside).exists() else 0


def kill(outside: Outside) -> None:
    pid = outside.client.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def gone(pid: int) -> bool:
    """Whether no process has this number; one that waits to be reaped by nobody counts as gone."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z"


def test_the_windows_process_imports_no_torch() -> None:
    code = """
        import sys
        import flowviz.engine.client, flowviz.engine.messages
        heavy = {"torch", "sklearn", "PIL", "PySide6", "flowviz.flows", "flowviz.training"} & set(sys.modules)
        assert not heavy, heavy
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True)


def test_what_was_sent_early_is_obeyed_and_closing_leaves_nothing(outside: Outside) -> None:
    outside.send(SET, WANTED, Train(steps=40))
    assert not outside.client.alive
    outside.client.start()
    assert outside.client.alive
    ready = outside.until(Ready)
    assert ready.pid == outside.client.pid != os.getpid()
    assert outside.until(State, lambda state: state.phase == "paused").step == 40
    assert outside.until(Frame, lambda frame: frame.step == 40).tiles[0].uid == "data"
    directory = outside.client.directory
    assert directory is not None
    assert directory.exists()
    outside.close()
    assert not outside.client.alive
    assert gone(ready.pid)
    assert not directory.exists()


def test_a_killed_engine_goes_on_from_its_snapshot(outside: Outside) -> None:
    outside.client.start()
    outside.send(SET, WANTED, Train(steps=20))
    outside.until(State, lambda state: state.phase == "paused")
    while saved_step(outside) < 20:
        outside.receive(0.05)
    outside.send(Train())
    outside.until(Metrics, lambda metrics: metrics.step > 60)
    kill(outside)
    failure = outside.until(Failure)
    assert "killed" in str(failure.sentence)
    assert not outside.client.alive
    outside.client.restart()
    edited = msgspec.structs.replace(PROJECT, seed=5)
    outside.send(SetProject(project=edited, generation=2))
    assert outside.client.alive
    assert outside.until(Ready).pid == outside.client.pid
    history = outside.until(History, lambda history: len(history.train.numpy()) > 0)
    assert len(history.train.numpy()) >= 20
    state = outside.until(State, lambda state: state.phase == "training")
    assert state.step >= 20
    assert outside.until(Metrics, lambda metrics: metrics.generation == 2).step > 20
    assert outside.until(Frame).generation == 2
    assert not [reply for reply in outside.of(Reply) if reply.id < 0]


def test_an_engine_that_cannot_even_start_says_why(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    outside.client.start()
    assert "could not be started" in str(outside.until(Failure).sentence)
    assert not outside.client.alive
    monkeypatch.undo()
    outside.client.restart()
    assert outside.until(Ready).pid


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for Python")
def test_an_engine_that_dies_at_its_start_leaves_its_last_words(
    outside: Outside, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\ncat > /dev/null\necho 'ImportError: torch is broken' >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    outside.client.start()
    assert "ImportError: torch is broken" in str(outside.until(Failure).sentence)
    assert "torch is broken" in outside.client.log_tail()
    assert not outside.client.alive


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_the_engine_ends_with_its_window_and_takes_its_files_along(tmp_path: Path) -> None:
    code = """
        import sys, threading
        from flowviz.engine.client import EngineClient
        from flowviz.engine.messages import Ready
        woken = threading.Event()
        client = EngineClient(woken.set)
        client.start()
        while not any(isinstance(event, Ready) for event in client.poll()):
            woken.wait(); woken.clear()
        print(client.pid, client.directory, flush=True)
        threading.Event().wait()
    """
    window = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True)
    assert window.stdout is not None
    with window.stdout:
        pid, directory = window.stdout.readline().split()
        assert not gone(int(pid))
        window.kill()
        window.wait(PATIENCE)
    wait_until_gone(int(pid))
    assert not Path(directory).exists()


def wait_until_gone(pid: int) -> None:
    """The kernel says when: a process descriptor becomes readable at the process's end."""
    import select

    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        assert select.select([descriptor], [], [], PATIENCE)[0], "the engine lives on without its window"
    finally:
        os.close(descriptor)


def test_a_window_that_ends_without_closing_leaves_no_engine_either() -> None:
    code = """
        from flowviz.engine.client import EngineClient
        client = EngineClient()
        client.start()
        print(client.pid, client.directory, flush=True)
    """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], check=True, capture_output=True, text=True, timeout=PATIENCE
    )
    pid, directory = ended.stdout.split()
    assert gone(int(pid))
    assert not Path(directory).exists()


def test_the_engine_alone_says_what_it_is() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "flowviz.engine"], input="", capture_output=True, text=True, timeout=PATIENCE
    )
    assert ended.returncode == 2
    assert "Run `flowviz`" in ended.stderr


def test_closing_twice_or_never_started_is_no_error() -> None:
    client = EngineClient()
    client.close()
    client.start()
    client.close()
    client.close()
