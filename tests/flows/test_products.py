"""The faster matrix product is the same product, and steps back where a gradient is wanted."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from flowviz.flows.products import linear

SHAPES = [(512, 64, 64), (1024, 33, 100), (4096, 128, 32), (100, 64, 64), (512, 1, 64), (512, 64, 2), (0, 64, 64)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("biased", [False, True])
def test_it_is_torchs_product(shape: tuple[int, int, int], dtype: torch.dtype, transposed: bool, biased: bool) -> None:
    rows, inner, outer = shape
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(rows, inner, generator=generator, dtype=dtype)
    weight = torch.randn(outer, inner, generator=generator, dtype=dtype)
    if transposed:
        x, weight = x.t().contiguous().t(), weight.t().contiguous().t()
    bias = torch.randn(outer, generator=generator, dtype=dtype) if biased else None
    with torch.no_grad():
        got = linear(x, weight, bias)
    assert got.shape == (rows, outer)
    assert got.dtype == dtype
    wanted = F.linear(x.double(), weight.double(), None if bias is None else bias.double())
    torch.testing.assert_close(got.double(), wanted, rtol=0, atol=1e-4 if dtype == torch.float32 else 1e-11)


def test_gradients_and_transforms_go_through_torchs_own() -> None:
    x, weight = torch.randn(512, 64), torch.randn(64, 64, requires_grad=True)
    linear(x, weight).sum().backward()
    assert weight.grad is not None
    with torch.no_grad():
        batched = torch.func.vmap(lambda one: linear(one, weight))(x.expand(3, 512, 64))
    torch.testing.assert_close(batched[0], F.linear(x, weight.detach()), rtol=1e-4, atol=1e-4)
