"""The left panel of the stage for pictures and sequences: held-out data, one class of it or all, to look at, hear and choose."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QComboBox, QStackedWidget

from ..engine.messages import TargetInfo
from ..pipeline import PipelineSpec, Project, WaveNet
from .document import Document
from .montage import span_of
from .picture_grid import PictureGrid
from .running import target_title
from .sound import Sound
from .stage_panel import ROW, FlatButton, Panel, Words
from .translation import language, spec
from .waveforms import Waveforms

ENDS = ("A", "B")
MOST = 36
"""Pictures that are shown at most: as many as samples, so that both are of one size."""


class EventsPanel(Panel):
    """A grid of pictures, or curves; a click chooses the ends of the gallery's interpolation."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.setObjectName("eventsStage")
        self._document = document
        self._info: TargetInfo | None = None
        self._shown: NDArray[np.int64] = np.zeros(0, np.int64)
        self._next = 0
        self._followed: int | None = None
        self.grid = PictureGrid("pictureGrid")
        self.waves = Waveforms("waveforms")
        self._views = QStackedWidget()
        self._views.addWidget(self.grid)
        self._views.addWidget(self.waves)
        self.set_body(self._views)
        self.classes = QComboBox()
        self.classes.setObjectName("classFilter")
        self.classes.setFixedHeight(ROW)
        self.classes.setMinimumContentsLength(6)
        self.classes.activated.connect(self._filter)
        self._class_words = Words("muted")
        self.play = PlayRow(self.waves, lambda: self._info.rate if self._info is not None else 0)
        self.blank_button = FlatButton()
        self.row(self._class_words, self.classes, None)
        row = self.row(self.play.button, self.play.words, None, self.blank_button)
        row.setStretch(1, 1)
        self.grid.clicked.connect(self._chosen)
        self.waves.chosen.connect(self._chosen)
        document.changed.connect(self._document_changed)
        language().changed.connect(self.retranslate)
        self.retranslate()

    @property
    def span(self) -> float:
        """What the head of every row of curves stands for, in data and samples alike."""
        events = self._info.events if self._info is not None else None
        return 1.05 * float(np.abs(events.numpy()).max(initial=0.0)) if events is not None else 1.0

    def show_target(self, info: TargetInfo | None) -> None:
        """The newest word of the engine about the data."""
        names = info.context.names if info is not None and info.context is not None else ()
        classed = info is not None and info.classes is not None and bool(names)
        before = self._info.context if self._info is not None else None
        if info is None or self._info is None or before != info.context:
            self.classes.clear()
            self.classes.addItem(self.tr("All"), -1)
            for number, name in enumerate(names if classed else ()):
                self.classes.addItem(spec(name), number)
            self._followed = None
        self._info = info
        self._follow()
        self.classes.setVisible(classed)
        self._class_words.setVisible(classed)
        self._filter()

    def _follow(self) -> None:
        """Shows the class that a conditional density is shown for, so that like stands beside like; all, where it ends."""
        project = self._document.project
        given = project.view.context[0] if project.view.context else 0.0
        wanted = int(given) if project.pipeline.context.kind == "classes" else -1
        if wanted != self._followed:
            self._followed = wanted
            self.classes.setCurrentIndex(max(self.classes.findData(wanted), 0))
            self._filter()

    def _filter(self, *_: object) -> None:
        info = self._info
        if info is None or info.events is None or len(info.event_shape) < 2:
            self.grid.show_pictures([])
            self.waves.show_events(None, 0, 1.0)
            return
        events = info.events.numpy()
        self._shown = np.arange(len(events))
        wanted = self.classes.currentData()
        if wanted is not None and wanted >= 0 and info.classes is not None:
            self._shown = np.flatnonzero(info.classes.numpy()[: len(events)] == wanted)
        pictures = len(info.event_shape) == 3
        self._views.setCurrentWidget(self.grid if pictures else self.waves)
        self.play.set_shown(not pictures)
        if pictures:
            self.grid.show_pictures([events[self._shown[:MOST]]])
        else:
            self.waves.field = receptive_field(self._document.project.pipeline)
            self.waves.show_events(events[self._shown], info.rate, self.span)
        self.hint.say("" if len(self._shown) else self.tr("None of the held-out events shown is of this class."))
        self._mark()
        self.describe()

    def _document_changed(self, old: Project, new: Project) -> None:
        if (old.view.ends, old.view.gallery) != (new.view.ends, new.view.gallery):
            self._mark()
            self.describe()
        if old.pipeline != new.pipeline:
            self.waves.field = receptive_field(new.pipeline)
            self.waves.update()
        if old.target != new.target:
            self.describe()
        self._follow()

    def _chosen(self, number: int) -> None:
        """The ends are chosen by turns; the same event is never both."""
        view = self._document.project.view
        if view.gallery != "interpolation" or number >= len(self._shown):
            return
        event, ends = int(self._shown[number]), list(view.ends)
        if event in ends:
            return
        ends[self._next] = event
        self._next = 1 - self._next
        self._document.look(ends=(ends[0], ends[1]))

    def _mark(self) -> None:
        view = self._document.project.view
        between = view.gallery == "interpolation"
        self.grid.choosing = between
        places = {int(event): place for place, event in enumerate(self._shown)}
        marks = {places[end]: letter for end, letter in zip(view.ends, ENDS, strict=True) if end in places}
        self.grid.mark(marks if between else {})

    def describe(self) -> None:
        info, name = self._info, target_title(self._document.project)
        if info is None or info.events is None:
            self.say(self.tr("Target"), name)
            return
        if self._document.project.view.gallery == "interpolation":
            words = self.tr("{name}: click two of them, the ends A and B")
        elif len(info.event_shape) == 3:
            words = self.tr("{name}: held-out pictures, {shape}")
        else:
            words = self.tr("{name}: held-out sequences, {shape}")
        self.say(self.tr("Target"), words.format(name=name, shape=" × ".join(map(str, info.event_shape))))

    def retranslate(self) -> None:
        self._class_words.setText(self.tr("class"))
        self.classes.setAccessibleName(self.tr("Class of what is shown"))
        self.grid.setAccessibleName(self.tr("Held-out pictures"))
        self.waves.setAccessibleName(self.tr("Held-out sequences"))
        self.blank_button.set_words(
            self.tr("Draw instead"), self.tr("A blank canvas of two dimensions in place of this target")
        )
        self.play.retranslate()
        self.describe()


