"""Tables: what is read, what is left out and said, how rows are split, and what is refused in one sentence."""

import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from flowviz.pipeline import MAX_DIMENSIONS, Context, SpecError, TableTarget
from flowviz.targets import Density, import_file, load
from flowviz.targets import columns as columns_module
from flowviz.targets.columns import read_table

VALUES = np.random.default_rng(0).normal(size=(60, 3)) * [1.0, 20.0, 0.05] + [0.0, 300.0, -1.0]


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def text(values: NDArray[np.float64], delimiter: str = ",", header: str = "", decimal: str = ".") -> str:
    rows = [delimiter.join(f"{value:.6f}".replace(".", decimal) for value in row) for row in values]
    return "\n".join(([header] if header else []) + rows) + "\n"


def table(path: Path, **fields: object) -> Density:
    return load(TableTarget(path=str(path), **fields))  # type: ignore[arg-type]


def every_row(target: Density) -> NDArray[np.float64]:
    return torch.cat([target.held_out(10**6), target.train_points(10**6)]).double().numpy()


@pytest.mark.parametrize(
    ("delimiter", "decimal"),
    [(",", "."), (";", "."), (";", ","), ("\t", "."), ("\t", ","), ("|", "."), (" ", "."), ("   ", ".")],
)
@pytest.mark.parametrize("header", [True, False])
def test_delimiter_decimal_sign_and_header_are_found(
    tmp_path: Path, delimiter: str, decimal: str, header: bool
) -> None:
    names = ("speed", "mass", "x3")
    path = write(tmp_path / "a.csv", text(VALUES, delimiter, delimiter.join(names) if header else "", decimal))
    found = read_table(path)
    assert found.names == (names if header else ("column 1", "column 2", "column 3"))
    assert np.allclose(found.values, VALUES, atol=1e-6)
    assert found.notes == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_names_in_other_scripts(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path / "a.csv", text(VALUES, ",", "속도,질량,높이"), encoding)
    assert read_table(path).names == ("속도", "질량", "높이")


def test_quotes_comments_and_line_ends(tmp_path: Path) -> None:
    rows = "".join(f'"{i}", "{i * i}.5",-{i}e-1\r\n' for i in range(20))
    found = read_table(write(tmp_path / "a.csv", f'# made by hand\r\n"a, first","b",c\r\n{rows}\r\n# end\r\n'))
    assert found.names == ("a, first", "b", "c")
    assert found.values[3].tolist() == [3.0, 9.5, -0.3]
    assert len(found.values) == 20


