"""Autosave: a copy of the project and its weights beside the user's files, gone after a clean end, offered after a crash."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import msgspec
from PySide6.QtCore import QLockFile, QObject, QTimer

from ..engine.messages import Reply
from ..pipeline import Project, SpecError, from_json, to_json
from .banner import Banners
from .bridge import Bridge
from .document import Document
from .files import Files, write_atomically
from .translation import sentence

WEIGHTS_INTERVAL = 30_000
"""Milliseconds between two copies of the weights."""
EDIT_DELAY = 1_000
"""Milliseconds after an edit until the project is written."""


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """What lies in the JSON file; the weights lie beside it."""

    project: Project
    path: str = ""
    name: str = ""


class Autosave(QObject):
    """Keeps `<session>.json` and `<session>.pt` in `folder`; a lock file tells whether that session still runs."""

    def __init__(
        self, document: Document, bridge: Bridge, files: Files, banners: Banners, folder: Path, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._document, self._bridge, self._files, self._banners = document, bridge, files, banners
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        number = 0
        while True:
            self._stem = folder / f"{os.getpid()}-{number}"
            self._lock = QLockFile(str(self._stem) + ".lock")
            self._lock.setStaleLockTime(0)
            if not self._stem.with_suffix(".json").exists() and self._lock.tryLock(0):
                break
            number += 1
        self._saved: tuple[Project, int] | None = None
        self._edits = QTimer(self)
        self._edits.setSingleShot(True)
        self._edits.setInterval(EDIT_DELAY)
        self._edits.timeout.connect(self._edited)
        self._weights = QTimer(self)
        self._weights.setInterval(WEIGHTS_INTERVAL)
        self._weights.timeout.connect(self.write_weights)
        self._weights.start()
        document.changed.connect(self._changed)

    def _changed(self, old: Project, new: Project) -> None:
        if msgspec.structs.replace(old, view=new.view) != new:
            self._edits.start()

    def _edited(self) -> None:
        if self._files.modified:
            self.write_project()

    def write_project(self) -> bool:
        """Writes the project, as it is now."""
        path = str(self._document.path) if self._document.path is not None else ""
        copy = Copy(project=self._document.project, path=path, name=self._files.name)
        problem = write_atomically(self._stem.with_suffix(".json"), to_json(copy))
        self._tell(sentence(problem) if problem else "")
        return problem is None

    def write_weights(self) -> None:
        """Writes the project and, by the engine, its weights; nothing when nothing would be lost, or nothing is new."""
        state = self._bridge.last_state
        now = (self._document.project, state.step if state is not None else 0)
        if not self._files.modified or self._saved == now or not self.write_project():
            return

        def saved(reply: Reply) -> None:
            self._saved = now if not reply.error else None
            self._tell(sentence(reply.error))

        self._bridge.save(str(self._stem.with_suffix(".pt")), False, saved)

    def finish(self) -> None:
        """A clean end: the copies are no longer needed."""
        self._edits.stop()
        self._weights.stop()
        _remove(self._stem)
        self._lock.unlock()

    def leave(self) -> None:
        """An end that was asked for from outside: what would be lost stays for the next start."""
        if self._files.modified:
            self.write_project()
        else:
            self.finish()

    def _tell(self, problem: str) -> None:
        if problem:
            text = self.tr("The automatic copy was not written: {problem}").format(problem=problem)
            self._banners.show_bar(text, kind="warning", key="autosave")
        else:
            self._banners.close_bar("autosave")

    # ---- after a crash ----

    def offer_recovery(self) -> None:
        """A banner for the newest copy that a session left behind when it did not end by itself."""
        for path in self._folder.glob("*.lock"):
            if not path.with_suffix(".json").exists():
                _ended(path.with_suffix(""))  # which takes the lock file away
        left = self._left_behind()
        if left is None:
            return
        stem, copy, when = left
        text = self.tr("FlowViz ended unexpectedly last time. {name}, as it was at {time}, can be recovered.")
        buttons = (
            (self.tr("Recover"), lambda: self.recover(stem, copy)),
            (self.tr("Discard"), lambda: _remove(stem)),
        )
        text = text.format(name=copy.name, time=when.strftime("%Y-%m-%d %H:%M"))
        self._banners.show_bar(text, kind="info", buttons=buttons, key="recovery")

    def _left_behind(self) -> tuple[Path, Copy, datetime] | None:
        for path in sorted(self._folder.glob("*.json"), key=lambda p: p.stat().st_mtime, reverse=True):
            stem = path.with_suffix("")
            if stem == self._stem or not _ended(stem):
                continue
            try:
                return stem, from_json(path.read_bytes(), Copy), datetime.fromtimestamp(path.stat().st_mtime)
            except (OSError, SpecError):
                _remove(stem)
        return None

    def recover(self, stem: Path, copy: Copy) -> None:
        """Opens the copy: its weights, then its project, which is the newer of the two."""

        def loaded(_reply: Reply | None) -> None:
            self._files.put(copy.project, Path(copy.path) if copy.path else None)
            self._document.undo_stack.resetClean()
            if self.write_project():
                if stem.with_suffix(".pt").exists():
                    stem.with_suffix(".pt").replace(self._stem.with_suffix(".pt"))
                _remove(stem)

        if stem.with_suffix(".pt").exists():
            self._bridge.load(str(stem.with_suffix(".pt")), loaded)
        else:
            loaded(None)


def _ended(stem: Path) -> bool:
    """Whether the session that wrote these files is over."""
    lock = QLockFile(str(stem) + ".lock")
    lock.setStaleLockTime(0)
    over = lock.tryLock(0)
    lock.unlock()
    return over


def _remove(stem: Path) -> None:
    for suffix in (".json", ".pt"):
        stem.with_suffix(suffix).unlink(missing_ok=True)
