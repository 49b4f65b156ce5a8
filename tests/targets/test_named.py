"""Laws that every named density obeys; a new one is tested by being registered."""

import math

import pytest
import torch
from torch import Tensor
from torch.distributions import MultivariateNormal, Normal

from flowviz.pipeline import NAMED, NamedTarget, SpecError
from flowviz.targets import Density, load, names
from flowviz.targets.named import FORMULAS, SETS

VECTORS = [name for name in FORMULAS if NAMED[name].has_log_prob and not NAMED[name].shape]
LINES = [name for name in VECTORS if NAMED[name].dimensions == 1]
PLANES = [name for name in VECTORS if NAMED[name].dimensions == 2]
SPACES = [name for name in VECTORS if NAMED[name].dimensions == 3]
WITH_EDGES = {"checkerboard", "star", "corners", "exponential"}
"""Zero somewhere, with jumps: a midpoint rule is wrong by up to a cell along each edge."""
COUNT = 20_000


def density(name: str, **options: object) -> Density:
    return load(NamedTarget(name=name), **options)


def draw(target: Density, count: int = COUNT, seed: int = 7) -> Tensor:
    return target.sample(count, torch.Generator().manual_seed(seed))


def lattice(target: Density, cells: int, stretch: float) -> tuple[Tensor, float, list[Tensor]]:
    """Midpoints (cells^D, D) over the target's ranges stretched about their middle, a cell's volume, the edges."""
    edges = []
    for axis in range(target.event_shape[0]):
        low, high = target.range(axis)
        middle, half = (low + high) / 2, stretch * (high - low) / 2
        edges.append(torch.linspace(middle - half, middle + half, cells + 1, dtype=torch.float64))
    points = torch.cartesian_prod(*[(edge[1:] + edge[:-1]) / 2 for edge in edges]).reshape(cells ** len(edges), -1)
    return points, math.prod(float(edge[1] - edge[0]) for edge in edges), edges


def test_the_menu_lists_what_can_be_loaded() -> None:
    assert list(NAMED) == [*FORMULAS, *SETS]
    assert [info.name for info in names()] == list(NAMED)
    assert len(PLANES) >= 20
    assert len(LINES) >= 3
    assert len(SPACES) >= 3
    assert sum(NAMED[name].dimensions == 8 for name in VECTORS) >= 3
    assert len({info.title for info in NAMED.values()}) == len(NAMED)


@pytest.mark.parametrize("name", VECTORS)
def test_samples_lie_where_the_density_is(name: str) -> None:
    target = density(name)
    info = NAMED[name]
    points = draw(target)
    assert target.event_shape == (info.dimensions,)
    assert (target.title, target.entropy, target.has_log_prob) == (info.title, info.entropy, info.has_log_prob)
    assert points.shape == (COUNT, info.dimensions)
    assert points.dtype == torch.float32
    assert torch.isfinite(points).all()
    log_prob = target.log_prob(points)
    assert log_prob.shape == (COUNT,)
    assert log_prob.dtype == torch.float32
    assert torch.isfinite(log_prob).all()
    for axis in range(info.dimensions):
        low, high = target.range(axis)
        assert ((points[:, axis] > low) & (points[:, axis] < high)).float().mean() > 0.95
    assert target.box[:2] == target.range(0)
    assert target.box[2:] == (target.range(1) if info.dimensions > 1 else (0.0, 1.0))


@pytest.mark.parametrize("name", LINES + PLANES + SPACES)
def test_density_integrates_to_the_mass_in_the_box(name: str) -> None:
    """On a box twice the size of the view, 1 but for the heavy tails; edges cost up to a cell of their length."""
    target = density(name)
    dimensions = target.event_shape[0]
    points, volume, edges = lattice(target, {1: 20_000, 2: 320, 3: 44}[dimensions], 2.0 if dimensions < 3 else 1.05)
    integral = float(target.log_prob(points).exp().sum()) * volume
    samples = draw(target).double()
    inside = torch.stack([(samples[:, i] > e[0]) & (samples[:, i] < e[-1]) for i, e in enumerate(edges)]).all(0)
    share = float(inside.double().mean())
    noise = 5.0 * math.sqrt(share * (1.0 - share) / COUNT + 1e-9)
    assert abs(integral - share) < (1.5e-2 if name in WITH_EDGES else 1e-3) + noise


