"""Pixel networks: what each output sees, walking against computing anew, masks and skewing."""

from __future__ import annotations

import io
import itertools

import msgspec
import pytest
import torch
from torch import Tensor, nn

from flowviz import pipeline as specs
from flowviz.flows import Place
from flowviz.flows.layer import FlowLayer
from flowviz.flows.ordered import FullWalk, OrderedNetwork, autoregressive_network
from flowviz.flows.pixel_masks import groups, kernel_mask, skew, unskew
from flowviz.flows.registry import LAYERS

torch.set_num_threads(1)
P = 2
Network = specs.PixelCNN | specs.PixelRNN
SMALL: list[Network] = [
    specs.PixelCNN(channels=9, blocks=2),
    specs.PixelCNN(channels=9, blocks=1, kernel=5),
    specs.PixelRNN(channels=6, layers=1),
    specs.PixelRNN(channels=6, layers=2, kernel=3),
    specs.PixelRNN(variant="row", channels=6, layers=2, kernel=3),
]
EVERY_NETWORK = pytest.mark.parametrize(
    "spec", SMALL, ids=lambda spec: "-".join([spec.kind, getattr(spec, "variant", ""), str(spec.kernel)])
)


def noisy(module: nn.Module, std: float = 0.3) -> nn.Module:
    """The module with noise on all its weights, so that nothing is zero by chance."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter += std * torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
    return module


def network(spec: Network, shape: tuple[int, ...], context: int = 0, order: str = "natural") -> OrderedNetwork:
    place = Place(shape, torch.Generator().manual_seed(2), context)
    made = noisy(autoregressive_network(spec, place, P, 0.0, order))
    assert isinstance(made, OrderedNetwork)
    return made


def points(count: int, shape: tuple[int, ...], seed: int = 3) -> Tensor:
    return torch.randn(count, *shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def seen(net: nn.Module, shape: tuple[int, ...], count: int = 4) -> Tensor:
    """(D, D): Σ |∂ out_i/∂ x_j| over some points, both in the order of reading, channels within a pixel."""
    channels, height, width = shape
    D = channels * height * width
    total = torch.zeros(D, D, dtype=torch.float64)
    for point in points(count, shape):
        J = torch.autograd.functional.jacobian(lambda p: net(p[None])[0], point)
        total += J.abs().sum(1).permute(1, 2, 0, 4, 5, 3).reshape(D, D)
    return total


@EVERY_NETWORK
@pytest.mark.parametrize("shape", [(1, 4, 5), (3, 3, 4), (2, 1, 3), (1, 5, 1)], ids=str)
def test_an_output_sees_nothing_of_itself_or_after(spec: Network, shape: tuple[int, ...]) -> None:
    J = seen(network(spec, shape), shape)
    assert (J.triu() == 0.0).all()
    assert (J != 0.0).any()


def moved(net: nn.Module, shape: tuple[int, ...], count: int = 60) -> Tensor:
    """(D, D): whether out_i moves with x_j at any of some points, both in the order of reading.

    Of many points, since a head of a few ReLUs is flat at one now and then.
    """
    channels, height, width = shape
    places = [(c, i, j) for i in range(height) for j in range(width) for c in range(channels)]
    x = points(count, shape)
    found = []
    with torch.no_grad():
        before = net(x)
        for place in places:
            other = x.clone()
            other[(slice(None), *place)] += 1.0
            found.append((net(other) - before).abs().amax((0, 2)).permute(1, 2, 0).flatten() > 1e-13)
    return torch.stack(found, 1)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(
    "spec",
    [specs.PixelCNN(channels=18, blocks=2), specs.PixelRNN(channels=9, layers=1, kernel=3)],
    ids=["pixelcnn", "diagonal"],
)
def test_there_is_no_blind_spot(spec: Network, channels: int) -> None:
    shape = (channels, 4, 6)
    sees = moved(network(spec, shape), shape)
    assert torch.equal(sees, torch.ones_like(sees).tril(-1))


def test_a_row_lstm_sees_a_triangle() -> None:
    net = network(specs.PixelRNN(variant="row", channels=6, layers=1, kernel=3), (1, 4, 11))
    sees = moved(net, (1, 4, 11))[3 * 11 + 5].reshape(4, 11)
    # The first convolution sees the place to the left and three of the row above; the LSTM goes on to three places of its
    # row above, and its input-to-state product takes in the place to the left.
    assert sees.tolist() == [
        [0 <= column <= 8 for column in range(11)],
        [1 <= column <= 7 for column in range(11)],
        [2 <= column <= 6 for column in range(11)],
        [3 <= column <= 4 for column in range(11)],
    ]


@EVERY_NETWORK
@pytest.mark.parametrize("order", ["natural", "reversed"])
@pytest.mark.parametrize("shape", [(1, 4, 3), (3, 2, 3), (2, 1, 4), (1, 3, 1)], ids=str)
def test_a_walk_says_what_one_pass_says(spec: Network, order: str, shape: tuple[int, ...]) -> None:
    net, x, context = network(spec, shape, 2, order), points(3, shape), points(3, (2,), 5)
    with torch.no_grad():
        wanted = net(x, context).transpose(1, 2).flatten(2)
        own, full = net.walk(x, context), FullWalk(net.network, x, context)
        for index in net.places(shape):
            parameters = own.parameters()
            torch.testing.assert_close(parameters, wanted[:, :, index], rtol=0, atol=1e-12)
            torch.testing.assert_close(parameters, full.parameters(), rtol=0, atol=1e-12)
            own.put(x.flatten(1)[:, index])
            full.put(x.flatten(1)[:, index])


@EVERY_NETWORK
def test_the_reversed_order_turns_every_axis(spec: Network) -> None:
    shape = (2, 2, 3)
    J = seen(network(spec, shape, order="reversed"), shape)
    assert (J.tril() == 0.0).all()
    assert (J != 0.0).any()


@EVERY_NETWORK
def test_the_context_counts_everywhere_and_has_to_be_given(spec: Network) -> None:
    shape = (2, 3, 3)
    net, x = network(spec, shape, 2), points(40, shape)
    with torch.no_grad():
        difference = net(x, points(40, (2,))) - net(x, points(40, (2,)) + 1.0)
    assert (difference.abs().amax((0, 2)) > 1e-9).all()
    with pytest.raises(ValueError, match="a context is needed"):
        net(x)


@EVERY_NETWORK
def test_dropout_acts_in_training_alone(spec: Network) -> None:
    shape = (1, 3, 3)
    plain, x = network(spec, shape), points(2, shape)
    dropping = network(msgspec.structs.replace(spec, dropout=0.5), shape)
    state = torch.get_rng_state()
    assert torch.equal(plain(x), dropping.eval()(x))
    assert torch.equal(state, torch.get_rng_state())
    torch.testing.assert_close(dropping.walk(x).parameters(), plain(x)[:, 0, :, 0, 0])
    dropping.train()
    assert not torch.equal(plain(x), dropping(x))
    assert not torch.equal(plain(x)[:, 0, :, 0, 0], dropping.walk(x).parameters())


@EVERY_NETWORK
def test_weights_come_from_the_generator_and_the_masks_from_the_spec(spec: Network) -> None:
    shape, state = (3, 3, 3), torch.get_rng_state()
    one, other = (
        autoregressive_network(spec, Place(shape, torch.Generator().manual_seed(seed)), P, 0.1) for seed in (1, 2)
    )
    assert torch.equal(state, torch.get_rng_state())
    assert all(p.dtype == torch.float64 for p in one.parameters())
    x = points(2, shape)
    assert not torch.equal(one(x), other(x))
    file = io.BytesIO()
    torch.save(one.state_dict(), file)
    file.seek(0)
    other.load_state_dict(torch.load(file, weights_only=True))
    assert torch.equal(one(x), other(x))
    start = autoregressive_network(spec, Place(shape), P, 0.0)
    assert (start(x) == 0.0).all()


@pytest.mark.parametrize("kernel", [3, 5, 7])
def test_masks_keep_what_is_before(kernel: int) -> None:
    one = torch.zeros(1, dtype=torch.long)
    assert int(kernel_mask("A", one, one, kernel).sum()) == (kernel**2 - 1) // 2
    assert int(kernel_mask("B", one, one, kernel).sum()) == (kernel**2 + 1) // 2
    colours = groups(6, 3)
    assert colours.tolist() == [0, 0, 1, 1, 2, 2]
    assert groups(4, 3).tolist() == [0, 0, 1, 2]
    assert groups(3, 3, 2).tolist() == [0, 1, 2, 0, 1, 2]
    for kind, counts in (("A", (0, 2, 4)), ("B", (2, 4, 6))):
        mask = kernel_mask(kind, colours, colours, kernel)  # type: ignore[arg-type]
        centre = mask[:, :, kernel // 2, kernel // 2]
        assert centre.sum(1).tolist() == [count for count in counts for _ in range(2)]
        assert not mask[:, :, kernel // 2 + 1 :].any()
        assert not mask[:, :, kernel // 2, kernel // 2 + 1 :].any()
        assert mask[:, :, : kernel // 2].all()
        assert mask[:, :, kernel // 2, : kernel // 2].all()


@pytest.mark.parametrize(("rows", "columns"), [(4, 4), (2, 5), (5, 2), (1, 3), (3, 1)])
def test_skewing_moves_row_i_by_i(rows: int, columns: int) -> None:
    x = torch.arange(1.0, 2 * rows * columns * 3 + 1).reshape(2, rows, columns, 3)
    s = skew(x, torch.tensor([7.0, 8.0, 9.0]))
    assert s.shape == (2, rows, columns + rows - 1, 3)
    for i, j in itertools.product(range(rows), range(columns)):
        assert torch.equal(s[:, i, i + j], x[:, i, j])
    outside = torch.ones(rows, columns + rows - 1, dtype=torch.bool)
    for i in range(rows):
        outside[i, i : i + columns] = False
    assert (s[:, outside] == torch.tensor([7.0, 8.0, 9.0])).all()
    assert torch.equal(unskew(s), x)


def flow_layer(kind: type[specs.MAF | specs.IAF], spec: Network, shape: tuple[int, ...]) -> FlowLayer:
    return LAYERS[kind](kind(conditioner=spec), Place(shape))


@EVERY_NETWORK
def test_iaf_is_maf_turned_around_on_pictures(spec: Network) -> None:
    shape = (2, 3, 3)
    maf, iaf = noisy(flow_layer(specs.MAF, spec, shape)), flow_layer(specs.IAF, spec, shape)
    assert isinstance(maf, FlowLayer)
    iaf.load_state_dict(maf.state_dict())
    x = points(3, shape)
    with torch.no_grad():
        assert all(torch.equal(a, b) for a, b in zip(maf.normalize(x), iaf.generate(x), strict=True))
        assert all(torch.equal(a, b) for a, b in zip(maf.generate(x), iaf.normalize(x), strict=True))


@EVERY_NETWORK
@pytest.mark.parametrize("kind", [specs.MAF, specs.IAF])
@pytest.mark.parametrize("order", ["natural", "reversed"])
def test_the_laws_hold_with_a_context(kind: type[specs.MAF | specs.IAF], spec: Network, order: str) -> None:
    shape = (2, 2, 2)
    place = Place(shape, torch.Generator().manual_seed(4), 3)
    layer = noisy(LAYERS[kind](kind(conditioner=spec, order=order), place))  # type: ignore[arg-type]
    assert isinstance(layer, FlowLayer)
    x, context = points(2, shape), points(2, (3,))
    z, log_det = layer.normalize(x, context)
    with torch.no_grad():
        back, log_det_back = layer.generate(z, context)
        other, _ = layer.normalize(x, context + 1.0)
    torch.testing.assert_close(back, x, rtol=0, atol=1e-10)
    torch.testing.assert_close(log_det_back, -log_det.detach(), rtol=0, atol=1e-10)
    assert (other != z).any()
    J = torch.autograd.functional.jacobian(lambda p: layer.normalize(p[None], context[:1])[0][0].flatten(), x[0])
    torch.testing.assert_close(torch.linalg.slogdet(J.reshape(8, 8))[1], log_det[0].detach(), rtol=0, atol=1e-10)
    terms = layer.terms(x, context)
    assert terms is not None
    torch.testing.assert_close(terms.flatten(1).sum(1), log_det, rtol=0, atol=1e-10)
