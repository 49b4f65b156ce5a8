"""The plane on which one layer is shown large, in each of the modes that the strip's tiles have."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from ..engine.messages import Array, Picture, Tile
from ..pipeline import Box, TileMode
from . import morph, pictures
from .pictures import HeldScale
from .stage_items import Cloud, Lattice
from .stage_plane import Plane, SmoothImage
from .theme import theme

Floats = NDArray[np.float32]
Hues = Callable[[int], Floats | None]


class LayerPlane(Plane):
    """Each `show_...` shows one thing and takes away what another one showed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._ready = False
        super().__init__(parent)
        self.behind = SmoothImage()
        self.behind.setZValue(-5)
        self.cloud = Cloud()
        self.lattice = Lattice()
        self.curves = [pg.PlotCurveItem(antialias=True) for _ in range(3)]
        self.path = pg.PlotCurveItem(antialias=True)
        for item in (self.behind, self.cloud, self.lattice, *self.curves, self.path):
            self.view.addItem(item, ignoreBounds=True)
        self.path.setZValue(40)
        self._scales: dict[tuple[str, int], HeldScale] = {}
        self._stretch = HeldScale()
        self._log_det = HeldScale()
        self._ready = True
        self.recolor()

    def recolor(self) -> None:
        super().recolor()
        if self._ready:
            self.path.setPen(pg.mkPen(theme().color("warning"), width=2))

    def clear_all(self) -> None:
        """An empty plane."""
        self._only()
        self.show_path(None)
        self.show_marker(None)

    def show_path(self, points: Floats | None) -> None:
        """A polyline through the states of one point, (K+1, 2)."""
        if points is None:
            self.path.clear()
        else:
            self.path.setData(points[:, 0], points[:, 1])

    def show_cloud(self, points: Floats, hues: Floats | None, box: Box, *, rows: bool = False) -> None:
        """Points coloured by hue; `rows`: of one dimension, spread over rows whose height means nothing."""
        self._only("cloud", rows=rows)
        self._look_at(box)
        self.cloud.show_points(points, hues)

    def show_density(self, uid: str, before: Tile, after: Tile, share: float) -> None:
        """The input's picture with the output's over it, the more opaque the further the slider is."""
        self._only("behind", "image")
        self._look_at(pictures.mix(before.box, after.box, share))
        for image, tile, side in ((self.behind, before, 0), (self.image, after, 1)):
            if tile.picture is not None:
                values = pictures.density(tile.picture)
                scale = self._scales.setdefault((uid, side), HeldScale())
                _put(image, values, tile.picture.box, theme().density_table(), 0.0, scale.update(pictures.peak(values)))
        self.image.setOpacity(share)

    def show_lattice(self, before: Tile, after: Tile, share: float) -> None:
        """The lattice on its way, coloured by log of how much it was stretched up to there."""
        assert before.lattice is not None
        assert after.lattice is not None
        self._only("lattice")
        self._look_at(pictures.mix(before.box, after.box, share))
        start, end = _stretch(before), _stretch(after)
        self._stretch.update(_spread(np.concatenate([start, end])))
        self.lattice.show_lattice(
            morph.between(before.lattice.numpy(), after.lattice.numpy(), share),
            morph.between(start, end, share) / max(self._stretch.top, 0.1),
        )

    def show_log_det(self, before: Tile, after: Tile, picture: Picture | None) -> None:
        """log|det J| over the layer's input: the picture where there is one, else on the lattice's lines."""
        self._look_at(before.box)
        if picture is not None:
            self._only("image")
            values = picture.values.numpy()
            self._log_det.update(_spread(values))
            span = max(self._log_det.top, 0.1)
            _put(self.image, values, picture.box, theme().diverging_table(), -span, span)
            self.image.setOpacity(1.0)
        elif before.lattice is not None:
            self._only("lattice")
            values = morph.log_det(_stretch(before), _stretch(after))
            self._log_det.update(_spread(values))
            self.lattice.show_lattice(before.lattice.numpy(), values / max(self._log_det.top, 0.1))

    def show_line_layer(self, mode: TileMode, before: Tile, after: Tile, share: float, hues: Hues) -> None:
        """A layer of one dimension: its two densities, its points on a line, or the function z(x) with its log|dz/dx|."""
        if mode == "density" and before.picture is not None and after.picture is not None:
            self._show_line_densities(before.picture, after.picture, share)
        elif mode == "samples" and before.points is not None and after.points is not None:
            points = morph.between(before.points.numpy(), after.points.numpy(), share)
            low, high, _, _ = pictures.mix(before.box, after.box, share)
            self.show_cloud(morph.spread(points), hues(len(points)), (low, high, 0.0, 1.0), rows=True)
        elif before.lattice is not None and after.lattice is not None:
            slope = morph.log_det(_stretch(before), _stretch(after))
            self._show_function(before.lattice.numpy(), after.lattice.numpy(), slope, share, function=mode == "grid")

    def _show_line_densities(self, before: Picture, after: Picture, share: float) -> None:
        self._only("curves")
        top = 0.0
        for curve, picture, color, weight in (
            (self.curves[0], before, "held_out", 1 - share),
            (self.curves[1], after, "warning", share),
        ):
            values = pictures.density(picture)
            top = max(top, float(values.max()))
            low, high = picture.box[:2]
            x = low + (np.arange(len(values)) + 0.5) * (high - low) / len(values)
            curve.setPen(pg.mkPen(theme().color(color, 0.25 + 0.75 * weight), width=2))
            curve.setData(x, values)
        box = pictures.mix(before.box, after.box, share)
        self._look_at((box[0], box[1], 0.0, 1.1 * (top or 1.0)), square=False)

    def _show_function(self, x: Floats, z: Floats, slope: Floats, share: float, *, function: bool) -> None:
        """z(x), the identity at the start of the slider; and log|dz/dx| in nats, dashed."""
        self._only("curves")
        order = np.argsort(x)
        x, z, slope = x[order], z[order], slope[order]
        shown = [share * slope] if not function else [morph.between(x, z, share), share * slope]
        if function:
            self.curves[0].setPen(pg.mkPen(theme().color("accent"), width=2))
            self.curves[0].setData(x, shown[0])
        self.curves[1].setPen(pg.mkPen(theme().color("warning"), width=2, dash=[4, 3] if function else None))
        self.curves[1].setData(x, shown[-1])
        self.curves[2].setPen(pg.mkPen(theme().color("border"), width=1))
        self.curves[2].setData(x[[0, -1]], np.zeros(2))
        reach = [z, x] if function else [slope]
        low = min(float(min(part.min() for part in reach)), float(slope.min()), 0.0)
        high = max(float(max(part.max() for part in reach)), float(slope.max()), 0.0)
        pad = 0.05 * max(high - low, 1e-3)
        self._look_at((float(x[0]), float(x[-1]), low - pad, high + pad), square=False)

    def _only(self, *kept: str, rows: bool = False) -> None:
        """Takes away all but these, and the heights' numbers where they are rows that mean nothing."""
        if self.left_axis.style["showValues"] == rows:
            self.left_axis.setStyle(showValues=not rows)
        if "behind" not in kept:
            self.behind.clear()
        if "image" not in kept:
            self.image.clear()
        if "cloud" not in kept:
            self.cloud.show_points(None)
        if "lattice" not in kept:
            self.lattice.show_lattice(None)
        if "curves" not in kept:
            for curve in self.curves:
                curve.clear()

    def _look_at(self, box: Box, *, square: bool = True) -> None:
        self.set_data_box(pictures.squared(box) if square else box)


def _put(image: SmoothImage, values: Floats, box: Box, table: NDArray[np.uint8], low: float, high: float) -> None:
    image.setImage(values, autoLevels=False, levels=(low, high), lut=table[:, :3])
    image.setRect(box[0], box[2], box[1] - box[0], box[3] - box[2])


def _stretch(tile: Tile) -> Floats:
    assert tile.lattice is not None
    array: Array | None = tile.stretch
    return (
        np.zeros(tile.lattice.shape[: max(1, len(tile.lattice.shape) - 1)], np.float32)
        if array is None
        else array.numpy()
    )


def _spread(values: Floats) -> float:
    """How far values go from 0, but for the outermost fiftieth."""
    finite = np.abs(values[np.isfinite(values)])
    return float(np.quantile(finite, 0.98)) if finite.size else 0.0
