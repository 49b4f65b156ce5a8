"""From what a person does to the first picture of it: an edit, a probed point, a stroke of the brush; inside the real window."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import msgspec
from PySide6.QtCore import QEvent, QEventLoop, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from flowviz.app import edits
from flowviz.app.window import MainWindow
from flowviz.engine.messages import Frame

PATIENCE = 5.0
"""Seconds after which a picture counts as not having come."""
BETWEEN = 0.25
"""Seconds between two of a person's acts."""


def spin(seconds: float) -> None:
    """Lets the window live for so long."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


class Latencies(QObject):
    """Milliseconds until the first frame that shows what was done is on the screen: painted, and handed to the system."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window = window
        self._shows: Callable[[Frame], bool] | None = None
        self._came = False
        self._painted: float | None = None
        self._loop = QEventLoop()
        window.bridge.frame.connect(self._frame)
        self._stage: Any = window.panels.panels["stage"].view
        self._stage.model.plane.viewport().installEventFilter(self)

    def edits_and_probes(self, when: str, repeats: int) -> dict[str, float | None]:
        """Medians: a layer bypassed and taken in again, a setting of a layer moved, a layer inserted and taken away; a point."""
        setting = [self._edit(self._turn_setting, i) for i in range(repeats)]
        bypass = [self._edit(self._bypass, i) for i in range(repeats)]
        insert = [self._edit(self._insert, i) for i in range(repeats)]
        probe = [self._probe(i) for i in range(repeats)]
        self._stage.model.plane.left.emit()
        return {
            f"setting_{when}_ms": _median(setting),
            f"bypass_{when}_ms": _median(bypass),
            f"insert_{when}_ms": _median(insert),
            f"probe_{when}_ms": _median(probe),
        }

    def strokes(self, when: str, repeats: int) -> dict[str, float | None]:
        """Median from the press of the brush on a canvas to the model's first picture that has heard of it."""
        canvas = self._stage.canvas
        canvas.clear()
        self._stroke(0)  # a blank canvas has nothing to learn: the first stroke is what it begins with
        return {f"stroke_{when}_ms": _median([self._stroke(i + 1) for i in range(repeats)])}

    # ---- what is done ----

    def _edit(self, change: Callable[[int], None], number: int) -> float | None:
        wanted = self._window.bridge.generation + 1
        return self._until(lambda: change(number), lambda frame: frame.generation >= wanted)

    def _turn_setting(self, number: int) -> None:
        document = self._window.document
        layer: Any = document.project.pipeline.layers[1]
        bound = 2.0 if layer.log_scale_bound != 2.0 else 2.5
        document.replace_layer(msgspec.structs.replace(layer, log_scale_bound=bound), "Bound")

    def _bypass(self, number: int) -> None:
        pipeline = self._window.document.project.pipeline
        edits.apply(self._window.document, edits.bypass(pipeline, pipeline.layers[1].uid))

    def _insert(self, number: int) -> None:
        pipeline = self._window.document.project.pipeline
        edit = edits.delete(pipeline, pipeline.layers[2].uid) if number % 2 else None
        edits.apply(self._window.document, edit or edits.duplicate(pipeline, pipeline.layers[1].uid))

    def _probe(self, number: int) -> float | None:
        plane = self._stage.model.plane
        x0, x1, y0, y1 = plane.visible_box()
        share = 0.3 + 0.4 * ((number * 0.37) % 1.0)
        point = (x0 + share * (x1 - x0), y0 + (1 - share) * (y1 - y0))

        def shown(frame: Frame) -> bool:
            return frame.probe is not None and frame.probe.point == point

        return self._until(lambda: plane.hovered.emit(*point), shown)

    def _stroke(self, number: int) -> float | None:
        """Presses and draws a short line at once, waits for the picture, and lets go."""
        canvas, bridge = self._stage.canvas, self._window.bridge
        wanted = bridge.generation + 1
        x0, x1, y0, y1 = canvas.visible_box()
        share = 0.25 + 0.5 * ((number * 0.61) % 1.0)
        start = QPointF(x0 + share * (x1 - x0), y0 + 0.3 * (y1 - y0))
        end = QPointF(start.x() + 0.1 * (x1 - x0), y0 + 0.6 * (y1 - y0))

        def draw() -> None:
            self._mouse(QEvent.Type.MouseButtonPress, start)
            self._mouse(QEvent.Type.MouseMove, end)

        waited = self._until(draw, lambda frame: frame.generation >= wanted)
        self._mouse(QEvent.Type.MouseButtonRelease, end)
        spin(BETWEEN)
        return waited

    def _mouse(self, kind: QEvent.Type, point: QPointF) -> None:
        canvas, left = self._stage.canvas, Qt.MouseButton.LeftButton
        place = QPointF(canvas.to_widget(point.x(), point.y()))
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else left
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else left
        viewport = canvas.viewport()
        event = QMouseEvent(kind, place, viewport.mapToGlobal(place), button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(viewport, event)

    # ---- how it is timed ----

    def _until(self, act: Callable[[], None], shows: Callable[[Frame], bool]) -> float | None:
        """Milliseconds from the act to the end of the painting of the first frame that shows it; None: it did not come."""
        spin(BETWEEN)
        self._shows, self._came, self._painted = shows, False, None
        began = time.perf_counter()
        act()
        QTimer.singleShot(round(1000 * PATIENCE), self, self._loop.quit)
        self._loop.exec()
        self._shows = None
        return None if self._painted is None else 1000 * (self._painted - began)

    def _frame(self, frame: Frame) -> None:
        if self._shows is not None and self._shows(frame):
            self._came = True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._came and event.type() == QEvent.Type.Paint:
            self._came = False
            QTimer.singleShot(0, self, self._done)  # after all that is painted with it, and its way to the screen
        return False

    def _done(self) -> None:
        if self._shows is not None and self._painted is None:
            self._painted = time.perf_counter()
            self._loop.quit()


def _median(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None
