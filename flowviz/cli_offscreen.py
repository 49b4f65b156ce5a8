"""Qt with no display: what paints pictures and figures from the command line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from .cli_common import FailedError
from .cli_libraries import advice, missing


@contextmanager
def application(theme_choice: Literal["light", "dark"]) -> Iterator[None]:
    """An application that paints and shows nothing. Raises FailedError when a system library of Qt is missing."""
    libraries = missing("offscreen")
    if libraries:
        raise FailedError(advice(libraries))
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance() or QApplication(["flowviz"])
    from .app.theme import theme

    theme().choose(theme_choice)
    yield
    app.processEvents()
