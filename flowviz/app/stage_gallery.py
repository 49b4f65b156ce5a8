"""The middle panel of the stage for pictures and sequences: what the model makes, and what becomes of data in it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QProgressBar, QStackedWidget

from ..engine.messages import Frame, Gallery, TargetInfo
from ..pipeline import Project
from . import montage
from .document import Document
from .forms_segments import Segments
from .picture_grid import PictureGrid
from .stage_bars import BarSlider
from .stage_events import PlayRow, receptive_field
from .stage_panel import ROW, FlatButton, Panel, Words
from .theme import UNIT, theme
from .translation import language
from .units import figure_words
from .waveforms import Waveforms

HOTTEST = 2.0


class GalleryPanel(Panel):
    """Samples from fixed latents, the way between two data, data and what comes back of them, and the nearest training data."""

    resumed = Signal()
    """What was cancelled is wanted after all, or something else is."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.setObjectName("galleryStage")
        self._document = document
        self._info: TargetInfo | None = None
        self._frame: Frame | None = None
        self._gallery: Gallery | None = None
        self._span = 1.0
        self.cancelled = False
        """The drawing of pixels was stopped: nothing is wanted until the user wants it again."""
        self.grid = PictureGrid("gallery")
        self.waves = Waveforms("galleryWaveforms")
        self._views = QStackedWidget()
        self._views.addWidget(self.grid)
        self._views.addWidget(self.waves)
        self.set_body(self._views)
        self.kinds = Segments("")
        self.kinds.setObjectName("galleryKind")
        self.kinds.setFixedHeight(ROW)
        self.kinds.chosen.connect(self._choose)
        self.row(self.kinds, None)
        self.temperature = BarSlider(self._temperature_words, self._position(document.project.view.temperature))
        self.temperature.setObjectName("temperature")
        self.temperature.valueChanged.connect(lambda at: document.look(temperature=round(at * HOTTEST) / 100))
        self.play = PlayRow(self.waves, lambda: self._info.rate if self._info is not None else 0)
        self.progress = QProgressBar()
        self.progress.setObjectName("galleryProgress")
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(UNIT)
        self.progress.setRange(0, 1000)
        self._left = Words("muted")
        self.cancel = FlatButton()
        self.cancel.setObjectName("cancelGallery")
        self.cancel.clicked.connect(self._cancel)
        row = self.row(self.play.button, self.play.words, self.temperature, self.progress, self._left, self.cancel)
        row.setStretch(2, 1)
        row.setStretch(3, 1)
        document.changed.connect(self._document_changed)
        theme().changed.connect(self._draw)
        language().changed.connect(self.retranslate)
        self.retranslate()

    # ---- what is wanted ----

    @property
    def wanted(self) -> str:
        """The kind of gallery that the engine is asked for."""
        return "" if self.cancelled else self._document.project.view.gallery

    @property
    def count(self) -> int:
        """How many events: fewer where several stand above each other, or each one is drawn number by number."""
        kind = self._document.project.view.gallery
        sequences = self._info is not None and len(self._info.event_shape) == 2
        if sequences:
            return 8
        slow = self._document.project.pipeline.base.sample_cost != "one pass"
        return {"samples": 16 if slow else 36, "interpolation": 16, "reconstruction": 12, "nearest": 16}[kind]

    # ---- what comes ----

    def show_target(self, info: TargetInfo | None) -> None:
        if info is None or self._info is None or info.event_shape != self._info.event_shape:
            self._gallery = None
        self._info = info
        sequences = info is not None and len(info.event_shape) == 2
        self._views.setCurrentWidget(self.waves if sequences else self.grid)
        self.play.set_shown(sequences)
        self._draw()

    def show_frame(self, frame: Frame | None, span: float) -> None:
        """The newest frame; `span` is the data's own scale of curves."""
        self._frame, self._span = frame, span
        if frame is not None and frame.gallery is not None:
            if frame.gallery.kind == self._document.project.view.gallery and not self.cancelled:
                self._gallery = frame.gallery
        elif frame is None:
            self._gallery = None
        self._draw()

    def _draw(self) -> None:
        gallery, info = self._gallery, self._info
        if gallery is None or info is None or len(gallery.events.shape) != len(info.event_shape) + 1:
            self.grid.show_pictures([])
            self.waves.show_events(None, 0, 1.0)
        elif len(info.event_shape) == 3:
            self.grid.show_pictures(_stacked(gallery))
        else:
            self.waves.field = receptive_field(self._document.project.pipeline)
            events = _in_turn(gallery)
            if gallery.done < 1:
                events = events.copy()
                events[..., int(gallery.done * events.shape[-1]) :] = np.nan  # not drawn yet
            self.waves.show_events(events, info.rate, self._span)
        view = self._document.project.view
        ends = {0: "A", self.grid.count - 1: "B"} if view.gallery == "interpolation" and self.grid.count > 1 else {}
        self.grid.mark(ends if gallery is not None and gallery.kind == "interpolation" else {})
        self._show_progress()
        self.describe()

    def _show_progress(self) -> None:
        gallery = self._gallery
        drawing = gallery is not None and gallery.done < 1 and not self.cancelled
        for part in (self.progress, self._left, self.cancel):
            part.setVisible(drawing)
        self.temperature.setVisible(not drawing)
        self.temperature.setEnabled(self._document.project.view.gallery in ("samples", "nearest"))
        if drawing and gallery is not None:
            self.progress.setValue(round(1000 * gallery.done))
            left = gallery.seconds_left
            self._left.setText(self.tr("{time} s left").format(time=f"{left:.0f}") if left is not None else "")

    # ---- what the user does ----

    def _choose(self, kind: str) -> None:
        self._document.look(gallery=kind)
        self.resume()

    def resume(self) -> None:
        if self.cancelled:
            self.cancelled = False
            self.resumed.emit()
            self._draw()

    def _cancel(self) -> None:
        self.cancelled = True
        self.resumed.emit()
        self._draw()

    def _document_changed(self, old: Project, new: Project) -> None:
        if old.view.gallery != new.view.gallery:
            self._gallery = None
            self.kinds.set_current(new.view.gallery)
            self._draw()
        if old.view.temperature != new.view.temperature:
            self.temperature.setValue(self._position(new.view.temperature))
            self.describe()
        if old.target != new.target or old.pipeline != new.pipeline:
            self.resume()

    @staticmethod
    def _position(temperature: float) -> int:
        return round(100 * temperature / HOTTEST)

    # ---- words ----

    def _temperature_words(self, position: int) -> str:
        return str(self.tr("temperature T = {value}").format(value=f"{position * HOTTEST / 100:.2f}"))

    def describe(self) -> None:
        """Title and subtitle; while there is nothing, one sentence."""
        frame, gallery, view = self._frame, self._gallery, self._document.project.view
        title = {
            "samples": self.tr("Model: samples"),
            "interpolation": self.tr("Model: from A to B"),
            "reconstruction": self.tr("Model: there and back"),
            "nearest": self.tr("Model: nearest training data"),
        }[view.gallery]
        self.hint.say("")
        if self.cancelled:
            self.say(title, self.tr("stopped"))
            self.hint.say(self.tr("The drawing was stopped."), self.tr("Draw again"), self.resume)
            return
        if gallery is None or frame is None:
            self.say(title, "")
            return
        step = f"{frame.step:,}"
        if gallery.kind == "reconstruction":
            error = figure_words(gallery.error) if gallery.error is not None else "–"
            words = self.tr("original, what comes back, difference; largest {error}")
            if len(gallery.events.shape) == 3:  # curves have no picture of their difference
                words = self.tr("original, below it what comes back; off by {error} at most")
            words = words.format(error=error)
        elif gallery.kind == "nearest":
            words = self.tr("each sample above its nearest training datum")
        elif gallery.kind == "interpolation":
            words = self.tr("a straight line in z, brought back; step {step}").format(step=step)
        elif view.temperature != 1:
            words = self.tr("fixed latents, T = {value}, step {step}").format(value=f"{view.temperature:g}", step=step)
        elif frame.step == 0:
            words = self.tr("fixed latents, not trained yet: press Train (F5)")
        else:
            words = self.tr("the same latents all along, step {step}").format(step=step)
        self.say(title, words)

    def retranslate(self) -> None:
        self.kinds.setAccessibleName(self.tr("What the model shows"))
        self.kinds.set_choices(
            [
                ("samples", self.tr("Samples"), self.tr("From latents that stay the same: one sees them improve")),
                (
                    "interpolation",
                    self.tr("Between"),
                    self.tr("From one datum to another, straight through the latents"),
                ),
                (
                    "reconstruction",
                    self.tr("Rebuilt"),
                    self.tr("Held-out data, what comes back from their latents, and the difference"),
                ),
                (
                    "nearest",
                    self.tr("Nearest"),
                    self.tr("Samples and the training data nearest to them: is it learnt by heart?"),
                ),
            ]
        )
        self.kinds.set_current(self._document.project.view.gallery)
        self.temperature.setAccessibleName(self.tr("Temperature"))
        self.temperature.setToolTip(
            self.tr("Scales the noise that samples are made from; 1 samples the model as it is")
        )
        self.cancel.set_words(self.tr("Cancel"), self.tr("Stop drawing number by number"))
        self.progress.setAccessibleName(self.tr("How much is drawn"))
        self.grid.setAccessibleName(self.tr("Pictures made by the model"))
        self.waves.setAccessibleName(self.tr("Sequences made by the model"))
        self.play.retranslate()
        self.describe()


def _stacked(gallery: Gallery) -> list[NDArray[np.uint8] | list[QImage]]:
    """What stands above each other in a cell of the grid."""
    events = gallery.events.numpy()
    if gallery.kind not in ("reconstruction", "nearest"):
        return [events]
    half = len(events) // 2
    above, below = events[:half], events[half : 2 * half]
    if gallery.kind == "nearest":
        return [above, below]
    away = np.abs(above.astype(np.int16) - below.astype(np.int16)).max(1, keepdims=True)
    table = theme().density_table()
    top = max(int(away.max(initial=0)), 1)
    return [above, below, [montage.mapped(2 * one / top - 1, 1.0, table) for one in away.astype(np.float32)]]


def _in_turn(gallery: Gallery) -> NDArray[np.float32]:
    """Of two halves, one of each by turns, so that what belongs together stands together."""
    events = gallery.events.numpy()
    if gallery.kind not in ("reconstruction", "nearest"):
        return events
    half = len(events) // 2
    return np.stack([events[:half], events[half : 2 * half]], 1).reshape(2 * half, *events.shape[1:])
