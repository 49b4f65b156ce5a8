"""The densities of pixel networks: sums over all pictures, draws against probabilities, bins, units, learning."""

from __future__ import annotations

import io
import itertools
import math

import pytest
import torch
from scipy import stats
from torch import Tensor

from flowviz.flows import BASES, Place, build
from flowviz.flows.ordered import FullWalk
from flowviz.flows.pixel_bases import PixelBase, draw, levels_of
from flowviz.pipeline import BaseSpec, PipelineSpec, PixelCNNBase, PixelRNNBase, SpecError
from flowviz.pipeline.conditioners import PixelCNN, PixelRNN

torch.set_num_threads(1)
SPECS: dict[str, BaseSpec] = {
    "pixelcnn": PixelCNNBase(network=PixelCNN(channels=6, blocks=1)),
    "diagonal": PixelRNNBase(network=PixelRNN(channels=4, layers=1, kernel=3)),
    "row": PixelRNNBase(network=PixelRNN(variant="row", channels=4, layers=1, kernel=3)),
}
EVERY_BASE = pytest.mark.parametrize("name", SPECS)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def unit(shape: tuple[int, ...], levels: int) -> Tensor:
    return torch.full(shape, float(levels), dtype=torch.float64)


def base(
    name: str, shape: tuple[int, ...], levels: int, context: int = 0, dtype: torch.dtype = torch.float64
) -> PixelBase:
    spec = SPECS[name]
    made = BASES[type(spec)](spec, Place(shape, generator(1), context, unit(shape, levels)))
    assert isinstance(made, PixelBase)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter += 0.4 * torch.randn(parameter.shape, generator=generator(2), dtype=torch.float64)
    return made.to(dtype)


def all_pictures(shape: tuple[int, ...], levels: int) -> Tensor:
    """Every picture's levels, (Q^D, *shape)."""
    rows = list(itertools.product(range(levels), repeat=math.prod(shape)))
    return torch.tensor(rows).reshape(-1, *shape)


def probabilities(made: PixelBase, level: Tensor, context: Tensor | None = None) -> Tensor:
    """P of every picture, from the density in the middle of its bin."""
    with torch.no_grad():
        density = made.log_prob((level.double() + 0.5) / made.levels, context)
    return (density - made.dimensions * math.log(made.levels)).exp()


@EVERY_BASE
@pytest.mark.parametrize(("shape", "levels"), [((1, 2, 2), 3), ((3, 1, 2), 2), ((2, 2, 1), 3)])
def test_the_probabilities_of_all_pictures_sum_to_1(name: str, shape: tuple[int, ...], levels: int) -> None:
    pictures = all_pictures(shape, levels)
    context = torch.randn(1, 2, generator=generator(), dtype=torch.float64).expand(len(pictures), -1)
    for made, c in ((base(name, shape, levels), None), (base(name, shape, levels, 2), context)):
        P = probabilities(made, pictures, c)
        assert float(P.sum()) == pytest.approx(1.0, abs=1e-9)
        assert float(P.max()) > 2.0 * float(P.min())


@EVERY_BASE
@pytest.mark.parametrize("shape", [(1, 2, 2), (2, 1, 2)], ids=str)
def test_draws_come_as_often_as_they_are_likely(name: str, shape: tuple[int, ...]) -> None:
    made, pictures = base(name, shape, 3), all_pictures(shape, 3)
    count = 20_000
    z = made.sample(count, generator(5))
    level = (z * 3).floor().long().flatten(1)
    index = (level * torch.tensor([27, 9, 3, 1])).sum(1)
    found = torch.bincount(index, minlength=81)
    expected = probabilities(made, pictures) * count
    # Pictures that are rare are counted together, with the rarest of the others.
    order = expected.argsort()
    rare = int((expected < 5.0).sum()) + 1
    observed = torch.cat((found[order[:rare]].sum()[None], found[order[rare:]])).double()
    wanted = torch.cat((expected[order[:rare]].sum()[None], expected[order[rare:]]))
    assert len(wanted) > 10
    assert stats.chisquare(observed.numpy(), wanted.numpy()).pvalue > 1e-3
    inside = z * 3 - (z * 3).floor()
    assert stats.kstest(inside.flatten()[:5000].numpy(), "uniform").pvalue > 1e-3


