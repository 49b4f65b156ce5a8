"""The line above the tiles: what they show, which way they are read, how large they are."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QToolButton, QWidget

from ..pipeline import EventKind, TileMode
from .forms_segments import Segments
from .icons import icon
from .theme import UNIT, theme
from .tile_rendering import Look

ZOOM = (40, 100, 200)
"""Smallest, usual and largest size of the tiles, in per cent of the height that there is."""


class StripHeader(QWidget):
    mode_chosen = Signal(str)
    turned = Signal(bool)
    zoomed = Signal(int)
    """Per cent."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look: Look | None = None
        self._complaint = ""
        self._kind: EventKind = "vector"
        self._show = QLabel()
        self.modes = Segments("", self)
        self.modes.setObjectName("tileModes")
        self.modes.chosen.connect(self.mode_chosen)
        self.legend = QLabel()
        self.legend.setObjectName("stripLegend")
        self.legend.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._direction = QLabel()
        self.turn = QToolButton()
        self.turn.setObjectName("turnStrip")
        self.turn.setCheckable(True)
        self.turn.setAutoRaise(True)
        self.turn.clicked.connect(self.turned)
        self.zoom = QSlider(Qt.Orientation.Horizontal)
        self.zoom.setObjectName("tileSize")
        self.zoom.setRange(ZOOM[0], ZOOM[2])
        self.zoom.setValue(ZOOM[1])
        self.zoom.setPageStep(20)
        self.zoom.setFixedWidth(12 * UNIT)
        self.zoom.valueChanged.connect(self.zoomed)
        self._zoom = QLabel()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(UNIT, UNIT // 2, UNIT, UNIT // 2)
        layout.setSpacing(UNIT)
        layout.addWidget(self._show)
        layout.addWidget(self.modes)
        layout.addWidget(self.legend, 1)
        for part in (self._direction, self.turn, self._zoom, self.zoom):
            layout.addWidget(part)
        theme().changed.connect(self._tint)
        self._say()
        self._tint()

    def show_view(self, mode: TileMode, turned: bool, kind: EventKind = "vector") -> None:
        """Marks the mode, and greys those that say nothing about this kind of data."""
        if kind != self._kind:
            self._kind = kind
            self._say_modes()
        drawn = kind == "vector"
        for name in ("grid", "samples"):
            self.modes.button(name).setEnabled(drawn)
        self.modes.set_current(mode if drawn or mode == "log_det" else "density")
        self.turn.setChecked(turned)
        self._direction.setText(self.tr("base → data") if turned else self.tr("data → base"))

    def explain(self, look: Look) -> None:
        """Says what the colours mean, with the scale that they have now."""
        self._look = look
        if self._complaint:
            return
        flat, many = look.dimensions == 1, look.dimensions > 2
        match look.mode:
            case "log_det" if look.kind != "vector":
                text = self.tr("Mean log|det J| by place: blue −{span} nats an element, orange +{span} nats").format(
                    span=f"{look.terms.span:g}"
                )
            case _ if look.kind == "image":
                text = self.tr("Held-out pictures at each state; black to white is each state's own range")
            case _ if look.kind == "sequence":
                text = self.tr("Held-out sequences at each state, each to its own scale")
            case "density" if many:
                text = self.tr("More than two dimensions: held-out points on the two axes chosen")
            case "density":
                text = self.tr("The model's density of each state, each to its own peak")
            case "grid" if many:
                text = self.tr("More than two dimensions: held-out points on the two axes chosen")
            case "grid" if flat:
                text = self.tr("Each state against where it came from")
            case "grid":
                text = self.tr(
                    "A lattice carried along: blue where it shrank (−{span} nats), orange where it grew"
                ).format(span=f"{look.stretch.span:g}")
            case "samples":
                text = self.tr("Held-out points, coloured by where they were in the data")
            case _ if many:
                text = self.tr("Histogram of log|det J| over the held-out points")
            case _ if flat:
                text = self.tr("log|det J| over the layer's input, −{span} to +{span} nats").format(
                    span=f"{look.log_det.span:g}"
                )
            case _:
                text = self.tr("log|det J| over the layer's input: blue −{span} nats, orange +{span} nats").format(
                    span=f"{look.log_det.span:g}"
                )
        self.legend.setText(text)
        self.legend.setToolTip(text)

    def complain(self, sentence: str) -> None:
        """Says why something could not be done, in the legend's place; an empty sentence gives the place back."""
        self._complaint = sentence
        role = QPalette.ColorRole.BrightText if sentence else QPalette.ColorRole.PlaceholderText
        self.legend.setForegroundRole(role)
        if sentence:
            self.legend.setText(sentence)
            self.legend.setToolTip(sentence)
        elif self._look is not None:
            self.explain(self._look)

    def _say(self) -> None:
        self._show.setText(self.tr("Show"))
        self.modes.setAccessibleName(self.tr("What the tiles show"))
        self._say_modes()
        turn = self.tr("Turn the strip around")
        self.turn.setAccessibleName(turn)
        self.turn.setToolTip(
            turn + "\n" + self.tr("Data to base is how a density is computed, base to data how samples are made.")
        )
        self._zoom.setText(self.tr("Size"))
        self.zoom.setAccessibleName(self.tr("Size of the tiles"))
        self.zoom.setToolTip(self.tr("Size of the tiles, in per cent of the strip's height"))

    def _say_modes(self) -> None:
        density = (self.tr("Density"), self.tr("The model's own density of each state, exact"))
        grid = self.tr("How each state is a warped copy of the data's plane")
        samples = self.tr("The same held-out points at each state")
        if self._kind == "image":
            density = (self.tr("Pictures"), self.tr("The same held-out pictures at each state"))
        elif self._kind == "sequence":
            density = (self.tr("Waves"), self.tr("The same held-out sequences at each state"))
        if self._kind != "vector":
            grid = self.tr("A grid is of data in the plane; pictures and sequences have too many dimensions for one")
            samples = self.tr("Pictures and sequences are shown themselves, not as points")
        self.modes.set_choices(
            [
                ("density", *density),
                ("grid", self.tr("Grid"), grid),
                ("samples", self.tr("Samples"), samples),
                ("log_det", self.tr("Log-det"), self.tr("How much each layer stretches (+) or shrinks (−), in nats")),
            ]
        )

    def _tint(self) -> None:
        self.turn.setIcon(icon("turn"))
        self.turn.setIconSize(QSize(18, 18))
