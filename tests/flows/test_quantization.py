"""Mu-law against its golden values, and its bins against its classes."""

from __future__ import annotations

import math

import torch

from flowviz.flows.quantization import CLASSES, compress, decode, edges, encode, expand


def test_golden_values() -> None:
    x = torch.tensor([-1.0, -0.5, 0.01, 0.5, 1.0], dtype=torch.float64)
    assert encode(x).tolist() == [0, 16, 157, 239, 255]
    assert encode(x.float()).tolist() == [0, 16, 157, 239, 255]
    assert encode(torch.tensor([-7.0, 7.0])).tolist() == [0, 255]
    torch.testing.assert_close(compress(x[3:4]), torch.tensor([math.log(128.5) / math.log(256.0)]).double())


def test_expanding_undoes_compressing() -> None:
    x = torch.linspace(-1.0, 1.0, 2001, dtype=torch.float64)
    torch.testing.assert_close(expand(compress(x)), x, rtol=0, atol=1e-15)
    assert float(compress(x).min()) == -1.0
    assert float(compress(x).max()) == 1.0


def test_every_class_is_that_of_its_middle() -> None:
    classes = torch.arange(CLASSES)
    assert torch.equal(encode(decode(classes)), classes)
    assert torch.equal(encode(decode(classes, torch.float32)), classes)
    torch.testing.assert_close(decode(classes[[0, -1]]), torch.tensor([-1.0, 1.0]).double(), rtol=0, atol=1e-14)


def test_bins_are_where_their_class_is_and_cover_all_amplitudes_once() -> None:
    at = edges()
    assert at.shape == (CLASSES + 1,)
    assert at[[0, -1]].tolist() == [-1.0, 1.0]
    width = at.diff()
    assert (width > 0).all()
    torch.testing.assert_close(width, width.flip(0), rtol=0, atol=1e-14)
    classes = torch.arange(CLASSES)
    for share in (1e-9, 0.3, 1.0 - 1e-9):
        assert torch.equal(encode(at[:-1] + share * width), classes)
    # Under f the first and the last bin are half as wide as the others.
    steps = compress(at).diff() * 255.0 / 2.0
    torch.testing.assert_close(steps[1:-1], torch.ones(254).double(), rtol=0, atol=1e-12)
    torch.testing.assert_close(steps[[0, -1]], torch.full((2,), 0.5).double(), rtol=0, atol=1e-12)
