"""Train, eval, sample and render on real files, and what they say of files that are no good."""

from __future__ import annotations

import csv
import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import flowviz
from flowviz.cli import main
from flowviz.training import Trainer

Capture = pytest.CaptureFixture[str]
TRAIN = {
    "steps", "train_nll", "held_out_nll", "entropy", "gap", "seconds", "steps_per_second", "device", "out"
}  # fmt: skip
EVAL = {"nll", "entropy", "gap", "bits_per_dim", "round_trip_error", "log_det_error", "integral", "n"}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """RealNVP on the checkerboard after 40 steps."""
    path = tmp_path_factory.mktemp("models") / "model.pt"
    assert main(["train", "--target", "checkerboard", "--steps", "40", "--batch", "64", "--out", str(path)]) == 0
    return path


def run(capsys: Capture, *arguments: object) -> dict[str, Any]:
    """One command with --json: its last line."""
    capsys.readouterr()
    assert main([*map(str, arguments), "--json"]) == 0
    value: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return value


def refused(capsys: Capture, *arguments: object) -> str:
    """One command that exits with 2: its one sentence."""
    capsys.readouterr()
    assert main([*map(str, arguments)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1, lines
    return lines[0]


# ---- train ----


def test_train_reports_its_figures_and_writes_a_checkpoint(capsys: Capture, tmp_path: Path) -> None:
    out = tmp_path / "a.pt"
    figures = run(capsys, "train", "--target", "checkerboard", "--steps", 20, "--batch", 32, "--seed", 3, "--out", out)
    assert figures.keys() >= TRAIN
    assert (figures["steps"], figures["device"], figures["out"]) == (20, "cpu", str(out))
    assert figures["entropy"] == pytest.approx(3.46574, abs=1e-5)
    assert figures["gap"] == pytest.approx(figures["held_out_nll"] - figures["entropy"])
    content = torch.load(out, weights_only=True)
    project = json.loads(content["project"])
    assert (project["seed"], project["training"]["steps"], project["training"]["batch_size"]) == (3, 20, 32)


def test_one_seed_gives_one_result(capsys: Capture, tmp_path: Path) -> None:
    arguments = ("train", "--steps", 15, "--batch", 32, "--seed", 7, "--device", "cpu", "--out", tmp_path / "a.pt")
    assert run(capsys, *arguments)["held_out_nll"] == run(capsys, *arguments)["held_out_nll"]


def test_training_goes_on_from_a_project(capsys: Capture, model: Path, tmp_path: Path) -> None:
    more = run(capsys, "train", "--project", model, "--steps", 10, "--out", tmp_path / "b.pt")
    assert more["steps"] == 50
    afresh = run(capsys, "train", "--project", model, "--steps", 10, "--seed", 1, "--out", tmp_path / "c.pt")
    assert afresh["steps"] == 10


def test_a_finished_run_asks_how_many_more(capsys: Capture, model: Path, tmp_path: Path) -> None:
    assert "--steps" in refused(capsys, "train", "--project", model, "--out", tmp_path / "b.pt")


def test_a_pipeline_file_can_be_trained(capsys: Capture, tmp_path: Path) -> None:
    pipeline = tmp_path / "one.flow.json"
    pipeline.write_text('{"layers": [{"kind": "maf"}, {"kind": "actnorm"}]}', "utf-8")
    run(capsys, "train", "--pipeline", pipeline, "--target", "banana", "--steps", 5, "--out", tmp_path / "a.pt")
    assert [layer.kind for layer in flowviz.load(tmp_path / "a.pt").spec.layers] == ["maf", "actnorm"]


def test_a_table_can_be_trained_on(capsys: Capture, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    rows = np.random.default_rng(0).normal(size=(300, 3)) * [1.0, 20.0, 0.1] + [0.0, 5.0, -1.0]
    np.savetxt(table, rows, delimiter=",", header="a,b,c", comments="")
    figures = run(capsys, "train", "--target", table, "--steps", 5, "--batch", 32, "--out", tmp_path / "t.pt")
    assert figures["entropy"] is None
    assert figures["gap"] is None
    assert flowviz.load(tmp_path / "t.pt").event_shape == (3,)
    run(capsys, "sample", tmp_path / "t.pt", "-n", 10, "--out", tmp_path / "s.csv")
    with (tmp_path / "s.csv").open(encoding="utf-8") as file:
        assert next(csv.reader(file)) == ["a", "b", "c"]


def test_a_base_that_is_fitted_at_once_needs_no_steps(capsys: Capture, tmp_path: Path) -> None:
    figures = run(capsys, "train", "--preset", "kde", "--out", tmp_path / "k.pt")
    assert figures["steps"] == 0
    assert figures["held_out_nll"] < 2.6


def test_an_export_leaves_out_what_only_training_needs(capsys: Capture, model: Path, tmp_path: Path) -> None:
    small = tmp_path / "small.pt"
    run(capsys, "train", "--steps", 40, "--batch", 64, "--export", "--out", small)
    assert torch.load(small, weights_only=True)["optimizer"] is None
    assert small.stat().st_size < 0.5 * model.stat().st_size


def test_ctrl_c_keeps_what_was_learnt(tmp_path: Path) -> None:
    out = tmp_path / "stopped.pt"
    command = [sys.executable, "-m", "flowviz", "train", "--steps", "1000000", "--batch", "32", "--out", str(out)]
    # A shell's background job ignores SIGINT and hands that on; a person's terminal does not.
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
    )
    assert process.stderr is not None
    assert "1,000,000 steps" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "the checkpoint so far is in" in said


def test_a_loss_that_is_not_finite_stops_the_run(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "nan.pt"
    arguments = ["train", "--steps", "200", "--batch", "32", "--out", str(out), "--target", "two_moons"]
    real = Trainer.run

    def poisoned(self: Trainer, steps: int | None = None) -> Any:
        for result in real(self, steps):
            yield result
            with torch.no_grad():
                next(self.flow.parameters()).fill_(float("nan"))

    monkeypatch.setattr(Trainer, "run", poisoned)
    assert main(arguments) == 1
    assert "the checkpoint so far is in" in capsys.readouterr().err
    assert torch.isfinite(flowviz.load(out).log_prob(torch.zeros(1, 2))).all()


NO_GOOD_SOURCES = {
    "unknown preset": (["--preset", "glowing"], "realnvp"),
    "unknown target": (["--target", "three_moons"], "two_moons"),
    "no such pipeline": (["--pipeline", "none.flow.json"], "no such file"),
    "no such project": (["--project", "none.pt"], "no such file"),
    "a device that is not there": (["--device", "mps"], "mps"),
    "no such folder": (["--out", "nowhere/model.pt"], "no folder"),
    "a folder as output": (["--out", "folder.pt"], "folder"),
    "a wrong ending": (["--out", "model.npy"], ".pt"),
}


@pytest.mark.parametrize(("arguments", "word"), NO_GOOD_SOURCES.values(), ids=NO_GOOD_SOURCES.keys())
def test_train_refuses_before_it_trains(
    arguments: list[str], word: str, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.pt").mkdir()
    assert word in refused(capsys, "train", "--steps", 1, *arguments)


def test_a_pipeline_with_a_mistake_is_told_where(capsys: Capture, tmp_path: Path) -> None:
    pipeline = tmp_path / "bad.flow.json"
    pipeline.write_text('{"layers": [{"kind": "affine_coupling", "log_scale_bound": -1}]}', "utf-8")
    said = refused(capsys, "train", "--pipeline", pipeline, "--out", tmp_path / "a.pt")
    assert "bad.flow.json" in said
    assert "log_scale_bound" in said


NO_GOOD_DATA: dict[str, bytes] = {
    "empty.csv": b"",
    "text.csv": b"a,b\nred,green\nblue,white\n",
    "ragged.csv": b"a,b\n1,2\n3\n4,5,6\n",
    "binary.bin": bytes(range(256)) * 10,
    "truncated.npy": b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', ",
    "truncated.png": b"\x89PNG\r\n\x1a\n\x00\x00",
    "noise.pt": b"PK\x03\x04 and no more",
}


@pytest.mark.parametrize("name", NO_GOOD_DATA)
def test_data_that_cannot_be_used_is_one_sentence(name: str, capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(NO_GOOD_DATA[name])
    assert name in refused(capsys, "train", "--target", file, "--steps", 1, "--out", tmp_path / "a.pt")


def test_a_full_disk_loses_nothing(capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flowviz import cli_train

    real, out = cli_train.save, tmp_path / "full.pt"

    def full(path: Path, *rest: Any, **more: Any) -> Path:
        if path == out:
            raise OSError(28, "No space left on device")
        return real(path, *rest, **more)

    monkeypatch.setattr(cli_train, "save", full)
    capsys.readouterr()
    assert main(["train", "--steps", "2", "--batch", "16", "--out", str(out)]) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert "no space left" in said
    refuge = Path(said.split(" is in ")[1].removesuffix(" instead"))
    assert flowviz.load(refuge).event_shape == (2,)
    shutil.rmtree(refuge.parent)


# ---- eval ----


def test_eval_has_every_figure(capsys: Capture, model: Path) -> None:
    figures = run(capsys, "eval", model, "-n", 2000)
    assert figures.keys() >= EVAL
    assert figures["n"] == 2000
    assert figures["bits_per_dim"] is None
    assert figures["gap"] == pytest.approx(figures["nll"] - figures["entropy"])
    assert figures["kl"] == pytest.approx(figures["gap"], abs=0.1)
    assert figures["round_trip_error"] < 1e-3
    assert figures["log_det_error"] < 1e-3
    assert figures["integral"] == pytest.approx(1.0, abs=0.01)


def test_eval_on_another_target(capsys: Capture, model: Path) -> None:
    own, other = run(capsys, "eval", model, "-n", 1000), run(capsys, "eval", model, "-n", 1000, "--target", "two_moons")
    assert other["entropy"] != own["entropy"]
    assert other["gap"] is None or other["gap"] > own["gap"]


def test_eval_on_a_target_of_other_dimensions_is_refused(capsys: Capture, model: Path) -> None:
    said = refused(capsys, "eval", model, "--target", "gaussian_8d")
    assert "8 numbers" in said
    assert "2 numbers" in said


@pytest.mark.parametrize("command", [["eval"], ["sample", "--out", "s.npy"], ["render", "--out", "f.png"]])
@pytest.mark.parametrize("content", [b"", b"not a checkpoint", b"PK\x03\x04 cut off"])
def test_a_file_that_is_no_checkpoint_is_one_sentence(
    command: list[str], content: bytes, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.pt").write_bytes(content)
    assert "bad.pt" in refused(capsys, *command, "bad.pt")


# ---- sample ----


def test_samples_as_numpy_are_those_of_python(capsys: Capture, model: Path, tmp_path: Path) -> None:
    out = tmp_path / "s.npy"
    said = run(capsys, "sample", model, "-n", 50, "--seed", 4, "--temperature", 0.5, "--out", out)
    assert (said["n"], said["dimensions"]) == (50, 2)
    expected = flowviz.load(model).sample(50, temperature=0.5, seed=4).numpy()
    np.testing.assert_array_equal(np.load(out), expected)


def test_samples_as_csv_and_as_a_picture(capsys: Capture, model: Path, tmp_path: Path) -> None:
    run(capsys, "sample", model, "-n", 20, "--out", tmp_path / "s.csv")
    assert np.loadtxt(tmp_path / "s.csv", delimiter=",", skiprows=1).shape == (20, 2)
    for count in (500, 30_000):
        out = tmp_path / f"{count}.png"
        run(capsys, "sample", model, "-n", count, "--out", out)
        assert colors(out) > 10


# ---- render ----


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_a_figure_of_every_layer(ending: str, capsys: Capture, model: Path, tmp_path: Path) -> None:
    out = tmp_path / f"figure.{ending}"
    assert run(capsys, "render", model, "--out", out)["layers"] == len(flowviz.load(model).active)
    if ending == "svg":
        text = out.read_text("utf-8")
        assert text.count("<image") > 20
        assert "ActNorm" in text
    else:
        assert colors(out) > 50


@pytest.mark.parametrize("target", ["mixture_1d", "gaussian_8d"])
def test_a_figure_in_one_and_in_many_dimensions(target: str, capsys: Capture, tmp_path: Path) -> None:
    model, out = tmp_path / "m.pt", tmp_path / "f.png"
    run(capsys, "train", "--preset", "maf", "--target", target, "--steps", 3, "--out", model)
    run(capsys, "render", model, "--out", out, "--theme", "dark")
    assert colors(out) > 10


def colors(path: Path) -> int:
    """How many different colours a picture has."""
    from PIL import Image

    with Image.open(path) as image:
        return len(np.unique(np.asarray(image.convert("RGB")).reshape(-1, 3), axis=0))
