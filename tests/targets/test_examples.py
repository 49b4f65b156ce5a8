"""The example files are what their maker makes, and each opens as a target."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from flowviz.resources import assets
from flowviz.targets import import_file, load
from flowviz.targets.columns import read_table
from flowviz.targets.wav import read_wav

from .make_examples import main

EXAMPLES = {
    "flow.png": ((2,), 1),
    "galaxy.png": ((2,), 0),
    "pendulum.csv": ((3,), 0),
    "iris.csv": ((4,), 1),
    "shapes.npz": ((1, 16, 16), 0),
    "plucked.wav": ((1, 256), 1),
}
"""Name to the shape of an event and how many notes it is opened with."""


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_opens(name: str) -> None:
    target, notes, columns = import_file(assets("examples", name))
    shape, count = EXAMPLES[name]
    density = load(target)
    assert density.event_shape == shape
    assert len(notes) == count
    assert len(columns) == (shape[0] if name.endswith(".csv") else 0)


def test_the_examples_are_made_anew(tmp_path: Path) -> None:
    main(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(EXAMPLES)
    for name in EXAMPLES:
        made, kept = tmp_path / name, assets("examples", name)
        if name.endswith(".png"):
            first, second = (np.asarray(Image.open(path), float) for path in (made, kept))
            # Versions of Pillow draw letters and shrink pictures a little differently.
            assert np.abs(first - second).mean() < 2.0
        elif name.endswith(".npz"):
            with np.load(made) as new, np.load(kept) as old:
                assert np.abs(new["images"].astype(int) - old["images"]).max() <= 1
                assert new["labels"].tolist() == old["labels"].tolist()
        elif name.endswith(".wav"):
            assert np.abs(read_wav(made).values - read_wav(kept).values).max() <= 1.01 / 128
        else:
            first_table, second_table = read_table(made), read_table(kept)
            assert first_table.names == second_table.names
            assert np.allclose(first_table.values, second_table.values, atol=2e-3)


def test_the_shapes_have_classes_and_the_tune_a_rate() -> None:
    shapes = load(import_file(assets("examples", "shapes.npz"))[0])
    assert shapes.context_names == ("circle", "square", "triangle")
    assert (shapes.train_count, shapes.held_out_count) == (240, 60)
    tune = load(import_file(assets("examples", "plucked.wav"))[0])
    assert (tune.rate, tune.held_out_count) == (8000, 28)
