"""What a process settles about memory before its work begins."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import sys
from collections.abc import Iterator

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""The options of glibc's `mallopt`, M_TRIM_THRESHOLD and M_MMAP_THRESHOLD."""
KEPT = 256 * 2**20
"""Bytes at the end of the heap that are kept."""
LARGE = 32 * 2**20
"""Bytes from which on a block is the system's own and goes back at once: the most that glibc takes."""


def keep_freed_memory() -> bool:
    """Has the C library keep what is freed for what comes next; False where it is not glibc, or the user has set it.

    A training step allocates and frees the same few megabytes of hidden layers over and over. glibc gives what was freed at
    the end of its heap back to the system, and takes it again at the next step, page by page: 100 to 200 page faults a step of
    eight couplings, some tenths of a millisecond of two.
    """
    if not sys.platform.startswith("linux") or any(name.startswith("MALLOC_") for name in os.environ):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return False
    return bool(mallopt(_TRIM_THRESHOLD, KEPT) and mallopt(_MMAP_THRESHOLD, LARGE))


@contextlib.contextmanager
def importing() -> Iterator[None]:
    """Modules are imported within: Python does not look for garbage meanwhile.

    Importing the engine makes a quarter of a million objects, nearly all to stay; looking again and again took a sixth of the time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
