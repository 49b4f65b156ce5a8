"""The loss: training (raw and smoothed) and held-out, between the floor that no model can pass and two simple baselines."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from ..engine.messages import TargetInfo
from ..pipeline import Project
from .bridge import Bridge
from .document import Document
from .loss_chart import COLORS, CURVES, LINES, Level, LossChart
from .loss_record import WINDOW, LossRecord
from .stage_panel import ROW, FlatButton, Words
from .stage_readout import value_words
from .theme import UNIT, theme
from .translation import language
from .units import floor_of, unit_of

REDRAW = 250
"""Milliseconds between two pictures of the curves."""


class LossPlot(QWidget):
    """x: steps; y: nats. A history replaces what is shown, metrics are added to it."""

    def __init__(self, document: Document, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lossPlot")
        self._bridge = bridge
        self._info: TargetInfo | None = None
        self.record = LossRecord.of(bridge)
        self.chart = LossChart(self.record)
        self.title = Words(bold=True)
        self.keys = {name: Key(name) for name in (*CURVES, *LINES)}
        self.log_button = FlatButton(checkable=True)
        self.log_button.setObjectName("lossLogSteps")
        self.log_button.clicked.connect(self.chart.set_log_steps)
        self.fit_button = FlatButton("fit")
        self.fit_button.clicked.connect(self.chart.fit)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(2)
        head.addWidget(self.title)
        head.addSpacing(UNIT // 2)
        for name, key in self.keys.items():
            key.clicked.connect(lambda on, name=name: self.chart.set_shown(name, on))
            head.addWidget(key)
        head.addStretch(1)
        head.addWidget(self.log_button)
        head.addWidget(self.fit_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(UNIT, UNIT // 2, UNIT, UNIT // 2)
        column.setSpacing(UNIT // 2)
        column.addLayout(head)
        column.addWidget(self.chart, 1)
        self._readout = QLabel(self.chart)
        self._readout.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._readout.hide()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REDRAW)
        self._timer.timeout.connect(self._redraw)

        self.chart.hovered.connect(self._read)
        self.chart.left.connect(self._readout.hide)
        self.record.appended.connect(self._soon)
        self.record.replaced.connect(self._replaced)
        bridge.target.connect(self._target_came)
        document.changed.connect(self._document_changed)
        theme().changed.connect(self._tint)
        language().changed.connect(self.retranslate)
        self._tint()
        if bridge.last_target is not None:
            self._target_came(bridge.last_target)
        self.retranslate()

    # ---- what comes ----

    def _target_came(self, info: TargetInfo) -> None:
        self._info = info
        self._show_levels()

    def _document_changed(self, old: Project, new: Project) -> None:
        if old.pipeline.context != new.pipeline.context:
            self._show_levels()

    def _replaced(self) -> None:
        """Another run's losses, or none."""
        self.chart.start_over()
        self._soon()

    def _soon(self) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def _redraw(self) -> None:
        self.chart.redraw()
        self._describe()

    # ---- words ----

    def _show_levels(self) -> None:
        info = self._info
        values = {
            "floor": floor_of(info, self._bridge.document.project),
            "gaussian": info.gaussian_nll if info is not None else None,
            "kde": info.kde_nll if info is not None else None,
        }
        names, unit = self._names(), unit_of(info)
        self.chart.set_unit(unit)
        self.title.setText(self.tr("Loss, {unit}").format(unit=unit.words))
        self.setAccessibleName(self.tr("Loss in {unit} over the steps").format(unit=unit.words))
        self.chart.setAccessibleName(self.accessibleName())
        self.chart.set_levels(
            {
                name: Level(value, f"{names[name]} {value_words(unit.of(value))}" if value is not None else "")
                for name, value in values.items()
            }
        )
        for name, value in values.items():
            self.keys[name].setVisible(value is not None)
        self._describe()

    def _names(self) -> dict[str, str]:
        return {
            "train": self.tr("train"),
            "smoothed": self.tr("smoothed"),
            "held_out": self.tr("held-out"),
            "floor": self.tr("floor"),
            "gaussian": self.tr("Gaussian"),
            "kde": self.tr("KDE"),
        }

    def _describe(self) -> None:
        """The newest figures, for those who cannot see the curves."""
        series = self.record.series["held_out"]
        if not len(series):
            self.setAccessibleDescription(self.tr("No held-out loss yet."))
            return
        self.setAccessibleDescription(
            self.tr("Held-out loss {value} {unit} at step {step}").format(
                value=value_words(self.chart.unit.of(float(series.values[-1]))),
                unit=self.chart.unit.words,
                step=f"{series.steps[-1]:,.0f}",
            )
        )

    def _read(self, step: float) -> None:
        """What the curves say at the step under the mouse."""
        found = {name: self.record.series[name].at(step) for name in CURVES if self.chart.shown[name]}
        near = found.get("train") or found.get("smoothed") or found.get("held_out")
        if near is None:
            self._readout.hide()
            return
        names = self._names()
        lines = [self.tr("step {step}").format(step=f"{near[0]:,.0f}")]
        for name, pair in found.items():
            if pair is not None:
                shown = value_words(self.chart.unit.of(pair[1]))
                words = self.tr("{name} {value} {unit}")
                lines.append(words.format(name=names[name], value=shown, unit=self.chart.unit.words))
        self._readout.setText("\n".join(lines))
        self._readout.adjustSize()
        at = self.chart.cursor_x()
        room = at + 12 + self._readout.width() < self.chart.width() - 12
        self._readout.move(round(at + 12 if room else at - 12 - self._readout.width()), 8)
        self._readout.show()

    def retranslate(self) -> None:
        tips = {
            "train": self.tr("Loss of each training batch"),
            "smoothed": self.tr("The training loss, averaged over about {steps} steps").format(steps=WINDOW),
            "held_out": self.tr("Mean negative log-likelihood of points that were never trained on"),
            "floor": self.tr("Entropy of the target: no model can have a lower loss"),
            "gaussian": self.tr("One Gaussian with full covariance, on the held-out points"),
            "kde": self.tr("A kernel density estimate, on the held-out points"),
        }
        for name, words in self._names().items():
            self.keys[name].set_words(words, tips[name])
        self.log_button.set_words(self.tr("log x"), self.tr("Steps on a logarithmic scale"))
        fit = self.tr("Fit: show all steps (0)")
        self.fit_button.set_words(fit, fit)
        self._show_levels()

    def _tint(self) -> None:
        surface = theme().color("surface", 0.88)
        self._readout.setStyleSheet(
            f"background: rgba({surface.red()}, {surface.green()}, {surface.blue()}, {surface.alpha()}); color: {theme().colors.text}; padding: 2px 4px;"
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.title.setVisible(self.width() >= 80 * UNIT)


class Key(QToolButton):
    """What a line stands for, as a button that takes the line away: a dash of its colour and its name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.setObjectName("lossKey_" + name)
        self.setCheckable(True)
        self.setChecked(True)
        self.setFixedHeight(ROW)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme().changed.connect(self.update)

    def set_words(self, words: str, tip: str) -> None:
        self.setText(words)
        self.setAccessibleName(words)
        self.setToolTip(tip)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 24, ROW)

    def minimumSizeHint(self) -> QSize:
        return QSize(28, ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 2.5, -0.5, -2.5)
        if self.underMouse() or self.hasFocus():
            painter.setPen(theme().color("accent") if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("hover"))
            painter.drawRoundedRect(box, 4, 4)
        strength = 1.0 if self.isChecked() else 0.35
        pen = QPen(theme().color(COLORS[self._name], strength), 2)
        if self._name in LINES:
            pen.setDashPattern([2, 1.5])
        painter.setPen(pen)
        middle = self.height() / 2
        painter.drawLine(4, int(middle), 16, int(middle))
        painter.setPen(theme().color("text", strength))
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width() - 20)
        painter.drawText(QRectF(20, 0, self.width() - 20, self.height()), int(Qt.AlignmentFlag.AlignVCenter), words)
