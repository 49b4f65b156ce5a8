"""The step of an optimiser over all weights at once: flat tensors for weights, gradients, moments and averages.

The weights of a flow are many small tensors, and on small flows the work per tensor costs as much as the arithmetic. So
every trainable parameter becomes a slice of a flat tensor (its identity stays), and clipping, the optimiser and the moving
average each are one operation. Parameters of one age share a flat tensor; a layer added in mid-training starts its own, so
that Adam's bias correction and the average's warm-up count from its own first step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from ..pipeline import Training

ALIGNMENT = 16
"""Slices start at multiples of this many numbers (64 bytes), as tensors of their own do."""
SHORT_AVERAGE = 81
"""Age of an average at which its decay is (1 + 81)/(10 + 81) = 0.9: it remembers about ten steps."""


@dataclass
class Learnt:
    """What is known of one parameter besides its value: steps taken, moments, moving average and its steps."""

    age: int = 0
    moments: dict[str, Tensor] = field(default_factory=dict)
    average: Tensor | None = None
    average_age: int = 0

    def clone(self) -> Learnt:
        """A copy that further steps don't change."""
        moments = {name: moment.clone() for name, moment in self.moments.items()}
        return Learnt(self.age, moments, None if self.average is None else self.average.clone(), self.average_age)


