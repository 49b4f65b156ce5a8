"""Files: open, save, import, export. Weights are the engine's, so it reads and writes checkpoints; the rest is done here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QSaveFile, Signal
from PySide6.QtWidgets import QWidget

from ..engine.messages import Reply, State
from ..pipeline import PRESETS, ModelTarget, Project, SpecError, Text, preset, read_pipeline, say, to_json
from .banner import Banners, Note
from .bridge import Bridge
from .dialogs import Chooser
from .document import Document
from .running import Run
from .settings import Settings
from .translation import sentence, spec

CHECKPOINT, PIPELINE = ".pt", ".flow.json"
PICTURES = ("png", "jpg", "jpeg", "bmp", "gif", "tif", "tiff", "webp")
SOUNDS = ("wav",)
SETS = ("gz", "bin", "idx", "*-ubyte")
"""Endings of IDX files (MNIST's, gzipped or not) and of CIFAR's binary batches."""
TABLES = ("csv", "tsv", "txt", "npy", "npz")


class Files(QObject):
    """`changed` tells that the title, or the list of recent files, may be another now."""

    changed = Signal()

    def __init__(
        self,
        document: Document,
        bridge: Bridge,
        run: Run,
        settings: Settings,
        chooser: Chooser,
        window: QWidget,
        banners: Banners,
        note: Note,
    ) -> None:
        super().__init__(window)
        self._document, self._bridge, self._run, self._settings = document, bridge, run, settings
        self._chooser, self._window, self._banners, self._note = chooser, window, banners, note
        self._saved_step: int | None = 0
        bridge.state.connect(self._heard)

    # ---- what would be lost ----

    @property
    def name(self) -> str:
        """The file's name, or what a project without one is called."""
        return self._document.path.name if self._document.path is not None else self.tr("Untitled")

    @property
    def modified(self) -> bool:
        """Edited or trained since the last save."""
        state, saved = self._bridge.last_state, self._saved_step
        trained = saved is not None and state is not None and state.step > 0 and state.step != saved
        return self._document.modified or trained

    def may_discard(self, then: Callable[[], object]) -> bool:
        """Asks when work would be lost. True: go on now. False: stay; `then` is called if it was saved after all."""
        if not self.modified:
            return True
        answer = self._chooser.keep_changes(self._window, self.name)
        if answer == "save":
            self.save(then)
        return answer == "discard"

    # ---- new, open ----

    def new(self, name: str = "") -> None:
        """A new project of a preset."""
        if self.may_discard(lambda: self.new(name)):
            self._bridge.reset()
            self.put(preset(name or next(iter(PRESETS))).project(), None)

    def open(self) -> None:
        path = self._chooser.open_file(self._window, self.tr("Open"), self._folder(), self._filters(everything=True))
        if path:
            self.open_path(path)

    def open_path(self, path: str) -> None:
        """Opens a file as what it is: a project, a pipeline, or data to learn."""
        name = path.lower()
        if name.endswith(PIPELINE):
            self.import_pipeline_path(path)
        elif name.endswith(CHECKPOINT):
            if self.may_discard(lambda: self._load(path)):
                self._load(path)
        else:
            self.import_path(path)

    def open_example(self, path: str) -> None:
        """Opens a file that came with the program; what is made of it is saved elsewhere."""
        if not path.lower().endswith(CHECKPOINT):
            self.open_path(path)
        elif self.may_discard(lambda: self._load(path, keep=False)):
            self._load(path, keep=False)

    def put(self, project: Project, path: Path | None) -> None:
        """Another project altogether in the window."""
        self._banners.close_all("failure")
        self._saved_step = None  # what the engine says next is what lies in the file
        self._document.open(project, path)
        self.changed.emit()

    def _heard(self, state: State) -> None:
        if self._saved_step is None and state.generation == self._bridge.generation:
            self._saved_step = state.step

    def _load(self, path: str, *, keep: bool = True) -> None:
        """Reads a checkpoint; with `keep`, later saves go to the same file."""

        def loaded(reply: Reply) -> None:
            if reply.error or reply.project is None:
                self._failed(path, reply.error)
                return
            self.put(reply.project, Path(path) if keep else None)
            if keep:
                self._remember(path)
            self._tell_notes(reply.notes)

        self._bridge.load(path, loaded)

    # ---- save ----

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Saves where it was saved before; asks where the first time. `then` is called when it is on the disk."""
        if self._document.path is None:
            self.save_as(then)
        else:
            self._save(str(self._document.path), then)

    def save_as(self, then: Callable[[], object] | None = None) -> None:
        path = self._ask_where(self.tr("Save As"), CHECKPOINT, self.tr("FlowViz project (*.pt)"))
        if path:
            self._save(path, then)

    def _save(self, path: str, then: Callable[[], object] | None) -> None:
        project, state = self._document.project, self._bridge.last_state
        step = state.step if state is not None else 0

        def saved(reply: Reply) -> None:
            if reply.error:
                self._failed(path, reply.error)
                return
            self._saved_step = step
            self._document.saved_as(Path(path))
            if msgspec.structs.replace(self._document.project, view=project.view) != project:
                self._document.undo_stack.resetClean()  # edited while it was being written
            self._remember(path)
            self._note.say(self.tr("Saved {file}").format(file=Path(path).name))
            if then is not None:
                then()

        self._bridge.save(path, False, saved)

    # ---- data ----

    def import_data(self) -> None:
        path = self._chooser.open_file(self._window, self.tr("Import Data"), self._folder(), self._filters())
        if path:
            self.import_path(path)

    def import_path(self, path: str) -> None:
        """A picture or a table becomes the target, as an undo step."""

        def imported(reply: Reply) -> None:
            if reply.error or reply.target is None:
                self._failed(path, reply.error)
                return
            self._settings.change("folders", last=str(Path(path).absolute().parent))
            self._run.replace_target(reply.target, self.tr("Target {target}").format(target=Path(path).name))
            self._tell_notes(reply.notes)

        self._bridge.import_file(path, imported)

    def import_folder(self) -> None:
        """A folder of pictures becomes the target."""
        path = self._chooser.open_folder(self._window, self.tr("Import Folder of Pictures"), self._folder())
        if path:
            self.import_path(path)

    def choose_teacher(self) -> None:
        """A trained flow becomes the target: to distil it, or to learn by reverse KL, since its density is known."""
        filters = [self.tr("FlowViz project (*.pt)")]
        path = self._chooser.open_file(self._window, self.tr("Use Flow as Target"), self._folder(), filters)
        if path:
            self._settings.change("folders", last=str(Path(path).absolute().parent))
            words = self.tr("Target {target}").format(target=Path(path).name)
            self._run.replace_target(ModelTarget(path=str(Path(path).absolute())), words)

    # ---- pipelines and exports ----

    def import_pipeline(self) -> None:
        filters = [self.tr("Pipeline (*.flow.json)")]
        path = self._chooser.open_file(self._window, self.tr("Import Pipeline"), self._folder(), filters)
        if path:
            self.import_pipeline_path(path)

    def import_pipeline_path(self, path: str) -> None:
        """The file's layers and base take the place of those here, as an undo step."""
        try:
            pipeline = read_pipeline(path)
        except SpecError as error:
            self._banners.show_bar(sentence(error), key="file:" + path)
            return
        self._remember(path)
        project = msgspec.structs.replace(self._document.project, pipeline=pipeline, preset="")
        self._document.replace(project, self.tr("Import {file}").format(file=Path(path).name))

    def export_pipeline(self) -> None:
        path = self._ask_where(self.tr("Export Pipeline"), PIPELINE, self.tr("Pipeline (*.flow.json)"))
        if path and self._write(path, to_json(self._document.project.pipeline)):
            self._note.say(self.tr("Exported {file}").format(file=Path(path).name))

    def export(self) -> None:
        """A checkpoint for other programs: the weights without the optimiser and the history."""
        path = self._ask_where(self.tr("Export Checkpoint"), CHECKPOINT, self.tr("Torch checkpoint (*.pt)"), "-export")
        if not path:
            return

        def exported(reply: Reply) -> None:
            if reply.error:
                self._failed(path, reply.error)
            else:
                self._note.say(self.tr("Exported {file}").format(file=Path(path).name))

        self._bridge.save(path, True, exported)

    def _write(self, path: str, text: str) -> bool:
        """Writes atomically; says so in a banner when it cannot be written."""
        if problem := write_atomically(path, text):
            self._banners.show_bar(sentence(problem), key="file:" + path)
            return False
        self._banners.close_bar("file:" + path)
        return True

    # ---- asking and telling ----

    def _ask_where(self, title: str, suffix: str, wanted: str, ending: str = "") -> str:
        project = self._document.project
        known = self._document.path
        stem = known.stem if known is not None else spec(project.preset) or self.tr("flow")
        start = str(Path(self._folder(), stem + ending + suffix))
        path = self._chooser.save_file(self._window, title, start, [wanted], suffix)
        return path if not path or path.lower().endswith(suffix) else path + suffix

    def _filters(self, everything: bool = False) -> list[str]:
        groups = (PICTURES, TABLES, SOUNDS, SETS)
        pictures, tables, sounds, sets = (
            " ".join(ending if "*" in ending else "*." + ending for ending in endings) for endings in groups
        )
        every = " ".join((pictures, tables, sounds, sets))
        data = [
            self.tr("All data ({patterns})").format(patterns=every),
            self.tr("Pictures ({patterns})").format(patterns=pictures),
            self.tr("Tables and arrays ({patterns})").format(patterns=tables),
            self.tr("Sounds ({patterns})").format(patterns=sounds),
            self.tr("Sets of pictures: IDX, CIFAR ({patterns})").format(patterns=sets),
        ]
        if everything:
            both = "*.pt *.flow.json " + every
            data = [
                self.tr("Everything that opens here ({patterns})").format(patterns=both),
                self.tr("FlowViz project (*.pt)"),
                self.tr("Pipeline (*.flow.json)"),
                *data[1:],
            ]
        return data

    def _folder(self) -> str:
        if self._document.path is not None:
            return str(self._document.path.parent)
        return str(self._settings.group("folders").get("last", ""))

    def _remember(self, path: str) -> None:
        self._banners.close_bar("file:" + path)
        self._settings.add_recent(path)
        self._settings.change("folders", last=str(Path(path).absolute().parent))
        self.changed.emit()

    def _failed(self, path: str, error: Text) -> None:
        text = sentence(error) or sentence(say("{file} holds nothing that can be used here.", file=Path(path).name))
        self._banners.show_bar(text, key="file:" + path)

    def _tell_notes(self, notes: tuple[Text, ...]) -> None:
        for note in notes:
            self._banners.show_bar(sentence(note), kind="info")


def write_atomically(path: str | Path, text: str) -> SpecError | None:
    """Writes a temporary file beside it, then renames; the error, as one sentence, when that cannot be done."""
    file = QSaveFile(str(path))
    if file.open(QSaveFile.OpenModeFlag.WriteOnly):
        file.write(text.encode())
        if file.commit():
            return None
    return SpecError(say("{file} cannot be written: {error}", file=Path(path).name, error=file.errorString()))
