"""All that training goes on from, as plain tensors by name."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from .optimization import Learnt


@dataclass(frozen=True)
class Snapshot:
    """The flow's state, and what is known of its parameters, by their names in `Flow.state_dict()`.

    `rng` is the state of the generator of the data, or None: then the draws start anew from the seed and the step.
    """

    model: dict[str, Tensor]
    learnt: dict[str, Learnt]
    optimizer: str
    step: int
    rng: Tensor | None

    def evaluation(self) -> dict[str, Tensor]:
        """The state with the averaged weights where there are any."""
        averages = {name: known.average for name, known in self.learnt.items() if known.average is not None}
        return self.model | averages