def test_names_are_made_different(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", text(VALUES[:, [0, 1, 2, 0]], ",", "x,x,,x"))
    assert read_table(path).names == ("x", "x (2)", "column 3", "x (3)")


def test_rows_that_do_not_fit_are_counted(tmp_path: Path) -> None:
    rows = text(VALUES, ",", "a,b,c").splitlines()
    rows[5], rows[9] = rows[5] + ",1,2", "3.5"
    rows[12], rows[13], rows[14] = "nan,1,2", "1,,2", "1,unknown,2"
    target, notes, names = import_file(write(tmp_path / "a.csv", "\n".join(rows)))
    assert isinstance(target, TableTarget)
    assert names == ("a", "b", "c")
    assert [*notes] == [
        "Rows of a.csv left out because they do not have 3 fields: 2.",
        "Rows of a.csv left out because a number is missing: 3 of 58.",
    ]
    loaded = load(target)
    assert loaded.notes == notes
    assert loaded.train_count + loaded.held_out_count == 55
    keep = [i for i in range(60) if i + 1 not in (5, 9, 12, 13, 14)]
    assert np.allclose(np.sort(every_row(loaded), 0), np.sort(VALUES[keep], 0), atol=1e-4)


def test_text_columns_are_left_out_and_named(tmp_path: Path) -> None:
    rows = "".join(f"{i % 3}x,{i * 0.5},2020-01-{i % 28 + 1:02},{-i * 1.5}\n" for i in range(40))
    path = write(tmp_path / "a.csv", "kind,u,day,v\n" + rows)
    target, notes, names = import_file(path)
    assert names == ("u", "v")
    assert [*notes] == ["Columns left out because they hold text: kind, day."]
    assert load(target).columns == ("u", "v")


@pytest.mark.parametrize("standardize", [True, False])
def test_columns_are_chosen_in_their_order(tmp_path: Path, standardize: bool) -> None:
    path = write(tmp_path / "a.csv", text(VALUES, ",", "a,b,c"))
    target = table(path, columns=("c", "a"), standardize=standardize)
    assert target.columns == ("c", "a")
    assert target.event_shape == (2,)
    assert np.allclose(np.sort(every_row(target), 0), np.sort(VALUES[:, [2, 0]], 0), atol=1e-6)
    if not standardize:
        assert target.standardization is None
        return
    mean, std = target.standardization
    train = target.train_points(10**6).double()
    assert torch.allclose(mean.double(), train.mean(0), atol=1e-6)
    assert torch.allclose(std.double(), train.std(0, correction=0), rtol=1e-5)
    sample = target.sample(4000, torch.Generator().manual_seed(0)).double()
    assert torch.allclose(sample.mean(0), train.mean(0), atol=0.1)


def test_rows_are_split_once_and_for_all(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", text(VALUES))
    target, again = table(path, held_out=0.25), load(TableTarget(path=str(path), held_out=0.25), seed=5)
    assert (target.train_count, target.held_out_count) == (45, 15)
    assert torch.equal(target.held_out(100), again.held_out(100))
    assert torch.equal(target.train_points(10), again.train_points(100)[:10])
    train = {tuple(row) for row in target.train_points(100).tolist()}
    held = {tuple(row) for row in target.held_out(100).tolist()}
    assert len(train) == 45
    assert len(held) == 15
    assert not train & held
    drawn = target.sample(2000, torch.Generator().manual_seed(0))
    assert drawn.shape == (2000, 3)
    assert {tuple(row) for row in drawn.tolist()} == train
    assert torch.equal(drawn, target.sample(2000, torch.Generator().manual_seed(0)))


def test_what_a_table_does_not_know(tmp_path: Path) -> None:
    target = table(write(tmp_path / "a.csv", text(VALUES)))
    assert (target.title, target.entropy, target.has_log_prob) == ("a.csv", None, False)
    with pytest.raises(ValueError, match="not known"):
        target.log_prob(target.held_out(3))
    hues = target.labels(target.held_out(100))
    assert ((hues >= 0) & (hues < 1)).all()
    low, high = target.range(1)
    assert low < VALUES[:, 1].min() + 10
    assert high > VALUES[:, 1].max() - 10
    assert target.box == (*target.range(0), *target.range(1))


def test_one_column_is_fine(tmp_path: Path) -> None:
    target = table(write(tmp_path / "a.txt", text(VALUES[:, :1])))
    assert target.event_shape == (1,)
    assert target.box[2:] == (0.0, 1.0)
    hues = target.labels(target.held_out(100))
    assert ((hues >= 0) & (hues < 1)).all()
    assert table(write(tmp_path / "b.csv", text(VALUES[:, :1], ",", "only"))).columns == ("only",)


def test_constant_few_and_distant_values_are_noted(tmp_path: Path) -> None:
    count = 600
    rng = np.random.default_rng(1)
    values = np.stack(
        [np.full(count, 2.5), rng.integers(0, 5, count), 1e9 + rng.normal(size=count), rng.normal(size=count)], 1
    )
    target = table(write(tmp_path / "a.csv", text(values, ",", "still,dice,far,fine")))
    assert [*target.notes] == [
        "Always the same number: still. No density exists along it; its standard deviation is taken as 1.",
        "Far from zero for how little they vary, so 32-bit numbers blur them: far. Subtract an offset first.",
        "Only a few different values: dice. The likelihood of such columns can grow without bound.",
    ]
    mean, std = target.standardization
    assert (float(mean[0]), float(std[0])) == (2.5, 1.0)
    assert all(low < high for low, high in map(target.range, range(4)))


def test_npy_of_any_kind_of_number(tmp_path: Path) -> None:
    for kind in (np.float64, np.float32, np.int16, np.uint8):
        np.save(tmp_path / "a.npy", np.arange(60).reshape(20, 3).astype(kind))
        found = read_table(tmp_path / "a.npy")
        assert found.names == ("column 1", "column 2", "column 3")
        assert found.values[1].tolist() == [3.0, 4.0, 5.0]
    np.save(tmp_path / "line.npy", np.linspace(0.0, 1.0, 30))
    assert table(tmp_path / "line.npy").event_shape == (1,)
    fields = np.zeros(20, [("t", "f8"), ("name", "U5"), ("n", "i4")])
    fields["t"] = np.arange(20)
    np.save(tmp_path / "fields.npy", fields)
    assert read_table(tmp_path / "fields.npy").names == ("t", "n")
    np.save(tmp_path / "fortran.npy", np.asfortranarray(VALUES))
    assert np.array_equal(read_table(tmp_path / "fortran.npy").values, VALUES)


def test_npz_takes_the_first_array_with_rows_or_the_named_one(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", label=np.arange(60), points=VALUES, other=VALUES[:, :2])
    target, notes, names = import_file(tmp_path / "a.npz")
    assert len(names) == 3
    assert [*notes] == ["Of a.npz, the array 'points' is used, not label, other."]
    assert load(target).event_shape == (3,)
    assert table(tmp_path / "a.npz", array="other").event_shape == (2,)
    with pytest.raises(SpecError, match=r"^a\.npz has no array 'pts'; there are label, points, other\.$"):
        table(tmp_path / "a.npz", array="pts")
    np.savez_compressed(tmp_path / "b.npz", x=VALUES[:, 0], y=VALUES[:, 1])
    assert table(tmp_path / "b.npz").columns == ("x", "y")


def test_a_million_rows(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(1_000_000, 2)).round(4)
    path = tmp_path / "big.csv"
    with path.open("w") as stream:
        stream.write("a,b\n")
        stream.write("\n".join(f"{a},{b}" for a, b in values.tolist()))
    target = table(path)
    assert (target.train_count, target.held_out_count) == (800_000, 200_000)
    assert np.array_equal(read_table(path).values, values)


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", text(VALUES))
    assert read_table(path) is read_table(path)
    write(path, text(VALUES[:30]))
    os.utime(path, ns=(1, 1))
    assert len(read_table(path).values) == 30


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.csv", b"", "empty.csv is empty."),
        ("blank.csv", b"\n \n\n", "blank.csv has no rows."),
        ("header.csv", b"a,b,c\n", "header.csv has no rows."),
        ("words.csv", b"a,b\n" + b"no,numbers\n" * 20, "words.csv has no column of numbers."),
        ("prose.txt", b"It was a dark night.\n" * 3, "prose.txt has no column of numbers."),
        (
            "few.csv",
            b"a,b\n" + b"1,2\n" * 9,
            "Rows of few.csv with a number in every chosen column: 9; at least 10 are needed.",
        ),
        (
            "gaps.csv",
            b"a,b\n" + b"1,\n,2\n" * 9,
            "Rows of gaps.csv with a number in every chosen column: 0; at least 10 are needed.",
        ),
        (
            "program.exe",
            b"MZ\0\0\1\2\3" * 50,
            "program.exe is of no known kind; pictures (PNG, JPEG, GIF, BMP, TIFF, WebP), tables (CSV, NPY, NPZ), sounds (WAV) "
            "and sets of pictures (folders, IDX, CIFAR, NPY, NPZ) can be read.",
        ),
        (
            "late.csv",
            b"1,2\n" * 50 + b"\0\1",
            "late.csv is neither text nor an array; tables are read from CSV, NPY and NPZ files.",
        ),
        ("vast.csv", b"1,1e200\n" * 20, "vast.csv holds numbers as large as 1e+200; at most 1e30 can be used."),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SpecError) as refused:
        import_file(tmp_path / name)
    assert str(refused.value) == sentence


def test_arrays_that_are_no_tables_are_refused(tmp_path: Path) -> None:
    cases = {
        "five.npy": (np.zeros((1, 2, 4, 5, 6)), "five.npy has shape 1 x 2 x 4 x 5 x 6; a table has rows and columns."),
        "point.npy": (np.array(3.0), "point.npy holds a single number; a table has rows and columns."),
        "complex.npy": (np.ones((20, 2), complex), "complex.npy holds complex128 values; a table has real numbers."),
        "words.npy": (np.array([["a", "b"]] * 20), "words.npy holds str32 values; a table has real numbers."),
        "none.npy": (np.zeros((0, 3)), "none.npy has no column of numbers."),
        "objects.npy": (
            np.array([{"a": 1}, None], object),
            "objects.npy holds Python objects, which are never unpacked; save plain numbers.",
        ),
    }
    for name, (array, sentence) in cases.items():
        np.save(tmp_path / name, array, allow_pickle=True)
        with pytest.raises(SpecError) as refused:
            import_file(tmp_path / name)
        assert str(refused.value) == sentence
    np.savez(tmp_path / "objects.npz", a=np.array([{"a": 1}], object))
    with pytest.raises(SpecError, match=r"^objects\.npz holds Python objects"):
        import_file(tmp_path / "objects.npz")
    np.savez(tmp_path / "odd.npz", a=np.zeros(5), b=np.zeros(6))
    with pytest.raises(SpecError, match=r"^odd\.npz has no array with rows and columns; there are a 5, b 6\.$"):
        import_file(tmp_path / "odd.npz")


@pytest.mark.parametrize("name", ["a.npy", "a.npz"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.98])
def test_truncated_arrays_are_refused(tmp_path: Path, name: str, share: float) -> None:
    if name.endswith("y"):
        np.save(tmp_path / name, VALUES)
    else:
        np.savez(tmp_path / name, VALUES)
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(content[: int(share * len(content))])
    with pytest.raises(SpecError, match=rf"^{name} is damaged or cut short: .*\.$"):
        import_file(tmp_path / name)


def test_a_damaged_archive_and_one_without_arrays(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "a.npz", VALUES)
    content = bytearray((tmp_path / "a.npz").read_bytes())
    content[200:400] = bytes(200)
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(SpecError, match=r"^a\.npz is damaged or cut short: .*\.$"):
        import_file(tmp_path / "a.npz")
    with zipfile.ZipFile(tmp_path / "letters.npz", "w") as archive:
        archive.writestr("letter.txt", "Dear reader")
    with pytest.raises(SpecError, match=r"^letters\.npz holds no arrays\.$"):
        import_file(tmp_path / "letters.npz")


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"nowhere\.csv: there is no such file\.$"):
        import_file(tmp_path / "nowhere.csv")
    with pytest.raises(SpecError, match=r"is a folder; pictures .* can be read\.$"):
        table(tmp_path)
    with pytest.raises(SpecError, match="No file is chosen"):
        load(TableTarget())
    with pytest.raises(SpecError, match=r"cannot be opened"):
        import_file("a\0b.csv")


def test_columns_that_are_not_there(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", text(VALUES, ",", "a,b,c"))
    with pytest.raises(SpecError, match=r"^a\.csv has no column of numbers called 'd'; there are a, b, c\.$"):
        table(path, columns=("a", "d"))
    with pytest.raises(SpecError, match=r"^A column of a\.csv is chosen twice; each may be used once\.$"):
        table(path, columns=("a", "a"))


def test_too_large_for_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.csv", text(VALUES))
    np.save(tmp_path / "a.npy", VALUES)
    np.save(tmp_path / "wide.npy", np.zeros((12, MAX_DIMENSIONS + 1)))
    np.savez_compressed(tmp_path / "zeros.npz", a=np.zeros((1000, 300)))
    monkeypatch.setattr(columns_module, "MOST_NUMBERS", 100)
    with pytest.raises(SpecError, match=r"^a\.npy holds 180 numbers; at most 100 can be used\.$"):
        import_file(tmp_path / "a.npy")
    monkeypatch.undo()
    monkeypatch.setattr(columns_module, "MOST_BYTES", 1000)
    with pytest.raises(SpecError, match=r"^a\.csv has 0 MB; at most 0 MB can be read\.$"):
        import_file(path)
    monkeypatch.setattr(columns_module, "MOST_BYTES", 100_000)
    with pytest.raises(SpecError, match=r"^zeros\.npz unpacks to 2 MB"):
        import_file(tmp_path / "zeros.npz")
    monkeypatch.undo()
    with pytest.raises(SpecError, match=r"has 4,097 columns of numbers; at most 4,096"):
        import_file(tmp_path / "wide.npy")


def test_columns_may_be_given_instead_of_learnt(tmp_path: Path) -> None:
    """The context of each row stays with it, in every split and draw; rows need both."""
    values = np.random.default_rng(3).normal(size=(80, 4))
    values[5, 3] = np.nan
    path = write(tmp_path / "a.csv", text(values, ",", "a,b,c,d"))
    target = table(path, context=("d", "b"))
    assert (target.columns, target.event_shape) == (("a", "c"), (2,))
    assert target.context == Context(kind="numbers", count=2)
    assert target.context_names == ("d", "b")
    assert target.train_count + target.held_out_count == 79
    for (low, high), column in zip(target.context_ranges, (3, 1), strict=True):
        assert np.nanmin(values[:, column]) - 1.0 < low < -1.0
        assert 1.0 < high < np.nanmax(values[:, column]) + 1.0
    draws = target.sample_with_context(40, torch.Generator().manual_seed(0))
    assert torch.equal(draws[0], target.sample(40, torch.Generator().manual_seed(0)))
    pairs = [
        draws,
        (target.held_out(99), target.held_out_context(99)),
        (target.train_points(9), target.train_context(9)),
    ]
    for points, context in pairs:
        assert (context.dtype, context.shape) == (torch.float32, (len(points), 2))
        for point, given in zip(points.double().numpy(), context.double().numpy(), strict=True):
            row = np.abs(values[:, [0, 2]] - point).sum(1).argmin()
            assert values[row, [0, 2, 3, 1]] == pytest.approx([*point, *given], abs=1e-5)
    assert table(path, columns=("c", "d"), context=("d",)).columns == ("c",)
    with pytest.raises(SpecError, match=r"^Every column of a\.csv is a context"):
        table(path, columns=("c",), context=("c",))
    with pytest.raises(SpecError, match="no column of numbers called 'z'"):
        table(path, context=("z",))
    with pytest.raises(ValueError, match="has no context"):
        table(path).held_out_context(3)
    far = write(tmp_path / "far.csv", text(values[:, :2] + [0.0, 1990.0], ",", "a,year"))
    assert "far from the size of 1" in table(far, context=("year",)).notes[-1]
