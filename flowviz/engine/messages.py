"""What crosses the wall between the window and the engine: msgspec structs, packed as msgpack; no pickle, no torch, no Qt.

Commands are absolute ("this is the project now"), so that a lost or repeated one does no harm. Of the events, frames may be
dropped (the newest wins); everything else arrives, in order. Log-densities are in nats. Arrays of pictures have row 0 at
the smallest y.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from ..pipeline import Box, Project, Target, Text, TileMode

DATA, PREPROCESSING, BASE = "data", "preprocessing", "base"
"""The uids of the tiles that are no layers of the pipeline."""


class Array(Struct, frozen=True, array_like=True):
    """A numpy array on the wire."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes

    @classmethod
    def of(cls, values: NDArray[Any]) -> Array:
        array = np.ascontiguousarray(values)
        return cls(array.dtype.str, array.shape, array.tobytes())

    def numpy(self) -> NDArray[Any]:
        """The array again; read-only, without a copy."""
        return np.frombuffer(self.data, np.dtype(self.dtype)).reshape(self.shape)


# ---- what the window wants to see -----------------------------------------------------------------------------------


class Wanted(Struct, frozen=True, kw_only=True):
    """What is visible and therefore worth computing. Hidden views ask for nothing (resolution 0, empty, False)."""

    tile_mode: TileMode = "density"
    tile_resolution: int = 0
    """Longest side of a tile's picture in pixels; 0: no tiles."""
    turned: bool = False
    """The strip turned to the generative direction: grids are the base's lattice pulled back."""
    model_resolution: int = 0
    """Longest side of the model's density on the stage; 0: none."""
    samples: int = 0
    """Model samples on the stage."""
    selected: str = ""
    """Uid of the layer shown large with its input and output; empty: none."""
    selected_resolution: int = 0
    whole_flow: bool = False
    """All states of the coloured points, for the morph through the whole flow."""
    ledger: bool = False
    probe: tuple[float, ...] = ()
    """Point (data units, D numbers) whose ledger is wanted: the hovered or pinned one."""
    axes: tuple[int, int] = (0, 1)
    """The two coordinates shown when D > 2."""
    box: Box | None = None
    """Data range of the stage, where the user has zoomed; None: the target's own box."""
    projection: Literal["axes", "principal"] = "axes"
    """What is seen of D > 2: two coordinates, or the data's first two principal components (of every state by the data's
    at the data, by its own points' elsewhere)."""
    pictures: int = 0
    """Pictures (or sequences) that each tile shows of its state; 0: none."""
    gallery: Literal["", "samples", "interpolation", "reconstruction", "nearest"] = ""
    """What the model side of the stage shows of pictures and sequences; empty: nothing."""
    gallery_count: int = 16
    ends: tuple[int, int] = (0, 1)
    """The held-out events between which the gallery interpolates."""
    temperature: float = 1.0
    context: tuple[float, ...] = ()
    """The class (one number) or the numbers for which a conditional density is shown; empty: class 0, or the middle."""
    corner: bool = False
    """All pairs of the first coordinates, data and samples (D > 2)."""
    frame_share: float = 0.12


# ---- commands: window to engine -------------------------------------------------------------------------------------


class Command(Struct, frozen=True, kw_only=True, tag_field="type"):
    pass


class SetProject(Command, frozen=True, kw_only=True, tag="set_project"):
    """The project is this now. Weights of layers whose uid and architecture stay are kept."""

    project: Project
    generation: int


class SetWanted(Command, frozen=True, kw_only=True, tag="set_wanted"):
    wanted: Wanted


class Train(Command, frozen=True, kw_only=True, tag="train"):
    """Trains to the end of the schedule, or for `steps` more steps; after the end, on at the last rate."""

    steps: int | None = None


class Pause(Command, frozen=True, kw_only=True, tag="pause"):
    pass


class Reset(Command, frozen=True, kw_only=True, tag="reset"):
    """Back to step 0 with the initial weights of the project's seed."""


class Save(Command, frozen=True, kw_only=True, tag="save"):
    """Writes a checkpoint atomically. `export` leaves out the optimiser and the history. Answered by a Reply.

    `project` is the document as the window has it (its view included)."""

    id: int
    path: str
    project: Project
    export: bool = False


