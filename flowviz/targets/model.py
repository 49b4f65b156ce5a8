"""A trained flow as a target: its density is known and it can be sampled without end, as a teacher to distil from."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor

from ..pipeline import ModelTarget, PipelineSpec, SpecError, say
from .density import HELD_OUT_SEED, Density, coordinate_names, train_seed
from .images import pixel_names

_SEEDS = 2**31
_LOOKED_AT = 512
"""Samples that the ranges worth showing are taken from."""


class Teacher(Protocol):
    """What is asked of the flow that a checkpoint holds."""

    spec: PipelineSpec
    event_shape: tuple[int, ...]
    preprocessing: Any

    def log_prob(self, x: Tensor, context: Tensor | None = None) -> Tensor: ...

    def sample(
        self, n: int, temperature: float = 1.0, seed: int | None = None, context: Tensor | None = None
    ) -> Tensor: ...


Opener = Callable[[Path, torch.device], Teacher]
"""Reads a checkpoint and gives its flow on a device; raises an error with one sentence."""


class ModelDensity(Density):
    """log p(x) of the flow, with its gradient; of a flow with classes, log 1/K Σ_c p(x | c), the class drawn evenly.

    Its entropy is not known. Fixed points are made in blocks, each with a seed of its own.
    """

    has_log_prob = True
    capturable = False

    def __init__(
        self, spec: ModelTarget, open_model: Opener, *, device: torch.device | str = "cpu", seed: int = 0
    ) -> None:
        if not spec.path:
            raise SpecError(say("No checkpoint is chosen; a trained flow is read from a file saved by this program."))
        file = Path(spec.path)
        if not file.is_file():
            raise SpecError(say("{file}: there is no such file.", file=file))
        self.device = torch.device(device)
        self._flow = open_model(file, self.device)
        if isinstance(self._flow, torch.nn.Module):
            self._flow.eval().requires_grad_(False)
        self.title, self.event_shape = file.stem, tuple(self._flow.event_shape)
        self.context = self._flow.spec.context
        if self.context.kind == "numbers":
            raise SpecError(
                say(
                    "{file} depends on numbers whose distribution is not known; a flow with classes, or without a "
                    "context, can be a target.",
                    file=file.name,
                )
            )
        self.context_names = tuple(str(c) for c in range(self.context.width))
        self._seed = seed
        self._block = 1024 if len(self.event_shape) == 1 else 128
        self._blocks: dict[int, tuple[Tensor, Tensor]] = {}
        first = self._flow.preprocessing
        if first is not None:
            self.standardization = (first.mean.detach().float(), first.std.detach().float())
        self.levels = self._levels()
        image = len(self.event_shape) == 3
        self.columns = pixel_names(self.event_shape) if image else coordinate_names(self.event_shape)
        self._ranges = self._look()
        self.box = (*self._ranges[0], *(self._ranges[1] if len(self._ranges) > 1 else (0.0, 1.0)))

    def log_prob(self, x: Tensor) -> Tensor:
        if not self.context.width:
            return self._flow.log_prob(x)
        classes = torch.arange(self.context.width, device=x.device)
        each = [self._flow.log_prob(x, c.expand(len(x))) for c in classes]
        return torch.logsumexp(torch.stack(each), 0) - math.log(self.context.width)

    @torch.no_grad()
    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        return self._draw(n, generator)[0]

    @torch.no_grad()
    def sample_with_context(self, n: int, generator: torch.Generator | None = None) -> tuple[Tensor, Tensor]:
        if not self.context.width:
            raise self._no_context()
        return self._draw(n, generator)

    def held_out(self, n: int) -> Tensor:
        return self._fixed(HELD_OUT_SEED, n)[0]

    def train_points(self, n: int) -> Tensor:
        return self._fixed(train_seed(self._seed), n)[0]

    def held_out_context(self, n: int) -> Tensor:
        return self._fixed_context(HELD_OUT_SEED, n)

    def train_context(self, n: int) -> Tensor:
        return self._fixed_context(train_seed(self._seed), n)

    def range(self, axis: int) -> tuple[float, float]:
        return self._ranges[axis]

    def _draw(self, n: int, generator: torch.Generator | None) -> tuple[Tensor, Tensor]:
        """The flow draws by a seed, which the generator gives."""
        where = self.device if generator is None else generator.device
        seed = int(torch.randint(_SEEDS, (), generator=generator, device=where))
        if not self.context.width:
            return self._flow.sample(n, seed=seed), torch.empty(n, 0, device=self.device)
        classes = torch.randint(self.context.width, (n,), generator=generator, device=where).to(self.device)
        return self._flow.sample(n, seed=seed, context=classes), classes

    @torch.no_grad()
    def _fixed(self, seed: int, n: int) -> tuple[Tensor, Tensor]:
        blocks = range(seed, seed + max(1, math.ceil(n / self._block)))
        for block in blocks:
            if block not in self._blocks:
                self._blocks[block] = self._draw(self._block, torch.Generator().manual_seed(block))
        points, context = zip(*(self._blocks[block] for block in blocks), strict=True)
        return torch.cat(points)[: max(0, n)], torch.cat(context)[: max(0, n)]

    def _fixed_context(self, seed: int, n: int) -> Tensor:
        if not self.context.width:
            raise self._no_context()
        return self._fixed(seed, n)[1]

    def _levels(self) -> int:
        """Of pictures whose standardisation is (0, Q) throughout: they were learnt in Q levels."""
        if len(self.event_shape) != 3 or self.standardization is None:
            return 0
        mean, std = self.standardization
        levels = round(float(std.flatten()[0]))
        even = levels >= 2 and bool((std == levels).all()) and not bool(mean.any())
        return levels if even else 0

    def _look(self) -> list[tuple[float, float]]:
        """Each coordinate's middle 99 % with a margin of 15 %, or all levels."""
        if self.levels:
            return [(0.0, float(self.levels))] * math.prod(self.event_shape)
        points = self.train_points(min(_LOOKED_AT, self._block)).flatten(1).double().cpu().nan_to_num(0.0)
        low, high = points.quantile(torch.tensor([0.005, 0.995], dtype=torch.float64), dim=0)
        margin = torch.where(high > low, 0.15 * (high - low), 1.0)
        return list(zip((low - margin).tolist(), (high + margin).tolist(), strict=True))
