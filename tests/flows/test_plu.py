"""The gradient of a PLU product by hand is autograd's, whatever the permutation and the signs."""

from __future__ import annotations

import pytest
import torch

from flowviz.flows.plu import PLU, multiply

ORDERS = {2: (1, 0), 3: (1, 2, 0), 5: (3, 0, 4, 1, 2)}
"""All but the first are no inverses of themselves."""


@pytest.mark.parametrize("channels", ORDERS)
def test_values_and_gradients_are_those_of_the_matrix(channels: int) -> None:
    generator = torch.Generator().manual_seed(channels)

    def drawn(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator, dtype=torch.float64).requires_grad_()

    lower, upper, log_diagonal = drawn(channels, channels), drawn(channels, channels), drawn(channels)
    sign = torch.tensor([(-1.0) ** i for i in range(channels)], dtype=torch.float64)
    plu = PLU(lower, upper, log_diagonal, sign, torch.tensor(ORDERS[channels]))
    rows, weight = drawn(7, channels), drawn(7, channels).detach()
    inputs = (rows, lower, upper, log_diagonal)
    by_hand, plainly = multiply(rows, plu), rows @ plu.matrix().T
    torch.testing.assert_close(by_hand, plainly, rtol=1e-12, atol=1e-12)
    found = torch.autograd.grad((by_hand * weight).sum(), inputs)
    wanted = torch.autograd.grad((plainly * weight).sum(), inputs)
    torch.testing.assert_close(found, wanted, rtol=1e-12, atol=1e-12)
