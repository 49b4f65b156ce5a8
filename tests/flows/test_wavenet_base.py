"""The WaveNet base: a density that integrates to 1, and a sampler that draws from it moment by moment."""

from __future__ import annotations

import itertools
import math
from typing import Literal

import numpy as np
import pytest
import torch
from scipy import stats
from torch import Tensor

from flowviz.flows import BASES, Place, build
from flowviz.flows.quantization import edges
from flowviz.flows.wavenet_base import WaveNetBase
from flowviz.pipeline import PipelineSpec, SpecError, WaveNet
from flowviz.pipeline import WaveNetBase as Spec

Kind = Literal["categorical", "logistics", "gaussian"]
OUTPUTS: tuple[Kind, ...] = ("categorical", "logistics", "gaussian")
EVERY_OUTPUT = pytest.mark.parametrize("output", OUTPUTS)
NETWORK = WaveNet(channels=4, skip=6, layers=2, blocks=1)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def made(
    output: Kind, shape: tuple[int, int] = (1, 6), context: int = 0, *, std: float = 0.5, network: WaveNet = NETWORK
) -> WaveNetBase:
    """A small base with noise on all its weights."""
    place = Place(shape, generator(1), context)
    base = BASES[Spec](Spec(network=network, output=output, components=3), place)
    assert isinstance(base, WaveNetBase)
    with torch.no_grad():
        for parameter in base.parameters():
            parameter += std * torch.randn(parameter.shape, generator=generator(2), dtype=torch.float64)
    return base


def by_full_passes(base: WaveNetBase, n: int, seed: int, temperature: float, context: Tensor | None) -> Tensor:
    """What `sample` draws, with the whole network run anew for every number."""
    x = torch.zeros(n, *base.shape, dtype=torch.float64)
    noise = base.output.noise(n, base.dimensions, generator(seed), base.like)
    for i, (t, c) in enumerate(itertools.product(range(base.shape[1]), range(base.shape[0]))):
        parameters = base.network(x, context)[:, c, :, t]
        x[:, c, t] = base.output.draw(parameters, noise[:, i], temperature)
    return x


@EVERY_OUTPUT
@pytest.mark.parametrize("channels", [1, 2])
@torch.no_grad()
def test_cached_queues_draw_what_full_passes_draw(output: Kind, channels: int) -> None:
    base = made(output, (channels, 6), context=2)
    context = torch.randn(5, 2, dtype=torch.float64, generator=generator(3))
    for temperature in (0.0, 0.7, 1.0):
        drawn = base.sample(5, generator(4), temperature, context)
        assert drawn.shape == (5, channels, 6)
        wanted = by_full_passes(base, 5, 4, temperature, context)
        torch.testing.assert_close(drawn, wanted, rtol=1e-9, atol=1e-9)
    assert not torch.equal(drawn, base.sample(5, generator(5), 1.0, context))


@pytest.mark.parametrize("shape", [(1, 2), (2, 1)])
@pytest.mark.parametrize("output", ["logistics", "gaussian"])
@torch.no_grad()
def test_the_density_integrates_to_1(output: Kind, shape: tuple[int, int]) -> None:
    """Over two numbers, two moments of one channel or two channels of one moment."""
    base = made(output, shape, std=0.2)
    step, half = 0.2, 40.0
    side = torch.arange(-half, half, step, dtype=torch.float64) + step / 2
    total = sum(
        float(base.log_prob(torch.cartesian_prod(part, side).reshape(-1, *shape)).exp().sum())
        for part in side.split(100)
    )
    assert total * step**2 == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("shape", [(1, 2), (2, 1)])
@torch.no_grad()
def test_the_density_of_classes_integrates_to_1_over_amplitudes(shape: tuple[int, int]) -> None:
    """The first number is constant within a bin; given it, so is the second: the bins' sum is the integral, exactly."""
    base = made("categorical", shape)
    at = edges()
    middle, width = (at[1:] + at[:-1]) / 2, at.diff()
    # One value of the first number in each of some bins: the second's density given it is p(both)/p(first).
    for first in middle[::51]:
        pairs = torch.stack((first.expand(256), middle), 1).reshape(256, *shape)
        parameters = base.network(pairs)
        each = base.output.log_prob(pairs, parameters).flatten(1)
        torch.testing.assert_close(each.sum(1), base.log_prob(pairs))
        assert float((each[:, 1].exp() * width).sum()) == pytest.approx(1.0, abs=1e-12)
        assert float((each[:, 0] - each[0, 0]).abs().max()) == 0.0
    firsts = torch.stack((middle, torch.zeros(256).double()), 1).reshape(256, *shape)
    alone = base.output.log_prob(firsts, base.network(firsts)).flatten(1)[:, 0]
    assert float((alone.exp() * width).sum()) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("shape", [(1, 3), (2, 2)])
