"""The real window on eight couplings, training until its standard input is closed: run by `memory.py` as a process of its own.

Prints two lines of JSON: the process ids when training begins, and the steps done and where the run stands at the end.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

from flowviz.cli_window import ready

ready()

from PySide6.QtCore import QObject, QSettings, QSocketNotifier  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from flowviz.app.application import make_application, make_window  # noqa: E402
from flowviz.app.settings import Settings  # noqa: E402

from .couplings import endless  # noqa: E402


class Watched(QObject):
    """Trains as soon as the engine is ready, and ends with its input."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
        make_application(language="en", theme="light", settings=settings)
        self.window = make_window(endless(8), settings=settings, folder=folder)
        self._input = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, self)
        self._input.activated.connect(self._end)
        self.window.bridge.ready.connect(self._begin)
        self.window.show()

    def _begin(self, ready: object) -> None:
        self.window.bridge.train()
        print(json.dumps({"window": os.getpid(), "engine": ready.pid}), flush=True)  # type: ignore[attr-defined]

    def _end(self) -> None:
        self._input.setEnabled(False)
        bridge = self.window.bridge
        state, metrics = bridge.last_state, bridge.last_metrics
        step = max((known.step for known in (state, metrics) if known is not None), default=0)
        print(json.dumps({"step": step, "phase": state.phase if state is not None else ""}), flush=True)
        self.window.autosave.finish()
        bridge.close()
        QApplication.exit(0)


with tempfile.TemporaryDirectory(prefix="flowviz-") as name:
    watched = Watched(Path(name))
    QApplication.exec()
