"""`python -m flowviz.engine`: the engine's process. Only the window's client starts it; the handshake comes by stdin."""

from __future__ import annotations

import faulthandler
import gc
import os
import shutil
import signal
import sys
import threading
import time
import traceback
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection

import msgspec

from ..startup import importing, keep_freed_memory
from .messages import decode_command
from .queues import CommandQueue
from .wire import Handshake, connect

_LAST_BREATH = 1.0
"""Seconds that a step may still run after the window is gone."""


def main() -> int:
    """Reads the handshake, calls the window, and works for it until it says Shutdown or is gone."""
    faulthandler.enable()
    keep_freed_memory()
    # Ctrl-C in a terminal reaches the window too, which ends the engine in its own way.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        handshake = msgspec.json.decode(sys.stdin.buffer.read(), type=Handshake)
    except msgspec.DecodeError:
        print("This is the engine of FlowViz; the window starts it. Run `flowviz`.", file=sys.stderr)
        return 2
    try:
        connection = connect(handshake)
    except (OSError, EOFError, AuthenticationError):
        shutil.rmtree(handshake.directory, ignore_errors=True)
        return 0
    commands = CommandQueue()
    arguments = (connection, commands, handshake.directory)
    threading.Thread(target=_listen, args=arguments, name="listen", daemon=True).start()
    # After the connection stands: torch takes seconds, and the window shall know at once that somebody is there.
    with importing():
        from .worker import Worker
    # Nor will any of this ever be garbage.
    gc.freeze()

    try:
        Worker(connection, commands, handshake.directory).run()
    except BaseException:
        traceback.print_exc()
        return _leave(1)
    if commands.closed:
        shutil.rmtree(handshake.directory, ignore_errors=True)
    return _leave(0)


def _leave(code: int) -> int:
    """Not by way of Python's end, where a thread that still computes a baseline would fall over torch's own."""
    sys.stderr.flush()
    os._exit(code)


def _listen(connection: Connection, commands: CommandQueue, directory: str) -> None:
    try:
        while True:
            try:
                commands.put(decode_command(connection.recv_bytes()))
            except msgspec.DecodeError:
                traceback.print_exc()
    except (OSError, EOFError):
        commands.close()
    # The window is gone, perhaps killed: leave nothing of ours behind, not even in the middle of a long step.
    time.sleep(_LAST_BREATH)
    shutil.rmtree(directory, ignore_errors=True)
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
