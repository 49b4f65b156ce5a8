"""Numbers in forms: what may be typed, how far an arrow steps, and the box that holds one."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QWidget

from ..pipeline import Parameter

PAUSE = 400
"""Milliseconds without a key after which what was typed counts: 1 and 12 on the way to 128 would rebuild a network."""
SMALLEST_STEP = 1e-4
"""The first step up from 0, for numbers that live on a logarithmic scale."""


class RefusedError(ValueError):
    """What was typed is no value of the field; the message says what is allowed."""


def read_number(parameter: Parameter, text: str) -> int | float:
    """The number that `text` says; raises RefusedError with one sentence when it is none, or out of range."""
    cleaned = text.strip().replace("−", "-").replace("_", "")
    value: int | float
    try:
        value = float(cleaned)
        if parameter.type == "int" or parameter.type == "numbers":
            value = int(cleaned) if cleaned.lstrip("+-").isdigit() else _whole(value)
    except (ValueError, OverflowError):
        raise RefusedError(allowed(parameter)) from None
    if not (math.isfinite(value) and in_range(parameter, value)):
        raise RefusedError(allowed(parameter))
    return value


def in_range(parameter: Parameter, value: float) -> bool:
    low, high = parameter.minimum, parameter.maximum
    above = low is None or (value > low if parameter.open_minimum else value >= low)
    below = high is None or (value < high if parameter.open_maximum else value <= high)
    return above and below


def allowed(parameter: Parameter) -> str:
    """What the field takes, in one sentence of the user's language."""
    values = _range_words(parameter)
    if parameter.type == "int":
        return QCoreApplication.translate("Form", "A whole number {range}.").format(range=values)
    if parameter.type == "numbers":
        return QCoreApplication.translate("Form", "At most {most} whole numbers {range}, with commas between.").format(
            most=parameter.most, range=values
        )
    return QCoreApplication.translate("Form", "A number {range}.").format(range=values)


def number_text(value: float) -> str:
    """The shortest text that reads as this number."""
    return str(value) if isinstance(value, int) else f"{value:.10g}"


def stepped(parameter: Parameter, value: float, steps: int) -> int | float:
    """The value `steps` arrow clicks further, inside the range.

    Counts step by one. Quantities that span decades (a learning rate, a number of steps) step by their leading digit:
    0.002, 0.003, ... 0.009, 0.01, 0.02; decays near one (0.999) do so in their distance from one.
    """
    whole = parameter.type == "int"
    for _ in range(abs(steps)):
        up = steps > 0
        if whole and not (parameter.unit and (parameter.maximum or 0) > 1000):
            candidate: float = value + (1 if up else -1)
        elif not whole and parameter.open_maximum and parameter.maximum == 1.0 and value >= 0.5:
            candidate = 1.0 - _decade_step(1.0 - value, not up, SMALLEST_STEP)
        else:
            candidate = _decade_step(value, up, 1.0 if whole else SMALLEST_STEP)
        candidate = _clipped(parameter, round(candidate) if whole else float(f"{candidate:.10g}"))
        if not in_range(parameter, candidate):
            return value
        value = candidate
    return value


