"""The inspector's page for the data: which density is learnt, and what is known about it."""

from __future__ import annotations

import math
from pathlib import Path

import msgspec
import shiboken6
from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QListWidget, QListWidgetItem, QPushButton

from ..engine.messages import Reply, TargetInfo
from ..pipeline import (
    NAMED,
    Context,
    DrawnTarget,
    ImageTarget,
    ModelTarget,
    NamedTarget,
    SequenceTarget,
    StandardNormal,
    TableTarget,
    Target,
)
from .bridge import Bridge
from .document import Document
from .forms import Form
from .inspector_parts import Facts, Head, Page, Warnings, heading, line, text
from .running import retargeted
from .theme import UNIT
from .translation import sentence, spec
from .units import unit_of

_SHOWN_COLUMNS = 6
"""Means and deviations that are listed; beyond this, the tooltip of the columns has them."""


class TargetPage(Page):
    def __init__(self, document: Document, bridge: Bridge) -> None:
        super().__init__()
        self._document, self._bridge = document, bridge
        self._info: TargetInfo | None = None
        self.head = Head()
        self.warnings = Warnings()
        self.picker = QComboBox()
        self.picker.setObjectName("targetKind")
        self.picker.setAccessibleName(self.tr("Target"))
        self.picker.setMaxVisibleItems(24)
        self.picker.setMinimumWidth(72)
        self.picker.activated.connect(self._pick)
        self.facts = Facts()
        self.notes = text("", muted=True)
        self.clear = QPushButton(self.tr("Clear the canvas"))
        self.clear.setObjectName("clearDrawing")
        self.clear.clicked.connect(self._clear)
        self.columns = Columns()
        self.columns.chosen.connect(self._choose_columns)
        skip = frozenset({"path", "columns", "array"})
        self.forms = {kind: Form(kind, skip=skip) for kind in (TableTarget, ImageTarget, SequenceTarget)}
        for form in self.forms.values():
            form.edited.connect(self._edit)
        self.form = self.forms[TableTarget]
        self.conditional = QCheckBox(self.tr("Conditional"))
        self.conditional.setObjectName("conditional")
        self.conditional.clicked.connect(self._make_conditional)
        self.conditions = text("", muted=True)
        self._columns_heading = heading(self.tr("Columns"))
        label = QLabel(self.tr("Target"))
        label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        label.setBuddy(self.picker)
        self.add(
            self.head,
            self.warnings,
            label,
            self.picker,
            self.clear,
            self._columns_heading,
            self.columns,
            *self.forms.values(),
            self.conditional,
            self.conditions,
            line(),
            self.facts,
            self.notes,
        )

    def show_target(
        self, target: Target, info: TargetInfo | None, warnings: list[str], context: Context | None = None
    ) -> None:
        """`context` is what the pipeline is conditioned by now."""
        self._info = info
        self._fill_picker(target)
        self._show_head(target, info)
        self.warnings.show_warnings(warnings)
        table = isinstance(target, TableTarget)
        self.clear.setVisible(isinstance(target, DrawnTarget))
        for part in (self._columns_heading, self.columns):
            part.setVisible(table)
        for kind, form in self.forms.items():
            form.setVisible(type(target) is kind)
            if type(target) is kind:
                form.set_value(target)
        self._show_context(info, context or Context())
        if isinstance(target, TableTarget):
            self._show_columns(target, info)
        self.facts.show_facts(self._facts(info) if info is not None else [])
        notes = [sentence(note) for note in info.notes] if info is not None else []
        self.notes.setText("\n".join(notes))
        self.notes.setVisible(bool(notes))

    # ---- parts ----

    def _fill_picker(self, target: Target) -> None:
        """The named densities; first the present one where it has no name."""
        own = "" if isinstance(target, NamedTarget) else self._own_title(target)
        if self.picker.property("own") != own:
            self.picker.setProperty("own", own)
            self.picker.clear()
            if own:
                self.picker.addItem(own, "")
                self.picker.insertSeparator(1)
            for info in NAMED.values():
                title = self.tr("{title}, {count}-D").format(title=spec(info.title), count=info.dimensions)
                if info.shape:
                    title = f"{spec(info.title)}, {' × '.join(map(str, info.shape))}"
                self.picker.addItem(title, info.name)
                self.picker.setItemData(self.picker.count() - 1, spec(info.description), Qt.ItemDataRole.ToolTipRole)
        name = target.name if isinstance(target, NamedTarget) else ""
        self.picker.setCurrentIndex(self.picker.findData(name))

    def _show_context(self, info: TargetInfo | None, context: Context) -> None:
        """The switch, where the data can be conditioned by something; or while the pipeline still is."""
        known = info.context if info is not None else None
        on = context.kind != "none"
        self.conditional.setVisible(known is not None or on)
        self.conditional.setChecked(on)
        self.conditions.setVisible(known is not None or on)
        if known is None:
            self.conditions.setText(self.tr("This data has nothing to condition by: switch it off."))
            return
        names = ", ".join(spec(name) for name in known.names[:12]) + (" …" if len(known.names) > 12 else "")
        if known.kind == "classes":
            words = self.tr("Learns p(x | class) for {count} classes: {names}.")
            self.conditions.setText(words.format(count=known.count, names=names))
        else:
            self.conditions.setText(self.tr("Learns p(x | c), c = {names}.").format(names=names))

    def _make_conditional(self, on: bool) -> None:
        known = self._info.context if self._info is not None else None
        project = self._document.project
        context = Context(kind=known.kind, count=known.count) if on and known is not None else Context()
        base = project.pipeline.base
        if not on and base.kind == "conditional_gaussian":
            base = StandardNormal()
        pipeline = msgspec.structs.replace(project.pipeline, context=context, base=base)
        words = self.tr("Make the density conditional") if on else self.tr("Make the density unconditional")
        self._document.replace(msgspec.structs.replace(project, pipeline=pipeline), words)

    def _own_title(self, target: Target) -> str:
        if isinstance(target, TableTarget | ImageTarget | SequenceTarget | ModelTarget):
            return Path(target.path).name or spec(target.title)
        return spec(target.title)

    def _show_head(self, target: Target, info: TargetInfo | None) -> None:
        if isinstance(target, NamedTarget) and target.name in NAMED:
            title, description = spec(NAMED[target.name].title), spec(NAMED[target.name].description)
        elif isinstance(target, DrawnTarget):
            title = info.title if info is not None and target.source else spec(target.title)
            description = self.tr(
                "Painted on the canvas: constant on each of 256 × 256 cells, so that all of it is exact."
            )
        elif isinstance(target, TableTarget | ImageTarget | SequenceTarget | ModelTarget):
            title, description = self._own_title(target), target.path
        else:
            title, description = spec(target.title), ""
        self.head.show_head("target_data", title, (), description)

    def _facts(self, info: TargetInfo) -> list[tuple[str, str]]:
        unit = unit_of(info)
        facts = [(self.tr("Dimensions"), str(math.prod(info.event_shape)))]
        if len(info.event_shape) > 1:
            facts.append((self.tr("Shape"), " × ".join(map(str, info.event_shape))))
        if info.levels:
            facts.append((self.tr("Levels"), str(info.levels)))
        if info.rate:
            facts.append((self.tr("Rate"), self.tr("{rate} Hz").format(rate=f"{info.rate:,}")))
        conditional = self._document.project.pipeline.context.kind != "none"
        if info.entropy is not None and conditional:
            words = self.tr("{value} {unit} of x alone, which a conditional density may pass")
            facts.append((self.tr("Entropy"), words.format(value=_four(unit.of(info.entropy)), unit=unit.words)))
        elif info.entropy is not None:
            facts.append(
                (
                    self.tr("Entropy"),
                    self.tr("{value} {unit}, the loss's floor").format(
                        value=_four(unit.of(info.entropy)), unit=unit.words
                    ),
                )
            )
        else:
            facts.append((self.tr("Entropy"), self.tr("not known")))
        if info.gaussian_nll is not None:
            facts.append((self.tr("Gaussian NLL"), f"{_four(unit.of(info.gaussian_nll))} {unit.words}"))
        if info.kde_nll is not None:
            facts.append((self.tr("KDE NLL"), f"{_four(unit.of(info.kde_nll))} {unit.words}"))
        for name, count in (
            (self.tr("Training"), info.train_count),
            (self.tr("Held out"), info.held_out_count),
            (self.tr("Test"), info.test_count),
        ):
            if count is not None:
                facts.append((name, self.tr("{count} points").format(count=f"{count:,}")))
        columns = list(zip(info.columns, info.mean, info.std, strict=False))
        if len(info.event_shape) > 1:  # one shift and one scale for all places
            name = QCoreApplication.translate("PipelineStrip", "Standardise")
            columns = [(name, mean, std) for _, mean, std in columns[:1]]
        for name, mean, std in columns[:_SHOWN_COLUMNS]:
            facts.append((name, self.tr("mean {mean}, sd {sd}").format(mean=_short(mean), sd=_short(std))))
        if len(columns) > _SHOWN_COLUMNS:
            facts.append(("", self.tr("and {count} more").format(count=len(columns) - _SHOWN_COLUMNS)))
        return facts

    def _show_columns(self, target: TableTarget, info: TargetInfo | None) -> None:
        key = (target.path, target.array)
        current = info is not None and info.title == Path(target.path).name
        if key not in self.columns.known and not target.columns and current and info is not None:
            self.columns.known[key] = info.columns
        if key not in self.columns.known and target.columns:
            # Only some of the file's columns are in use: the engine knows the others.
            self.columns.known[key] = target.columns
            if not target.array:
                self._bridge.import_file(target.path, lambda reply: self._columns_came(key, reply))
        self.columns.show_columns(self.columns.known.get(key, ()), target.columns)

    def _columns_came(self, key: tuple[str, str], reply: Reply) -> None:
        target = self._document.project.target
        if reply.columns and shiboken6.isValid(self):
            self.columns.known[key] = reply.columns
            if isinstance(target, TableTarget) and (target.path, target.array) == key:
                self.columns.show_columns(reply.columns, target.columns)

    # ---- edits ----

    def _pick(self) -> None:
        name = self.picker.currentData()
        if name:
            project = retargeted(self._document.project, NamedTarget(name=name))
            self._document.replace(project, self.tr("Choose target"))

    def _clear(self) -> None:
        target = self._document.project.target
        if isinstance(target, DrawnTarget):
            self._document.replace_target(DrawnTarget(box=target.box), self.tr("Clear the canvas"))

    def _edit(self, target: Target, title: str, key: str) -> None:
        self._document.replace_target(target, self.tr("Change {field}").format(field=title), f"target.{key}")

    def _choose_columns(self, columns: tuple[str, ...]) -> None:
        target = self._document.project.target
        if isinstance(target, TableTarget):
            new = msgspec.structs.replace(target, columns=columns)
            self._document.replace_target(new, self.tr("Choose columns"))


