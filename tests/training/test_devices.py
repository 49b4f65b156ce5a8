from __future__ import annotations

import pytest

from flowviz.pipeline import SpecError
from flowviz.training.devices import choose_device


def test_the_cpu_is_always_there() -> None:
    assert choose_device("cpu").type == "cpu"


@pytest.mark.parametrize("name", ["cuda", "mps", "abacus"])
def test_what_is_not_there_is_said_with_what_there_is(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setattr("torch.backends.mps.is_available", lambda: False)
    with pytest.raises(SpecError, match=rf"'{name}'.*cpu"):
        choose_device(name)
    assert choose_device("auto").type == "cpu"
