"""The digits: their split, their noise, their classes, and that nothing of one split is seen in another."""

import pytest
import torch
from sklearn.datasets import load_digits

from flowviz.pipeline import Context, NamedTarget
from flowviz.targets import Density, load


@pytest.fixture(scope="module")
def digits() -> Density:
    return load(NamedTarget(name="digits"))


def test_shape_and_figures(digits: Density) -> None:
    assert digits.event_shape == (1, 8, 8)
    assert (digits.train_count, digits.held_out_count, digits.test_count) == (1000, 350, 447)
    assert (digits.levels, digits.entropy, digits.has_log_prob) == (17, None, False)
    mean, std = digits.standardization
    assert torch.equal(mean, torch.zeros(1, 8, 8))
    assert torch.equal(std, torch.full((1, 8, 8), 17.0))
    assert digits.columns[:2] == ("row 1, column 1", "row 1, column 2")
    assert len(digits.columns) == 64
    assert (digits.range(40), digits.box) == ((0.0, 17.0), (0.0, 17.0, 0.0, 17.0))
    assert digits.context == Context(kind="classes", count=10)
    assert digits.context_names == tuple("0123456789")
    with pytest.raises(ValueError, match="not known"):
        digits.log_prob(digits.held_out(2))


def test_splits_are_the_ones_of_the_literature(digits: Density) -> None:
    data = load_digits()
    parts = [digits.train_points(10_000), digits.held_out(10_000), digits.test_points(10_000)]
    assert [len(part) for part in parts] == [1000, 350, 447]
    whole = torch.cat(parts).floor().squeeze(1)
    assert torch.equal(whole.double(), torch.from_numpy(data.images))
    classes = torch.cat([digits.train_context(10_000), digits.held_out_context(10_000), digits.test_context(10_000)])
    assert torch.equal(classes, torch.from_numpy(data.target))


def test_noise_is_fixed_where_it_judges_and_fresh_where_it_trains(digits: Density) -> None:
    again = load(NamedTarget(name="digits"), seed=9)
    assert torch.equal(digits.held_out(300), again.held_out(350)[:300])
    assert torch.equal(digits.test_points(20), again.test_points(447)[:20])
    assert torch.equal(digits.train_points(300), digits.train_points(1000)[:300])
    assert not torch.equal(digits.train_points(300), again.train_points(300))
    assert torch.equal(digits.train_points(300).floor(), again.train_points(300).floor())
    noise = digits.train_points(1000).frac()
    assert float(noise.mean()) == pytest.approx(0.5, abs=0.005)
    assert float(noise.var()) == pytest.approx(1 / 12, abs=0.002)
    generator = torch.Generator().manual_seed(1)
    first, second = digits.sample(4000, generator), digits.sample(4000, generator)
    assert torch.equal(first, digits.sample(4000, torch.Generator().manual_seed(1)))
    assert not torch.equal(first.frac(), second.frac())
    assert (first.dtype, first.shape) == (torch.float32, (4000, 1, 8, 8))
    assert first.min() >= 0.0
    assert first.max() < 17.0


def test_training_draws_are_training_pictures_with_their_class(digits: Density) -> None:
    known = {
        bytes(picture.to(torch.uint8).flatten().tolist()): int(label)
        for picture, label in zip(digits.train_points(1000), digits.train_context(1000), strict=True)
    }
    points, classes = digits.sample_with_context(500, torch.Generator().manual_seed(2))
    assert classes.dtype == torch.int64
    found = [known[bytes(picture.to(torch.uint8).flatten().tolist())] for picture in points]
    assert found == classes.tolist()
    assert torch.equal(points, digits.sample(500, torch.Generator().manual_seed(2)))


def test_what_is_shown(digits: Density) -> None:
    shown = digits.events_for_showing(digits.held_out(50))
    assert (shown.dtype, shown.shape) == (torch.uint8, (50, 1, 8, 8))
    assert (int(shown.min()), int(shown.max())) == (0, 255)
    edges = torch.tensor([-3.0, 0.99, 1.0, 16.99, 40.0, float("nan")]).reshape(1, 1, 1, 6)
    assert digits.events_for_showing(edges).flatten().tolist() == [0, 0, 16, 255, 255, 0]
    hues = digits.held_out_hues(350)
    assert torch.allclose(hues, digits.held_out_context(350) / 10.0)
    other = digits.labels(digits.held_out(350))
    assert ((other >= 0.0) & (other < 1.0)).all()


def test_no_level_is_left_in_float32() -> None:
    """Even at the highest of 256 levels the noise rounds to no other one, before and after the division by Q."""
    from flowviz.targets.images import dequantised

    for level, count in ((255, 256), (16, 17), (254, 256)):
        points = dequantised(torch.full((200_000,), level, dtype=torch.uint8), torch.Generator().manual_seed(0))
        assert torch.equal(points.floor(), torch.full_like(points, level))
        assert torch.equal(((points / count) * count).floor(), torch.full_like(points, level))
        assert float(points.max()) > level + 0.999
