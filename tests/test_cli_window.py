"""Commands that need Qt or the engine: the screenshot, the doctor, the first run, and the way into the window."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
"""Of a machine with no display."""


def flowviz(*arguments: object, module: str = "flowviz", cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", module, *map(str, arguments)]
    environment = {
        **ENVIRONMENT,
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]),
    }
    environment.pop("QT_QPA_PLATFORM", None)
    return subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True, timeout=240, check=False)


def last_line(ran: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert ran.returncode == 0, ran.stderr
    value: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return value


def pixels(path: Path) -> np.ndarray[Any, Any]:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def test_a_screenshot_is_the_trained_window(tmp_path: Path) -> None:
    pictures = {}
    for theme, language in (("light", "en"), ("dark", "ko")):
        out = tmp_path / f"{theme}.png"
        arguments = ("--steps", 20, "--size", "1280x720", "--theme", theme, "--lang", language, "--json")
        said = last_line(flowviz("screenshot", out, "--preset", "maf", "--target", "banana", *arguments))
        assert (said["width"], said["height"], said["steps"]) == (1280, 720, 20)
        pictures[theme] = pixels(out)
    assert pictures["light"].shape == pictures["dark"].shape == (720, 1280, 3)
    assert pictures["light"].mean() > 180 > 90 > pictures["dark"].mean()
    # Densities are drawn: the blues of the scale are there, not only the greys of panels.
    light = pictures["light"].astype(int)
    assert ((light[..., 2] - light[..., 0]) > 60).sum() > 5000


def test_a_screenshot_of_a_project_is_not_trained_further(tmp_path: Path) -> None:
    model = tmp_path / "model.pt"
    trained = flowviz("train", "--steps", 10, "--batch", 32, "--target", "checkerboard", "--out", model)
    assert trained.returncode == 0, trained.stderr
    said = last_line(flowviz("screenshot", tmp_path / "a.png", "--project", model, "--size", "1280x720", "--json"))
    assert said["steps"] == 10


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--target", "three_moons"], "two_moons"),
        (["--target", "noise.csv"], "noise.csv"),
        (["--project", "noise.pt"], "noise.pt"),
        (["--project", "none.pt"], "no such file"),
        (["--preset", "none"], "realnvp"),
        (["--preset", "maf", "--project", "noise.pt"], "not allowed with"),
    ],
)
def test_a_screenshot_of_nothing_usable_is_one_sentence(arguments: list[str], word: str, tmp_path: Path) -> None:
    (tmp_path / "noise.csv").write_bytes(bytes(range(256)))
    (tmp_path / "noise.pt").write_bytes(b"no checkpoint")
    ran = flowviz("screenshot", "a.png", *arguments, cwd=tmp_path)
    assert ran.returncode == 2, ran.stderr
    assert ran.stderr.count("\n") == 1, ran.stderr
    assert word in ran.stderr
    assert not (tmp_path / "a.png").exists()


def test_the_doctor_finds_everything_that_the_tests_use() -> None:
    found = last_line(flowviz("doctor", "--json"))
    assert found["ok"]
    checks = {check["name"]: check for check in found["checks"]}
    assert {"Python", "torch", "PySide6-Essentials", "cpu", "cuda", "Qt starts", "engine"} <= checks.keys()
    assert checks["engine"]["ok"], checks["engine"]
    assert all(check["ok"] or check["advice"] for check in found["checks"])


def test_the_first_run_without_a_display_leaves_a_checkpoint_and_a_picture(tmp_path: Path) -> None:
    program = (
        "import sys, flowviz.cli_first_run as first\n"
        "real = first.main\n"
        "first.main = lambda arguments: real(arguments + (['--steps', '20'] if arguments[0] == 'train' else []))\n"
        "sys.exit(first.first_run(__import__('pathlib').Path(sys.argv[1])))"
    )
    out = tmp_path / "out"
    command = [sys.executable, "-c", program, str(out)]
    ran = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=240, check=False)
    assert ran.returncode == 0, ran.stderr
    assert (out / "two_moons.pt").is_file()
    assert pixels(out / "window.png").shape == (1000, 1600, 3)
    assert str(out / "window.png") in ran.stdout
    assert "steps/s" in ran.stderr


def test_the_window_refuses_a_file_that_is_not_there() -> None:
    ran = flowviz("none.pt")
    assert ran.returncode == 2
    assert "none.pt" in ran.stderr
