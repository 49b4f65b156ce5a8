"""The picture of the target: a drawing's cells, a known density, or nothing but the place where points lie."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtWidgets import QGraphicsRectItem, QWidget

from ..engine.messages import TargetInfo
from ..pipeline import CANVAS, Box, DrawnTarget
from . import painting, pictures
from .document import Document
from .painting import Cells
from .pictures import Known
from .stage_plane import Plane
from .theme import theme


class TargetPicture(Plane):
    """Shows the document's target: a drawing from the document itself, any other from what the engine says of it."""

    picture_changed = Signal()
    """The density that is shown is another now (in mid-stroke, too)."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._info: TargetInfo | None = None
        self._cells: Cells | None = None
        self._density: NDArray[np.float32] | None = None
        self._box: Box = pictures.DEFAULT_BOX
        self._top = 0.0
        self._levels: list[float] | None = None
        self._lines_of: NDArray[np.float32] | None = None
        self.frame = QGraphicsRectItem()
        self.frame.setZValue(-1)
        self.view.addItem(self.frame, ignoreBounds=True)
        self.image.smooth = False

    @property
    def painting(self) -> bool:
        """Whether something is being painted on it right now."""
        return False

    @property
    def drawn(self) -> bool:
        """Whether cells are shown: a drawing, or a stroke that makes it one."""
        return self._cells is not None or self.painting

    @property
    def target_info(self) -> TargetInfo | None:
        """What the engine says of this target; None until it has."""
        return self._info

    def set_target_info(self, info: TargetInfo | None) -> None:
        """The engine's word on the target; a drawn one is shown from the document, which is never late."""
        self._info = info
        if not self.painting and not isinstance(self._document.project.target, DrawnTarget):
            self._take_target()

    @property
    def density(self) -> Known | None:
        """The exact density that is shown, per unit area; None where it is not known."""
        return None if self._density is None else Known(self._density, self._box, self._top)

    def exact_log_density(self, x: float, y: float) -> float | None:
        """log p of a drawing at a point, nats; −∞ where it is empty or ends. None where the target is no drawing."""
        if self._density is None or not self.drawn:
            return None
        column, row = (math.floor(place) for place in self._to_cells(QPointF(x, y)))
        inside = 0 <= row < CANVAS and 0 <= column < CANVAS
        return math.log(self._density[row, column]) if inside and self._density[row, column] > 0 else -math.inf

    @property
    def levels(self) -> list[float]:
        """The densities of the level lines of both pictures; none where the target's density is not known."""
        if self._levels is None:
            self._levels = [] if self._density is None else pictures.mass_levels(self._density)
        return self._levels

    def show_levels(self, shown: bool) -> None:
        """Draws the level lines, or none."""
        if not shown or self._density is None:
            self.show_lines(None)
        elif self._lines_of is not self._density:
            with np.errstate(divide="ignore"):
                self.show_lines(pictures.density_lines(np.log(self._density), self._box, self.levels))
        self._lines_of = self._density if shown else None

    @property
    def paintable(self) -> bool:
        """Whether there is a plane to paint on: a drawing, or a target of two dimensions that the engine knows."""
        if isinstance(self._document.project.target, DrawnTarget):
            return True
        return self._info is not None and self._info.event_shape == (2,)

    @property
    def blank(self) -> bool:
        """Whether it is a drawing with nothing on it."""
        return self._cells is not None and not self._cells.any()

    @property
    def paper(self) -> Box:
        """Where one can paint, data units: the drawing, or where one would lie that starts from this target."""
        return self._box if self.drawn else pictures.drawing_box(self._document.project.target, self._box)

    def start_cells(self) -> tuple[Cells, Box]:
        """What a stroke starts from: the drawing, or the target's density or points as one."""
        if self._cells is not None:
            return self._cells, self._box
        box = pictures.drawing_box(self._document.project.target, self._box)
        if self._density is not None:
            return painting.from_density(self._density, self._box, box), box
        if self._info is not None and self._info.points is not None:
            return painting.from_points(self._info.points.numpy(), box), box
        return painting.blank(), box

    def _take_target(self) -> None:
        """Shows the document's target anew."""
        target, info = self._document.project.target, self._info
        if isinstance(target, DrawnTarget):
            try:
                self._cells = painting.from_weights(target.array())
            except ValueError:  # the engine refuses it in words; there is nothing to show
                self._cells = painting.blank()
            self._show_cells(self._cells, target.box)
            return
        self._cells = None
        if info is None:
            return  # the old picture stays until the new one is there
        picture = info.density if info.event_shape == (2,) else None
        self._density = pictures.density(picture) if picture is not None else None
        self._box = picture.box if picture is not None else info.box
        self.frame.setVisible(False)
        self.set_data_box(self._box)
        self._redraw()

    def _show_cells(self, cells: Cells, box: Box) -> None:
        self._box = box
        self._density = pictures.drawn_density(cells, box)
        self.frame.setRect(QRectF(box[0], box[2], box[1] - box[0], box[3] - box[2]))
        self.frame.setVisible(True)
        self.set_data_box(box)
        self._redraw()

    def _redraw(self) -> None:
        drawn = self.drawn
        self._top = 0.0
        self._levels = None
        if self._density is not None:
            self._top = float(self._density.max()) if drawn else pictures.peak(self._density)
        self.image.smooth = not drawn
        self.show_image(self._density, self._box, theme().density_table(), 0.0, self._top)
        self.picture_changed.emit()

    def _to_cells(self, point: QPointF) -> tuple[float, float]:
        x0, x1, y0, y1 = self._box
        return (point.x() - x0) / (x1 - x0) * CANVAS, (point.y() - y0) / (y1 - y0) * CANVAS

    def recolor(self) -> None:
        super().recolor()
        if hasattr(self, "frame"):
            self.frame.setPen(pg.mkPen(theme().color("muted"), width=1, style=Qt.PenStyle.DashLine))
            self._redraw()
