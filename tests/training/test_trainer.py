from __future__ import annotations

import math
from collections.abc import Callable

import msgspec
import numpy as np
import pytest
import torch

from flowviz.pipeline import (
    KDE,
    ActNorm,
    Gaussian,
    GaussianMixture,
    NamedTarget,
    Permutation,
    Project,
    SpecError,
    Uniform,
)
from flowviz.training import NonFinite, Trainer
from flowviz.training.trainer import HELD_OUT_EVERY

from .projects import finish, layers, same_weights, small, with_layers, with_training


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "sgd"])
def test_the_same_seed_gives_the_same_weights_and_losses(optimizer: str) -> None:
    project = small(optimizer=optimizer, weight_decay=1e-3)
    one, other = finish(Trainer(project), 30), finish(Trainer(project), 30)
    assert same_weights(one.flow, other.flow)
    assert np.array_equal(one.history.train, other.history.train)


def test_another_seed_gives_other_weights_and_data() -> None:
    one, other = Trainer(small()), Trainer(small(seed=1))
    assert not same_weights(one.flow, other.flow)
    assert not np.array_equal(finish(one, 3).history.train, finish(other, 3).history.train)


def test_reset_comes_back_bit_for_bit() -> None:
    trainer = Trainer(small())
    first = {name: tensor.clone() for name, tensor in trainer.flow.state_dict().items()}
    losses = finish(trainer, 25).history.train
    trainer.reset()
    assert trainer.step == 0
    assert not trainer.history.measured
    assert all(torch.equal(first[name], tensor) for name, tensor in trainer.flow.state_dict().items())
    assert np.array_equal(finish(trainer, 25).history.train, losses)


def test_a_new_seed_counts_from_the_next_reset() -> None:
    trainer = finish(Trainer(small()), 5)
    said = trainer.update(small(seed=7))
    assert len(said) == 1
    assert trainer.step == 5
    trainer.reset()
    assert same_weights(trainer.flow, Trainer(small(seed=7)).flow)


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "sgd"])
def test_it_learns(optimizer: str) -> None:
    rate = 0.05 if optimizer == "sgd" else 5e-3
    trainer = Trainer(small(optimizer=optimizer, learning_rate=rate))
    before = trainer.held_out_nll()
    finish(trainer, 150)
    assert trainer.held_out_nll() < before - 0.2


def test_steps_are_yielded_one_by_one() -> None:
    trainer = Trainer(small())
    run = trainer.run(3)
    assert trainer.step == 0
    result = next(run)
    assert (trainer.step, result.step) == (1, 1)
    assert math.isfinite(result.loss)
    assert result.gradient_norm > 0
    assert result.learning_rate == pytest.approx(5e-4)
    assert len(list(run)) == 2


def test_without_a_number_it_runs_to_the_end_of_the_schedule_and_can_go_on() -> None:
    trainer = Trainer(small(steps=12))
    assert len(list(trainer.run())) == 12
    assert list(trainer.run()) == []
    assert [result.step for result in trainer.run(2)] == [13, 14]


def test_the_schedule_may_be_lengthened_while_it_runs() -> None:
    project = small(steps=10)
    trainer = Trainer(project)
    run = trainer.run()
    next(run)
    trainer.update(with_training(project, steps=15))
    assert len(list(run)) == 14


def test_held_out_is_measured_at_the_start_at_times_and_at_the_end() -> None:
    trainer = finish(Trainer(small(steps=HELD_OUT_EVERY + 5)), HELD_OUT_EVERY + 5)
    assert trainer.history.held_out_steps.tolist() == [0, HELD_OUT_EVERY, HELD_OUT_EVERY + 5]
    assert trainer.history.held_out[-1] == pytest.approx(trainer.held_out_nll(), abs=1e-6)


def test_measuring_does_not_change_what_is_learnt() -> None:
    one, other = Trainer(small()), Trainer(small())
    for _ in one.run(20):
        one.held_out_nll()
        one.evaluation_flow().sample(8)
    assert same_weights(one.flow, finish(other, 20).flow)


def test_initialisation_is_done_once_from_many_points() -> None:
    trainer = Trainer(small(ActNorm()))
    z, _ = trainer.flow.normalize(trainer.target.train_points(2048))
    assert z.mean(0).abs().max() < 1e-4
    assert (z.std(0) - 1).abs().max() < 1e-2


# ---- clipping, averages, frozen layers ----


def test_clipping_bounds_the_step_and_leaves_small_gradients_alone() -> None:
    def moved(clip: float) -> float:
        trainer = Trainer(small(optimizer="sgd", momentum=0.0, warmup=0, learning_rate=1.0, clip_norm=clip))
        before = torch.cat([p.detach().flatten().clone() for p in trainer.flow.parameters()])
        finish(trainer, 1)
        return float((torch.cat([p.detach().flatten() for p in trainer.flow.parameters()]) - before).norm())

    free = moved(0.0)
    assert moved(free / 4) == pytest.approx(free / 4, rel=1e-3)
    assert moved(free * 4) == pytest.approx(free, rel=1e-5)


