"""Targets: what is to be learnt, as a value that a project can keep."""

from __future__ import annotations

import zlib
from typing import Annotated, Any, ClassVar

import numpy as np
from msgspec import Meta, Struct
from numpy.typing import NDArray

CANVAS = 256
"""Cells along each side of the canvas."""
Box = tuple[float, float, float, float]
"""(x minimum, x maximum, y minimum, y maximum), in data units."""


class TargetSpec(Struct, frozen=True, kw_only=True, tag_field="kind", forbid_unknown_fields=True):
    title: ClassVar[str] = ""

    @property
    def kind(self) -> str:
        return str(self.__struct_config__.tag)


class NamedTarget(TargetSpec, frozen=True, kw_only=True, tag="named"):
    """A density known by name (`flowviz targets` lists them)."""

    name: Annotated[str, Meta(title="Name", description="One of the named densities")] = "two_moons"

    title = "Named density"


class DrawnTarget(TargetSpec, frozen=True, kw_only=True, tag="drawn"):
    """A painted density, or a picture taken as one: constant on each of 256 x 256 cells of `box`.

    `cells` is zlib-compressed little-endian uint16, row-major, row 0 at the smallest y. Only ratios matter.
    """

    cells: bytes = b""
    box: Annotated[Box, Meta(title="Box", description="Where the canvas lies", extra={"unit": "data units"})] = (
        -4.0,
        4.0,
        -4.0,
        4.0,
    )
    source: Annotated[str, Meta(title="Source", description="The picture that it was made from")] = ""

    title = "Drawn density"

    @classmethod
    def from_array(cls, cells: NDArray[Any], *, box: Box = (-4.0, 4.0, -4.0, 4.0), source: str = "") -> DrawnTarget:
        """Makes the target from cells (256, 256) of non-negative weights: 0..65535, or floats 0..1."""
        array = np.asarray(cells)
        if array.shape != (CANVAS, CANVAS):
            raise ValueError(f"a canvas has {CANVAS} x {CANVAS} cells, not {' x '.join(map(str, array.shape))}")
        if array.dtype.kind == "f":
            array = np.rint(np.clip(array, 0.0, 1.0) * 65535.0)
        return cls(cells=zlib.compress(array.astype("<u2").tobytes(), 6), box=box, source=source)

    def array(self) -> NDArray[np.uint16]:
        """The cells, (256, 256) uint16, row 0 at the smallest y; all zero when nothing was drawn."""
        if not self.cells:
            return np.zeros((CANVAS, CANVAS), np.uint16)
        try:
            raw = zlib.decompressobj().decompress(self.cells, 2 * CANVAS * CANVAS + 1)
        except zlib.error as error:
            raise ValueError(f"the drawing cannot be unpacked ({error})") from error
        if len(raw) != 2 * CANVAS * CANVAS:
            raise ValueError(f"the drawing holds {len(raw)} bytes, not {2 * CANVAS * CANVAS}")
        return np.frombuffer(raw, "<u2").reshape(CANVAS, CANVAS).astype(np.uint16)


class TableTarget(TargetSpec, frozen=True, kw_only=True, tag="table"):
    """Rows of a CSV, NPY or NPZ file."""

    path: Annotated[str, Meta(title="File", description="CSV, NPY or NPZ with one row a point")] = ""
    columns: Annotated[
        tuple[str, ...], Meta(title="Columns", description="Which columns, in order; none means every numeric column")
    ] = ()
    array: Annotated[
        str, Meta(title="Array", description="Which array of an NPZ file; empty means the first that has rows")
    ] = ""
    standardize: Annotated[
        bool,
        Meta(
            title="Standardise", description="Train on (x − mean)/sd; its Jacobian is counted, and samples are undone"
        ),
    ] = True
    held_out: Annotated[
        float, Meta(title="Held out", description="Share of the rows kept aside to judge by", gt=0.0, lt=0.9)
    ] = 0.2

    context: Annotated[
        tuple[str, ...],
        Meta(
            title="Context columns",
            description="Columns that the density may be conditioned by instead of learning them",
        ),
    ] = ()

    title = "Table"


class ImageTarget(TargetSpec, frozen=True, kw_only=True, tag="images"):
    """Pictures of one size: a folder, an IDX file (MNIST's), CIFAR's binary batches, an NPY or NPZ array.

    An event (C, H, W) is in levels: a whole level 0..Q−1 plus uniform noise in [0, 1), so that its density is a bound of the
    levels' probability; the standardisation (0, Q) takes it to [0, 1) before the first layer.
    """

    path: Annotated[str, Meta(title="File or folder", description="A folder, or an IDX, CIFAR, NPY or NPZ file")] = ""
    array: Annotated[
        str, Meta(title="Array", description="Which array of an NPZ file; empty means the first that holds pictures")
    ] = ""
    side: Annotated[
        int,
        Meta(
            title="Side",
            description="Pictures of a folder are cropped to a centred square and resized to this side; 0 keeps their size",
            ge=0,
            le=64,
            extra={"unit": "pixels"},
        ),
    ] = 32
    grey: Annotated[bool, Meta(title="Grey", description="Turn colours into grey levels")] = False
    bits: Annotated[
        int, Meta(title="Bits", description="Levels kept: 2 to this power; fewer than 8 drops the finest", ge=1, le=8)
    ] = 8
    held_out: Annotated[
        float, Meta(title="Held out", description="Share of the pictures kept aside to judge by", gt=0.0, lt=0.9)
    ] = 0.2

    title = "Pictures"


class SequenceTarget(TargetSpec, frozen=True, kw_only=True, tag="sequences"):
    """Sequences (C, T): windows of a WAV file's sound (−1 to 1), or the rows of an NPY or NPZ array."""

    path: Annotated[str, Meta(title="File", description="A WAV, NPY or NPZ file")] = ""
    array: Annotated[
        str, Meta(title="Array", description="Which array of an NPZ file; empty means the first that holds sequences")
    ] = ""
    length: Annotated[
        int,
        Meta(
            title="Length",
            description="Moments in one window of a long recording",
            ge=2,
            le=4096,
            extra={"unit": "moments"},
        ),
    ] = 256
    rate: Annotated[
        int,
        Meta(
            title="Rate",
            description="A sound of another rate is resampled to this one; 0 keeps its own",
            ge=0,
            le=192_000,
            extra={"unit": "Hz"},
        ),
    ] = 0
    standardize: Annotated[
        bool, Meta(title="Standardise", description="Train on (x − mean)/sd of each channel; its Jacobian is counted")
    ] = True
    held_out: Annotated[
        float,
        Meta(title="Held out", description="Share kept aside to judge by; of a recording, its end", gt=0.0, lt=0.9),
    ] = 0.2

    title = "Sequences"


class ModelTarget(TargetSpec, frozen=True, kw_only=True, tag="model"):
    """A trained flow as the target: its density is known and it can be sampled without end (a teacher to distil from)."""

    path: Annotated[str, Meta(title="Checkpoint", description="A flow saved by this program")] = ""

    title = "Trained flow"


Target = NamedTarget | DrawnTarget | TableTarget | ImageTarget | SequenceTarget | ModelTarget
