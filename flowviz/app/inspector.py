"""The inspector: a page for what is selected (layer, base, data), and one, always a click away, for the training."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ..engine.messages import BASE, DATA, PREPROCESSING, Failure, State, TargetInfo
from ..pipeline import Problem, Project, base_problem, layer_problem, trace_shapes
from ..pipeline.training import MAXIMUM_LIKELIHOOD
from .bridge import Bridge
from .document import Document
from .forms_segments import Segments
from .inspector_layer import BasePage, LayerPage
from .inspector_target import TargetPage
from .inspector_training import TrainingPage
from .theme import UNIT
from .translation import sentence

SELECTED, TRAINING = "selected", "training"


class Inspector(QWidget):
    def __init__(self, document: Document, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAccessibleName(self.tr("Inspector"))
        self._document = document
        self._target: TargetInfo | None = bridge.last_target
        self._failures: dict[str, list[str]] = {}
        self._wanted = SELECTED
        self.tabs = Segments(self.tr("Inspector"), self)
        self.tabs.chosen.connect(self._choose)
        self.layer = LayerPage(document)
        self.base = BasePage(document)
        self.target = TargetPage(document, bridge)
        self.training = TrainingPage(document)
        self.pages = QStackedWidget()
        for page in (self.layer, self.base, self.target, self.training):
            self.pages.addWidget(page)
        row = QHBoxLayout()
        row.setContentsMargins(UNIT * 3 // 2, UNIT, UNIT * 3 // 2, UNIT)
        row.addWidget(self.tabs)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self.pages, 1)
        document.changed.connect(self._document_changed)
        bridge.target.connect(self._show_target)
        bridge.state.connect(self._show_state)
        bridge.failure.connect(self._show_failure)
        if bridge.last_state is not None:
            self.training.show_state(bridge.last_state)
        self._refresh()

    def sizeHint(self) -> QSize:
        return QSize(38 * UNIT, 80 * UNIT)

    def minimumSizeHint(self) -> QSize:
        return QSize(30 * UNIT, 20 * UNIT)

    @property
    def page(self) -> QWidget:
        return self.pages.currentWidget()

    # ---- what is told ----

    def _document_changed(self, old: Project, new: Project) -> None:
        if old.view.selected != new.view.selected and new.view.selected:
            self._wanted = SELECTED
        if old.pipeline != new.pipeline or old.target != new.target:
            self._failures.clear()
        if _shown(old) != _shown(new):
            self._refresh()

    def _show_target(self, target: TargetInfo) -> None:
        self._target = target
        self._refresh()

    def _show_state(self, state: State) -> None:
        self.training.show_state(state)
        if state.phase == "training" and self._failures:
            self._failures.clear()
            self._refresh()

    def _show_failure(self, failure: Failure) -> None:
        place = DATA if failure.code == "target" else failure.uid
        if place:
            said = [sentence(part) for part in (failure.sentence, failure.remedy) if part]
            self._failures[place] = said
            self._refresh()

    def _choose(self, tab: str) -> None:
        self._wanted = tab
        self._refresh()

    # ---- showing ----

    def _refresh(self) -> None:
        project = self._document.project
        selected = project.view.selected
        index = project.pipeline.index(selected)
        shapes = trace_shapes(project.pipeline, self._target.event_shape) if self._target is not None else None
        page: QWidget = self.training
        name = self.tr("Selection")
        if index is not None:
            layer = project.pipeline.layers[index]
            warnings = list(self._failures.get(selected, []))
            shape = shapes[index] if shapes is not None else None
            if shape is not None and not layer.bypass:
                warnings += _problem_words(layer_problem(layer, shape))
            slow = shape is not None and project.training.objective == MAXIMUM_LIKELIHOOD
            passes = math.prod(shape) if shape is not None else 0
            if slow and layer.normalize_cost == "sequential" and passes > 2 and not layer.bypass:
                warnings.append(
                    self.tr(
                        "Maximum likelihood asks for the density: {count} passes of this layer at every step. IAF is meant for "
                        "reverse KL against a known density (Training, objective), or for a teacher: open a trained flow as "
                        "the target (File, Use Flow as Target) and learn from that."
                    ).format(count=f"{passes:,}")
                )
            self.layer.show_layer(layer, shape, warnings)
            name, page = self.tr("Layer {number}").format(number=index + 1), self.layer
        elif selected == BASE:
            warnings = list(self._failures.get(BASE, []))
            if shapes is not None:
                warnings += _problem_words(base_problem(project.pipeline, shapes[-1]))
            self.base.show_base(project.pipeline.base, project.pipeline, shapes[-1] if shapes else None, warnings)
            name, page = self.tr("Base"), self.base
        elif selected in (DATA, PREPROCESSING):
            self.target.show_target(
                project.target, self._target, self._failures.get(DATA, []), project.pipeline.context
            )
            name, page = self.tr("Data"), self.target
        self.training.show_training(project.training, project.view, self._target is None or self._target.has_log_prob)
        something = page is not self.training
        self.tabs.set_choices(
            [
                (SELECTED, name, self.tr("What is selected in the strip")),
                (TRAINING, self.tr("Training"), self.tr("Settings of the training; each may change while it runs")),
            ]
        )
        self.tabs.button(SELECTED).setEnabled(something)
        if not something or self._wanted == TRAINING:
            page = self.training
        self.tabs.set_current(TRAINING if page is self.training else SELECTED)
        self.pages.setCurrentWidget(page)


def _problem_words(problem: Problem | None) -> list[str]:
    """A problem and its remedy, a line each."""
    return [sentence(part) for part in (problem.sentence, problem.remedy) if part] if problem is not None else []


def _shown(project: Project) -> tuple[object, ...]:
    """What of a project the pages show: a morph being dragged is none of it."""
    return project.pipeline, project.target, project.training, project.view.selected, project.view.frame_share
