"""What every test stands on: no screen, one thread, settings of its own, and nothing left running."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator

import pytest

# Before anything imports Qt or torch: both read these once.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "1")
_home = tempfile.TemporaryDirectory(prefix="flowviz-tests-")
for _name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
    os.environ[_name] = os.path.join(_home.name, _name.lower())

from hypothesis import HealthCheck, settings  # noqa: E402

settings.register_profile(
    "flowviz", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("flowviz")


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """A test that leaves a thread of its own behind fails, naming it."""
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]
    for thread in left:
        thread.join(timeout=5)
    names = [thread.name for thread in left if thread.is_alive()]
    assert not names, f"left running: {', '.join(names)}"