@EVERY_BASE
@pytest.mark.parametrize("temperature", [1.0, 0.5, 0.0])
@pytest.mark.parametrize("context", [0, 2])
def test_cached_draws_are_those_of_the_whole_network_anew(name: str, temperature: float, context: int) -> None:
    shape = (2, 3, 4)
    made = base(name, shape, 5, context)
    c = torch.randn(6, 2, generator=generator(), dtype=torch.float64) if context else None
    cached = made.sample(6, generator(9), temperature, c)
    own = made.network.walk
    made.network.walk = lambda like, given=None: FullWalk(made.network, like, given)  # type: ignore[assignment, method-assign]
    assert torch.equal(made.sample(6, generator(9), temperature, c), cached)
    made.network.walk = own  # type: ignore[method-assign]
    assert torch.equal(made.sample(6, generator(9), temperature, c), cached)


@EVERY_BASE
def test_at_temperature_0_every_pixel_takes_its_likeliest_level(name: str) -> None:
    made = base(name, (1, 3, 3), 4)
    z = made.sample(5, generator(1), 0.0)
    level = (z * 4).floor().long()
    assert torch.equal(level[0].expand(5, -1, -1, -1), level)
    with torch.no_grad():
        assert torch.equal(made.logits(level).argmax(2), level)


def test_a_level_is_drawn_by_its_share_and_temperature_divides_the_logits() -> None:
    logits = torch.tensor([[0.0, math.log(3.0), -math.inf]], dtype=torch.float64).expand(5, -1)
    chance = torch.tensor([0.0, 0.2499, 0.2501, 0.5, 0.9999], dtype=torch.float64)
    assert draw(logits, chance, 1.0).tolist() == [0, 0, 1, 1, 1]
    # At T = 1/2 the shares 1/4 and 3/4 become 1/10 and 9/10; far below, the likeliest has all.
    assert draw(logits, torch.tensor([0.0, 0.0999, 0.1001, 0.5, 0.99]).double(), 0.5).tolist() == [0, 0, 1, 1, 1]
    assert draw(logits, chance, 1e-300).tolist() == [1] * 5
    assert draw(logits, chance, 0.0).tolist() == [1] * 5


@EVERY_BASE
def test_the_pictures_come_about_pixel_by_pixel(name: str) -> None:
    made = base(name, (2, 2, 3), 4)
    steps = list(made.sampling(3, generator(2)))
    assert [done for _, done in steps] == [i / 6 for i in range(1, 7)]
    assert torch.equal(steps[-1][0], made.sample(3, generator(2)))
    for i, (z, _) in enumerate(steps):
        known = torch.arange(6).reshape(2, 3) <= i
        assert torch.equal(z[:, :, known], steps[-1][0][:, :, known])
        assert (z[:, :, ~known] == 0.0).all()
    assert made.sample(0, generator()).shape == (0, 2, 2, 3)
    assert not any(z.requires_grad for z, _ in steps)


@EVERY_BASE
def test_the_density_is_flat_in_a_bin_and_none_outside(name: str) -> None:
    shape = (1, 2, 2)
    made = base(name, shape, 3)
    level = all_pictures(shape, 3)[::7].double()
    noise = torch.rand(level.shape, generator=generator(), dtype=torch.float64)
    with torch.no_grad():
        wanted = made.log_prob((level + 0.5) / 3)
        assert torch.equal(made.log_prob((level + noise) / 3), wanted)
        assert torch.equal(made.log_prob(level / 3), wanted)
        z = torch.full((5, *shape), 0.5, dtype=torch.float64)
        for i, outside in enumerate((-1e-9, 1.0, 1.5, math.nan)):
            z[i, 0, 1, 0] = outside
        assert torch.isinf(made.log_prob(z)).tolist() == [True, True, True, True, False]
        assert (made.log_prob(z)[:4] < 0.0).all()


