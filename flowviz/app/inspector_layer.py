"""The inspector's pages for a layer and for the base."""

from __future__ import annotations

import math

import msgspec
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QPalette, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QLabel

from ..pipeline import (
    BASES,
    LAYERS,
    Base,
    BaseSpec,
    EventKind,
    EventShape,
    LayerSpec,
    PipelineSpec,
    base_problem,
    event_kind,
    layer_problem,
    output_shape,
)
from ..pipeline.shapes import KIND_NAMES
from .document import Document
from .forms import Form, VariantForm
from .icons import icon
from .inspector_parts import Facts, Head, Page, Warnings, line, paper_link, text
from .strip_menu import choose_base
from .theme import theme
from .translation import sentence, spec


class LayerPage(Page):
    """Everything about one layer: what it does, what it costs, and the form of its settings."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.uid = ""
        self.forms: dict[str, Form] = {}
        self.head = Head()
        self.facts = Facts()
        self.warnings = Warnings()
        self.paper = text("", muted=True)
        self.paper.setOpenExternalLinks(True)
        self.add(self.head, self.facts, self.warnings, line(), self.paper)

    @property
    def form(self) -> Form:
        """The form that is shown."""
        index = self._document.project.pipeline.index(self.uid)
        assert index is not None
        return self.forms[self._document.project.pipeline.layers[index].kind]

    def show_layer(self, layer: LayerSpec, shape: EventShape | None, warnings: list[str]) -> None:
        """`shape` is that of the events which the layer meets where it stands."""
        form = self.forms.get(layer.kind) or self._make_form(layer.kind)
        for other in self.forms.values():
            other.setVisible(other is form)
        if layer.uid != self.uid:
            self.uid = layer.uid
            form.show_value(layer)
        else:
            form.set_value(layer)
        title = spec(layer.title)
        self.head.show_head(
            f"layer_{layer.kind}",
            f"{layer.label} ({title})" if layer.label else title,
            (layer.formula, f"log|det J| = {layer.log_det}"),
            spec(layer.description),
        )
        dimensions = math.prod(shape) if shape is not None else None
        numerical = self.tr("numerical: found by iteration, to a stated error") if layer.inverse == "numerical" else ""
        self.facts.show_facts(
            [
                (self.tr("Density"), cost_words(layer.normalize_cost, dimensions)),
                (self.tr("Samples"), cost_words(layer.generate_cost, dimensions)),
                (self.tr("Inverse"), numerical),
                (self.tr("Shape"), self._shape_words(layer, shape)),
            ]
        )
        chooser = form.forms.get("conditioner")
        if isinstance(chooser, VariantForm) and shape is not None:
            kind = event_kind(shape)
            chooser.offer(lambda network: "" if kind in network.takes else unfit(network.takes))
        self.warnings.show_warnings(warnings)
        self.paper.setText(paper_link(layer.paper))

    def _shape_words(self, layer: LayerSpec, shape: EventShape | None) -> str:
        """The shape, and what becomes of it where it changes; nothing of plain vectors."""
        if shape is None or (len(shape) == 1 and layer.kind != "flatten") or layer_problem(layer, shape) is not None:
            return ""
        after = output_shape(layer, shape)
        words = " × ".join(map(str, shape))
        return words if after == shape else f"{words} → {' × '.join(map(str, after))}"

    def _make_form(self, kind: str) -> Form:
        form = self.forms[kind] = Form(LAYERS[kind], last=("label", "trainable", "bypass"))
        form.edited.connect(self._edit)
        self.add(form, above=self.paper)
        return form

    def _edit(self, layer: LayerSpec, title: str, key: str) -> None:
        text = self.tr("Change {field}").format(field=title)
        self._document.replace_layer(layer, text, f"{layer.uid}.{key}")


class BasePage(Page):
    """The base: which one, and its settings."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self.forms: dict[str, Form] = {}
        self._shown = ""
        self.head = Head()
        self.kinds = QComboBox()
        self.kinds.setObjectName("baseKind")
        self.kinds.setMinimumWidth(72)
        self.kinds.setAccessibleName(self.tr("Kind of base"))
        for kind, made in BASES.items():
            self.kinds.addItem(icon(f"base_{kind}"), spec(made.title), kind)
        self.kinds.activated.connect(lambda _: choose_base(document, self.kinds.currentData()))
        self.fitted = text("", muted=True)
        self.warnings = Warnings()
        self.facts = Facts()
        self.paper = text("", muted=True)
        self.paper.setOpenExternalLinks(True)
        label = QLabel(self.tr("Kind of base"))
        label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        label.setBuddy(self.kinds)
        self.add(self.head, self.facts, self.fitted, self.warnings, line(), label, self.kinds, self.paper)
        theme().changed.connect(self._tint)

    def show_base(
        self,
        base: BaseSpec,
        pipeline: PipelineSpec | None = None,
        shape: EventShape | None = None,
        warnings: list[str] | None = None,
    ) -> None:
        """`shape` is that of the events which come to the base; kinds that cannot take it are greyed, with the reason."""
        if base.kind not in self.forms:
            form = self.forms[base.kind] = Form(BASES[base.kind])
            form.edited.connect(self._edit)
            self.add(form, above=self.paper)
        form = self.forms[base.kind]
        for other in self.forms.values():
            other.setVisible(other is form)
        if base.kind != self._shown:
            self._shown = base.kind
            form.show_value(base)
        else:
            form.set_value(base)
        self.kinds.setCurrentIndex(self.kinds.findData(base.kind))
        self.head.show_head(f"base_{base.kind}", spec(base.title), (base.formula,), spec(base.description))
        self.fitted.setText(self.tr("Fitted to the training data before the first step.") if base.fitted else "")
        self.fitted.setVisible(base.fitted)
        sampling = "" if base.sample_cost == "one pass" else spec(base.sample_cost)
        self.facts.show_facts([(self.tr("Samples"), sampling)])
        self.warnings.show_warnings(warnings or [])
        self.paper.setText(paper_link(base.paper))
        self.paper.setVisible(bool(base.paper))
        if pipeline is not None and shape is not None:
            self._offer(pipeline, shape)

    def _offer(self, pipeline: PipelineSpec, shape: EventShape) -> None:
        model = self.kinds.model()
        for number, made in enumerate(BASES.values()):
            problem = base_problem(msgspec.structs.replace(pipeline, base=made()), shape)
            item = model.item(number) if isinstance(model, QStandardItemModel) else None
            if item is not None:
                item.setEnabled(problem is None)
                item.setToolTip(sentence(problem.sentence) if problem is not None else spec(made.description))

    def _edit(self, base: Base, title: str, key: str) -> None:
        project = self._document.project
        pipeline = msgspec.structs.replace(project.pipeline, base=base)
        text = self.tr("Change {field}").format(field=title)
        self._document.replace(msgspec.structs.replace(project, pipeline=pipeline), text, f"base.{key}")

    def _tint(self) -> None:
        for number, kind in enumerate(BASES):
            self.kinds.setItemIcon(number, icon(f"base_{kind}"))


def cost_words(cost: str, dimensions: int | None) -> str:
    """'one pass', or 'sequential: 8 passes' with the number of coordinates."""
    if cost != "sequential" or dimensions is None:
        return spec(cost)
    return QCoreApplication.translate("Inspector", "sequential, %n pass(es)", "", dimensions)


def unfit(takes: tuple[EventKind, ...]) -> str:
    """Why a network cannot look at the events here."""
    wanted = ", ".join(sentence(KIND_NAMES[kind]) for kind in takes)
    return QCoreApplication.translate("Inspector", "Takes {kinds} only.").format(kinds=wanted)
