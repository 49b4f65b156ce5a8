"""How the two processes find and trust each other: an address and a key, handed down the engine's standard input.

Never on the command line or in the environment, which other programs can read.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path

from msgspec import Struct

SNAPSHOT = "snapshot.pt"
"""The checkpoint in the private directory from which a new engine goes on."""
_LONGEST_SOCKET_PATH = 100
"""Of a Unix socket: 104 bytes on macOS, 108 on Linux, the zero at the end included."""


class Handshake(Struct, frozen=True):
    """What the engine must know to call its window."""

    address: str | tuple[str, int]
    key: bytes
    directory: str
    """Private to this pair: the snapshot lies here. The engine removes it when its window is gone."""


def listen(directory: Path) -> tuple[Listener, Handshake]:
    """Opens the window's door, for one engine. Raises OSError where no socket can be opened."""
    key = secrets.token_bytes(32)
    path = str(directory / f"door-{secrets.token_hex(4)}")
    # A named pipe of Windows cannot be read and written by two threads at once; a socket can.
    if sys.platform == "win32" or len(os.fsencode(path)) > _LONGEST_SOCKET_PATH:
        listener = Listener(("127.0.0.1", 0), "AF_INET", authkey=key)
    else:
        listener = Listener(path, "AF_UNIX", authkey=key)
    address: str | tuple[str, int] = listener.address
    return listener, Handshake(address, key, str(directory))


def connect(handshake: Handshake) -> Connection:
    """Calls the window. Raises OSError, EOFError or AuthenticationError when it is gone or is another."""
    return Client(handshake.address, authkey=handshake.key)


def knock(address: str | tuple[str, int]) -> None:
    """Rings at a door and walks away, so that whoever waits there in `accept` gets to look around."""
    with contextlib.suppress(OSError, EOFError):
        Client(address).close()
