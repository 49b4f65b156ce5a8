"""The window's language: which one, how texts of specs and sentences of the engine are said in it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, QTranslator, Signal

from ..pipeline import Text
from ..resources import assets

Choice = Literal["system", "en", "ko"]
LANGUAGES: dict[Literal["en", "ko"], str] = {"en": "English", "ko": "한국어"}
"""Code to the language's own name, in the order of the menu."""


class Language(QObject):
    """The language in force. `changed` tells that every text is another now."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._choice: Choice = "system"
        self._installed: list[QTranslator] = []

    @property
    def choice(self) -> Choice:
        return self._choice

    @property
    def code(self) -> str:
        """en or ko."""
        if self._choice != "system":
            return self._choice
        preferred = (tag.partition("-")[0] for tag in QLocale.system().uiLanguages())
        return next((code for code in preferred if code in LANGUAGES), "en")

    def choose(self, choice: Choice) -> None:
        """Follows the system, or holds one language. English has a translation too: it carries the plural forms."""
        self._choice = choice
        for translator in self._installed:
            QCoreApplication.removeTranslator(translator)
        qt = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath), f"qtbase_{self.code}.qm")
        self._installed = [
            translator
            for path in (qt, assets("translations", f"flowviz_{self.code}.qm"))
            if (translator := QTranslator(self)).load(str(path))
        ]
        for translator in self._installed:
            QCoreApplication.installTranslator(translator)
        QLocale.setDefault(QLocale(self.code))
        self.changed.emit()


@cache
def language() -> Language:
    """The one language of the process; call it after the QApplication was made."""
    return Language()


def spec(text: str) -> str:
    """A title, description, choice or unit of the specs, in the window's language."""
    return QCoreApplication.translate("spec", text) if text else ""


def sentence(what: Text | str | BaseException) -> str:
    """A sentence of the engine or of an error, in the window's language; English where a translation does not fit."""
    text = what if isinstance(what, Text) else Text.of(what)
    if not text:
        return ""
    try:
        said = {name: spec(value) for name, value in text.arguments.items()}  # a layer's title is a text of the specs
        return QCoreApplication.translate("sentences", text.template).format(**said)
    except (KeyError, IndexError, ValueError):
        return str(text)
