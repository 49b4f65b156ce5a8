"""All losses of the run, kept beside the bridge: the plots that draw them come and go with the window's language."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from ..engine.messages import History, Metrics, State
from .bridge import Bridge
from .loss_series import Series, Smoothed

WINDOW = 50
"""Steps that the smoothed curve averages over, about."""


class LossRecord(QObject):
    """`train`, `smoothed` and `held_out` over the steps. A history replaces them, metrics are added, step 0 clears."""

    appended = Signal()
    replaced = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(bridge)
        self.setObjectName("lossRecord")
        self.series: dict[str, Series] = {"train": Series(), "smoothed": Smoothed(WINDOW), "held_out": Series()}
        bridge.metrics.connect(self._add)
        bridge.history.connect(self._replace)
        bridge.state.connect(self._state_came)
        if bridge.last_history is not None:
            self._replace(bridge.last_history)

    @classmethod
    def of(cls, bridge: Bridge) -> LossRecord:
        """The one record of this bridge."""
        found = next((child for child in bridge.children() if isinstance(child, LossRecord)), None)
        return found or cls(bridge)

    @property
    def last_step(self) -> float:
        ends = [series.steps[-1] for series in self.series.values() if len(series)]
        return float(max(ends)) if ends else 0.0

    def _add(self, metrics: Metrics) -> None:
        train = metrics.train.numpy()
        steps = np.arange(metrics.step - len(train) + 1, metrics.step + 1)
        if len(train):
            self.series["train"].append(steps, train)
            self.series["smoothed"].append(steps, train)
        if metrics.held_out:
            self.series["held_out"].append(np.array(metrics.held_out_steps), np.array(metrics.held_out))
        self.appended.emit()

    def _replace(self, history: History) -> None:
        for series in self.series.values():
            series.clear()
        steps, train = history.train_steps.numpy(), history.train.numpy()
        self.series["train"].append(steps, train)
        self.series["smoothed"].append(steps, train)
        self.series["held_out"].append(history.held_out_steps.numpy(), history.held_out.numpy())
        self.replaced.emit()

    def _state_came(self, state: State) -> None:
        """Back at step 0, by a reset: there is no loss yet."""
        if state.step == 0 and self.last_step > 0:
            for series in self.series.values():
                series.clear()
            self.replaced.emit()
