"""Sets of pictures from files and folders: what is read, how it is cropped, labelled, coarsened and split, what is refused."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from flowviz.pipeline import ImageTarget, SpecError
from flowviz.targets import Density, load

RNG = np.random.default_rng(0)


def bytes_of(*shape: int) -> NDArray[np.uint8]:
    return RNG.integers(0, 256, shape, dtype=np.uint8)


def pictures(path: Path, **fields: object) -> Density:
    return load(ImageTarget(path=str(path), **fields))  # type: ignore[arg-type]


def every(target: Density) -> NDArray[np.uint8]:
    """All levels outside the test split, in no particular order."""
    return torch.cat([target.train_points(10**6), target.held_out(10**6)]).floor().to(torch.uint8).numpy()


def rows(levels: NDArray[np.uint8]) -> list[bytes]:
    return sorted(one.tobytes() for one in np.ascontiguousarray(levels))


def write_idx(path: Path, values: NDArray[np.uint8], *, kind: int = 8, sizes: tuple[int, ...] | None = None) -> Path:
    sizes = sizes or values.shape
    data = struct.pack(f">BBBB{len(sizes)}I", 0, 0, kind, len(sizes), *sizes) + values.tobytes()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


@pytest.mark.parametrize("ending", ["-idx3-ubyte", ".idx3-ubyte", "-idx3-ubyte.gz"])
def test_idx_with_its_labels_and_test_split(tmp_path: Path, ending: str) -> None:
    train, test = bytes_of(40, 5, 6), bytes_of(12, 5, 6)
    labels = np.arange(40, dtype=np.uint8) % 4 + 1
    file = write_idx(tmp_path / f"train-images{ending}", train)
    write_idx(tmp_path / f"train-labels{ending}".replace("idx3", "idx1"), labels)
    write_idx(tmp_path / f"t10k-images{ending}", test)
    write_idx(tmp_path / f"t10k-labels{ending}".replace("idx3", "idx1"), labels[:12])
    for path in (file, tmp_path):
        target = pictures(path)
        assert target.event_shape == (1, 5, 6)
        assert (target.train_count, target.held_out_count, target.test_count) == (32, 8, 12)
        assert target.context_names == ("1", "2", "3", "4")
        assert target.notes == ()
        assert rows(every(target)) == rows(train[:, None])
        assert torch.equal(target.test_points(99).floor().to(torch.uint8), torch.from_numpy(test[:, None]))
        assert torch.equal(target.test_context(99), torch.from_numpy(labels[:12].astype(np.int64) - 1))
        known = {one.tobytes(): int(label) for one, label in zip(train[:, None], labels, strict=True)}
        points, classes = target.sample_with_context(50, torch.Generator().manual_seed(0))
        levels = points.floor().to(torch.uint8).numpy()
        assert [known[one.tobytes()] for one in levels] == [int(c) + 1 for c in classes]
        trained = {one.tobytes() for one in levels}
        assert not trained & {one.tobytes() for one in target.held_out(99).floor().to(torch.uint8).numpy()}


def test_idx_headers_that_lie(tmp_path: Path) -> None:
    whole = write_idx(tmp_path / "a-images-idx3-ubyte", bytes_of(30, 4, 4), sizes=(60, 4, 4))
    target = pictures(whole)
    assert target.train_count + target.held_out_count == 30
    assert [*target.notes] == [
        "The header of a-images-idx3-ubyte says 60 x 4 x 4, but 480 bytes follow it; 30 whole pictures are used."
    ]
    packed = gzip.compress((tmp_path / "a-images-idx3-ubyte").read_bytes(), 0)
    (tmp_path / "c-images-idx3-ubyte.gz").write_bytes(packed[:-100])
    assert "whole pictures are used" in pictures(tmp_path / "c-images-idx3-ubyte.gz").notes[0]
    write_idx(tmp_path / "b-images-idx3-ubyte", bytes_of(30, 4, 4))
    write_idx(tmp_path / "b-labels-idx1-ubyte", bytes_of(29))
    counted = pictures(tmp_path / "b-images-idx3-ubyte")
    assert counted.context_names == ()
    assert [*counted.notes] == ["b-labels-idx1-ubyte holds 29 labels for 30 pictures, so none are used."]
    (tmp_path / "b-labels-idx1-ubyte").write_bytes(b"nonsense")
    assert "b-labels-idx1-ubyte does not begin like an IDX file" in pictures(tmp_path / "b-images-idx3-ubyte").notes[0]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"\x01\x02\x08\x03" + bytes(60), "does not begin like an IDX file: its first bytes are 01 02 08 03"),
        (struct.pack(">BBBB3I", 0, 0, 13, 3, 3, 4, 4) + bytes(192), "numbers of type 0d; pictures are bytes"),
        (struct.pack(">BBBBI", 0, 0, 8, 1, 40) + bytes(40), "of 1 dimensions; pictures have 3 or 4"),
        (b"\0\0\x08\x03\0\0", "it ends within its header"),
        (struct.pack(">BBBB3I", 0, 0, 8, 3, 20, 4, 4) + bytes(9), "holds no whole picture"),
        (struct.pack(">BBBB3I", 0, 0, 8, 3, 0, 4, 4), "says 0 x 4 x 4, which holds no picture"),
        (gzip.compress(bytes(9)), "does not begin like an IDX file"),
    ],
)
def test_idx_that_is_none(tmp_path: Path, data: bytes, sentence: str) -> None:
    path = tmp_path / "train-images-idx3-ubyte"
    path.write_bytes(data)
    with pytest.raises(SpecError, match=sentence) as error:
        pictures(path)
    assert str(error.value).startswith(("train-images-idx3-ubyte", "The header of train-images-idx3-ubyte"))


def cifar(count: int, labels: int) -> NDArray[np.uint8]:
    records = bytes_of(count, labels + 3072)
    records[:, 0] = np.arange(count) % 10
    records[:, labels - 1] = np.arange(count) % 10
    return records


@pytest.mark.parametrize("labels", [1, 2])
def test_cifar_batches(tmp_path: Path, labels: int) -> None:
    names = ("data_batch_1.bin", "data_batch_2.bin", "test_batch.bin") if labels == 1 else ("train.bin", "test.bin")
    batches = [cifar(12, labels) for _ in names]
    for name, batch in zip(names, batches, strict=True):
        batch.tofile(tmp_path / name)
    target = pictures(tmp_path)
    assert target.event_shape == (3, 32, 32)
    assert target.train_count + target.held_out_count == 12 * (len(names) - 1)
    assert (target.test_count, target.context.count) == (12, 10 if labels == 1 else 100)
    images = np.concatenate(batches[:-1])[:, labels:].reshape(-1, 3, 32, 32)
    assert rows(every(target)) == rows(images)
    assert target.test_context(12).tolist() == [i % 10 for i in range(12)]
    assert target.columns[1025] == "row 1, column 2, green"
    alone = pictures(tmp_path / names[0])
    assert alone.train_count + alone.held_out_count == 12
    grey = pictures(tmp_path, grey=True)
    expected = np.rint(np.einsum("c,nchw->nhw", np.array([0.299, 0.587, 0.114]), images))
    assert np.abs(np.sort(every(grey).astype(int).sum((1, 2, 3))) - np.sort(expected.sum((1, 2)))).max() <= 2
    (tmp_path / names[0]).write_bytes(b"\xff" * (labels + 3072) * 2)
    with pytest.raises(SpecError, match=f"{names[0]} is no batch of CIFAR's"):
        pictures(tmp_path)


@pytest.mark.parametrize("order", ["nhw", "nhwc", "nchw"])
def test_arrays_of_pictures(tmp_path: Path, order: str) -> None:
    levels = bytes_of(30, 1 if order == "nhw" else 3, 6, 5)
    values = levels[:, 0] if order == "nhw" else levels.transpose(0, 2, 3, 1) if order == "nhwc" else levels
    np.save(tmp_path / "a.npy", values)
    target = pictures(tmp_path / "a.npy")
    assert target.event_shape == levels.shape[1:]
    assert rows(every(target)) == rows(levels)
    assert (target.levels, target.context_names, target.test_count) == (256, (), None)


def test_levels_out_of_other_numbers(tmp_path: Path) -> None:
    levels = bytes_of(20, 4, 4)
    for name, values, note in (
        ("unit", levels / 255.0, "holds numbers from 0 to 1"),
        ("deep", levels.astype(np.uint16) * 257, "holds 16-bit numbers"),
        ("whole", levels.astype(np.int64), ""),
    ):
        np.save(tmp_path / f"{name}.npy", values)
        target = pictures(tmp_path / f"{name}.npy")
        assert rows(every(target)) == rows(levels[:, None])
        assert len(target.notes) == bool(note)
        assert all(note in said for said in target.notes)
    np.save(tmp_path / "bad.npy", levels - 300.0)
    with pytest.raises(SpecError, match=r"bad\.npy holds numbers from -"):
        pictures(tmp_path / "bad.npy")


def test_an_archive_with_labels_names_and_a_test_split(tmp_path: Path) -> None:
    train, test = bytes_of(20, 4, 4), bytes_of(5, 4, 4)
    numbers = np.arange(20) % 2
    np.savez(
        tmp_path / "a.npz", x_train=train, y_train=numbers, x_test=test, y_test=numbers[:5], class_names=["cat", "dog"]
    )
    target = pictures(tmp_path / "a.npz")
    assert (target.test_count, target.context_names) == (5, ("cat", "dog"))
    assert target.test_context(5).tolist() == [0, 1, 0, 1, 0]
    with pytest.raises(SpecError, match="has no array 'z'; there are x_train"):
        pictures(tmp_path / "a.npz", array="z")
    with pytest.raises(SpecError, match=r"holds 5 pictures that can be used; at least 10"):
        pictures(tmp_path / "a.npz", array="x_test")
    np.savez(tmp_path / "b.npz", table=np.zeros((5, 2)))
    with pytest.raises(SpecError, match=r"b\.npz has no array of pictures"):
        pictures(tmp_path / "b.npz")


@pytest.mark.parametrize("bits", [1, 5])
def test_bits_drop_the_finest_levels(tmp_path: Path, bits: int) -> None:
    levels = bytes_of(20, 4, 4)
    np.save(tmp_path / "a.npy", levels)
    target = pictures(tmp_path / "a.npy", bits=bits)
    assert target.levels == 2**bits
    assert rows(every(target)) == rows(levels[:, None] // 2 ** (8 - bits))
    assert target.standardization[1].unique().tolist() == [2.0**bits]
    shown = target.events_for_showing(target.held_out(4))
    assert (int(shown.min()), int(shown.max())) == (0, 255)


def folder_of(folder: Path, count: int = 12, size: tuple[int, int] = (10, 8), sub: str = "") -> None:
    (folder / sub).mkdir(parents=True, exist_ok=True)
    for i in range(count):
        Image.fromarray(bytes_of(size[1], size[0], 3)).save(folder / sub / f"{i:03}.png")


def test_a_folder_with_classes(tmp_path: Path) -> None:
    folder_of(tmp_path, 8, sub="cats")
    folder_of(tmp_path, 6, (20, 31), sub="dogs/old")
    (tmp_path / "notes.txt").write_text("no picture")
    target = pictures(tmp_path, side=6)
    assert target.event_shape == (3, 6, 6)
    assert (target.context_names, target.notes) == (("cats", "dogs"), ())
    classes = torch.cat([target.train_context(99), target.held_out_context(99)])
    assert torch.bincount(classes).tolist() == [8, 6]
    hues = target.held_out_hues(99)
    assert torch.allclose(hues, target.held_out_context(99) / 2.0)
    folder_of(tmp_path, 2)
    assert pictures(tmp_path, side=6).context_names == ()


def test_mixed_sizes_and_unreadable_files(tmp_path: Path) -> None:
    folder_of(tmp_path, 14, (10, 8))
    Image.fromarray(bytes_of(7, 9, 3)).save(tmp_path / "odd.png")
    (tmp_path / "torn.png").write_bytes((tmp_path / "000.png").read_bytes()[:60])
    (tmp_path / "words.jpg").write_text("not a picture")
    resized = pictures(tmp_path, side=4)
    assert resized.train_count + resized.held_out_count == 15
    assert [*resized.notes] == ["Left out because they cannot be read as pictures: torn.png, words.jpg."]
    kept = pictures(tmp_path, side=0)
    assert kept.event_shape == (3, 8, 10)
    assert kept.train_count + kept.held_out_count == 14
    assert [*kept.notes][1:] == [
        "Left out because they are not 10 x 8 pixels like most (14); a side makes all of one size: odd.png."
    ]


def test_folders_without_a_picture(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="holds no pictures"):
        pictures(tmp_path)
    (tmp_path / "a.png").write_text("no")
    with pytest.raises(SpecError, match=r"None of the 1 pictures in .* can be read"):
        pictures(tmp_path)
    folder_of(tmp_path, 12, (64, 64))
    with pytest.raises(SpecError, match=r"3 x 64 x 64 numbers; at most 4,096 .* a side of at most 36, or grey"):
        pictures(tmp_path, side=64)
    assert pictures(tmp_path, side=64, grey=True).event_shape == (1, 64, 64)
    with pytest.raises(SpecError, match=r"000\.png is one picture; choose the folder"):
        pictures(tmp_path / "000.png")
    with pytest.raises(SpecError, match="No file is chosen"):
        load(ImageTarget())


def one(tmp_path: Path, **fields: object) -> NDArray[np.uint8]:
    """The only picture of a folder, ten times."""
    file = next(tmp_path.glob("a.*"))
    for i in range(9):
        (tmp_path / f"b{i}{file.suffix}").write_bytes(file.read_bytes())
    return pictures(tmp_path, **fields).held_out(1)[0].floor().to(torch.uint8).numpy()


def test_the_middle_square_is_cut_out(tmp_path: Path) -> None:
    """A wide picture whose middle is bright: nothing of its sides is left, and no edge rings."""
    wide = np.zeros((8, 24), np.uint8)
    wide[:, 8:16] = 200
    Image.fromarray(wide).save(tmp_path / "a.png")
    levels = one(tmp_path, side=4)
    assert levels.shape == (1, 4, 4)
    assert levels.min() == levels.max() == 200


def test_shrinking_does_not_alias(tmp_path: Path) -> None:
    Image.fromarray((np.indices((32, 32)).sum(0) % 2 * 255).astype(np.uint8)).save(tmp_path / "a.png")
    levels = one(tmp_path, side=8).astype(int)
    assert np.abs(levels - 127.5).max() < 8


def test_orientation_depth_and_transparency(tmp_path: Path) -> None:
    (tmp_path / "turned").mkdir()
    upright = np.zeros((8, 8), np.uint8)
    upright[0] = 255
    picture = Image.fromarray(upright)
    exif = picture.getexif()
    exif[0x0112] = 6
    picture.save(tmp_path / "turned" / "a.png", exif=exif)
    assert np.array_equal(one(tmp_path / "turned", side=0)[0], np.rot90(upright, -1))
    (tmp_path / "deep").mkdir()
    deep = np.array([[0, 128, 129, 257 * 100, 65_535, 257 * 7 + 128]], np.uint16)
    Image.fromarray(deep).save(tmp_path / "deep" / "a.png")
    assert one(tmp_path / "deep", side=0).tolist() == [[[0, 0, 1, 100, 255, 7]]]
    (tmp_path / "clear").mkdir()
    clear = np.zeros((1, 3, 4), np.uint8)
    clear[0, :, 3] = [0, 255, 51]
    Image.fromarray(clear).save(tmp_path / "clear" / "a.png")
    assert one(tmp_path / "clear", side=0)[0].tolist() == [[255, 0, 204]]
    # What was given up is said, and only that: an alpha that lets nothing through is no loss.
    assert pictures(tmp_path / "turned", side=0).notes == ()
    assert pictures(tmp_path / "deep", side=0).notes == ("deep holds 16-bit numbers; they were rounded to 256 levels.",)
    assert pictures(tmp_path / "clear", side=0).notes == ("clear has transparent pictures; they were laid on white.",)
    (tmp_path / "opaque").mkdir()
    clear[..., 3] = 255
    Image.fromarray(clear).save(tmp_path / "opaque" / "a.png")
    one(tmp_path / "opaque", side=0)
    assert pictures(tmp_path / "opaque", side=0).notes == ()


def test_a_changed_folder_is_read_again(tmp_path: Path) -> None:
    folder_of(tmp_path, 12)
    assert pictures(tmp_path, side=4).train_count == 10
    folder_of(tmp_path, 20)
    assert pictures(tmp_path, side=4).train_count == 16
