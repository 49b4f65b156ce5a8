"""`flowviz [FILE]`: the window."""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys

from .cli_common import FailedError, UsageError, readable
from .cli_libraries import advice, missing, platform
from .startup import importing


def window(options: argparse.Namespace) -> int:
    """Opens the window, with a file in it if one is named; returns when it is closed."""
    if options.file is not None:
        try:
            readable(options.file)
        except UsageError as error:
            from .cli import COMMANDS

            raise UsageError(f"{error}, and the commands are {', '.join(COMMANDS)}") from None
    ready()
    with importing():
        from .app.application import run

    return run(path=options.file, language=options.lang, theme=options.theme, report=options.report)


def ready() -> None:
    """Raises FailedError with one sentence where no window can be opened: Qt itself would abort the process."""
    if importlib.util.find_spec("PySide6") is None:
        raise FailedError("PySide6 is not installed; install it with: pip install PySide6-Essentials")
    plugin = platform()
    if plugin == "offscreen" and sys.platform.startswith("linux") and not os.environ.get("QT_QPA_PLATFORM"):
        raise FailedError(
            "there is no display here (DISPLAY and WAYLAND_DISPLAY are not set); "
            "flowviz train, eval, sample, render and screenshot work without one"
        )
    libraries = missing(plugin)
    if libraries:
        raise FailedError(advice(libraries))
