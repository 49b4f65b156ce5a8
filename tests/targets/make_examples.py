"""Makes the files of assets/examples, the same every time: python -m tests.targets.make_examples [FOLDER].

flow.png is ink on paper, galaxy.png light in the dark, pendulum.csv three columns of numbers with a header. iris.csv is the
data set of Fisher 1936 as scikit-learn carries it, with its column of words.
"""

from __future__ import annotations

import csv
import math
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from sklearn.datasets import load_iris

from flowviz.resources import assets


def main(folder: Path) -> None:
    flow(folder / "flow.png")
    galaxy(folder / "galaxy.png")
    pendulum(folder / "pendulum.csv")
    iris(folder / "iris.csv")


def flow(path: Path) -> None:
    """A word above a wave, in black on white."""
    picture = Image.new("L", (512, 512), 255)
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(200)
    left, top, right, bottom = pen.textbbox((0, 0), "flow", font=font)
    pen.text((256 - (left + right) / 2, 200 - (top + bottom) / 2), "flow", font=font, fill=0)
    wave = [(x, 390 + 38 * math.sin(x / 36.0)) for x in range(40, 473)]
    pen.line(wave, fill=90, width=26, joint="curve")
    picture.filter(ImageFilter.GaussianBlur(2)).save(path, optimize=True)


def galaxy(path: Path) -> None:
    """Two spiral arms of stars around a bright middle, in white on black."""
    rng = np.random.default_rng(1)
    turn = rng.random(400_000) ** 0.7 * 1.6 * math.pi
    arm = rng.integers(0, 2, len(turn)) * math.pi
    radius = 14.0 * np.exp(0.5 * turn)
    spread = 0.12 * radius[:, None] * rng.normal(size=(len(turn), 2))
    stars = radius[:, None] * np.stack([np.cos(turn + arm), np.sin(turn + arm)], 1) + spread
    core = 16.0 * rng.normal(size=(60_000, 2))
    points = np.concatenate([stars, core]) @ np.array([[1.25, 0.25], [-0.35, 0.95]]) + 256.0
    counts, _, _ = np.histogram2d(points[:, 1], points[:, 0], bins=512, range=[[0, 512], [0, 512]])
    light = np.asarray(Image.fromarray(counts.astype(np.float32)).resize((256, 256), Image.Resampling.HAMMING))
    picture = np.rint(255.0 * np.sqrt((light / np.quantile(light, 0.999)).clip(0.0, 1.0))).astype(np.uint8)
    Image.fromarray(picture).save(path, optimize=True)


def pendulum(path: Path) -> None:
    """Angle, velocity and energy of a pendulum seen at random moments of swings of random size, with noise."""
    rng = np.random.default_rng(2)
    rows = []
    for _ in range(3000):
        angle, velocity = math.radians(rng.uniform(40.0, 165.0)), 0.0
        for _ in range(int(rng.integers(0, 800))):
            velocity -= 0.01 * 9.81 * math.sin(angle)
            angle += 0.01 * velocity
        angle, velocity = angle + rng.normal(0.0, 0.03), velocity + rng.normal(0.0, 0.05)
        rows.append((angle, velocity, 0.5 * velocity**2 + 9.81 * (1.0 - math.cos(angle)) + rng.normal(0.0, 0.2)))
    _write(path, ("angle", "velocity", "energy"), [[f"{value:.3f}" for value in row] for row in rows])


def iris(path: Path) -> None:
    data = load_iris()
    names = [name.removesuffix(" (cm)") for name in data.feature_names]
    rows = [
        [*(f"{value:.1f}" for value in row), str(data.target_names[kind])]
        for row, kind in zip(data.data, data.target, strict=True)
    ]
    _write(path, (*names, "species"), rows)


def _write(path: Path, names: tuple[str, ...], rows: list[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else assets("examples"))
