"""What the comparisons with other libraries share: layers with weights that are zero nowhere, and the comparison itself."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from flowviz.flows import LAYERS, FlowLayer, Place
from flowviz.flows.networks import Network
from flowviz.pipeline import EventShape, LayerSpec

Way = Callable[[Tensor], tuple[Tensor, Tensor]]


def noisy(spec: LayerSpec, shape: EventShape, std: float = 0.2) -> FlowLayer:
    """The layer, not training, with `std` of noise on all its weights, which take no gradients."""
    generator = torch.Generator().manual_seed(1)
    layer = LAYERS[type(spec)](spec, Place(shape, generator)).eval()
    for parameter in layer.parameters():
        parameter.requires_grad_(False)
        parameter += std * torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
    return layer


def points(shape: EventShape, count: int = 40, scale: float = 1.5) -> Tensor:
    return scale * torch.randn(count, *shape, generator=torch.Generator().manual_seed(7), dtype=torch.float64)


def agrees(way: Way, theirs: Way, x: Tensor, atol: float = 1e-9) -> None:
    """Same outputs and log-determinants, (B,) or one number for all."""
    with torch.no_grad():
        out, log_det = way(x)
        wanted, wanted_log_det = theirs(x)
    torch.testing.assert_close(out, wanted.to(out), rtol=0, atol=atol)
    wanted_log_det = torch.as_tensor(wanted_log_det, dtype=torch.float64)
    torch.testing.assert_close(log_det, wanted_log_det.expand(len(x)), rtol=0, atol=atol)


def both_ways(layer: FlowLayer, there: Way, back: Way, x: Tensor, atol: float = 1e-9) -> None:
    """`agrees` in both directions, the way back from where x comes out."""
    agrees(layer.normalize, there, x, atol)
    with torch.no_grad():
        z = layer.normalize(x)[0]
    agrees(layer.generate, back, z, atol)


def perceptron(network: Network, rows: Tensor) -> nn.Sequential:
    """torch's own layers with the weights of a network of ReLUs, and with its outputs in the order of `rows`."""
    numbers = network.numbers
    depth = len(numbers) // 2
    layers: list[nn.Module] = []
    for i in range(depth):
        weight, bias = numbers[i].detach(), numbers[depth + i].detach()
        if i == depth - 1:
            weight, bias = weight[rows], bias[rows]
        linear = nn.Linear(weight.shape[1], weight.shape[0], dtype=torch.float64)
        linear.weight.data, linear.bias.data = weight.clone(), bias.clone()
        layers += [linear, nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def interleaved(each: int, count: int) -> Tensor:
    """Rows of blocks (each · count) in the order in which the parameters of one number stand side by side."""
    return torch.arange(each * count).reshape(each, count).T.flatten()


class Chosen(nn.Module):
    """What a network that other libraries call with a context, too, gives without one."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor, context: object = None) -> Tensor:
        out: Tensor = self.network(x)
        return out
