"""What the inspector's pages are made of: heads, facts, sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QLayout, QScrollArea, QVBoxLayout, QWidget

from .formula import FormulaLabel
from .icons import pixmap
from .theme import UNIT, theme


class Page(QScrollArea):
    """A column of parts that scrolls when it is too tall."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(UNIT * 3 // 2, UNIT // 2, UNIT * 3 // 2, UNIT * 3 // 2)
        self._column.setSpacing(UNIT)
        self._column.addStretch(1)
        self.setWidget(content)
        for surface in (self.viewport(), content):  # the panel's own surface shows through
            surface.setAutoFillBackground(False)

    def add(self, *parts: QWidget | QLayout, above: QWidget | None = None) -> None:
        """Puts parts below those that are there, or above one of them."""
        for part in parts:
            place = self._column.count() - 1 if above is None else self._column.indexOf(above)
            if isinstance(part, QLayout):
                self._column.insertLayout(place, part)
            else:
                self._column.insertWidget(place, part)


class Head(QWidget):
    """Icon, title, formulas and description of what is shown."""

    def __init__(self) -> None:
        super().__init__()
        self._name = ""
        self._icon = QLabel()
        self.title = QLabel()
        self.title.setWordWrap(True)
        font = self.title.font()
        font.setPointSizeF(font.pointSizeF() + 1.5)
        font.setBold(True)
        self.title.setFont(font)
        self.formulas = [FormulaLabel(size=font.pointSizeF()) for _ in range(2)]
        self.description = text("", muted=True)
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT // 2)
        column.addLayout(row)
        for formula in self.formulas:
            formula.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(formula)
        column.addWidget(self.description)
        theme().changed.connect(self._tint)

    def show_head(self, icon: str, title: str, formulas: Sequence[str], description: str) -> None:
        self._name = icon
        self.title.setText(title)
        for label, formula in zip(self.formulas, [*formulas, "", ""], strict=False):
            label.set_formula(formula)
            label.setVisible(bool(formula))
        self.description.setText(description)
        self.description.setVisible(bool(description))
        self._tint()

    def _tint(self) -> None:
        if self._name:
            ratio = self.devicePixelRatio()
            image = pixmap(self._name, round(3 * UNIT * ratio), "accent")
            image.setDevicePixelRatio(ratio)
            self._icon.setPixmap(image)


class Facts(QWidget):
    """Names and figures in two columns; what is empty is left out."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(UNIT)
        self._grid.setVerticalSpacing(UNIT // 4)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[QLabel, QLabel]] = []

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        facts = [(name, value) for name, value in facts if value]
        while len(self._rows) < len(facts):
            row = text("", muted=True), text("")
            row[1].setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            for column, label in enumerate(row):
                self._grid.addWidget(label, len(self._rows), column, Qt.AlignmentFlag.AlignTop)
            self._rows.append(row)
        for number, (name, value) in enumerate(self._rows):
            shown = number < len(facts)
            for label, words in zip((name, value), facts[number] if shown else ("", ""), strict=True):
                if label.text() != words:
                    label.setText(words)
                label.setVisible(shown)
        self.setVisible(bool(facts))


class Warnings(QWidget):
    """Sentences about what is wrong, each with its remedy; hidden when all is well."""

    def __init__(self) -> None:
        super().__init__()
        self._label = text("")
        self._label.setForegroundRole(QPalette.ColorRole.BrightText)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._label)
        self.hide()

    def show_warnings(self, sentences: Sequence[str]) -> None:
        lines = dict.fromkeys(line for words in sentences for line in words.split("\n"))  # each is said once
        self._label.setText("\n".join(lines))
        self.setVisible(bool(sentences))

    @property
    def shown(self) -> str:
        return self._label.text()


def text(words: str, *, muted: bool = False) -> QLabel:
    """A label that wraps."""
    label = QLabel(words)
    label.setWordWrap(True)
    if muted:
        label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label


def heading(words: str) -> QLabel:
    label = QLabel(words)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    label.setWordWrap(True)
    label.setContentsMargins(0, UNIT // 2, 0, 0)
    return label


def line() -> QFrame:
    """A thin line between parts."""
    rule = QFrame()
    rule.setFrameShape(QFrame.Shape.HLine)
    rule.setFixedHeight(1)
    rule.setForegroundRole(QPalette.ColorRole.Mid)
    rule.setFrameShadow(QFrame.Shadow.Plain)
    return rule


def paper_link(paper: str) -> str:
    """The paper as rich text, its arXiv number a link."""
    return re.sub(r"arXiv (\d{4}\.\d{4,5})", r'<a href="https://arxiv.org/abs/\1">arXiv \1</a>', paper)
