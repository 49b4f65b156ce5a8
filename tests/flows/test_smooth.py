"""A table of a smooth network is as close to it as it says."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor

from flowviz.flows.networks import ACTIVATIONS, Network
from flowviz.flows.smooth import BOUND, Smooth


def network(activation: str, scale: float = 1.0) -> Network:
    generator = torch.Generator().manual_seed(0)
    made = Network((1, 32, 32, 2), activation, residual=True, generator=generator, last_std=0.3).double()
    with torch.no_grad():
        made.numbers[0].mul_(scale)
    return made


def table(made: Network) -> tuple[Smooth, list[int]]:
    """The table of a network in single precision, and how many numbers this was asked for, each time."""
    asked: list[int] = []
    single = copy.deepcopy(made).float()

    def of(u: Tensor) -> Tensor:
        asked.append(len(u))
        with torch.no_grad():
            return single(u[:, None]).T

    return Smooth(of), asked


def error(made: Network, found: Tensor, u: Tensor) -> float:
    """As BOUND counts it, against double precision."""
    with torch.no_grad():
        wanted = made(u.double()[:, None]).T
    return float(((found - wanted).abs() / wanted.abs().clamp_min(1.0)).max())


@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name != "relu"])
@pytest.mark.parametrize("scale", [0.5, 3.0])
def test_the_stated_error_bounds_that_against_double_precision(activation: str, scale: float) -> None:
    made = network(activation, scale)
    smooth, _ = table(made)
    u = torch.randn(20_000, generator=torch.Generator().manual_seed(1)) * 3.0
    found = smooth(u)
    assert smooth.coefficients is not None
    assert smooth.error <= BOUND
    # Rounding comes on top, which is not the table's.
    assert error(made, found, u) <= smooth.error + 3e-6


def test_numbers_beyond_the_table_are_asked_of_the_network() -> None:
    made = network("gelu")
    smooth, asked = table(made)
    u = torch.randn(10_000, generator=torch.Generator().manual_seed(1))
    u[7], u[8] = 1e4, -1e4
    assert error(made, smooth(u), u) <= 2 * BOUND
    assert smooth.range is not None
    assert -10.0 < smooth.range[0] < smooth.range[1] < 10.0
    assert asked[-1] == int(((u < smooth.range[0]) | (u > smooth.range[1])).sum())


def test_a_network_with_a_jump_has_no_table() -> None:
    asked: list[int] = []

    def steep(u: Tensor) -> Tensor:
        asked.append(len(u))
        return (u > 0.1234).float()[None]

    smooth = Smooth(steep)
    u = torch.linspace(-1.0, 1.0, 6000)
    assert torch.equal(smooth(u), (u > 0.1234).float()[None])
    assert smooth.coefficients is None
    assert smooth.error == 0.0  # the network itself
    before = len(asked)
    smooth(u)
    assert len(asked) == before + 1


def test_more_numbers_elsewhere_have_a_table_of_their_own() -> None:
    made = network("tanh")
    smooth, _ = table(made)
    smooth(torch.linspace(-1.0, 1.0, 1000))
    few = smooth.range
    u = torch.linspace(5.0, 9.0, 5000)
    assert error(made, smooth(u), u) <= 2 * BOUND
    assert few is not None
    assert smooth.range is not None
    assert few[1] < 2.0 < 5.0 < smooth.range[1]


def test_no_table_is_read_over_the_range_of_another() -> None:
    """Where no second table can be made, the first one must not stand in for it."""
    made = network("tanh", 3.0)
    smooth, _ = table(made)
    u = torch.randn(20_000, generator=torch.Generator().manual_seed(1))
    smooth.reach(u * 1e-3)
    assert smooth.coefficients is not None
    far = torch.randn(50_000, generator=torch.Generator().manual_seed(2)) * 5_000
    assert error(made, smooth(far), far) <= BOUND
    assert smooth.coefficients is None
    assert smooth.error == 0.0


def test_a_short_last_part_does_not_cost_the_table() -> None:
    made = network("tanh")
    smooth, _ = table(made)
    u = torch.randn(20_000, generator=torch.Generator().manual_seed(1))
    smooth.reach(u)
    kept = smooth.coefficients
    few = torch.randn(100, generator=torch.Generator().manual_seed(2)) * 0.3 + 1.0
    smooth.reach(few)
    assert smooth.coefficients is kept
    assert error(made, smooth(few), few) <= 2 * BOUND


def test_what_is_no_number_does_not_spoil_the_others() -> None:
    made = network("silu")
    smooth, _ = table(made)
    u = torch.linspace(-3.0, 3.0, 5000)
    u[::1000] = torch.nan
    found = smooth(u)
    assert found[:, ::1000].isnan().all()
    rest = ~u.isnan()
    assert error(made, found[:, rest], u[rest]) <= 2 * BOUND
