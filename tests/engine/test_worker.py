"""What the engine does with commands: it learns, shows, saves, and answers every mistake with a sentence."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch

from flowviz.engine.messages import (
    Failure,
    Frame,
    History,
    Import,
    Load,
    Log,
    Metrics,
    Pause,
    Ready,
    Reply,
    Reset,
    Save,
    SetProject,
    SetWanted,
    State,
    TargetInfo,
    Train,
    Verify,
    VerifyReport,
    Wanted,
)
from flowviz.engine.wire import SNAPSHOT
from flowviz.pipeline import (
    CANVAS,
    IAF,
    KDE,
    MLP,
    ActNorm,
    AffineCoupling,
    Context,
    DrawnTarget,
    LayerSpec,
    NamedTarget,
    PipelineSpec,
    PixelCNN,
    PixelCNNBase,
    Project,
    TableTarget,
    Training,
    Uniform,
)
from flowviz.training import checkpoint
from flowviz.training.frames_target import COARSE, RESOLUTION

from .conftest import Inside

SMALL = MLP(hidden=(8,))
LAYERS: tuple[LayerSpec, ...] = (
    ActNorm(uid="a"),
    AffineCoupling(uid="b", conditioner=SMALL),
    AffineCoupling(uid="c", mask="odd", conditioner=SMALL),
)
TRAINING = Training(steps=60, batch_size=64, warmup=0)
PROJECT = Project(pipeline=PipelineSpec(layers=LAYERS), training=TRAINING)
EVERYTHING = Wanted(tile_resolution=32, model_resolution=260, ledger=True, samples=100, whole_flow=True)


def project(generation: int, **changes: object) -> SetProject:
    return SetProject(project=msgspec.structs.replace(PROJECT, **changes), generation=generation)


def endless(generation: int = 1, **changes: object) -> SetProject:
    return project(generation, training=msgspec.structs.replace(TRAINING, steps=10_000_000), **changes)


def layers(*kept: LayerSpec) -> PipelineSpec:
    return PipelineSpec(layers=kept)


def drawing(*, blank: bool = False) -> DrawnTarget:
    cells = np.zeros((CANVAS, CANVAS), np.uint16)
    if not blank:
        cells[40:90, 60:200] = 500
    return DrawnTarget.from_array(cells)


def losses(engine: Inside) -> np.ndarray:
    return np.concatenate([metrics.train.numpy() for metrics in engine.of(Metrics)])


def stopped(engine: Inside) -> State:
    return engine.until(State, lambda state: state.phase in ("paused", "finished"))


# ---- from the start to the end of a run -----------------------------------------------------------------------------


def test_it_introduces_itself(engine: Inside) -> None:
    ready = engine.until(Ready)
    assert ready.torch == torch.__version__
    assert [device.name for device in ready.devices] == ["auto", "cpu", "cuda", "mps"]
    for device in ready.devices:
        assert device.available != bool(device.why_not)


def test_a_project_is_told_with_its_target_at_once(engine: Inside) -> None:
    engine.send(project(3))
    state = engine.until(State)
    assert (state.generation, state.phase, state.step, state.steps) == (3, "idle", 0, 60)
    assert state.device == "cpu"
    assert state.parameters > 0
    info = engine.until(TargetInfo)
    assert info.generation == 3
    assert info.density is not None
    assert info.points is not None
    baselines = engine.until(TargetInfo, lambda info: info.kde_nll is not None)
    assert baselines.gaussian_nll is not None
    assert baselines.points == info.points
    assert baselines.entropy is not None
    assert baselines.entropy < baselines.kde_nll < baselines.gaussian_nll


def test_a_density_that_takes_long_is_told_coarsely_and_then_finely(
    engine: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flowviz.training.frames_target.AT_ONCE", 0.0)
    engine.send(project(1))
    first, second = engine.until(TargetInfo), engine.until(TargetInfo)
    assert first.density is not None
    assert second.density is not None
    assert max(first.density.values.shape) == COARSE
    assert max(second.density.values.shape) == RESOLUTION
    assert engine.until(TargetInfo, lambda info: info.kde_nll is not None).density == second.density


def test_it_trains_to_the_end_of_the_schedule_and_every_loss_arrives(engine: Inside) -> None:
    engine.send(project(1), Train())
    assert engine.until(State, lambda state: state.phase == "training").generation == 1
    assert stopped(engine).phase == "finished"
    metrics = engine.of(Metrics)[-1]
    assert metrics.step == 60
    assert metrics.learning_rate > 0
    assert metrics.memory > 1_000_000
    assert metrics.steps_per_second > 0
    assert metrics.samples_per_second == pytest.approx(64 * metrics.steps_per_second)
    assert losses(engine).shape == (60,)
    assert [step for metrics in engine.of(Metrics) for step in metrics.held_out_steps][-1] == 60


def test_it_trains_a_number_of_steps_and_after_the_end_on(engine: Inside) -> None:
    engine.send(project(1), Train(steps=1))
    assert stopped(engine).step == 1
    engine.send(Train(steps=7))
    assert stopped(engine).step == 8
    engine.send(Train())
    assert stopped(engine).step == 60
    engine.send(Train())
    engine.until(Metrics, lambda metrics: metrics.step > 70)
    engine.send(Pause())
    assert stopped(engine).step > 70


def test_pausing_stops_between_two_steps(engine: Inside) -> None:
    engine.send(endless(), Train())
    engine.until(Metrics, lambda metrics: metrics.step > 5)
    engine.send(Pause())
    state = stopped(engine)
    assert state.phase == "paused"
    assert len(losses(engine)) == state.step


def test_reset_goes_back_to_the_same_initial_weights(engine: Inside) -> None:
    engine.send(project(1), SetWanted(wanted=EVERYTHING))
    first = engine.until(Frame)
    engine.send(Train(steps=5))
    stopped(engine)
    trained = engine.until(Frame, lambda frame: frame.step == 5 and fine(frame))
    assert trained.ledger != first.ledger
    engine.send(Reset())
    assert engine.until(State, lambda state: state.step == 0).phase == "idle"
    assert engine.until(History).train.shape == (0,)
    again = engine.until(Frame, lambda frame: frame.step == 0 and fine(frame))
    assert again.ledger == first.ledger


def test_a_reset_keeps_the_baselines_of_its_target(engine: Inside) -> None:
    engine.send(project(1))
    known = engine.until(TargetInfo, lambda info: info.kde_nll is not None)
    engine.settle()
    engine.send(Reset())
    assert engine.until(TargetInfo) == known


# ---- frames ---------------------------------------------------------------------------------------------------------


def fine(frame: Frame) -> bool:
    return frame.model is not None and max(frame.model.values.shape) == EVERYTHING.model_resolution


def test_at_rest_a_frame_comes_at_once_as_fine_as_asked_and_then_no_more(engine: Inside) -> None:
    engine.send(SetWanted(wanted=EVERYTHING), project(4))
    frame = engine.until(Frame, fine)
    assert frame.generation == 4
    assert [tile.uid for tile in frame.tiles] == ["data", "a", "b", "c", "base"]
    assert frame.samples is not None
    assert frame.flow is not None
    assert not frame.averaged
    engine.until(TargetInfo, lambda info: info.kde_nll is not None)
    engine.settle()
    # Whatever it still had to say would come before the answer.
    engine.send(Import(id=1, path="nowhere.csv"))
    engine.until(Reply)
    assert engine.of(Frame)[-1] is frame


def test_while_it_trains_frames_follow(engine: Inside) -> None:
    engine.send(SetWanted(wanted=EVERYTHING), endless(), Train())
    steps = [engine.until(Frame, lambda frame: frame.step > 0).step for _ in range(4)]
    assert steps == sorted(set(steps))
    assert engine.of(Frame)[-1].averaged
    engine.send(Pause())
    last = stopped(engine).step
    assert fine(engine.until(Frame, lambda frame: frame.step == last and fine(frame)))


def test_frames_keep_within_their_share(engine: Inside) -> None:
    engine.send(SetWanted(wanted=msgspec.structs.replace(EVERYTHING, frame_share=0.1)), endless(), Train())
    for _ in range(8):
        engine.until(Frame)
    metrics = engine.until(Metrics, lambda metrics: metrics.frames_per_second > 0)
    assert metrics.frame_share < 0.5


def test_nothing_wanted_means_no_frame(engine: Inside) -> None:
    engine.send(project(1), Train())
    stopped(engine)
    assert engine.of(Frame) == []


def test_a_hovered_point_brings_its_ledger_and_the_same_pictures(engine: Inside) -> None:
    engine.send(SetWanted(wanted=EVERYTHING), project(1))
    before = engine.until(Frame, fine)
    engine.send(SetWanted(wanted=msgspec.structs.replace(EVERYTHING, probe=(0.5, -0.5))))
    after = engine.until(Frame, lambda frame: frame.probe is not None)
    assert after.probe is not None
    assert after.probe.point == (0.5, -0.5)
    assert after.model == before.model


@pytest.mark.parametrize("name", ["claw", "helix"])
def test_other_dimensions_are_shown_too(engine: Inside, name: str) -> None:
    engine.send(SetWanted(wanted=EVERYTHING), project(1, target=NamedTarget(name=name)), Train(steps=3))
    frame = engine.until(Frame, lambda frame: frame.step == 3)
    assert len(frame.tiles) == 5
    assert (frame.model is None) == (name == "helix")
    assert (frame.tiles[0].points is None) == (name == "claw")


def test_another_target_is_shown_by_its_own_points(engine: Inside) -> None:
    engine.send(SetWanted(wanted=EVERYTHING), project(1))
    engine.until(Frame, fine)
    engine.send(project(2, target=NamedTarget(name="rings")))
    info = engine.until(TargetInfo, lambda info: info.generation == 2)
    frame = engine.until(Frame, lambda frame: frame.generation == 2)
    assert info.points is not None
    assert frame.flow is not None
    np.testing.assert_array_equal(frame.flow.numpy()[0], info.points.numpy())


def test_other_axes_of_a_target_are_told_anew(engine: Inside) -> None:
    engine.send(project(1, target=NamedTarget(name="gaussian_8d")))
    first = engine.until(TargetInfo)
    engine.send(SetWanted(wanted=Wanted(axes=(4, 6))))
    assert engine.until(TargetInfo, lambda info: info.points != first.points).event_shape == (8,)


# ---- edits in mid-training ------------------------------------------------------------------------------------------


def test_an_edit_keeps_what_was_learnt_and_training_goes_on(engine: Inside) -> None:
    engine.send(endless(), SetWanted(wanted=EVERYTHING), Train())
    step = engine.until(Frame, lambda frame: frame.step > 20).step
    added = AffineCoupling(uid="d", conditioner=SMALL)
    engine.send(endless(2, pipeline=layers(*LAYERS, added)))
    frame = engine.until(Frame, lambda frame: frame.generation == 2)
    assert frame.step >= step
    assert [tile.uid for tile in frame.tiles] == ["data", "a", "b", "c", "d", "base"]
    state = engine.of(State)[-1]
    assert (state.generation, state.phase) == (2, "training")
    engine.until(Metrics, lambda metrics: metrics.generation == 2 and metrics.step > frame.step)


def test_no_frame_carries_a_generation_that_it_was_not_made_from(engine: Inside) -> None:
    engine.send(endless(), SetWanted(wanted=EVERYTHING), Train())
    engine.until(Frame)
    engine.send(endless(2, pipeline=layers(LAYERS[0])))
    engine.until(Frame, lambda frame: frame.generation == 2)
    for frame in engine.of(Frame):
        assert len(frame.tiles) == (3 if frame.generation == 2 else 5)


def test_painting_goes_on_while_it_learns(engine: Inside) -> None:
    engine.send(endless(), SetWanted(wanted=EVERYTHING), Train())
    engine.until(Metrics, lambda metrics: metrics.step > 5)
    engine.send(endless(2, target=drawing()))
    info = engine.until(TargetInfo, lambda info: info.generation == 2)
    assert info.density is not None
    engine.until(Metrics, lambda metrics: metrics.generation == 2)
    # A blank canvas cannot be learnt; the next stroke is, without another word.
    engine.send(endless(3, target=drawing(blank=True)))
    failure = engine.until(Failure)
    assert (failure.code, failure.generation) == ("target", 3)
    assert engine.until(State, lambda state: state.generation == 3).phase == "failed"
    engine.send(endless(4, target=drawing()))
    step = engine.until(State, lambda state: state.phase == "training").step
    engine.until(Metrics, lambda metrics: metrics.step > step)


def test_more_steps_are_trained_when_the_schedule_grows(engine: Inside) -> None:
    engine.send(project(1), Train())
    assert stopped(engine).step == 60
    engine.send(project(2, training=msgspec.structs.replace(TRAINING, steps=80)))
    assert engine.until(State, lambda state: state.generation == 2).phase == "paused"
    engine.send(Train())
    assert stopped(engine).step == 80


def test_nothing_to_train_is_said(engine: Inside) -> None:
    engine.send(project(1, pipeline=PipelineSpec(base=KDE(points=100))), Train())
    assert "nothing to train" in str(engine.until(Log).sentence)
    assert engine.until(State).phase == "idle"


# ---- mistakes -------------------------------------------------------------------------------------------------------


def test_an_impossible_pipeline_names_itself_and_the_target_is_told_all_the_same(engine: Inside) -> None:
    many = tuple(ActNorm(uid=f"l{i}") for i in range(70))
    engine.send(project(2, pipeline=PipelineSpec(layers=many)))
    failure = engine.until(Failure)
    assert (failure.code, failure.generation) == ("pipeline", 2)
    assert "70" in str(failure.sentence)
    assert failure.remedy
    assert engine.until(State).phase == "failed"
    assert engine.until(TargetInfo).density is not None
    engine.send(project(3), Train())
    assert stopped(engine).generation == 3


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"target": NamedTarget(name="nothing_like_it")}, "target"),
        ({"target": TableTarget(path="/nowhere/at/all.csv")}, "target"),
        ({"target": drawing(blank=True)}, "target"),
        ({"training": Training(device="mps")}, "device"),
    ],
    ids=str,
)
def test_a_mistake_is_one_sentence_and_no_more(engine: Inside, changes: dict[str, object], code: str) -> None:
    engine.send(project(1, **changes))
    failure = engine.until(Failure)
    assert failure.code == code
    assert str(failure.sentence)
    assert "\n" not in str(failure.sentence)
    engine.send(project(2))
    assert engine.until(State, lambda state: state.generation == 2).phase == "idle"


def test_a_loss_that_is_not_finite_stops_and_names_its_layer(engine: Inside) -> None:
    outside = PipelineSpec(layers=LAYERS, base=Uniform(half_width=0.01))
    engine.send(project(1, pipeline=outside), Train())
    failure = engine.until(Failure)
    assert failure.code == "non_finite"
    assert failure.uid == "base"
    assert failure.remedy
    assert engine.until(State).phase == "failed"
    assert engine.until(State).phase in ("idle", "paused")
    engine.send(project(2), Train())
    assert stopped(engine).phase == "finished"


def test_running_out_of_memory_is_said(engine: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object) -> None:
        raise RuntimeError(
            "[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: not enough memory: you tried to allocate"
        )

    engine.send(project(1))
    engine.until(State)
    monkeypatch.setattr("flowviz.training.objectives.draw", exhausted)
    engine.send(Train())
    assert engine.until(Failure).code == "memory"
    monkeypatch.undo()
    engine.send(Train())
    assert stopped(engine).phase == "finished"


def test_an_error_that_nobody_expected_leaves_the_engine_alive(
    engine: Inside, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug")

    engine.send(project(1))
    engine.until(State)
    monkeypatch.setattr("flowviz.training.frames_strip.picture", broken)
    engine.send(SetWanted(wanted=EVERYTHING))
    failure = engine.until(Failure)
    assert failure.code == "internal"
    assert "ZeroDivisionError: a bug" in str(failure.sentence)
    monkeypatch.undo()
    engine.send(Train())
    assert stopped(engine).phase == "finished"
    assert len(engine.of(Failure)) == 1
    assert "Traceback" in capfd.readouterr().err


# ---- files ----------------------------------------------------------------------------------------------------------


def test_a_saved_run_is_loaded_with_its_weights_and_history(engine: Inside, tmp_path: Path) -> None:
    file = str(tmp_path / "run.pt")
    engine.send(project(1), SetWanted(wanted=EVERYTHING), Train())
    stopped(engine)
    before = engine.until(Frame, lambda frame: frame.step == 60 and fine(frame))
    engine.send(Save(id=7, path=file, project=PROJECT))
    reply = engine.until(Reply)
    assert (reply.id, str(reply.error), reply.path) == (7, "", file)
    engine.send(Reset())
    engine.until(History)
    engine.send(Load(id=8, path=file))
    state = engine.until(State, lambda state: state.step == 60)
    assert state.phase == "finished"
    history = engine.until(History)
    np.testing.assert_array_equal(history.train_steps.numpy(), np.arange(1, 61))
    np.testing.assert_array_equal(history.train.numpy(), losses(engine)[:60])
    reply = engine.until(Reply)
    assert (reply.id, reply.project) == (8, PROJECT)
    engine.send(project(2))
    after = engine.until(Frame, lambda frame: frame.generation == 2 and fine(frame))
    assert (after.step, after.model, after.ledger) == (60, before.model, before.ledger)


def test_an_export_is_a_flow(engine: Inside, tmp_path: Path) -> None:
    file = str(tmp_path / "model.pt")
    engine.send(project(1), SetWanted(wanted=EVERYTHING), Train())
    stopped(engine)
    frame = engine.until(Frame, lambda frame: frame.step == 60 and fine(frame))
    engine.send(Save(id=1, path=file, project=PROJECT, export=True))
    assert not engine.until(Reply).error
    assert frame.flow is not None
    assert frame.ledger is not None
    points = torch.tensor(frame.flow.numpy()[0])
    with torch.no_grad():
        mean = float(checkpoint.load(file).log_prob(points).double().mean())
    assert mean == pytest.approx(frame.ledger.total, abs=1e-6)


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 broken", b"not a checkpoint"], ids=str)
def test_a_file_that_cannot_be_loaded_is_answered_and_changes_nothing(
    engine: Inside, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "bad.pt"
    if content is not None:
        file.write_bytes(content)
    engine.send(project(1), Train(steps=3))
    stopped(engine)
    engine.send(Load(id=5, path=str(file)))
    reply = engine.until(Reply)
    assert reply.id == 5
    assert "bad.pt" in str(reply.error)
    engine.send(Train(steps=1))
    assert stopped(engine).step == 4


def test_a_file_that_cannot_be_written_is_answered(engine: Inside, tmp_path: Path) -> None:
    engine.send(project(1), Save(id=1, path=str(tmp_path / "no" / "such" / "folder.pt"), project=PROJECT))
    assert "cannot be written" in str(engine.until(Reply).error)


def test_a_project_that_cannot_be_built_is_saved_but_not_exported(engine: Inside, tmp_path: Path) -> None:
    broken = msgspec.structs.replace(PROJECT, target=drawing(blank=True))
    file = str(tmp_path / "broken.pt")
    engine.send(SetProject(project=broken, generation=1))
    engine.send(Save(id=1, path=file, project=broken, export=True))
    assert engine.until(Reply).error
    engine.send(Save(id=2, path=file, project=broken))
    assert not engine.until(Reply).error
    assert checkpoint.read(file).project == broken


def test_a_run_whose_data_is_gone_opens_and_its_weights_wait(engine: Inside, tmp_path: Path) -> None:
    table, file = tmp_path / "points.csv", str(tmp_path / "run.pt")
    rows = np.random.default_rng(0).normal(size=(300, 2))
    np.savetxt(table, rows, delimiter=",", header="x,y", comments="")
    on_table = msgspec.structs.replace(PROJECT, target=TableTarget(path=str(table), standardize=False))
    engine.send(SetProject(project=on_table, generation=1), Train(steps=20))
    stopped(engine)
    engine.send(Save(id=1, path=file, project=on_table))
    engine.until(Reply)
    table.unlink()
    engine.send(Load(id=2, path=file))
    reply = engine.until(Reply)
    assert not reply.error
    assert reply.project == on_table
    assert "points.csv" in str(reply.notes[0])
    engine.send(SetProject(project=on_table, generation=2))
    assert engine.until(Failure).code == "target"
    engine.send(Save(id=3, path=file, project=on_table))
    assert "would be lost" in str(engine.until(Reply).error)
    engine.send(project(3))
    state = engine.until(State, lambda state: state.generation == 3)
    assert (state.phase, state.step) == ("paused", 20)


def test_a_table_is_imported(engine: Inside, tmp_path: Path) -> None:
    table = tmp_path / "points.csv"
    table.write_text("x,y,name\n" + "".join(f"{i},{i * i % 7},a\n" for i in range(50)))
    engine.send(Import(id=3, path=str(table)))
    reply = engine.until(Reply)
    assert not reply.error
    assert isinstance(reply.target, TableTarget)
    assert reply.columns == ("x", "y")


# ---- snapshots ------------------------------------------------------------------------------------------------------


def test_a_pause_leaves_a_snapshot_and_a_reset_takes_it_away(engine: Inside) -> None:
    snapshot = engine.directory / SNAPSHOT
    engine.send(project(1), Train(steps=9))
    stopped(engine)
    while not snapshot.exists() or checkpoint.read(snapshot).snapshot.step < 9:
        engine.receive(0.05)
    assert checkpoint.read(snapshot).project == PROJECT
    engine.send(Reset(), Import(id=2, path="nowhere"))
    engine.until(Reply)
    assert not snapshot.exists()


def test_a_loaded_run_is_what_a_new_engine_would_go_on_from(engine: Inside, tmp_path: Path) -> None:
    file = tmp_path / "run.pt"
    engine.send(project(1), Train(steps=9))
    stopped(engine)
    engine.send(Save(id=1, path=str(file), project=PROJECT))
    engine.until(Reply)
    engine.send(Reset(), Train(steps=2))
    engine.until(State, lambda state: state.phase == "paused" and state.step == 2)
    engine.send(Load(id=2, path=str(file)))
    engine.until(Reply)
    assert checkpoint.read(engine.directory / SNAPSHOT).snapshot.step == 9


# ---- reports, early ends, and what a step costs -------------------------------------------------------------------------


def test_a_report_comes_while_it_trains_and_commands_are_obeyed_meanwhile(engine: Inside) -> None:
    engine.send(endless(), Train())
    engine.until(Metrics, lambda metrics: metrics.step > 0)
    engine.send(Verify(id=7), Pause())
    assert stopped(engine).phase == "paused"
    report = engine.until(VerifyReport)
    assert report.id == 7
    assert not report.error
    assert {"a", "b", "c"} <= {check.uid for check in report.checks}
    laws = [check for check in report.checks if "round trip" in check.name.template]
    assert laws
    assert all(check.passed for check in laws)
    assert report.quantiles is not None
    assert report.quantiles.shape == (99, 4)


def test_every_request_for_a_report_is_answered(engine: Inside) -> None:
    engine.send(Verify(id=1))
    assert engine.until(VerifyReport).error
    engine.send(project(1), Verify(id=2), Verify(id=3))
    second, third = engine.until(VerifyReport), engine.until(VerifyReport)
    assert (second.id, third.id) == (2, 3)
    assert second.error
    assert not third.error


def test_patience_ends_a_run_as_finished_and_says_so(engine: Inside) -> None:
    impatient = msgspec.structs.replace(TRAINING, steps=100_000, patience=1, learning_rate=0.5, batch_size=16)
    engine.send(project(1, training=impatient), Train())
    state = stopped(engine)
    assert state.phase == "finished"
    assert state.step < 100_000
    assert any("weights of step" in log.sentence.template for log in engine.of(Log))


def test_a_context_that_the_data_lacks_is_told_with_a_remedy(engine: Inside) -> None:
    pipeline = PipelineSpec(layers=LAYERS, context=Context(kind="classes", count=5))
    engine.send(project(1, pipeline=pipeline, target=NamedTarget(name="donut")))
    failure = engine.until(Failure)
    assert failure.code == "pipeline"
    assert failure.remedy


def test_the_cost_of_going_number_by_number_is_told_with_the_target(engine: Inside) -> None:
    pipeline = PipelineSpec(layers=(IAF(uid="i"),))
    engine.send(project(1, pipeline=pipeline, target=NamedTarget(name="gaussian_8d")))
    info = engine.until(TargetInfo)
    assert any("passes a step" in note.template for note in info.notes)
    engine.send(project(2, target=NamedTarget(name="gaussian_8d")))
    info = engine.until(TargetInfo, lambda info: info.generation == 2)
    assert not info.notes


def test_pixels_are_drawn_while_it_trains_and_to_the_end_at_rest(engine: Inside) -> None:
    pipeline = PipelineSpec(base=PixelCNNBase(network=PixelCNN(channels=4, blocks=1)))
    wanted = Wanted(gallery="samples", gallery_count=4)
    engine.send(SetWanted(wanted=wanted), endless(pipeline=pipeline, target=NamedTarget(name="digits")), Train())
    partial = engine.until(Frame, lambda frame: frame.gallery is not None and frame.step > 0)
    assert partial.gallery is not None
    assert partial.gallery.events.shape == (4, 1, 8, 8)
    engine.send(Pause())
    step = stopped(engine).step
    whole = engine.until(
        Frame, lambda frame: frame.step == step and frame.gallery is not None and frame.gallery.done == 1.0
    )
    assert whole.gallery is not None
    assert whole.gallery.seconds_left is None
