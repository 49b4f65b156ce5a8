"""Newer messages stand in for older ones that nobody has seen, and nothing else is lost or reordered."""

from __future__ import annotations

import threading

import msgspec
import numpy as np

from flowviz.engine.messages import (
    AnyCommand,
    Array,
    Frame,
    Load,
    Log,
    Metrics,
    Pause,
    SetProject,
    SetWanted,
    Tile,
    Train,
    Wanted,
)
from flowviz.engine.queues import CommandQueue, EventQueue
from flowviz.pipeline import Project, Text


def project(generation: int) -> SetProject:
    return SetProject(project=Project(seed=generation), generation=generation)


def wanted(samples: int) -> SetWanted:
    return SetWanted(wanted=Wanted(samples=samples))


def frame(step: int) -> Frame:
    return Frame(generation=1, step=step, averaged=False, seconds=0.0)


def drained(*commands: AnyCommand) -> list[AnyCommand]:
    queue = CommandQueue()
    for command in commands:
        queue.put(command)
    found = []
    while (command := queue.take(0)) is not None:
        found.append(command)
    return found


def test_of_projects_and_wants_in_a_row_the_newest_stay() -> None:
    assert drained(project(1), wanted(1), project(2), wanted(2), project(3)) == [project(3), wanted(2)]


def test_a_project_does_not_overtake_an_order() -> None:
    load = Load(id=1, path="x")
    assert drained(project(1), load, project(2), Train(), project(3)) == [
        project(1),
        load,
        project(2),
        Train(),
        project(3),
    ]


def test_orders_are_never_dropped() -> None:
    commands = [Train(steps=1), Train(steps=1), Pause(), Train()]
    assert drained(*commands) == commands


def test_taking_waits_for_a_command_and_closing_ends_the_wait() -> None:
    queue = CommandQueue()
    found: list[AnyCommand | None] = []

    def take() -> None:
        found.extend((queue.take(), queue.take()))

    thread = threading.Thread(target=take)
    thread.start()
    queue.put(Pause())
    queue.close()
    thread.join(10)
    assert found == [Pause(), None]
    assert queue.take() is None


def test_waking_ends_one_wait_with_nothing() -> None:
    queue = CommandQueue()
    found = []
    thread = threading.Thread(target=lambda: found.append(queue.take()))
    thread.start()
    while thread.is_alive():
        queue.wake()
        thread.join(0.01)
    assert found == [None]
    assert not queue.closed


def test_the_newest_frame_stays_and_everything_else_does_in_order() -> None:
    queue = EventQueue()
    log = Log(sentence=Text("a"))
    assert queue.put(frame(1))
    assert not queue.put(log)
    assert not queue.put(frame(2))
    assert not queue.put(log)
    assert queue.take() == [log, frame(2), log]
    assert queue.take() == []
    assert queue.put(frame(3))


def test_tiles_that_stand_in_for_a_whole_frame_keep_the_rest_of_it() -> None:
    queue = EventQueue()
    whole = msgspec.structs.replace(frame(1), tiles=(Tile(uid="a", log_det=1.0),), samples=Array.of(np.zeros(3)))
    light = msgspec.structs.replace(frame(2), tiles=(Tile(uid="a", log_det=2.0),), tiles_only=True)
    queue.put(whole)
    queue.put(light)
    assert queue.take() == [msgspec.structs.replace(whole, tiles=light.tiles)]
    queue.put(light)
    assert queue.take() == [light]


def test_figures_are_never_dropped() -> None:
    queue = EventQueue()
    metrics = [Metrics(generation=1, step=i, train=Array.of(np.zeros(1, np.float32))) for i in range(50)]
    for event in metrics:
        queue.put(event)
        queue.put(frame(event.step))
    assert queue.take() == [*metrics, frame(49)]
