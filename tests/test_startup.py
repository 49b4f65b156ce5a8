"""What a process settles about memory: the C library keeps what is freed, and imports are not searched for garbage."""

from __future__ import annotations

import gc
import os
import platform
import subprocess
import sys

import pytest

from flowviz.startup import importing

glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="it is glibc that is told")

FREED = """
import resource, sys
import numpy as np
from flowviz.startup import keep_freed_memory

def again():
    for _ in range(50):
        several = [np.ones(2**18, np.uint8) for _ in range(16)]
        del several

kept = keep_freed_memory()
again()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
again()
print(kept, resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(**environment: str) -> tuple[bool, int]:
    """Whether memory is kept, and the page faults of filling and freeing 4 MiB fifty times once more."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
    ran = subprocess.run(
        [sys.executable, "-c", FREED], env=plain | environment, capture_output=True, text=True, check=True
    )
    kept, count = ran.stdout.split()
    return kept == "True", int(count)


@glibc
def test_freed_memory_is_not_taken_from_the_system_again() -> None:
    kept, count = faults()
    assert kept
    assert count < 50


@glibc
def test_what_the_user_has_set_stays() -> None:
    assert faults(MALLOC_TRIM_THRESHOLD_="131072", MALLOC_MMAP_THRESHOLD_="131072")[0] is False


def test_imports_are_not_searched_for_garbage() -> None:
    assert gc.isenabled()
    with importing():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with importing():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
