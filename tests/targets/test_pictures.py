"""Pictures become canvases: upright, undistorted, ink dense, and every picture that cannot is refused in one sentence."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from flowviz.pipeline import CANVAS, DrawnTarget, SpecError
from flowviz.targets import import_file, load


def cells(path: Path) -> NDArray[np.float64]:
    target, _, columns = import_file(path)
    assert isinstance(target, DrawnTarget)
    assert target.source == path.name
    assert columns == ()
    return target.array() / 65_535.0


def blob(size: tuple[int, int], mode: str = "L", ink: object = 255, paper: object = 0) -> Image.Image:
    """A block of ink in the upper left quarter."""
    picture = Image.new(mode, size, paper)  # type: ignore[arg-type]
    ImageDraw.Draw(picture).rectangle((size[0] // 8, size[1] // 8, size[0] // 4, size[1] // 4), fill=ink)  # type: ignore[arg-type]
    return picture


def quarter(array: NDArray[np.float64]) -> str:
    """Which quarter of the canvas holds the ink, as seen with y upwards."""
    half = CANVAS // 2
    mass = {
        "lower left": array[:half, :half].sum(),
        "lower right": array[:half, half:].sum(),
        "upper left": array[half:, :half].sum(),
        "upper right": array[half:, half:].sum(),
    }
    best = max(mass, key=lambda name: mass[name])
    assert mass[best] == pytest.approx(sum(mass.values()), rel=1e-6)
    return best


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".gif", ".bmp", ".tif", ".webp", ".ppm"])
@pytest.mark.parametrize("dark_on_light", [False, True])
def test_ink_is_dense_in_every_format(tmp_path: Path, suffix: str, dark_on_light: bool) -> None:
    path = tmp_path / f"blob{suffix}"
    blob((300, 300), "RGB", *(("black", "white") if dark_on_light else ("white", "black"))).save(path)
    array = cells(path)
    assert array.max() == 1.0
    inked = array > 0.5
    assert inked.mean() == pytest.approx((39 / 300) ** 2, rel=0.08)
    rows, columns = inked.nonzero()
    assert rows.mean() == pytest.approx(CANVAS * (1 - 56 / 300), abs=2)
    assert columns.mean() == pytest.approx(CANVAS * 56 / 300, abs=2)
    assert array[~inked].mean() < 0.02
    assert load(import_file(path)[0]).entropy is not None


def test_dark_on_light_is_said(tmp_path: Path) -> None:
    blob((300, 300), "L", 0, 255).save(tmp_path / "ink.png")
    blob((300, 300), "L", 255, 0).save(tmp_path / "light.png")
    assert [*import_file(tmp_path / "ink.png")[1]] == [
        "ink.png is dark on light: its darkness is taken as the density."
    ]
    assert import_file(tmp_path / "light.png")[1] == ()


def test_grey_paper_is_blank_and_a_photograph_keeps_its_greys(tmp_path: Path) -> None:
    blob((256, 256), "L", 20, 240).save(tmp_path / "paper.png")
    assert (cells(tmp_path / "paper.png") == 0).mean() > 0.9
    gradient = np.tile(np.linspace(100, 200, 256).astype(np.uint8), (256, 1))
    Image.fromarray(gradient).save(tmp_path / "photo.png")
    across = cells(tmp_path / "photo.png")[128]
    assert across[0] == pytest.approx(1.0)
    assert across[-1] == pytest.approx(55 / 155, abs=0.01)
    assert (np.diff(across) <= 1e-9).all()


@pytest.mark.parametrize(
    ("orientation", "where"),
    [
        (1, "upper left"),
        (2, "upper right"),
        (3, "lower right"),
        (4, "lower left"),
        (6, "upper right"),
        (8, "lower left"),
    ],
)
def test_the_camera_says_which_way_is_up(tmp_path: Path, orientation: int, where: str) -> None:
    picture = blob((320, 320))
    exif = picture.getexif()
    exif[0x0112] = orientation
    picture.save(tmp_path / "photo.png", exif=exif)
    assert quarter(cells(tmp_path / "photo.png")) == where


@pytest.mark.parametrize("size", [(400, 100), (100, 400), (31, 17)])
def test_no_picture_is_distorted(tmp_path: Path, size: tuple[int, int]) -> None:
    """All ink but for a frame of one pixel: as wide for its height as before, and in the middle."""
    width, height = size
    Image.fromarray(np.pad(np.full((height - 2, width - 2), 255, np.uint8), 1)).save(tmp_path / "wide.png")
    inked = cells(tmp_path / "wide.png") > 0.5
    rows, columns = inked.any(1), inked.any(0)
    assert rows.sum() / columns.sum() == pytest.approx((height - 2) / (width - 2), rel=0.1)
    assert max(rows.sum(), columns.sum()) == pytest.approx(CANVAS * (1 - 2 / max(size)), abs=3)
    for side in (rows, columns):
        assert abs(int(np.flatnonzero(side)[0]) - int(np.flatnonzero(side[::-1])[0])) <= 2


def test_a_single_line_of_pixels(tmp_path: Path) -> None:
    Image.fromarray(np.repeat(np.array([[0, 255]], np.uint8), 500, 1)).save(tmp_path / "line.png")
    inked = cells(tmp_path / "line.png") > 0.5
    assert (inked.any(1).sum(), inked.any(0).sum()) == (1, CANVAS // 2)


@pytest.mark.parametrize(("ink", "name"), [((0, 0, 0, 255), "black"), ((255, 255, 255, 255), "white")])
def test_transparent_paper_is_no_ink(tmp_path: Path, ink: tuple[int, ...], name: str) -> None:
    for paper in ((0, 0, 0, 0), (255, 255, 255, 0), (200, 10, 10, 0)):
        path = tmp_path / f"{name}.png"
        blob((200, 200), "RGBA", ink, paper).save(path)
        array = cells(path)
        assert quarter(array) == "upper left"
        assert (array > 0.5).mean() == pytest.approx((26 / 200) ** 2, rel=0.1)


def test_half_transparent_ink_is_half_as_dense(tmp_path: Path) -> None:
    picture = blob((256, 256), "RGBA", (255, 255, 255, 255), (0, 0, 0, 0))
    ImageDraw.Draw(picture).rectangle((160, 160, 200, 200), fill=(255, 255, 255, 128))
    picture.save(tmp_path / "soft.png")
    array = cells(tmp_path / "soft.png")
    assert array[255 - 180, 180] == pytest.approx(128 / 255, abs=0.01)
    assert array[255 - 48, 48] == 1.0


def test_sixteen_bits_are_kept(tmp_path: Path) -> None:
    values = np.zeros((CANVAS, CANVAS), np.uint16)
    values[100, 50], values[100, 51] = 40_000, 40_010
    Image.fromarray(values).save(tmp_path / "deep.png")
    array = import_file(tmp_path / "deep.png")[0].array()
    assert array[255 - 100, 51] == 65_535
    assert array[255 - 100, 50] == round(65_535 * 40_000 / 40_010)
    floats = np.zeros((CANVAS, CANVAS), np.float32)
    floats[20:40, 20:40] = 0.25
    Image.fromarray(floats).save(tmp_path / "float.tif")
    assert quarter(cells(tmp_path / "float.tif")) == "upper left"


@pytest.mark.parametrize("mode", ["1", "P", "CMYK", "LA", "YCbCr"])
def test_every_kind_of_pixel(tmp_path: Path, mode: str) -> None:
    suffix = {"CMYK": ".jpg", "YCbCr": ".jpg"}.get(mode, ".png")
    blob((128, 128), "RGB", "white", "black").convert(mode).save(tmp_path / f"pixels{suffix}")
    inked = cells(tmp_path / f"pixels{suffix}") > 0.5
    assert inked[CANVAS // 2 :, : CANVAS // 2].sum() == inked.sum() > 0


def test_a_small_picture_is_said_to_be_coarse(tmp_path: Path) -> None:
    blob((16, 12)).save(tmp_path / "tiny.png")
    assert import_file(tmp_path / "tiny.png")[1] == (
        "tiny.png has only 16 x 12 pixels: the density has edges where they meet.",
    )


def test_a_picture_is_known_by_what_it_holds(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    blob((100, 100)).save(buffer, "PNG")
    (tmp_path / "scan.csv").write_bytes(buffer.getvalue())
    assert quarter(cells(tmp_path / "scan.csv")) == "upper left"


def _png_of_size(width: int, height: int) -> bytes:
    """A header that promises more than it holds."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000)))


