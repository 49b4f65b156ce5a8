"""The log-det ledger: where a log-density comes from, layer by layer, for the held-out mean and for one point."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ..engine.messages import PREPROCESSING, Frame, TargetInfo
from ..pipeline import Project
from .bridge import Bridge
from .document import Document
from .ledger_chart import LedgerChart, Row, whole_sum
from .stage_panel import ROW, Hint, Words
from .stage_readout import point_words
from .stage_words import conditioned
from .theme import UNIT
from .translation import language, spec
from .units import unit_of


class LogDetLedger(QWidget):
    """Asks the engine for the ledger while it is visible; the stage asks for the point."""

    def __init__(self, document: Document, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("logDetLedger")
        self._document, self._bridge = document, bridge
        self._frame: Frame | None = bridge.last_frame
        self._wanted: bool | None = None
        self.title = Words(bold=True)
        self.title.setFixedHeight(ROW)
        self._formula = Words("muted")
        self.chart = LedgerChart()
        self.chart.chosen.connect(lambda uid: document.look(selected=uid))
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self.chart)
        self._scroll.viewport().setAutoFillBackground(False)
        self.chart.setAutoFillBackground(False)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(UNIT)
        head.addWidget(self.title)
        head.addWidget(self._formula, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(UNIT, UNIT // 2, UNIT, UNIT // 2)
        column.setSpacing(UNIT // 2)
        column.addLayout(head)
        column.addWidget(self._scroll, 1)
        self.hint = Hint(self)
        column.addWidget(self.hint, 1, Qt.AlignmentFlag.AlignCenter)
        bridge.frame.connect(self._frame_came)
        bridge.target.connect(self._target_came)
        bridge.ready.connect(self._show)
        document.changed.connect(self._document_changed)
        language().changed.connect(self.retranslate)
        self.retranslate()

    def _frame_came(self, frame: Frame) -> None:
        self._frame = frame
        self._show()

    def _target_came(self, info: TargetInfo) -> None:
        self._show()

    def _document_changed(self, old: Project, new: Project) -> None:
        if old.pipeline != new.pipeline or old.view != new.view:
            self._show()

    def _show(self, *_: object) -> None:
        if not self.isVisible():
            return
        frame, view = self._frame, self._document.project.view
        mean = frame.ledger if frame is not None else None
        self.hint.say(self._hint() if mean is None else "")
        self._scroll.setVisible(mean is not None)
        if mean is None:
            return
        probe = frame.probe if frame is not None and self._asked() else None
        point = Row(self.tr("one point"), empty=self.tr("point at the model; a click keeps the point"))
        if probe is not None:
            words = self.tr("pinned {point}") if view.pinned else self.tr("point {point}")
            point = Row(words.format(point=point_words(probe.point)), probe.ledger)
        unit = unit_of(self._bridge.last_target)
        if unit != self.chart.unit:
            self.chart.set_unit(unit)
        formula = self.tr("log p(z) + Σ log|det J| = log p(x), {unit}")
        if unit.kind == "bits":
            formula = self.tr("(log₂ p(z) + Σ log₂|det J|)/D = log₂ p(x)/D, {unit}")
        pipeline = self._document.project.pipeline
        self._formula.setText(conditioned(formula.format(unit=unit.words), pipeline))
        self.chart.sum_words = conditioned("log p(x)", pipeline)
        self.chart.names = self._names()
        self.chart.selected = view.selected
        self.chart.numbers = {layer.uid: str(i) for i, layer in enumerate(pipeline.layers, 1)}
        rows = [Row(self.tr("held-out mean"), mean)]
        self.chart.show_rows([*rows, point] if self._pointed() else rows)
        self.chart.update()
        self.chart.setAccessibleDescription(whole_sum(unit.ledger(mean), unit))

    def _asked(self) -> bool:
        """Whether a point is being looked at now: a frame may still carry the one that was."""
        return bool(self._bridge.wanted.probe)

    def _pointed(self) -> bool:
        """Whether there is a picture of the model whose points can be pointed at."""
        info = self._bridge.last_target
        return info is None or (len(info.event_shape) == 1 and info.event_shape[0] <= 2)

    def _hint(self) -> str:
        if self._bridge.last_ready is None:
            return self.tr("The engine is starting.")
        return self.tr("Here log p(x) is added up, layer by layer, as soon as there is a model.")

    def _names(self) -> dict[str, str]:
        names = {PREPROCESSING: self.tr("standardise")}
        for number, layer in enumerate(self._document.project.pipeline.layers):
            words = layer.label or spec(layer.short)
            names[layer.uid] = self.tr("{number} {layer}").format(number=number + 1, layer=words)
        return names

    def retranslate(self) -> None:
        self.title.setText(self.tr("Log-det ledger"))
        self.setAccessibleName(self.tr("Where log p(x) comes from"))
        self.chart.setAccessibleName(self.accessibleName())
        self.chart.base_words = self.tr("base")
        self._show()

    def _want(self) -> None:
        wanted = self.isVisible()
        if wanted != self._wanted:
            self._wanted = wanted
            self._bridge.want(ledger=wanted)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._want()
        self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._want()
