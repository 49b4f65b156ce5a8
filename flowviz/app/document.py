"""The document: one immutable project, with undo, and the file that it lives in."""

from __future__ import annotations

from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from ..pipeline import EventShape, LayerSpec, PipelineSpec, Project, Target, Training, View


class Document(QObject):
    """Holds the project. Views compare `old` and `new` and update what differs; nothing else is told to them."""

    changed = Signal(object, object)
    """(old: Project, new: Project)"""
    path_changed = Signal()
    shape_changed = Signal()
    """`event_shape` is known, or another."""

    def __init__(self, project: Project | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project or Project()
        self._path: Path | None = None
        self.event_shape: EventShape | None = None
        """Of the target's events, as soon as the engine has said it: new layers are made to fit."""
        self.undo_stack = QUndoStack(self)

    @property
    def project(self) -> Project:
        return self._project

    @property
    def path(self) -> Path | None:
        return self._path

    @property
    def modified(self) -> bool:
        return not self.undo_stack.isClean()

    def set_event_shape(self, shape: EventShape) -> None:
        """What the engine says of the target."""
        if shape != self.event_shape:
            self.event_shape = shape
            self.shape_changed.emit()

    # ---- edits, each one undo step ----

    def replace(self, project: Project, text: str, merge_key: str = "") -> None:
        """Makes `project` the document's value, as an undo step named `text`. Steps of one `merge_key` in a row merge."""
        if project != self._project:
            self.undo_stack.push(ReplaceProject(self, self._project, project, text, merge_key))

    def replace_layers(
        self, layers: tuple[LayerSpec, ...], text: str, merge_key: str = "", *, select: str | None = None
    ) -> None:
        """Replaces the pipeline's layers; `select` is the uid that is selected with it."""
        now = self._project.pipeline
        pipeline = PipelineSpec(layers=layers, base=now.base, context=now.context)  # type: ignore[arg-type]
        view = self._project.view
        if select is not None:
            view = msgspec.structs.replace(view, selected=select)
        self.replace(msgspec.structs.replace(self._project, pipeline=pipeline, view=view), text, merge_key)

    def replace_layer(self, layer: LayerSpec, text: str, merge_key: str = "") -> None:
        """Replaces the layer with the same uid."""
        layers = tuple(layer if old.uid == layer.uid else old for old in self._project.pipeline.layers)
        self.replace_layers(layers, text, merge_key)

    def replace_target(self, target: Target, text: str, merge_key: str = "") -> None:
        self.replace(msgspec.structs.replace(self._project, target=target), text, merge_key)

    def replace_training(self, training: Training, text: str, merge_key: str = "") -> None:
        self.replace(msgspec.structs.replace(self._project, training=training), text, merge_key)

    # ---- changes that are no edits ----

    def look(self, **fields: object) -> None:
        """Changes the view (selection, mode, morph); kept with the project, but no undo step."""
        view: View = msgspec.structs.replace(self._project.view, **fields)
        if view != self._project.view:
            self.put(msgspec.structs.replace(self._project, view=view))

    def open(self, project: Project, path: Path | None) -> None:
        """Another project altogether: the undo stack starts anew."""
        self._path = path
        self.put(project)
        self.undo_stack.clear()
        self.path_changed.emit()

    def saved_as(self, path: Path) -> None:
        self._path = path
        self.undo_stack.setClean()
        self.path_changed.emit()

    def put(self, project: Project) -> None:
        """Sets the value and tells; only undo steps and the two methods above call it."""
        old, self._project = self._project, project
        if old != project:
            self.changed.emit(old, project)


class ReplaceProject(QUndoCommand):
    """The one kind of undo step: the view stays as it is, but for a selection that would point nowhere."""

    def __init__(self, document: Document, before: Project, after: Project, text: str, merge_key: str) -> None:
        super().__init__(text)
        self._document, self._before, self._after, self._merge_key = document, before, after, merge_key

    def id(self) -> int:
        return 1 if self._merge_key else -1

    def redo(self) -> None:
        self._document.put(self._after)

    def undo(self) -> None:
        view = self._document.project.view
        if (
            view.selected
            and self._before.pipeline.index(view.selected) is None
            and view.selected not in ("data", "base")
        ):
            view = msgspec.structs.replace(view, selected=self._before.view.selected)
        self._document.put(msgspec.structs.replace(self._before, view=view))

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, ReplaceProject) or other._merge_key != self._merge_key:
            return False
        self._after = other._after
        return True
