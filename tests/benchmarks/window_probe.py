"""The real window, watched from inside: run by `window.py` as a process of its own; prints one line of JSON.

Arguments: the time at which the process was started (seconds since the epoch), layers, seconds to warm up, seconds to
measure, and how often each latency is taken.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

STARTED, WARM_UP, MEASURED = float(sys.argv[1]), float(sys.argv[3]), float(sys.argv[4])
LAYERS, REPEATS = int(sys.argv[2]), int(sys.argv[5])

from flowviz.cli_window import ready  # noqa: E402

ready()

from flowviz.startup import importing  # noqa: E402

with importing():
    from PySide6.QtCore import QEvent, QObject, QSettings, QTimer
    from PySide6.QtWidgets import QApplication

    from flowviz.app.application import make_application, make_window
    from flowviz.app.pace import Gaps
    from flowviz.app.settings import Settings
    from flowviz.engine.messages import Frame, Metrics

from .couplings import endless  # noqa: E402
from .window_latency import Latencies, spin  # noqa: E402
from .window_rest import at_rest, cpu_seconds  # noqa: E402


class Probe(QObject):
    """Takes the times, trains, measures, and prints what it found."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.found: dict[str, Any] = {}
        self._rates: list[float] = []
        self._shares: list[float] = []
        self._seconds: list[float] = []
        self._sides: list[int] = []
        self._tiles = self._models = self._frames = 0
        self._measuring = False
        settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
        make_application(language="en", theme="light", settings=settings)
        self.window = make_window(endless(LAYERS), settings=settings, folder=folder)
        self.gaps = Gaps(self)
        self.window.installEventFilter(self)
        self.window.bridge.ready.connect(self._ready)
        self.window.bridge.tiles.connect(self._tiles_came)
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

    def _ready(self, event: Any) -> None:
        self.found["engine_ready_s"] = time.time() - STARTED
        self._engine = event.pid
        self._begin()

    def _begin(self) -> None:
        if {"usable_s", "engine_ready_s"} <= self.found.keys():
            QTimer.singleShot(0, self._measure)

    def _measure(self) -> None:
        bridge = self.window.bridge
        bridge.train()
        spin(WARM_UP)
        before = cpu_seconds(self._engine)
        self._measuring = True
        self.gaps.start()
        spin(MEASURED)
        self.gaps.stop()
        self._measuring = False
        after = cpu_seconds(self._engine)
        self.found |= {
            "frames_hz": self._frames / MEASURED,
            "tiles_hz": self._tiles / MEASURED,
            "model_hz": self._models / MEASURED,
            "tile_pixels": statistics.median(self._sides) if self._sides else None,
            "frame_ms": 1000 * statistics.median(self._seconds) if self._seconds else None,
            "frame_share": statistics.median(self._shares) if self._shares else None,
            "steps_per_second": statistics.median(self._rates) if self._rates else None,
            "gap_p50_ms": 1000 * self.gaps.quantile(0.5),
            "gap_p95_ms": 1000 * self.gaps.quantile(0.95),
            "gap_p99_ms": 1000 * self.gaps.quantile(0.99),
            "gap_max_ms": 1000 * self.gaps.quantile(1.0),
        }
        for name, then, now in zip(("window_cpu_share", "engine_cpu_share"), before, after, strict=True):
            self.found[name] = None if now is None or then is None else (now - then) / MEASURED
        self.found["window_ms_per_frame"] = 1000 * (after[0] - before[0]) / max(self._frames, 1)
        self._take_latencies()
        print(json.dumps(self.found), flush=True)
        self.window.autosave.finish()
        QApplication.exit(0)

    def _take_latencies(self) -> None:
        """While it trains and at rest; then on a canvas of one's own; between them what a paused window costs."""
        bridge, latencies = self.window.bridge, Latencies(self.window)
        if REPEATS:
            self.found |= latencies.edits_and_probes("training", REPEATS)
        bridge.pause()
        spin(2.0)
        self.found |= at_rest(self._engine, MEASURED)
        if REPEATS:
            self.found |= latencies.edits_and_probes("at_rest", REPEATS)
            self.found |= latencies.strokes("at_rest", REPEATS)
            bridge.train()
            spin(1.0)
            self.found |= latencies.strokes("training", REPEATS)

    def _tiles_came(self, frame: Frame) -> None:
        if self._measuring:
            self._frames += 1
            self._tiles += all(tile.picture is not None for tile in frame.tiles) and len(frame.tiles) == LAYERS + 2
            self._seconds.append(frame.seconds)
            if frame.tiles and frame.tiles[0].picture is not None:
                self._sides.append(max(frame.tiles[0].picture.values.shape))

    def _frame(self, frame: Frame) -> None:
        if self._measuring:
            self._models += frame.model is not None

    def _metrics(self, metrics: Metrics) -> None:
        if self._measuring:
            self._rates.append(metrics.steps_per_second)
            self._shares.append(metrics.frame_share)


def _fail(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """In Qt's event loop an error would be printed, and the loop would run on."""
    sys.__excepthook__(kind, error, trace)
    QApplication.exit(1)


sys.excepthook = _fail
with tempfile.TemporaryDirectory(prefix="flowviz-") as name:
    probe = Probe(Path(name))
    code = QApplication.exec()
    probe.window.bridge.close()
sys.exit(code)
