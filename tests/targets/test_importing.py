"""Which target a file makes, by what it holds."""

import gzip
import io
import struct
import wave
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from flowviz.pipeline import DrawnTarget, ImageTarget, ModelTarget, SequenceTarget, SpecError, TableTarget, Target
from flowviz.targets import import_file, load

RNG = np.random.default_rng(2)
PICTURES = RNG.integers(0, 256, (20, 4, 4), dtype=np.uint8)


def _npy(values: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, values)
    return stream.getvalue()


def _npz(**arrays: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def _wav() -> bytes:
    stream = io.BytesIO()
    with wave.open(stream, "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(RNG.integers(-999, 999, 3000).astype("<i2").tobytes())
    return stream.getvalue()


def _checkpoint() -> bytes:
    stream = io.BytesIO()
    torch.save({"format": "flowviz/1"}, stream)
    return stream.getvalue()


def _picture() -> bytes:
    stream = io.BytesIO()
    Image.fromarray(np.pad(np.full((80, 80), 255, np.uint8), 20)).save(stream, "PNG")
    return stream.getvalue()


IDX = struct.pack(">BBBB3I", 0, 0, 8, 3, 20, 4, 4) + PICTURES.tobytes()
CIFAR = np.pad(RNG.integers(0, 256, (12, 3072), dtype=np.uint8), ((0, 0), (1, 0))).tobytes()
CASES: dict[str, tuple[bytes, type[Target], int]] = {
    "picture": (_picture(), DrawnTarget, 0),
    "idx": (IDX, ImageTarget, 0),
    "packed idx": (gzip.compress(IDX), ImageTarget, 0),
    "cifar": (CIFAR, ImageTarget, 0),
    "bytes (N, H, W)": (_npy(PICTURES), ImageTarget, 0),
    "floats (N, H, W, 1)": (_npy(PICTURES[..., None] / 255.0), ImageTarget, 1),
    "archive of pictures": (_npz(images=PICTURES, labels=np.arange(20) % 2), ImageTarget, 0),
    "sound": (_wav(), SequenceTarget, 1),
    "floats (N, C, T)": (_npy(RNG.normal(size=(20, 2, 9))), SequenceTarget, 1),
    "table": (b"a,b\n" + b"1,2\n3,4\n" * 9, TableTarget, 2),
    "rows": (_npy(RNG.normal(size=(20, 3))), TableTarget, 0),
    "archive of rows": (_npz(rows=RNG.normal(size=(20, 3)), cube=RNG.normal(size=(20, 2, 2))), TableTarget, 1),
    "checkpoint": (_checkpoint(), ModelTarget, 0),
}


@pytest.mark.parametrize("name", CASES)
def test_a_file_is_routed_by_what_it_holds(tmp_path: Path, name: str) -> None:
    content, kind, notes = CASES[name]
    path = tmp_path / "data.dat"
    path.write_bytes(content)
    target, said, columns = import_file(path)
    assert type(target) is kind
    assert len(said) == notes or kind is TableTarget
    assert bool(columns) == (kind is TableTarget)
    if kind is not ModelTarget:
        assert len(load(target).held_out(2)) >= 1


def test_a_folder_is_a_set_of_pictures(tmp_path: Path) -> None:
    for i, picture in enumerate(PICTURES):
        Image.fromarray(picture).save(tmp_path / f"{i}.png")
    target, notes, columns = import_file(tmp_path)
    assert (target, notes, columns) == (ImageTarget(path=str(tmp_path)), (), ())
    assert load(target).event_shape == (1, 32, 32)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("train-images-idx3-ubyte", b"\1\2\3\4" + bytes(50), "train-images-idx3-ubyte does not begin like an IDX file"),
        ("a.gz", gzip.compress(b"some text"), "a.gz does not begin like an IDX file"),
        ("text.wav", b"neither sound nor table", "text.wav holds no sequences"),
        ("a.wav", b"RIFF" + bytes(4) + b"WAVE" + bytes(20), "a.wav is damaged or cut short"),
        ("a.bin", bytes([200]) * 3073, "a.bin"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SpecError) as refused:
        import_file(tmp_path / name)
    assert str(refused.value).startswith(sentence)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="holds no pictures"):
        import_file(tmp_path)
