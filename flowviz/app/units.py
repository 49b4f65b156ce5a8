"""What a log-density is said in: nats for vectors, bits a dimension for pictures, nats a moment for sequences."""

from __future__ import annotations

import math
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from ..engine.messages import Ledger, TargetInfo
from ..pipeline import Project


class Unit(NamedTuple):
    """`divisor`: how many nats of an event make one unit."""

    divisor: float = 1.0
    kind: str = "nats"

    @property
    def words(self) -> str:
        """The unit's name in the user's language."""
        return {
            "nats": QCoreApplication.translate("units", "nats"),
            "bits": QCoreApplication.translate("units", "bits/dim"),
            "moment": QCoreApplication.translate("units", "nats/moment"),
        }[self.kind]

    @property
    def plain(self) -> bool:
        """Whether it is nats an event."""
        return self.kind == "nats"

    def of(self, nats: float) -> float:
        return nats / self.divisor

    def ledger(self, ledger: Ledger) -> Ledger:
        """The same sum in this unit."""
        if self.plain:
            return ledger
        return Ledger(
            uids=ledger.uids,
            log_dets=tuple(map(self.of, ledger.log_dets)),
            base=self.of(ledger.base),
            total=self.of(ledger.total),
        )


def unit_of(info: TargetInfo | None) -> Unit:
    """bits/dim = nats/(D ln 2) for pictures (C, H, W), in units of a grey level; nats/T for sequences (C, T); else nats."""
    shape = info.event_shape if info is not None else ()
    if len(shape) == 3:
        return Unit(math.prod(shape) * math.log(2.0), "bits")
    if len(shape) == 2:
        return Unit(float(shape[1]), "moment")
    return Unit()


def floor_of(info: TargetInfo | None, project: Project) -> float | None:
    """The loss that no model can pass, nats: the entropy of x. Given a context there is less to know, and H(x|c) is not
    known here: None."""
    return info.entropy if info is not None and project.pipeline.context.kind == "none" else None


def figure_words(value: float) -> str:
    """0.0123 or 2.4e−07: as many digits as mean something."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "∞"
    plain = value == 0 or 1e-3 <= abs(value) < 1e4
    return (f"{value:.4g}" if plain else f"{value:.1e}").replace("-", "−")
