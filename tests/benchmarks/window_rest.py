"""What a window costs in which nothing happens: processor time of both processes, and pictures painted."""

from __future__ import annotations

import os
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from .window_latency import spin


class Paints(QObject):
    """Counts the paint events of the whole application."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def at_rest(engine: int, seconds: float) -> dict[str, float | None]:
    """Shares of one core, and paint events; the engine's share is None where the system does not tell."""
    paints, app = Paints(), QApplication.instance()
    assert app is not None
    app.installEventFilter(paints)
    began, before = time.perf_counter(), cpu_seconds(engine)
    spin(seconds)
    took, after = time.perf_counter() - began, cpu_seconds(engine)
    app.removeEventFilter(paints)
    return {
        "paused_paints": float(paints.count),
        "paused_window_cpu_share": (after[0] - before[0]) / took,
        "paused_engine_cpu_share": (None if after[1] is None or before[1] is None else (after[1] - before[1]) / took),
    }


def cpu_seconds(engine: int) -> tuple[float, float | None]:
    """Of this process, and of the engine's; /proc counts in hundredths."""
    try:
        fields = Path(f"/proc/{engine}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return time.process_time(), None
    return time.process_time(), (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
