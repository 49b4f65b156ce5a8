"""Open, save, import, export, recent files, autosave: what reaches the disk, and what is asked before work is lost."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from flowviz.app.autosave import Copy
from flowviz.app.examples import examples
from flowviz.app.settings import Settings
from flowviz.app.window import MainWindow
from flowviz.engine.messages import Import, Load, Reply, Reset, Save, SetProject, State
from flowviz.pipeline import PRESETS, NamedTarget, TableTarget, Text, read_pipeline, to_json

from .conftest import FakeChooser, FakeClient


def answer(client: FakeClient, kind: type, **fields: object) -> None:
    """The engine's reply to the last command of this kind."""
    command = client.of(kind)[-1]
    client.say(Reply(id=command.id, path=command.path, **fields))  # type: ignore[attr-defined,arg-type]


def edit(window: MainWindow) -> None:
    window.document.replace_target(NamedTarget(name="rings"), "target")


def train(window: MainWindow, client: FakeClient, qtbot, step: int = 100) -> None:  # type: ignore[no-untyped-def]
    client.say(State(generation=window.bridge.generation, phase="paused", step=step, steps=5000))
    qtbot.waitUntil(lambda: window.bridge.last_state is not None and window.bridge.last_state.step == step)


def test_save_asks_once_then_saves_to_the_same_file(
    qtbot, window: MainWindow, client: FakeClient, chooser: FakeChooser, tmp_path: Path
) -> None:
    edit(window)
    qtbot.waitUntil(window.isWindowModified)
    chooser.path = str(tmp_path / "moons")
    window.action_set["saveAction"].trigger()
    (command,) = client.of(Save)
    assert command.path == str(tmp_path / "moons.pt")
    assert command.project == window.document.project
    assert not command.export
    assert window.document.modified  # not before it is on the disk
    answer(client, Save)
    qtbot.waitUntil(lambda: not window.isWindowModified())
    assert window.document.path == tmp_path / "moons.pt"
    assert "moons.pt" in window.windowTitle()
    assert "moons.pt" in window.note.text
    chooser.asked.clear()
    window.action_set["saveAction"].trigger()
    assert chooser.asked == []
    assert len(client.of(Save)) == 2


def test_an_edit_while_it_is_being_saved_is_still_to_be_saved(
    qtbot, window: MainWindow, client: FakeClient, chooser: FakeChooser, tmp_path: Path
) -> None:
    chooser.path = str(tmp_path / "a.pt")
    window.files.save()
    edit(window)
    answer(client, Save)
    qtbot.waitUntil(lambda: window.document.path is not None)
    assert window.document.modified


def test_a_save_that_fails_is_said_and_loses_nothing(
    qtbot, window: MainWindow, client: FakeClient, chooser: FakeChooser, tmp_path: Path
) -> None:
    edit(window)
    chooser.path = str(tmp_path / "a.pt")
    window.files.save()
    answer(client, Save, error=Text("{path}: no space left on the device", {"path": "a.pt"}))
    qtbot.waitUntil(lambda: bool(window.banners.texts))
    assert "no space left" in window.banners.texts[0]
    assert window.document.modified
    assert window.document.path is None
    window.files.save()
    answer(client, Save)
    qtbot.waitUntil(lambda: window.banners.texts == [])


