"""WaveNets: causality by perturbation of every position, and the same numbers moment by moment."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from flowviz.flows.wavenet import CausalWaveNet, DilatedNet
from flowviz.pipeline import WaveNet


def small(kernel: int = 2, blocks: int = 1, layers: int = 2, skip: int = 5) -> WaveNet:
    return WaveNet(channels=4, skip=skip, layers=layers, blocks=blocks, kernel=kernel)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def causal(spec: WaveNet, channels: int = 1, each: int = 2, context: int = 0) -> CausalWaveNet:
    """With weights everywhere, so that nothing is zero by chance; the biases keep both of the head's ReLUs open."""
    network = CausalWaveNet(spec, channels, each, context, generator(1), 0.5)
    with torch.no_grad():
        network.stack.skip_bias += 10.0
        network.hidden_bias += 10.0
    return network


def points(count: int, channels: int, length: int, seed: int = 2) -> Tensor:
    return torch.randn(count, channels, length, dtype=torch.float64, generator=generator(seed))


def reach(network: torch.nn.Module, channels: int, length: int) -> Tensor:
    """(C, T, C', T'): whether a change of number (c', t') changes any parameter of (c, t)."""
    x = points(1, channels, length)
    rows = torch.eye(channels * length, dtype=torch.float64).reshape(-1, channels, length)
    with torch.no_grad():
        changed = network(x + 0.5 * rows) != network(x)
    seen = changed.reshape(channels, length, channels, -1, length).any(3)
    return seen.permute(2, 3, 0, 1)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("blocks", [1, 2])
@pytest.mark.parametrize("kernel", [2, 3])
def test_each_number_sees_all_before_it_as_far_as_the_receptive_field_and_nothing_else(
    kernel: int, blocks: int, channels: int
) -> None:
    spec = small(kernel, blocks)
    network = causal(spec, channels)
    assert network.receptive_field == spec.receptive_field == 1 + (kernel - 1) * blocks * 3
    length = spec.receptive_field + 4
    back = torch.arange(length)[:, None] - torch.arange(length)[None]
    c = torch.arange(channels)
    past = ((back >= 1) & (back <= spec.receptive_field))[None, :, None, :]
    same = (back == 0)[None, :, None, :] & (c[None] < c[:, None])[:, None, :, None]
    assert torch.equal(reach(network, channels, length), past | same)


def test_receptive_fields_of_the_paper() -> None:
    # Dilations 1 to 512 reach over 1024 samples, the present one among them.
    assert WaveNet(kernel=2, layers=10, blocks=1).receptive_field == 1024
    assert WaveNet(kernel=2, layers=10, blocks=3).receptive_field == 3070
    network = CausalWaveNet(WaveNet(channels=1, skip=1, layers=10, blocks=3), 1, 1, 0, generator(), 0.0)
    assert network.receptive_field == 3070


def test_fewer_features_than_channels_still_see_nothing_they_should_not() -> None:
    seen = reach(causal(small(skip=2), channels=3), 3, 3)
    later = torch.arange(3)[None] >= torch.arange(3)[:, None]
    for t in range(3):
        assert not seen[:, t, :, t][later].any()
        assert not seen[:, t, :, t + 1 :].any()


@pytest.mark.parametrize("kernel", [2, 3])
def test_the_network_of_a_coupling_sees_as_far_on_both_sides(kernel: int) -> None:
    spec = small(kernel, blocks=2)
    network = DilatedNet(spec, 1, 1, 0, generator(1), 0.5)
    with torch.no_grad():
        network.stack.skip_bias += 10.0
        network.hidden_bias += 10.0
    length = 2 * spec.receptive_field + 3
    x = points(1, 1, length)
    with torch.no_grad():
        changed = network(x + 0.5 * torch.eye(length, dtype=torch.float64)[:, None]) != network(x)
    apart = (torch.arange(length)[:, None] - torch.arange(length)[None]).abs()
    assert torch.equal(changed[:, 0], apart < spec.receptive_field)


@pytest.mark.parametrize("context", [0, 3])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("kernel", [2, 3])
def test_number_by_number_the_network_gives_the_same_numbers(kernel: int, channels: int, context: int) -> None:
    network = causal(small(kernel, blocks=2), channels, each=3, context=context)
    x = points(4, channels, 9)
    c = points(4, 1, context)[:, 0] if context else None
    walk = network.walk(x, c)
    said = []
    for value in x.transpose(1, 2).flatten(1).unbind(1):
        said.append(walk.parameters())
        walk.put(value)
    one_by_one = torch.stack(said, 1).unflatten(1, (9, channels)).permute(0, 2, 3, 1)
    torch.testing.assert_close(one_by_one, network(x, c), rtol=0, atol=1e-12)


def test_a_last_layer_without_weights_gives_zeros_and_the_context_matters_with_them() -> None:
    spec, x = small(), points(2, 2, 5)
    c = torch.tensor([[1.0, 0.0], [0.0, 1.0]], dtype=torch.float64)
    for zero in (CausalWaveNet(spec, 2, 3, 2, generator(), 0.0), DilatedNet(spec, 2, 6, 2, generator(), 0.0)):
        assert not zero(x, c).any()
        with pytest.raises(ValueError, match="a context is needed"):
            zero(x)
    for network in (causal(spec, 2, 3, 2), DilatedNet(spec, 2, 6, 2, generator(), 0.5)):
        assert (network(x, c) != network(x, c.flip(0))).any()


def test_shapes_and_empty_batches() -> None:
    for dtype in (torch.float32, torch.float64):
        network = causal(small(), 2, 3).to(dtype)
        assert network(points(4, 2, 1).to(dtype)).shape == (4, 2, 3, 1)
        out = network(points(0, 2, 5).to(dtype))
        assert out.shape == (0, 2, 3, 5)
        assert out.dtype == dtype
        assert DilatedNet(small(), 2, 4, 0, generator(), 0.0).to(dtype)(points(0, 2, 5).to(dtype)).shape == (0, 4, 5)


def test_dropout_acts_while_training_alone() -> None:
    network = CausalWaveNet(WaveNet(channels=4, skip=5, layers=2, blocks=1, dropout=0.5), 1, 2, 0, generator(), 0.5)
    x = points(2, 1, 8)
    assert (network(x) != network(x)).any()
    network.eval()
    assert torch.equal(network(x), network(x))


def test_one_generator_one_network() -> None:
    x = points(2, 1, 6)
    a, b, other = (CausalWaveNet(small(), 1, 2, 0, generator(seed), 0.5)(x) for seed in (3, 3, 4))
    assert torch.equal(a, b)
    assert not torch.equal(a, other)


@pytest.mark.parametrize("channels", [1, 2])
def test_gradients_reach_every_weight(channels: int) -> None:
    network = causal(small(), channels, 2, 1)
    x = points(3, channels, 6)
    network(x, x[:, 0, :1]).square().sum().backward()
    for name, weight in network.named_parameters():
        assert weight.grad is not None, name
        assert weight.grad.abs().sum() > 0, name
