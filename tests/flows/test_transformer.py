"""The transformer layer: what each patch is told by, and the same numbers token by token as in one pass."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from flowviz.flows import LAYERS, Place
from flowviz.flows.transformer import Transformer
from flowviz.pipeline import EventShape
from flowviz.pipeline import Transformer as Spec

SHAPES: tuple[EventShape, ...] = ((1,), (5,), (1, 6), (2, 4), (1, 4, 4), (3, 2, 4))


def made(shape: EventShape, context: int = 0, *, std: float = 0.3, **fields: object) -> Transformer:
    """A small layer with noise on all its weights."""
    spec = Spec(**{"channels": 8, "heads": 2, **fields})  # type: ignore[arg-type]
    generator = torch.Generator().manual_seed(1)
    layer = LAYERS[Spec](spec, Place(shape, generator, context))
    assert isinstance(layer, Transformer)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter += std * torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
    return layer


def points(count: int, shape: EventShape, seed: int = 2) -> Tensor:
    return torch.randn(count, *shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def token_of(shape: EventShape, patch: int) -> Tensor:
    """(D,): which token each number of the flattened event belongs to, counted by hand."""
    if len(shape) == 1:
        return torch.arange(shape[0])
    if len(shape) == 2:
        return torch.tensor([t // patch for _ in range(shape[0]) for t in range(shape[1])])
    C, H, W = shape
    return torch.tensor(
        [(i // patch) * (W // patch) + j // patch for _ in range(C) for i in range(H) for j in range(W)]
    )


@pytest.mark.parametrize("order", ["natural", "reversed"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_scales_and_shifts_see_all_tokens_before_and_nothing_else(shape: EventShape, order: str) -> None:
    layer, x = made(shape, order=order), points(1, shape)
    size = math.prod(shape)

    def said(flat: Tensor) -> Tensor:
        a, b = layer.scales_and_shifts(layer.to_tokens(flat.reshape(1, *shape)))
        return torch.cat((layer.from_tokens(a).flatten(), layer.from_tokens(b).flatten()))

    J = torch.autograd.functional.jacobian(said, x.flatten())
    token = token_of(shape, 2)
    token = token.max() - token if order == "reversed" else token
    before = (token[None] < token[:, None]).repeat(2, 1)
    assert J.shape == (2 * size, size)
    assert torch.equal(J != 0.0, before)


@pytest.mark.parametrize("context", [0, 3])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@torch.no_grad()
def test_kept_keys_and_values_give_what_full_passes_give(shape: EventShape, context: int) -> None:
    layer, z = made(shape, context, order="reversed"), points(4, shape)
    c = points(4, (context,)) if context else None
    x, log_det = layer.generate(z, c)
    wanted = torch.zeros_like(layer.to_tokens(z))
    for t in range(layer.tokens):
        a, b = layer.scales_and_shifts(wanted, c)
        wanted[:, t] = layer.to_tokens(z)[:, t] * torch.exp(a[:, t]) + b[:, t]
    torch.testing.assert_close(x, layer.from_tokens(wanted), rtol=0, atol=1e-12)
    back, log_det_back = layer.normalize(x, c)
    torch.testing.assert_close(back, z, rtol=0, atol=1e-12)
    torch.testing.assert_close(log_det_back, -log_det, rtol=0, atol=1e-12)


@pytest.mark.parametrize("shape", [(3,), (2, 4), (1, 4, 4)], ids=str)
def test_the_log_det_and_its_terms(shape: EventShape) -> None:
    layer, x = made(shape), points(3, shape)
    size = math.prod(shape)

    def flat(p: Tensor) -> Tensor:
        return layer.normalize(p[None])[0].flatten()

    z, log_det = layer.normalize(x)
    J = torch.func.vmap(torch.func.jacrev(flat))(x).reshape(3, size, size)
    torch.testing.assert_close(torch.linalg.slogdet(J)[1], log_det, rtol=0, atol=1e-10)
    terms = layer.terms(x)
    assert terms.shape == z.shape
    torch.testing.assert_close(terms.flatten(1).sum(1), log_det, rtol=0, atol=1e-12)
    # Each number's own slope is exp of its own term.
    diagonal = torch.diagonal(J, dim1=1, dim2=2)
    torch.testing.assert_close(diagonal.log(), terms.flatten(1), rtol=0, atol=1e-10)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_tokens_come_back_in_their_places(shape: EventShape) -> None:
    x = torch.arange(2.0 * math.prod(shape)).reshape(2, *shape)
    for order in ("natural", "reversed"):
        layer = made(shape, order=order)
        tokens = layer.to_tokens(x)
        assert tokens.shape == (2, layer.tokens, layer.width)
        assert torch.equal(layer.from_tokens(tokens), x)
    first = made(shape).to_tokens(x)[0, 0]
    assert sorted(first.tolist()) == x[0].flatten()[token_of(shape, 2) == 0].tolist()


@torch.no_grad()
def test_log_scales_stay_within_their_bound_and_the_start_is_the_identity() -> None:
    layer, x = made((6,), std=3.0, log_scale_bound=0.5), 20.0 * points(20, (6,))
    assert float(layer.terms(x).abs().max()) <= 0.5
    layer.configure(Spec(channels=8, heads=2, log_scale_bound=0.1))
    assert float(layer.terms(x).abs().max()) <= 0.1
    new = made((6,), std=0.0)
    assert torch.equal(new.normalize(x)[0], x)
    assert not new.normalize(x)[1].any()
    drawn = made((6,), std=0.0, initial_std=0.5)
    assert drawn.normalize(x)[1].abs().min() > 0


def test_the_context_reaches_every_token_the_first_too() -> None:
    layer, x = made((4,), 2), points(1, (4,)).expand(2, -1)
    terms = layer.terms(x, torch.eye(2, dtype=torch.float64))
    assert (terms[0] != terms[1]).all()
    with pytest.raises(ValueError, match="a context is needed"):
        layer.normalize(x)


def test_dropout_acts_while_training_alone() -> None:
    layer, x = made((4,), dropout=0.5), points(3, (4,))
    assert (layer.normalize(x)[0] != layer.normalize(x)[0]).any()
    layer.eval()
    assert torch.equal(layer.normalize(x)[0], layer.normalize(x)[0])
    torch.testing.assert_close(layer.generate(layer.normalize(x)[0])[0], x, rtol=0, atol=1e-12)


def test_gradients_reach_every_weight() -> None:
    layer, x = made((2, 4), 1), points(3, (2, 4))
    z, log_det = layer.normalize(x, x[:, 0, :1])
    (z.square().sum() - log_det.sum()).backward()
    for name, weight in layer.named_parameters():
        assert weight.grad is not None, name
        assert weight.grad.abs().sum() > 0, name