@EVERY_OUTPUT
@torch.no_grad()
def test_samples_come_from_the_density(output: Kind, shape: tuple[int, int]) -> None:
    """Each number's conditional distribution function, at a draw from it, is uniform, and independent of the others'."""
    base = made(output, shape, std=0.3)
    z = base.sample(4000, generator(6))
    # By quadrature: the density of the last number given those before, on a grid.
    x = z[:200].clone()
    if output == "categorical":
        at = edges()
        grid, width = (at[1:] + at[:-1]) / 2, at.diff()
    else:
        step = 0.1
        grid = torch.arange(-60.0, 60.0, step, dtype=torch.float64) + step / 2
        width, at = torch.full_like(grid, step), torch.arange(-60.0, 60.0 + step / 2, step, dtype=torch.float64)
    ranks = []
    for event in x:
        many = event.expand(len(grid), *shape).clone()
        many[:, -1, -1] = grid
        mass = base.output.log_prob(many, base.network(many))[:, -1, -1].exp() * width
        cumulative = torch.cat((torch.zeros(1).double(), mass.cumsum(0)))
        assert float(cumulative[-1]) == pytest.approx(1.0, abs=1e-3)
        ranks.append(float(np.interp(event[-1, -1].item(), at.numpy(), cumulative.numpy())))
    assert stats.kstest(ranks, "uniform").pvalue > 1e-3
    # Over all draws: E[−log p] is the entropy that the first number's own conditional adds up to, so means agree.
    again = base.log_prob(base.sample(4000, generator(7)))
    here = base.log_prob(z)
    spread = float(here.std()) * math.sqrt(2.0 / 4000)
    assert abs(float(here.mean() - again.mean())) < 5.0 * spread
    if output == "gaussian":
        zero = torch.zeros(1, *shape, dtype=torch.float64)
        mean, raw = base.network(zero)[0, 0, :, 0]
        sd = float((7.0 * torch.tanh(raw / 7.0)).exp())
        assert stats.kstest((z[:, 0, 0].numpy() - float(mean)) / sd, "norm").pvalue > 1e-3


@torch.no_grad()
def test_categorical_draws_stay_amplitudes_and_outside_the_density_is_0() -> None:
    base = made("categorical", (1, 3))
    z = base.sample(500, generator())
    assert float(z.abs().max()) <= 1.0
    assert torch.isfinite(base.log_prob(z)).all()
    for bad in (1.0001, -3.0, math.inf, math.nan):
        z[0, 0, 0] = bad
        assert base.log_prob(z)[0] == -math.inf
        assert torch.isfinite(base.log_prob(z)[1:]).all()


def test_a_new_base_is_uniform_classes_or_a_standard_normal() -> None:
    z = 0.9 * torch.tanh(torch.randn(4, 1, 6, dtype=torch.float64, generator=generator()))
    plain = made("categorical", std=0.0)
    classes = torch.bucketize(z, edges()[1:-1])
    wanted = (-math.log(256.0) - edges().diff().log())[classes].flatten(1).sum(1)
    torch.testing.assert_close(plain.log_prob(z), wanted)
    normal = torch.distributions.Normal(0.0, 1.0).log_prob(z).flatten(1).sum(1)
    torch.testing.assert_close(made("gaussian", std=0.0).log_prob(z), normal)
    mixture = [stats.logistic(m, 1.0).pdf(z.numpy()) for m in (-2.0, 0.0, 2.0)]
    wanted = torch.from_numpy(np.log(np.mean(mixture, axis=0))).flatten(1).sum(1)
    torch.testing.assert_close(made("logistics", std=0.0).log_prob(z), wanted)