@EVERY_BASE
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("levels", [2, 17, 256])
def test_draws_stay_in_their_bins_through_the_flows_units(name: str, dtype: torch.dtype, levels: int) -> None:
    shape = (1, 2, 2)
    mean = torch.zeros(shape, dtype=torch.float64)
    spec = PipelineSpec(layers=(), base=SPECS[name])  # type: ignore[arg-type]
    flow = build(spec, shape, standardization=(mean, unit(shape, levels)), dtype=dtype)
    x = flow.sample(40, seed=3)
    # Nothing learnt yet: every level is as likely as any other.
    uniform = -flow.event_shape[1] * 2 * math.log(levels)
    torch.testing.assert_close(flow.log_prob(x).detach(), torch.full((40,), uniform, dtype=dtype))
    whole = torch.randint(0, levels, (40, *shape), generator=generator()).to(dtype)
    with torch.no_grad():
        for parameter in flow.parameters():
            parameter += 0.3 * torch.randn(parameter.shape, generator=generator(2))
        # Levels without noise lie on the edge between two bins, and belong to the upper one.
        torch.testing.assert_close(flow.log_prob(whole), flow.log_prob(whole + 0.5), rtol=1e-4, atol=1e-4)
    assert flow.log_prob(x).dtype == dtype
    # In units of the levels the density is the probability of the picture: no constant is missing.
    z = (x.floor() + 0.5) / levels
    assert isinstance(flow.base, PixelBase)
    exact = torch.log_softmax(flow.base.logits(x.floor().long()), 2)
    picked = exact.gather(2, x.floor().long()[:, :, None]).flatten(1).sum(1)
    torch.testing.assert_close(flow.log_prob(x), picked, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(flow.base.log_prob(z.to(dtype)), picked + 4 * math.log(levels), rtol=1e-4, atol=1e-4)


def test_levels_are_the_datas_unit() -> None:
    assert levels_of(None) == 256
    assert levels_of(torch.ones(1, 2, 2)) == 256
    assert levels_of(torch.full((1, 2, 2), 17.0)) == 17
    for wrong in (torch.full((4,), 2.5), torch.tensor([17.0, 16.0]), torch.full((4,), 0.5), torch.full((4,), -3.0)):
        with pytest.raises(SpecError, match="one whole number of levels"):
            levels_of(wrong)


def test_a_base_of_other_levels_is_not_taken_over() -> None:
    shape = (1, 2, 2)
    mean, spec = torch.zeros(shape), PipelineSpec(layers=(), base=SPECS["row"])  # type: ignore[arg-type]
    flow = build(spec, shape, standardization=(mean, unit(shape, 17)))
    again = build(spec, shape, standardization=(mean, unit(shape, 17)), previous=flow)
    other = build(spec, shape, standardization=(mean, unit(shape, 4)), previous=flow)
    assert again.base is flow.base
    assert isinstance(other.base, PixelBase)
    assert other.base.levels == 4


@EVERY_BASE
@pytest.mark.parametrize("context", [0, 2])
def test_a_saved_base_is_bit_equal_in_a_fresh_build(name: str, context: int) -> None:
    made, other = base(name, (2, 2, 3), 5, context), base(name, (2, 2, 3), 5, context)
    with torch.no_grad():
        for parameter in other.parameters():
            parameter.zero_()
    c = torch.randn(8, 2, generator=generator(), dtype=torch.float64) if context else None
    z = torch.rand(8, 2, 2, 3, generator=generator(), dtype=torch.float64)
    file = io.BytesIO()
    torch.save(made.state_dict(), file)
    file.seek(0)
    assert not torch.equal(made.log_prob(z, c), other.log_prob(z, c))
    other.load_state_dict(torch.load(file, weights_only=True))
    assert torch.equal(made.log_prob(z, c), other.log_prob(z, c))
    first = None if c is None else c[:3]
    assert torch.equal(made.sample(3, generator(1), 1.0, first), other.sample(3, generator(1), 1.0, first))


@EVERY_BASE
def test_a_pattern_is_learnt_to_the_floor(name: str) -> None:
    pattern = torch.tensor([[0, 1, 2, 3], [3, 3, 0, 1], [1, 2, 2, 0], [0, 3, 1, 2]])[None]
    other = pattern.flip(2)
    # Two pictures, told apart by the first pixel: the floor is ln 2.
    level = torch.stack((pattern, other)).repeat(8, 1, 1, 1)
    z = (level + torch.rand(level.shape, generator=generator())) / 4
    made = BASES[type(SPECS[name])](SPECS[name], Place((1, 4, 4), generator(1), 0, unit((1, 4, 4), 4))).float()
    optimizer = torch.optim.Adam(made.parameters(), lr=0.03)
    for _ in range(120):
        loss = -(made.log_prob(z) - 16 * math.log(4.0)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert math.log(2.0) - 1e-3 < float(loss.detach()) < math.log(2.0) + 0.3
    drawn = (made.sample(20, generator(3)) * 4).floor().long()
    known = [bool((picture == pattern).all() or (picture == other).all()) for picture in drawn]
    assert sum(known) >= 16
