"""Formulas as they are set in books: the plain text of the specs ("z_b = x_b · exp(s(x_a))") as rich text.

`_` lowers the name or the comparison after it (x_b, x_<i, x_π(i)), `^` raises one (h^D, (2w)^−D); single letters are
variables and stand in italics, longer words (exp, log, det) upright.
"""

from __future__ import annotations

import html
import re

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QWidget

_TOKEN = re.compile(
    r"_(?P<sub><?[^\W\d_](?:\(\w\))?|\d+)|\^(?P<sup>[−-]?\w)|(?P<word>[A-Za-zα-ωΑ-Ω]+)|(?P<other>.)", re.DOTALL
)
_OPERATORS = frozenset("ΣΠ")
FAMILIES = ["STIX Two Text", "Cambria", "Latin Modern Roman", "Times New Roman", "Nimbus Roman", "DejaVu Serif"]
"""Serif faces with Greek and the signs of mathematics, the best first; the system has one of them."""


def formula_html(formula: str) -> str:
    """The formula as Qt's rich text."""
    parts = []
    for token in _TOKEN.finditer(formula):
        if (text := token["sub"]) is not None:
            parts.append(f"<sub>{_letters(text)}</sub>")
        elif (text := token["sup"]) is not None:
            parts.append(f"<sup>{_letters(text)}</sup>")
        elif (text := token["word"]) is not None:
            parts.append(_letters(text) if len(text) == 1 else text)
        else:
            parts.append(html.escape(token["other"]))
    return "".join(parts)


def math_font(size: float) -> QFont:
    """The face of formulas, `size` in points."""
    font = QFont()
    font.setFamilies(FAMILIES)
    font.setPointSizeF(size)
    return font


class FormulaLabel(QLabel):
    """A formula on one or, where it is long, several lines; its plain text is what a screen reader says."""

    def __init__(self, formula: str = "", *, size: float = 11.0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(math_font(size))
        self.setWordWrap(True)
        self.set_formula(formula)

    def set_formula(self, formula: str) -> None:
        self.setText(formula_html(formula))
        self.setAccessibleName(formula)


def _letters(text: str) -> str:
    return "".join(
        f"<i>{letter}</i>" if letter.isalpha() and letter not in _OPERATORS else html.escape(letter) for letter in text
    )
