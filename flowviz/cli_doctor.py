"""`flowviz doctor`: versions, devices, display, libraries and fonts; what works here, and what to do about what does not."""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from . import __version__
from .cli_common import last_line
from .cli_libraries import advice, missing
from .cli_libraries import platform as qt_platform

PACKAGES = ("torch", "numpy", "msgspec", "scikit-learn", "Pillow", "PySide6-Essentials", "pyqtgraph")
QT_PROBE = """
import json, sys
from PySide6.QtGui import QFontDatabase, QGuiApplication
app = QGuiApplication(sys.argv[:1])
families = QFontDatabase.families(QFontDatabase.WritingSystem.Korean)
screens = [[s.geometry().width(), s.geometry().height(), s.devicePixelRatio()] for s in app.screens()]
print(json.dumps({"platform": app.platformName(), "screens": screens, "korean": families[:3]}))
"""


@dataclass(frozen=True)
class Check:
    """One finding. `needed`: without it FlowViz cannot do its job, not even without a display."""

    name: str
    ok: bool
    value: str
    advice: str = ""
    needed: bool = False


def doctor(options: argparse.Namespace) -> int:
    """Runs every check; exit code 1 when something that everything needs does not work."""
    checks: list[Check] = []
    for check in _checks():
        checks.append(check)
        if not options.json:
            print(f"{'ok' if check.ok else '--':<3} {check.name:<16} {check.value}", flush=True)
            if check.advice:
                print(f"{'':<20} {check.advice}", flush=True)
    healthy = all(check.ok or not check.needed for check in checks)
    if options.json:
        last_line({"ok": healthy, "checks": [asdict(check) for check in checks]})
    return 0 if healthy else 1


def _checks() -> Iterator[Check]:
    yield Check("flowviz", True, __version__)
    yield Check(
        "Python",
        sys.version_info >= (3, 11),
        f"{platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "" if sys.version_info >= (3, 11) else "FlowViz needs Python 3.11 or newer.",
        needed=True,
    )
    for name in PACKAGES:
        yield _package(name)
    yield from _devices()
    yield from _window()
    yield _engine()


def _package(name: str) -> Check:
    try:
        return Check(name, True, importlib.metadata.version(name), needed=True)
    except importlib.metadata.PackageNotFoundError:
        return Check(name, False, "not installed", f"Install it with: {sys.executable} -m pip install {name}", True)


def _devices() -> Iterator[Check]:
    try:
        import torch
    except (ImportError, OSError) as error:
        yield Check("torch starts", False, f"it cannot be imported: {error}", "Install torch again.", needed=True)
        return
    yield Check("cpu", True, f"{torch.get_num_threads()} threads")
    if torch.cuda.is_available():
        names = ", ".join(torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count()))
        yield Check("cuda", True, names)
    elif torch.version.cuda is None:
        yield Check(
            "cuda", False, "this torch was built without CUDA", "With an NVIDIA GPU: install a CUDA build of torch."
        )
    else:
        yield Check(
            "cuda",
            False,
            f"torch has CUDA {torch.version.cuda}, but no GPU can be used",
            "`nvidia-smi` must show a GPU and a driver that is new enough.",
        )
    if sys.platform == "darwin":
        usable = torch.backends.mps.is_available()
        yield Check(
            "mps", usable, "Apple GPU" if usable else "not usable", "" if usable else "It needs macOS 12.3 or newer."
        )


def _window() -> Iterator[Check]:
    plugin = qt_platform()
    libraries = missing(plugin)
    if libraries:
        yield Check("Qt libraries", False, f"{len(libraries)} missing", advice(libraries) + ".", needed=True)
        return
    yield Check("Qt libraries", True, f"all that the platform '{plugin}' needs")
    shown = plugin != "offscreen" or not sys.platform.startswith("linux")
    yield Check(
        "display",
        shown,
        f"platform '{plugin}'" if shown else "none",
        "" if shown else "flowviz train, render and screenshot work without one; so does make run.",
    )
    environment = os.environ if shown else {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", QT_PROBE]
    try:
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    except subprocess.TimeoutExpired:
        yield Check("Qt starts", False, "not within a minute", "Does the display answer?", needed=True)
        return
    if ran.returncode != 0:
        said = (ran.stderr.strip() or "it said nothing").splitlines()[-1]
        yield Check("Qt starts", False, said, f"QT_DEBUG_PLUGINS=1 {sys.executable} -m flowviz shows why.", needed=True)
        return
    probe = json.loads(ran.stdout.strip().splitlines()[-1])
    screens = ", ".join(f"{width} x {height} at {ratio:g}x" for width, height, ratio in probe["screens"])
    yield Check("Qt starts", True, f"{probe['platform']}, {screens}")
    yield Check(
        "Korean font",
        bool(probe["korean"]),
        ", ".join(probe["korean"]) or "none",
        ""
        if probe["korean"]
        else "For Korean text install a font with Hangul, on Debian: apt-get install fonts-noto-cjk",
    )


def _engine() -> Check:
    from .engine.client import EngineClient
    from .engine.messages import Ready

    began = time.monotonic()
    client = EngineClient()
    client.start()
    try:
        while client.alive and time.monotonic() - began < 60:
            if any(isinstance(event, Ready) for event in client.poll()):
                return Check("engine", True, f"ready after {time.monotonic() - began:.1f} s", needed=True)
            time.sleep(0.02)
    finally:
        client.close()
    return Check("engine", False, "it did not start", f"{sys.executable} -m flowviz.engine shows why.", needed=True)
