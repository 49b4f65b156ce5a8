"""The main job by hand: paint a density, drag four layers in, train, export, and load the export in a fresh Python."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .screen import Program, Report, Screen

NEEDED = ("Xvfb", "xdotool")
ABSENT = [name for name in NEEDED if shutil.which(name) is None]
GAP = 0.15
"""Nats between the held-out NLL and the painted density's entropy, at which the flow counts as having learnt it."""
LAYERS = ("affine_coupling", "affine_coupling", "affine_coupling", "affine_coupling")

pytestmark = [
    pytest.mark.display,
    pytest.mark.skipif(
        bool(ABSENT) and not os.environ.get("CI"),
        reason=f"{' and '.join(ABSENT)} not installed; in CI this test runs",
    ),
]

FRESH = """
import json, sys
import numpy as np
class Only:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("PySide6", "pyqtgraph", "sklearn", "PIL", "scipy"):
            raise ImportError(name + " is not to be had here")
sys.meta_path.insert(0, Only())
import torch, flowviz
torch.load(sys.argv[1], weights_only=True)
flow = flowviz.load(sys.argv[1], device="cpu")
x = torch.from_numpy(np.load(sys.argv[2]))
print(json.dumps([float(value) for value in flow.log_prob(x).detach()]))
"""


@pytest.fixture
def screen() -> Iterator[Screen]:
    made = Screen()
    yield made
    made.close()


@pytest.fixture
def program(screen: Screen, tmp_path: Path) -> Iterator[Program]:
    started = Program(screen, home=tmp_path)
    yield started
    screen.picture(tmp_path / "last.png")
    started.close()


def paint_a_ring(screen: Screen, program: Program) -> None:
    """Two arcs on the canvas, which leave a gap on each side."""
    arc = [(0.28, 0.55), (0.33, 0.38), (0.5, 0.3), (0.67, 0.38), (0.72, 0.55)]
    screen.drag(*(program.at("targetCanvas", x, y) for x, y in arc))
    screen.drag(*(program.at("targetCanvas", x, 1.0 - y + 0.08) for x, y in arc))


def test_paint_stack_train_export_and_load(screen: Screen, program: Program, tmp_path: Path) -> None:
    program.until(
        lambda r: r["engine"] and "targetCanvas" in r["widgets"] and "tile_base" in r["widgets"], "the window"
    )

    # An empty strip, and an empty canvas.
    screen.click(program.center("tile_l1"))
    for left in range(len(program.report["layers"]) - 1, -1, -1):
        screen.key("Delete")
        program.until(lambda r, left=left: len(r["layers"]) == left, f"{left} layers to be left")
    screen.key("ctrl+shift+n")
    program.until(lambda r: r["target"] == "drawn", "a canvas")

    paint_a_ring(screen, program)
    program.until(
        lambda r: r["target_generation"] == r["generation"] and r["entropy"] is not None, "the engine to know"
    )

    for count, kind in enumerate(LAYERS, 1):
        screen.drag(program.center(f"card_{kind}"), program.at("tile_base", -0.08, 0.5))
        program.until(lambda r, count=count: r["layers"] == list(LAYERS[:count]), f"{count} layers in the strip")

    screen.click(program.center("trainButton"))
    program.until(lambda r: r["phase"] == "training", "training to begin")
    program.until(learnt, f"a held-out NLL within {GAP} nats of the entropy", timeout=180.0)
    screen.click(program.center("trainButton"))
    paused = program.until(lambda r: r["phase"] in ("paused", "finished"), "a pause")

    # A point is pinned, so that the window says its log-density.
    screen.xdotool("mousemove", *program.at("targetCanvas", 0.5, 0.3), "keydown", "ctrl", "click", 1, "keyup", "ctrl")
    shown = program.until(lambda r: r["log_prob"] is not None and r["frame_step"] == paused["step"], "the log-density")

    exported = tmp_path / "painted.pt"
    screen.key("ctrl+e")
    program.until(lambda r: any("QFileDialog" in name or "fileNameEdit" in name for name in r["widgets"]), "the dialog")
    screen.key("ctrl+a")
    screen.type(str(exported))
    screen.key("Return")
    program.until(lambda r: exported.exists(), "the exported file")

    assert load_afresh(exported, shown["probe"], tmp_path) == pytest.approx(shown["log_prob"], abs=1e-6)


def learnt(report: Report) -> bool:
    if report["held_out"] is None or report["entropy"] is None or report["held_out_step"] < 200:
        return False
    return bool(report["held_out"] - report["entropy"] < GAP)


def load_afresh(checkpoint: Path, point: list[float], folder: Path) -> float:
    """log p of one point, from the checkpoint, in a Python that has torch, numpy and msgspec alone."""
    import numpy as np

    np.save(folder / "points.npy", np.array([point], np.float32))
    ran = subprocess.run(
        [sys.executable, "-c", FRESH, str(checkpoint), str(folder / "points.npy")],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert ran.returncode == 0, ran.stderr
    values: list[float] = json.loads(ran.stdout)
    return values[0]
