"""Pictures, sequences, classes and teachers on the command line."""

from __future__ import annotations

import json
import math
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import flowviz
from flowviz.cli import main
from flowviz.cli_figures import judged, noisy, parts
from flowviz.training import contexts
from flowviz.training.contexts import Batch
from flowviz.training.evaluation import log_prob

from .training.pictures_world import PICTURES, Squares

Capture = pytest.CaptureFixture[str]
GLOW = {
    "layers": [
        {"kind": "logit"},
        {"kind": "squeeze"},
        {"kind": "actnorm"},
        {"kind": "affine_coupling", "mask": "first_half", "conditioner": {"kind": "convnet", "channels": 4}},
        {"kind": "split"},
    ]
}


def run(capsys: Capture, *arguments: object) -> dict[str, Any]:
    capsys.readouterr()
    assert main([*map(str, arguments), "--json"]) == 0
    value: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return value


def refused(capsys: Capture, *arguments: object) -> str:
    capsys.readouterr()
    assert main([*map(str, arguments)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    return line


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small multi-scale flow of digits, by class."""
    folder = tmp_path_factory.mktemp("digits")
    pipeline, out = folder / "g.flow.json", folder / "digits.pt"
    pipeline.write_text(json.dumps(GLOW), "utf-8")
    command = [
        "train",
        "--pipeline",
        str(pipeline),
        "--target",
        "digits",
        "--conditional",
        "--steps",
        "5",
        "--batch",
        "16",
    ]
    assert main([*command, "--patience", "30", "--out", str(out)]) == 0
    return out


def test_a_conditional_flow_of_digits_is_judged_in_bits(capsys: Capture, digits: Path) -> None:
    assert flowviz.load(digits).spec.context.count == 10
    found = run(capsys, "eval", digits)
    assert (found["n"], found["split"], found["noise_draws"]) == (447, "test", 10)
    assert found["bits_per_dim"] == pytest.approx(found["nll"] / (64 * math.log(2)))
    assert 1.0 < found["bits_per_dim"] < 8.0
    listed = found["bits_per_dim_parts"]
    assert listed["preprocessing"] == pytest.approx(math.log2(17), abs=1e-5)
    assert sum(listed.values()) == pytest.approx(found["bits_per_dim"], abs=0.05)
    assert found["entropy"] is None
    assert found["kl"] is None
    assert found["log_det_error"] < 0.05


def test_the_report_lists_laws_and_says_what_it_found(capsys: Capture, digits: Path) -> None:
    assert main(["eval", str(digits), "-n", "50", "--report"]) == 0
    out = capsys.readouterr().out
    assert "bits/dim" in out
    laws = [line for line in out.splitlines() if "round trip" in line and "[l" in line]
    assert len(laws) == 5
    assert all(line.startswith("pass") for line in laws)
    entries = run(capsys, "eval", digits, "-n", 50, "--report")["report"]
    assert {entry["passed"] for entry in entries} >= {True}
    assert {"l1", "l5"} <= {entry["layer"] for entry in entries}


def test_samples_of_a_class(capsys: Capture, digits: Path, tmp_path: Path) -> None:
    out = tmp_path / "s.npy"
    said = run(capsys, "sample", digits, "-n", 6, "--class", 3, "--out", out)
    assert said["shape"] == [1, 8, 8]
    flow = flowviz.load(digits)
    expected = flow.sample(6, seed=0, context=torch.tensor([3])).numpy()
    np.testing.assert_array_equal(np.load(out), expected)
    run(capsys, "sample", digits, "-n", 6, "--class", 3, "--out", tmp_path / "s.csv")
    assert np.loadtxt(tmp_path / "s.csv", delimiter=",", skiprows=1).shape == (6, 64)
    run(capsys, "sample", digits, "-n", 6, "--class", 3, "--out", tmp_path / "s.png")
    with Image.open(tmp_path / "s.png") as image:
        assert image.size[0] > 3 * 64 - 1
        assert image.size[1] == image.size[0] - 66


def test_a_class_is_asked_for_and_checked(capsys: Capture, digits: Path, tmp_path: Path) -> None:
    out = tmp_path / "s.npy"
    assert "--class" in refused(capsys, "sample", digits, "--out", out)
    assert "0 to 9" in refused(capsys, "sample", digits, "--class", 10, "--out", out)
    assert "not take --context" in refused(capsys, "sample", digits, "--class", 1, "--context", "1", "--out", out)
    assert "npy" in refused(capsys, "sample", digits, "--class", 1, "--out", tmp_path / "s.wav")
    assert "4096" in refused(capsys, "sample", digits, "--class", 1, "-n", 5000, "--out", tmp_path / "s.png")
    assert "0.5,-1" in refused(capsys, "sample", digits, "--context", "a,b", "--out", out)
    plain = tmp_path / "plain.pt"
    run(capsys, "train", "--steps", 2, "--batch", 16, "--out", plain)
    assert "not conditional" in refused(capsys, "sample", plain, "--class", 1, "--out", out)
    assert "nothing to be conditioned by" in refused(
        capsys, "train", "--target", "donut", "--conditional", "--steps", 1, "--out", plain
    )
    assert "1 x 8 x 8" in refused(capsys, "eval", digits, "--target", "two_moons")


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_a_figure_of_pictures_has_a_row_a_state(ending: str, capsys: Capture, digits: Path, tmp_path: Path) -> None:
    out = tmp_path / f"f.{ending}"
    assert run(capsys, "render", digits, "--class", 2, "--out", out)["layers"] == 5
    if ending == "svg":
        assert out.read_text("utf-8").count("<image") == 9
    else:
        with Image.open(out) as image:
            assert image.size[1] > 9 * 64


def test_a_preset_takes_the_form_of_its_data(capsys: Capture, tmp_path: Path) -> None:
    out = tmp_path / "a.pt"
    said = run(capsys, "train", "--preset", "gaussian", "--target", "digits", "--out", out)
    assert said["bits_per_dim"] == pytest.approx(said["held_out_nll"] / (64 * math.log(2)))
    assert flowviz.load(out).event_shape == (1, 8, 8)
    assert "planar" in refused(capsys, "train", "--preset", "planar", "--target", "digits", "--out", out).lower()


def test_a_sound_is_written_with_its_rate(capsys: Capture, tmp_path: Path) -> None:
    model, out = tmp_path / "w.pt", tmp_path / "s.wav"
    pipeline = tmp_path / "w.flow.json"
    network = {"kind": "wavenet", "channels": 4, "skip": 4, "layers": 2, "blocks": 1}
    pipeline.write_text(json.dumps({"base": {"kind": "wavenet", "network": network}}), "utf-8")
    run(capsys, "train", "--pipeline", pipeline, "--target", "sine_mixture", "--steps", 2, "--batch", 8, "--out", model)
    said = run(capsys, "sample", model, "-n", 2, "--out", out)
    with wave.open(str(out)) as sound:
        assert sound.getnchannels() == said["shape"][0]
        rate = sound.getframerate()
        assert sound.getnframes() == 2 * (said["shape"][1] + rate // 10)
    run(capsys, "render", model, "--out", tmp_path / "f.png")


def test_a_student_learns_from_a_teacher(capsys: Capture, tmp_path: Path) -> None:
    teacher, student = tmp_path / "t.pt", tmp_path / "s.pt"
    run(capsys, "train", "--preset", "maf", "--target", "gaussian", "--steps", 30, "--batch", 64, "--out", teacher)
    arguments = ("--target", teacher, "--objective", "reverse_kl", "--steps", 30, "--batch", 64, "--out", student)
    run(capsys, "train", "--preset", "iaf", *arguments)
    found = run(capsys, "eval", student, "-n", 500)
    assert found["kl"] is not None
    assert found["kl"] < 0.5


def test_the_cost_of_a_step_is_said_before_it_is_made(capsys: Capture, tmp_path: Path) -> None:
    capsys.readouterr()
    arguments = [
        "--preset",
        "iaf",
        "--target",
        "helix",
        "--steps",
        "1",
        "--batch",
        "8",
        "--out",
        str(tmp_path / "a.pt"),
    ]
    assert main(["train", *arguments]) == 0
    assert "3 passes a step" in capsys.readouterr().err


def test_listings_tell_shapes_and_kinds(capsys: Capture) -> None:
    targets = run(capsys, "targets")
    found = next(one for one in targets["targets"] if one["name"] == "digits")
    assert (found["shape"], len(found["classes"])) == ([1, 8, 8], 10)
    assert {one["kind"] for one in targets["files"]} >= {"images", "sequences", "model"}
    layers = {one["kind"]: one for one in run(capsys, "layers")["layers"]}
    assert layers["planar"]["inverse"] == "numerical"
    assert layers["squeeze"]["takes"] == ["image", "sequence"]
    presets = {one["name"]: one for one in run(capsys, "presets")["presets"]}
    assert "image" in presets["glow"]["kinds"]


def test_bits_are_the_mean_over_draws_of_the_noise() -> None:
    target = Squares()
    flow = flowviz.build(PICTURES, target.event_shape, standardization=target.standardization)
    flow.eval().initialize(target.train_points(100))
    points = Batch(target.test_points(20))
    found, draws = judged(flow, target, points)
    each = [log_prob(flow, draw) for draw in noisy(points)]
    assert draws == len(each) == 10
    torch.testing.assert_close(found, torch.stack(each).mean(0))
    assert all(torch.equal(draw.points.floor(), points.points.floor()) for draw in noisy(points))
    listed = parts(flow, points)
    assert sum(listed.values()) == pytest.approx(-float(log_prob(flow, points).mean()), rel=1e-4)
    assert contexts.test_points(target, flow.spec, 20).context is None
