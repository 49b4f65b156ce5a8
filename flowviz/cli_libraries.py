"""The system libraries that Qt needs and pip cannot bring: which are missing, and the line that installs them.

`python -m flowviz.cli_libraries` prints one sentence and exits with 1 when one is missing. Standard library only.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGES: dict[str, tuple[str, str, str]] = {
    "libEGL.so.1": ("libegl1", "libglvnd-egl", "libglvnd"),
    "libGL.so.1": ("libgl1", "libglvnd-glx", "libglvnd"),
    "libGLX.so.0": ("libgl1", "libglvnd-glx", "libglvnd"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb", "libx11"),
    "libX11.so.6": ("libx11-6", "libX11", "libx11"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs", "dbus"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype", "freetype2"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2", "glib2"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2", "glib2"),
    "libwayland-client.so.0": ("libwayland-client0", "libwayland-client", "wayland"),
    "libwayland-cursor.so.0": ("libwayland-cursor0", "libwayland-cursor", "wayland"),
    "libwayland-egl.so.1": ("libwayland-egl1", "libwayland-egl", "wayland"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb", "libxcb"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil", "xcb-util-renderutil"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb", "libxcb"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb", "libxcb"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb", "libxcb"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb", "libxcb"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util", "xcb-util"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb", "libxcb"),
    "libxcb.so.1": ("libxcb1", "libxcb", "libxcb"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon", "libxkbcommon"),
}
"""Library to the package that has it: Debian and Ubuntu, Fedora, Arch."""


def installers() -> dict[str, tuple[int, str]]:
    """Package program to the column of PACKAGES that speaks its names, and the command."""
    sudo = "" if hasattr(os, "geteuid") and os.geteuid() == 0 else "sudo "
    return {
        "apt-get": (0, f"{sudo}apt-get install -y"),
        "dnf": (1, f"{sudo}dnf install -y"),
        "pacman": (2, f"{sudo}pacman -S --needed"),
    }


def platform() -> str:
    """The Qt platform plugin that a window would use here: xcb, wayland, offscreen, or the one that was asked for."""
    asked = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0].partition(";")[0]
    if asked:
        return asked
    if os.environ.get("DISPLAY"):
        return "xcb"
    return "wayland" if os.environ.get("WAYLAND_DISPLAY") else "offscreen"


def missing(plugin: str) -> list[str]:
    """Names of the shared libraries that this platform plugin and Qt's own modules need and the system lacks.

    Empty on macOS and Windows, where Qt brings everything, and where ldd is not to be had.
    """
    found = importlib.util.find_spec("PySide6")
    if not sys.platform.startswith("linux") or shutil.which("ldd") is None or found is None or found.origin is None:
        return []
    root = Path(found.origin).parent
    files = [*root.glob("QtWidgets*.so"), *root.glob("QtSvg*.so")]
    files += (root / "Qt" / "plugins" / "platforms").glob(f"libq{plugin}*.so")
    ran = subprocess.run(["ldd", *map(str, files)], capture_output=True, text=True, check=False)
    return sorted(set(re.findall(r"^\s*(\S+) => not found", ran.stdout, re.MULTILINE)))


def install_line(libraries: list[str]) -> str:
    """The command that installs these libraries with this system's package program; empty when none is known."""
    for program, (column, command) in installers().items():
        packages = sorted({PACKAGES[name][column] for name in libraries if name in PACKAGES})
        if packages and shutil.which(program):
            return f"{command} {' '.join(packages)}"
    return ""


def advice(libraries: list[str]) -> str:
    """One sentence on what is missing and what to do about it."""
    line = install_line(libraries)
    names = ", ".join(libraries)
    if line:
        return f"Qt needs system libraries that are not here ({names}); install them with: {line}"
    return f"Qt needs system libraries that are not here ({names}); install them with your system's package program"


def main() -> int:
    """Prints the advice on stderr and returns 1 when a library is missing; returns 0 otherwise."""
    libraries = missing(platform())
    if libraries:
        print(f"flowviz: {advice(libraries)}", file=sys.stderr)
    return 1 if libraries else 0


if __name__ == "__main__":
    sys.exit(main())
