"""The flow: preprocessing, layers and base as one density, with every state between them open to view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import torch
from torch import Tensor, nn

from ..pipeline import EventShape, PipelineSpec, say
from .bases import BaseDensity
from .layer import FlowLayer, wrong_shape
from .preprocessing import Standardize
from .step import Step, take

PREPROCESSING = "preprocessing"
"""The uid of the stage before the first layer, where there is one."""
CHUNK = 65_536
"""Points that are sampled in one go."""
Stage = FlowLayer | Standardize


@dataclass(frozen=True)
class Trace:
    """Every state on the way, in the normalizing order whichever way was gone.

    states: K+1 tensors (B, D), states[0] in data units and states[-1] latent. log_dets: (K, B) in nats, of the direction
    that was computed. uids and layer_names: K each; "preprocessing" comes first where there is one.
    """

    states: list[Tensor]
    log_dets: Tensor
    uids: tuple[str, ...]
    layer_names: tuple[str, ...]


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
    flow's own dtype and device; one that is no (batch, D) raises ValueError.
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

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """x (B, D) in data units -> (z, log|det dz/dx| (B,))."""
        return _through(self._taken(x), [stage for _, stage in self.stages()], context, generative=False)

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """z (B, D) -> (x in data units, log|det dx/dz| (B,))."""
        return _through(self._taken(z), [stage for _, stage in reversed(self.stages())], context, generative=True)

    def log_prob(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        """log p(x) (B,) in nats, in the data's units: the preprocessing's Jacobian is counted."""
        z, log_det = self.normalize(x, context)
        return self.base.log_prob(z) + log_det

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        """`log_prob`, so that torch's wrappers work."""
        return self.log_prob(x, context)

    @torch.no_grad()
    def sample(self, n: int, temperature: float = 1.0, seed: int | None = None) -> Tensor:
        """n draws (n, D) in data units. One seed gives the same draws on every device; torch's own generator is left alone.

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
        z = self.base.sample(n, generator, temperature)
        return torch.cat([self.generate(part)[0] for part in torch.split(z, CHUNK)])

    def trace(self, x: Tensor) -> Trace:
        """Every state from x (B, D) to z, with each stage's log|det| in the normalizing direction."""
        states, log_dets = [self._taken(x)], []
        for _, stage in self.stages():
            h, log_det = stage.normalize(states[-1])
            states.append(h)
            log_dets.append(log_det)
        return self._trace(states, log_dets)

    def trace_generate(self, z: Tensor) -> Trace:
        """Every state from z (B, D) to x, still listed from x to z, with each stage's log|det| in the generative direction."""
        states, log_dets = [self._taken(z)], []
        for _, stage in reversed(self.stages()):
            h, log_det = stage.generate(states[-1])
            states.append(h)
            log_dets.append(log_det)
        return self._trace(states[::-1], log_dets[::-1])

    def _trace(self, states: list[Tensor], log_dets: list[Tensor]) -> Trace:
        names = {layer.uid: layer.label or layer.title for layer in self.spec.layers} | {
            PREPROCESSING: Standardize.title
        }
        uids = tuple(uid for uid, _ in self.stages())
        stacked = torch.stack(log_dets) if log_dets else states[0].new_zeros(0, len(states[0]))
        return Trace(states, stacked, uids, tuple(names[uid] for uid in uids))

    @property
    def initialized(self) -> bool:
        """Whether `initialize` has nothing left to set in the active layers and the base."""
        return not (self.base.needs_data() or any(layer.needs_data() for _, layer in self.active))

    @torch.no_grad()
    def initialize(self, x: Tensor) -> None:
        """Sets what depends on data from x (N, D), each layer from the outputs of those before it, then fits the base.

        Only what was never set: a second call, or one after loading, changes nothing.
        """
        if self.initialized:
            return
        h = self._taken(x)
        if not len(h):
            raise ValueError(say("the flow cannot be initialized from an empty batch; at least one point is wanted"))
        for _, stage in self.stages():
            if isinstance(stage, FlowLayer) and stage.needs_data():
                stage.initialize(h)
            h, _ = stage.normalize(h)
        if self.base.needs_data():
            self.base.fit(h)

    @torch.no_grad()
    def fit_base(self, x: Tensor) -> None:
        """Fits the base to x (N, D) pushed through the layers, whether or not it was fitted before: the data changed."""
        self.base.fit(self.normalize(x)[0])

    def _taken(self, x: Any) -> Tensor:
        taken = torch.as_tensor(x, dtype=self.like.dtype, device=self.like.device)
        if taken.ndim != 2 or taken.shape[1:] != self.event_shape:
            raise ValueError(wrong_shape(tuple(taken.shape), self.event_shape[0]))
        return taken


def _through(h: Tensor, stages: list[Stage], context: Tensor | None, *, generative: bool) -> tuple[Tensor, Tensor]:
    """h through all stages, with the sum of their log-determinants; neighbours that are made of steps go as one."""
    total = h.new_zeros(len(h))
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
