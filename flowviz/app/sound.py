"""Playing a sequence as a sound, by what the system has: no library is needed for it."""

from __future__ import annotations

import shutil
import sys
import tempfile
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QProcess, Signal

RATE = 8000
"""Moments a second of a sequence whose rate is not known."""
PLAYERS = {"darwin": ("afplay",), "linux": ("paplay", "pw-play", "aplay")}
_LOUDEST = 0.9


def write_wav(path: Path, sequence: NDArray[np.floating], rate: int) -> None:
    """Writes (C, T) as 16-bit PCM, scaled so that its loudest moment is at 0.9; more than two channels become one."""
    heard = sequence if len(sequence) <= 2 else sequence.mean(0, keepdims=True)
    centred = np.nan_to_num(heard - np.nanmean(heard))
    peak = float(np.abs(centred).max(initial=0.0)) or 1.0
    levels = np.rint(centred / peak * _LOUDEST * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(levels))
        file.setsampwidth(2)
        file.setframerate(rate or RATE)
        file.writeframes(np.ascontiguousarray(levels.T).tobytes())


def player(platform: str = sys.platform) -> str:
    """The program that plays WAV files here; `winsound` on Windows; empty where there is none."""
    if platform == "win32":
        return "winsound"
    found = (shutil.which(name) for name in PLAYERS.get(platform, PLAYERS["linux"]))
    return next((path for path in found if path), "")


class Sound(QObject):
    """Plays one sound at a time; `changed` tells that it began or ended."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._process = QProcess(self)
        self._process.stateChanged.connect(lambda _: self.changed.emit())

    @property
    def playing(self) -> bool:
        return self._process.state() != QProcess.ProcessState.NotRunning

    def play(self, sequence: NDArray[np.floating], rate: int) -> str:
        """Plays (C, T); the sentence that says why it cannot, or nothing."""
        program = player()
        if not program:
            return self.tr("No program that plays sounds was found here: paplay, pw-play or aplay would do.")
        self.stop()
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="flowviz-sound-", ignore_cleanup_errors=True)
        path = Path(self._folder.name, "sound.wav")
        write_wav(path, sequence, rate)
        if program == "winsound":
            import winsound

            winsound.PlaySound(str(path), winsound.SND_FILENAME | winsound.SND_ASYNC)  # type: ignore[attr-defined]
        else:
            self._process.start(program, [str(path)])
        return ""

    def stop(self) -> None:
        if self.playing:
            self._process.kill()
            self._process.waitForFinished(500)
