"""The fields that a form is made of, one class a type of parameter.

Each has the signals `edited(value)`, told of allowed values only, `refused(sentence)`, told of anything else (an empty sentence:
all is well again), and `left()`, told when an edit is over; and `set_value(value)`, which tells nothing.
"""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from ..pipeline import Parameter
from .forms_numbers import NumberBox, RefusedError, Typing, allowed, number_text, read_number
from .translation import spec

SPELLINGS = {"relu": "ReLU", "gelu": "GELU", "silu": "SiLU", "elu": "ELU", "plu": "PLU", "adamw": "AdamW"} | {
    name: name.upper() for name in ("sgd", "cpu", "cuda", "mps", "kl")
}


class Field(Protocol):
    """What a form asks of its fields."""

    edited: SignalInstance
    refused: SignalInstance
    left: SignalInstance

    @property
    def value(self) -> Any: ...
    def set_value(self, value: Any) -> None: ...


def choice_text(choice: str) -> str:
    """A choice as it is shown: its translation, else its English spelling ("first_half": First half)."""
    translated = spec(choice)
    if translated != choice:
        return translated
    words = [SPELLINGS.get(word, word) for word in choice.split("_")]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])


def value_text(parameter: Parameter, value: Any) -> str:
    """A value as the form shows it."""
    match parameter.type:
        case "choice":
            return choice_text(value)
        case "bool":
            return QCoreApplication.translate("Form", "on") if value else QCoreApplication.translate("Form", "off")
        case "int" | "float":
            return number_text(value)
        case "numbers":
            return ", ".join(number_text(number) for number in value)
        case "strings":
            return ", ".join(value)
        case _:
            return str(value)


class Switch(QCheckBox):
    """Yes or no."""

    edited = Signal(object)
    refused = Signal(str)
    left = Signal()

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(spec(parameter.title), parent)
        self.clicked.connect(self._clicked)
        self.set_value(parameter.default)

    @property
    def value(self) -> bool:
        return self.isChecked()

    def set_value(self, value: bool) -> None:
        self.setChecked(value)

    def _clicked(self, checked: bool) -> None:
        self.edited.emit(checked)
        self.left.emit()


class ChoiceBox(QComboBox):
    """One of a few."""

    edited = Signal(object)
    refused = Signal(str)
    left = Signal()

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(72)  # its longest choice may be wider than a narrow panel
        for choice in parameter.choices:
            self.addItem(choice_text(choice), choice)
        self.activated.connect(self._chosen)
        self.set_value(parameter.default)

    @property
    def value(self) -> str:
        return str(self.currentData())

    def set_value(self, value: str) -> None:
        self.setCurrentIndex(self.findData(value))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _chosen(self) -> None:
        self.edited.emit(self.value)
        self.left.emit()


class _Typed(QLineEdit):
    """Text that is read into a value as it is typed."""

    edited = Signal(object)
    refused = Signal(str)
    left = Signal()

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parameter = parameter
        self._value: Any = parameter.default
        self.setMinimumWidth(72)
        self._typing = Typing(self._commit, self)
        self.textEdited.connect(self._typed)
        self.editingFinished.connect(self._finished)
        self.set_value(parameter.default)

    @property
    def value(self) -> Any:
        return self._value

    def set_value(self, value: Any) -> None:
        self._typing.cancel()
        self._value = value
        self.setText(value_text(self.parameter, value))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text() != value_text(self.parameter, self._value):
            self.set_value(self._value)
            self.refused.emit("")
            return
        super().keyPressEvent(event)

    def read(self, text: str) -> Any:
        """The value that the text says; raises RefusedError."""
        raise NotImplementedError

    def _typed(self, text: str) -> None:
        try:
            self._typing.typed(self.read(text))
            self.refused.emit("")
        except RefusedError as refusal:
            self._typing.cancel()
            self.refused.emit(str(refusal))

    def _commit(self, value: Any) -> None:
        self._value = value
        self.edited.emit(value)

    def _finished(self) -> None:
        self._typing.flush()
        self.left.emit()


class TextBox(_Typed):
    """A line of text."""

    def read(self, text: str) -> str:
        most = self.parameter.most
        if most is not None and len(text) > most:
            raise RefusedError(QCoreApplication.translate("Form", "At most {most} letters.").format(most=most))
        return text


class NumbersBox(_Typed):
    """Several numbers in a row: 64, 64."""

    def read(self, text: str) -> tuple[int | float, ...]:
        parts = text.strip().strip("[]()").replace(",", " ").replace(";", " ").split()
        if self.parameter.most is not None and len(parts) > self.parameter.most:
            raise RefusedError(allowed(self.parameter))
        return tuple(read_number(self.parameter, part) for part in parts)


class StringsBox(_Typed):
    """Several names in a row, with commas between."""

    def read(self, text: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in text.split(",") if part.strip())


def make_field(parameter: Parameter) -> Field:
    """The field for one parameter; a nested spec has none, it gets a form of its own."""
    kinds: dict[str, Any] = {
        "int": NumberBox,
        "float": NumberBox,
        "bool": Switch,
        "choice": ChoiceBox,
        "str": TextBox,
        "numbers": NumbersBox,
        "strings": StringsBox,
    }
    field: Field = kinds[parameter.type](parameter)
    return field