class Load(Command, frozen=True, kw_only=True, tag="load"):
    """Reads a checkpoint; the Reply carries its project, and the engine takes its weights, step and history.

    The window then sends SetProject with the same project under a new generation: the weights are kept."""

    id: int
    path: str


class Import(Command, frozen=True, kw_only=True, tag="import"):
    """Reads a data file (picture, CSV, NPY, NPZ) and answers with the target that it makes."""

    id: int
    path: str


class Verify(Command, frozen=True, kw_only=True, tag="verify"):
    """Runs the laws on the flow as it is trained, layer by layer, on held-out data. Answered by a VerifyReport."""

    id: int


class Shutdown(Command, frozen=True, kw_only=True, tag="shutdown"):
    pass


AnyCommand = SetProject | SetWanted | Train | Pause | Reset | Save | Load | Import | Verify | Shutdown


# ---- events: engine to window ---------------------------------------------------------------------------------------


class Event(Struct, frozen=True, kw_only=True, tag_field="type"):
    pass


class Device(Struct, frozen=True, kw_only=True):
    name: str
    """auto, cpu, cuda or mps."""
    title: str
    available: bool
    why_not: Text = Text()


class Ready(Event, frozen=True, kw_only=True, tag="ready"):
    torch: str
    devices: tuple[Device, ...]
    threads: int
    pid: int


Phase = Literal["idle", "training", "paused", "finished", "failed"]


class State(Event, frozen=True, kw_only=True, tag="state"):
    """Where the run stands. `failed`: the pipeline or target cannot be used, or the loss went non-finite (see Failure)."""

    generation: int
    phase: Phase
    step: int
    steps: int
    device: str = ""
    threads: int = 1
    parameters: int = 0


class Picture(Struct, frozen=True, kw_only=True):
    """A function on a regular grid of cell centres over `box`: (H, W) float32 row 0 at the smallest y, or (W,) when D = 1."""

    box: Box
    values: Array


class ContextInfo(Struct, frozen=True, kw_only=True):
    """What the data can be conditioned by."""

    kind: Literal["classes", "numbers"]
    count: int
    names: tuple[str, ...]
    """Of the classes, or of the numbers."""
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    """Range of each number."""


class TargetInfo(Event, frozen=True, kw_only=True, tag="target"):
    """What is being learnt. Sent when the target changes, and again when the baselines have been computed."""

    generation: int
    title: str
    event_shape: tuple[int, ...]
    columns: tuple[str, ...]
    box: Box
    """Range of the two axes shown (D = 1: the y range is (0, 1))."""
    has_log_prob: bool
    density: Picture | None = None
    """Log-density in nats on the box, where it is known."""
    points: Array | None = None
    """Held-out points on the axes, (N, 2) float32, or (N,) when D = 1; the same that the tiles push through the flow."""
    hues: Array | None = None
    """(N,) float32 in [0, 1): the colour of each point, by where it was in the data."""
    entropy: float | None = None
    """Differential entropy in nats: the floor of the loss."""
    gaussian_nll: float | None = None
    kde_nll: float | None = None
    """Held-out NLL of the two baselines, nats."""
    train_count: int | None = None
    held_out_count: int | None = None
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()
    """Recorded standardisation; empty where none is used."""
    notes: tuple[Text, ...] = ()
    """Sentences that the user should know: rows left out, constant columns, a coarse picture."""
    context: ContextInfo | None = None
    events: Array | None = None
    """Held-out pictures (N, C, H, W) uint8 as they are shown, or sequences (N, C, T) float32 in data units."""
    classes: Array | None = None
    """(N,) int32: the class of each of `points`, where there are classes."""
    levels: int = 0
    """Of pictures: how many grey levels there are; bits/dim are −log p/(D ln 2) in units of a level."""
    rate: int = 0
    """Moments a second of a sound; 0 where that has no meaning."""
    test_count: int | None = None
    corner: Array | None = None
    """Held-out points (N, min(D, 6)) float32 for the corner plot, sent when it is wanted."""


