"""The stage of one dimension: the target's density and the model's as two curves over one axis."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ..engine.messages import Frame, Picture, TargetInfo
from . import morph, pictures
from .document import Document
from .running import target_title
from .stage_panel import FlatButton, Panel, Words
from .stage_plane import Plane
from .theme import theme
from .translation import language


class CurvesPlane(Plane):
    """Curves over x; the view is as high as the highest of them."""

    def __init__(self) -> None:
        self._made = False
        super().__init__()
        self.target = pg.PlotCurveItem(antialias=True)
        self.model = pg.PlotCurveItem(antialias=True)
        self.cursor = pg.InfiniteLine(angle=90, movable=False)
        for item in (self.target, self.model):
            self.view.addItem(item, ignoreBounds=True)
        self.view.addItem(self.cursor, ignoreBounds=True)
        self.cursor.hide()
        self._made = True
        self.recolor()

    def recolor(self) -> None:
        super().recolor()
        if self._made:
            self.target.setPen(pg.mkPen(theme().color("floor"), width=2))
            fill = QColor(theme().color("floor"))
            fill.setAlphaF(0.15)
            self.target.setBrush(fill)
            self.target.setFillLevel(0)
            self.model.setPen(pg.mkPen(theme().color("held_out"), width=2))
            self.cursor.setPen(pg.mkPen(theme().color("warning"), width=1))

    def show_marker(self, point: tuple[float, ...] | None, *, filled: bool = False) -> None:
        """The probed x as an upright line; thicker while it is pinned."""
        self.cursor.setVisible(bool(point))
        if point:
            self.cursor.setValue(point[0])
            self.cursor.setPen(pg.mkPen(theme().color("warning"), width=2 if filled else 1))


class CurvesPanel(Panel):
    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._info: TargetInfo | None = None
        self._top = pictures.HeldScale()
        self.plane = CurvesPlane()
        self.plane.setObjectName("curvesPlane")
        self.set_body(self.plane)
        self.samples_button = FlatButton(checkable=True)
        self.samples_button.clicked.connect(lambda on: document.look(samples=on))
        self.fit_button = FlatButton("fit")
        self.fit_button.clicked.connect(self.plane.fit_by_user)
        self.blank_button = FlatButton()
        self.row(self.samples_button, None, self.blank_button, self.fit_button)
        self._target_key, self._model_key = Key("floor"), Key("held_out")
        self.row(self._target_key, self._model_key, None)
        language().changed.connect(self.retranslate)
        self.retranslate()

    def show_frame(self, info: TargetInfo | None, frame: Frame | None) -> None:
        """Both curves, and the model's samples below them where they are wanted."""
        if info is not self._info:
            self._info = info
            self._top.reset()
        view = self._document.project.view
        self.samples_button.setChecked(view.samples)
        top = 0.0
        for curve, picture in (
            (self.plane.target, info.density if info is not None else None),
            (self.plane.model, frame.model if frame is not None else None),
        ):
            top = max(top, _draw(curve, picture))
        shown = frame.samples if frame is not None and view.samples else None
        height = self._top.update(top)
        if shown is not None and len(shown.shape) == 1:
            rows = morph.spread(shown.numpy())
            self.plane.dots.show_points(rows * np.array([1, -0.12 * height]))
        else:
            self.plane.dots.show_points(None)
        if info is not None:
            below = -0.14 * height if view.samples else -0.02 * height
            self.plane.set_data_box((info.box[0], info.box[1], below, 1.12 * height))
        self._describe(frame)

    def _describe(self, frame: Frame | None) -> None:
        name = target_title(self._document.project)
        if frame is None:
            words = name
        elif frame.step == 0:
            words = self.tr("{name}, density per unit; not trained yet: press Train (F5)").format(name=name)
        else:
            words = self.tr("{name}, density per unit; step {step}").format(name=name, step=f"{frame.step:,}")
        self.say(self.tr("Target and model"), words)
        known = self._info is not None and self._info.density is not None
        self._target_key.set_words(self.tr("target") if known else self.tr("target: density not known"))
        averaged = frame is not None and frame.averaged
        self._model_key.set_words(self.tr("model (averaged weights)") if averaged else self.tr("model"))

    def retranslate(self) -> None:
        self.samples_button.set_words(self.tr("Samples"), self.tr("Samples of the model, below the curves"))
        fit = self.tr("Fit: show the whole target (0)")
        self.fit_button.set_words(fit, fit)
        self.blank_button.set_words(
            self.tr("Draw instead"), self.tr("A blank canvas of two dimensions in place of this target")
        )
        self.plane.setAccessibleName(self.tr("Density of target and model"))
        self._describe(None)


class Key(QWidget):
    """What a colour stands for: a dash in it, and the words."""

    def __init__(self, color: str) -> None:
        super().__init__()
        self._dash = Words(color, bold=True)
        self._dash.setText("━")
        self._words = Words("muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._dash)
        row.addWidget(self._words)

    def set_words(self, words: str) -> None:
        self._words.setText(words)


def _draw(curve: pg.PlotCurveItem, picture: Picture | None) -> float:
    """Draws a density on a line and returns its peak."""
    if picture is None or picture.values.numpy().ndim != 1:
        curve.clear()
        return 0.0
    values = pictures.density(picture)
    low, high = picture.box[:2]
    curve.setData(low + (np.arange(len(values)) + 0.5) * (high - low) / len(values), values)
    return pictures.peak(values)
