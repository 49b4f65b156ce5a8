"""A form made from a spec's own parameters: titles, descriptions, ranges, units and choices come from nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import msgspec
from msgspec import Struct
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QPalette, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ..pipeline import Parameter, parameters
from .forms_fields import Field, choice_text, make_field, value_text
from .theme import UNIT, theme
from .translation import spec

LABEL_LETTERS = 12
"""Width of the column of labels, in letters; longer labels wrap."""
WIDE = 140
"""Pixels of a field that are too many beside a label; of a unit, a third of that."""


class Form(QWidget):
    """Fields for every visible parameter of a spec `kind`, but those in `skip`; those in `last` stand below the others.

    `edited(value, title, merge_key)` carries the whole new spec, made of allowed values only; the keys of one sitting at a
    field are the same, so that typing becomes one undo step.
    """

    edited = Signal(object, str, str)

    def __init__(
        self,
        kind: type[Struct],
        *,
        skip: frozenset[str] = frozenset(),
        last: tuple[str, ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._value: Any = kind()
        self._sitting = 0
        self.rows: dict[str, FormRow] = {}
        self.forms: dict[str, Form | VariantForm] = {}
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(UNIT)
        layout.setVerticalSpacing(UNIT * 3 // 4)
        layout.setColumnStretch(1, 1)
        shown = [parameter for parameter in parameters(kind) if parameter.name not in skip]
        for parameter in sorted(shown, key=lambda p: last.index(p.name) + 1 if p.name in last else 0):
            if parameter.type in ("struct", "variant"):
                self._add_form(layout, parameter)
            else:
                self._add_row(layout, parameter)
        self.set_value(self._value)
        theme().changed.connect(self._tint)
        self._tint()

    @property
    def value(self) -> Any:
        return self._value

    def set_value(self, value: Struct) -> None:
        """Shows another value of the spec, and tells nobody. A field whose value stays keeps what is being typed there."""
        old, self._value = self._value, value
        for name, row in self.rows.items():
            new = getattr(value, name)
            if new != getattr(old, name) or row.field.value != new:
                row.set_value(new)
        for name, form in self.forms.items():
            form.set_value(getattr(value, name))
        self._relevance()

    def show_value(self, value: Struct) -> None:
        """Shows the value of another thing altogether: what was typed and refused is forgotten."""
        self.set_value(value)
        for name, row in self.rows.items():
            row.set_value(getattr(value, name))
        for name, form in self.forms.items():
            form.show_value(getattr(value, name))
        self._sitting += 1

    def _tint(self) -> None:
        """Fields stand out from the panel by their ground: in the dark theme an outline alone is hard to see."""
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Base, theme().color("hover" if theme().dark else "surface"))
        for row in self.rows.values():
            row.editor.setPalette(palette)

    # ---- building ----

    def _add_row(self, layout: QGridLayout, parameter: Parameter) -> None:
        row = FormRow(parameter, self)
        row.edited.connect(lambda value, name=parameter.name: self._edit(name, value))
        row.left.connect(self._over)
        self.rows[parameter.name] = row
        line = layout.rowCount()
        if parameter.type == "bool":
            layout.addWidget(row.box, line, 0, 1, 2)
        elif row.wide:
            layout.addWidget(row.label, line, 0, 1, 2)
            layout.addWidget(row.box, line + 1, 0, 1, 2)
        else:
            row.label.setFixedWidth(row.label.fontMetrics().horizontalAdvance("n" * LABEL_LETTERS))
            layout.addWidget(row.label, line, 0)
            layout.addWidget(row.box, line, 1)
        layout.addWidget(row.error, layout.rowCount(), 0, 1, 2)

    def _add_form(self, layout: QGridLayout, parameter: Parameter) -> None:
        form: Form | VariantForm
        if parameter.type == "variant":
            form = VariantForm(parameter)
            title = ""
        else:
            form = Form(parameter.struct)
            title = spec(getattr(parameter.struct, "title", ""))
        form.edited.connect(
            lambda value, title, key, name=parameter.name: self._nested(name, value, title, f"{name}.{key}")
        )
        self.forms[parameter.name] = form
        heading = QLabel(f"{spec(parameter.title)}: {title}" if title else spec(parameter.title))
        font = heading.font()
        font.setBold(True)
        heading.setFont(font)
        heading.setWordWrap(True)
        heading.setToolTip(spec(parameter.description))
        heading.setContentsMargins(0, UNIT // 2, 0, 0)
        layout.addWidget(heading, layout.rowCount(), 0, 1, 2)
        layout.addWidget(form, layout.rowCount(), 0, 1, 2)

    # ---- editing ----

    def _edit(self, name: str, value: Any) -> None:
        self._value = msgspec.structs.replace(self._value, **{name: value})
        self._relevance()
        self.edited.emit(self._value, spec(self.rows[name].parameter.title), f"{name}#{self._sitting}")

    def _nested(self, name: str, value: Struct, title: str, key: str) -> None:
        self._value = msgspec.structs.replace(self._value, **{name: value})
        self.edited.emit(self._value, title, key)

    def _over(self) -> None:
        self._sitting += 1

    def _relevance(self) -> None:
        for row in self.rows.values():
            if row.parameter.only_if is not None:
                name, needed = row.parameter.only_if
                row.set_relevant(getattr(self._value, name) == needed, self.rows[name].parameter, needed)


class VariantForm(QWidget):
    """A choice of kinds, and the chosen kind's own form below it. Another kind keeps every setting that it has, too."""

    edited = Signal(object, str, str)

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parameter = parameter
        self._value: Any = parameter.default
        self.forms: dict[type[Struct], Form] = {}
        self.kinds = QComboBox()
        self.kinds.setObjectName(f"kind_{parameter.name}")
        self.kinds.setAccessibleName(spec(parameter.title))
        self.kinds.setMinimumWidth(72)
        for kind in parameter.variants:
            self.kinds.addItem(spec(kind.title), kind)
            about = "\n".join(filter(None, (spec(kind.description), kind.paper)))
            self.kinds.setItemData(self.kinds.count() - 1, about, Qt.ItemDataRole.ToolTipRole)
        self.kinds.activated.connect(self._chosen)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(UNIT * 3 // 4)
        self._column.addWidget(self.kinds)
        self.set_value(self._value)

    @property
    def value(self) -> Any:
        return self._value

    @property
    def form(self) -> Form:
        """The chosen kind's."""
        return self._form_of(type(self._value))

    @property
    def rows(self) -> dict[str, FormRow]:
        """Of the chosen kind's form."""
        return self.form.rows

    def set_value(self, value: Struct) -> None:
        """Shows another value, of this kind or another, and tells nobody."""
        self._show(value)
        self.form.set_value(value)

    def show_value(self, value: Struct) -> None:
        """Shows the value of another thing altogether."""
        self._show(value)
        self.form.show_value(value)

    def offer(self, kinds: Callable[[Any], str]) -> None:
        """Greys the kinds that cannot be had; `kinds(kind)` says why not, or nothing."""
        model = self.kinds.model()
        for number, kind in enumerate(self.parameter.variants):
            why = kinds(kind)
            item = model.item(number) if isinstance(model, QStandardItemModel) else None
            if item is not None:
                item.setEnabled(not why)
            about = "\n".join(filter(None, (why, spec(kind.description), kind.paper)))
            self.kinds.setItemData(number, about, Qt.ItemDataRole.ToolTipRole)

    def _show(self, value: Struct) -> None:
        self._value = value
        shown = self._form_of(type(value))
        for form in self.forms.values():
            form.setVisible(form is shown)
        index = self.parameter.variants.index(type(value))
        self.kinds.setCurrentIndex(index)
        self.kinds.setToolTip(self.kinds.itemData(index, Qt.ItemDataRole.ToolTipRole) or "")

    def _form_of(self, kind: type[Struct]) -> Form:
        if kind not in self.forms:
            form = self.forms[kind] = Form(kind)
            form.edited.connect(self._edited)
            self._column.addWidget(form)
        return self.forms[kind]

    def _chosen(self) -> None:
        kind = self.parameter.variants[self.kinds.currentIndex()]
        if kind is not type(self._value):
            value = converted(self._value, kind)
            self.show_value(value)
            self.edited.emit(value, spec(self.parameter.title), "kind")

    def _edited(self, value: Any, title: str, key: str) -> None:
        self._value = value
        self.edited.emit(value, title, key)


def converted(value: Struct, kind: type[Struct]) -> Any:
    """A spec of another kind with every field of `value` that it has as well and that is allowed there."""
    kept = {parameter.name for parameter in parameters(kind)}
    result = kind()
    for name in kept & set(value.__struct_fields__):
        changed = msgspec.structs.replace(result, **{name: getattr(value, name)})
        try:
            msgspec.convert(msgspec.to_builtins(changed), kind)
        except msgspec.ValidationError:
            continue
        result = changed
    return result


class FormRow(QObject):
    """One parameter: its label, its field with the unit beside it (`box`), and what is wrong with it, if anything is."""

    edited = Signal(object)
    left = Signal()

    def __init__(self, parameter: Parameter, parent: QWidget) -> None:
        super().__init__(parent)
        self.parameter = parameter
        self.field: Field = make_field(parameter)
        editor = self.editor
        title, description = spec(parameter.title), spec(parameter.description)
        editor.setObjectName(f"field_{parameter.name}")
        editor.setAccessibleName(title)
        editor.setAccessibleDescription(description)
        editor.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.label = QLabel(title, parent)
        self.label.setWordWrap(True)
        self.label.setBuddy(editor)
        self.label.setVisible(parameter.type != "bool")
        self.error = QLabel(parent)
        self.error.setForegroundRole(QPalette.ColorRole.BrightText)
        self.error.setWordWrap(True)
        self.error.setObjectName(f"error_{parameter.name}")
        self.error.hide()
        self.box = QWidget(parent)
        line = QHBoxLayout(self.box)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(UNIT // 2)
        line.addWidget(editor, 1)
        self._unit = QLabel(spec(parameter.unit)) if parameter.unit else None
        if self._unit is not None:
            self._unit.setForegroundRole(QPalette.ColorRole.PlaceholderText)
            line.addWidget(self._unit)
        self.field.edited.connect(self._edited)
        self.field.refused.connect(self._say)
        self.field.left.connect(self.left)
        for widget in self._menu_owners():
            widget.installEventFilter(self)
        self._set_tool_tip(description)

    @property
    def wide(self) -> bool:
        """Too wide to stand beside its label in a narrow panel."""
        editor, unit = self.editor, self._unit
        choices = isinstance(editor, QComboBox) and editor.sizeHint().width() > WIDE
        return choices or (unit is not None and unit.sizeHint().width() > WIDE // 3)

    @property
    def editor(self) -> QWidget:
        return cast(QWidget, self.field)

    def set_value(self, value: Any) -> None:
        self.field.set_value(value)
        self._say("")

    def set_relevant(self, relevant: bool, decider: Parameter, needed: str) -> None:
        """Off where another parameter makes this one idle; the tooltip says which."""
        self.editor.setEnabled(relevant)
        self.label.setEnabled(relevant)
        description = spec(self.parameter.description)
        if not relevant:
            why = self.tr("Has an effect only when {field} is {value}.").format(
                field=spec(decider.title), value=choice_text(needed)
            )
            description = f"{description}\n{why}"
        self._set_tool_tip(description)

    def reset(self) -> None:
        """Back to the spec's default."""
        self.set_value(self.parameter.default)
        self.edited.emit(self.parameter.default)
        self.left.emit()

    def menu(self) -> QMenu:
        """The field's context menu: what Qt offers for text, and the way back to the default."""
        line = self.editor if isinstance(self.editor, QLineEdit) else None
        if isinstance(self.editor, QAbstractSpinBox):
            line = self.editor.lineEdit()
        menu = line.createStandardContextMenu() if line is not None else QMenu(self.editor)
        if line is not None:
            menu.addSeparator()
        default = value_text(self.parameter, self.parameter.default) or self.tr("empty")
        action = QAction(self.tr("Reset to default ({value})").format(value=default), menu)
        action.setObjectName("resetField")
        action.setEnabled(self.field.value != self.parameter.default or bool(self.error.text()))
        action.triggered.connect(self.reset)
        menu.addAction(action)
        return menu

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ContextMenu and isinstance(event, QContextMenuEvent):
            menu = self.menu()
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(event.globalPos())
            return True
        return super().eventFilter(watched, event)

    def _menu_owners(self) -> list[QWidget]:
        owners = [self.label, self.editor]
        if isinstance(self.editor, QAbstractSpinBox):
            owners.append(self.editor.lineEdit())
        return owners

    def _edited(self, value: Any) -> None:
        self._say("")
        self.edited.emit(value)

    def _say(self, sentence: str) -> None:
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))
        editor = self.editor
        description = spec(self.parameter.description)
        editor.setAccessibleDescription(f"{description} {sentence}".strip())

    def _set_tool_tip(self, text: str) -> None:
        self.label.setToolTip(text)
        self.editor.setToolTip(text)
