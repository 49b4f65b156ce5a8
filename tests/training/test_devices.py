from __future__ import annotations

import os

import pytest

from flowviz.pipeline import SpecError
from flowviz.training import devices
from flowviz.training.devices import choose_device, choose_threads


@pytest.fixture
def eight_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 8)


@pytest.mark.usefixtures("eight_cores")
def test_threads() -> None:
    assert choose_threads(0, 35_344 * 512) == 1
    assert choose_threads(0, devices.SMALL) == 4
    assert choose_threads(3, 1) == 3
    assert choose_threads(256, devices.SMALL) == 7


def test_one_core_is_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert choose_threads(0, devices.SMALL) == choose_threads(4, 1) == 1


def test_the_cpu_is_always_there() -> None:
    assert choose_device("cpu").type == "cpu"


@pytest.mark.parametrize("name", ["cuda", "mps", "abacus"])
def test_what_is_not_there_is_said_with_what_there_is(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setattr("torch.backends.mps.is_available", lambda: False)
    with pytest.raises(SpecError, match=rf"'{name}'.*cpu"):
        choose_device(name)
    assert choose_device("auto").type == "cpu"
