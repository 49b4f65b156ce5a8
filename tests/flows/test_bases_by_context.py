"""The logistic base against scipy, and the Gaussian whose mean and width follow the context."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import stats

from flowviz.flows import BASES, Place, build
from flowviz.flows.bases import ConditionalGaussian
from flowviz.pipeline import ConditionalGaussian as ConditionalGaussianSpec
from flowviz.pipeline import Context, Logistic, PipelineSpec, StandardNormal

torch.set_num_threads(1)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_logistic_base_is_scipys() -> None:
    made = BASES[Logistic](Logistic(), Place((3,)))
    z = 5.0 * torch.randn(50, 3, generator=generator(), dtype=torch.float64)
    z[0] = torch.tensor([700.0, -700.0, 0.0])
    wanted = stats.logistic.logpdf(z.numpy()).sum(1)
    np.testing.assert_allclose(made.log_prob(z).numpy(), wanted, rtol=1e-12, atol=1e-12)
    drawn = made.sample(20_000, generator(1))
    assert stats.kstest(drawn.flatten().numpy(), "logistic").pvalue > 1e-3
    assert torch.isfinite(made.float().sample(100_000, generator(2))).all()


def conditional(dimensions: int, context: int, std: float = 0.5) -> ConditionalGaussian:
    made = BASES[ConditionalGaussianSpec](ConditionalGaussianSpec(), Place((dimensions,), generator(), context))
    assert isinstance(made, ConditionalGaussian)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter += std * torch.randn(parameter.shape, generator=generator(3), dtype=torch.float64)
    return made


def test_the_gaussian_by_context_is_a_gaussian_at_every_context() -> None:
    made, context = conditional(2, 3), torch.randn(4, 3, generator=generator(), dtype=torch.float64)
    z = torch.randn(4, 2, generator=generator(1), dtype=torch.float64)
    assert made.by_context is not None
    M, S = made.by_context.detach().chunk(2)
    mean, log_width = context @ M.T + made.mean.detach(), context @ S.T + made.log_width.detach()
    wanted = stats.norm(mean.numpy(), log_width.exp().numpy()).logpdf(z.numpy()).sum(1)
    np.testing.assert_allclose(made.log_prob(z, context).detach().numpy(), wanted, rtol=1e-12)
    many = context[:1].expand(20_000, -1)
    drawn = made.sample(20_000, generator(2), 1.0, many).detach()
    assert stats.kstest(((drawn - mean[0]) / log_width[0].exp()).flatten().numpy(), "norm").pvalue > 1e-3
    cold = made.sample(4, generator(2), 0.0, context).detach()
    torch.testing.assert_close(cold, mean)
    with pytest.raises(ValueError, match="a context is needed"):
        made.log_prob(z)


def test_it_starts_as_the_standard_normal() -> None:
    context = PipelineSpec(layers=(), base=ConditionalGaussianSpec(), context=Context(kind="classes", count=3))
    z = torch.randn(6, 2, 2, generator=generator(), dtype=torch.float64)
    flow = build(context, (2, 2), dtype=torch.float64)
    plain = build(PipelineSpec(layers=(), base=StandardNormal()), (2, 2), dtype=torch.float64)
    torch.testing.assert_close(flow.log_prob(z, torch.arange(6) % 3).detach(), plain.log_prob(z))


def test_classes_are_learnt_apart() -> None:
    spec = PipelineSpec(layers=(), base=ConditionalGaussianSpec(), context=Context(kind="classes", count=2))
    flow = build(spec, (2,), dtype=torch.float64)
    classes = torch.arange(400) % 2
    centres, widths = torch.tensor([[2.0, 0.0], [-1.0, 3.0]]).double(), torch.tensor([0.5, 2.0]).double()
    x = centres[classes] + widths[classes, None] * torch.randn(400, 2, generator=generator(), dtype=torch.float64)
    optimizer = torch.optim.Adam(flow.parameters(), lr=0.05)
    for _ in range(400):
        loss = -flow.log_prob(x, classes).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    for label in (0, 1):
        drawn = flow.sample(5000, seed=1, context=torch.tensor([label]))
        torch.testing.assert_close(drawn.mean(0), x[classes == label].mean(0), rtol=0, atol=0.15)
        torch.testing.assert_close(drawn.std(0), x[classes == label].std(0), rtol=0.1, atol=0)
