"""What the engine says in words: failures become banners with what can be done about them, good news a passing note."""

from __future__ import annotations

from PySide6.QtCore import QObject

from ..engine.messages import Failure, Log, State
from ..pipeline import DrawnTarget
from .banner import Banners, Button, Note
from .bridge import Bridge
from .document import Document
from .running import Run
from .translation import sentence

PASSING = ("target", "pipeline", "device")
"""Failures of the project as it is: once it is another that works, they have nothing to say any more."""


class Announcer(QObject):
    """Listens to the bridge, speaks through the banners."""

    def __init__(
        self, document: Document, bridge: Bridge, run: Run, banners: Banners, note: Note, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._document, self._bridge, self._run = document, bridge, run
        self._banners, self._note = banners, note
        self._lost = False
        bridge.failure.connect(self._failed)
        bridge.state.connect(self._state)
        bridge.log.connect(self._logged)
        bridge.connection.connect(self._connected)

    def _failed(self, failure: Failure) -> None:
        if failure.code == "target" and self._blank():
            return
        parts = [sentence(failure.sentence), sentence(failure.remedy)]
        if failure.code == "internal" and not self._bridge.alive:
            parts[1] = self.tr("It is started again and goes on from its last copy; nothing of the project is lost.")
        text = " ".join(part if part[-1] in ".!?" else part + "." for part in parts if part)
        self._banners.show_bar(text, buttons=self._buttons(failure), key="failure:" + failure.code)

    def _blank(self) -> bool:
        """Whether the canvas waits for its first stroke. It says so itself; a bar would push it away under the brush."""
        target = self._document.project.target
        try:
            return isinstance(target, DrawnTarget) and not target.array().any()
        except ValueError:  # a drawing that cannot be read is another matter
            return False

    def _buttons(self, failure: Failure) -> tuple[Button, ...]:
        found: list[Button] = []
        match failure.code:
            case "non_finite":
                found.append((self.tr("Halve the Learning Rate"), self._run.halve_learning_rate))
            case "memory":
                found.append((self.tr("Halve the Batch"), self._run.halve_batch))
            case "device":
                found.append((self.tr("Use the CPU"), lambda: self._run.choose_device("cpu")))
        if failure.uid:
            found.append((self.tr("Show the Layer"), lambda: self._document.look(selected=failure.uid)))
        return tuple(found)

    def _state(self, state: State) -> None:
        if state.phase != "failed" and state.generation == self._bridge.generation:
            for code in PASSING:
                self._banners.close_bar("failure:" + code)

    def _logged(self, log: Log) -> None:
        self._note.say(sentence(log.sentence))

    def _connected(self, connection: str) -> None:
        if connection == "lost":
            self._lost = True
        elif connection == "ready" and self._lost:
            self._lost = False
            self._note.say(self.tr("The engine runs again."))
        elif connection == "stopped":
            self._banners.show_bar(
                self.tr("The engine has stopped several times in a row. Your project is unharmed."),
                buttons=((self.tr("Restart the Engine"), self._bridge.restart),),
                key="failure:stopped",
            )