@EVERY_OUTPUT
def test_gradients_are_those_of_finite_differences(output: Kind) -> None:
    base = made(output, (2, 3), context=1, std=0.2)
    # Away from the edges of the classes, between which the density is constant in the number itself.
    z = torch.tensor([[[0.3, -0.2, 0.6], [0.1, 0.5, -0.7]]], dtype=torch.float64)
    context = torch.ones(1, 1, dtype=torch.float64)
    weights = [p for p in base.parameters() if p.numel()]
    assert torch.autograd.gradcheck(lambda *_: base.log_prob(z, context), weights, fast_mode=output == "categorical")
    if output != "categorical":
        z.requires_grad_()
        assert torch.autograd.gradcheck(lambda z: base.log_prob(z, context), z)


@EVERY_OUTPUT
def test_types_shapes_views_and_temperature(output: Kind) -> None:
    for dtype in (torch.float32, torch.float64):
        base = made(output, (2, 6)).to(dtype)
        views = list(base.sampling(3, generator()))
        assert [round(share * 6) for _, share in views] == [1, 2, 3, 4, 5, 6]
        whole = views[-1][0]
        assert whole.shape == (3, 2, 6)
        assert whole.dtype == dtype
        assert torch.equal(whole, base.sample(3, generator()))
        for z, share in views:
            done = round(share * 6)
            assert torch.equal(z[..., :done], whole[..., :done])
            assert not z[..., done:].any()
        assert base.log_prob(whole).dtype == dtype
        assert base.sample(0, generator()).shape == (0, 2, 6)
        assert base.log_prob(whole[:0]).shape == (0,)
        cold, again = base.sample(3, generator(), 0.0), base.sample(3, generator(1), 0.0)
        if output != "logistics":  # its component is drawn at any temperature
            assert torch.equal(cold, again)
        assert torch.isfinite(base.sample(3, generator(), 2.0)).all()


def test_views_of_a_long_sequence_are_few() -> None:
    base = made("gaussian", (1, 300))
    views = list(base.sampling(1, generator()))
    assert len(views) <= 64
    assert views[-1][1] == 1.0


def test_numbers_that_are_no_amplitudes_are_refused_before_training() -> None:
    x = torch.full((4, 1, 6), 0.5, dtype=torch.float64)
    far = torch.cat((x, 2.0 * torch.ones(1, 1, 6).double()))
    spec = PipelineSpec(base=Spec(network=NETWORK, output="categorical"))
    flow = build(spec, (1, 6))
    assert not flow.initialized
    with pytest.raises(
        SpecError, match=r"20 % of the numbers .* choose another output, or switch .* standardisation off"
    ):
        flow.initialize(far)
    flow.initialize(x)
    assert flow.initialized
    for output in ("logistics", "gaussian"):
        other = build(PipelineSpec(base=Spec(network=NETWORK, output=output)), (1, 6))  # type: ignore[arg-type]
        assert other.initialized


def test_a_gaussian_wavenet_learns_an_autoregressive_process_to_its_entropy() -> None:
    """x_t = 0.8 x_{t−1} + N(0, 0.6²), stationary with variance 1: 7 moments later h = ½ log 2πe + 7 · ½ log 2πe 0.36."""
    length = 8
    wanted = 0.5 * math.log(2.0 * math.pi * math.e) * length + (length - 1) * math.log(0.6)

    def process(count: int, seed: int) -> Tensor:
        noise = torch.randn(length, count, generator=generator(seed))
        moments = [noise[0]]
        for t in range(1, length):
            moments.append(0.8 * moments[-1] + 0.6 * noise[t])
        return torch.stack(moments, 1)[:, None]

    torch.manual_seed(0)
    base = made("gaussian", (1, length), std=0.0, network=WaveNet(channels=8, skip=16, layers=2, blocks=1)).float()
    optimizer = torch.optim.Adam(base.parameters(), 1e-2)
    for step in range(300):
        for group in optimizer.param_groups:
            group["lr"] = 1e-2 * (1.0 - step / 300)
        loss = -base.log_prob(process(256, 100 + step)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    x = process(20_000, 1)
    with torch.no_grad():
        nll = -base.log_prob(x)
        drawn = base.sample(20_000, generator(9))
    error = float(nll.std()) / math.sqrt(len(x))
    gap = float(nll.mean()) - wanted
    # Below the entropy by more than chance would be a wrong density; above by 0.02 nats a moment, a poor fit.
    assert -4.0 * error < gap < 0.02 * length + 4.0 * error
    lagged = (drawn[:, 0, 1:] * drawn[:, 0, :-1]).mean(0)
    torch.testing.assert_close(lagged, torch.full_like(lagged, 0.8), rtol=0, atol=0.1)
