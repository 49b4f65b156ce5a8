"""Every picture is what it says: densities integrate to one, ledgers add up, lattices and points are those of the trace."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from flowviz.engine.messages import Frame, Picture, Tile, Wanted, decode_event, encode
from flowviz.flows import Flow
from flowviz.pipeline import (
    KDE,
    MAF,
    MLP,
    ActNorm,
    AdditiveCoupling,
    AffineCoupling,
    Gaussian,
    LayerSpec,
    Linear,
    PipelineSpec,
    Uniform,
)
from flowviz.training.frames import FLOOR, LATTICE, POINTS, FrameMaker, Interrupted, tiles_alone, wanted_at_all
from flowviz.training.frames_budget import FULL, Detail

from .frames_world import rough, target_of

SMALL = MLP(hidden=(16, 16))
LAYERS: tuple[LayerSpec, ...] = (
    ActNorm(),
    AffineCoupling(conditioner=SMALL),
    AffineCoupling(mask="odd", conditioner=SMALL),
    Linear(),
    AffineCoupling(mask="odd", conditioner=SMALL, bypass=True),
    AffineCoupling(conditioner=MLP(hidden=(16, 16), activation="tanh")),
    MAF(),
)
SPEC = PipelineSpec(layers=LAYERS)
UIDS = ("l1", "l2", "l3", "l4", "l6", "l7")


@pytest.fixture(scope="module")
def flow() -> Flow:
    return rough(SPEC)


@pytest.fixture
def maker(flow: Flow) -> FrameMaker:
    return FrameMaker(target_of(flow))


def draw(maker: FrameMaker, flow: Flow, wanted: Wanted, detail: Detail = FULL) -> Frame:
    return maker.frame(flow, wanted, detail, generation=7, step=40, averaged=True)


def grid(picture: Picture) -> tuple[NDArray[np.float64], float]:
    """Cell centres (n, D) as the pixels lie, and the area of a cell."""
    values = picture.values.numpy()
    low, high, bottom, top = picture.box
    columns = values.shape[-1]
    x = low + (high - low) * (np.arange(columns) + 0.5) / columns
    if values.ndim == 1:
        return x[:, None], (high - low) / columns
    rows = values.shape[0]
    y = bottom + (top - bottom) * (np.arange(rows) + 0.5) / rows
    X, Y = np.meshgrid(x, y)
    return np.stack([X.ravel(), Y.ravel()], 1), (high - low) * (top - bottom) / (rows * columns)


def integral(picture: Picture) -> float:
    return float(np.exp(picture.values.numpy().astype(np.float64)).sum() * grid(picture)[1])


def with_picture(tile: Tile) -> Picture:
    assert tile.picture is not None
    return tile.picture


def test_a_frame_says_what_it_was_made_from(maker: FrameMaker, flow: Flow) -> None:
    frame = draw(maker, flow, Wanted(ledger=True))
    assert (frame.generation, frame.step, frame.averaged) == (7, 40, True)
    assert frame.seconds > 0
    assert decode_event(encode(frame)) == frame


def test_what_nobody_wants_is_left_out(maker: FrameMaker, flow: Flow) -> None:
    assert not wanted_at_all(Wanted())
    frame = draw(maker, flow, Wanted(ledger=True))
    assert frame.tiles == ()
    assert (frame.model, frame.samples, frame.morph, frame.flow, frame.probe) == (None,) * 5
    assert maker.work == 0


@pytest.mark.parametrize("dimensions", [1, 2])
def test_the_density_of_every_state_integrates_to_one(dimensions: int) -> None:
    flow = rough(SPEC, dimensions)
    frame = draw(FrameMaker(target_of(flow)), flow, Wanted(tile_resolution=192))
    assert [tile.uid for tile in frame.tiles] == ["data", *UIDS, "base"]
    for tile in frame.tiles:
        picture = with_picture(tile)
        assert picture.values.shape == ((192,) if dimensions == 1 else (192, 192))
        assert picture.box == tile.box
        assert integral(picture) == pytest.approx(1.0, abs=0.01), tile.uid


def test_the_density_of_a_state_is_the_data_density_over_the_stretch_to_there(maker: FrameMaker, flow: Flow) -> None:
    """log p_k(h) = log p(x(h)) + log|det dx/dh|, on the way back to the data: not the way in which it was computed."""
    frame = draw(maker, flow, Wanted(tile_resolution=24))
    stages = flow.stages()
    for k, tile in enumerate(frame.tiles[:-1]):
        picture = with_picture(tile)
        x, back = torch.from_numpy(grid(picture)[0]).float(), torch.zeros(())
        with torch.no_grad():
            for _, stage in reversed(stages[:k]):
                x, log_det = stage.generate(x)
                back = back + log_det
            wanted = flow.log_prob(x) + back
        np.testing.assert_allclose(picture.values.numpy().ravel(), wanted.numpy(), atol=2e-3, rtol=2e-4)


def test_the_data_tile_and_the_stage_show_the_same_model(maker: FrameMaker, flow: Flow) -> None:
    frame = draw(maker, flow, Wanted(tile_resolution=64, model_resolution=64))
    assert frame.model == with_picture(frame.tiles[0])
    points = torch.from_numpy(grid(frame.model)[0]).float()
    with torch.no_grad():
        np.testing.assert_allclose(frame.model.values.numpy().ravel(), flow.log_prob(points).numpy(), atol=1e-3)


def test_the_stage_may_be_zoomed(maker: FrameMaker, flow: Flow) -> None:
    frame = draw(maker, flow, Wanted(model_resolution=40, box=(0.0, 2.0, 0.0, 1.0)))
    assert frame.model is not None
    assert frame.model.box == (0.0, 2.0, 0.0, 1.0)
    assert frame.model.values.shape == (20, 40)


def test_no_picture_is_finer_than_the_detail(maker: FrameMaker, flow: Flow) -> None:
    wanted = Wanted(tile_resolution=128, model_resolution=256, selected="l2", selected_resolution=256)
    frame = draw(maker, flow, wanted, Detail(24, 48, 40))
    assert frame.model is not None
    assert frame.morph is not None
    assert max(with_picture(frame.tiles[3]).values.shape) == 24
    assert max(frame.model.values.shape) == 48
    assert max(with_picture(frame.morph.input).values.shape) == 40


def test_log_det_tiles_show_each_layer_over_its_own_input(maker: FrameMaker, flow: Flow) -> None:
    frame = draw(maker, flow, Wanted(tile_mode="log_det", tile_resolution=20))
    assert frame.tiles[0].picture is None
    assert frame.tiles[-1].picture is None
    for (_, stage), before, tile in zip(flow.stages(), frame.tiles, frame.tiles[1:], strict=False):
        picture = with_picture(tile)
        assert picture.box == before.box
        with torch.no_grad():
            wanted = stage.normalize(torch.from_numpy(grid(picture)[0]).float())[1]
        np.testing.assert_allclose(picture.values.numpy().ravel(), wanted.numpy(), atol=1e-4)


def test_means_and_histograms_of_log_dets_are_those_of_the_held_out_points(maker: FrameMaker, flow: Flow) -> None:
    frame = draw(maker, flow, Wanted(tile_mode="samples", tile_resolution=20))
    with torch.no_grad():
        trace = flow.trace(maker.points)
    for tile, log_det in zip(frame.tiles[1:-1], trace.log_dets, strict=True):
        assert tile.log_det == pytest.approx(float(log_det.mean()), abs=1e-5)
        assert tile.histogram is not None
        counts, edges = (part.numpy() for part in tile.histogram)
        assert counts.sum() == POINTS
        assert edges[0] <= float(log_det.min()) + 1e-4
        assert edges[-1] >= float(log_det.max()) - 1e-4
        inner = (log_det.numpy() > edges[3]) & (log_det.numpy() < edges[-4])
        assert abs(int(inner.sum()) - int(counts[3:-3].sum())) <= 2


def test_points_are_the_targets_at_every_state(maker: FrameMaker, flow: Flow) -> None:
    frame = draw(maker, flow, Wanted(tile_mode="samples", tile_resolution=20, whole_flow=True))
    with torch.no_grad():
        states = [state.numpy() for state in flow.trace(maker.points).states]
    assert frame.flow is not None
    np.testing.assert_array_equal(frame.flow.numpy(), np.stack(states))
    for tile, state in zip(frame.tiles, [*states, states[-1]], strict=True):
        assert tile.points is not None
        np.testing.assert_array_equal(tile.points.numpy(), state)
        assert (tile.picture, tile.lattice) == (None, None)


@pytest.mark.parametrize("turned", [False, True])
def test_the_lattice_is_pushed_or_pulled_through_the_flow(maker: FrameMaker, flow: Flow, turned: bool) -> None:
    frame = draw(maker, flow, Wanted(tile_mode="grid", tile_resolution=20, turned=turned))
    lattices = [tile.lattice.numpy() for tile in frame.tiles if tile.lattice is not None]
    stretches = [tile.stretch.numpy() for tile in frame.tiles if tile.stretch is not None]
    assert {lattice.shape for lattice in lattices} == {(LATTICE[2], LATTICE[2], 2)}
    start = lattices[-1] if turned else lattices[0]
    assert np.ptp(np.diff(start[..., 0], axis=1)) < 1e-5
    assert np.ptp(np.diff(start[..., 1], axis=0)) < 1e-5
    assert (start[0, 0] < start[-1, -1]).all()
    corners = torch.tensor(start.reshape(-1, 2))
    with torch.no_grad():
        trace = flow.trace_generate(corners) if turned else flow.trace(corners)
    for k, state in enumerate(trace.states):
        np.testing.assert_allclose(lattices[k].reshape(-1, 2), state.numpy(), atol=1e-4, rtol=1e-4)
        wanted = trace.log_dets[k:].sum(0) if turned else trace.log_dets[:k].sum(0)
        np.testing.assert_allclose(stretches[k].ravel(), wanted.numpy(), atol=1e-4)


def test_the_ledger_adds_up_to_the_mean_log_density(maker: FrameMaker, flow: Flow) -> None:
    ledger = draw(maker, flow, Wanted(ledger=True)).ledger
    assert ledger is not None
    assert ledger.uids == UIDS
    assert ledger.base + sum(ledger.log_dets) == ledger.total
    with torch.no_grad():
        assert ledger.total == pytest.approx(float(flow.log_prob(maker.points).mean()), abs=1e-5)


def test_the_probe_is_the_density_of_its_point(maker: FrameMaker, flow: Flow) -> None:
    probe = draw(maker, flow, Wanted(probe=(0.25, -1.5))).probe
    assert probe is not None
    assert probe.ledger.base + sum(probe.ledger.log_dets) == probe.ledger.total
    x = torch.tensor([[0.25, -1.5]])
    assert probe.log_prob == float(flow.log_prob(x).detach())
    for point in maker.points[:50]:
        other = draw(maker, flow, Wanted(probe=tuple(point.tolist()))).probe
        assert other is not None
        assert other.log_prob == float(flow.log_prob(point[None]).detach())
    assert probe.ledger.total == pytest.approx(probe.log_prob, abs=1e-5)
    with torch.no_grad():
        trace = flow.trace(x)
    np.testing.assert_array_equal(probe.states.numpy(), torch.cat(trace.states).numpy())
    assert draw(maker, flow, Wanted(probe=(1.0, 2.0, 3.0))).probe is None


def test_samples_are_the_models_and_held(maker: FrameMaker, flow: Flow) -> None:
    first = draw(maker, flow, Wanted(samples=300)).samples
    maker.forget()
    assert first is not None
    assert first.shape == (300, 2)
    assert draw(maker, flow, Wanted(samples=300)).samples == first


def test_the_random_numbers_of_training_are_left_alone(maker: FrameMaker, flow: Flow) -> None:
    before = torch.get_rng_state()
    draw(maker, flow, Wanted(samples=50, tile_resolution=24, model_resolution=24, probe=(0.0, 0.0), ledger=True))
    assert torch.equal(torch.get_rng_state(), before)


def test_a_flow_in_training_mode_stays_in_it_and_gets_no_gradient() -> None:
    flow = rough(SPEC).train()
    draw(FrameMaker(target_of(flow)), flow, Wanted(tile_resolution=24))
    assert flow.training
    assert all(parameter.grad is None and parameter.requires_grad for parameter in flow.parameters())


@pytest.mark.parametrize(
    ("selected", "states"),
    [("data", (0, 0)), ("l1", (0, 1)), ("l4", (3, 4)), ("l5", (4, 4)), ("l7", (5, 6)), ("base", (6, 6))],
)
def test_the_morph_is_between_a_layers_states(
    maker: FrameMaker, flow: Flow, selected: str, states: tuple[int, int]
) -> None:
    frame = draw(maker, flow, Wanted(tile_resolution=24, selected=selected, selected_resolution=24))
    assert frame.morph is not None
    assert frame.morph.uid == selected
    for side, k in zip((frame.morph.input, frame.morph.output), states, strict=True):
        assert side.picture == frame.tiles[k].picture
        assert side.points is not None
        assert side.lattice is not None
        with torch.no_grad():
            np.testing.assert_array_equal(side.points.numpy(), flow.trace(maker.points).states[k].numpy())


def test_a_selected_layer_that_is_not_there_has_no_morph(maker: FrameMaker, flow: Flow) -> None:
    assert draw(maker, flow, Wanted(selected="gone", selected_resolution=24)).morph is None


def test_a_preprocessing_has_a_tile_and_a_morph() -> None:
    standardization = (torch.tensor([1.0, -2.0]), torch.tensor([3.0, 0.5]))
    flow = rough(SPEC, standardization=standardization)
    wanted = Wanted(tile_resolution=96, ledger=True, selected="preprocessing", selected_resolution=24)
    frame = draw(FrameMaker(target_of(flow)), flow, wanted)
    assert [tile.uid for tile in frame.tiles] == ["data", "preprocessing", *UIDS, "base"]
    assert frame.tiles[1].log_det == pytest.approx(-np.log(3.0 * 0.5), abs=1e-5)
    assert frame.morph is not None
    assert frame.morph.input.box == frame.tiles[0].box
    assert frame.morph.output.box == frame.tiles[1].box


def test_one_dimension_has_curves() -> None:
    flow = rough(PipelineSpec(layers=(ActNorm(), AffineCoupling(), AdditiveCoupling())), 1)
    maker = FrameMaker(target_of(flow))
    wanted = Wanted(
        tile_resolution=100, model_resolution=200, samples=30, selected="l2", selected_resolution=50, probe=(0.5,)
    )
    frame = draw(maker, flow, wanted)
    assert frame.model is not None
    assert frame.samples is not None
    assert frame.morph is not None
    assert frame.morph.input.lattice is not None
    assert frame.morph.input.points is not None
    assert frame.probe is not None
    assert with_picture(frame.tiles[0]).values.shape == (100,)
    assert frame.model.values.shape == (200,)
    assert frame.model.box[2:] == (0.0, 1.0)
    assert frame.samples.shape == (30,)
    assert frame.morph.input.lattice.shape == (LATTICE[1],)
    assert frame.morph.input.points.shape == (POINTS,)
    assert frame.probe.states.shape == (4, 1)


@pytest.mark.parametrize("mode", ["density", "grid", "samples", "log_det"])
def test_three_dimensions_have_points_on_the_chosen_axes_and_no_picture(mode: str) -> None:
    flow = rough(PipelineSpec(layers=(ActNorm(), AffineCoupling(), Linear())), 3)
    maker = FrameMaker(target_of(flow))
    wanted = Wanted(
        tile_mode=mode,  # type: ignore[arg-type]
        tile_resolution=48,
        model_resolution=48,
        samples=20,
        selected="l2",
        selected_resolution=48,
        whole_flow=True,
        ledger=True,
        axes=(2, 0),
        probe=(0.1, 0.2, 0.3),
    )
    frame = draw(maker, flow, wanted)
    assert maker.work == 0
    assert frame.model is None
    assert frame.samples is not None
    assert frame.flow is not None
    assert frame.morph is not None
    assert frame.samples.shape == (20, 2)
    assert frame.flow.shape == (4, POINTS, 2)
    assert frame.morph.output.points is not None
    assert frame.morph.output.picture is None
    for tile in frame.tiles:
        assert tile.picture is None
        assert tile.points is not None
        assert tile.points.shape == (POINTS, 2)
    np.testing.assert_array_equal(frame.flow.numpy()[0], maker.points.numpy()[:, [2, 0]])


@pytest.mark.parametrize("base", [Gaussian(), KDE(points=50), Uniform(half_width=2.0)], ids=str)
def test_no_layers_at_all(base: Gaussian | KDE | Uniform) -> None:
    flow = rough(PipelineSpec(base=base))
    frame = draw(FrameMaker(target_of(flow)), flow, Wanted(tile_resolution=96, ledger=True, selected="base"))
    assert [tile.uid for tile in frame.tiles] == ["data", "base"]
    assert integral(with_picture(frame.tiles[1])) == pytest.approx(1.0, abs=0.05)


def test_where_there_is_no_density_the_picture_has_its_floor() -> None:
    flow = rough(PipelineSpec(base=Uniform(half_width=1.0)))
    frame = draw(FrameMaker(target_of(flow)), flow, Wanted(model_resolution=32))
    assert frame.model is not None
    values = frame.model.values.numpy()
    assert values.min() == FLOOR
    assert values.max() == pytest.approx(-np.log(4.0))


def test_weights_that_are_no_numbers_make_a_problem_and_pictures_that_can_be_drawn() -> None:
    flow = rough(SPEC)
    target = target_of(rough(SPEC))
    with torch.no_grad():
        for parameter in flow.layers["l3"].parameters():
            parameter.fill_(torch.nan)
    wanted = Wanted(tile_resolution=24, model_resolution=24, selected="l3", selected_resolution=24, ledger=True)
    frame = draw(FrameMaker(target), flow, wanted)
    assert not frame.tiles[2].problem.template.startswith("{bad} of")
    assert str(frame.tiles[3].problem) == f"{POINTS} of {POINTS} points are not finite here."
    assert frame.morph is not None
    assert frame.morph.output.problem
    for tile in frame.tiles:
        assert np.isfinite(with_picture(tile).values.numpy()).all()
        assert np.isfinite(tile.box).all()
    assert frame.morph.output.lattice is not None
    assert np.isfinite(frame.morph.output.lattice.numpy()).all()


def test_boxes_are_held_while_the_flow_learns(flow: Flow) -> None:
    maker = FrameMaker(target_of(flow))
    moving = rough(SPEC)
    before = [tile.box for tile in draw(maker, moving, Wanted(tile_resolution=24)).tiles]
    with torch.no_grad():
        for parameter in moving.parameters():
            parameter.mul_(1.01)
    maker.forget()
    assert [tile.box for tile in draw(maker, moving, Wanted(tile_resolution=24)).tiles] == before


def test_only_what_is_new_is_computed(maker: FrameMaker, flow: Flow) -> None:
    wanted = Wanted(tile_resolution=32, model_resolution=32)
    expected = maker.expect(flow, wanted, FULL)
    first = draw(maker, flow, wanted)
    assert maker.work == expected > 0
    again = draw(maker, flow, Wanted(tile_resolution=32, model_resolution=32, probe=(0.0, 1.0)))
    assert maker.work == 0
    assert again.tiles == first.tiles
    maker.forget()
    assert maker.expect(flow, wanted, FULL) == expected


WHOLE = Wanted(tile_resolution=32, model_resolution=32, whole_flow=True, ledger=True, probe=(0.0, 1.0))


def test_tiles_alone_have_new_pictures_in_the_boxes_of_the_last_whole_frame() -> None:
    learning = rough(SPEC)
    maker = FrameMaker(target_of(learning))
    alone = tiles_alone(WHOLE, (2,))
    assert alone is not None
    whole = draw(maker, learning, WHOLE)
    with torch.no_grad():
        for parameter in learning.parameters():
            parameter.mul_(1.01)
    maker.forget()
    tiles = maker.frame(learning, alone, FULL, generation=7, step=41, averaged=True, tiles_only=True)
    assert tiles.tiles_only
    assert (tiles.model, tiles.flow, tiles.ledger) == (None, None, None)
    assert tiles.probe is not None
    assert [tile.box for tile in tiles.tiles] == [tile.box for tile in whole.tiles]
    assert [tile.log_det for tile in tiles.tiles] == [tile.log_det for tile in whole.tiles]
    after = draw(maker, learning, WHOLE)
    assert [tile.picture for tile in tiles.tiles] == [tile.picture for tile in after.tiles]
    assert [tile.picture for tile in tiles.tiles] != [tile.picture for tile in whole.tiles]
    assert after.ledger != whole.ledger


def test_there_are_no_tiles_alone_where_they_save_nothing() -> None:
    assert tiles_alone(Wanted(model_resolution=32), (2,)) is None
    assert tiles_alone(WHOLE, (3,)) is None
    assert tiles_alone(WHOLE, (1, 8, 8)) is None


def test_points_at_every_state_are_new_where_they_are_what_tiles_show() -> None:
    learning = rough(SPEC)
    maker = FrameMaker(target_of(learning))
    wanted = Wanted(tile_resolution=32, tile_mode="samples")
    before = draw(maker, learning, wanted)
    with torch.no_grad():
        for parameter in learning.parameters():
            parameter.mul_(1.01)
    maker.forget()
    alone = maker.frame(learning, wanted, FULL, generation=7, step=41, averaged=True, tiles_only=True)
    assert alone.tiles[-1].points != before.tiles[-1].points


@pytest.mark.parametrize("layers", [LAYERS, (), LAYERS[:1]])
def test_points_by_tables_are_those_of_the_flow(layers: tuple[LayerSpec, ...]) -> None:
    flow = rough(PipelineSpec(layers=layers))
    wanted = Wanted(tile_resolution=32, whole_flow=True, ledger=True)
    exact = draw(FrameMaker(target_of(flow)), flow, wanted)
    live = FrameMaker(target_of(flow)).frame(flow, wanted, FULL, generation=7, step=40, averaged=True, live=True)
    assert exact.flow is not None
    assert live.flow is not None
    np.testing.assert_allclose(live.flow.numpy(), exact.flow.numpy(), rtol=1e-4, atol=1e-4)
    assert live.ledger is not None
    assert exact.ledger is not None
    assert live.ledger.total == pytest.approx(exact.ledger.total, abs=1e-4)
    np.testing.assert_allclose(live.ledger.log_dets, exact.ledger.log_dets, atol=1e-4)


def test_at_rest_points_are_the_flows_own_after_a_live_frame_of_the_same_weights(maker: FrameMaker, flow: Flow) -> None:
    wanted = Wanted(whole_flow=True, ledger=True)
    live = maker.frame(flow, wanted, FULL, generation=7, step=40, averaged=True, live=True)
    rested, exact = draw(maker, flow, wanted), draw(FrameMaker(maker.target), flow, wanted)
    assert live.flow != exact.flow
    assert (rested.flow, rested.ledger) == (exact.flow, exact.ledger)


def test_other_weights_are_seen_after_forgetting() -> None:
    flow = rough(SPEC)
    maker = FrameMaker(target_of(flow))
    first = draw(maker, flow, Wanted(tile_resolution=24))
    with torch.no_grad():
        for parameter in flow.parameters():
            parameter.mul_(1.1)
    maker.forget()
    assert draw(maker, flow, Wanted(tile_resolution=24)).tiles[0] != first.tiles[0]


def test_a_frame_can_be_interrupted_and_made_again(maker: FrameMaker, flow: Flow) -> None:
    asked = []

    def third_time() -> bool:
        asked.append(True)
        return len(asked) == 3

    wanted = Wanted(tile_resolution=64)
    with pytest.raises(Interrupted):
        maker.frame(flow, wanted, FULL, generation=1, step=1, averaged=False, interrupted=third_time)
    assert len(asked) == 3
    assert len(draw(maker, flow, wanted).tiles) == 8


def test_another_target_brings_its_own_points(flow: Flow) -> None:
    maker = FrameMaker(target_of(flow))
    other = rough(PipelineSpec(layers=(ActNorm(),)))
    draw(maker, flow, Wanted(whole_flow=True))
    maker.look_at(target_of(other))
    frame = draw(maker, flow, Wanted(whole_flow=True))
    assert frame.flow is not None
    np.testing.assert_array_equal(frame.flow.numpy()[0], other.sample(POINTS, seed=2).numpy())