class Tile(Struct, frozen=True, kw_only=True):
    """State h_k and the layer before it. Only what the mode asks for is filled in; D > 2 has points, no pictures."""

    uid: str
    """The layer's uid, or data, preprocessing, base."""
    log_det: float | None = None
    """Mean log|det J| of this layer over the held-out batch, nats, in the normalizing direction."""
    box: Box = (0.0, 1.0, 0.0, 1.0)
    """Range of this state; held steady while it learns."""
    picture: Picture | None = None
    """density: log p_k(h) in nats. log_det: log|det J_k| over the layer's own input."""
    points: Array | None = None
    """(N, 2) float32: the target's points at this state (D = 1: (N,))."""
    lattice: Array | None = None
    """(G, G, 2) float32: the lattice at this state; D = 1: (G,)."""
    stretch: Array | None = None
    """(G, G) float32: log of how much the lattice was stretched up to this state, nats."""
    histogram: tuple[Array, Array] | None = None
    """Counts (B,) and edges (B+1,) of log|det J_k| over the held-out batch."""
    problem: Text = Text()
    shape: tuple[int, ...] = ()
    """Of the state, one event."""
    events: Array | None = None
    """A few of the held-out events at this state: pictures (n, C, H, W) uint8, or sequences (n, C, T) float32."""
    event_range: tuple[float, float] = (0.0, 1.0)
    """The values that black and white stand for: states are normalised for showing, and this says how."""
    terms: Array | None = None
    """log_det: mean summands of log|det J_k| by place, of the layer's input shape (C, H, W) or (C, T) float32, nats."""
    left: Array | None = None
    """Of a split: what left here, shown like `events`."""


class Morph(Struct, frozen=True, kw_only=True):
    """The selected layer large: its input and its output, with the same points and lattice in the same order."""

    uid: str
    input: Tile
    output: Tile


class Ledger(Struct, frozen=True, kw_only=True):
    """base + sum(log_dets) = total = log p(x), in nats; log_dets in the normalizing direction."""

    uids: tuple[str, ...]
    log_dets: tuple[float, ...]
    base: float
    total: float


class Probe(Struct, frozen=True, kw_only=True):
    """One point through the flow."""

    point: tuple[float, ...]
    log_prob: float
    """log p(x), nats, as the flow's own `log_prob` gives it; the ledger's total differs from it by rounding."""
    ledger: Ledger
    states: Array
    """(K+1, D) float32: the point at every state, in the normalizing direction."""


class Gallery(Struct, frozen=True, kw_only=True):
    """Pictures or sequences made by the model: from fixed latents, so that one sees the same ones improve."""

    kind: Literal["samples", "interpolation", "reconstruction", "nearest"]
    events: Array
    """(N, C, H, W) uint8, or (N, C, T) float32. reconstruction: originals, then what comes back; nearest: samples, then the
    training events that are nearest to each; interpolation: in order, from one end to the other."""
    done: float = 1.0
    """Share that is sampled, where it goes pixel by pixel or moment by moment."""
    seconds_left: float | None = None
    error: float | None = None
    """reconstruction: the largest difference, in data units."""
    note: Text = Text()
    """How it was made, where there are several ways: along which path the interpolation goes."""


class Frame(Event, frozen=True, kw_only=True, tag="frame"):
    """All pictures of one moment, from one set of weights; while it trains, of most moments the tiles alone."""

    generation: int
    step: int
    averaged: bool
    """Made with the averaged weights (EMA)."""
    seconds: float
    """What it cost the engine."""
    tiles_only: bool = False
    """Only the tiles' pictures, and a probe where its point moved, are new; all else, and the tiles' points and log-dets, is
    as the last whole frame of this generation had it."""
    tiles: tuple[Tile, ...] = ()
    model: Picture | None = None
    """The model's log-density (nats) on the stage's box."""
    samples: Array | None = None
    """(N, 2) float32 on the axes (D = 1: (N,))."""
    morph: Morph | None = None
    flow: Array | None = None
    """(K+1, N, 2) float32: the coloured points at every state, data first."""
    ledger: Ledger | None = None
    """Mean over the held-out batch."""
    probe: Probe | None = None
    gallery: Gallery | None = None
    corner: Array | None = None
    """Model samples (N, min(D, 6)) float32 for the corner plot."""

    def upon(self, older: Frame) -> Frame:
        """This frame, with what it leaves out as the older one has it: then `step` is that of the last whole frame."""
        if not self.tiles_only:
            return self
        return msgspec.structs.replace(older, tiles=self.tiles, probe=self.probe or older.probe, seconds=self.seconds)


