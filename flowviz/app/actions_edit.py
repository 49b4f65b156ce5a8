"""The actions of files and of layers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ..pipeline import LAYERS, PRESETS
from .actions import Action, Facts
from .examples import Example, examples
from .files import PICTURES
from .settings import RECENT
from .translation import spec

if TYPE_CHECKING:
    from .window import MainWindow


class EditActions(QObject):
    """Makes them for a window, in the language of the moment."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window = window

    def table(self) -> list[Action]:
        return [*self._file(), *self._edit(), *self._layers()]

    def _file(self) -> Iterator[Action]:
        files, group = self._window.files, self.tr("File")
        rows = (
            ("newAction", self.tr("&New"), files.new, "Ctrl+N", "action_new", ""),
            ("openAction", self.tr("&Open…"), files.open, "Ctrl+O", "action_open", ""),
            ("saveAction", self.tr("&Save"), lambda: files.save(), "Ctrl+S", "action_save", ""),
            ("saveAsAction", self.tr("Save &As…"), lambda: files.save_as(), "Ctrl+Shift+S", "", ""),
            (
                "importAction",
                self.tr("&Import Data…"),
                files.import_data,
                "Ctrl+I",
                "action_import",
                self.tr("A picture, a table, a set of pictures or a sound to learn"),
            ),
            (
                "importFolderAction",
                self.tr("Import &Folder of Pictures…"),
                files.import_folder,
                "Ctrl+Alt+I",
                "target_pictures",
                self.tr("All pictures of a folder, cropped and resized to one size; subfolders are classes"),
            ),
            (
                "teacherAction",
                self.tr("&Use Flow as Target…"),
                files.choose_teacher,
                "Ctrl+Alt+O",
                "",
                self.tr("A trained flow as the density to learn: its log-density is known, and its samples never end"),
            ),
            (
                "exportAction",
                self.tr("&Export Checkpoint…"),
                files.export,
                "Ctrl+E",
                "action_export",
                self.tr("The trained flow as a torch checkpoint"),
            ),
            (
                "importPipelineAction",
                self.tr("Import Pi&peline…"),
                files.import_pipeline,
                "Ctrl+Shift+I",
                "",
                self.tr("Layers and base from a JSON file"),
            ),
            (
                "exportPipelineAction",
                self.tr("Export Pipe&line…"),
                files.export_pipeline,
                "Ctrl+Shift+E",
                "",
                self.tr("Layers and base as a JSON file, without weights"),
            ),
            ("quitAction", self.tr("&Quit"), self._window.close, "Ctrl+Q", "", ""),
        )
        for name, text, run, key, picture, tip in rows:
            yield Action(id=name, group=group, text=text, run=run, shortcuts=(key,), icon=picture, tip=tip)
        for name, made in PRESETS.items():
            yield Action(
                id="new:" + name,
                group=self.tr("New"),
                text=spec(made.title),
                run=partial(files.new, name),
                tip=spec(made.description),
            )
        for number in range(RECENT):
            yield Action(
                id=f"recent:{number}",
                group=self.tr("Open Recent"),
                text="",
                run=partial(self._open_recent, number),
                live=partial(_recent_words, number),
            )
        for example in examples():
            yield Action(
                id="example:" + example.path.name,
                group=self.tr("Examples"),
                text=self._example_words(example).replace("&", "&&"),
                run=partial(files.open_example, str(example.path)),
            )

    def _example_words(self, example: Example) -> str:
        if example.title:
            return spec(example.title)
        name = example.path.name
        if example.path.suffix.lower().removeprefix(".") in PICTURES:
            return self.tr("Picture {file}").format(file=name)
        return self.tr("Table {file}").format(file=name)

    def _edit(self) -> Iterator[Action]:
        layering, stack, group = self._window.layering, self._window.document.undo_stack, self.tr("Edit")
        undo, redo = self.tr("&Undo"), self.tr("&Redo")
        undo_step, redo_step = self.tr("&Undo {step}"), self.tr("&Redo {step}")
        yield Action(
            id="undoAction",
            group=group,
            text=undo,
            run=stack.undo,
            shortcuts=("Ctrl+Z",),
            icon="action_undo",
            enabled=lambda facts: bool(facts.undo),
            live=lambda facts: (undo_step.format(step=facts.undo) if facts.undo else undo, ""),
        )
        yield Action(
            id="redoAction",
            group=group,
            text=redo,
            run=stack.redo,
            shortcuts=("Ctrl+Shift+Z", "Ctrl+Y"),
            icon="action_redo",
            enabled=lambda facts: bool(facts.redo),
            live=lambda facts: (redo_step.format(step=facts.redo) if facts.redo else redo, ""),
        )
        selected = _layer_is_selected
        rows = (
            ("cutAction", self.tr("Cu&t Layer"), layering.cut, "Ctrl+X", "action_cut", selected),
            ("copyAction", self.tr("&Copy Layer"), layering.copy, "Ctrl+C", "action_copy", selected),
            ("pasteAction", self.tr("&Paste Layer"), layering.paste, "Ctrl+V", "action_paste", lambda f: f.pasteable),
            (
                "duplicateAction",
                self.tr("&Duplicate Layer"),
                layering.duplicate,
                "Ctrl+D",
                "action_duplicate",
                selected,
            ),
            ("deleteAction", self.tr("D&elete Layer"), layering.delete, "Del", "action_delete", selected),
        )
        for name, text, run, key, picture, enabled in rows:
            yield Action(id=name, group=group, text=text, run=run, shortcuts=(key,), icon=picture, enabled=enabled)

    def _layers(self) -> Iterator[Action]:
        layering, group = self._window.layering, self.tr("Layers")
        bypass, take_in = self.tr("&Bypass"), self.tr("Take In &Again")

        def bypass_words(facts: Facts) -> tuple[str, str]:
            index = facts.layer
            bypassed = index is not None and facts.project.pipeline.layers[index].bypass
            return (take_in, "eye") if bypassed else (bypass, "eye_off")

        yield Action(
            id="bypassAction",
            group=group,
            text=bypass,
            run=layering.bypass,
            shortcuts=("Ctrl+B",),
            icon="eye_off",
            tip=self.tr("Leave the selected layer out, keeping its weights"),
            enabled=_layer_is_selected,
            live=bypass_words,
        )
        yield Action(
            id="moveLeftAction",
            group=group,
            text=self.tr("Move &Left"),
            run=lambda: layering.shift(-1),
            shortcuts=("Ctrl+Shift+PgUp",),
            icon="action_left",
            enabled=lambda facts: _can_move(facts, -1),
        )
        yield Action(
            id="moveRightAction",
            group=group,
            text=self.tr("Move &Right"),
            run=lambda: layering.shift(1),
            shortcuts=("Ctrl+Shift+PgDown",),
            icon="action_right",
            enabled=lambda facts: _can_move(facts, 1),
        )
        yield Action(
            id="selectPreviousAction",
            group=group,
            text=self.tr("Select &Previous"),
            run=lambda: layering.select(-1),
            shortcuts=("Ctrl+PgUp",),
        )
        yield Action(
            id="selectNextAction",
            group=group,
            text=self.tr("Select &Next"),
            run=lambda: layering.select(1),
            shortcuts=("Ctrl+PgDown",),
        )
        for kind, layer in LAYERS.items():
            yield Action(
                id="insert:" + kind,
                group=self.tr("Insert Layer"),
                text=spec(layer.title),
                run=partial(layering.insert, kind),
                icon="layer_" + kind,
                tip=spec(layer.description),
            )

    def _open_recent(self, number: int) -> None:
        self._window.files.open_path(self._window.facts().recent[number])


def _recent_words(number: int, facts: Facts) -> tuple[str, str]:
    name = Path(facts.recent[number]).name if number < len(facts.recent) else ""
    return name.replace("&", "&&"), ""


def _layer_is_selected(facts: Facts) -> bool:
    return facts.layer is not None


def _can_move(facts: Facts, by: int) -> bool:
    """Whether the selected layer has a place to go to, along the strip as it is shown."""
    by = -by if facts.project.view.turned else by
    return facts.layer is not None and 0 <= facts.layer + by < facts.count
