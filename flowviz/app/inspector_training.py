"""The inspector's page for the training: every setting may change while it runs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider

from ..engine.messages import State
from ..pipeline import Training, View, parameters
from ..pipeline.training import REVERSE_KL
from .document import Document
from .forms import Form
from .forms_fields import choice_text
from .inspector_parts import Facts, Page, Warnings, heading, line, text
from .theme import UNIT
from .translation import spec


class TrainingPage(Page):
    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.form = Form(Training)
        self.form.edited.connect(self._edit)
        self.warnings = Warnings()
        self.facts = Facts()
        share = next(parameter for parameter in parameters(View) if parameter.name == "frame_share")
        self.share = QSlider(Qt.Orientation.Horizontal)
        self.share.setObjectName("frameShare")
        self.share.setAccessibleName(spec(share.title))
        self.share.setToolTip(spec(share.description))
        self.share.setRange(round(100 * (share.minimum or 0)), round(100 * (share.maximum or 1)))
        self.share.setPageStep(10)
        self.share.valueChanged.connect(self._look)
        self._percent = QLabel()
        self._percent.setMinimumWidth(5 * UNIT)
        self._percent.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._line = line()
        self._line.hide()
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        row.addWidget(self.share, 1)
        row.addWidget(self._percent)
        self.add(
            self.form,
            self.warnings,
            line(),
            heading(spec(share.title)),
            text(spec(share.description), muted=True),
        )
        self.add(row, self._line, self.facts)

    def show_training(self, training: Training, view: View, has_log_prob: bool) -> None:
        self.form.set_value(training)
        impossible = training.objective == REVERSE_KL and not has_log_prob
        sentence = self.tr("This target has no log-density; reverse KL needs one. Choose maximum likelihood.")
        self.warnings.show_warnings([sentence] if impossible else [])
        percent = round(100 * view.frame_share)
        self._percent.setText(self.tr("{share} %").format(share=percent))
        if self.share.value() != percent:
            self.share.blockSignals(True)
            self.share.setValue(percent)
            self.share.blockSignals(False)

    def show_state(self, state: State) -> None:
        threads = self.tr("%n thread(s)", "", state.threads)
        self._line.show()
        device = (
            self.tr("{device}, {threads}").format(device=choice_text(state.device), threads=threads)
            if state.device
            else ""
        )
        self.facts.show_facts(
            [
                (self.tr("Parameters"), f"{state.parameters:,}" if state.parameters else ""),
                (self.tr("Runs on"), device),
            ]
        )

    def _edit(self, training: Training, title: str, key: str) -> None:
        text = self.tr("Change {field}").format(field=title)
        self._document.replace_training(training, text, f"training.{key}")

    def _look(self, percent: int) -> None:
        self._document.look(frame_share=percent / 100)
