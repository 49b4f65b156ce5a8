"""What the engine is told, and what the views hear."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from flowviz.app.bridge import Bridge
from flowviz.app.document import Document
from flowviz.engine.messages import (
    Array,
    Frame,
    Ledger,
    Load,
    Log,
    Probe,
    Ready,
    Reply,
    Save,
    SetProject,
    SetWanted,
    State,
    TargetInfo,
    Tile,
    Train,
)
from flowviz.pipeline import CANVAS, PRESETS, DrawnTarget, NamedTarget, Text

from .conftest import FakeClient


def frame(generation: int, step: int = 1) -> Frame:
    return Frame(generation=generation, step=step, averaged=False, seconds=0.01)


def test_a_client_handed_in_is_told_the_project_at_once(bridge: Bridge, client: FakeClient, document: Document) -> None:
    assert client.starts == 1
    assert client.of(SetProject)[-1].project == document.project
    assert client.of(SetProject)[-1].generation == bridge.generation


def test_wants_in_a_row_are_one_command(qtbot, bridge: Bridge, client: FakeClient) -> None:
    before = len(client.of(SetWanted))
    bridge.want(tile_resolution=64)
    bridge.want(model_resolution=128, tile_mode="grid")
    qtbot.waitUntil(lambda: len(client.of(SetWanted)) > before)
    (command,) = client.of(SetWanted)[before:]
    assert (command.wanted.tile_resolution, command.wanted.model_resolution) == (64, 128)
    assert command.wanted.tile_mode == "grid"


def test_an_edit_is_sent_and_a_look_is_not(qtbot, bridge: Bridge, client: FakeClient, document: Document) -> None:
    generation = bridge.generation
    document.look(tile_mode="grid", selected="l2")
    assert bridge.generation == generation
    document.replace_target(NamedTarget(name="rings"), "target")
    assert bridge.generation == generation + 1
    qtbot.waitUntil(lambda: client.of(SetProject)[-1].generation == generation + 1)
    assert client.of(SetProject)[-1].project.target == NamedTarget(name="rings")


def test_many_edits_in_a_row_are_sent_as_the_last_one(
    qtbot, bridge: Bridge, client: FakeClient, document: Document
) -> None:
    before = len(client.of(SetProject))
    for seed in range(1, 20):
        document.replace(msgspec.structs.replace(document.project, seed=seed), "seed", "seed")
    qtbot.waitUntil(lambda: client.of(SetProject)[-1].project.seed == 19)
    assert len(client.of(SetProject)) == before + 1


def test_a_command_comes_after_the_edit_before_it(bridge: Bridge, client: FakeClient, document: Document) -> None:
    document.replace_target(NamedTarget(name="rings"), "target")
    bridge.train(5)
    project, train = client.sent[-2:]
    assert isinstance(project, SetProject)
    assert project.project.target == NamedTarget(name="rings")
    assert train == Train(steps=5)


def test_stale_frames_are_dropped(qtbot, bridge: Bridge, client: FakeClient, document: Document) -> None:
    seen: list[Frame] = []
    bridge.frame.connect(seen.append)
    old = bridge.generation
    document.replace_layers(document.project.pipeline.layers[1:], "delete")
    client.say(frame(old, 1))
    client.say(frame(bridge.generation, 2))
    qtbot.waitUntil(lambda: bool(seen))
    assert [f.step for f in seen] == [2]
    assert bridge.last_frame is seen[0]


def test_tiles_that_come_alone_are_laid_upon_the_last_whole_frame(qtbot, bridge: Bridge, client: FakeClient) -> None:
    tiles: list[Frame] = []
    frames: list[Frame] = []
    bridge.tiles.connect(tiles.append)
    bridge.frame.connect(frames.append)
    alone = msgspec.structs.replace(frame(bridge.generation, 2), tiles_only=True, tiles=(Tile(uid="a"),))
    client.say(alone)  # what it was to be laid upon was stale
    whole = msgspec.structs.replace(frame(bridge.generation), ledger=Ledger(uids=(), log_dets=(), base=1.0, total=1.0))
    client.say(whole)
    qtbot.waitUntil(lambda: tiles == frames == [whole])
    client.say(alone)
    qtbot.waitUntil(lambda: len(tiles) == 2)
    assert frames == [whole]
    assert bridge.last_frame == tiles[-1] == msgspec.structs.replace(whole, tiles=alone.tiles)
    probe = Probe(point=(0.0, 1.0), log_prob=-1.0, ledger=whole.ledger, states=Array.of(np.zeros((1, 2), np.float32)))
    client.say(msgspec.structs.replace(alone, probe=probe))
    qtbot.waitUntil(lambda: len(frames) == 2)
    assert frames[-1].probe == probe
    assert frames[-1].ledger == whole.ledger


def test_tiles_are_laid_upon_no_frame_of_another_generation(
    qtbot, bridge: Bridge, client: FakeClient, document: Document
) -> None:
    tiles: list[Frame] = []
    bridge.tiles.connect(tiles.append)
    training = msgspec.structs.replace(document.project.training, batch_size=7)
    old = bridge.generation
    document.replace(msgspec.structs.replace(document.project, training=training), "batch size")
    for generation, other in ((old, bridge.generation), (bridge.generation, old)):
        whole = frame(generation)
        client.say(whole)
        qtbot.waitUntil(lambda whole=whole: bridge.last_frame == whole)
        with qtbot.waitSignal(bridge.log):
            alone = msgspec.structs.replace(frame(other), tiles_only=True, tiles=(Tile(uid="a"),))
            client.say(alone, Log(sentence=Text("it comes after the tiles")))
        assert tiles.pop() == bridge.last_frame == whole
        assert tiles == []


def test_painting_does_not_make_frames_stale(qtbot, bridge: Bridge, client: FakeClient, document: Document) -> None:
    cells = np.zeros((CANVAS, CANVAS), np.uint16)
    cells[10:20] = 1
    document.replace_target(DrawnTarget.from_array(cells), "paint")
    generation = bridge.generation
    cells[30:40] = 1
    document.replace_target(DrawnTarget.from_array(cells), "paint")
    with qtbot.waitSignal(bridge.frame):
        client.say(frame(generation))


def test_the_newest_frame_wins_and_nothing_else_is_dropped(qtbot, bridge: Bridge, client: FakeClient) -> None:
    frames: list[Frame] = []
    logs: list[Log] = []
    bridge.frame.connect(frames.append)
    bridge.log.connect(logs.append)
    g = bridge.generation
    client.say(frame(g, 1), Log(sentence=Text("a")), frame(g, 2), Log(sentence=Text("b")), frame(g, 3))
    qtbot.waitUntil(lambda: len(logs) == 2 and bool(frames))
    assert [f.step for f in frames] == [3]


def test_the_newest_of_each_kind_is_kept(qtbot, bridge: Bridge, client: FakeClient) -> None:
    state = State(generation=bridge.generation, phase="training", step=3, steps=10)
    target = TargetInfo(
        generation=bridge.generation,
        title="Rings",
        event_shape=(2,),
        columns=("x", "y"),
        box=(0, 1, 0, 1),
        has_log_prob=True,
    )
    with qtbot.waitSignals([bridge.state, bridge.target, bridge.ready]):
        client.say(Ready(torch="2", devices=(), threads=1, pid=1), state, target)
    assert bridge.last_state == state
    assert bridge.last_target == target
    assert bridge.training


def test_replies_reach_who_asked(qtbot, bridge: Bridge, client: FakeClient) -> None:
    replies: list[Reply] = []
    bridge.save("/tmp/a.pt", False, replies.append)
    (command,) = client.of(Save)
    assert command.path == "/tmp/a.pt"
    client.say(Reply(id=command.id, path="/tmp/a.pt"))
    qtbot.waitUntil(lambda: bool(replies))
    assert replies[0].path == "/tmp/a.pt"


def test_a_load_is_followed_by_the_project_that_it_read(
    qtbot, bridge: Bridge, client: FakeClient, document: Document
) -> None:
    loaded = PRESETS["maf"].project()
    bridge.load("/tmp/a.pt", lambda reply: document.open(reply.project, None))
    (command,) = client.of(Load)
    document.replace_target(NamedTarget(name="rings"), "an edit while it loads")
    sent = len(client.of(SetProject))
    client.say(Reply(id=command.id, path="/tmp/a.pt", project=loaded))
    qtbot.waitUntil(lambda: len(client.of(SetProject)) > sent)
    assert [c.project for c in client.of(SetProject)[sent:]] == [loaded]


def test_a_load_of_the_same_project_is_confirmed_too(
    qtbot, bridge: Bridge, client: FakeClient, document: Document
) -> None:
    project, sent = document.project, len(client.of(SetProject))
    bridge.load("/tmp/a.pt", lambda reply: document.open(reply.project, None))
    client.say(Reply(id=client.of(Load)[0].id, project=project))
    qtbot.waitUntil(lambda: len(client.of(SetProject)) == sent + 1)


def test_a_dead_engine_is_restarted_and_told_everything(
    qtbot, bridge: Bridge, client: FakeClient, document: Document
) -> None:
    connections: list[str] = []
    replies: list[Reply] = []
    bridge.connection.connect(connections.append)
    bridge.want(tile_resolution=64)
    bridge.save("/tmp/a.pt", False, replies.append)
    qtbot.waitUntil(lambda: bool(client.of(SetWanted)) and client.of(SetWanted)[-1].wanted.tile_resolution == 64)
    client.sent.clear()
    client.die()
    qtbot.waitUntil(lambda: client.starts == 2)
    assert connections[0] == "lost"
    assert client.of(SetProject)[-1].project == document.project
    assert client.of(SetWanted)[-1].wanted.tile_resolution == 64
    assert replies[0].error


def test_an_engine_that_keeps_dying_is_left_alone_until_it_is_asked_for(
    qtbot, bridge: Bridge, client: FakeClient
) -> None:
    with qtbot.waitSignal(bridge.connection, check_params_cb=lambda what: what == "stopped"):
        client.broken = True
        client.die()
    starts = client.starts
    replies: list[Reply] = []
    bridge.save("/tmp/a.pt", False, replies.append)
    qtbot.waitUntil(lambda: bool(replies))
    assert replies[0].error
    assert client.starts == starts
    client.broken = False
    bridge.restart()
    assert client.starts == starts + 1


@pytest.mark.parametrize("method", ["train", "pause", "reset"])
def test_nothing_is_sent_after_close(bridge: Bridge, client: FakeClient, method: str) -> None:
    bridge.close()
    sent = len(client.sent)
    getattr(bridge, method)()
    bridge.want(tile_resolution=12)
    assert len(client.sent) == sent
