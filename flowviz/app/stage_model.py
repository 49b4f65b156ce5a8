"""The middle panel of the stage: what the model believes, in the target's colours and on its scale."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..engine.messages import Frame
from ..pipeline import Box
from . import painting, pictures
from .document import Document
from .pictures import Known
from .stage_bars import ColorBar
from .stage_panel import FlatButton, Panel
from .stage_plane import Plane
from .stage_words import no_density, only_planes, other_density
from .theme import theme
from .translation import language


class ModelPanel(Panel):
    """exp(log p) as a picture, with samples, level lines, and the difference from the target on demand."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._frame: Frame | None = None
        self._scale = pictures.HeldScale()
        self.top = 1.0
        """The density that the last colour stands for, in both panels."""
        self.plane = Plane()
        self.plane.setObjectName("modelPlane")
        self.set_body(self.plane)
        self.samples_button = FlatButton(checkable=True)
        self.contours_button = FlatButton(checkable=True)
        self.difference_button = FlatButton(checkable=True)
        self.fit_button = FlatButton("fit")
        for button, name in (
            (self.samples_button, "showSamples"),
            (self.contours_button, "showContours"),
            (self.difference_button, "showDifference"),
            (self.fit_button, "fitStage"),
        ):
            button.setObjectName(name)
        self.samples_button.clicked.connect(lambda on: document.look(samples=on))
        self.contours_button.clicked.connect(lambda on: document.look(contours=on))
        self.difference_button.clicked.connect(lambda on: document.look(difference=on))
        self.fit_button.clicked.connect(self.plane.fit_by_user)
        self.row(self.samples_button, self.contours_button, self.difference_button, None)
        self.color_bar = ColorBar()
        self.row(self.color_bar, self.fit_button)
        language().changed.connect(self.retranslate)
        self.retranslate()

    @property
    def difference(self) -> bool:
        return self._document.project.view.difference and self.difference_button.isEnabled()

    def reset(self) -> None:
        """Another target: nothing of the old one is held."""
        self._scale.reset()
        self._frame = None
        self.plane.show_image(None, self.plane.data_box, theme().density_table(), 0, 1)
        self.plane.dots.show_points(None)
        self.plane.show_lines(None)

    def show_frame(self, frame: Frame | None, target: Known | None, levels: list[float], *, many: bool) -> None:
        """The newest frame beside the target's density and level lines, where those are known.

        `many`: more than two dimensions, so that there are samples and no picture.
        """
        self._frame = frame
        view = self._document.project.view
        self.samples_button.setChecked(view.samples or many)
        self.samples_button.setEnabled(not many)
        self.contours_button.setChecked(view.contours)
        self.contours_button.setEnabled(not many)
        self.difference_button.setChecked(view.difference)
        self.difference_button.setEnabled(target is not None and not many)
        self._say_tips(many)
        picture = frame.model if frame is not None and not many else None
        values = None
        if picture is not None and picture.values.numpy().ndim == 2:
            values = pictures.density(picture)
        self.top = self._common_top(target, values)
        if values is None or picture is None:
            self.plane.show_image(None, self.plane.data_box, theme().density_table(), 0, 1)
            self.plane.show_lines(None)
        else:
            self._show_density(values, picture.box, target)
            self._show_lines(picture.values.numpy(), picture.box, levels or pictures.mass_levels(values))
        shown = frame is not None and frame.samples is not None and (view.samples or many)
        self.plane.dots.show_points(frame.samples.numpy() if shown and frame and frame.samples is not None else None)
        self._describe(many)

    def _common_top(self, target: Known | None, values: NDArray[np.float32] | None) -> float:
        if target is not None and target.top > 0:
            return target.top
        return self._scale.update(pictures.peak(values) if values is not None else 0.0)

    def _show_density(self, values: NDArray[np.float32], box: Box, target: Known | None) -> None:
        if not self.difference or target is None:
            self.plane.show_image(values, box, theme().density_table(), 0.0, self.top)
            return
        height, width = values.shape
        x = box[0] + (np.arange(width) + 0.5) * (box[1] - box[0]) / width
        y = box[2] + (np.arange(height) + 0.5) * (box[3] - box[2]) / height
        there = painting.bilinear(target.values, target.box, x, y[:, None])
        self.plane.show_image(values - there, box, theme().diverging_table(), -self.top, self.top)

    def _show_lines(self, log_density: NDArray[np.float32], box: Box, levels: list[float]) -> None:
        if self._document.project.view.contours:
            self.plane.show_lines(pictures.density_lines(log_density, box, levels))
        else:
            self.plane.show_lines(None)

    def _describe(self, many: bool) -> None:
        frame, title = self._frame, self.tr("Model")
        if frame is None:
            self.say(title, "")
            self.color_bar.clear()
            return
        step = f"{frame.step:,}"
        if many:
            count = frame.samples.shape[0] if frame.samples is not None else 0
            words = self.tr("{count} samples, step {step}").format(count=f"{count:,}", step=step)
            self.color_bar.clear()
        elif frame.step == 0:
            words = self.tr("exp(log p), not trained yet: press Train (F5)")
        elif frame.averaged:
            words = self.tr("exp(log p), averaged weights, step {step}").format(step=step)
        else:
            words = self.tr("exp(log p), step {step}").format(step=step)
        if self._document.project.pipeline.context.kind != "none":
            words = words.replace("log p)", "log p(x|c))")
        if not many:
            if self.difference:
                title = self.tr("Model − target")
                self.color_bar.show_scale(-self.top, self.top, self.tr("density difference"), diverging=True)
            else:
                self.color_bar.show_scale(0, self.top, self.tr("density per unit area"))
        self.say(title, words)

    def _say_tips(self, many: bool) -> None:
        """What the buttons do, or why they cannot."""
        samples = self.tr("Held-out points on the target, samples of the model beside it")
        contours = self.tr(
            "Lines of equal density, the same levels in both: they enclose 25, 50, 75 and 95 % of the target"
        )
        difference = self.tr("Model minus target: orange where the model has too much, blue too little")
        if many:
            samples = self.tr("Of more than two dimensions there are only samples to show")
            contours = difference = only_planes()
        elif not self.difference_button.isEnabled():
            conditional = self._document.project.pipeline.context.kind != "none"
            difference = other_density() if conditional else no_density()
        self.samples_button.set_words(self.tr("Samples"), samples)
        self.contours_button.set_words(self.tr("Contours"), contours)
        self.difference_button.set_words(self.tr("Difference"), difference)

    def retranslate(self) -> None:
        self._say_tips(False)
        fit = self.tr("Fit: show the whole target (0)")
        self.fit_button.set_words(fit, fit)
        self.plane.setAccessibleName(self.tr("Density of the model"))
        self._describe(False)
