"""Makes the checkpoints of this folder and their MANIFEST.json: `python pretrained/make.py [FILE ...]`, by default all.

Each is the work of one `flowviz train` command, which the manifest repeats. The figures in it are those of `flowviz eval`.
"""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import torch

FOLDER = Path(__file__).resolve().parent
MODELS = (
    ("realnvp", "two_moons", "RealNVP on two moons"),
    ("realnvp", "eight_gaussians", "RealNVP on eight Gaussians"),
    ("maf", "eight_gaussians", "MAF on eight Gaussians"),
    ("iaf", "pinwheel", "IAF on the pinwheel"),
    ("nice", "swiss_roll", "NICE on the Swiss roll"),
    ("glow", "checkerboard", "Glow on the checkerboard"),
    ("gaussian", "banana", "One Gaussian on the banana"),
    ("kde", "two_spirals", "Kernel density on two spirals"),
    ("nsf", "two_moons", "Neural spline flow on two moons"),
    ("nsf", "eight_gaussians", "Neural spline flow on eight Gaussians"),
    ("gaussian", "digits", "One Gaussian on the digits"),
    ("kde", "digits", "Kernel density on the digits"),
    ("nice", "digits", "NICE on the digits"),
    ("realnvp", "digits", "RealNVP on the digits"),
    ("glow", "digits", "Glow on the digits"),
    ("maf", "digits", "MAF on the digits"),
    ("nsf", "digits", "Neural spline flow on the digits"),
    ("pixelcnn", "digits", "PixelCNN on the digits"),
    ("pixelrnn", "digits", "PixelRNN on the digits"),
    ("wavenet", "digits", "WaveNet on the digits, pixel by pixel"),
)
"""Preset, target, and the title that the window shows."""
SEED = 0


def made(preset: str, target: str, title: str) -> dict[str, Any]:
    """Trains one model and returns its entry of the manifest."""
    name = f"{preset}_{target}.pt"
    arguments = ["train", "--preset", preset, "--target", target, "--seed", str(SEED), "--device", "cpu", "--export"]
    arguments += ["--out", name]
    trained = flowviz(*arguments)
    judged = flowviz("eval", name)
    return {
        "file": name,
        "title": title,
        "command": " ".join(["flowviz", *arguments]),
        "seed": SEED,
        "steps": trained["steps"],
        "sha256": hashlib.sha256((FOLDER / name).read_bytes()).hexdigest(),
        "held_out_nll": judged["nll"],
        "entropy": judged["entropy"],
        "bits_per_dim": judged["bits_per_dim"],
        "n": judged["n"],
        "unit": "nats",
    }


def flowviz(*arguments: str) -> dict[str, Any]:
    """Runs one command in this folder and reads its last line."""
    command = [sys.executable, "-m", "flowviz", *arguments, "--json"]
    ran = subprocess.run(command, cwd=FOLDER, stdout=subprocess.PIPE, text=True, check=True)
    values: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return values


def main() -> None:
    """Makes the models of these files anew, or all; a file that no model has any more is removed."""
    manifest_file = FOLDER / "MANIFEST.json"
    wanted = set(sys.argv[1:])
    kept = {model["file"]: model for model in json.loads(manifest_file.read_text("utf-8"))["models"]} if wanted else {}
    models = []
    for preset, target, title in MODELS:
        name = f"{preset}_{target}.pt"
        if wanted and name not in wanted:
            models.append(kept[name])
            continue
        print(title, flush=True)
        models.append(made(preset, target, title))
    for left in {path.name for path in FOLDER.glob("*.pt")} - {model["file"] for model in models}:
        (FOLDER / left).unlink()
    made_with = f"torch {torch.__version__}, Python {platform.python_version()}, {platform.machine()}"
    manifest = {"made_with": made_with, "tolerance": 1e-3, "models": models}
    manifest_file.write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
