"""What a named density can be conditioned by: the class or the number is drawn first, and the point from it."""

import math

import pytest
import torch

from flowviz.pipeline import NAMED, Context, NamedTarget
from flowviz.targets import Density, load
from flowviz.targets.moons import turned
from flowviz.targets.named import FORMULAS

CLASSED = [name for name in FORMULAS if NAMED[name].classes]
SEPARATE = {"eight_gaussians", "twenty_five_gaussians", "checkerboard", "corners", "mixture_8d", "sine_mixture",
            "plucked_strings", "two_moons", "circles", "rings", "two_spirals"}  # fmt: skip
"""Classes so far apart that the hue, which is by where a point is, tells almost all of them."""


def density(name: str, **options: object) -> Density:
    return load(NamedTarget(name=name), **options)


@pytest.mark.parametrize("name", CLASSED)
def test_classes_come_with_the_points(name: str) -> None:
    target = density(name)
    count = len(NAMED[name].classes)
    assert (target.context, target.context_names) == (Context(kind="classes", count=count), NAMED[name].classes)
    points, classes = target.sample_with_context(6000, torch.Generator().manual_seed(4))
    assert torch.equal(points, target.sample(6000, torch.Generator().manual_seed(4)))
    assert (classes.dtype, classes.shape) == (torch.int64, (6000,))
    counts = torch.bincount(classes, minlength=count)
    assert len(counts) == count
    assert int(counts.min()) > 0.7 * 6000 * (0.2 if name == "mixture_1d" else 1 / count)


@pytest.mark.parametrize("name", sorted(SEPARATE))
def test_classes_are_the_parts_that_hues_tell_apart(name: str) -> None:
    target = density(name)
    points, classes = target.sample_with_context(3000, torch.Generator().manual_seed(5))
    told = (target.labels(points) * len(target.context_names) + 1e-4).floor().long()
    assert float((told == classes).double().mean()) > 0.97


@pytest.mark.parametrize("name", [*CLASSED, "turning_moons"])
def test_fixed_points_keep_their_context(name: str) -> None:
    target, other = density(name, seed=3), density(name, seed=4)
    points, context = target.held_out(8300), target.held_out_context(8300)
    assert len(points) == len(context) == 8300
    assert torch.equal(target.held_out_context(50), context[:50])
    assert torch.equal(other.held_out_context(50), context[:50])
    assert torch.equal(target.test_context(50), context[:50])
    assert torch.equal(target.test_points(50), points[:50])
    assert not torch.equal(target.train_context(50), context[:50])
    assert not torch.equal(target.train_context(50), other.train_context(50))
    assert len(target.held_out_context(0)) == 0
    if target.has_log_prob and name in SEPARATE:
        told = (target.labels(points) * len(target.context_names) + 1e-4).floor().long()
        assert float((told == context).double().mean()) > 0.97


@pytest.mark.parametrize(
    "name", ["two_moons", "eight_gaussians", "rings", "circles", "pinwheel", "two_spirals", "corners", "mixture_8d"]
)
def test_conditional_entropy_is_the_entropy_less_what_the_class_tells(name: str) -> None:
    """H(x|c) = H(x) − H(c) + H(c|x), and classes that hardly overlap leave little of the last."""
    info = NAMED[name]
    assert info.entropy is not None
    assert info.conditional_entropy is not None
    told = info.entropy - info.conditional_entropy
    assert told <= math.log(len(info.classes)) + 2e-6
    assert told > math.log(len(info.classes)) - 0.06


def test_components_are_the_likeliest_where_they_were_drawn() -> None:
    """Of a mixture whose components' densities are written down here again."""
    target = density("mixture_1d")
    points, classes = target.sample_with_context(20_000, torch.Generator().manual_seed(6))
    for c, (weight, mean, sd) in enumerate([(0.5, -2.0, 0.8), (0.3, 1.0, 0.4), (0.2, 3.0, 0.15)]):
        mine = points[classes == c, 0].double()
        assert len(mine) / 20_000 == pytest.approx(weight, abs=0.015)
        assert float(mine.mean()) == pytest.approx(mean, abs=0.05)
        assert float(mine.std()) == pytest.approx(sd, rel=0.04)
    info = NAMED["mixture_1d"]
    assert info.conditional_entropy == pytest.approx(
        0.5 * math.log(2 * math.pi * math.e) + math.log(0.8**0.5 * 0.4**0.3 * 0.15**0.2)
    )


def test_turning_moons_are_the_moons_turned_back() -> None:
    target, moons = density("turning_moons"), density("two_moons")
    assert target.context == Context(kind="numbers", count=1)
    assert (target.context_names, target.context_ranges) == (("angle",), ((-math.pi, math.pi),))
    points, angles = target.sample_with_context(20_000, torch.Generator().manual_seed(7))
    assert (angles.dtype, angles.shape) == (torch.float32, (20_000, 1))
    assert float(angles.min()) >= -math.pi
    assert float(angles.max()) <= math.pi
    assert abs(float(angles.mean())) < 0.06
    surprise = -moons.log_prob(turned(points, -angles).double())
    assert float(surprise.mean()) == pytest.approx(target.conditional_entropy, abs=5 * float(surprise.std()) / 141)
    assert target.conditional_entropy == moons.entropy
    assert (target.has_log_prob, target.entropy) == (False, None)
    with pytest.raises(ValueError, match="not known"):
        target.log_prob(points)


@pytest.mark.parametrize("name", ["swiss_roll", "gaussian", "ar_process"])
def test_without_a_context_it_is_refused_in_a_sentence(name: str) -> None:
    target = density(name)
    assert (target.context, target.context_names) == (Context(), ())
    for ask in (
        lambda: target.sample_with_context(3),
        lambda: target.held_out_context(3),
        lambda: target.train_context(3),
        lambda: target.test_context(3),
    ):
        with pytest.raises(ValueError, match=f"{target.title} has no context"):
            ask()
    with pytest.raises(ValueError, match="holds no pictures"):
        target.events_for_showing(target.held_out(2))
