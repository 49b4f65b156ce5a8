"""What a new engine is told when the old one has died; the engine is a puppet that says what it heard."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import pytest

from flowviz.engine.messages import (
    AnyCommand,
    Failure,
    Import,
    Load,
    Log,
    Metrics,
    Pause,
    Ready,
    Reply,
    SetProject,
    SetWanted,
    Shutdown,
    State,
    Train,
    Wanted,
)
from flowviz.engine.wire import SNAPSHOT
from flowviz.pipeline import Project

from .conftest import Outside
from .puppet_steps import SNAPSHOT_STEP, TRAINED

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for Python")
SET = SetProject(project=Project(seed=4), generation=1)
WANTED = SetWanted(wanted=Wanted(samples=9))
DIE = Import(id=9, path="")


@pytest.fixture
def puppet(outside: Outside, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Outside:
    script = tmp_path / "python"
    root = Path(__file__).parents[2]
    script.write_text(f'#!/bin/sh\ncd "{root}"\nexec "{sys.executable}" -m tests.engine.puppet\n')
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))
    outside.client.start()
    outside.until(Ready)
    return outside


def heard(outside: Outside) -> AnyCommand:
    """The next command that the engine was told."""
    text = outside.until(Log).sentence.arguments["text"]
    return msgspec.json.decode(text, type=AnyCommand)


def die(outside: Outside, *, snapshot: bytes | None) -> None:
    directory = outside.client.directory
    assert directory is not None
    if snapshot is not None:
        (directory / SNAPSHOT).write_bytes(snapshot)
    outside.send(DIE)
    assert heard(outside) == DIE
    assert "killed" in str(outside.until(Failure).sentence)
    assert not outside.client.alive


def test_it_loads_the_snapshot_takes_the_project_and_trains_on(puppet: Outside) -> None:
    puppet.send(SET, WANTED, Train())
    assert [heard(puppet) for _ in range(3)] == [SET, WANTED, Train()]
    puppet.until(Metrics)
    die(puppet, snapshot=b"whole")
    puppet.client.restart()
    assert puppet.client.alive
    load = heard(puppet)
    assert isinstance(load, Load)
    assert load.path.endswith(SNAPSHOT)
    assert [heard(puppet) for _ in range(3)] == [SET, WANTED, Train()]
    assert puppet.of(Reply) == []


def test_the_newest_project_stands_in_for_the_remembered_one(puppet: Outside) -> None:
    puppet.send(SET, Train())
    puppet.until(Metrics)
    die(puppet, snapshot=b"whole")
    puppet.client.restart()
    newer = SetProject(project=Project(seed=5), generation=2)
    puppet.send(newer)
    told = [heard(puppet)]
    while told[-1] != Train():
        told.append(heard(puppet))
    assert isinstance(told[0], Load)
    assert told.index(newer) > 0
    assert puppet.of(Reply) == []


def test_a_number_of_steps_is_counted_from_the_snapshot(puppet: Outside) -> None:
    puppet.send(SET, Train(steps=200))
    puppet.until(Metrics)
    die(puppet, snapshot=b"whole")
    puppet.client.restart()
    assert isinstance(heard(puppet), Load)
    assert heard(puppet) == SET
    assert heard(puppet) == Train(steps=200 - SNAPSHOT_STEP)


def test_without_a_snapshot_it_begins_anew(puppet: Outside) -> None:
    puppet.send(SET, Train())
    puppet.until(Metrics)
    die(puppet, snapshot=None)
    puppet.client.restart()
    assert [heard(puppet) for _ in range(2)] == [SET, Train()]


def test_a_broken_snapshot_is_said_and_training_goes_on(puppet: Outside) -> None:
    puppet.send(SET, Train())
    puppet.until(Metrics)
    die(puppet, snapshot=b"")
    puppet.client.restart()
    failure = puppet.until(Failure)
    assert (failure.code, str(failure.sentence)) == ("file", "it is broken")
    assert Train() in [heard(puppet), heard(puppet)]


def test_what_was_paused_stays_paused(puppet: Outside) -> None:
    puppet.send(SET, Train())
    puppet.until(Metrics)
    puppet.send(Pause())
    assert puppet.until(State, lambda state: state.phase == "paused").step == TRAINED
    die(puppet, snapshot=b"whole")
    puppet.client.restart()
    puppet.send(Shutdown())
    assert isinstance(heard(puppet), Load)
    assert [heard(puppet) for _ in range(2)] == [SET, Shutdown()]


def test_a_pause_said_meanwhile_holds(puppet: Outside) -> None:
    puppet.send(SET, Train())
    puppet.until(Metrics)
    die(puppet, snapshot=b"whole")
    puppet.client.restart()
    puppet.send(Pause(), Shutdown())
    assert isinstance(heard(puppet), Load)
    assert [heard(puppet) for _ in range(3)] == [SET, Pause(), Shutdown()]


def test_a_living_engine_can_be_replaced(puppet: Outside) -> None:
    puppet.send(SET)
    assert heard(puppet) == SET
    first = puppet.client.pid
    puppet.client.restart()
    assert puppet.until(Ready).pid == puppet.client.pid != first
    assert heard(puppet) == SET
    assert puppet.of(Failure) == []


def test_what_it_printed_can_be_read_after_its_death(puppet: Outside) -> None:
    die(puppet, snapshot=None)
    assert "its last words" in puppet.client.log_tail()


def test_the_key_is_on_no_command_line_and_in_no_environment(puppet: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    from flowviz.engine import process

    if not Path("/proc/self/environ").exists():
        pytest.skip("this system does not show its processes")
    handshakes = []

    def listen(directory: Path) -> object:
        listener, handshake = wire_listen(directory)
        handshakes.append(handshake)
        return listener, handshake

    wire_listen = process.listen
    monkeypatch.setattr(process, "listen", listen)
    puppet.client.restart()
    puppet.until(Ready)
    secrets = msgspec.json.decode(msgspec.json.encode(handshakes[0]))
    for name in ("cmdline", "environ"):
        content = Path(f"/proc/{puppet.client.pid}/{name}").read_bytes()
        assert secrets["key"].encode() not in content
        assert str(secrets["address"]).encode() not in content
