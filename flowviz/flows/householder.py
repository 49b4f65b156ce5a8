"""Householder reflections in a row: a learned orthogonal matrix."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .. import pipeline as specs
from .layer import FlowLayer, Place


class Householder(FlowLayer):
    """z = H_K … H_1 x along the coordinates (of pictures and sequences: the channels), H = I − 2 v vᵀ/‖v‖²; log|det| = 0.

    Tomczak, Welling 2016, Improving variational auto-encoders using Householder flow, arXiv 1611.09630, section 2.2.
    Two reflections in one direction cancel, and so start the identity. Where K is odd, the first has a partner that is not
    learned: the determinant is always 1, since a reflection alone can never be the identity.
    """

    partner: Tensor

    def __init__(self, spec: specs.Householder, place: Place) -> None:
        super().__init__(place)
        count, size = spec.reflections, place.shape[0]
        drawn = torch.randn((count + 1) // 2, size, generator=place.generator, dtype=torch.float64)
        vectors = drawn.repeat_interleave(2, 0)
        self.vectors = nn.Parameter(vectors[len(vectors) - count :].clone())
        """v of H_1 to H_K (K, C)."""
        self.register_buffer("partner", vectors[: len(vectors) - count].clone())

    def matrix(self) -> Tensor:
        """H_K … H_1 (C, C)."""
        return reflections(torch.cat((self.partner, self.vectors)))

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(x)
        return self._turned(x, self.matrix()), x.new_zeros(len(x))

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(z)
        return self._turned(z, self.matrix().T), z.new_zeros(len(z))

    @staticmethod
    def _turned(x: Tensor, matrix: Tensor) -> Tensor:
        return (x.movedim(1, -1) @ matrix.T).movedim(-1, 1)


def reflections(vectors: Tensor) -> Tensor:
    """H_K … H_1 (C, C) of v_1 to v_K (K, C). A vector of zeros reflects nothing."""
    matrix = torch.eye(vectors.shape[1], dtype=vectors.dtype, device=vectors.device)
    for v in vectors:
        along = v @ matrix
        matrix = matrix - torch.outer(v, along) * (2.0 / (v @ v).clamp_min(torch.finfo(v.dtype).tiny))
    return matrix