class Chunk:
    """Trainable parameters of one age, as slices of flat tensors."""

    def __init__(self, parameters: list[nn.Parameter], age: int, average_age: int) -> None:
        self.parameters, self.age, self.average_age = parameters, age, average_age
        self.offsets, end = [], 0
        for parameter in parameters:
            self.offsets.append(end)
            end += -(-parameter.numel() // ALIGNMENT) * ALIGNMENT
        self.weights = nn.Parameter(parameters[0].new_zeros(end))
        self.gradient = torch.zeros_like(self.weights, requires_grad=False)
        self.average = torch.zeros_like(self.gradient)
        self.weights.grad = self.gradient
        for parameter, weights, gradient in zip(
            parameters, self.slices(self.weights.detach()), self.slices(self.gradient), strict=True
        ):
            weights.copy_(parameter.detach())
            parameter.data = weights
            parameter.grad = gradient

    def slices(self, flat: Tensor) -> list[Tensor]:
        """Views of `flat`, one for each parameter, in its shape."""
        return [
            flat[offset : offset + parameter.numel()].view(parameter.shape)
            for offset, parameter in zip(self.offsets, self.parameters, strict=True)
        ]

    def flatten(self, parts: Iterable[Tensor]) -> Tensor:
        """A flat tensor with these slices, one for each parameter."""
        flat = torch.zeros_like(self.gradient)
        for target, part in zip(self.slices(flat), parts, strict=True):
            target.copy_(part)
        return flat

    @torch.no_grad()
    def update_average(self, ema: float) -> None:
        """a <- d a + (1 - d) w with d = min(ema, (1 + t)/(10 + t)): the start is forgotten, however short the run."""
        if self.average_age == 0:
            self.average.copy_(self.weights)
        else:
            decay = min(ema, (1.0 + self.average_age) / (10.0 + self.average_age))
            self.average.lerp_(self.weights, 1.0 - decay)
        self.average_age += 1


class Optimization:
    """Optimiser, clipping and moving average of the given parameters; `learnt` is what is known from before.

    Settings are read anew at every step, so that all of them but the kind of the optimiser may change between two steps.
    """

    def __init__(
        self,
        parameters: Iterable[nn.Parameter],
        training: Training,
        learnt: Mapping[nn.Parameter, Learnt] | None = None,
    ) -> None:
        self.kind = training.optimizer
        known = dict(learnt or {})
        groups: dict[tuple[int, int, tuple[str, ...]], list[nn.Parameter]] = {}
        for parameter in parameters:
            of = known.setdefault(parameter, Learnt())
            groups.setdefault((of.age, of.average_age, tuple(of.moments)), []).append(parameter)
        self.chunks = [Chunk(members, age, average_age) for (age, average_age, _), members in groups.items()]
        self._optimizer = _optimizer([chunk.weights for chunk in self.chunks], self.kind) if self.chunks else None
        for chunk in self.chunks:
            self._fill(chunk, [known.pop(parameter) for parameter in chunk.parameters])
        self._resting = {parameter: of.clone() for parameter, of in known.items()}
        for parameter in self._resting:
            parameter.data, parameter.grad = parameter.data.clone(), None

    def _fill(self, chunk: Chunk, known: list[Learnt]) -> None:
        if chunk.average_age:
            chunk.average.copy_(chunk.flatten(of.average for of in known if of.average is not None))
        if chunk.age and self._optimizer is not None:
            state = {name: chunk.flatten(of.moments[name] for of in known) for name in known[0].moments}
            if self.kind != "sgd":
                where = chunk.weights.device if self._optimizer.defaults["fused"] else "cpu"
                state["step"] = torch.tensor(float(chunk.age), device=where)
            self._optimizer.state[chunk.weights] = state

    def zero_gradient(self) -> None:
        for chunk in self.chunks:
            chunk.gradient.zero_()

    def gradient_norm(self) -> Tensor:
        """Euclidean norm of the whole gradient, a scalar tensor."""
        norms = [torch.linalg.vector_norm(chunk.gradient) for chunk in self.chunks]
        total: Tensor = norms[0] if len(norms) == 1 else torch.linalg.vector_norm(torch.stack(norms))
        return total

    def clip(self, norm: Tensor | float, most: float) -> None:
        """Scales the gradient, whose norm is given, to a norm of at most `most`."""
        if isinstance(norm, float) and norm <= most:
            return
        scale = most / (norm + 1e-6) if isinstance(norm, float) else (most / (norm + 1e-6)).clamp(max=1.0)
        for chunk in self.chunks:
            chunk.gradient.mul_(scale)

    def step(self, training: Training, rate: float) -> None:
        """One step along the gradient, and one of the moving average."""
        if self._optimizer is None:
            return
        for group in self._optimizer.param_groups:
            group["lr"], group["weight_decay"] = rate, training.weight_decay
            if self.kind == "sgd":
                group["momentum"] = training.momentum
        self._optimizer.step()
        for chunk in self.chunks:
            chunk.age += 1
            if training.ema:
                chunk.update_average(training.ema)
            else:
                chunk.average_age = 0

    def shorten_average(self) -> None:
        """Lets the average remember about ten steps only, and grow again from there: what came before is another target."""
        for chunk in self.chunks:
            chunk.average_age = min(chunk.average_age, SHORT_AVERAGE)

    def learnt(self) -> dict[nn.Parameter, Learnt]:
        """What is known of every parameter met so far; those in use as views, which the next step changes."""
        found = dict(self._resting)
        for chunk in self.chunks:
            found.update(self._learnt(chunk))
        return found

    def _learnt(self, chunk: Chunk) -> Iterator[tuple[nn.Parameter, Learnt]]:
        state = self._optimizer.state.get(chunk.weights, {}) if self._optimizer is not None else {}
        moments = {name: chunk.slices(flat) for name, flat in state.items() if name != "step" and flat is not None}
        averages = chunk.slices(chunk.average)
        for i, parameter in enumerate(chunk.parameters):
            of = {name: slices[i] for name, slices in moments.items()}
            yield parameter, Learnt(chunk.age, of, averages[i] if chunk.average_age else None, chunk.average_age)


def restarted(learnt: Mapping[nn.Parameter, Learnt]) -> dict[nn.Parameter, Learnt]:
    """The same without moments: for another kind of optimiser."""
    return {parameter: Learnt(average=of.average, average_age=of.average_age) for parameter, of in learnt.items()}


def _optimizer(weights: list[nn.Parameter], kind: str) -> torch.optim.Optimizer:
    """Fused where torch has it for this device; the rate is set before every step."""
    kinds: dict[str, Callable[..., torch.optim.Optimizer]] = {
        "adam": torch.optim.Adam,
        "adamw": torch.optim.AdamW,
        "sgd": torch.optim.SGD,
    }
    make = kinds[kind]
    try:
        return make(weights, lr=0.0, fused=True)
    except RuntimeError:
        return make(weights, lr=0.0, foreach=True)
