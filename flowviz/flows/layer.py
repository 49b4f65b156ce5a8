"""What every layer is: two maps, one each way, each with the log-determinant of the map it just computed."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor, nn

from ..pipeline import BaseSpec, EventShape, LayerSpec, say
from .networks import with_context as with_context
from .step import Step


@dataclass(frozen=True)
class Place:
    """Where a layer or a base stands, and what it is made from.

    `shape` of the events that it is given; `context`: how many context numbers come with each; `generator` of its initial
    weights; `unit`, of the event's shape: how many data units one unit is before any layer (256 for 8-bit pictures).
    """

    shape: EventShape
    generator: torch.Generator = field(default_factory=lambda: torch.Generator().manual_seed(0))
    context: int = 0
    unit: Tensor | None = None

    @property
    def dimensions(self) -> int:
        """How many numbers an event has."""
        return math.prod(self.shape)

    def at(self, shape: EventShape) -> Place:
        """The same place with events of another shape."""
        return replace(self, shape=shape, unit=None)


class FlowLayer(nn.Module):
    """An invertible map of events, x (B, *shape) to z (B, *output_shape) and back.

    `normalize` goes from data to latent and `generate` from latent to data; each returns log|det J| (B,) of its own
    direction, in nats, so the two are opposite at matching points. Both raise ValueError when the input has another shape.
    `context` (B, C), where the place has one, comes with each event.
    """

    leaving = 0
    """How many channels at the end of z leave the pipeline here, for the base (a split)."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.shape = place.shape
        self.output_shape = place.shape
        self.dimensions = place.dimensions
        self.context = place.context

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """x -> (z, log|det dz/dx|)."""
        raise NotImplementedError

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """z -> (x, log|det dx/dz|)."""
        raise NotImplementedError

    def terms(self, x: Tensor, context: Tensor | None = None) -> Tensor | None:
        """The summands of log|det dz/dx| by place, (B, *shape) nats, where it is such a sum; None where it is not."""
        return None

    def steps(self, *, generative: bool) -> tuple[Step, ...]:
        """The direction as steps of which any number is one node of autograd; empty where it is made of something else."""
        return ()

    def needs_data(self) -> bool:
        """Whether `initialize` still has something to set."""
        return False

    def initialize(self, x: Tensor) -> None:
        """Sets what depends on data from a batch x (N, *shape) of the layer's own inputs. Once; later calls change nothing."""

    def skip_initialization(self) -> None:
        """Leaves the layer as it is, for good: a new layer in a trained flow starts as the identity."""

    def configure(self, spec: LayerSpec) -> None:
        """Takes over what an edit may change without making the weights meaningless."""
        for parameter in self.parameters():
            parameter.requires_grad_(spec.trainable)
        set_dropout(self, spec)

    def check(self, x: Tensor, *, latent: bool = False) -> None:
        """Raises ValueError when x isn't (B, *shape), or as a latent (B, *output_shape)."""
        shape = self.output_shape if latent else self.shape
        if x.ndim != len(shape) + 1 or x.shape[1:] != shape:
            raise ValueError(wrong_shape(tuple(x.shape), shape))


def set_dropout(module: nn.Module, spec: LayerSpec | BaseSpec) -> None:
    """Gives every network in a layer or a base the share of features that its spec leaves out while training."""
    network = getattr(spec, "conditioner", None) or getattr(spec, "network", spec)
    share = getattr(network, "dropout", None)
    if share is None:
        return
    for part in module.modules():
        if hasattr(part, "dropout"):
            part.dropout = share


def wrong_shape(got: tuple[int, ...], shape: EventShape) -> str:
    """The one sentence for an input of the wrong shape."""
    return say(
        "an input of shape {got} cannot be used; the shape wanted is (batch, {wanted})",
        got=got,
        wanted=", ".join(map(str, shape)),
    )
