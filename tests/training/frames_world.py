"""Flows that do something, and a target that is what such a flow models: small, and the same in every run."""

from __future__ import annotations

import torch
from torch import Tensor

from flowviz.flows import Flow, build
from flowviz.pipeline import PipelineSpec
from flowviz.targets import Density


def rough(spec: PipelineSpec, dimensions: int = 2, *, std: float = 0.08, **options: object) -> Flow:
    """The flow of this spec with all weights disturbed: no layer is the identity."""
    flow = build(spec, (dimensions,), seed=3, **options)  # type: ignore[arg-type]
    generator = torch.Generator().manual_seed(11)
    with torch.no_grad():
        for parameter in flow.parameters():
            noise = torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
            parameter.add_((std * noise).to(parameter))
    flow.initialize(torch.randn(500, dimensions, generator=generator).to(flow.like))
    return flow.eval()


class Draws(Density):
    """A target whose held-out points are the flow's own samples, so boxes lie where the model's mass is."""

    title = "Draws of a flow"
    has_log_prob = True
    entropy = None

    def __init__(self, flow: Flow, box: tuple[float, float, float, float]) -> None:
        self.flow, self.box = flow, box
        self.event_shape = flow.event_shape
        self.columns = tuple("abcdefgh"[: self.event_shape[0]])

    def log_prob(self, x: Tensor) -> Tensor:
        return self.flow.log_prob(x)

    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        return self.flow.sample(n, seed=1)

    def held_out(self, n: int) -> Tensor:
        return self.flow.sample(n, seed=2)

    def train_points(self, n: int) -> Tensor:
        return self.flow.sample(n, seed=3)

    def range(self, axis: int) -> tuple[float, float]:
        return (-5.0, 5.0)


def target_of(flow: Flow) -> Draws:
    return Draws(flow, (-5.0, 5.0, -5.0, 5.0) if flow.event_shape[0] > 1 else (-5.0, 5.0, 0.0, 1.0))
