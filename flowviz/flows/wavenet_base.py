"""A WaveNet as the base: the density of a sequence, each number predicted from those before it."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from ..pipeline import SpecError, say
from ..pipeline import WaveNetBase as Spec
from .bases import FittedDensity
from .layer import Place
from .wavenet import CausalWaveNet
from .wavenet_outputs import Categorical, inside, output

VIEWS = 64
"""How many times a drawing sequence is shown on its way."""


class WaveNetBase(FittedDensity):
    """log p(z) = Σ_t Σ_c log p(z_ct | z_<t, z_<c,t) of z (B, C, T), in nats; the density in one pass.

    Samples come moment by moment, each in O(layers) steps from the layers' queues. New weights make every number
    independent of the others. Raises SpecError from `fit` when a categorical output is to learn numbers outside [−1, 1],
    where its density is zero and the loss would be infinite.
    """

    flat = False

    def __init__(self, spec: Spec, place: Place) -> None:
        super().__init__(place)
        self.output = output(spec)
        channels = place.shape[0]
        self.network = CausalWaveNet(
            spec.network, channels, self.output.parameters_each, place.context, place.generator, 0.0
        )

    def log_prob(self, z: Tensor, context: Tensor | None = None) -> Tensor:
        # What is outside has density zero, whatever the network makes of it.
        seen = torch.where(inside(z), z, 0.0) if isinstance(self.output, Categorical) else z
        return self.output.log_prob(z, self.network(seen, context)).flatten(1).sum(1)

    def sample(
        self,
        n: int,
        generator: torch.Generator | None = None,
        temperature: float = 1.0,
        context: Tensor | None = None,
    ) -> Tensor:
        for z, _ in self.sampling(n, generator, temperature, context):
            last = z
        return last

    def sampling(
        self,
        n: int,
        generator: torch.Generator | None = None,
        temperature: float = 1.0,
        context: Tensor | None = None,
    ) -> Iterator[tuple[Tensor, float]]:
        """At most 64 views of the draws on their way; what is still to come is 0."""
        walk = self.network.walk(self.like.new_zeros(n, *self.shape), context)
        channels, length = self.shape
        noise = self.output.noise(n, self.dimensions, generator, self.like).unbind(1)
        every = -(-length // VIEWS)
        drawn: list[Tensor] = []
        for number in range(self.dimensions):
            value = self.output.draw(walk.parameters(), noise[number], temperature)
            drawn.append(value)
            if number + 1 < self.dimensions:
                walk.put(value)
            moment, rest = divmod(number + 1, channels)
            if rest == 0 and (moment % every == 0 or moment == length):
                so_far = torch.stack(drawn, 1).unflatten(1, (moment, channels)).transpose(1, 2)  # type: ignore[no-untyped-call]
                yield torch.nn.functional.pad(so_far, (0, length - moment)), moment / length

    def needs_data(self) -> bool:
        return isinstance(self.output, Categorical) and super().needs_data()

    @torch.no_grad()
    def fit(self, z: Tensor) -> None:
        """Sets nothing; looks whether z (N, C, T) can be learnt at all."""
        outside = 1.0 - float(inside(z).double().mean()) if z.numel() else 0.0
        if isinstance(self.output, Categorical) and outside > 0.0:
            raise SpecError(
                say(
                    "{share} % of the numbers lie outside −1 to 1, where the 256 classes of WaveNet's categorical output "
                    "have no density: choose another output, or switch the data's standardisation off.",
                    share=f"{100.0 * outside:.2g}",
                )
            )
        self.initialized.fill_(True)
