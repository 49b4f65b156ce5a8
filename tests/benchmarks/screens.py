"""What the window is shown on: Xvfb where it is there, Qt's own offscreen platform where not."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from ..end_to_end.screen import Screen


@contextmanager
def screen() -> Iterator[tuple[str, dict[str, str]]]:
    """Its name, and the environment of a program that appears on it."""
    if shutil.which("Xvfb") is None:
        yield "offscreen", {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        return
    opened = Screen()
    try:
        yield "Xvfb 1600 x 1000", opened.environment
    finally:
        opened.close()
