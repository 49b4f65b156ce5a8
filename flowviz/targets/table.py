"""Tables as densities: rows of a file, split once and for all into those to train on and those to judge by."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..pipeline import MAX_DIMENSIONS, Context, Sentence, SpecError, TableTarget, say
from .columns import Table, read_table
from .csvfile import listed
from .density import Density, angle_hue

FEWEST_ROWS = 10
_SPLIT_SEED = 20_180_418
"""Of the order in which rows are split: never a project's own seed, or a new seed would train on what it is judged by."""
_LOOKED_AT = 20_000
"""Rows that ranges and warnings are taken from."""


class TableDensity(Density):
    """Rows (N, D) float32 in data units; the log-density is not known."""

    def __init__(self, spec: TableTarget, *, device: torch.device | str = "cpu") -> None:
        file = Path(spec.path)
        if not spec.path:
            raise SpecError(say("No file is chosen; a table is read from a CSV, NPY or NPZ file."))
        table = read_table(file, spec.array)
        given = spec.context
        names = tuple(name for name in spec.columns or table.names if name not in given)
        if not names:
            raise SpecError(say("Every column of {file} is a context; at least one has to be learnt.", file=file.name))
        every, both, notes = _chosen(file, table, (*names, *given))
        values, context = both[:, : len(names)], both[:, len(names) :]
        order = np.random.default_rng(_SPLIT_SEED).permutation(len(values))
        held = min(max(1, round(spec.held_out * len(values))), len(values) - FEWEST_ROWS // 2)
        train = values[order[held:]]
        self.title, self.columns, self.event_shape = file.name, names, (len(names),)
        self.device = torch.device(device)
        self.train_count, self.held_out_count = len(train), held
        self._mean, self._std, more = _moments(names, train)
        self._ranges = _ranges(train)
        self.box = (*self._ranges[0], *(self._ranges[1] if len(names) > 1 else (0.0, 1.0)))
        self._train = torch.from_numpy(train.astype(np.float32)).to(self.device)
        self._held_out = torch.from_numpy(values[order[:held]].astype(np.float32)).to(self.device)
        self._contexts = (self._tensor(context[order[held:]]), self._tensor(context[order[:held]]))
        if given:
            self.context, self.context_names = Context(kind="numbers", count=len(given)), every[len(names) :]
            self.context_ranges = tuple(_ranges(context[order[held:]]))
            more += _far_from_one(given, context[order[held:]])
        self.notes = (*table.notes, *notes, *more)
        if spec.standardize:
            self.standardization = (self._tensor(self._mean), self._tensor(self._std))

    def log_prob(self, x: Tensor) -> Tensor:
        raise ValueError(say("The log-density of a table is not known."))

    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        return self._train[self._rows(n, generator)]

    def sample_with_context(self, n: int, generator: torch.Generator | None = None) -> tuple[Tensor, Tensor]:
        context = self._given(0)
        rows = self._rows(n, generator)
        return self._train[rows], context[rows]

    def _rows(self, n: int, generator: torch.Generator | None) -> Tensor:
        return torch.randint(len(self._train), (n,), generator=generator, device=self.device)

    def held_out(self, n: int) -> Tensor:
        return self._held_out[:n]

    def train_points(self, n: int) -> Tensor:
        return self._train[:n]

    def train_context(self, n: int) -> Tensor:
        return self._given(0)[:n]

    def held_out_context(self, n: int) -> Tensor:
        return self._given(1)[:n]

    def _given(self, which: int) -> Tensor:
        if not self.context_names:
            raise self._no_context()
        return self._contexts[which]

    def range(self, axis: int) -> tuple[float, float]:
        return self._ranges[axis]

    def labels(self, x: Tensor) -> Tensor:
        if x.shape[1] == 1:
            return super().labels(x)
        white = (x - self._tensor(self._mean)) / self._tensor(self._std)
        return angle_hue(white[:, 0], white[:, 1])

    def _tensor(self, values: NDArray[np.float64]) -> Tensor:
        return torch.from_numpy(values.astype(np.float32)).to(self.device)


def _chosen(
    file: Path, table: Table, columns: tuple[str, ...]
) -> tuple[tuple[str, ...], NDArray[np.float64], list[Sentence]]:
    """The wanted columns, without the rows that lack a number in one of them."""
    names = columns or table.names
    unknown = [name for name in names if name not in table.names]
    if unknown:
        raise SpecError(
            say(
                "{file} has no column of numbers called '{name}'; there are {names}.",
                file=file.name,
                name=unknown[0],
                names=listed(table.names),
            )
        )
    if len(set(names)) < len(names):
        raise SpecError(say("A column of {file} is chosen twice; each may be used once.", file=file.name))
    if len(names) > MAX_DIMENSIONS:
        raise SpecError(
            say(
                "{file} has {count} columns of numbers; at most {most} can be learnt at once.",
                file=file.name,
                count=f"{len(names):,}",
                most=f"{MAX_DIMENSIONS:,}",
            )
        )
    values = table.values if names == table.names else table.values[:, [table.names.index(name) for name in names]]
    complete = np.isfinite(values).all(1)
    count = int(complete.sum())
    if count < FEWEST_ROWS:
        raise SpecError(
            say(
                "Rows of {file} with a number in every chosen column: {count}; at least {fewest} are needed.",
                file=file.name,
                count=count,
                fewest=FEWEST_ROWS,
            )
        )
    notes = []
    if count < len(values):
        notes.append(
            say(
                "Rows of {file} left out because a number is missing: {count} of {total}.",
                count=f"{len(values) - count:,}",
                total=f"{len(values):,}",
                file=file.name,
            )
        )
        values = values[complete]
    largest = float(np.abs(values).max())
    if largest > 1e30:
        raise SpecError(
            say(
                "{file} holds numbers as large as {largest}; at most 1e30 can be used.",
                file=file.name,
                largest=f"{largest:.0e}",
            )
        )
    return names, values, notes


def _moments(
    names: tuple[str, ...], train: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], list[Sentence]]:
    """Mean and standard deviation (divided by N) of each column, and what is to be said about them.

    A column that does not vary keeps its scale, as if its deviation were 1: any other would be an invention.
    """
    mean, std = train.mean(0), train.std(0)
    # The rounding of float32, in which a flow sees the data.
    grain = np.abs(mean) * 2.0**-23
    constant = train.max(0) == train.min(0)
    blurred = ~constant & (std < 1000.0 * grain)
    look = train[:_LOOKED_AT]
    distinct = np.array([len(np.unique(column)) for column in look.T])
    few = ~constant & (distinct <= 50) & (distinct * 10 < len(look))
    notes = []
    if constant.any():
        notes.append(
            say(
                "Always the same number: {names}. No density exists along it; its standard deviation is taken as 1.",
                names=listed(np.array(names)[constant]),
            )
        )
    if blurred.any():
        notes.append(
            say(
                "Far from zero for how little they vary, so 32-bit numbers blur them: {names}. Subtract an offset first.",
                names=listed(np.array(names)[blurred]),
            )
        )
    if few.any():
        notes.append(
            say(
                "Only a few different values: {names}. The likelihood of such columns can grow without bound.",
                names=listed(np.array(names)[few]),
            )
        )
    return mean, np.where(constant, 1.0, np.maximum(std, grain)), notes


def _far_from_one(names: tuple[str, ...], context: NDArray[np.float64]) -> list[Sentence]:
    """Context is given to the networks as it is; what is said about numbers that they take badly."""
    far = (np.abs(context.mean(0)) > 10.0) | (context.std(0) > 10.0) | (context.std(0) < 0.1)
    if not far.any():
        return []
    return [
        say(
            "Context columns are used as they are, and these are far from the size of 1, which slows learning: {names}.",
            names=listed(np.array(names)[far]),
        )
    ]


def _ranges(train: NDArray[np.float64]) -> list[tuple[float, float]]:
    """Each column's middle 99 %, with a margin of 15 % on either side."""
    low, high = np.quantile(train[:_LOOKED_AT], [0.005, 0.995], axis=0)
    margin = np.where(high > low, 0.15 * (high - low), np.maximum(1.0, np.abs(low) * 0.1))
    return [(float(a), float(b)) for a, b in zip(low - margin, high + margin, strict=True)]