@pytest.mark.parametrize(("width", "height"), [(11_000, 10_000), (60_000, 60_000)])
def test_a_huge_picture_is_refused_unopened(tmp_path: Path, width: int, height: int) -> None:
    (tmp_path / "bomb.png").write_bytes(_png_of_size(width, height))
    with pytest.raises(SpecError, match=r"^bomb\.png has .*; at most 100 million are read\.$"):
        import_file(tmp_path / "bomb.png")


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".gif", ".tif", ".webp", ".bmp"])
def test_a_truncated_picture_is_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"cut{suffix}"
    rng = np.random.default_rng(0)
    Image.fromarray(rng.integers(0, 255, (64, 64, 3), np.uint8)).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(SpecError, match=rf"^cut\{suffix} (is damaged or cut short|is no picture)"):
        import_file(path)


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.png").write_text("x,y\n1,2\n")
    with pytest.raises(SpecError, match=r"^notes\.png is no picture that can be read; PNG, JPEG, .* are\.$"):
        import_file(tmp_path / "notes.png")


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_picture_of_one_colour_is_refused(tmp_path: Path, level: int) -> None:
    Image.new("L", (90, 40), level).save(tmp_path / "flat.png")
    with pytest.raises(SpecError, match=r"^flat\.png is all of one colour; a density needs some contrast\.$"):
        import_file(tmp_path / "flat.png")
