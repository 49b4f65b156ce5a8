"""Sequences (C, T) as densities: windows of a recording, or the rows of an array; the log-density is not known.

A recording's windows are drawn from its beginning, at any moment; its end is held out, in windows beside each other. Sound
of 8 and 16 bits is made continuous: x = k/2^{b−1} + u with u uniform over one step, fresh in every training draw, so that the
density is a bound of the whole numbers' own probability.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..pipeline import MAX_DIMENSIONS, Context, Sentence, SequenceTarget, SpecError, say
from .arrayfile import Header, choose, labels_of, named_classes, read_array
from .columns import first_bytes
from .density import HELD_OUT_SEED, Density, coordinate_names, hue, train_seed
from .wav import Sound, is_wav, read_wav

FEWEST = 10
_SPLIT_SEED = 20_160_912
_CHUNK = 256
"""Fixed noise is made for so many sequences at once, so that the first n are the same whatever n is."""
_GRID = 1 << 8
"""The noise is (j + ½)/2⁸ of a step: exact in float32 for 16 bits up to the loudest value, so never on the next step."""
_LOOKED_AT = 1_000_000
"""Numbers that the ranges worth showing are taken from."""
_HELD_WINDOWS = 20_000


class _Part(ABC):
    """Sequences of one split."""

    count: int

    @abstractmethod
    def take(self, index: Tensor) -> Tensor:
        """Those of these indices (n,), (n, C, T) float32, without noise."""


class _Rows(_Part):
    def __init__(self, values: Tensor) -> None:
        self.values, self.count = values, len(values)

    def take(self, index: Tensor) -> Tensor:
        return self.values[index]


class _Windows(_Part):
    """Windows of a recording (C, T) that begin at `starts`, or, without those, at every moment."""

    def __init__(self, recording: Tensor, length: int, starts: Tensor | None = None) -> None:
        self.windows = recording.unfold(1, length, 1)
        self.starts = starts
        self.count = self.windows.shape[1] if starts is None else len(starts)

    def take(self, index: Tensor) -> Tensor:
        where = index if self.starts is None else self.starts[index]
        return self.windows[:, where].transpose(0, 1).contiguous()


class _Read(NamedTuple):
    """What a file gives: training draws, their fixed list, held-out ones; labels of the two lists where there are some."""

    draws: _Part
    train: _Part
    held_out: _Part
    values: Tensor
    """(C, N) training numbers that mean and deviation are taken from."""
    step: float = 0.0
    rate: int = 0
    labels: tuple[Tensor, Tensor] | None = None
    names: tuple[str, ...] = ()
    notes: tuple[Sentence, ...] = ()


class SequenceDensity(Density):
    """Sequences of one length."""

    def __init__(self, read: _Read, *, title: str, standardize: bool, device: torch.device, seed: int) -> None:
        self.title, self.notes, self.rate, self.device = title, read.notes, read.rate, device
        self._read = read
        channels, length = read.train.take(torch.zeros(1, dtype=torch.int64, device=device)).shape[1:]
        self.event_shape = (channels, length)
        self.columns = coordinate_names(self.event_shape)
        self.train_count, self.held_out_count = read.draws.count, read.held_out.count
        look = read.values.cpu()
        if look.numel() > _LOOKED_AT:
            at = np.random.default_rng(_SPLIT_SEED).integers(look.shape[1], size=max(1, _LOOKED_AT // channels))
            look = look[:, torch.from_numpy(at)]
        low, high = look.double().quantile(0.001, dim=1), look.double().quantile(0.999, dim=1)
        margin = torch.where(high > low, 0.1 * (high - low), 1.0)
        self._ranges = list(zip((low - margin).tolist(), (high + margin).tolist(), strict=True))
        self.box = (*self.range(0), *self.range(min(1, channels * length - 1)))
        variance, mean = torch.var_mean(read.values, 1, correction=0)
        std = variance.sqrt()
        self._loudest = 3.0 * max(float(std.max()), 1e-12)
        if standardize:
            std = torch.where(std > 1e-12, std, 1.0)
            wide = [part.float().to(device)[:, None].expand(channels, length).clone() for part in (mean, std)]
            self.standardization = (wide[0], wide[1])
        if read.labels is not None:
            self.context = Context(kind="classes", count=len(read.names))
            self.context_names = read.names
        self._seeds = {"train": train_seed(seed), "held out": HELD_OUT_SEED}
        self._chunks: dict[str, list[Tensor]] = {"train": [], "held out": []}

    def log_prob(self, x: Tensor) -> Tensor:
        raise ValueError(say("The log-density of sequences is not known."))

    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        return self._draw(n, generator)[0]

    def sample_with_context(self, n: int, generator: torch.Generator | None = None) -> tuple[Tensor, Tensor]:
        labels = self._labels(0)
        points, index = self._draw(n, generator)
        return points, labels[index]

    def _draw(self, n: int, generator: torch.Generator | None) -> tuple[Tensor, Tensor]:
        index = torch.randint(self._read.draws.count, (n,), generator=generator, device=self.device)
        return self._dequantised(self._read.draws.take(index), generator), index

    def _dequantised(self, values: Tensor, generator: torch.Generator | None) -> Tensor:
        if not self._read.step:
            return values
        noise = torch.randint(_GRID, values.shape, generator=generator, device=values.device, dtype=torch.int32)
        return values.add_(noise.float().add_(0.5), alpha=self._read.step / _GRID)

    def held_out(self, n: int) -> Tensor:
        return self._fixed("held out", self._read.held_out, n)

    def train_points(self, n: int) -> Tensor:
        return self._fixed("train", self._read.train, n)

    def _fixed(self, name: str, part: _Part, n: int) -> Tensor:
        """The noise is made on the CPU, so that every device judges by the same points."""
        n, chunks = max(0, min(n, part.count)), self._chunks[name]
        while len(chunks) * _CHUNK < n:
            start = len(chunks) * _CHUNK
            index = torch.arange(start, min(start + _CHUNK, part.count), device=self.device)
            generator = torch.Generator().manual_seed(self._seeds[name] + len(chunks))
            chunks.append(self._dequantised(part.take(index).cpu(), generator).to(self.device))
        if not n:
            return torch.empty((0, *self.event_shape), device=self.device)
        return torch.cat(chunks[: -(-n // _CHUNK)])[:n]

    def train_context(self, n: int) -> Tensor:
        return self._labels(0)[: max(0, n)]

    def held_out_context(self, n: int) -> Tensor:
        return self._labels(1)[: max(0, n)]

    def _labels(self, which: int) -> Tensor:
        if self._read.labels is None:
            raise self._no_context()
        return self._read.labels[which]

    def held_out_hues(self, n: int) -> Tensor:
        if not self.context_names:
            return super().held_out_hues(n)
        return hue(self.held_out_context(n) / len(self.context_names))

    def labels(self, x: Tensor) -> Tensor:
        """By loudness: the root mean square, against three standard deviations."""
        return hue(x.float().square().flatten(1).mean(1).sqrt() / self._loudest, wrap=False)

    def range(self, axis: int) -> tuple[float, float]:
        return self._ranges[axis // self.event_shape[1]]


def sequence_set(spec: SequenceTarget, *, device: torch.device | str = "cpu", seed: int = 0) -> SequenceDensity:
    """The sequences of a target; raises SpecError, one sentence that names the file, when they cannot be used."""
    if not spec.path:
        raise SpecError(say("No file is chosen; sequences are read from a WAV, NPY or NPZ file."))
    file, where = Path(spec.path).expanduser(), torch.device(device)
    head = first_bytes(file)
    if is_wav(head):
        read = _recording(file, spec, read_wav(file), where)
    elif head.startswith((b"\x93NUMPY", b"PK\x03\x04")):
        read = _array(file, spec, where)
    else:
        raise SpecError(say("{file} holds no sequences; WAV, NPY and NPZ files do.", file=file.name))
    return SequenceDensity(read, title=file.name, standardize=spec.standardize, device=where, seed=seed)


def holds_sequences(header: Header) -> bool:
    """(N, T), (N, C, T), or one recording (T,)."""
    return header.is_numeric and len(header.shape) in (1, 2, 3)


def _recording(file: Path, spec: SequenceTarget, sound: Sound, device: torch.device) -> _Read:
    channels, moments = sound.values.shape
    notes = list(sound.notes)
    step = sound.step
    rate = sound.rate
    if spec.rate and rate and spec.rate != rate:
        sound = sound._replace(values=resampled(sound.values, rate, spec.rate))
        notes.append(
            say(
                "{file} has {rate} moments a second; it was resampled to {wanted} by a polyphase filter.",
                file=file.name,
                rate=rate,
                wanted=spec.rate,
            )
        )
        # What a filter gives lies between the steps already.
        rate, step = spec.rate, 0.0
        moments = sound.values.shape[1]
    _fits(file, channels, spec.length)
    held = min(max(spec.length, round(spec.held_out * moments)), moments - spec.length)
    if moments < 2 * spec.length:
        raise SpecError(
            say(
                "{file} has {count} moments; for windows of {length} at least {fewest} are needed: choose a shorter window.",
                file=file.name,
                count=f"{moments:,}",
                length=spec.length,
                fewest=2 * spec.length,
            )
        )
    if not bool(sound.values.max() > sound.values.min()):
        raise SpecError(say("{file} is silent throughout.", file=file.name))
    if step:
        notes.append(
            say(
                "{file} holds whole numbers; uniform noise of one step makes them continuous, so that the density is a bound.",
                file=file.name,
            )
        )
    whole = torch.from_numpy(sound.values).to(device)
    train, held_out = whole[:, : moments - held], whole[:, moments - held :]
    return _Read(
        _Windows(train, spec.length),
        _Windows(train, spec.length, _beside_each_other(train, spec.length, device)),
        _Windows(held_out, spec.length, _beside_each_other(held_out, spec.length, device)),
        train,
        step=step,
        rate=rate or spec.rate,
        notes=tuple(notes),
    )


def _beside_each_other(recording: Tensor, length: int, device: torch.device) -> Tensor:
    """Starts of windows that do not overlap, in an order of chance, so that the first few tell of all."""
    starts = np.arange(0, recording.shape[1] - length + 1, length)
    order = np.random.default_rng(_SPLIT_SEED).permutation(starts)[:_HELD_WINDOWS]
    return torch.from_numpy(order).to(device)


def _array(file: Path, spec: SequenceTarget, device: torch.device) -> _Read:
    name, header = choose(file, spec.array, holds_sequences, "sequences, (N, T) or (N, C, T)")
    values = read_array(file, name)
    if values.ndim == 1:
        return _recording(file, spec, Sound(_real(file, values[None]), 0, 0.0, ()), device)
    rows = _real(file, values[:, None] if values.ndim == 2 else values)
    _fits(file, rows.shape[1], rows.shape[2], array=True)
    finite = np.isfinite(rows).all((1, 2))
    notes = []
    if not finite.all():
        notes.append(
            say(
                "Sequences of {file} left out because a number is missing: {count} of {total}.",
                file=file.name,
                count=f"{int((~finite).sum()):,}",
                total=f"{len(rows):,}",
            )
        )
    counted, names = named_classes(file, [labels_of(file, name)] if header.shape[0] == len(rows) else [None])
    labels, kept = counted[0], np.flatnonzero(finite)
    if len(kept) < FEWEST:
        raise SpecError(
            say(
                "{file} holds {count} sequences that can be used; at least {fewest} are needed.",
                file=file.name,
                count=len(kept),
                fewest=FEWEST,
            )
        )
    order = np.random.default_rng(_SPLIT_SEED).permutation(kept)
    held = min(max(1, round(spec.held_out * len(order))), len(order) - FEWEST // 2)
    parts = [torch.from_numpy(rows[part]).to(device) for part in (order[held:], order[:held])]
    train = _Rows(parts[0])
    split = (
        None
        if labels is None
        else tuple(torch.from_numpy(labels[part]).to(device) for part in (order[held:], order[:held]))
    )
    return _Read(
        train,
        train,
        _Rows(parts[1]),
        parts[0].transpose(0, 1).flatten(1),
        rate=spec.rate,
        labels=None if split is None else (split[0], split[1]),
        names=names,
        notes=tuple(notes),
    )


def _real(file: Path, values: NDArray[np.generic]) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):
        real = np.asarray(values, np.float32)
    if real.size and float(np.nanmax(np.abs(np.where(np.isfinite(real), real, 0.0)))) > 1e30:
        raise SpecError(say("{file} holds numbers beyond 1e30, which cannot be used.", file=file.name))
    return real


def _fits(file: Path, channels: int, length: int, *, array: bool = False) -> None:
    if channels * length <= MAX_DIMENSIONS and min(channels, length) > 0:
        return
    if array:
        raise SpecError(
            say(
                "The sequences of {file} have {channels} x {length} numbers; 1 to {most} can be learnt.",
                file=file.name,
                channels=channels,
                length=length,
                most=f"{MAX_DIMENSIONS:,}",
            )
        )
    raise SpecError(
        say(
            "Windows of {length} moments of {file} have {channels} x {length} numbers; at most {most} can be learnt: choose a "
            "length of at most {longest}.",
            file=file.name,
            channels=channels,
            length=length,
            most=f"{MAX_DIMENSIONS:,}",
            longest=MAX_DIMENSIONS // max(1, channels),
        )
    )


def resampled(values: NDArray[np.float32], rate: int, wanted: int) -> NDArray[np.float32]:
    """(C, T) at another rate, by SciPy's polyphase filter (a Kaiser window of β 5), which lets nothing alias."""
    from scipy.signal import resample_poly  # type: ignore[import-untyped]

    common = math.gcd(rate, wanted)
    return np.asarray(resample_poly(values, wanted // common, rate // common, axis=1), np.float32)
