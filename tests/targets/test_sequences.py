"""Sequences: what is read from WAV files and arrays, how recordings are windowed and split, and what is refused."""

import struct
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from flowviz.pipeline import Context, SequenceTarget, SpecError
from flowviz.targets import Density, load
from flowviz.targets.sequences import resampled
from flowviz.targets.wav import read_wav

RNG = np.random.default_rng(1)


def sequences(path: Path, **fields: object) -> Density:
    return load(SequenceTarget(path=str(path), **fields))  # type: ignore[arg-type]


def write_wav(
    path: Path, values: NDArray[np.generic], *, rate: int = 8000, bits: int = 16, tag: int = 1, tail: bytes = b""
) -> Path:
    """values (T, C) whole numbers, or floats with tag 3."""
    if bits == 24:
        data = values.astype("<i4").reshape(-1, 1).view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
    else:
        data = values.astype(
            {8: "<u1", 16: "<i2", 32: "<i4", 64: "<f8"}[bits] if tag == 1 or bits == 64 else "<f4"
        ).tobytes()
    frame = values.shape[1] * bits // 8
    form = struct.pack("<HHIIHH", tag, values.shape[1], rate, rate * frame, frame, bits)
    if tail:
        form = struct.pack("<HHIIHH", 0xFFFE, values.shape[1], rate, rate * frame, frame, bits) + tail
    body = b"LIST" + struct.pack("<I", 3) + b"abc\0" + b"fmt " + struct.pack("<I", len(form)) + form
    body += b"data" + struct.pack("<I", len(data)) + data
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body)
    return path


