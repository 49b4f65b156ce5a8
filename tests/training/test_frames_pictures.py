"""What a frame shows of pictures, sequences, classes and many coordinates."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch

from flowviz.engine.messages import Array, Frame, Gallery, Wanted, decode_event, encode
from flowviz.flows import Flow, build
from flowviz.pipeline import (
    MAF,
    MLP,
    ActNorm,
    AffineCoupling,
    Context,
    Flatten,
    NamedTarget,
    PipelineSpec,
    PixelCNN,
    PixelCNNBase,
    WaveNet,
    WaveNetBase,
)
from flowviz.targets import load
from flowviz.training.frames import FrameMaker, points_of, wanted_at_all
from flowviz.training.frames_budget import FULL
from flowviz.training.frames_events import Ranges
from flowviz.training.frames_gallery import SEED, between
from flowviz.training.frames_projection import Planes, principal_plane
from flowviz.training.frames_target import target_info

from .frames_world import rough, target_of
from .pictures_world import CLASSES, PICTURES, POINTS, Blobs, Squares

SMALL = MLP(hidden=(8,))


def flow_of(spec: PipelineSpec) -> Flow:
    """The flow of this pipeline on squares, with its weights disturbed, and initialised from data."""
    target = Squares()
    flow = build(spec, target.event_shape, seed=1, standardization=target.standardization)
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for parameter in flow.parameters():
            parameter.add_(0.05 * torch.randn(parameter.shape, generator=generator))
    context = target.train_context(100) if spec.context.width else None
    flow.eval().initialize(target.train_points(100), context)
    return flow


@pytest.fixture(scope="module")
def flow() -> Flow:
    return flow_of(PICTURES)


@pytest.fixture(scope="module")
def pixels() -> Flow:
    return flow_of(PipelineSpec(base=PixelCNNBase(network=PixelCNN(channels=4, blocks=1))))


def draw(maker: FrameMaker, flow: Flow, wanted: Wanted, *, step: int = 40, drawing: float = 1e9) -> Frame:
    frame = maker.frame(flow, wanted, FULL, generation=1, step=step, averaged=False, drawing=drawing)
    assert decode_event(encode(frame)) == frame
    return frame


def array(values: Array | None) -> np.ndarray:
    assert values is not None
    return values.numpy()


def gallery(frame: Frame) -> Gallery:
    assert frame.gallery is not None
    return frame.gallery


# ---- states ----


def test_every_state_shows_the_same_few_pictures(flow: Flow) -> None:
    target = Squares()
    frame = draw(FrameMaker(target), flow, Wanted(tile_resolution=24, pictures=5))
    shapes = {tile.uid: tile.shape for tile in frame.tiles}
    assert shapes["data"] == shapes["preprocessing"] == shapes["logit"] == (1, 4, 4)
    assert shapes["squeeze"] == (4, 2, 2)
    assert shapes["split"] == shapes["base"] == (2, 2, 2)
    data = frame.tiles[0]
    np.testing.assert_array_equal(array(data.events), target.events_for_showing(target.held_out(5)).numpy())
    assert data.event_range == (0.0, 3.0)
    with torch.no_grad():
        trace = flow.trace(target.held_out(points_of(target.event_shape)))
    for tile, state in zip(frame.tiles[1:], trace.states[1:], strict=False):
        low, high = tile.event_range
        assert (low, high) == pytest.approx(np.quantile(state.numpy(), (0.01, 0.99)), abs=1e-4)
        wanted = np.clip((state[:5].numpy() - low) / (high - low), 0, 1) * 255
        np.testing.assert_allclose(array(tile.events), wanted, atol=0.6)
        assert tile.picture is None
        assert tile.lattice is None
    split = next(tile for tile in frame.tiles if tile.uid == "split")
    assert array(split.left).shape == (5, 2, 2, 2)
    assert all(tile.left is None for tile in frame.tiles if tile.uid != "split")


def test_terms_sum_to_the_mean_log_det(flow: Flow) -> None:
    frame = draw(FrameMaker(Squares()), flow, Wanted(tile_mode="log_det", tile_resolution=24, pictures=2))
    summed = 0
    for before, tile in zip(frame.tiles, frame.tiles[1:], strict=False):
        if tile.terms is not None:
            assert array(tile.terms).shape == before.shape
            assert float(array(tile.terms).sum()) == pytest.approx(tile.log_det, abs=1e-3)
            summed += 1
    assert summed >= 4
    assert all(tile.terms is None for tile in draw(FrameMaker(Squares()), flow, Wanted(tile_resolution=24)).tiles)


def test_a_flattened_picture_is_still_shown_as_one() -> None:
    made = flow_of(PipelineSpec(layers=(Flatten(uid="flat"), AffineCoupling(uid="a", conditioner=SMALL))))
    frame = draw(FrameMaker(Squares()), made, Wanted(tile_resolution=24, pictures=3))
    assert [tile.shape for tile in frame.tiles[2:]] == [(16,)] * 3
    assert all(array(tile.events).shape == (3, 1, 4, 4) for tile in frame.tiles)


def test_pictures_have_points_in_a_plane_and_a_ledger(flow: Flow) -> None:
    target = Squares()
    frame = draw(FrameMaker(target), flow, Wanted(tile_resolution=24, ledger=True, whole_flow=True, samples=5000))
    info = target_info(target, (0, 1), 1)
    np.testing.assert_array_equal(array(frame.tiles[0].points), array(info.points))
    assert frame.tiles[0].box == info.box
    assert all(array(tile.points).shape == (60, 2) for tile in frame.tiles)
    assert array(frame.samples).shape == (points_of(target.event_shape), 2)
    assert array(frame.flow).shape == (len(frame.tiles) - 1, 60, 2)
    assert frame.ledger is not None
    with torch.no_grad():
        assert frame.ledger.total == pytest.approx(float(flow.log_prob(target.held_out(60)).mean()), abs=1e-3)


def test_ranges_are_held_and_given_up() -> None:
    ranges = Ranges()
    values = np.random.default_rng(0).normal(size=2000).astype(np.float32)
    first = ranges.hold("a", values)
    assert ranges.hold("a", values * 1.05) == first
    assert ranges.hold("a", values * 3.0) != first
    assert ranges.hold("a", np.full(3, np.nan, np.float32)) == ranges.hold("a", values * 3.0)
    ranges.keep(set())
    assert ranges.hold("a", values) == first


# ---- galleries ----


def test_samples_are_made_from_the_same_noise(flow: Flow) -> None:
    target = Squares()
    frame = draw(FrameMaker(target), flow, Wanted(gallery="samples", gallery_count=6, temperature=0.7))
    wanted = target.events_for_showing(flow.sample(6, 0.7, SEED))
    np.testing.assert_array_equal(array(gallery(frame).events), wanted.numpy())
    assert (gallery(frame).done, gallery(frame).seconds_left) == (1.0, None)
    assert wanted_at_all(Wanted(gallery="samples"))


def test_reconstructions_come_back(flow: Flow) -> None:
    made = gallery(draw(FrameMaker(Squares()), flow, Wanted(gallery="reconstruction", gallery_count=4)))
    events = array(made.events)
    np.testing.assert_array_equal(events[:4], events[4:])
    assert made.error is not None
    assert made.error < 1e-3


def test_the_interpolation_begins_and_ends_at_the_two_events(flow: Flow) -> None:
    target = Squares()
    made = gallery(draw(FrameMaker(target), flow, Wanted(gallery="interpolation", gallery_count=5, ends=(2, 7))))
    events, ends = array(made.events), target.events_for_showing(target.held_out(8)).numpy()
    assert len(events) == 5
    np.testing.assert_array_equal(events[[0, -1]], ends[[2, 7]])
    assert "circle" in made.note.template


def test_the_great_circle_keeps_the_length() -> None:
    a, b = torch.tensor([2.0, 0.0, 0.0]), torch.tensor([0.0, 2.0, 0.0])
    torch.testing.assert_close(between(a, b, 5, spherical=True).norm(dim=1), torch.full((5,), 2.0))
    torch.testing.assert_close(between(a, b, 3, spherical=False)[1], torch.tensor([1.0, 1.0, 0.0]))
    torch.testing.assert_close(between(a, a, 3, spherical=True), a.expand(3, -1))


def test_the_nearest_training_event_is_the_nearest(flow: Flow) -> None:
    target = Squares()
    made = gallery(draw(FrameMaker(target), flow, Wanted(gallery="nearest", gallery_count=3)))
    x, train = flow.sample(3, 1.0, SEED).flatten(1), target.train_points(200)
    nearest = torch.stack([train[(train.flatten(1) - one).square().sum(1).argmin()] for one in x])
    np.testing.assert_array_equal(array(made.events)[3:], target.events_for_showing(nearest).numpy())


def test_pixels_are_shown_on_their_way_and_end_as_the_flows_own_samples(pixels: Flow) -> None:
    target, maker, wanted = Squares(), FrameMaker(Squares()), Wanted(gallery="samples", gallery_count=3)
    first = gallery(draw(maker, pixels, wanted, drawing=0.0))
    assert 0.0 < first.done < 0.2
    assert first.seconds_left is not None
    assert maker.unfinished
    shares = [first.done]
    while maker.unfinished:
        maker.forget()  # the weights move on; the drawing stays with its own
        made = gallery(draw(maker, pixels, wanted, drawing=0.0))
        shares.append(made.done)
        if made.done == 1.0:
            break
    assert shares == sorted(shares)
    assert len(shares) > 8
    np.testing.assert_array_equal(array(made.events), target.events_for_showing(pixels.sample(3, seed=SEED)).numpy())
    # The weights have moved meanwhile: the next one begins, and at rest it comes to its end.
    assert maker.unfinished
    assert gallery(draw(maker, pixels, wanted, drawing=0.0)).done < 1.0
    assert gallery(draw(maker, pixels, wanted)).done == 1.0
    assert not maker.unfinished
    assert gallery(draw(maker, pixels, wanted, drawing=0.0)).done == 1.0


def test_another_temperature_or_a_reset_begins_anew(pixels: Flow) -> None:
    maker = FrameMaker(Squares())
    wanted = Wanted(gallery="samples", gallery_count=2)
    for _ in range(4):
        before = gallery(draw(maker, pixels, wanted, drawing=0.0)).done
    warm = msgspec.structs.replace(wanted, temperature=0.5)
    assert gallery(draw(maker, pixels, warm, drawing=0.0)).done < before
    for _ in range(4):
        before = gallery(draw(maker, pixels, warm, drawing=0.0)).done
    assert gallery(draw(maker, pixels, warm, step=0, drawing=0.0)).done < before


def test_a_command_that_waits_stops_the_drawing_at_the_next_pixel(pixels: Flow) -> None:
    maker = FrameMaker(Squares())
    frame = maker.frame(
        pixels,
        Wanted(gallery="samples", gallery_count=2),
        FULL,
        generation=1,
        step=1,
        averaged=False,
        interrupted=lambda: True,
        drawing=1e9,
    )
    assert gallery(frame).done < 0.2


def test_layers_that_go_number_by_number_draw_as_the_flow_does() -> None:
    spec = PipelineSpec(layers=(Flatten(), MAF(initial_std=0.1), ActNorm()))
    made = flow_of(spec)
    frame = draw(FrameMaker(Squares()), made, Wanted(gallery="samples", gallery_count=4))
    wanted = Squares().events_for_showing(made.sample(4, seed=SEED))
    np.testing.assert_array_equal(array(gallery(frame).events), wanted.numpy())


def test_vectors_have_no_gallery() -> None:
    flow = rough(PipelineSpec(layers=(ActNorm(),)))
    assert draw(FrameMaker(target_of(flow)), flow, Wanted(gallery="samples")).gallery is None


# ---- sequences ----


def test_sequences_are_shown_in_data_units() -> None:
    target = load(NamedTarget(name="sine_mixture"))
    spec = PipelineSpec(base=WaveNetBase(network=WaveNet(channels=4, skip=4, layers=3, blocks=1)))
    flow = build(spec, target.event_shape, standardization=target.standardization).eval()
    flow.initialize(target.train_points(50))
    frame = draw(FrameMaker(target), flow, Wanted(tile_resolution=24, pictures=2, gallery="samples", gallery_count=2))
    np.testing.assert_array_equal(array(frame.tiles[0].events), target.held_out(2).numpy())
    assert array(gallery(frame).events).shape == (2, *target.event_shape)
    assert array(gallery(frame).events).dtype == np.float32
    info = target_info(target, (0, 1), 1)
    assert array(info.events).shape[1:] == target.event_shape
    assert decode_event(encode(info)) == info


# ---- contexts ----


def test_densities_and_samples_are_those_of_the_wanted_class() -> None:
    target = Blobs()
    flow = build(POINTS, (2,), seed=1)
    generator = torch.Generator().manual_seed(2)
    with torch.no_grad():
        for parameter in flow.parameters():
            parameter.add_(0.3 * torch.randn(parameter.shape, generator=generator))
    flow.eval().initialize(target.train_points(100), target.train_context(100))
    maker, pictures = FrameMaker(target), []
    for c in (0, 1):
        wanted = Wanted(tile_resolution=16, model_resolution=24, samples=20, context=(float(c),), probe=(0.5, 0.5))
        frame = draw(maker, flow, wanted)
        assert frame.model is not None
        assert frame.probe is not None
        pictures.append(array(frame.model.values))
        at = torch.tensor([c])
        with torch.no_grad():
            assert frame.probe.log_prob == pytest.approx(float(flow.log_prob(torch.tensor([[0.5, 0.5]]), at)), abs=1e-5)
        np.testing.assert_array_equal(array(frame.samples), flow.sample(20, seed=SEED, context=at).numpy())
        x, y = np.meshgrid(*[np.linspace(-4, 4, 24, endpoint=False) + 1 / 6] * 2)
        points = torch.from_numpy(np.stack([x.ravel(), y.ravel()], 1)).float()
        with torch.no_grad():
            np.testing.assert_allclose(pictures[c].ravel(), flow.log_prob(points, at).numpy(), atol=1e-3)
    assert not np.array_equal(*pictures)


def test_points_go_through_a_conditional_flow_under_their_own_class() -> None:
    target = Squares()
    made = flow_of(msgspec.structs.replace(PICTURES, context=CLASSES))
    frame = draw(FrameMaker(target), made, Wanted(ledger=True, context=(1.0,)))
    assert frame.ledger is not None
    with torch.no_grad():
        own = made.log_prob(target.held_out(60), target.held_out_context(60))
    assert frame.ledger.total == pytest.approx(float(own.mean()), abs=1e-3)


def test_the_target_is_told_with_its_classes_and_levels() -> None:
    info = target_info(Squares(), (0, 1), 1, notes=())
    assert info.context is not None
    assert (info.context.kind, info.context.names) == ("classes", ("left", "right"))
    assert (info.levels, info.test_count) == (4, 50)
    assert (info.mean, info.std) == ((0.0,), (4.0,))
    np.testing.assert_array_equal(array(info.classes), Squares().held_out_context(60).numpy())
    assert array(info.events).shape == (60, 1, 4, 4)
    assert array(info.events).dtype == np.uint8


# ---- many coordinates ----


def test_principal_components_show_the_largest_variance() -> None:
    rng = np.random.default_rng(0)
    points = (rng.normal(size=(500, 6)) * [1, 5, 0.1, 3, 0.2, 0.5]).astype(np.float32)
    plane = principal_plane(points)
    np.testing.assert_allclose(np.abs(plane.axes[[1, 3], [0, 1]]), 1.0, atol=0.05)
    np.testing.assert_allclose(plane.axes.T @ plane.axes, np.eye(2), atol=1e-9)
    few = principal_plane(points[:4])
    covariance = np.cov(points[:4].T, bias=True)
    assert few.shown(points[:4]) == pytest.approx(np.linalg.eigvalsh(covariance)[-2:].sum(), rel=1e-4)


def test_a_plane_is_held_while_it_shows_enough() -> None:
    rng, planes = np.random.default_rng(0), Planes()
    points = rng.normal(size=(500, 4)).astype(np.float32)
    first = planes.hold("a", points)
    assert planes.hold("a", rng.normal(size=(500, 4)).astype(np.float32)) is first
    flat = points.copy()
    flat[:, :2] = flat @ first.axes * 0.01
    wide = (points - (points - first.mean) @ first.axes @ first.axes.T) * 9.0
    assert planes.hold("a", wide.astype(np.float32)) is not first


def test_vectors_by_principal_components_and_by_corner(tmp_path: Path) -> None:
    target = load(NamedTarget(name="gaussian_8d"))
    flow = rough(PipelineSpec(layers=(ActNorm(), AffineCoupling(conditioner=SMALL))), 8)
    frame = draw(
        FrameMaker(target),
        flow,
        Wanted(tile_resolution=24, projection="principal", corner=True, samples=50, probe=(0.1,) * 8),
    )
    info = target_info(target, (0, 1), 1, projection="principal", with_corner=True)
    np.testing.assert_array_equal(array(frame.tiles[0].points), array(info.points))
    assert info.box == frame.tiles[0].box
    np.testing.assert_array_equal(array(info.corner), target.held_out(1000)[:, :6].numpy())
    assert array(frame.corner).shape == (1000, 6)
    assert frame.probe is not None
    plane = principal_plane(target.held_out(1000).numpy())
    np.testing.assert_allclose(array(frame.samples), plane.see(flow.sample(50, seed=SEED).numpy()), atol=1e-4)
    plain = draw(FrameMaker(target), flow, Wanted(tile_resolution=24))
    np.testing.assert_array_equal(array(plain.tiles[0].points), target.held_out(1000)[:, :2].numpy())


def test_another_kind_of_context_is_the_middle_of_its_range() -> None:
    context = Context(kind="numbers", count=2)

    class Wide(Blobs):
        context_ranges = ((0.0, 2.0), (-1.0, 0.0))

    from flowviz.training import contexts

    flow = build(msgspec.structs.replace(POINTS, context=context), (2,))
    assert contexts.shown(flow, Wide(), ()).tolist() == [[1.0, -0.5]]  # type: ignore[union-attr]
    assert contexts.shown(flow, Wide(), (3.0, 4.0)).tolist() == [[3.0, 4.0]]  # type: ignore[union-attr]
