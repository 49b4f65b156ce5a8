"""The real window, watched from inside: run by `window.py` as a process of its own; prints one line of JSON.

Arguments: the time at which the process was started (seconds since the epoch), seconds to warm up, seconds to measure.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

STARTED, WARM_UP, MEASURED = (float(argument) for argument in sys.argv[1:4])

from flowviz.cli_window import ready  # noqa: E402

ready()

from PySide6.QtCore import QEvent, QObject, QSettings, QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from flowviz.app.application import make_application, make_window  # noqa: E402
from flowviz.app.pace import Gaps  # noqa: E402
from flowviz.app.settings import Settings  # noqa: E402
from flowviz.engine.messages import Frame, Metrics  # noqa: E402
from flowviz.pipeline import AffineCoupling, PipelineSpec, Project, Training  # noqa: E402


class Probe(QObject):
    """Takes the times, trains, measures, and prints what it found."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.found: dict[str, Any] = {}
        self._rates: list[float] = []
        self._shares: list[float] = []
        self._seconds: list[float] = []
        self._sides: list[int] = []
        self._tiles = self._frames = 0
        self._measuring = False
        settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
        make_application(language="en", theme="light", settings=settings)
        layers = tuple(AffineCoupling(mask="even" if i % 2 == 0 else "odd") for i in range(8))
        project = Project(pipeline=PipelineSpec(layers=layers), training=Training(steps=1_000_000))
        self.window = make_window(project, settings=settings, folder=folder)
        self.gaps = Gaps(self)
        self.window.installEventFilter(self)
        self.window.bridge.ready.connect(self._ready)
        self.window.bridge.frame.connect(self._frame)
        self.window.bridge.metrics.connect(self._metrics)
        self.window.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and "visible_s" not in self.found:
            self.found["visible_s"] = time.time() - STARTED
            QTimer.singleShot(0, self._usable)
        return False

    def _usable(self) -> None:
        self.found["usable_s"] = time.time() - STARTED
        self._begin()

    def _ready(self, _event: object) -> None:
        self.found["engine_ready_s"] = time.time() - STARTED
        self._begin()

    def _begin(self) -> None:
        if {"usable_s", "engine_ready_s"} <= self.found.keys():
            self.window.bridge.train()
            QTimer.singleShot(round(1000 * WARM_UP), self._measure)

    def _measure(self) -> None:
        self._measuring = True
        self.gaps.start()
        QTimer.singleShot(round(1000 * MEASURED), self._finish)

    def _frame(self, frame: Frame) -> None:
        if self._measuring:
            self._frames += 1
            self._tiles += all(tile.picture is not None for tile in frame.tiles) and len(frame.tiles) == 10
            self._seconds.append(frame.seconds)
            if frame.tiles and frame.tiles[0].picture is not None:
                self._sides.append(max(frame.tiles[0].picture.values.shape))

    def _metrics(self, metrics: Metrics) -> None:
        if self._measuring:
            self._rates.append(metrics.steps_per_second)
            self._shares.append(metrics.frame_share)

    def _finish(self) -> None:
        self.gaps.stop()
        self.found |= {
            "frames_hz": self._frames / MEASURED,
            "tiles_hz": self._tiles / MEASURED,
            "tile_pixels": statistics.median(self._sides) if self._sides else None,
            "frame_ms": 1000 * statistics.median(self._seconds) if self._seconds else None,
            "frame_share": statistics.median(self._shares) if self._shares else None,
            "steps_per_second": statistics.median(self._rates) if self._rates else None,
            "gap_p50_ms": 1000 * self.gaps.quantile(0.5),
            "gap_p95_ms": 1000 * self.gaps.quantile(0.95),
            "gap_p99_ms": 1000 * self.gaps.quantile(0.99),
            "gap_max_ms": 1000 * self.gaps.quantile(1.0),
        }
        print(json.dumps(self.found), flush=True)
        self.window.autosave.finish()
        self.window.bridge.close()
        QApplication.exit(0)


with tempfile.TemporaryDirectory(prefix="flowviz-") as name:
    probe = Probe(Path(name))
    QApplication.exec()
