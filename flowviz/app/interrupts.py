"""Ctrl+C in the terminal, or the system's wish to end the program: no question is asked, and nothing is lost."""

from __future__ import annotations

import signal
import socket

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtWidgets import QApplication

from .window import MainWindow


class Interrupts(QObject):
    """Ends the application when the process is told to end; the window's copies stay for the next start."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        # Python sees to a signal when it is run next; the socket gets the event loop to run it.
        self._awake, self._wakeup = socket.socketpair()
        self._wakeup.setblocking(False)
        self._notifier = QSocketNotifier(self._awake.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._end)
        self._before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
        self._fd_before = signal.set_wakeup_fd(self._wakeup.fileno())

    def close(self) -> None:
        """Everything as it was before."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._fd_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._awake.close()
        self._wakeup.close()

    def _end(self) -> None:
        self._awake.recv(1)
        self._window.autosave.leave()
        self._window.bridge.close()
        QApplication.exit(0)
