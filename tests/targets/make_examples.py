"""Makes the files of assets/examples, the same every time: python -m tests.targets.make_examples [FOLDER].

flow.png is ink on paper, galaxy.png light in the dark, pendulum.csv three columns of numbers with a header. iris.csv is the
data set of Fisher 1936 as scikit-learn carries it, with its column of words. shapes.npz is 300 small pictures of circles,
squares and triangles, with their labels; plucked.wav a tune on a plucked string (Karplus and Strong 1983).
"""

from __future__ import annotations

import csv
import math
import sys
import wave
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
    shapes(folder / "shapes.npz")
    plucked(folder / "plucked.wav")


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


SHAPES = ("circle", "square", "triangle")


def shapes(path: Path) -> None:
    """Grey pictures of 16 x 16 pixels: a bright shape of random size, place, turn and brightness on a dark ground."""
    rng = np.random.default_rng(3)
    fine = (np.indices((64, 64))[::-1] + 0.5) / 4.0
    images, labels = np.zeros((300, 16, 16), np.uint8), np.arange(300) % len(SHAPES)
    for image, label in zip(images, labels, strict=True):
        size, turn = rng.uniform(3.5, 6.0), rng.uniform(0.0, 2.0 * math.pi)
        x, y = fine - rng.uniform(size + 0.5, 15.5 - size, (2, 1, 1))
        if label == 0:
            inside = x**2 + y**2 < size**2
        else:
            # A regular polygon is where every side's distance from the middle is below the inner radius.
            corners = 4 if label == 1 else 3
            sides = turn + 2.0 * math.pi * np.arange(corners)[:, None, None] / corners
            inside = (np.cos(sides) * x + np.sin(sides) * y < size * math.cos(math.pi / corners)).all(0)
        light = inside.reshape(16, 4, 16, 4).mean((1, 3))
        image[:] = np.rint(light * rng.uniform(140.0, 250.0) + rng.uniform(5.0, 20.0, (16, 16)) * (1.0 - light))
    np.savez_compressed(path, images=images, labels=labels.astype(np.uint8), class_names=np.array(SHAPES))


def plucked(path: Path) -> None:
    """Four and a half seconds of a tune in A minor, 8000 moments a second, 8 bits."""
    rng = np.random.default_rng(4)
    rate, beat = 8000, 2000
    tune = (
        220.0,
        261.6,
        329.6,
        440.0,
        392.0,
        329.6,
        261.6,
        246.9,
        220.0,
        261.6,
        293.7,
        329.6,
        349.2,
        329.6,
        293.7,
        220.0,
    )
    sound = np.zeros(beat * (len(tune) + 2))
    for i, pitch in enumerate(tune):
        delay = round(rate / pitch - 0.5)
        string = np.zeros(3 * beat)
        string[: delay + 1] = rng.uniform(-1.0, 1.0, delay + 1)
        for t in range(delay + 1, len(string)):
            string[t] = 0.498 * (string[t - delay] + string[t - delay - 1])
        sound[i * beat : i * beat + len(string)] += string[: len(sound) - i * beat]
    whole = np.rint(110.0 * sound / np.abs(sound).max() + 128.0).astype(np.uint8)
    with wave.open(str(path), "wb") as stream:
        stream.setparams((1, 1, rate, 0, "NONE", ""))
        stream.writeframes(whole.tobytes())


def _write(path: Path, names: tuple[str, ...], rows: list[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else assets("examples"))
