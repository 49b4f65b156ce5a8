"""The step of an optimiser over all weights at once: flat tensors for weights, gradients, moments and averages.

The weights of a flow are many small tensors, and on small flows the work per tensor costs as much as the arithmetic. So
every trainable parameter becomes a slice of a flat tensor (its identity stays), and clipping, the optimiser and the moving
average each are one operation. Parameters of one age share a flat tensor; a layer added in mid-training starts its own, so
that Adam's bias correction and the average's warm-up count from its own first step.

The arithmetic is that of torch's own fused kernels, which are called without `torch.optim` around them: between two steps
the caches are cold, and its bookkeeping took twice as long as the kernel.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from ..pipeline import Training
from .dials import Dial

ALIGNMENT = 16
"""Slices start at multiples of this many numbers (64 bytes), as tensors of their own do."""
SHORT_AVERAGE = 81
"""Age of an average at which its decay is (1 + 81)/(10 + 81) = 0.9: it remembers about ten steps."""
MOMENTS = {"adam": ("exp_avg", "exp_avg_sq"), "adamw": ("exp_avg", "exp_avg_sq"), "sgd": ("momentum_buffer",)}
"""What each kind of optimiser keeps of the past gradients, by the names that torch and the files give it."""
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8
"""Of Adam (Kingma, Ba 2015, arXiv 1412.6980) and AdamW (Loshchilov, Hutter 2019, arXiv 1711.05101)."""


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

    def __init__(
        self, parameters: list[nn.Parameter], age: int, average_age: int, kind: str, *, static: bool = False
    ) -> None:
        self.parameters, self.age, self.average_age = parameters, age, average_age
        self.offsets, end = [], 0
        for parameter in parameters:
            self.offsets.append(end)
            end += -(-parameter.numel() // ALIGNMENT) * ALIGNMENT
        self.weights = parameters[0].detach().new_zeros(end)
        self.gradient = torch.zeros_like(self.weights)
        self.average = torch.zeros_like(self.weights)
        self.moments = {name: torch.zeros_like(self.weights) for name in MOMENTS[kind]}
        self.steps = torch.full((), float(age), dtype=torch.float32, device=self.weights.device)
        """`age`, where the kernels of Adam look for it."""
        self.renewal = Dial(1.0, self.weights if static else None)
        """The share of the weights in the next average, 1 − d."""
        for parameter, weights, gradient in zip(
            parameters, self.slices(self.weights), self.slices(self.gradient), strict=True
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

    def ages(self, ema: float) -> None:
        """Counts the step to come, and its average a <- d a + (1 - d) w with d = min(ema, (1 + t)/(10 + t)).

        So the start is forgotten, however short the run; the first average is the weights themselves.
        """
        self.age += 1
        if not ema:
            self.average_age = 0
            return
        decay = min(ema, (1.0 + self.average_age) / (10.0 + self.average_age)) if self.average_age else 0.0
        self.renewal.turn(1.0 - decay)
        self.average_age += 1


class Optimization:
    """Optimiser, clipping and moving average of the given parameters; `learnt` is what is known from before.

    A step is `turn`, which takes in the settings and counts, then `clip` and `step`, which compute. All settings but the
    kind of the optimiser may change between two steps. `static`: what changes from step to step without an edit (the rate
    and the averages' shares) lives in tensors on the device, so that a step can be replayed.
    """

    def __init__(
        self,
        parameters: Iterable[nn.Parameter],
        training: Training,
        learnt: Mapping[nn.Parameter, Learnt] | None = None,
        *,
        static: bool = False,
    ) -> None:
        self.kind = training.optimizer
        known = dict(learnt or {})
        groups: dict[tuple[int, int, tuple[str, ...]], list[nn.Parameter]] = {}
        for parameter in parameters:
            of = known.setdefault(parameter, Learnt())
            groups.setdefault((of.age, of.average_age, tuple(of.moments)), []).append(parameter)
        self.chunks = [
            Chunk(members, age, average_age, self.kind, static=static)
            for (age, average_age, _), members in groups.items()
        ]
        like = self.chunks[0].weights if static and self.chunks else None
        self.rate, self.limit = Dial(0.0, like), Dial(0.0, like)
        for chunk in self.chunks:
            _fill(chunk, [known.pop(parameter) for parameter in chunk.parameters])
        self._weights = [chunk.weights for chunk in self.chunks]
        self._gradients = [chunk.gradient for chunk in self.chunks]
        self._moments = [[chunk.moments[name] for chunk in self.chunks] for name in MOMENTS[self.kind]]
        self._steps = [chunk.steps for chunk in self.chunks]
        self._resting = {parameter: of.clone() for parameter, of in known.items()}
        for parameter in self._resting:
            parameter.data, parameter.grad = parameter.data.clone(), None

    def zero_gradient(self) -> None:
        for gradient in self._gradients:
            gradient.zero_()

    def gradient_norm(self) -> Tensor:
        """Euclidean norm of the whole gradient, a scalar tensor."""
        norms = [torch.linalg.vector_norm(gradient) for gradient in self._gradients]
        total: Tensor = norms[0] if len(norms) == 1 else torch.linalg.vector_norm(torch.stack(norms))
        return total

    def turn(self, training: Training, rate: float) -> None:
        """What the next step goes by. It has no place in a replay: it is the host's part of a step."""
        self.rate.turn(rate)
        self.limit.turn(training.clip_norm or math.inf)
        for chunk in self.chunks:
            chunk.ages(training.ema)

    def clip(self, norm: Tensor | float) -> None:
        """Scales the gradient, whose norm is given, to a norm of at most the limit."""
        limit = self.limit.value
        if isinstance(norm, float) and isinstance(limit, float):
            if norm <= limit:
                return
            scale: Tensor | float = limit / (norm + 1e-6)
        else:
            scale = torch.as_tensor(limit / (norm + 1e-6)).clamp(max=1.0)
        for gradient in self._gradients:
            gradient.mul_(scale)

    def step(self, training: Training) -> None:
        """One step along the gradient, and one of the moving average."""
        if not self.chunks:
            return
        if self.kind == "sgd":
            torch._fused_sgd_(
                self._weights,
                self._gradients,
                self._moments[0] if training.momentum else [],
                weight_decay=training.weight_decay,
                momentum=training.momentum,
                lr=self.rate.value,
                dampening=0.0,
                nesterov=False,
                maximize=False,
                is_first_step=False,
            )
        else:
            torch._foreach_add_(self._steps, 1)
            kernel: Callable[..., None] = torch._fused_adamw_ if self.kind == "adamw" else torch._fused_adam_
            first, second = self._moments
            kernel(
                self._weights,
                self._gradients,
                first,
                second,
                [],
                self._steps,
                lr=self.rate.value,
                beta1=BETA_1,
                beta2=BETA_2,
                weight_decay=training.weight_decay,
                eps=EPSILON,
                amsgrad=False,
                maximize=False,
            )
        if training.ema:
            for chunk in self.chunks:
                chunk.average.lerp_(chunk.weights, chunk.renewal.value)

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
        moments = {name: chunk.slices(flat) for name, flat in chunk.moments.items()} if chunk.age else {}
        averages = chunk.slices(chunk.average)
        for i, parameter in enumerate(chunk.parameters):
            of = {name: slices[i] for name, slices in moments.items()}
            yield parameter, Learnt(chunk.age, of, averages[i] if chunk.average_age else None, chunk.average_age)


def _fill(chunk: Chunk, known: list[Learnt]) -> None:
    if chunk.average_age:
        chunk.average.copy_(chunk.flatten(of.average for of in known if of.average is not None))
    for name, flat in chunk.moments.items():
        # A file of momentum 0 has none of SGD.
        if name in known[0].moments:
            flat.copy_(chunk.flatten(of.moments[name] for of in known))


def restarted(learnt: Mapping[nn.Parameter, Learnt]) -> dict[nn.Parameter, Learnt]:
    """The same without moments: for another kind of optimiser."""
    return {parameter: Learnt(average=of.average, average_age=of.average_age) for parameter, of in learnt.items()}