class Columns(QListWidget):
    """Which columns of a table are learnt; at least one."""

    chosen = Signal(tuple)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("tableColumns")
        self.setAccessibleName(self.tr("Columns"))
        self.setToolTip(self.tr("The columns that are learnt; at least one."))
        self.known: dict[tuple[str, str], tuple[str, ...]] = {}
        """(file, array) to every column there is to choose from."""
        self._all: tuple[str, ...] = ()
        self.itemChanged.connect(self._changed)

    def show_columns(self, columns: tuple[str, ...], wanted: tuple[str, ...]) -> None:
        """All columns, with those in use checked; none wanted means all of them."""
        self.blockSignals(True)
        if columns != self._all:
            self._all = columns
            self.clear()
            for name in columns:
                item = QListWidgetItem(name, self)
                item.setFlags(
                    Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
                )
            row = max(self.sizeHintForRow(0), 2 * UNIT)
            self.setFixedHeight(min(max(len(columns), 1), 8) * row + 4)
        for number, name in enumerate(columns):
            checked = not wanted or name in wanted
            self.item(number).setCheckState(Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked)
        self.blockSignals(False)

    def _changed(self, item: QListWidgetItem) -> None:
        checked = tuple(name for i, name in enumerate(self._all) if self.item(i).checkState() == Qt.CheckState.Checked)
        if checked:
            self.chosen.emit(() if checked == self._all else checked)
        else:  # one must stay
            self.blockSignals(True)
            item.setCheckState(Qt.CheckState.Checked)
            self.blockSignals(False)


def _four(value: float) -> str:
    return f"{value:.4f}".replace("-", "−")


def _short(value: float) -> str:
    return f"{value:.4g}".replace("-", "−")
