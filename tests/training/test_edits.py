"""Edits in mid-training: what stays, what is made anew, what comes back."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch

from flowviz.flows import build
from flowviz.pipeline import (
    IAF,
    KDE,
    MAF,
    MLP,
    ActNorm,
    AdditiveCoupling,
    AffineCoupling,
    BatchNorm,
    Continuous,
    DrawnTarget,
    Gaussian,
    GaussianMixture,
    LayerSpec,
    Linear,
    NamedTarget,
    Residual,
    Scaling,
    SpecError,
    SplineCoupling,
    TableTarget,
    Transformer,
    WaveNet,
    WaveNetBase,
)
from flowviz.targets import load
from flowviz.training import Trainer
from flowviz.training.contexts import Batch
from flowviz.training.evaluation import mean_nll
from flowviz.training.optimization import SHORT_AVERAGE

from .projects import NET, layers, name_of, same_weights, small, with_layers, with_training


def trained(steps: int = 30, **settings: object) -> Trainer:
    trainer = Trainer(small(**settings))
    for _ in trainer.run(steps):
        pass
    return trainer


def weights(trainer: Trainer) -> dict[str, torch.Tensor]:
    return {name: parameter.detach().clone() for name, parameter in trainer.flow.named_parameters()}


def moments(trainer: Trainer) -> dict[str, torch.Tensor]:
    known = trainer.optimization.learnt()
    names = {parameter: name for name, parameter in trainer.flow.named_parameters()}
    return {names[p]: of.moments["exp_avg"].clone() for p, of in known.items() if p in names and of.moments}


NEW: list[LayerSpec] = [
    AffineCoupling(uid="new", conditioner=NET, initial_std=0.2),
    AdditiveCoupling(uid="new", conditioner=NET, initial_std=0.2),
    MAF(uid="new", initial_std=0.2),
    IAF(uid="new", initial_std=0.2),
    Linear(uid="new", start="rotation"),
    ActNorm(uid="new"),
    Scaling(uid="new"),
]


@pytest.mark.parametrize("layer", NEW, ids=lambda layer: layer.kind)
@pytest.mark.parametrize("place", [0, 2, 3])
def test_a_layer_put_in_leaves_the_density_as_it_was(layer: LayerSpec, place: int) -> None:
    trainer = trained(10)
    x = trainer.target.held_out(64)
    before, learnt = trainer.evaluation_flow().log_prob(x), weights(trainer)
    old = layers()
    assert trainer.update(with_layers(trainer.project, *old[:place], layer, *old[place:])) == []
    assert torch.allclose(trainer.evaluation_flow().log_prob(x), before, atol=1e-6)
    assert all(torch.equal(weights(trainer)[name], tensor) for name, tensor in learnt.items())
    assert len(list(trainer.run(2))) == 2
    assert trainer.step == 12


def test_an_edit_keeps_moments_and_averages_of_the_untouched_layers() -> None:
    trainer = trained()
    known = moments(trainer)
    averages = {name: p.clone() for name, p in trainer.evaluation_flow().named_parameters()}
    trainer.update(with_layers(trainer.project, *layers()[:2], Scaling(uid="new"), layers()[2]))
    assert moments(trainer).keys() == known.keys()
    assert all(torch.equal(moments(trainer)[name], moment) for name, moment in known.items())
    now = dict(trainer.evaluation_flow().named_parameters())
    assert all(torch.equal(now[name], average) for name, average in averages.items())


def test_a_new_layer_counts_its_own_steps() -> None:
    trainer = trained(30)
    trainer.update(with_layers(trainer.project, *layers(), Scaling(uid="new")))
    list(trainer.run(5))
    ages = {name: trainer.optimization.learnt()[p].age for name, p in trainer.flow.named_parameters()}
    assert ages["layers.new.log_scale"] == 5
    assert {age for name, age in ages.items() if "new" not in name} == {35}


def test_a_layer_put_in_is_shown_with_its_own_weights_before_it_has_an_average() -> None:
    trainer = trained(ema=0.9)
    new = AffineCoupling(uid="new", conditioner=NET, initial_std=0.1)
    trainer.update(with_layers(trainer.project, *trainer.project.pipeline.layers, new))
    shown, there = trainer.evaluation_flow().layers["new"], trainer.flow.layers["new"]
    for one, other in zip(shown.parameters(), there.parameters(), strict=True):
        assert torch.equal(one, other)


def test_moving_layers_keeps_their_weights() -> None:
    trainer = trained()
    learnt = weights(trainer)
    norm, a, b = layers()
    trainer.update(with_layers(trainer.project, b, norm, a))
    assert [uid for uid, _ in trainer.flow.active] == ["b", "norm", "a"]
    assert all(torch.equal(weights(trainer)[name], tensor) for name, tensor in learnt.items())


def test_a_layer_taken_out_comes_back_with_all_that_it_had_learnt() -> None:
    trainer = trained()
    project, nll, known = trainer.project, trainer.held_out_nll(), moments(trainer)
    trainer.update(with_layers(project, *layers()[:2]))
    assert trainer.held_out_nll() != nll
    trainer.update(project)
    assert trainer.held_out_nll() == nll
    assert all(torch.equal(moments(trainer)[name], moment) for name, moment in known.items())


def test_a_layer_of_another_size_is_made_anew_and_the_old_one_remembered() -> None:
    trainer = trained()
    project, nll = trainer.project, trainer.held_out_nll()
    norm, a, b = layers()
    said = trainer.update(with_layers(project, norm, msgspec.structs.replace(a, conditioner=MLP(hidden=(8,))), b))
    assert len(said) == 1
    assert "Layer 2" in said[0]
    assert trainer.held_out_nll() != nll
    trainer.update(project)
    assert trainer.held_out_nll() == nll


OPTIONS: list[tuple[LayerSpec, dict[str, object]]] = [
    (AffineCoupling(uid="a", conditioner=NET), {"conditioner": MLP(hidden=(16, 16), dropout=0.3)}),
    (Transformer(uid="a", channels=8, heads=2, depth=1), {"dropout": 0.3}),
    (BatchNorm(uid="a"), {"momentum": 0.5}),
    (SplineCoupling(uid="a", conditioner=NET), {"tail_bound": 7.0}),
    (Residual(uid="a", hidden=(8,)), {"lipschitz": 0.5}),
    (Continuous(uid="a", hidden=(8,)), {"steps": 5, "time": 0.5, "trace": "hutchinson"}),
]


@pytest.mark.parametrize(("layer", "options"), OPTIONS, ids=lambda value: getattr(value, "kind", ""))
def test_an_option_that_leaves_the_weights_their_meaning_keeps_them(
    layer: LayerSpec, options: dict[str, object]
) -> None:
    trainer = Trainer(small(layer, AffineCoupling(uid="b", conditioner=NET)))
    list(trainer.run(20))
    known, project = weights(trainer), trainer.project
    changed = msgspec.structs.replace(layer, **options)
    assert trainer.update(with_layers(project, changed, project.pipeline.layers[1])) == []
    assert all(torch.equal(weights(trainer)[name], tensor) for name, tensor in known.items())
    # And it is in use: what comes from a file, built anew with the option, says the same.
    fresh = build(trainer.project.pipeline, (2,))
    fresh.load_state_dict(trainer.flow.state_dict())
    x = trainer.target.held_out(50)
    with torch.random.fork_rng(), torch.no_grad():
        said = []
        for flow in (trainer.flow.train(), fresh.train()):
            torch.manual_seed(0)
            said.append(flow.log_prob(x))
    assert torch.equal(*said)


def test_the_dropout_of_a_base_changes_and_its_weights_stay() -> None:
    base = WaveNetBase(output="gaussian", network=WaveNet(channels=4, skip=4, layers=2, blocks=1))
    trainer = Trainer(small(ActNorm(uid="a"), base=base, target=NamedTarget(name="ar_process"), batch_size=8))
    list(trainer.run(3))
    known, project = weights(trainer), trainer.project
    other = msgspec.structs.replace(base, network=msgspec.structs.replace(base.network, dropout=0.4))
    trainer.update(msgspec.structs.replace(project, pipeline=msgspec.structs.replace(project.pipeline, base=other)))
    assert all(torch.equal(weights(trainer)[name], tensor) for name, tensor in known.items())
    assert {part.dropout for part in trainer.flow.base.modules() if hasattr(part, "dropout")} == {0.4}


def test_a_base_of_another_size_is_made_anew_and_says_so() -> None:
    trainer = trained()
    project = trainer.project

    def change(components: int) -> list[str]:
        pipeline = msgspec.structs.replace(project.pipeline, base=GaussianMixture(components=components))
        return [str(said) for said in trainer.update(msgspec.structs.replace(project, pipeline=pipeline))]

    assert change(5) == []  # another kind of base is another base, of course
    (said,) = change(4)
    assert "base" in said
    assert "anew" in said
    assert change(5) == []  # this one is known


def test_a_base_that_refuses_the_data_changes_nothing() -> None:
    trainer = Trainer(small(ActNorm(uid="a"), Scaling(uid="s"), target=NamedTarget(name="sine_mixture"), batch_size=8))
    list(trainer.run(3))
    project, flow, known, state = trainer.project, trainer.flow, weights(trainer), trainer.generator.get_state()
    base = WaveNetBase(output="categorical", network=WaveNet(channels=4, skip=4, layers=2, blocks=1))
    wanted = with_layers(project, ActNorm(uid="a", trainable=False), Scaling(uid="s"), Linear(uid="new"))
    wanted = with_training(
        msgspec.structs.replace(wanted, pipeline=msgspec.structs.replace(wanted.pipeline, base=base)), batch_size=9
    )
    with pytest.raises(SpecError, match="no density"):
        trainer.update(wanted)
    assert trainer.project is project
    assert trainer.flow is flow
    assert flow.training
    assert all(torch.equal(weights(trainer)[name], tensor) for name, tensor in known.items())
    assert all(parameter.requires_grad for parameter in flow.parameters())
    assert torch.equal(trainer.generator.get_state(), state)
    assert len(list(trainer.run(2))) == 2


def test_a_run_that_comes_back_and_is_refused_leaves_the_one_there_is() -> None:
    sequences = small(ActNorm(uid="a"), target=NamedTarget(name="sine_mixture"), batch_size=8)
    trainer = Trainer(sequences)
    list(trainer.run(3))
    trainer.update(small())
    list(trainer.run(4))
    project, flow, known = trainer.project, trainer.flow, weights(trainer)
    base = WaveNetBase(output="categorical", network=WaveNet(channels=4, skip=4, layers=2, blocks=1))
    with pytest.raises(SpecError, match="no density"):
        trainer.update(
            msgspec.structs.replace(sequences, pipeline=msgspec.structs.replace(sequences.pipeline, base=base))
        )
    assert trainer.project is project
    assert trainer.flow is flow
    assert trainer.step == 4
    assert all(torch.equal(weights(trainer)[name], tensor) for name, tensor in known.items())
    trainer.update(sequences)
    assert trainer.step == 3


def test_bypass_keeps_what_was_learnt() -> None:
    trainer = trained()
    project, nll = trainer.project, trainer.held_out_nll()
    norm, a, b = layers()
    trainer.update(with_layers(project, norm, msgspec.structs.replace(a, bypass=True), b))
    assert trainer.held_out_nll() != nll
    trainer.update(project)
    assert trainer.held_out_nll() == nll


def test_a_layer_bypassed_at_the_start_is_not_initialised_from_data_later() -> None:
    norm, a, b = layers()
    trainer = Trainer(small(norm, a, b, msgspec.structs.replace(ActNorm(uid="late"), bypass=True)))
    list(trainer.run(10))
    nll = trainer.held_out_nll()
    trainer.update(with_layers(trainer.project, norm, a, b, ActNorm(uid="late")))
    assert trainer.held_out_nll() == pytest.approx(nll, abs=1e-6)


def test_freezing_in_mid_training_stops_a_layer_and_thawing_lets_it_go_on() -> None:
    trainer = trained()
    project = trainer.project
    norm, a, b = layers()
    trainer.update(with_layers(project, norm, msgspec.structs.replace(a, trainable=False), b))
    before = weights(trainer)
    list(trainer.run(5))
    after = weights(trainer)
    assert all(torch.equal(before[name], after[name]) for name in before if name.startswith("layers.a."))
    assert any(not torch.equal(before[name], after[name]) for name in before if name.startswith("layers.b."))
    trainer.update(project)
    list(trainer.run(5))
    assert any(not torch.equal(after[name], p) for name, p in weights(trainer).items() if name.startswith("layers.a."))


@pytest.mark.parametrize("base", [Gaussian(), GaussianMixture(components=3), KDE(points=300)])
def test_another_base_is_fitted_to_what_the_layers_make_of_the_data(base: object) -> None:
    trainer = trained(150)
    nll = trainer.held_out_nll()
    trainer.update(
        msgspec.structs.replace(trainer.project, pipeline=msgspec.structs.replace(trainer.project.pipeline, base=base))
    )
    assert trainer.held_out_nll() < nll + 0.05
    list(trainer.run(2))


def test_a_snapshot_of_another_pipeline_is_refused_and_changes_nothing() -> None:
    trainer = trained(5)
    snapshot = trainer.snapshot()
    list(trainer.run(2))
    norm, a, b = layers()
    smaller = msgspec.structs.replace(a, conditioner=MLP(hidden=(8, 8)))
    for other in ((norm, a, b, Scaling(uid="new")), (norm, smaller, b)):
        trainer.update(with_layers(trainer.project, *other))
        before = weights(trainer)
        with pytest.raises(ValueError, match="another pipeline"):
            trainer.restore(snapshot)
        assert trainer.step == 7
        assert all(torch.equal(before[name], p) for name, p in weights(trainer).items())


# ---- before the first step ----


def test_before_the_first_step_an_edit_gives_what_a_new_project_gives() -> None:
    other = small(*layers(), AffineCoupling(uid="c", conditioner=NET, initial_std=0.1), seed=3)
    trainer = Trainer(small())
    trainer.update(other)
    assert same_weights(trainer.flow, Trainer(other).flow)


def test_the_same_project_again_changes_nothing() -> None:
    trainer = trained(5)
    flow, optimization = trainer.flow, trainer.optimization
    assert trainer.update(trainer.project) == []
    assert trainer.update(msgspec.convert(msgspec.to_builtins(trainer.project), type(trainer.project))) == []
    assert trainer.flow is flow
    assert trainer.optimization is optimization


def test_a_project_that_cannot_be_used_changes_nothing() -> None:
    trainer = trained(5)
    project, flow = trainer.project, trainer.flow
    with pytest.raises(SpecError):
        trainer.update(msgspec.structs.replace(project, target=NamedTarget(name="no such density")))
    with pytest.raises(SpecError):
        trainer.update(with_layers(project, *(ActNorm() for _ in range(65))))
    with pytest.raises(SpecError):
        trainer.update(
            msgspec.structs.replace(
                with_training(project, objective="reverse_kl"), target=NamedTarget(name="checkerboard")
            )
        )
    assert trainer.project is project
    assert trainer.flow is flow
    assert len(list(trainer.run(1))) == 1


# ---- settings ----


def test_settings_change_between_two_steps_with_no_restart() -> None:
    project = small(optimizer="adam")
    trainer = Trainer(project)
    run = trainer.run(6)
    next(run)
    age = trainer.optimization.chunks[0].age
    settings = {
        "learning_rate": 0.01,
        "batch_size": 7,
        "schedule": "constant",
        "warmup": 0,
        "clip_norm": 0.1,
        "ema": 0.5,
    }
    assert trainer.update(with_training(project, **settings)) == []
    result = next(run)
    assert result.learning_rate == 0.01
    assert trainer.optimization.chunks[0].age == age + 1
    assert len(list(run)) == 4


def test_another_optimiser_starts_new_moments_and_says_so() -> None:
    trainer = trained(10)
    before = weights(trainer)
    said = trainer.update(with_training(trainer.project, optimizer="sgd"))
    assert len(said) == 1
    assert "moments" in said[0]
    assert all(torch.equal(before[name], p) for name, p in weights(trainer).items())
    assert moments(trainer) == {}
    assert trainer.averaged
    list(trainer.run(3))


def test_threads_never_take_every_core() -> None:
    trainer = trained(1)
    assert trainer.threads == 1
    trainer.update(with_training(trainer.project, threads=256))
    list(trainer.run(1))
    assert trainer.threads == torch.get_num_threads()
    trainer.update(with_training(trainer.project, threads=1))
    assert torch.get_num_threads() == 1


# ---- targets ----


def test_another_target_goes_on_from_the_same_weights() -> None:
    trainer = trained()
    before = weights(trainer)
    assert trainer.update(msgspec.structs.replace(trainer.project, target=NamedTarget(name="eight_gaussians"))) == []
    assert all(torch.equal(before[name], p) for name, p in weights(trainer).items())
    assert "ight" in trainer.target.title
    list(trainer.run(2))
    assert trainer.step == 32


def test_the_average_soon_forgets_another_target() -> None:
    trainer = trained(200)
    trainer.update(msgspec.structs.replace(trainer.project, target=NamedTarget(name="eight_gaussians")))
    assert {chunk.average_age for chunk in trainer.optimization.chunks} == {SHORT_AVERAGE}
    list(trainer.run(2))
    assert {chunk.average_age for chunk in trainer.optimization.chunks} == {SHORT_AVERAGE + 2}


def test_painting_goes_on_while_it_learns() -> None:
    cells = np.zeros((256, 256), np.float32)
    cells[100:150, 100:150] = 1.0
    trainer = trained(3, target=DrawnTarget.from_array(cells))
    cells[20:60, 30:90] = 0.5
    run = trainer.run(3)
    next(run)
    trainer.update(msgspec.structs.replace(trainer.project, target=DrawnTarget.from_array(cells)))
    assert len(list(run)) == 2
    assert trainer.step == 6


def test_a_base_that_is_only_fitted_follows_the_data() -> None:
    trainer = Trainer(small(base=KDE(points=500)))
    list(trainer.run(3))
    other = load(NamedTarget(name="eight_gaussians"))
    stale = mean_nll(trainer.flow, Batch(other.held_out(1000)))
    trainer.update(msgspec.structs.replace(trainer.project, target=NamedTarget(name="eight_gaussians")))
    assert mean_nll(trainer.flow, Batch(other.held_out(1000))) < stale - 0.3


def test_another_dimension_starts_anew_and_the_old_run_comes_back() -> None:
    trainer = trained(20)
    project, state = trainer.project, trainer.flow.state_dict()
    kept = {name: tensor.clone() for name, tensor in state.items()}
    losses = trainer.history.train
    said = trainer.update(msgspec.structs.replace(project, target=NamedTarget(name=name_of(3))))
    assert len(said) == 1
    assert trainer.step == 0
    assert trainer.flow.event_shape == (3,)
    list(trainer.run(3))
    said = trainer.update(project)
    assert len(said) == 1
    assert trainer.step == 20
    assert all(torch.equal(kept[name], tensor) for name, tensor in trainer.flow.state_dict().items())
    assert np.array_equal(trainer.history.train, losses)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    points = np.random.default_rng(0).normal((5.0, -300.0), (0.1, 40.0), (2000, 2))
    np.save(tmp_path / "table.npy", points)
    return tmp_path / "table.npy"


def test_a_table_is_standardised_and_judged_in_its_own_units(table: Path) -> None:
    trainer = Trainer(small(target=TableTarget(path=str(table))))
    assert trainer.flow.preprocessing is not None
    list(trainer.run(50))
    entropy = 2 * 0.5 * np.log(2 * np.pi * np.e) + np.log(0.1 * 40.0)
    assert abs(trainer.held_out_nll() - entropy) < 0.3


def test_standardisation_comes_and_goes_with_the_target(table: Path) -> None:
    trainer = trained()
    project, before = trainer.project, weights(trainer)
    trainer.update(msgspec.structs.replace(project, target=TableTarget(path=str(table))))
    assert trainer.flow.preprocessing is not None
    assert all(torch.equal(before[name], p) for name, p in weights(trainer).items())
    trainer.update(project)
    assert trainer.flow.preprocessing is None
    list(trainer.run(1))
