"""Knots are where a ReLU network bends, and all of them."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from flowviz.flows.networks import Network, evaluate
from flowviz.flows.piecewise import PiecewiseLinear, Ramps, lines


def network(hidden: tuple[int, ...], *, residual: bool = False, seed: int = 0, scale: float = 1.0) -> Network:
    generator = torch.Generator().manual_seed(seed)
    made = Network((1, *hidden, 3), "relu", residual=residual, generator=generator, last_std=1.0).double()
    with torch.no_grad():
        for number in made.parameters():
            number.mul_(scale)
    return made


def ramps(network: Network) -> Ramps:
    return Ramps.of(network.numbers, network.masks, network.wiring)


NETWORKS = {
    "linear": network(()),
    "one layer": network((20,)),
    "two layers": network((64, 64)),
    "two layers, again": network((64, 64), seed=1, scale=3.0),
    "three layers": network((16, 24, 16), seed=2),
    "residual": network((24, 24, 24), residual=True, seed=3, scale=2.0),
    "dead": network((8, 8), scale=0.0),
}


def test_between_the_knots_of_networks_found_together_each_is_straight() -> None:
    found = dict(zip(NETWORKS, lines([ramps(each) for each in NETWORKS.values()]), strict=True))
    far = np.array([-1e4, -1e2, 1e2, 1e4])
    for name, (nodes, values) in found.items():
        assert (np.diff(nodes) > 0).all(), name
        inside = nodes[:-1] + np.diff(nodes) * np.linspace(0.1, 0.9, 5)[:, None]
        u = np.concatenate((inside.ravel(), nodes, far))
        with torch.no_grad():
            wanted = NETWORKS[name](torch.from_numpy(u)[:, None]).numpy()
        piece = np.clip(np.searchsorted(nodes, u, "right") - 1, 0, len(nodes) - 2)
        share = ((u - nodes[piece]) / np.diff(nodes)[piece])[:, None]
        np.testing.assert_allclose(values[piece] + share * np.diff(values, axis=0)[piece], wanted, rtol=1e-9, atol=1e-9)


def test_every_knot_is_a_bend_of_some_unit() -> None:
    for name in ("one layer", "two layers", "residual"):
        made = NETWORKS[name]
        (found,) = lines([ramps(made)])
        knots = torch.from_numpy(found.nodes[1:-1])
        assert len(knots) >= len(made.numbers[0])
        nearest = torch.full_like(knots, torch.inf)
        # What the units of each layer are given; a knot is where one of them is given zero.
        depth = len(made.masks)
        for i in range(1, depth):
            cut = (*made.numbers[:i], *made.numbers[depth : depth + i])
            wiring = made.wiring._replace(residual=made.wiring.residual[:i])
            with torch.no_grad():
                given = evaluate(knots[:, None], cut, made.masks[:i], wiring)
            nearest = torch.minimum(nearest, given.abs().amin(1))
        assert (nearest < 1e-9).all(), name


@pytest.mark.parametrize("name", NETWORKS)
def test_a_number_is_looked_up_on_its_piece(name: str) -> None:
    (table,) = PiecewiseLinear.of([ramps(NETWORKS[name])])
    (found,) = lines([ramps(NETWORKS[name])])
    generator = torch.Generator().manual_seed(0)
    knots = torch.from_numpy(found.nodes).float()
    u = torch.cat([torch.randn(5000, generator=generator) * scale for scale in (0.01, 1.0, 50.0)] + [knots])
    with torch.no_grad():
        wanted = NETWORKS[name](u.double()[:, None]).T
    torch.testing.assert_close(table(u).double(), wanted, rtol=1e-5, atol=1e-5)


def test_knots_in_a_heap_are_told_apart() -> None:
    """A hundred bends within a thousandth of the range that two others stretch: many to a cell."""
    bends = torch.cat((torch.linspace(0.0, 0.001, 100), torch.tensor([-400.0, 500.0]))).double()
    weights = (torch.ones(102, 1).double(), torch.linspace(-1.0, 1.0, 102).double()[None])
    biases = (-bends, torch.zeros(1).double())
    made = NETWORKS["one layer"]
    (table,) = PiecewiseLinear.of([Ramps.of((*weights, *biases), (None, None), made.wiring)])
    u = torch.linspace(-0.001, 0.002, 3001)
    with torch.no_grad():
        wanted = evaluate(u.double()[:, None], (*weights, *biases), (None, None), made.wiring).T
    torch.testing.assert_close(table(u).double(), wanted, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("weight", [1.0, -1.0])
@pytest.mark.parametrize("bias", [1.0, -1.0])
def test_a_knot_may_lie_at_the_very_node_that_was_begun_with(weight: float, bias: float) -> None:
    one = np.ones((1, 1))
    (f,) = PiecewiseLinear.of([Ramps((one * weight, one), (np.array([bias]), np.zeros(1)), (False, False))])
    u = torch.linspace(-4, 4, 801)
    torch.testing.assert_close(f(u)[0], torch.relu(weight * u + bias))


def test_what_is_no_number_is_none() -> None:
    (table,) = PiecewiseLinear.of([ramps(NETWORKS["two layers"])])
    found = table(torch.tensor([torch.nan, torch.inf, -torch.inf, 1.0]))
    assert not found[:, :3].isfinite().any()
    assert found[:, 3].isfinite().all()
