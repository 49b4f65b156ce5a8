"""The menu's edits of layers, on the selected one: the clipboard, moving, bypassing, selecting."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from ..engine.messages import BASE, DATA
from ..pipeline import PipelineSpec, SpecError
from . import edits
from .document import Document


class LayerCommands(QObject):
    """Each does nothing when no layer is selected; `complain` gets the sentence when something cannot be done."""

    def __init__(
        self, document: Document, complain: Callable[[SpecError], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._complain = document, complain

    @property
    def _pipeline(self) -> PipelineSpec:
        return self._document.project.pipeline

    @property
    def _selected(self) -> str:
        return self._document.project.view.selected

    def insert(self, kind: str) -> None:
        """A new layer after the selected one."""
        self._try(
            lambda: edits.insert(
                self._pipeline,
                kind,
                edits.gap_after(self._pipeline, self._selected),
                self._document.event_shape,
            )
        )

    def copy(self) -> None:
        index = self._pipeline.index(self._selected)
        if index is not None:
            QGuiApplication.clipboard().setText(edits.copy_text((self._pipeline.layers[index],)))

    def cut(self) -> None:
        self.copy()
        self._try(lambda: edits.delete(self._pipeline, self._selected, cut=True))

    def paste(self) -> None:
        """The clipboard's layers after the selected one."""
        text = QGuiApplication.clipboard().text()
        self._try(lambda: edits.paste(self._pipeline, text, edits.gap_after(self._pipeline, self._selected)))

    def duplicate(self) -> None:
        self._try(lambda: edits.duplicate(self._pipeline, self._selected))

    def delete(self) -> None:
        self._try(lambda: edits.delete(self._pipeline, self._selected))

    def bypass(self) -> None:
        self._try(lambda: edits.bypass(self._pipeline, self._selected))

    def shift(self, by: int) -> None:
        """One place along the strip as it is shown: `by` > 0 to the right."""
        towards_base = -by if self._document.project.view.turned else by
        self._try(lambda: edits.shift(self._pipeline, self._selected, towards_base))

    def select(self, by: int) -> None:
        """The neighbour on the strip as it is shown, from the data to the base."""
        uids = [DATA, *(layer.uid for layer in self._pipeline.layers), BASE]
        if self._document.project.view.turned:
            uids.reverse()
        if self._selected in uids:
            index = min(max(uids.index(self._selected) + by, 0), len(uids) - 1)
        else:
            index = 0 if by > 0 else len(uids) - 1
        self._document.look(selected=uids[index])

    def _try(self, edit: Callable[[], edits.Edit | None]) -> None:
        try:
            edits.apply(self._document, edit())
        except SpecError as error:
            self._complain(error)
