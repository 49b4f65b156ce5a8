"""What happens to the data before the first layer, as an invertible map whose Jacobian is counted."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..pipeline import say


class Standardize(nn.Module):
    """z = (x − mean)/std; log|det dz/dx| = −Σ log std. Mean and std (D,) are fixed, and positive std is required."""

    title = "Standardise"
    mean: Tensor
    std: Tensor

    def __init__(self, mean: Tensor, std: Tensor) -> None:
        super().__init__()
        if not (bool(torch.isfinite(mean).all()) and bool((std > 0).all()) and bool(torch.isfinite(std).all())):
            raise ValueError(say("a standardisation needs finite means and finite deviations above 0"))
        self.register_buffer("mean", mean.detach().clone())
        self.register_buffer("std", std.detach().clone())

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        return (x - self.mean) / self.std, (-self.std.log().sum()).expand(x.shape[0])

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        return z * self.std + self.mean, self.std.log().sum().expand(z.shape[0])