def test_open_takes_the_project_and_the_engine_confirms_it(
    qtbot, window: MainWindow, client: FakeClient, chooser: FakeChooser, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "maf.pt"
    path.write_bytes(b"a checkpoint, for the engine to read")
    chooser.path = str(path)
    window.action_set["openAction"].trigger()
    (command,) = client.of(Load)
    assert command.path == str(path)
    answer(client, Load, project=PRESETS["maf"].project())
    qtbot.waitUntil(lambda: window.document.project == PRESETS["maf"].project())
    qtbot.waitUntil(lambda: client.of(SetProject)[-1].project == PRESETS["maf"].project())
    train(window, client, qtbot, 5000)
    assert not window.files.modified  # the step that it was saved at
    train(window, client, qtbot, 5001)
    assert window.files.modified
    assert settings.recent() == [str(path)]
    qtbot.waitUntil(lambda: window.action_set["recent:0"].isVisible())
    assert window.action_set["recent:0"].text() == "maf.pt"
    assert not window.action_set["recent:1"].isVisible()


def test_an_example_is_opened_without_a_name_of_its_own(qtbot, window: MainWindow, client: FakeClient) -> None:
    example = next(e for e in examples() if e.path.suffix == ".pt")
    window.action_set[f"example:{example.path.name}"].trigger()
    assert client.of(Load)[0].path == str(example.path)  # type: ignore[attr-defined]
    answer(client, Load, project=PRESETS["maf"].project())
    qtbot.waitUntil(lambda: window.document.project == PRESETS["maf"].project())
    assert window.document.path is None
    assert window.settings.recent() == []


def test_a_file_that_cannot_be_opened_leaves_everything(
    qtbot, window: MainWindow, client: FakeClient, tmp_path: Path
) -> None:
    before = window.document.project
    window.files.open_path(str(tmp_path / "a.pt"))
    answer(client, Load, error=Text("a.pt: this is no checkpoint"))
    qtbot.waitUntil(lambda: window.banners.texts == ["a.pt: this is no checkpoint"])
    assert window.document.project == before
    assert window.settings.recent() == []


@pytest.mark.parametrize("choice", ["save", "discard", "cancel"])
def test_work_that_would_be_lost_is_asked_about(
    qtbot, window: MainWindow, client: FakeClient, chooser: FakeChooser, tmp_path: Path, choice: str
) -> None:
    edit(window)
    chooser.answer = choice  # type: ignore[assignment]
    chooser.path = str(tmp_path / "a.pt")
    window.files.new("maf")
    assert chooser.asked[0] == "Untitled"
    if choice == "save":
        answer(client, Save)
        qtbot.waitUntil(lambda: window.document.project == PRESETS["maf"].project())
    elif choice == "discard":
        assert window.document.project == PRESETS["maf"].project()
        assert client.of(Reset)
    else:
        assert window.document.project.target == NamedTarget(name="rings")


def test_nothing_is_asked_when_nothing_would_be_lost(window: MainWindow, chooser: FakeChooser) -> None:
    window.files.new("maf")
    assert chooser.asked == []
    assert window.close()
    assert chooser.asked == []


def test_what_was_trained_is_work_too(
    qtbot, window: MainWindow, client: FakeClient, chooser: FakeChooser, tmp_path: Path
) -> None:
    train(window, client, qtbot)
    assert window.files.modified
    chooser.path = str(tmp_path / "a.pt")
    window.files.save()
    answer(client, Save)
    qtbot.waitUntil(lambda: not window.files.modified)


def test_closing_is_taken_back_by_cancel(window: MainWindow, chooser: FakeChooser) -> None:
    edit(window)
    assert not window.close()
    assert window.isVisible()


def test_import_makes_the_target_an_undo_step_and_tells_what_to_know(
    qtbot, window: MainWindow, client: FakeClient, chooser: FakeChooser, tmp_path: Path
) -> None:
    before = window.document.project.target
    chooser.path = str(tmp_path / "table.csv")
    window.action_set["importAction"].trigger()
    target = TableTarget(path=chooser.path)
    answer(client, Import, target=target, notes=(Text("{count} rows were left out.", {"count": "3"}),))
    qtbot.waitUntil(lambda: window.document.project.target == target)
    assert window.banners.texts == ["3 rows were left out."]
    window.document.undo_stack.undo()
    assert window.document.project.target == before


def test_export_leaves_the_project_where_it_is(
    qtbot, window: MainWindow, client: FakeClient, chooser: FakeChooser, tmp_path: Path
) -> None:
    chooser.path = str(tmp_path / "model.pt")
    window.action_set["exportAction"].trigger()
    (command,) = client.of(Save)
    assert command.export
    answer(client, Save)
    qtbot.waitUntil(lambda: "model.pt" in window.note.text)
    assert window.document.path is None


def test_a_pipeline_goes_out_as_json_and_comes_back(
    qtbot, window: MainWindow, chooser: FakeChooser, tmp_path: Path
) -> None:
    chooser.path = str(tmp_path / "mine")
    window.action_set["exportPipelineAction"].trigger()
    path = tmp_path / "mine.flow.json"
    before = window.document.project.pipeline
    assert read_pipeline(path) == before
    window.action_set["insert:maf"].trigger()
    chooser.path = str(path)
    window.action_set["importPipelineAction"].trigger()
    assert window.document.project.pipeline == before
    assert window.document.undo_stack.undoText()


@pytest.mark.parametrize("text", ["", "{", '{"layers": [{"kind": "nonsense"}]}', '{"layers": 7}', "\x00\xff"])
def test_a_broken_pipeline_is_said_in_a_sentence(window: MainWindow, tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.flow.json"
    path.write_text(text, "utf-8")
    before = window.document.project
    window.files.open_path(str(path))
    assert len(window.banners.texts) == 1
    assert "broken.flow.json" in window.banners.texts[0]
    assert window.document.project == before


def test_a_folder_that_is_not_there_is_said(window: MainWindow, chooser: FakeChooser, tmp_path: Path) -> None:
    chooser.path = str(tmp_path / "gone" / "a.flow.json")
    window.action_set["exportPipelineAction"].trigger()
    assert "a.flow.json" in window.banners.texts[0]
    assert not (tmp_path / "gone").exists()


def test_recent_files_are_unique_the_newest_first_and_there(settings: Settings, tmp_path: Path) -> None:
    paths = [tmp_path / f"{i}.pt" for i in range(13)]
    for path in paths:
        path.touch()
        settings.add_recent(path)
    settings.add_recent(paths[5])
    assert settings.recent()[0] == str(paths[5])
    assert len(settings.recent()) == len(set(settings.recent())) == 10
    paths[5].unlink()
    assert settings.recent()[0] == str(paths[12])


@pytest.mark.parametrize("damaged", ["", "[]", "{", "7", None])
def test_damaged_settings_are_empty_ones(settings: Settings, damaged: str | None) -> None:
    settings._store.setValue("window", damaged)
    assert settings.group("window") == {}
    settings.put("window", {"maximized": True, "list": [], "none": None})
    assert settings.group("window") == {"maximized": True, "list": [], "none": None}


# ---- autosave and recovery ----


def test_an_edit_is_copied_and_a_clean_end_leaves_nothing(
    qtbot, window: MainWindow, chooser: FakeChooser, tmp_path: Path
) -> None:
    folder = tmp_path / "autosave"
    assert list(folder.glob("*.json")) == []
    edit(window)
    qtbot.waitUntil(lambda: len(list(folder.glob("*.json"))) == 1)
    chooser.answer = "discard"
    assert window.close()
    assert list(folder.iterdir()) == []


def test_weights_are_copied_by_the_engine_when_they_are_new(
    qtbot, window: MainWindow, client: FakeClient, tmp_path: Path
) -> None:
    window.autosave.write_weights()
    assert client.of(Save) == []
    train(window, client, qtbot)
    window.autosave.write_weights()
    (command,) = client.of(Save)
    assert Path(command.path).parent == tmp_path / "autosave"
    replied = window.bridge._callbacks
    answer(client, Save)
    qtbot.waitUntil(lambda: not replied)
    window.autosave.write_weights()
    assert len(client.of(Save)) == 1
    assert window.document.path is None  # a copy is no save


def crashed(folder: Path, weights: bool) -> Path:
    """What a session that did not end by itself leaves behind."""
    project = msgspec.structs.replace(PRESETS["glow"].project(), seed=7)
    left = folder / "4194304-0.json"
    left.write_text(to_json(Copy(project=project, path=str(folder / "mine.pt"), name="mine.pt")))
    if weights:
        left.with_suffix(".pt").write_bytes(b"weights, for the engine to read")
    return left


@pytest.mark.parametrize("weights", [True, False])
def test_what_a_crash_left_is_offered_and_recovered(
    qtbot, window: MainWindow, client: FakeClient, tmp_path: Path, weights: bool
) -> None:
    left = crashed(tmp_path / "autosave", weights)
    window.autosave.offer_recovery()
    assert "mine.pt" in window.banners.texts[0]
    window.banners._bars[0].buttons[0].click()
    if weights:
        assert client.of(Load)[0].path == str(left.with_suffix(".pt"))
        answer(client, Load, project=PRESETS["glow"].project())
    qtbot.waitUntil(lambda: window.document.project.seed == 7)
    assert window.document.path == tmp_path / "autosave" / "mine.pt"
    assert window.document.modified
    assert not left.exists()
    assert len(list((tmp_path / "autosave").glob("*.json"))) == 1
    assert len(list((tmp_path / "autosave").glob("*.pt"))) == int(weights)  # safe until they are copied again


def test_a_copy_can_be_discarded(window: MainWindow, tmp_path: Path) -> None:
    left = crashed(tmp_path / "autosave", True)
    window.autosave.offer_recovery()
    window.banners._bars[0].buttons[1].click()
    assert not left.exists()
    assert not left.with_suffix(".pt").exists()


def test_a_running_session_is_not_offered(window: MainWindow, tmp_path: Path) -> None:
    edit(window)
    assert window.autosave.write_project()
    window.autosave.offer_recovery()
    assert window.banners.texts == []


def test_a_broken_copy_is_no_offer(window: MainWindow, tmp_path: Path) -> None:
    left = crashed(tmp_path / "autosave", False)
    left.write_text("{")
    window.autosave.offer_recovery()
    assert window.banners.texts == []