class Metrics(Event, frozen=True, kw_only=True, tag="metrics"):
    """Figures since the last one, a few times a second."""

    generation: int
    step: int
    """Steps done; train[i] is the loss (nats) of step `step - len(train) + 1 + i`."""
    train: Array
    held_out_steps: tuple[int, ...] = ()
    held_out: tuple[float, ...] = ()
    """Held-out NLL in nats, data units."""
    learning_rate: float = 0.0
    gradient_norm: float = 0.0
    steps_per_second: float = 0.0
    samples_per_second: float = 0.0
    memory: int = 0
    """Resident bytes of the engine; on a GPU, allocated bytes there."""
    frames_per_second: float = 0.0
    frame_share: float = 0.0


class History(Event, frozen=True, kw_only=True, tag="history"):
    """All losses from step 1: sent after a load, a reset and a restart, and replaces what the plots hold."""

    generation: int
    train_steps: Array
    train: Array
    held_out_steps: Array
    held_out: Array


class Check(Struct, frozen=True, kw_only=True):
    """One line of a report: a law, its figure, and what it should not exceed."""

    name: Text
    value: float | None
    limit: float | None = None
    passed: bool | None = None
    """None: a figure to know, with no rule."""
    unit: str = ""
    uid: str = ""
    """Of the layer that it is about; empty: the whole flow."""
    note: Text = Text()


class VerifyReport(Event, frozen=True, kw_only=True, tag="verify_report"):
    """Whether the flow is true: laws layer by layer, integral, latent normality, distance between samples and data."""

    id: int
    step: int
    checks: tuple[Check, ...] = ()
    quantiles: Array | None = None
    """(Q, 4) float32: normal quantile, latent quantile (held-out, all coordinates), lower and upper 95 % band."""
    error: Text = Text()
    seconds: float = 0.0


class Log(Event, frozen=True, kw_only=True, tag="log"):
    """A sentence worth reading, no error: weights kept, a layer made anew."""

    sentence: Text


class Failure(Event, frozen=True, kw_only=True, tag="failure"):
    """What went wrong, in one sentence, and what would fix it. Nothing is lost by it."""

    code: Literal["target", "pipeline", "non_finite", "file", "device", "memory", "internal"]
    sentence: Text
    uid: str = ""
    remedy: Text = Text()
    generation: int = 0


class Reply(Event, frozen=True, kw_only=True, tag="reply"):
    """Answers Save, Load and Import; `error` is one sentence, or empty."""

    id: int
    error: Text = Text()
    path: str = ""
    project: Project | None = None
    target: Target | None = None
    notes: tuple[Text, ...] = ()
    columns: tuple[str, ...] = ()
    """Of an imported table: every numeric column there is to choose from."""


AnyEvent = Ready | State | TargetInfo | Frame | Metrics | History | Log | Failure | Reply | VerifyReport

_encoder = msgspec.msgpack.Encoder()
_commands: msgspec.msgpack.Decoder[AnyCommand] = msgspec.msgpack.Decoder(AnyCommand)
_events: msgspec.msgpack.Decoder[AnyEvent] = msgspec.msgpack.Decoder(AnyEvent)


def encode(message: Command | Event) -> bytes:
    """Packs a message for the wire."""
    return _encoder.encode(message)


def decode_command(data: bytes) -> AnyCommand:
    """Unpacks what the window sent; raises msgspec.ValidationError on anything else."""
    return _commands.decode(data)


def decode_event(data: bytes) -> AnyEvent:
    """Unpacks what the engine sent; raises msgspec.ValidationError on anything else."""
    return _events.decode(data)
