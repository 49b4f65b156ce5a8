"""The checkpoints that come with the program are what their manifest says."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import torch

from flowviz.cli import parser
from flowviz.cli_eval import evaluate
from flowviz.pipeline import PRESETS, target_kind
from flowviz.resources import pretrained
from flowviz.training.checkpoint import read

MANIFEST = json.loads(pretrained("MANIFEST.json").read_text("utf-8"))
MODELS: list[dict[str, Any]] = MANIFEST["models"]
models = pytest.mark.parametrize("model", MODELS, ids=[model["file"] for model in MODELS])


def file_of(model: dict[str, Any]) -> Path:
    return pretrained(model["file"])


def test_there_are_at_least_six_of_at_least_five_kinds() -> None:
    assert len(MODELS) >= 6
    assert len({read(file_of(model)).project.preset for model in MODELS}) >= 5
    assert {path.name for path in pretrained().glob("*.pt")} == {model["file"] for model in MODELS}


@models
def test_its_figures_are_those_of_the_manifest(model: dict[str, Any]) -> None:
    assert hashlib.sha256(file_of(model).read_bytes()).hexdigest() == model["sha256"]
    figures = evaluate(str(file_of(model)), None, model["n"])
    assert figures["n"] == model["n"]
    assert figures["nll"] == pytest.approx(model["held_out_nll"], abs=MANIFEST["tolerance"])
    if model["entropy"] is not None:
        assert figures["entropy"] == pytest.approx(model["entropy"], abs=1e-6)
    if model.get("bits_per_dim") is not None:
        assert figures["bits_per_dim"] == pytest.approx(model["bits_per_dim"], abs=MANIFEST["tolerance"])
    assert figures["round_trip_error"] < 1e-2
    assert figures["log_det_error"] < 1e-2


@models
def test_its_command_is_one_that_makes_it(model: dict[str, Any]) -> None:
    program, *arguments = model["command"].split()
    options = parser().parse_args(arguments)
    checkpoint = read(file_of(model))
    assert program == "flowviz"
    assert (options.command, options.out, options.seed) == ("train", model["file"], model["seed"])
    assert (
        checkpoint.project.pipeline == PRESETS[options.preset].recipe(target_kind(checkpoint.project.target)).pipeline
    )
    assert checkpoint.project.seed == model["seed"]
    assert checkpoint.snapshot.step == model["steps"]


@models
def test_it_is_small_and_holds_no_code(model: dict[str, Any]) -> None:
    assert file_of(model).stat().st_size < 2_500_000
    assert torch.load(file_of(model), weights_only=True)["optimizer"] is None
