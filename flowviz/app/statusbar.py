"""The status bar: where the run stands, in figures with their units; they change at most four times a second."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QStatusBar, QWidget

from ..engine.messages import Frame, History, Metrics, State, TargetInfo
from .bridge import Bridge
from .pace import Rate
from .theme import UNIT
from .units import floor_of, unit_of

INTERVAL = 250
"""Milliseconds between two changes of the figures, at the least."""


class StatusBar(QStatusBar):
    """Listens to the bridge, and says what it heard."""

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._connection = "ready" if bridge.last_ready is not None else "starting"
        known = bridge.last_metrics
        self._held_out = known.held_out[-1] if known is not None and known.held_out else None
        self._learnt = _learnt(bridge.last_target)
        self._frames = Rate()
        self.setObjectName("statusBar")
        self.setSizeGripEnabled(False)
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(UNIT, 0, UNIT, 0)
        row.setSpacing(UNIT * 3)
        self.phase = self._label("statusPhase", self.tr("What the engine is doing"))
        self.progress = QProgressBar()
        self.progress.setObjectName("statusProgress")
        self.progress.setAccessibleName(self.tr("Progress of the run"))
        self.progress.setTextVisible(False)
        self.progress.setFixedSize(UNIT * 12, UNIT)
        self.step = self._label("statusStep", self.tr("Steps of training"))
        self.nll = self._label("statusNll", self.tr("Held-out negative log-likelihood, and the target's entropy"))
        self.speed = self._label("statusSpeed", self.tr("Speed of training"))
        self.memory = self._label("statusMemory", self.tr("Memory of the engine"))
        self.device = self._label("statusDevice", self.tr("Where it trains"))
        self.frames = self._label("statusFrames", self.tr("Pictures a second, and their share of the engine's time"))
        for widget in (self.phase, self.progress, self.step, self.nll, self.speed):
            row.addWidget(widget)
        row.addStretch(1)
        for widget in (self.memory, self.device, self.frames):
            row.addWidget(widget)
        self.addWidget(line, 1)
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(INTERVAL)
        self._due.timeout.connect(self.refresh)
        bridge.state.connect(self._heard)
        bridge.metrics.connect(self._measured)
        bridge.history.connect(self._remembered)
        bridge.target.connect(self._retargeted)
        bridge.tiles.connect(self._frame)
        bridge.connection.connect(self._connected)
        self.refresh()

    def _label(self, name: str, what: str) -> QLabel:
        label = QLabel()
        label.setObjectName(name)
        label.setToolTip(what)
        return label

    def _connected(self, connection: str) -> None:
        self._connection = connection
        self._heard()

    def _retargeted(self, target: TargetInfo) -> None:
        learnt = _learnt(target)
        if learnt != self._learnt:
            self._learnt = learnt
            self._held_out = None  # it was measured on something else
        self._heard()

    def _frame(self, _frame: Frame) -> None:
        self._frames.tick()
        self._heard()

    def _measured(self, metrics: Metrics) -> None:
        if metrics.held_out:
            self._held_out = metrics.held_out[-1]
        self._heard()

    def _remembered(self, history: History) -> None:
        measured = history.held_out.numpy()
        self._held_out = float(measured[-1]) if len(measured) else None
        self._heard()

    def _heard(self, _what: object = None) -> None:
        if not self._due.isActive():
            self._due.start()

    def refresh(self) -> None:
        """Says everything as it is now."""
        bridge = self._bridge
        state, metrics, target = bridge.last_state, bridge.last_metrics, bridge.last_target
        self._say(self.phase, self._phase_words(state))
        self.progress.setVisible(state is not None and state.steps > 0)
        if state is not None:
            step = max(state.step, metrics.step) if metrics is not None and bridge.training else state.step
            self.progress.setRange(0, max(state.steps, 1))
            self.progress.setValue(min(step, state.steps))
            if step == 0:
                self._held_out = None
            self._say(self.step, self.tr("step {step:,} of {steps:,}").format(step=step, steps=state.steps))
            self._say(self.device, self._device_words(state))
        self._say(self.nll, self._nll_words(target))
        if metrics is not None:
            running = bridge.training
            self._say(
                self.speed,
                self.tr("{steps:,.0f} steps/s · {samples} samples/s").format(
                    steps=metrics.steps_per_second, samples=_thousands(metrics.samples_per_second)
                )
                if running
                else "",
            )
            self._say(self.memory, self.tr("engine {memory:,.0f} MB").format(memory=metrics.memory / 1e6))
            self._say(
                self.frames,
                self.tr("{rate:.0f} frames/s ({share:.0f} %)").format(
                    rate=self._frames(), share=100 * metrics.frame_share
                )
                if running
                else "",
            )

    def _phase_words(self, state: State | None) -> str:
        if self._connection == "lost":
            return self.tr("restarting the engine")
        if self._connection == "stopped":
            return self.tr("no engine")
        if self._connection == "starting" or state is None:
            return self.tr("engine starting")
        return {
            "idle": self.tr("ready"),
            "training": self.tr("training"),
            "paused": self.tr("paused"),
            "finished": self.tr("finished"),
            "failed": self.tr("cannot train"),
        }[state.phase]

    def _nll_words(self, target: TargetInfo | None) -> str:
        nll, frame = self._held_out, self._bridge.last_frame
        if nll is None and frame is not None and frame.ledger is not None:
            nll = -frame.ledger.total  # the held-out mean of log p, before the first evaluation of the run
        state = self._bridge.last_state
        if nll is None or (state is not None and state.phase == "failed"):
            return ""
        unit = unit_of(target)
        tip = self.tr("Held-out negative log-likelihood, and the target's entropy")
        if not unit.plain:
            tip += "\n" + self.tr("{nll} nats an event").format(nll=f"{nll:,.3f}")
        self.nll.setToolTip(tip)
        shown, words = f"{unit.of(nll):.3f}".replace("-", "−"), unit.words
        entropy = floor_of(target, self._bridge.document.project)
        if entropy is None:
            return self.tr("held-out NLL {nll} {unit}").format(nll=shown, unit=words)
        floor = f"{unit.of(entropy):.3f}".replace("-", "−")
        return self.tr("held-out NLL {nll} {unit} (floor {floor})").format(nll=shown, unit=words, floor=floor)

    def _device_words(self, state: State) -> str:
        if not state.device:
            return ""
        if state.device != "cpu":
            return state.device.upper()
        return self.tr("CPU, %n thread(s)", "", state.threads)

    def _say(self, label: QLabel, text: str) -> None:
        if label.text() != text:
            label.setText(text)
            label.setAccessibleName(text)
            # Figures that come and go would push their neighbours about: a label only grows.
            label.setMinimumWidth(max(label.minimumWidth(), label.sizeHint().width()) if text else 0)


def _learnt(target: TargetInfo | None) -> tuple[object, ...]:
    """What tells one target from another, baselines that came later aside."""
    return () if target is None else (target.title, target.event_shape, target.entropy)


def _thousands(number: float) -> str:
    return f"{number:,.0f}" if number < 10_000 else f"{number / 1000:,.0f}k"