@pytest.mark.parametrize("name", LINES + PLANES)
def test_sampler_agrees_with_density(name: str) -> None:
    """Counts in coarse cells against the density's mass there, 6 standard errors; the two share no code."""
    target = density(name)
    dimensions = target.event_shape[0]
    fine, coarse = (20_000, 40) if dimensions == 1 else (320, 10)
    points, volume, edges = lattice(target, fine, 1.0)
    mass = target.log_prob(points).exp().reshape([coarse, fine // coarse] * dimensions) * volume
    mass = mass.sum(1) if dimensions == 1 else mass.sum((1, 3))
    samples = draw(target, 100_000).double()
    place = [((samples[:, i] - edge[0]) / (edge[-1] - edge[0]) * coarse).floor().long() for i, edge in enumerate(edges)]
    inside = torch.stack([(p >= 0) & (p < coarse) for p in place]).all(0)
    index = place[0] if dimensions == 1 else place[0] * coarse + place[1]
    counts = torch.bincount(index[inside], minlength=coarse**dimensions).double()
    expected = mass.reshape(-1) * len(samples)
    # The midpoint rule's own error at an edge, in points: a cell's width along the side of a coarse cell.
    slack = 0.03 * expected if name in WITH_EDGES else 0.0
    assert ((counts - expected).abs() <= 6.0 * (expected + 1.0).sqrt() + slack).all()


@pytest.mark.parametrize("name", VECTORS)
def test_entropy_is_the_mean_of_minus_log_prob(name: str) -> None:
    target = density(name)
    surprise = -target.log_prob(draw(target, 40_000).double())
    error = float(surprise.std()) / math.sqrt(len(surprise))
    assert target.entropy is not None
    assert abs(float(surprise.mean()) - target.entropy) < 5.0 * error + 1e-4


@pytest.mark.parametrize(
    ("name", "entropy"),
    [
        ("checkerboard", 3.46574),
        ("eight_gaussians", 2.83188),
        ("two_moons", 2.39388),
        ("rings", 2.62318),
        ("circles", 3.26814),
        ("pinwheel", 2.31778),
        ("two_spirals", 2.64545),
        ("swiss_roll", 2.66965),
        ("banana", 3.5310),
    ],
)
def test_entropies_of_the_population_definitions(name: str, entropy: float) -> None:
    """Values computed apart from this code, by quadrature of FFJORD's definitions and MAF's parabola."""
    assert NAMED[name].entropy == pytest.approx(entropy, abs=5e-5)


@pytest.mark.parametrize("name", ["mixture_1d", "claw", "two_moons", "pinwheel", "rings", "fork", "heart"])
def test_entropy_by_quadrature(name: str) -> None:
    target = density(name)
    points, volume, _ = lattice(target, 40_000 if target.event_shape == (1,) else 500, 1.5)
    log_prob = target.log_prob(points)
    entropy = -float((log_prob.exp() * log_prob.clamp_min(-1e6)).sum()) * volume
    assert entropy == pytest.approx(target.entropy, abs=2e-3 if name == "pinwheel" else 2e-5)


@pytest.mark.parametrize("name", FORMULAS)
def test_held_out_points_are_always_the_same(name: str) -> None:
    first, second = density(name, seed=0), density(name, seed=1)
    assert torch.equal(first.held_out(9000), second.held_out(9000))
    assert torch.equal(first.held_out(100), first.held_out(9000)[:100])
    assert torch.equal(first.train_points(100), density(name, seed=0).train_points(9000)[:100])
    assert not torch.equal(first.train_points(100), second.train_points(100))
    together = torch.cat([first.held_out(2000), first.train_points(2000), second.train_points(2000)])
    # In float32 on a line a few may coincide.
    assert len(together.unique(dim=0)) >= len(together) - 5
    assert first.held_out(0).shape == (0, *first.event_shape)
    assert (first.train_count, first.held_out_count, first.standardization, first.notes) == (None, None, None, ())


@pytest.mark.parametrize("name", FORMULAS)
def test_samples_follow_the_generator_alone(name: str) -> None:
    target = density(name)
    state = torch.get_rng_state()
    generator = torch.Generator().manual_seed(3)
    first, second = target.sample(300, generator), target.sample(300, generator)
    assert torch.equal(first, target.sample(300, torch.Generator().manual_seed(3)))
    assert not torch.equal(first, second)
    assert torch.equal(torch.get_rng_state(), state)
    assert target.sample(0, generator).shape == (0, *target.event_shape)


@pytest.mark.parametrize("name", VECTORS)
def test_labels_are_hues(name: str) -> None:
    target = density(name)
    points = torch.cat(
        [
            draw(target, 2000),
            1e3 * torch.randn(50, *target.event_shape),
            -1e-9 * torch.ones(1, 1).expand(1, *target.event_shape),
        ]
    )
    hues = target.labels(points)
    assert hues.shape == (len(points),)
    assert hues.dtype == torch.float32
    assert ((hues >= 0.0) & (hues < 1.0)).all()
    assert len(hues.unique()) >= 2


@pytest.mark.parametrize(
    ("name", "modes"), [("eight_gaussians", 8), ("twenty_five_gaussians", 25), ("checkerboard", 8), ("corners", 4)]
)
def test_each_mode_has_its_hue(name: str, modes: int) -> None:
    assert len(density(name).labels(draw(density(name))).unique()) == modes


def test_arms_have_their_share_of_the_hues() -> None:
    """The upper moon has the first half of the hues, and points near each other on it have similar ones."""
    moons = density("two_moons")
    hues = moons.labels(torch.tensor([[1.0, -0.2], [-1.0, 1.8], [-3.0, -0.2], [3.0, 0.8], [1.0, -1.2], [-1.0, 0.8]]))
    assert torch.allclose(hues, torch.tensor([0.0, 0.25, 0.5, 1.0, 0.75, 0.5]), atol=0.03)


@pytest.mark.parametrize("name", [name for name in VECTORS if name not in WITH_EDGES])
def test_gradient_of_the_log_density(name: str) -> None:
    """Reverse KL follows it: against central differences in float64, on the data and well off it."""
    target = density(name)
    points = draw(target, 6).double()
    points = torch.cat([points, points + 0.3])
    # The Laplace density has a corner at 0, and differences across it mean nothing.
    points = points[(points.abs() > 1e-3).all(1)].requires_grad_()
    (gradient,) = torch.autograd.grad(target.log_prob(points).sum(), points)
    step = 1e-5
    with torch.no_grad():
        for axis in range(points.shape[1]):
            shift = torch.zeros(points.shape[1], dtype=torch.float64)
            shift[axis] = step
            slope = (target.log_prob(points + shift) - target.log_prob(points - shift)) / (2.0 * step)
            assert torch.allclose(gradient[:, axis], slope, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", [name for name in VECTORS if name not in WITH_EDGES])
def test_log_density_is_finite_far_away(name: str) -> None:
    far = torch.tensor([[30.0], [-30.0], [0.0], [7.0]]).expand(4, NAMED[name].dimensions).clone().requires_grad_()
    log_prob = density(name).log_prob(far)
    assert torch.isfinite(log_prob).all()
    (gradient,) = torch.autograd.grad(log_prob.sum(), far)
    assert torch.isfinite(gradient).all()


@pytest.mark.parametrize("name", VECTORS)
def test_float32_agrees_with_float64(name: str) -> None:
    target = density(name)
    points = draw(target, 500)
    assert torch.allclose(target.log_prob(points).double(), target.log_prob(points.double()), rtol=1e-5, atol=1e-5)
    assert target.log_prob(points[:0]).shape == (0,)


def test_edges_are_minus_infinity_beyond() -> None:
    outside = torch.tensor([[0.5, 0.5], [4.5, 0.0], [-2.5, 2.5]])
    assert density("corners").log_prob(outside).tolist() == [-math.inf] * 3
    assert density("star").log_prob(torch.tensor([[0.0, 3.59], [0.0, 3.61], [0.0, -1.37], [0.0, -1.38]])).isinf().tolist() == [
        False, True, False, True,
    ]  # fmt: skip
    squares = torch.tensor([[-3.0, -3.0], [-3.0, -1.0], [-1.0, -1.0], [1.0, 1.0], [3.0, 1.0], [3.0, 3.0]])
    assert density("checkerboard").log_prob(squares).isinf().tolist() == [False, True, False, False, True, False]
    assert density("exponential").log_prob(torch.tensor([[-0.01], [0.0], [2.0]])).tolist() == [-math.inf, 0.0, -2.0]


def test_closed_forms_against_torch() -> None:
    order = torch.arange(8.0, dtype=torch.float64)
    covariance = 0.8 ** (order[:, None] - order).abs()
    x = torch.randn(50, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) * 2.0
    exact = MultivariateNormal(torch.zeros(8, dtype=torch.float64), covariance)
    assert torch.allclose(density("gaussian_8d").log_prob(x), exact.log_prob(x), atol=1e-10)
    assert density("gaussian_8d").entropy == pytest.approx(float(exact.entropy()), abs=1e-10)
    assert torch.allclose(torch.cov(draw(density("gaussian_8d")).T), covariance.float(), atol=0.06)
    funnel = Normal(0.0, 1.0).log_prob(x[:, 0]) + Normal(0.0, x[:, :1].exp()).log_prob(x[:, 1:]).sum(1)
    assert torch.allclose(density("funnel_8d").log_prob(x), funnel, atol=1e-10)
    banana = Normal(0.0, 2.0).log_prob(x[:, 1]) + Normal(x[:, 1] ** 2 / 4, 1.0).log_prob(x[:, 0])
    assert torch.allclose(density("banana").log_prob(x[:, :2]), banana, atol=1e-10)


@pytest.mark.parametrize(("name", "energy"), [("wave", "U2"), ("split", "U3"), ("fork", "U4")])
def test_energies_of_rezende_and_mohamed(name: str, energy: str) -> None:
    """Within the window log p differs from −U by one constant."""
    x = torch.rand(200, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) * 4.0 - 2.0
    first, second = x.unbind(1)
    w1 = torch.sin(2.0 * math.pi * first / 4.0)
    w2 = 3.0 * torch.exp(-0.5 * ((first - 1.0) / 0.6) ** 2)
    w3 = 3.0 * torch.sigmoid((first - 1.0) / 0.3)
    minus = {
        "U2": -0.5 * ((second - w1) / 0.4) ** 2,
        "U3": torch.logaddexp(-0.5 * ((second - w1) / 0.35) ** 2, -0.5 * ((second - w1 + w2) / 0.35) ** 2),
        "U4": torch.logaddexp(-0.5 * ((second - w1) / 0.4) ** 2, -0.5 * ((second - w1 + w3) / 0.35) ** 2),
    }[energy]
    difference = density(name).log_prob(x) - minus
    assert torch.allclose(difference, difference[:1].expand_as(difference), atol=1e-9)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(SpecError, match=r"no density is called 'two_mons'; there are two_moons, eight_gaussians"):
        density("two_mons")
