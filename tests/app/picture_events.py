"""What an engine would say of pictures and sequences, made up: enough for the stage, the strip and the ledger to draw."""

from __future__ import annotations

import numpy as np

from flowviz.engine.messages import (
    BASE,
    DATA,
    PREPROCESSING,
    Array,
    Check,
    ContextInfo,
    Frame,
    Gallery,
    Ledger,
    TargetInfo,
    Text,
    Tile,
    VerifyReport,
)
from flowviz.pipeline import (
    ActNorm,
    AffineCoupling,
    ConvNet,
    Linear,
    PipelineSpec,
    Project,
    SequenceTarget,
    Split,
    Squeeze,
    WaveNetBase,
    say,
    trace_shapes,
)
from flowviz.pipeline.targets import ImageTarget

SHAPE = (1, 8, 8)
MOMENTS = 256


def picture_project(**fields: object) -> Project:
    """Pictures of 8 x 8 through a squeeze, couplings and a split."""
    layers = (
        Squeeze(),
        ActNorm(),
        Linear(),
        AffineCoupling(conditioner=ConvNet()),
        Split(),
        AffineCoupling(mask="odd", conditioner=ConvNet()),
    )
    return Project(pipeline=PipelineSpec(layers=layers), target=ImageTarget(path="digits"), **fields)  # type: ignore[arg-type]


def wave_project() -> Project:
    return Project(pipeline=PipelineSpec(base=WaveNetBase()), target=SequenceTarget(path="waves.npy"))


def digits(count: int, seed: int = 0) -> np.ndarray:
    """(count, 1, 8, 8) uint8: a blurred ring or stroke in each."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:8, :8] - 3.5
    found = []
    for number in range(count):
        turn = random.uniform(0, np.pi)
        stroke = np.exp(-((np.cos(turn) * x + np.sin(turn) * y) ** 2) / 2)
        ring = np.exp(-((np.hypot(x, y) - random.uniform(2, 3)) ** 2))
        found.append(stroke if number % 2 else ring)
    return np.rint(255 * np.array(found)[:, None]).astype(np.uint8)


def waves(count: int, seed: int = 0, channels: int = 1) -> np.ndarray:
    random = np.random.default_rng(seed)
    t = np.arange(MOMENTS) / MOMENTS
    pitch = random.uniform(3, 12, (count, channels, 1))
    return (np.sin(2 * np.pi * pitch * t) * np.exp(-2 * t)).astype(np.float32)


CLASSES = ContextInfo(kind="classes", count=10, names=tuple(str(i) for i in range(10)))
NUMBERS = ContextInfo(kind="numbers", count=2, names=("angle", "width"), low=(0.0, -1.0), high=(3.0, 1.0))


def picture_target(**fields: object) -> TargetInfo:
    events = digits(48)
    values: dict[str, object] = {
        "generation": 1,
        "title": "Digits",
        "event_shape": SHAPE,
        "columns": (),
        "box": (-4.0, 4.0, -4.0, 4.0),
        "has_log_prob": False,
        "gaussian_nll": 64 * np.log(2) * 2.46,
        "kde_nll": 64 * np.log(2) * 3.37,
        "train_count": 1257,
        "held_out_count": 270,
        "test_count": 270,
        "context": CLASSES,
        "events": Array.of(events),
        "classes": Array.of((np.arange(48) % 10).astype(np.int32)),
        "levels": 17,
        "mean": (0.0,),
        "std": (17.0,),
    }
    return TargetInfo(**(values | fields))  # type: ignore[arg-type]


def wave_target(**fields: object) -> TargetInfo:
    values: dict[str, object] = {
        "generation": 1,
        "title": "Plucked strings",
        "event_shape": (1, MOMENTS),
        "columns": (),
        "box": (-4.0, 4.0, -4.0, 4.0),
        "has_log_prob": False,
        "events": Array.of(waves(12)),
        "rate": 8000,
    }
    return TargetInfo(**(values | fields))  # type: ignore[arg-type]


def picture_frame(project: Project, target: TargetInfo, *, mode: str = "density", **fields: object) -> Frame:
    """A frame whose states are the events, cut to the shape that each has."""
    shapes = trace_shapes(project.pipeline, target.event_shape)
    states = [(DATA, shapes[0]), *([(PREPROCESSING, shapes[0])] if target.mean else [])]
    active = [(layer, shape) for layer, shape in zip(project.pipeline.layers, shapes[1:], strict=True)]
    states += [(layer.uid, shape) for layer, shape in active if not layer.bypass]
    states.append((BASE, shapes[-1]))
    random = np.random.default_rng(3)
    tiles, before = [], shapes[0]
    for number, (uid, shape) in enumerate(states):
        layer = uid not in (DATA, BASE)
        split = any(one.uid == uid and isinstance(one, Split) for one in project.pipeline.layers)
        terms = None
        if layer and mode == "log_det":
            terms = Array.of((0.1 * number * random.normal(size=before)).astype(np.float32))
        counts, edges = np.histogram(random.normal(number, 2, 300), 24)
        tiles.append(
            Tile(
                uid=uid,
                log_det=1.5 * number - 4 if layer else None,
                shape=shape,
                events=Array.of(_shaped(shape, number)),
                event_range=(-1.0 * number, 2.0 * number + 1),
                terms=terms,
                left=Array.of(_shaped(shape, number + 7)) if split else None,
                histogram=(Array.of(counts.astype(np.int32)), Array.of(edges.astype(np.float32))) if layer else None,
            )
        )
        before = shape
    uids = tuple(uid for uid, _ in states if uid not in (DATA, BASE))
    values: dict[str, object] = {
        "generation": 1,
        "step": 1200,
        "averaged": True,
        "seconds": 0.01,
        "tiles": tuple(tiles),
        "ledger": Ledger(uids=uids, log_dets=(-12.0,) * len(uids), base=-30.0, total=-30.0 - 12.0 * len(uids)),
        "gallery": gallery(target),
    }
    return Frame(**(values | fields))  # type: ignore[arg-type]


def gallery(target: TargetInfo, kind: str = "samples", **fields: object) -> Gallery:
    events = digits(36, 5) if len(target.event_shape) == 3 else waves(8, 5)
    return Gallery(kind=kind, events=Array.of(events), **fields)  # type: ignore[arg-type]


def report() -> VerifyReport:
    normal = np.linspace(-2.5, 2.5, 41).astype(np.float32)
    band = np.stack([normal, normal + 0.1 * np.sin(normal), normal - 0.2, normal + 0.2], 1)
    return VerifyReport(
        id=1,
        step=1200,
        checks=(
            Check(name=Text.of(say("Round trip")), value=2.4e-7, limit=1e-4, passed=True, unit="data units"),
            Check(name=Text.of(say("Log-det against autograd")), value=3.1e-6, limit=1e-3, passed=True, uid="l2"),
            Check(name=Text.of(say("Log-det against autograd")), value=0.4, limit=1e-3, passed=False, uid="l4"),
            Check(name=Text.of(say("Sliced Wasserstein distance")), value=0.12),
        ),
        quantiles=Array.of(band.astype(np.float32)),
        seconds=1.5,
    )


def _shaped(shape: tuple[int, ...], seed: int) -> np.ndarray:
    if len(shape) == 3:
        random = np.random.default_rng(seed)
        base = digits(9, seed).repeat(shape[0], 1)[:, :, :: 8 // shape[1], :: 8 // shape[2]]
        return np.clip(base + random.normal(0, 20, base.shape), 0, 255).astype(np.uint8)
    return waves(3, seed, shape[0]) if len(shape) == 2 else np.zeros((3, *shape), np.float32)
