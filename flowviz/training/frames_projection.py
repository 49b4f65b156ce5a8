"""What is seen of events with more than two numbers: two coordinates, or their first two principal components."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..pipeline import EventShape
from .frames_boxes import Floats

ENOUGH = 0.7
"""A plane is held as long as it shows this share of the variance that the best one would show."""
CORNER = 6
"""Coordinates of a corner plot, at most."""


def principal(shape: EventShape, projection: str) -> bool:
    """Whether events of this shape are seen by principal components; pictures and sequences always are."""
    return len(shape) > 1 or (shape[0] > 2 and projection == "principal")


def cornered(shape: EventShape) -> bool:
    """Whether there is a corner plot of such events."""
    return len(shape) == 1 and shape[0] > 2


@dataclass(frozen=True)
class Plane:
    """(x − mean) · axes: points (N, D) as (N, 2). The two axes (D, 2) are orthonormal."""

    mean: NDArray[np.float64]
    axes: NDArray[np.float64]

    def see(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        with np.errstate(invalid="ignore", over="ignore"):
            return np.asarray((points - self.mean) @ self.axes)

    def shown(self, points: Floats) -> float:
        """The variance that it shows of these points."""
        seen = self.see(points[np.isfinite(points).all(1)])
        return float(seen.var(0).sum()) if len(seen) else 0.0


def principal_plane(points: Floats) -> Plane:
    """The plane of the largest variance of points (N, D); those that are not finite are left out.

    The larger of an axis's entries is positive, so that the same points always look the same way round.
    """
    finite = points[np.isfinite(points).all(1)].astype(np.float64)
    dimensions = points.shape[1]
    if len(finite) < 2:
        return Plane(np.zeros(dimensions), np.eye(dimensions, 2))
    mean = finite.mean(0)
    centred = finite - mean
    if len(finite) < dimensions:
        # The smaller of the two matrices of products has the same eigenvalues.
        _, left = np.linalg.eigh(centred @ centred.T)
        axes = centred.T @ left[:, ::-1][:, :2]
    else:
        _, vectors = np.linalg.eigh(centred.T @ centred)
        axes = vectors[:, ::-1][:, :2]
    if axes.shape[1] < 2:
        axes = np.concatenate([axes, np.zeros((dimensions, 2 - axes.shape[1]))], 1)
    norms = np.linalg.norm(axes, axis=0)
    axes = axes / np.where(norms > 0, norms, 1.0)
    largest = axes[np.abs(axes).argmax(0), np.arange(2)]
    return Plane(mean, axes * np.where(largest < 0, -1.0, 1.0))


class Planes:
    """Planes by name, with hysteresis: one that still shows its points well is held, so that they don't spin as they move."""

    def __init__(self) -> None:
        self._held: dict[str, Plane] = {}

    def hold(self, name: str, points: Floats) -> Plane:
        """The plane of this name for points (N, D)."""
        held = self._held.get(name)
        best = principal_plane(points)
        if held is None or len(held.mean) != points.shape[1] or held.shown(points) < ENOUGH * best.shown(points):
            held = self._held[name] = best
        return held

    def keep(self, names: set[str]) -> None:
        """Forgets the planes of all other names."""
        self._held = {name: plane for name, plane in self._held.items() if name in names}