class Typing(QObject):
    """Holds what is being typed back until the hand rests: `commit(value)` comes after a pause, or at `flush`."""

    def __init__(self, commit: Callable[[Any], None], parent: QObject) -> None:
        super().__init__(parent)
        self._commit = commit
        self._value: Any = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self._rested)

    def typed(self, value: Any) -> None:
        self._value = value
        self._timer.start()

    def cancel(self) -> None:
        self._timer.stop()

    def flush(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self._rested()

    def _rested(self) -> None:
        self._commit(self._value)


class NumberBox(QAbstractSpinBox):
    """One number. Anything may be typed; `edited(value)` tells of what is allowed, `refused(sentence)` of what is not,
    with an empty sentence when all is well again. Escape gives up what was typed."""

    edited = Signal(object)
    refused = Signal(str)
    left = Signal()
    """The typing is over: what comes next is another edit."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parameter = parameter
        self._value: int | float = parameter.default
        self.setMinimumWidth(72)
        self._typing = Typing(self._commit, self)
        self.lineEdit().textEdited.connect(self._typed)
        self.set_value(parameter.default)

    @property
    def value(self) -> int | float:
        return self._value

    def set_value(self, value: int | float) -> None:
        self._typing.cancel()
        self._value = value
        self.lineEdit().setText(number_text(value))

    # ---- Qt ----

    def validate(self, text: str, position: int) -> object:  # type: ignore[override]
        try:
            read_number(self._parameter, text)
        except RefusedError:
            return QValidator.State.Intermediate, text, position
        return QValidator.State.Acceptable, text, position

    def fixup(self, text: str) -> str:  # type: ignore[override]
        return text

    def stepBy(self, steps: int) -> None:
        self._typing.flush()
        value = stepped(self._parameter, self._value, steps)
        if value != self._value:
            self.set_value(value)
            self.edited.emit(value)
        self.selectAll()

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        flags = QAbstractSpinBox.StepEnabledFlag.StepNone
        if stepped(self._parameter, self._value, 1) != self._value:
            flags |= QAbstractSpinBox.StepEnabledFlag.StepUpEnabled
        if stepped(self._parameter, self._value, -1) != self._value:
            flags |= QAbstractSpinBox.StepEnabledFlag.StepDownEnabled
        return flags

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:  # the wheel over a panel scrolls the panel, and changes nothing in passing
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._typing.flush()
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text() != number_text(self._value):
            self.set_value(self._value)
            self.refused.emit("")
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._typing.flush()
            self.left.emit()

    def _typed(self, text: str) -> None:
        try:
            self._typing.typed(read_number(self._parameter, text))
            self.refused.emit("")
        except RefusedError as refusal:
            self._typing.cancel()
            self.refused.emit(str(refusal))

    def _commit(self, value: int | float) -> None:
        self._value = value
        self.edited.emit(value)


def _whole(value: float) -> int:
    if value != int(value):
        raise ValueError
    return int(value)


def _decade_step(value: float, up: bool, smallest: float) -> float:
    """One leading digit up or down: 2e-3 to 3e-3 or 1e-3, 1e-3 down to 9e-4; 0 up to `smallest`."""
    if value < 0 or (value == 0 and not up):
        return value - smallest
    if value < smallest * 0.9999:
        return smallest if up else 0.0
    digit = 10.0 ** math.floor(math.log10(value) + 1e-9)
    leading = value / digit
    if up:
        return (math.floor(leading + 1e-9) + 1) * digit
    lower = math.ceil(leading - 1e-9) - 1
    if lower >= 1:
        return lower * digit
    return 0.0 if digit / 10 < smallest * 0.9999 else 9 * digit / 10


def _clipped(parameter: Parameter, value: float) -> float:
    low, high = parameter.minimum, parameter.maximum
    if low is not None and value < low and not parameter.open_minimum:
        return int(low) if isinstance(value, int) else low
    if high is not None and value > high and not parameter.open_maximum:
        return int(high) if isinstance(value, int) else high
    return value


def _range_words(parameter: Parameter) -> str:
    translate = QCoreApplication.translate
    low, high = parameter.minimum, parameter.maximum
    words = {
        (False, False): translate("Form", "from {low} to {high}"),
        (True, False): translate("Form", "above {low}, at most {high}"),
        (False, True): translate("Form", "from {low} to below {high}"),
        (True, True): translate("Form", "above {low} and below {high}"),
    }[parameter.open_minimum, parameter.open_maximum]
    if low is None or high is None:
        raise TypeError(f"{parameter.name} has no range, so that no form can say what is allowed")
    return words.format(low=f"{low:,.10g}", high=f"{high:,.10g}")
