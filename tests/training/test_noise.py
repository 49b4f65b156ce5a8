"""Runs with dropout repeat to the last bit, and leave everybody else's random numbers alone."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from flowviz.pipeline import IAF, MADE, MLP, AffineCoupling, LayerSpec
from flowviz.training import Trainer

from .projects import finish, same_weights, small

DROPPING = [
    AffineCoupling(conditioner=MLP(hidden=(16, 16), dropout=0.2), initial_std=0.1),
    IAF(conditioner=MADE(hidden=(16, 16), dropout=0.2), initial_std=0.1),
]


@pytest.mark.parametrize("layer", DROPPING, ids=["coupling", "iaf"])
def test_the_seed_decides_what_is_left_out(layer: LayerSpec) -> None:
    one = finish(Trainer(small(layer)), 12)
    torch.rand(17)  # somebody else draws
    other = finish(Trainer(small(layer)), 12)
    assert same_weights(one.flow, other.flow)
    assert np.array_equal(one.history.train, other.history.train)
    assert not np.array_equal(finish(Trainer(small(layer, seed=1)), 12).history.train, one.history.train)


def test_a_run_that_goes_on_leaves_out_what_it_would_have_left_out() -> None:
    trainer = finish(Trainer(small(DROPPING[0])), 8)
    there = trainer.snapshot()
    losses = finish(trainer, 8).history.train
    trainer.restore(there)
    assert np.array_equal(finish(trainer, 8).history.train, losses)


def test_each_step_leaves_out_something_else() -> None:
    """With a rate of 0 and one batch of all points, only the dropout differs."""
    trainer = Trainer(small(DROPPING[0], learning_rate=0.0, warmup=0, clip_norm=0.0))
    trainer.target.sample = lambda n, generator=None: trainer.target.held_out(n)  # type: ignore[method-assign]
    losses = finish(trainer, 6).history.train
    assert len(set(losses.tolist())) == 6


def test_others_draw_what_they_would_have_drawn() -> None:
    trainer = Trainer(small(DROPPING[0]))
    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    finish(trainer, 3)
    assert torch.equal(torch.rand(4), expected)
