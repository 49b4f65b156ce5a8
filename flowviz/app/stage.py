"""The stage: target and model side by side in the same colours on the same scale, and the selected layer large."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ..engine.messages import Failure, Frame, State, TargetInfo
from ..pipeline import Box, DrawnTarget, EventKind, Project, event_kind
from . import painting
from .bridge import Bridge
from .document import Document
from .stage_context import ContextPicker
from .stage_corner import CornerPanel
from .stage_curves import CurvesPanel
from .stage_events import EventsPanel
from .stage_gallery import GalleryPanel
from .stage_layer import LayerPanel
from .stage_model import ModelPanel
from .stage_plane import Plane
from .stage_readout import Readout, point_words, value_words
from .stage_target import TargetPanel
from .stage_words import conditioned
from .theme import UNIT, theme
from .tile_events import PICTURES
from .translation import language, sentence

SAMPLES = 2000
FINEST, COARSEST = 256, 64
"""Longest side of the pictures that are asked for, in pixels."""
_ASK = 40
"""Milliseconds between two points that the engine is asked about, and between two views."""
_PATIENCE = 400
"""Milliseconds without a frame before the panel says why."""


class Stage(QWidget):
    """Asks the engine for what is visible, hands what comes to the panels, and links them: scale, view and probe."""

    def __init__(self, document: Document, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stage")
        self._document, self._bridge = document, bridge
        self._frame: Frame | None = bridge.last_frame
        self._target_failure = ""
        self._run_failure = ""
        self._hovered: tuple[float, ...] = ()
        self._asked: dict[str, object] = {}
        self._impatient = False

        self.target = TargetPanel(document)
        self.canvas = self.target.canvas
        self.model = ModelPanel(document)
        self.curves = CurvesPanel(document)
        self.events = EventsPanel(document)
        self.gallery = GalleryPanel(document)
        self.corner = CornerPanel(document)
        self.layer = LayerPanel(document)
        self.context = ContextPicker(document)
        self._planes = _pair(self.target, self.model)
        self._pictures = _pair(self.events, self.gallery)
        self._front = QStackedWidget()
        for front in (self._planes, self.curves, self._pictures, self.corner):
            self._front.addWidget(front)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT)
        row.addWidget(self._front, 2)
        row.addWidget(self.layer, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(UNIT // 2)
        column.addWidget(self.context)
        column.addLayout(row, 1)

        self._readouts = {plane: Readout(plane) for plane in (self.canvas, self.model.plane, self.curves.plane)}
        for plane in self._readouts:
            plane.hovered.connect(self._hover)
            plane.left.connect(self._unhover)
            plane.clicked.connect(self._pin)
        self._link(self.canvas, self.model.plane)
        self._link(self.model.plane, self.canvas)
        self.curves.plane.moved.connect(self._view_moved)
        self.curves.blank_button.clicked.connect(self.canvas.clear)
        self.events.blank_button.clicked.connect(self.canvas.clear)
        self.gallery.resumed.connect(self._ask)
        self.canvas.picture_changed.connect(self._picture_changed)

        self._probe_timer = self._timer(_ASK, self._ask)
        self._view_timer = self._timer(2 * _ASK, self._ask)
        self._patience_timer = self._timer(_PATIENCE, self._lose_patience)
        document.changed.connect(self._document_changed)
        bridge.target.connect(self._target_came)
        bridge.frame.connect(self._frame_came)
        bridge.failure.connect(self._failed)
        bridge.state.connect(self._state_came)
        bridge.ready.connect(self._show_words)
        bridge.connection.connect(self._show_words)
        theme().changed.connect(self._show_frame)
        language().changed.connect(self._show_frame)
        if bridge.last_target is not None:
            self._target_came(bridge.last_target)
        else:
            self._show_words()

    # ---- what the engine is asked for ----

    @property
    def dimensions(self) -> int:
        """Of the target, as far as it is known."""
        info = self.canvas.target_info
        if isinstance(self._document.project.target, DrawnTarget) or info is None:
            return 2
        return math.prod(info.event_shape)

    @property
    def kind(self) -> EventKind:
        """Of the target's events, as far as it is known."""
        info = self.canvas.target_info
        if isinstance(self._document.project.target, DrawnTarget) or info is None:
            return "vector"
        return event_kind(info.event_shape)

    def wants(self) -> dict[str, object]:
        """What the stage asks of the engine now: nothing while it is hidden."""
        if not self.isVisible():
            return {
                "model_resolution": 0,
                "samples": 0,
                "selected": "",
                "selected_resolution": 0,
                "whole_flow": False,
                "probe": (),
                "gallery": "",
                "corner": False,
            }
        view, dimensions, kind = self._document.project.view, self.dimensions, self.kind
        plane = self.curves.plane if dimensions == 1 else self.model.plane
        selected = self.layer.wanted
        return {
            "tile_mode": view.tile_mode,
            "turned": view.turned,
            "model_resolution": _resolution(plane) if dimensions <= 2 else 0,
            "samples": SAMPLES if kind == "vector" and (view.samples or dimensions > 2) else 0,
            "selected": selected,
            "selected_resolution": _resolution(self.layer.plane) if selected else 0,
            "whole_flow": self.layer.whole,
            "axes": view.axes,
            "box": _visible(plane, dimensions) if dimensions <= 2 else None,
            "probe": self._probed(),
            "projection": view.projection,
            "corner": view.corner and kind == "vector" and dimensions > 2,
            "pictures": PICTURES[kind],
            "gallery": self.gallery.wanted if kind != "vector" else "",
            "gallery_count": self.gallery.count,
            "ends": view.ends,
            "temperature": view.temperature if kind != "vector" else 1.0,
            "context": self.context.wanted,
        }

    def _ask(self) -> None:
        wants = self.wants()
        if wants != self._asked:
            self._asked = wants
            self._bridge.want(**wants)

    # ---- what comes ----

    def _target_came(self, info: TargetInfo) -> None:
        known = self.canvas.target_info
        if known is None or known.event_shape != info.event_shape:
            self._forget_frame()
        self._target_failure = ""
        self.layer.show_target(info)
        self.target.show_target(info)
        self.events.show_target(info)
        self.gallery.show_target(info)
        self.context.show_context(info.context)
        self._choose_front()
        self._show_frame()
        self._ask()

    def _frame_came(self, frame: Frame) -> None:
        self._frame = frame
        self._run_failure = ""
        self._impatient = False
        self._patience_timer.stop()
        self._show_frame()

    def _failed(self, failure: Failure) -> None:
        words = sentence(failure.sentence)
        if failure.remedy:
            words = words + "\n" + sentence(failure.remedy)
        if failure.code == "target":
            self._target_failure = words
        elif failure.code in ("pipeline", "non_finite", "memory"):
            self._run_failure = words
        self._show_words()

    def _state_came(self, state: State) -> None:
        if state.phase != "failed" and self._run_failure:
            self._run_failure = ""
            self._show_words()

    def _document_changed(self, old: Project, new: Project) -> None:
        if old.target != new.target:
            self._target_failure = ""
            if not self.canvas.painting and type(old.target) is not type(new.target):
                self.canvas.fitted = True
                self.canvas.fit()
                self.model.plane.look_where(self.canvas)
            self._choose_front()
        if old.view.corner != new.view.corner:
            self._choose_front()
        if old.pipeline != new.pipeline or old.seed != new.seed:
            self._run_failure = ""
        if (old.view.axes, old.view.projection) != (new.view.axes, new.view.projection):
            self.target.axes.show_axes()
        if old.view.pinned != new.view.pinned:
            self._show_probe()
        if old.target != new.target or old.view != new.view or old.pipeline.context != new.pipeline.context:
            self._show_frame()
        self._ask()

    def _choose_front(self) -> None:
        """What suits the data: curves of one dimension, the plane, pictures or sequences, all pairs of coordinates."""
        view, dimensions = self._document.project.view, self.dimensions
        if self.kind != "vector":
            front: QWidget = self._pictures
        elif dimensions == 1:
            front = self.curves
        else:
            front = self.corner if view.corner and dimensions > 2 else self._planes
        self._front.setCurrentWidget(front)

    def _forget_frame(self) -> None:
        self._frame = None
        self._impatient = False
        self._patience_timer.start()
        self.model.reset()
        self.gallery.show_frame(None, 1.0)
        self.layer.plane.clear_all()
        self.layer.pictures.show_layer(None, None)

    # ---- what is shown ----

    def _show_frame(self, *_: object) -> None:
        """Everything anew, from the newest frame, the newest target and the document."""
        if self.isVisible():
            self._show_pictures()
            self.layer.show_frame(self._frame, self._failure_words())
            self._show_probe()
            self._show_words()

    def _show_pictures(self) -> None:
        """Target and model, which share their scale and their levels."""
        dimensions = self.dimensions
        if self.kind != "vector":
            self.gallery.show_frame(self._frame, self.events.span)
            return
        if dimensions == 1:
            self.curves.show_frame(self.canvas.target_info, self._frame)
            return
        if self._front.currentWidget() is self.corner:
            self.corner.show_frame(self.canvas.target_info, self._frame)
            return
        self.model.plane.set_data_box(self.canvas.data_box)
        contours = self._document.project.view.contours and dimensions == 2
        # Given a context, the model's density is of another thing than the target's: nothing of the one measures the other.
        alike = self._document.project.pipeline.context.kind == "none"
        levels = self.canvas.levels if contours and alike else []
        known = self.canvas.density if alike else None
        self.model.show_frame(self._frame, known, levels, many=dimensions > 2)
        self.canvas.show_levels(contours)

    def _picture_changed(self) -> None:
        """The target looks different, at every move of a stroke."""
        if self.isVisible():
            self._show_pictures()
            self._show_words()

    def _show_words(self, *_: object) -> None:
        """Titles, and one sentence where a panel has nothing to show."""
        self.target.show_failure(self._target_failure)
        words = self._failure_words()
        if self._frame is not None and not self._run_failure:
            words = ""
        button = run = None
        if not words and self._frame is None and self._impatient:
            words = self.tr("No picture of the model yet.")
            button, run = self.tr("Train (F5)"), self._bridge.train
        for panel in (self.model, self.curves, self.gallery):
            if panel is not self.gallery or words or not self.gallery.cancelled:
                panel.hint.say(words, button or "", run)

    def _failure_words(self) -> str:
        """Why there is no picture of the model, or nothing."""
        if self._run_failure:
            return self._run_failure
        if self.canvas.blank:
            return self.tr("There is nothing to learn yet: paint on the left.")
        if self._target_failure:
            return self._target_failure
        if self._bridge.last_ready is None and self._frame is None:
            return self.tr("The engine is starting.")
        return ""

    def _lose_patience(self) -> None:
        self._impatient = True
        self._show_words()

    # ---- one view for both ----

    def _link(self, plane: Plane, other: Plane) -> None:
        def follow() -> None:
            other.look_where(plane)
            self._view_moved()

        plane.moved.connect(follow)

    def _view_moved(self) -> None:
        self._view_timer.start()

    # ---- one point for all ----

    def _probed(self) -> tuple[float, ...]:
        """The point that the engine is asked about: the pinned one, else the one under the mouse."""
        dimensions = self.dimensions
        if dimensions > 2:  # two coordinates are not a point of more dimensions
            return ()
        pinned = self._document.project.view.pinned
        point = pinned if len(pinned) == dimensions else self._hovered
        return point[:dimensions]

    def _hover(self, x: float, y: float) -> None:
        self._hovered = (x, y)
        if not self._probe_timer.isActive():
            self._ask()  # at once, and where the mouse has gone on to when the time is up
            self._probe_timer.start()
        self._show_probe()

    def _unhover(self) -> None:
        self._hovered = ()
        self._probe_timer.start()
        self._show_probe()

    def _pin(self, x: float, y: float) -> None:
        """Holds this point; a click on the held one, or Escape, lets go."""
        dimensions = self.dimensions
        if dimensions > 2:
            return
        plane = self.curves.plane if dimensions == 1 else self.model.plane
        pinned = self._document.project.view.pinned
        point = (x, y)[:dimensions]
        if len(pinned) == dimensions:
            away = plane.to_widget(x, y) - plane.to_widget(pinned[0], pinned[1] if dimensions == 2 else y)
            if away.manhattanLength() <= 10:
                point = ()
        self._document.look(pinned=tuple(point))

    def _show_probe(self) -> None:
        """The marker in both planes, and what is known of the point in words."""
        point = self._probed()
        pinned = bool(point) and point == self._document.project.view.pinned
        for plane, readout in self._readouts.items():
            # On the canvas the brush's ring is where the mouse is.
            shown = point if pinned or plane is not self.canvas else ()
            plane.show_marker(shown or None, filled=pinned)
            readout.say(self._words_at(plane, point), point)

    def _words_at(self, plane: Plane, point: tuple[float, ...]) -> str:
        if not point or (plane is self.canvas and self.canvas.painting):
            return ""
        if plane is self.canvas:
            return point_words(point) + self._target_words(point)
        probe = self._frame.probe if self._frame is not None else None
        if probe is None or len(probe.point) != len(point):
            return point_words(point)
        words = self.tr("log p(x) = {value} nats").format(value=value_words(probe.log_prob))
        return point_words(probe.point) + "\n" + conditioned(words, self._document.project.pipeline)

    def _target_words(self, point: tuple[float, ...]) -> str:
        """The target's log-density: of a drawing exactly, else read off its picture."""
        known = self.canvas.density
        if known is None:
            return ""
        value = self.canvas.exact_log_density(*point)
        if value is not None:
            return "\n" + self.tr("log p(x) = {value} nats").format(value=value_words(value))
        there = painting.bilinear(known.values, known.box, np.array(point[0]), np.array(point[1]))
        with np.errstate(divide="ignore"):
            about = value_words(float(np.log(there)), 2)
        return "\n" + self.tr("log p(x) ≈ {value} nats").format(value=about)

    # ---- Qt ----

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._document.project.view.pinned:
            self._document.look(pinned=())
            event.accept()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._frame is None:
            self._patience_timer.start()
        self._ask()
        self._show_frame()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._view_timer.start()

    def _timer(self, interval: int, slot: object) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval)
        timer.setSingleShot(True)
        timer.timeout.connect(slot)
        return timer


def _pair(left: QWidget, right: QWidget) -> QWidget:
    """Two panels of one width side by side."""
    both = QWidget()
    pair = QHBoxLayout(both)
    pair.setContentsMargins(0, 0, 0, 0)
    pair.setSpacing(UNIT)
    pair.addWidget(left, 1)
    pair.addWidget(right, 1)
    return both


def _resolution(plane: Plane) -> int:
    """Pixels along the longest side of what a plane shows, in steps, so that dragging a border asks for little."""
    size = plane.view.size()
    longest = max(size.width(), size.height()) * plane.devicePixelRatioF()
    return int(min(max(-(-longest // 32) * 32, COARSEST), FINEST))


def _visible(plane: Plane, dimensions: int) -> Box:
    """What is seen: more than the target's box, so that the model's picture has no edge inside the view."""
    x0, x1, y0, y1 = (float(f"{edge:.5g}") for edge in plane.visible_box())
    return (x0, x1, 0.0, 1.0) if dimensions == 1 else (x0, x1, y0, y1)
