"""Missing system libraries are named with the line that installs them."""

from __future__ import annotations

import subprocess

import pytest

from flowviz import cli_libraries
from flowviz.cli_libraries import PACKAGES, advice, install_line, missing, platform


@pytest.mark.parametrize(
    ("program", "command"),
    [
        ("apt-get", "apt-get install -y libegl1 libxcb-cursor0"),
        ("dnf", "dnf install -y libglvnd-egl xcb-util-cursor"),
        ("pacman", "pacman -S --needed libglvnd xcb-util-cursor"),
    ],
)
def test_each_package_program_gets_its_own_line(program: str, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_libraries.shutil, "which", lambda name: name if name == program else None)
    assert install_line(["libxcb-cursor.so.0", "libEGL.so.1"]).removeprefix("sudo ") == command
    assert command in advice(["libxcb-cursor.so.0", "libEGL.so.1"])


def test_an_unknown_system_still_gets_the_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_libraries.shutil, "which", lambda name: None)
    assert install_line(["libEGL.so.1"]) == ""
    assert "libEGL.so.1" in advice(["libEGL.so.1"])


def test_what_ldd_does_not_find_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "\tlibxcb-cursor.so.0 => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x0)\n\tlibxcb-cursor.so.0 => not found\n"
    monkeypatch.setattr(
        cli_libraries.subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 0, said, "")
    )
    monkeypatch.setattr(cli_libraries.shutil, "which", lambda name: name)
    monkeypatch.setattr(cli_libraries.sys, "platform", "linux")
    assert missing("xcb") == ["libxcb-cursor.so.0"]
    assert set(missing("xcb")) <= set(PACKAGES)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "offscreen"),
        ({"DISPLAY": ":0"}, "xcb"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "wayland"),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, "offscreen"),
        ({"QT_QPA_PLATFORM": "wayland;xcb"}, "wayland"),
    ],
)
def test_the_platform_that_qt_will_take(
    environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert platform() == expected
