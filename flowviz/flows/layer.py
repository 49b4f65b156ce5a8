"""What every layer is: two maps, one each way, each with the log-determinant of the map it just computed."""

from __future__ import annotations

from torch import Tensor, nn

from ..pipeline import LayerSpec, say
from .step import Step


class FlowLayer(nn.Module):
    """An invertible map of vectors, x (B, D) to z (B, D) and back.

    `normalize` goes from data to latent and `generate` from latent to data; each returns log|det J| (B,) of its own
    direction, in nats, so the two are opposite at matching points. Both raise ValueError when the input isn't (B, D).
    """

    def __init__(self, dimensions: int) -> None:
        super().__init__()
        self.dimensions = dimensions

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """x -> (z, log|det dz/dx|)."""
        raise NotImplementedError

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """z -> (x, log|det dx/dz|)."""
        raise NotImplementedError

    def steps(self, *, generative: bool) -> tuple[Step, ...]:
        """The direction as steps of which any number is one node of autograd; empty where it is made of something else."""
        return ()

    def needs_data(self) -> bool:
        """Whether `initialize` still has something to set."""
        return False

    def initialize(self, x: Tensor) -> None:
        """Sets what depends on data from a batch x (N, D) of the layer's own inputs. Once; later calls change nothing."""

    def skip_initialization(self) -> None:
        """Leaves the layer as it is, for good: a new layer in a trained flow starts as the identity."""

    def configure(self, spec: LayerSpec) -> None:
        """Takes over what an edit may change without making the weights meaningless."""
        for parameter in self.parameters():
            parameter.requires_grad_(spec.trainable)

    def check(self, x: Tensor) -> None:
        """Raises ValueError when x isn't (B, D)."""
        if x.ndim != 2 or x.shape[1] != self.dimensions:
            raise ValueError(wrong_shape(tuple(x.shape), self.dimensions))


def wrong_shape(got: tuple[int, ...], dimensions: int) -> str:
    """The one sentence for an input of the wrong shape."""
    return say(
        "an input of shape {got} cannot be used; the shape wanted is (batch, {dimensions})",
        got=got,
        dimensions=dimensions,
    )
