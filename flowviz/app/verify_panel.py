"""The report of Verify: which laws the trained flow keeps, layer by layer, and how normal its latents are."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..engine.messages import PREPROCESSING, Array, Check, VerifyReport
from ..pipeline import Project
from . import edits
from .bridge import Bridge
from .document import Document
from .icons import icon
from .theme import UNIT, theme
from .translation import sentence, spec
from .units import figure_words

MARKS = {True: ("done", "good"), False: ("failed", "error"), None: ("info", "muted")}


class VerifyPanel(QDialog):
    """Not modal: it stays open beside the work, and says when the flow has changed since."""

    def __init__(self, document: Document, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("verifyPanel")
        self.setWindowTitle(self.tr("Verify"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(96 * UNIT, 88 * UNIT)
        self._document, self._bridge = document, bridge
        self.report: VerifyReport | None = None
        self.summary = QLabel()
        self.summary.setObjectName("verifySummary")
        self.summary.setWordWrap(True)
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.setFixedHeight(UNIT // 2)
        self.table = QTreeWidget()
        self.table.setObjectName("verifyChecks")
        self.table.setAccessibleName(self.tr("Checks"))
        self.table.setRootIsDecorated(False)
        self.table.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
        self.table.setHeaderLabels([self.tr("Check"), self.tr("Where"), self.tr("Value"), self.tr("At most")])
        self.table.header().setStretchLastSection(False)
        for column, mode in enumerate(
            (QHeaderView.ResizeMode.Stretch, *(QHeaderView.ResizeMode.ResizeToContents,) * 3)
        ):
            self.table.header().setSectionResizeMode(column, mode)
        self.plot = QuantilePlot()
        self._quantiles = QLabel(self.tr("Latents of held-out data against the standard normal, with 95 % bands"))
        self._quantiles.setWordWrap(True)
        self._quantiles.setProperty("role", "muted")
        self.again = QPushButton(self.tr("Verify again"))
        self.again.clicked.connect(self.verify)
        self.copy = QPushButton(self.tr("Copy as text"))
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text()))
        close = QPushButton(self.tr("Close"))
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.addWidget(self.again)
        foot.addWidget(self.copy)
        foot.addStretch(1)
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        layout.setSpacing(UNIT)
        for part in (self.summary, self.busy):
            layout.addWidget(part)
        layout.addWidget(self.table, 3)
        layout.addWidget(self._quantiles)
        layout.addWidget(self.plot, 2)
        layout.addLayout(foot)
        bridge.report.connect(self.show_report)
        document.changed.connect(self._document_changed)
        theme().changed.connect(self._refresh)
        self._refresh()

    def verify(self) -> None:
        """Asks the engine for a new report."""
        self._bridge.verify()
        self._refresh()

    def show_report(self, report: VerifyReport) -> None:
        self.report = report
        self._refresh()

    def _document_changed(self, old: Project, new: Project) -> None:
        if old.pipeline != new.pipeline or old.target != new.target:
            self._refresh()

    def _refresh(self) -> None:
        report = self.report
        busy = bool(self._bridge.verifying)
        self.busy.setVisible(busy)
        self.again.setEnabled(not busy)
        self.copy.setEnabled(report is not None and bool(report.checks))
        self.summary.setText(self._summary())
        self.table.clear()
        failed: QTreeWidgetItem | None = None
        for check in report.checks if report is not None else ():
            item = self._add(check)
            failed = item if failed is None and check.passed is False else failed
        if failed is not None:
            self.table.scrollToItem(failed)
        quantiles = report.quantiles if report is not None else None
        self.plot.show_quantiles(quantiles)
        for part in (self.plot, self._quantiles):
            part.setVisible(quantiles is not None)

    def _summary(self) -> str:
        report = self.report
        if self._bridge.verifying:
            return self.tr("The laws are being run on the flow as it is trained now.")
        if report is None:
            return self.tr("Nothing was verified yet.")
        if report.error:
            return sentence(report.error)
        judged = [check for check in report.checks if check.passed is not None]
        failed = sum(not check.passed for check in judged)
        seconds = f"{report.seconds:.1f}"
        if failed:
            text = self.tr("{failed} of {count} checks fail at step {step} ({seconds} s).")
        else:
            text = self.tr("All {count} laws hold at step {step} ({seconds} s).")
        return text.format(failed=failed, count=len(judged), step=f"{report.step:,}", seconds=seconds)

    def _add(self, check: Check) -> QTreeWidgetItem:
        item = QTreeWidgetItem(self.table, [sentence(check.name), self._where(check), *_figures(check)])
        name, color = MARKS[check.passed]
        item.setIcon(0, icon(name, color))
        for column in (2, 3):
            item.setTextAlignment(column, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter))
        if check.note:
            for column in range(4):
                item.setToolTip(column, sentence(check.note))
        if check.passed is False:
            item.setForeground(2, theme().color("error"))
        return item

    def _where(self, check: Check) -> str:
        pipeline = self._document.project.pipeline
        index = pipeline.index(check.uid)
        if index is not None:
            return str(self.tr("{number} {layer}").format(number=index + 1, layer=edits.name(pipeline.layers[index])))
        if check.uid == PREPROCESSING:
            return self.tr("Standardise")
        return spec(pipeline.base.title) if check.uid == "base" else self.tr("whole flow")

    def text(self) -> str:
        """The report as plain text, a line a check, with tabs between its columns."""
        lines = [self._summary()]
        if self.report is not None:
            for check in self.report.checks:
                marks = {True: self.tr("pass"), False: self.tr("FAIL"), None: "–"}
                row = [marks[check.passed], sentence(check.name), self._where(check), *_figures(check)]
                lines.append("\t".join([*row, sentence(check.note)]).rstrip())
        return "\n".join(lines)


class QuantilePlot(QWidget):
    """Quantiles of the latents over those of the normal: on the diagonal where they agree; the band is the chance of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("quantilePlot")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._values: Array | None = None

    def show_quantiles(self, values: Array | None) -> None:
        """(Q, 4): normal, latent, lower and upper end of the band."""
        self._values = values
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(60 * UNIT, 28 * UNIT)

    def minimumSizeHint(self) -> QSize:
        return QSize(24 * UNIT, 18 * UNIT)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._values is None:
            return
        values = self._values.numpy()
        painter = QPainter(self)
        line = self.fontMetrics().height()
        room = QRectF(line + UNIT, 1, self.width() - line - UNIT - 1, self.height() - line - UNIT)
        painter.setPen(QPen(theme().color("border"), 1))
        painter.setBrush(theme().color("plot"))
        painter.drawRect(room)
        x0, x1 = float(values[0, 0]), float(values[-1, 0])
        finite = values[:, 1:][abs(values[:, 1:]) < 1e30]
        low, high = min(float(finite.min()), x0), max(float(finite.max()), x1)
        pad = 0.04 * (high - low)
        low, high = low - pad, high + pad

        def at(x: float, y: float) -> QPointF:
            across = room.left() + (x - x0) / (x1 - x0) * room.width()
            return QPointF(across, room.bottom() - (min(max(y, low), high) - low) / (high - low) * room.height())

        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(room)
        band = [at(x, y) for x, y in values[:, [0, 2]].tolist()] + [at(x, y) for x, y in values[::-1, [0, 3]].tolist()]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("accent", 0.15))
        painter.drawPolygon(QPolygonF(band))
        painter.setPen(QPen(theme().color("muted"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(at(x0, x0), at(x1, x1))
        painter.setPen(QPen(theme().color("accent"), 2))
        painter.drawPolyline(QPolygonF([at(x, y) for x, y in values[:, :2].tolist()]))
        painter.setClipping(False)
        painter.setPen(theme().color("muted"))
        foot = QRectF(room.left(), room.bottom() + 2, room.width(), line)
        for words, side in (
            (f"{x0:.1f}".replace("-", "−"), Qt.AlignmentFlag.AlignLeft),
            (self.tr("normal quantile"), Qt.AlignmentFlag.AlignHCenter),
            (f"{x1:.1f}", Qt.AlignmentFlag.AlignRight),
        ):
            painter.drawText(foot, int(side), words)
        painter.translate(0, room.bottom())
        painter.rotate(-90)
        place = QRectF(0, 0, room.height(), line)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), self.tr("latent quantile"))
        painter.end()


def _figures(check: Check) -> tuple[str, str]:
    unit = f" {QCoreApplication.translate('spec', check.unit)}" if check.unit else ""
    value = figure_words(check.value) + unit if check.value is not None else "–"
    return value, figure_words(check.limit) if check.limit is not None else ""
