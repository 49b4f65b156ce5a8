"""Runs on data of another shape, kept aside until the target has that shape again."""

from __future__ import annotations

from dataclasses import dataclass

from ..pipeline import EventShape, PipelineSpec
from .history import History
from .snapshot import Snapshot


@dataclass(frozen=True)
class Parked:
    """A run: the pipeline as it was built, all that training goes on from, and its losses."""

    pipeline: PipelineSpec
    snapshot: Snapshot
    history: History


class ParkingLot:
    """One run for each shape of events; the newest of a shape stays."""

    def __init__(self) -> None:
        self._runs: dict[EventShape, Parked] = {}

    def leave(self, shape: EventShape, run: Parked) -> None:
        self._runs[shape] = run

    def fetch(self, shape: EventShape) -> Parked | None:
        """The run on events of this shape, which is not kept any longer; None where there is none."""
        return self._runs.pop(shape, None)