@pytest.mark.parametrize("bits", [8, 16, 24, 32])
def test_whole_numbers_of_every_width(tmp_path: Path, bits: int) -> None:
    high = 2 ** (bits - 1)
    whole = np.array([[-high, 0], [high - 1, 1], [-1, high // 2], [5, -5]])
    sound = read_wav(write_wav(tmp_path / "a.wav", whole + (128 if bits == 8 else 0), bits=bits))
    assert np.allclose(sound.values, (whole / high).T, atol=1e-7)
    assert (sound.rate, sound.step) == (8000, 1 / high if bits <= 16 else 0.0)


def test_floats_and_extensible_headers(tmp_path: Path) -> None:
    values = RNG.normal(size=(50, 1))
    for bits in (32, 64):
        sound = read_wav(write_wav(tmp_path / "a.wav", values, bits=bits, tag=3))
        assert np.allclose(sound.values[0], values[:, 0], atol=1e-6)
    guid = struct.pack("<HHIH", 22, 16, 0, 1) + bytes(14)
    whole = RNG.integers(-3000, 3000, (30, 1))
    assert np.allclose(read_wav(write_wav(tmp_path / "b.wav", whole, tail=guid)).values[0] * 32768, whole[:, 0])


def test_a_recording_in_windows(tmp_path: Path) -> None:
    whole = np.arange(-1000, 1000)[:, None] * np.array([1, -2])
    target = sequences(write_wav(tmp_path / "a.wav", whole), length=50, held_out=0.25)
    assert (target.event_shape, target.rate, target.levels) == ((2, 50), 8000, 0)
    assert (target.train_count, target.held_out_count) == (1451, 10)
    assert target.columns[51] == "moment 2, channel 2"
    assert "uniform noise of one step" in target.notes[0]
    draws = target.sample(3000, torch.Generator().manual_seed(0)).double() * 32768
    assert torch.equal(draws, target.sample(3000, torch.Generator().manual_seed(0)).double() * 32768)
    levels = draws.floor()
    assert bool((levels[:, 0].diff(dim=1) == 1).all())
    assert bool((levels[:, 1] == -2 * levels[:, 0]).all())
    assert (int(levels[:, 0].min()), int(levels[:, 0].max())) <= (-990, 499)
    assert float((draws - levels).mean()) == pytest.approx(0.5, abs=0.01)
    assert bool((levels[:, 0, 0].unique().diff() == 1).double().mean() > 0.6)
    held = (target.held_out(99).double() * 32768).floor()
    assert sorted(held[:, 0].flatten().tolist()) == list(range(500, 1000))
    train = (target.train_points(99).double() * 32768).floor()
    assert sorted(train[:, 0].flatten().tolist()) == list(range(-1000, 500))
    other = load(SequenceTarget(path=str(tmp_path / "a.wav"), length=50, held_out=0.25), seed=3)
    assert torch.equal(target.held_out(4), other.held_out(10)[:4])
    assert not torch.equal(target.train_points(4), other.train_points(4))
    mean, std = target.standardization
    assert mean.shape == std.shape == (2, 50)
    assert float(mean[0, 0]) * 32768 == pytest.approx(-250.5, abs=0.1)
    assert bool((std == std[:, :1]).all())
    assert ((target.labels(target.held_out(9)) >= 0) & (target.labels(target.held_out(9)) < 1)).all()
    assert sequences(tmp_path / "a.wav", length=50, standardize=False).standardization is None


def test_another_rate_is_resampled(tmp_path: Path) -> None:
    """A tone keeps its pitch, and what the new rate cannot hold does not alias."""
    time = np.arange(8000) / 8000
    tone = 8000 * np.sin(2 * np.pi * 300 * time)
    path = write_wav(tmp_path / "a.wav", np.rint(tone + 8000 * np.sin(2 * np.pi * 3000 * time))[:, None])
    target = sequences(path, length=400, rate=4000)
    assert target.rate == 4000
    assert [*target.notes] == ["a.wav has 8000 moments a second; it was resampled to 4000 by a polyphase filter."]
    spectrum = target.held_out(1)[0, 0].double().numpy()
    power = np.abs(np.fft.rfft(spectrum * np.hanning(400)))
    assert np.argmax(power) * 10 == pytest.approx(300, abs=10)
    assert power[60:].max() < 0.02 * power.max()
    assert resampled(np.ones((1, 441), np.float32), 44_100, 16_000).shape == (1, 160)
    assert sequences(path, length=400).rate == 8000


def test_rows_of_an_array(tmp_path: Path) -> None:
    rows = RNG.normal(size=(40, 3, 16)) * np.array([[1.0], [5.0], [0.0]])
    rows[3, 0, 2] = np.nan
    np.savez(tmp_path / "a.npz", waves=rows, labels=np.arange(40) % 3 + 5)
    target = sequences(tmp_path / "a.npz")
    assert (target.event_shape, target.rate) == ((3, 16), 0)
    assert (target.train_count, target.held_out_count) == (31, 8)
    assert [*target.notes] == ["Sequences of a.npz left out because a number is missing: 1 of 40."]
    assert (target.context, target.context_names) == (Context(kind="classes", count=3), ("5", "6", "7"))
    points, classes = target.sample_with_context(60, torch.Generator().manual_seed(0))
    known = {row.astype(np.float32).tobytes(): i % 3 for i, row in enumerate(rows)}
    assert [known[point.numpy().tobytes()] for point in points] == classes.tolist()
    assert [known[point.numpy().tobytes()] for point in target.held_out(8)] == target.held_out_context(8).tolist()
    assert [known[point.numpy().tobytes()] for point in target.train_points(9)] == target.train_context(9).tolist()
    both = torch.cat([target.held_out(99), target.train_points(99)])
    assert len(both.unique(dim=0)) == 39
    assert float(target.standardization[1][2, 0]) == 1.0
    np.save(tmp_path / "b.npy", RNG.normal(size=(30, 12)))
    flat = sequences(tmp_path / "b.npy")
    assert flat.event_shape == (1, 12)
    with pytest.raises(ValueError, match="has no context"):
        flat.held_out_context(3)
    np.save(tmp_path / "c.npy", RNG.normal(size=500))
    recording = sequences(tmp_path / "c.npy", length=20, rate=100)
    assert (recording.event_shape, recording.rate, recording.notes) == ((1, 20), 100, ())


def test_a_recording_that_was_cut_short(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", RNG.integers(-99, 99, (1000, 1)))
    path.write_bytes(path.read_bytes()[:-401])
    assert "a.wav is cut short; the 799 moments that it holds are used." in [*sequences(path, length=20).notes]


@pytest.mark.parametrize(
    ("tag", "bits", "sentence"),
    [
        (7, 8, "as µ-law of 8 bits"),
        (85, 0, "as MP3 of 0 bits"),
        (1, 12, "as PCM of 12 bits"),
        (999, 16, "as 999 of 16"),
    ],
)
def test_sound_that_is_packed_is_refused(tmp_path: Path, tag: int, bits: int, sentence: str) -> None:
    path = write_wav(tmp_path / "a.wav", np.zeros((50, 1)))
    data = bytearray(path.read_bytes())
    at = data.index(b"fmt ") + 8
    data[at : at + 2], data[at + 14 : at + 16] = struct.pack("<H", tag), struct.pack("<H", bits)
    path.write_bytes(bytes(data))
    with pytest.raises(SpecError, match=rf"a\.wav keeps its sound {sentence}"):
        sequences(path)


def test_refusals(tmp_path: Path) -> None:
    short = write_wav(tmp_path / "short.wav", RNG.integers(-99, 99, (100, 1)))
    with pytest.raises(SpecError, match=r"short\.wav has 100 moments; for windows of 256 at least 512"):
        sequences(short)
    with pytest.raises(SpecError, match=r"wide\.wav have 2 x 4096 numbers; .* a length of at most 2048"):
        sequences(write_wav(tmp_path / "wide.wav", RNG.integers(-99, 99, (9000, 2))), length=4096)
    with pytest.raises(SpecError, match=r"silent\.wav is silent"):
        sequences(write_wav(tmp_path / "silent.wav", np.zeros((900, 1))), length=20)
    (tmp_path / "head.wav").write_bytes(short.read_bytes()[:30])
    with pytest.raises(SpecError, match=r"head\.wav is damaged or cut short"):
        sequences(tmp_path / "head.wav")
    (tmp_path / "a.wav").write_text("words")
    with pytest.raises(SpecError, match=r"a\.wav holds no sequences; WAV, NPY and NPZ"):
        sequences(tmp_path / "a.wav")
    np.save(tmp_path / "few.npy", np.zeros((4, 9)))
    with pytest.raises(SpecError, match="holds 4 sequences that can be used"):
        sequences(tmp_path / "few.npy")
    np.save(tmp_path / "long.npy", np.zeros((12, 2, 3000)))
    with pytest.raises(SpecError, match="2 x 3000 numbers; 1 to 4,096"):
        sequences(tmp_path / "long.npy")
    with pytest.raises(SpecError, match="there is no such file"):
        sequences(tmp_path / "gone.wav")
    with pytest.raises(SpecError, match="No file is chosen"):
        load(SequenceTarget())
