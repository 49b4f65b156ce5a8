"""Queues of messages in which newer ones stand in for older ones that nobody has seen yet."""

from __future__ import annotations

import threading

from .messages import AnyCommand, AnyEvent, Frame, SetProject, SetWanted

_ABSOLUTE = (SetProject, SetWanted)


class CommandQueue:
    """Commands in order, but of SetProject and SetWanted only the newest.

    A newer one takes the older one's place unless something else was ordered after that one: Load, SetProject, Train must
    not become Load, Train, SetProject. The two themselves do not mind each other's order. Safe between threads.
    """

    def __init__(self) -> None:
        self._commands: list[AnyCommand] = []
        self._condition = threading.Condition()
        self._closed = False

    def put(self, command: AnyCommand) -> None:
        with self._condition:
            if isinstance(command, _ABSOLUTE):
                for i in range(len(self._commands) - 1, -1, -1):
                    older = self._commands[i]
                    if type(older) is type(command):
                        self._commands[i] = command
                        return
                    if not isinstance(older, _ABSOLUTE):
                        break
            self._commands.append(command)
            self._condition.notify()

    def take(self, timeout: float | None = None) -> AnyCommand | None:
        """The next command; None when the time is up or the queue was closed."""
        with self._condition:
            if not self._commands and not self._closed and timeout != 0:
                self._condition.wait(timeout)
            return self._commands.pop(0) if self._commands else None

    def wake(self) -> None:
        """Ends a wait in `take` early."""
        with self._condition:
            self._condition.notify_all()

    def close(self) -> None:
        """Lets every `take` return at once from now on."""
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    @property
    def closed(self) -> bool:
        return self._closed

    def __bool__(self) -> bool:
        return bool(self._commands)


class EventQueue:
    """Events in order; a newer Frame takes the place of an older one that was not taken yet, with what it leaves out as
    that one had it. Safe between threads."""

    def __init__(self) -> None:
        self._events: list[AnyEvent] = []
        self._lock = threading.Lock()
        self._woken = False

    def put(self, event: AnyEvent) -> bool:
        """Adds the event; True when the taker has to be woken, since it does not know of any yet."""
        with self._lock:
            if isinstance(event, Frame):
                for older in self._events:
                    if isinstance(older, Frame):
                        event = event.upon(older)
                self._events = [older for older in self._events if not isinstance(older, Frame)]
            self._events.append(event)
            woken, self._woken = self._woken, True
            return not woken

    def take(self) -> list[AnyEvent]:
        """Everything that came since the last time."""
        with self._lock:
            events, self._events, self._woken = self._events, [], False
            return events

    def clear(self) -> None:
        with self._lock:
            self._events, self._woken = [], False