def test_the_average_follows_its_recursion() -> None:
    trainer = Trainer(small(ema=0.9))
    parameter = next(iter(trainer.flow.layers["a"].parameters()))
    averages = None
    for t, _ in enumerate(trainer.run(25)):
        decay = min(0.9, (1 + t) / (10 + t)) if t else 0.0
        weights = parameter.detach().clone()
        averages = weights if averages is None else decay * averages + (1 - decay) * weights
    name = next(name for name, p in trainer.flow.named_parameters() if p is parameter)
    assert averages is not None
    assert trainer.averaged
    assert torch.allclose(trainer.evaluation_flow().state_dict()[name], averages, atol=1e-6)


def test_without_an_average_the_weights_themselves_are_judged() -> None:
    trainer = finish(Trainer(small(ema=0.0)), 10)
    assert not trainer.averaged
    assert same_weights(trainer.evaluation_flow(), trainer.flow)


def test_the_average_may_be_turned_off_and_on() -> None:
    project = small(ema=0.99)
    trainer = finish(Trainer(project), 20)
    assert not same_weights(trainer.evaluation_flow(), trainer.flow)
    trainer.update(with_training(project, ema=0.0))
    assert same_weights(trainer.evaluation_flow(), trainer.flow)
    finish(trainer, 3)
    trainer.update(project)
    assert same_weights(trainer.evaluation_flow(), trainer.flow)
    finish(trainer, 1)
    assert same_weights(trainer.evaluation_flow(), trainer.flow)
    finish(trainer, 1)
    assert not same_weights(trainer.evaluation_flow(), trainer.flow)


def test_the_evaluation_flow_is_one_module_that_stays_still_until_asked_again() -> None:
    trainer = finish(Trainer(small()), 5)
    flow = trainer.evaluation_flow()
    x = trainer.target.held_out(32)
    before = flow.log_prob(x)
    finish(trainer, 5)
    assert torch.equal(flow.log_prob(x), before)
    assert trainer.evaluation_flow() is flow
    assert not torch.equal(flow.log_prob(x), before)


def test_a_frozen_layer_does_not_move() -> None:
    first, second, third = layers()
    trainer = Trainer(small(first, msgspec.structs.replace(second, trainable=False), third))
    frozen = [p.clone() for p in trainer.flow.layers["a"].parameters()]
    free = [p.clone() for p in trainer.flow.layers["b"].parameters()]
    finish(trainer, 10)
    assert all(torch.equal(a, b) for a, b in zip(frozen, trainer.flow.layers["a"].parameters(), strict=True))
    assert any(not torch.equal(a, b) for a, b in zip(free, trainer.flow.layers["b"].parameters(), strict=True))


# ---- nothing to train ----


@pytest.mark.parametrize("base", [KDE(points=200), Gaussian(trainable=False), GaussianMixture(trainable=False)])
def test_a_fitted_base_alone_is_finished_at_once(base: object) -> None:
    project = msgspec.structs.replace(
        small(base=base), pipeline=msgspec.structs.replace(small(base=base).pipeline, layers=())
    )
    trainer = Trainer(project)
    assert "fitted" in str(trainer.idle)
    assert list(trainer.run(5)) == []
    assert trainer.history.held_out_steps.tolist() == [0]
    assert trainer.history.held_out[0] == pytest.approx(trainer.held_out_nll())


def test_layers_without_weights_have_nothing_to_learn() -> None:
    trainer = Trainer(small(Permutation()))
    assert trainer.idle is not None
    assert list(trainer.run()) == []


def test_frozen_layers_are_named_as_the_reason() -> None:
    trainer = Trainer(small(*(msgspec.structs.replace(layer, trainable=False) for layer in layers())))
    assert "frozen" in str(trainer.idle)


def test_a_pipeline_without_layers_trains_its_base() -> None:
    project = small(base=Gaussian())
    project = msgspec.structs.replace(project, pipeline=msgspec.structs.replace(project.pipeline, layers=()))
    trainer = Trainer(project)
    assert trainer.idle is None
    assert len(list(trainer.run(3))) == 3


# ---- losses that are not finite ----


def explode(project: Project, **settings: object) -> tuple[Trainer, NonFinite]:
    trainer = finish(Trainer(project), 10)
    trainer.update(with_training(project, **settings))
    with pytest.raises(NonFinite) as caught:
        finish(trainer, 200)
    return trainer, caught.value


def test_an_absurd_rate_is_stopped_and_undone() -> None:
    project = small(optimizer="sgd", learning_rate=1e-3)
    reference = finish(Trainer(project), 10)
    trainer, error = explode(project, learning_rate=10.0, clip_norm=0.0, schedule="constant")
    assert error.uid in ("norm", "a", "b")
    assert "normalizing direction" in error.sentence
    assert "learning rate" in error.remedy
    assert trainer.step == len(trainer.history.train) == 10
    assert same_weights(trainer.flow, reference.flow)
    trainer.update(project)
    finish(trainer, 10)
    assert same_weights(trainer.flow, finish(reference, 10).flow)


