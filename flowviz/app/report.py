"""The report: where everything is and what the window shows, as JSON lines, so that a test can work it from outside.

`flowviz --report FILE` (or `-` for stdout) writes one line whenever something changed, a few times a second:
`widgets` maps object names to [x, y, width, height] in pixels of the screen, the rest is what a person would read off the
window. It only reads; whoever follows it works the window with a real mouse and keyboard.
"""

from __future__ import annotations

import json
import sys
from typing import IO, Any

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from .bridge import Bridge
from .document import Document

INTERVAL = 100
"""Milliseconds between two looks."""


class Reporter(QObject):
    """Writes the report until the application ends."""

    def __init__(self, document: Document, bridge: Bridge, path: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._bridge = bridge
        self._file: IO[str] = sys.stdout if path == "-" else open(path, "w", encoding="utf-8")  # noqa: SIM115
        self._last = ""
        timer = QTimer(self)
        timer.timeout.connect(self._write)
        timer.start(INTERVAL)

    def _write(self) -> None:
        line = json.dumps(self.look(), ensure_ascii=False)
        if line != self._last:
            self._last = line
            print(line, file=self._file, flush=True)

    def look(self) -> dict[str, Any]:
        """What is there right now."""
        project = self._document.project
        state, target, metrics = self._bridge.last_state, self._bridge.last_target, self._bridge.last_metrics
        path = self._document.path
        frame = self._bridge.last_frame
        probe = frame.probe if frame is not None else None
        return {
            "widgets": widgets(),
            "layers": [layer.kind for layer in project.pipeline.layers],
            "target": project.target.kind,
            "undo": self._document.undo_stack.undoText(),
            "path": str(path) if path is not None else "",
            "engine": self._bridge.last_ready is not None,
            "generation": self._bridge.generation,
            "phase": state.phase if state is not None else "",
            "step": state.step if state is not None else 0,
            "entropy": target.entropy if target is not None else None,
            "target_generation": target.generation if target is not None else 0,
            "held_out": metrics.held_out[-1] if metrics is not None and metrics.held_out else None,
            "held_out_step": metrics.held_out_steps[-1] if metrics is not None and metrics.held_out_steps else 0,
            "frame_step": frame.step if frame is not None else None,
            "probe": list(probe.point) if probe is not None else None,
            "log_prob": probe.log_prob if probe is not None else None,
        }


def widgets() -> dict[str, list[int]]:
    """Name to rectangle of every visible widget that has a name of its own; of several with one name, the first."""
    found: dict[str, list[int]] = {}
    for top in QApplication.topLevelWidgets():
        if not top.isVisible():
            continue
        for widget in (top, *top.findChildren(QWidget)):
            name = widget.objectName()
            if name and not name.startswith("qt_") and name not in found and widget.isVisible():
                corner = widget.mapToGlobal(QPoint(0, 0))
                found[name] = [corner.x(), corner.y(), widget.width(), widget.height()]
    return found
