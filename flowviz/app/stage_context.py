"""What a conditional density is shown for: one of the classes, or a value for each number."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from ..engine.messages import ContextInfo
from ..pipeline import Project
from .document import Document
from .forms_segments import Segments
from .stage_bars import BarSlider
from .stage_panel import ROW, Words
from .theme import UNIT
from .translation import spec

FEW = 10
"""Classes that stand beside each other; more of them are in a list."""


class ContextPicker(QWidget):
    """Shown while the pipeline is conditional; changes `view.context`, and the density follows."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.setObjectName("contextPicker")
        self._document = document
        self._info: ContextInfo | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(UNIT // 2, 0, UNIT // 2, 0)
        self._row.setSpacing(UNIT)
        self.segments: Segments | None = None
        self.list: QComboBox | None = None
        self.sliders: list[BarSlider] = []
        document.changed.connect(self._document_changed)
        self.hide()

    @property
    def active(self) -> bool:
        """Whether the density depends on a context that is known."""
        kind = self._document.project.pipeline.context.kind
        return self._info is not None and kind == self._info.kind

    @property
    def wanted(self) -> tuple[float, ...]:
        """What the engine is asked to show the density for; empty where it depends on nothing."""
        if not self.active or self._info is None:
            return ()
        chosen = self._document.project.view.context
        return chosen if len(chosen) == len(self._default()) and self._fits(chosen) else self._default()

    def show_context(self, info: ContextInfo | None) -> None:
        if info != self._info:
            self._info = info
            self._build()
        self._refresh()

    def _default(self) -> tuple[float, ...]:
        info = self._info
        if info is None:
            return ()
        if info.kind == "classes":
            return (0.0,)
        return tuple((low + high) / 2 for low, high in zip(info.low, info.high, strict=True))

    def _fits(self, chosen: tuple[float, ...]) -> bool:
        return self._info is None or self._info.kind != "classes" or 0 <= chosen[0] < self._info.count

    def _build(self) -> None:
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        self.segments, self.list, self.sliders = None, None, []
        info = self._info
        if info is None:
            return
        words = Words("muted")
        words.setText(self.tr("given the class") if info.kind == "classes" else self.tr("given"))
        self._row.addWidget(words)
        if info.kind == "numbers":
            for number, (name, low, high) in enumerate(zip(info.names, info.low, info.high, strict=True)):
                self._row.addWidget(self._slider(number, name, low, high), 1)
        elif info.count <= FEW and sum(len(name) + 3 for name in info.names) < 80:
            self.segments = Segments(self.tr("Class"))
            self.segments.setFixedHeight(ROW)
            self.segments.set_choices([(str(i), spec(name), spec(name)) for i, name in enumerate(info.names)])
            self.segments.chosen.connect(lambda key: self._document.look(context=(float(key),)))
            self._row.addWidget(self.segments)
            self._row.addStretch(1)
        else:
            self.list = QComboBox()
            self.list.setFixedHeight(ROW)
            self.list.setAccessibleName(self.tr("Class"))
            self.list.addItems([spec(name) for name in info.names])
            self.list.activated.connect(lambda index: self._document.look(context=(float(index),)))
            self._row.addWidget(self.list)
            self._row.addStretch(1)

    def _slider(self, number: int, name: str, low: float, high: float) -> BarSlider:
        def words(position: int) -> str:
            value = low + (high - low) * position / 100
            return f"{name} = {value:.3g}".replace("-", "−")

        def chosen(position: int) -> None:
            values = list(self.wanted)
            if values:
                values[number] = low + (high - low) * position / 100
                self._document.look(context=tuple(values))

        slider = BarSlider(words, 50)
        slider.setAccessibleName(name)
        slider.valueChanged.connect(chosen)
        self.sliders.append(slider)
        return slider

    def _document_changed(self, old: Project, new: Project) -> None:
        if old.pipeline.context != new.pipeline.context or old.view.context != new.view.context:
            self._refresh()

    def _refresh(self) -> None:
        self.setVisible(self.active)
        wanted, info = self.wanted, self._info
        if not wanted or info is None:
            return
        if self.segments is not None:
            self.segments.set_current(str(int(wanted[0])))
        if self.list is not None:
            self.list.setCurrentIndex(int(wanted[0]))
        for slider, value, low, high in zip(self.sliders, wanted, info.low, info.high, strict=False):
            slider.blockSignals(True)
            slider.setValue(round(100 * (value - low) / ((high - low) or 1.0)))
            slider.blockSignals(False)
            slider.update()
