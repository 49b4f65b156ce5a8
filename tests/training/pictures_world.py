"""Small pictures and conditional points: targets with a context, and flows on pictures, that cost milliseconds."""

from __future__ import annotations

import torch
from torch import Tensor

from flowviz.pipeline import MLP, ActNorm, AffineCoupling, Context, ConvNet, Logit, PipelineSpec, Split, Squeeze
from flowviz.targets import Density

NET = ConvNet(channels=8)
PICTURES = PipelineSpec(
    layers=(
        Logit(uid="logit"),
        AffineCoupling(uid="board", mask="checkerboard", conditioner=NET, initial_std=0.05),
        Squeeze(uid="squeeze"),
        ActNorm(uid="norm"),
        AffineCoupling(uid="half", mask="first_half", conditioner=NET, initial_std=0.05),
        Split(uid="split"),
        AffineCoupling(uid="last", mask="first_half", conditioner=NET, initial_std=0.05),
    )
)
"""Two scales."""
CLASSES = Context(kind="classes", count=2)
POINTS = PipelineSpec(
    layers=(ActNorm(uid="norm"), AffineCoupling(uid="a", mask="odd", conditioner=MLP(hidden=(16,)))),
    context=CLASSES,
)


class Squares(Density):
    """Pictures (1, 4, 4) of four levels: the left or the right half is bright, by class. Endless, with a fixed seed a list."""

    title = "Squares"
    event_shape = (1, 4, 4)
    levels = 4
    context = CLASSES
    context_names = ("left", "right")
    box = (0.0, 4.0, 0.0, 4.0)
    columns = tuple(f"pixel {i}" for i in range(16))
    standardization = (torch.zeros(1, 4, 4), torch.full((1, 4, 4), 4.0))
    train_count, held_out_count, test_count = 200, 60, 50

    def _draw(self, n: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        classes = torch.randint(2, (n,), generator=generator)
        levels = torch.randint(2, (n, 1, 4, 4), generator=generator)
        levels[:, :, :, :2] += 2 * (classes == 0)[:, None, None, None]
        levels[:, :, :, 2:] += 2 * (classes == 1)[:, None, None, None]
        return levels + 0.999 * torch.rand(levels.shape, generator=generator), classes

    def _fixed(self, seed: int, n: int, count: int) -> tuple[Tensor, Tensor]:
        points, classes = self._draw(count, torch.Generator().manual_seed(seed))
        return points[:n], classes[:n]

    def log_prob(self, x: Tensor) -> Tensor:
        raise ValueError("not known")

    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        return self.sample_with_context(n, generator)[0]

    def sample_with_context(self, n: int, generator: torch.Generator | None = None) -> tuple[Tensor, Tensor]:
        assert generator is not None
        return self._draw(n, generator)

    def held_out(self, n: int) -> Tensor:
        return self._fixed(1, n, self.held_out_count)[0]

    def held_out_context(self, n: int) -> Tensor:
        return self._fixed(1, n, self.held_out_count)[1]

    def train_points(self, n: int) -> Tensor:
        return self._fixed(2, n, self.train_count)[0]

    def train_context(self, n: int) -> Tensor:
        return self._fixed(2, n, self.train_count)[1]

    def test_points(self, n: int) -> Tensor:
        return self._fixed(3, n, self.test_count)[0]

    def test_context(self, n: int) -> Tensor:
        return self._fixed(3, n, self.test_count)[1]

    def range(self, axis: int) -> tuple[float, float]:
        return (0.0, 4.0)


class Blobs(Squares):
    """Points in the plane around (-2, 0) or (2, 0), by class."""

    title = "Blobs"
    event_shape = (2,)
    levels = 0
    columns = ("x", "y")
    box = (-4.0, 4.0, -4.0, 4.0)
    standardization = None

    def _draw(self, n: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        classes = torch.randint(2, (n,), generator=generator)
        noise = 0.3 * torch.randn(n, 2, generator=generator)
        return noise + torch.stack((4.0 * classes - 2.0, torch.zeros(n)), 1), classes

    def range(self, axis: int) -> tuple[float, float]:
        return (-4.0, 4.0)