def test_a_failure_noticed_late_is_met_again_and_named_alike() -> None:
    project = small(optimizer="sgd", learning_rate=1e-3)
    _, early = explode(project, learning_rate=10.0, clip_norm=0.0, schedule="constant")
    trainer = Trainer(project)
    trainer._check_every = 16
    finish(trainer, 10)
    trainer.update(with_training(project, learning_rate=10.0, clip_norm=0.0, schedule="constant"))
    with pytest.raises(NonFinite) as caught:
        finish(trainer, 200)
    assert str(caught.value) == str(early)
    assert trainer.step == 10


def test_looking_at_the_losses_seldom_changes_nothing() -> None:
    one, other = Trainer(small()), Trainer(small())
    other._check_every = 16
    finish(one, 37)
    finish(other, 37)
    assert same_weights(one.flow, other.flow)
    assert np.array_equal(one.history.train, other.history.train)


def poison(trainer: Trainer) -> None:
    with torch.no_grad():
        for parameter in trainer.flow.parameters():
            parameter.fill_(math.nan)


def test_an_edit_before_a_look_at_the_losses_keeps_no_spoilt_weights() -> None:
    """Steps that nobody looked at have gone wrong, and then a layer is frozen."""
    trainer = Trainer(small())
    trainer._check_every = 16
    finish(trainer, 134)
    poison(trainer)
    finish(trainer, 3)
    first, second, third = trainer.project.pipeline.layers
    frozen = msgspec.structs.replace(third, trainable=False)
    trainer.update(with_layers(trainer.project, first, second, frozen))
    finish(trainer, 40)
    assert all(parameter.isfinite().all() for parameter in trainer.flow.parameters())
    assert trainer.step == len(trainer.history.train)


def test_a_snapshot_before_a_look_at_the_losses_has_no_spoilt_weights() -> None:
    trainer = Trainer(small())
    trainer._check_every = 16
    finish(trainer, 133)
    assert trainer.snapshot().step == 133
    assert len(trainer._history.train) == 133
    poison(trainer)
    finish(trainer, 3)
    kept = trainer.snapshot()
    assert kept.step <= 133
    assert all(tensor.isfinite().all() for tensor in kept.model.values())


def test_points_outside_a_uniform_base_name_the_base() -> None:
    trainer = Trainer(small(ActNorm(), base=Uniform(half_width=0.5)))
    with pytest.raises(NonFinite) as caught:
        finish(trainer, 5)
    assert caught.value.uid == "base"
    assert "half width" in caught.value.remedy
    assert trainer.step == 0


@pytest.mark.parametrize(
    ("spoil", "tensor"),
    [
        (lambda layer: next(layer.parameters()).data.fill_(math.nan), "weight"),
        (lambda layer: list(layer.parameters())[-1].data.fill_(math.inf), "bias"),
    ],
)
def test_the_first_layer_with_a_bad_weight_is_named(spoil: Callable[[torch.nn.Module], object], tensor: str) -> None:
    trainer = finish(Trainer(small()), 3)
    spoil(trainer.flow.layers["b"])
    with pytest.raises(NonFinite) as caught:
        finish(trainer, 1)
    assert caught.value.uid == "b"
    assert "layer 3" in caught.value.sentence
    assert tensor in caught.value.sentence
    assert all(bool(torch.isfinite(p).all()) for p in trainer.flow.parameters())


def test_a_snapshot_brings_everything_back() -> None:
    trainer = finish(Trainer(small()), 20)
    snapshot = trainer.snapshot()
    losses = finish(trainer, 20).history.train
    trainer.restore(snapshot)
    assert trainer.step == 20
    assert np.array_equal(finish(trainer, 20).history.train, losses)


# ---- objectives ----


def test_reverse_kl_falls() -> None:
    target = NamedTarget(name="banana")
    trainer = finish(Trainer(small(target=target, objective="reverse_kl", learning_rate=0.01)), 150)
    losses = trainer.history.train
    assert losses[-20:].mean() < losses[:5].mean() - 0.2
    assert losses[-20:].mean() > -0.1


def test_reverse_kl_leaves_the_base_alone() -> None:
    trainer = Trainer(
        small(base=GaussianMixture(components=2), target=NamedTarget(name="banana"), objective="reverse_kl")
    )
    before = [p.clone() for p in trainer.flow.base.parameters()]
    finish(trainer, 5)
    assert all(torch.equal(a, b) for a, b in zip(before, trainer.flow.base.parameters(), strict=True))


def test_reverse_kl_is_refused_where_the_density_is_zero() -> None:
    with pytest.raises(SpecError, match="zero in places"):
        Trainer(small(target=NamedTarget(name="checkerboard"), objective="reverse_kl"))


def test_a_device_that_is_not_there_is_named() -> None:
    if torch.cuda.is_available():
        pytest.skip("there is one here")
    with pytest.raises(SpecError, match=r"cuda.*cpu"):
        Trainer(small(device="cuda"))
