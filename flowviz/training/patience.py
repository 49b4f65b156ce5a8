"""Early stopping: the best weights so far by the held-out loss, and how long nothing better has come."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from ..flows import Flow
from ..pipeline import Sentence, say


@dataclass(frozen=True)
class Best:
    """The evaluation weights of the best measurement, on the CPU; `nll` in nats."""

    nll: float
    step: int
    model: dict[str, Tensor]


class Patience:
    """Counts measurements without a better one. `stopped`: training was ended by it, with the best weights back."""

    def __init__(self, best: Best | None = None, *, stopped: bool = False) -> None:
        self.best, self.stopped = best, stopped
        self._waited = 0

    def measured(self, nll: float, step: int, flow: Flow) -> None:
        """Takes in a measurement of `flow`, whose weights are copied when it is the best; one that is no number never is."""
        if self.best is None or nll < self.best.nll:
            model = {name: tensor.detach().cpu().clone() for name, tensor in flow.state_dict().items()}
            self.best, self._waited = Best(nll, step, model), 0
        else:
            self._waited += 1

    def over(self, patience: int) -> bool:
        """Whether `patience` measurements in a row brought nothing better; 0 waits for ever."""
        return self.best is not None and 0 < patience <= self._waited

    def again(self) -> None:
        """Training goes on: the best stays, the waiting starts anew."""
        self._waited, self.stopped = 0, False

    def stop(self, patience: int, step: int) -> Sentence:
        """Training is over, with the best weights back; what is to be said of it."""
        assert self.best is not None
        self.stopped = True
        return say(
            "No better held-out loss in {count} measurements: training has stopped at step {step}, and the weights of step "
            "{best} are back.",
            count=patience,
            step=f"{step:,}",
            best=f"{self.best.step:,}",
        )
