"""The flow: preprocessing, layers and base as one density, with every state between them open to view."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import torch
from torch import Tensor, nn

from ..pipeline import EventShape, PipelineSpec, say
from . import quick
from .bases import LOG_2PI, BaseDensity
from .layer import FlowLayer, wrong_shape
from .preprocessing import Standardize
from .step import Step, take

PREPROCESSING = "preprocessing"
"""The uid of the stage before the first layer, where there is one."""
Stage = FlowLayer | Standardize


@dataclass(frozen=True)
class Trace:
    """Every state on the way, in the normalizing order whichever way was gone.

    states: K+1 tensors (B, *shape), states[0] in data units and states[-1] what reaches the base. latent: z as `normalize`
    gives it; left: by uid of a split, what left there (B, C', ...). log_dets: (K, B) in nats, of the direction that was
    computed. uids and layer_names: K each; "preprocessing" comes first where there is one.
    """

    states: list[Tensor]
    log_dets: Tensor
    uids: tuple[str, ...]
    layer_names: tuple[str, ...]
    latent: Tensor
    left: dict[str, Tensor] = field(default_factory=dict)


class LayerDict(nn.Module):
    """Layers by uid. Any uid makes a name of its own: what a parameter's name cannot hold is percent-encoded."""

    def __init__(self) -> None:
        super().__init__()
        self._names: dict[str, str] = {}

    def __setitem__(self, uid: str, layer: FlowLayer) -> None:
        name = quote(uid, safe="").replace(".", "%2E")
        if hasattr(self, name) and name not in self._modules:
            name = f"%{ord(name[0]):02X}{name[1:]}"
        self.add_module(name, layer)
        self._names[uid] = name

    def __getitem__(self, uid: str) -> FlowLayer:
        layer = self._modules[self._names[uid]]
        assert isinstance(layer, FlowLayer)
        return layer

    def __contains__(self, uid: object) -> bool:
        return uid in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def items(self) -> list[tuple[str, FlowLayer]]:
        """(uid, layer) in the pipeline's order."""
        return [(uid, self[uid]) for uid in self._names]


class Flow(nn.Module):
    """log p(x) = log p_base(z) + Σ_k log|det J_k|, with z = f_K(... f_1(x)); all in nats and in the data's units.

    Made by `build`. The parameters' names are `preprocessing.*`, `layers.<uid>.*` and `base.*`. Inputs are taken to the
    flow's own dtype and device; one that is no (batch, *event_shape) raises ValueError.

    Where a split lets a part of the channels leave, z is one vector (B, D): what reaches the base, then the parts that
    left, the last split's first. Those parts are judged by a standard normal, since a split has already taken away the mean
    and the width that it predicts.

    With a context (PipelineSpec.context), p(x) is p(x | c): `context` is (B,) classes or (B, C) numbers, and has to be given.
    """

    like: Tensor

    def __init__(
        self,
        spec: PipelineSpec,
        event_shape: EventShape,
        layers: LayerDict,
        base: BaseDensity,
        first: Standardize | None,
    ) -> None:
        super().__init__()
        self.spec = spec
        self.event_shape = event_shape
        self.preprocessing = first
        self.layers = layers
        self.base = base
        self.active = [(layer.uid, layers[layer.uid]) for layer in spec.layers if not layer.bypass]
        """(uid, layer) in the normalizing order, without the bypassed ones."""
        self.register_buffer("like", torch.empty(0, dtype=torch.float64), persistent=False)

    def stages(self) -> list[tuple[str, Stage]]:
        """(uid, module) of all that x goes through, in the normalizing order; "preprocessing" first where there is one."""
        first: list[tuple[str, Stage]] = [] if self.preprocessing is None else [(PREPROCESSING, self.preprocessing)]
        return [*first, *self.active]

    @property
    def splits(self) -> list[tuple[str, FlowLayer]]:
        """(uid, layer) of the active splits, in the normalizing order."""
        return [(uid, layer) for uid, layer in self.active if layer.leaving]

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """x (B, *event_shape) in data units -> (z, log|det dz/dx| (B,))."""
        h = self._taken(x, self.event_shape)
        c = self.encode(context, len(h))
        total = h.new_zeros(len(h))
        left: list[Tensor] = []
        for run in self._runs():
            h, total = _through(h, total, run, c, generative=False)
            h, out = _parted(h, run[-1])
            left += out
        return self._packed(h, left), total

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """z, as `normalize` gives it -> (x in data units, log|det dx/dz| (B,))."""
        h, left = self._unpacked(z)
        c = self.encode(context, len(h))
        total = h.new_zeros(len(h))
        for run in reversed(self._runs()):
            h = _joined(h, run[-1], left)
            h, total = _through(h, total, run[::-1], c, generative=True)
        return h, total

    def latent_log_prob(self, z: Tensor, context: Tensor | None = None) -> Tensor:
        """log p(z) (B,) in nats: the base's, and the standard normal's of what left at splits."""
        top, left = self._unpacked(z)
        log_prob = self.base.log_prob(top.flatten(1) if self.base.flat else top, self.encode(context, len(top)))
        for part in left:
            flat = part.flatten(1)
            log_prob = log_prob - 0.5 * (flat.square().sum(1) + flat.shape[1] * LOG_2PI)
        return log_prob

    def draw_latent(
        self,
        n: int,
        generator: torch.Generator | None = None,
        temperature: float = 1.0,
        context: Tensor | None = None,
    ) -> Tensor:
        """n draws of z, with the noise scaled by the temperature at every scale."""
        for z, _ in self.drawing_latent(n, generator, temperature, context):
            last = z
        return last

    def drawing_latent(
        self,
        n: int,
        generator: torch.Generator | None = None,
        temperature: float = 1.0,
        context: Tensor | None = None,
    ) -> Iterator[tuple[Tensor, float]]:
        """The draws of `draw_latent` as they come about: (z so far, share done), the whole last."""
        c = self.encode(context, n)
        device = self.like.device if generator is None else generator.device
        for top, done in self.base.sampling(n, generator, temperature, c):
            h = top.reshape(n, *self.base.shape)
            if done < 1.0 or not self.splits:
                yield h, done
                continue
            count = math.prod(self.event_shape) - math.prod(self.base.shape)
            noise = torch.randn(n, count, generator=generator, device=device, dtype=h.dtype).to(h.device)
            yield torch.cat((h.flatten(1), noise * temperature), 1), done

    def encode(self, context: Tensor | None, count: int) -> Tensor | None:
        """The context as rows (count, C) of numbers: classes one-hot. None where the flow has no context.

        Raises ValueError when one is wanted and missing, or does not fit.
        """
        wanted = self.spec.context
        if not wanted.width:
            return None
        if context is None:
            raise ValueError(say("This density is conditional: a context is needed with every point."))
        c = torch.as_tensor(context, device=self.like.device)
        if wanted.kind == "classes" and c.ndim == 1:
            classes = c.long()
            if bool(((classes < 0) | (classes >= wanted.count)).any()):
                raise ValueError(say("A class is out of range; 0 to {last} are known.", last=wanted.count - 1))
            c = torch.nn.functional.one_hot(classes, wanted.count)
        if c.ndim != 2 or c.shape[1] != wanted.width or len(c) not in (1, count):
            raise ValueError(
                say(
                    "A context of shape {got} cannot be used; {count} rows of {width} are wanted.",
                    got=tuple(c.shape),
                    count=count,
                    width=wanted.width,
                )
            )
        return c.to(self.like.dtype).expand(count, -1)

    def log_prob(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        """log p(x) (B,) in nats, in the data's units: the preprocessing's Jacobian is counted."""
        z, log_det = self.normalize(x, context)
        return self.latent_log_prob(z, context) + log_det

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        """`log_prob`, so that torch's wrappers work."""
        return self.log_prob(x, context)

    @torch.no_grad()
    def sample(
        self, n: int, temperature: float = 1.0, seed: int | None = None, context: Tensor | None = None
    ) -> Tensor:
        """n draws (n, *event_shape) in data units. One seed gives the same draws on every device; torch's own generator is
        left alone. `context`: one row for all, or a row for each. Many vectors go by `quick.generate`, which gives what
        `generate` does, to rounding.

        Temperature T scales the base's noise. Raises ValueError for a negative n or T.
        """
        if n < 0 or not temperature >= 0.0:
            raise ValueError(
                say(
                    "{n} samples at temperature {temperature} cannot be drawn; neither may be negative",
                    n=n,
                    temperature=temperature,
                )
            )
        generator = torch.Generator()
        if seed is None:
            generator.seed()
        else:
            generator.manual_seed(seed)
        c = self.encode(context, n)
        z = self.draw_latent(n, generator, temperature, c)
        return quick.generate(self, z, c)

    def trace(self, x: Tensor, context: Tensor | None = None) -> Trace:
        """Every state from x (B, *event_shape) to the base, with each stage's log|det| in the normalizing direction."""
        h = self._taken(x, self.event_shape)
        c = self.encode(context, len(h))
        states, log_dets, left = [h], [], {}
        for uid, stage in self.stages():
            h, log_det = stage.normalize(h, c)
            h, out = _parted(h, stage)
            if out:
                left[uid] = out[0]
            states.append(h)
            log_dets.append(log_det)
        return self._trace(states, log_dets, left)

    def trace_generate(self, z: Tensor, context: Tensor | None = None) -> Trace:
        """Every state from z to x, still listed from x to z, with each stage's log|det| in the generative direction."""
        h, parts = self._unpacked(z)
        c = self.encode(context, len(h))
        left = dict(zip((uid for uid, _ in self.splits), reversed(parts), strict=True))
        states, log_dets = [h], []
        for uid, stage in reversed(self.stages()):
            h, log_det = stage.generate(_joined(h, stage, [left[uid]] if uid in left else []), c)
            states.append(h)
            log_dets.append(log_det)
        return self._trace(states[::-1], log_dets[::-1], left)

    def _trace(self, states: list[Tensor], log_dets: list[Tensor], left: dict[str, Tensor]) -> Trace:
        uids = tuple(uid for uid, _ in self.stages())
        titles = {layer.uid: layer.label or layer.title for layer in self.spec.layers}
        names = tuple(titles.get(uid, Standardize.title) for uid in uids)
        rows = torch.stack(log_dets) if log_dets else states[0].new_zeros(0, len(states[0]))
        return Trace(states, rows, uids, names, self._packed(states[-1], list(left.values())), left)

    @property
    def initialized(self) -> bool:
        """Whether `initialize` has nothing left to set in the active layers and the base."""
        return not (self.base.needs_data() or any(layer.needs_data() for _, layer in self.active))

    @torch.no_grad()
    def initialize(self, x: Tensor, context: Tensor | None = None) -> None:
        """Sets what depends on data from x (N, *event_shape), each layer from the outputs of those before it, then fits the base.

        Only what was never set: a second call, or one after loading, changes nothing.
        """
        if self.initialized:
            return
        h = self._taken(x, self.event_shape)
        if not len(h):
            raise ValueError(say("the flow cannot be initialized from an empty batch; at least one point is wanted"))
        c = self.encode(context, len(h))
        for _, stage in self.stages():
            if isinstance(stage, FlowLayer) and stage.needs_data():
                stage.initialize(h)
            h, _ = stage.normalize(h, c)
            h, _ = _parted(h, stage)
        if self.base.needs_data():
            self.base.fit(h.flatten(1) if self.base.flat else h)

    @torch.no_grad()
    def fit_base(self, x: Tensor, context: Tensor | None = None) -> None:
        """Fits the base to x (N, *event_shape) pushed through the layers, whether or not it was fitted before."""
        top, _ = self._unpacked(self.normalize(x, context)[0])
        self.base.fit(top.flatten(1) if self.base.flat else top)

    def _runs(self) -> list[list[Stage]]:
        """The stages, cut after every split."""
        runs: list[list[Stage]] = [[]]
        for _, stage in self.stages():
            runs[-1].append(stage)
            if isinstance(stage, FlowLayer) and stage.leaving:
                runs.append([])
        return [run for run in runs if run]

    def _packed(self, top: Tensor, left: list[Tensor]) -> Tensor:
        """z of what reached the base and what left, the last first; the top alone where there are no splits."""
        if not self.splits:
            return top
        return torch.cat([top.flatten(1), *(part.flatten(1) for part in reversed(left))], 1)

    def _unpacked(self, z: Tensor) -> tuple[Tensor, list[Tensor]]:
        """What reaches the base, and what leaves, the last split's first."""
        splits = self.splits
        if not splits:
            return self._taken(z, self.base.shape), []
        z = self._taken(z, (math.prod(self.event_shape),))
        shapes = [self.base.shape, *((layer.leaving, *layer.output_shape[1:]) for _, layer in reversed(splits))]
        parts = torch.split(z, [math.prod(shape) for shape in shapes], 1)
        top, *left = [part.reshape(len(z), *shape) for part, shape in zip(parts, shapes, strict=True)]
        return top, left

    def _taken(self, x: Any, shape: EventShape) -> Tensor:
        taken = torch.as_tensor(x, dtype=self.like.dtype, device=self.like.device)
        if taken.ndim != len(shape) + 1 or taken.shape[1:] != shape:
            raise ValueError(wrong_shape(tuple(taken.shape), shape))
        return taken


def _parted(h: Tensor, stage: Stage) -> tuple[Tensor, list[Tensor]]:
    """What goes on after a stage, and what leaves there."""
    if not (isinstance(stage, FlowLayer) and stage.leaving):
        return h, []
    return h[:, : -stage.leaving], [h[:, -stage.leaving :]]


def _joined(h: Tensor, stage: Stage, left: list[Tensor]) -> Tensor:
    """A stage's whole output again; takes what left there from the front of `left`."""
    if not (isinstance(stage, FlowLayer) and stage.leaving):
        return h
    return torch.cat((h, left.pop(0)), 1)


def _through(
    h: Tensor, total: Tensor, stages: list[Stage], context: Tensor | None, *, generative: bool
) -> tuple[Tensor, Tensor]:
    """h through all stages, their log-determinants added to `total`; neighbours that are made of steps go as one."""
    pending: list[Step] = []
    for stage in stages:
        steps = stage.steps(generative=generative) if isinstance(stage, FlowLayer) else ()
        if steps:
            pending += steps
            continue
        if pending:
            h, total = take(h, pending, total)
            pending = []
        h, log_det = stage.generate(h, context) if generative else stage.normalize(h, context)
        total = total + log_det
    if pending:
        h, total = take(h, pending, total)
    return h, total