class PlayRow:
    """A button that plays the chosen curve of a view, and a sentence beside it where nothing can play it."""

    def __init__(self, waves: Waveforms, rate: Callable[[], int]) -> None:
        self._waves, self._rate = waves, rate
        self.sound = Sound(waves)
        self.button = FlatButton("sound")
        self.button.setObjectName("playSound")
        self.button.clicked.connect(self._pressed)
        self.words = Words("muted")
        self.sound.changed.connect(self._changed)
        self.retranslate()
        self.set_shown(False)

    def set_shown(self, shown: bool) -> None:
        self.button.setVisible(shown)
        self._say("" if not shown else self.words.text())

    def _pressed(self) -> None:
        event = self._waves.chosen_event
        if self.sound.playing:
            self.sound.stop()
        elif event is not None:
            self._say(self.sound.play(event, self._rate()))

    def _say(self, words: str) -> None:
        self.words.setText(words)
        self.words.setVisible(bool(words))

    def _changed(self) -> None:
        self.button.set_icon("stop_play" if self.sound.playing else "sound")

    def retranslate(self) -> None:
        words = self.sound.tr("Play the chosen one as a sound")
        self.button.set_words(words, words)


def receptive_field(pipeline: PipelineSpec) -> int:
    """How many earlier moments decide about one in the pipeline's longest WaveNet; 0 where there is none."""
    networks = [getattr(pipeline.base, "network", None)]
    networks += [getattr(layer, "conditioner", None) for layer in pipeline.layers if not layer.bypass]
    return max((network.receptive_field for network in networks if isinstance(network, WaveNet)), default=0)


def common_span(events: NDArray[np.floating]) -> float:
    """A scale for curves of a state: what all but the strongest moments stay within."""
    return 1.15 * span_of(events) or 1.0
