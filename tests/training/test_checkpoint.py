from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import torch

from flowviz.pipeline import KDE, AffineCoupling, GaussianMixture, NamedTarget, TableTarget, Uniform
from flowviz.training import Trainer, checkpoint, files
from flowviz.training.checkpoint import CheckpointError, load, read, save
from flowviz.training.files import SaveError

from .projects import NET, layers, name_of, same_weights, small, with_layers


def trained(steps: int = 50, **settings: Any) -> Trainer:
    trainer = Trainer(small(**settings))
    for _ in trainer.run(steps):
        pass
    return trainer


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    trainer = trained(20)
    return save(tmp_path_factory.mktemp("checkpoint") / "model.pt", trainer, trainer.project)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"optimizer": "sgd"},
        {"optimizer": "adamw", "ema": 0.0, "weight_decay": 1e-3},
        {"base": GaussianMixture(components=3)},
        {"objective": "reverse_kl", "target": NamedTarget(name="banana")},
    ],
    ids=str,
)
def test_training_goes_on_from_a_file_bit_for_bit(tmp_path: Path, settings: dict[str, Any]) -> None:
    whole, half = trained(100, **settings), trained(50, **settings)
    path = save(tmp_path / "half.pt", half, half.project)
    again = Trainer.from_checkpoint(read(path))
    assert again.step == 50
    for _ in again.run(50):
        pass
    assert same_weights(whole.flow, again.flow)
    assert same_weights(whole.evaluation_flow(), again.evaluation_flow())
    assert np.array_equal(whole.history.train, again.history.train)
    assert np.array_equal(whole.history.held_out, again.history.held_out)
    assert np.array_equal(whole.history.held_out_steps, again.history.held_out_steps)


def test_an_edited_run_goes_on_from_a_file_bit_for_bit(tmp_path: Path) -> None:
    one = trained(20)
    norm, a, b = layers()
    edited = with_layers(
        one.project, norm, AffineCoupling(uid="new", conditioner=NET), msgspec.structs.replace(a, bypass=True), b
    )
    one.update(edited)
    list(one.run(10))
    again = Trainer.from_checkpoint(read(save(tmp_path / "edited.pt", one, edited)))
    for trainer in (one, again):
        list(trainer.run(10))
        trainer.update(with_layers(edited, norm, AffineCoupling(uid="new", conditioner=NET), a, b))
        list(trainer.run(10))
    assert same_weights(one.flow, again.flow)


@pytest.mark.parametrize("export", [False, True])
@pytest.mark.parametrize("settings", [{}, {"ema": 0.0}, {"base": KDE(points=300)}, {"base": Uniform(half_width=50.0)}])
def test_a_loaded_flow_gives_what_the_window_showed(tmp_path: Path, settings: dict[str, Any], export: bool) -> None:
    trainer = trained(10, **settings)
    x = trainer.target.held_out(500)
    flow = load(save(tmp_path / "model.pt", trainer, trainer.project, export))
    assert torch.allclose(flow.log_prob(x), trainer.evaluation_flow().log_prob(x), atol=1e-6)
    assert not flow.training


def test_a_table_s_standardisation_is_in_the_file(tmp_path: Path) -> None:
    np.save(tmp_path / "t.npy", np.random.default_rng(0).normal((5.0, -300.0), (0.1, 40.0), (500, 2)))
    trainer = trained(10, target=TableTarget(path=str(tmp_path / "t.npy")))
    path = save(tmp_path / "model.pt", trainer, trainer.project)
    x = trainer.target.held_out(50)
    expected = trainer.evaluation_flow().log_prob(x)
    (tmp_path / "t.npy").unlink()
    assert torch.allclose(load(path).log_prob(x), expected, atol=1e-6)


def test_an_export_leaves_out_what_only_training_needs_and_can_be_trained_on(tmp_path: Path) -> None:
    trainer = trained()
    whole = save(tmp_path / "whole.pt", trainer, trainer.project)
    export = save(tmp_path / "export.pt", trainer, trainer.project, export=True)
    assert export.stat().st_size < 0.6 * whole.stat().st_size
    content = torch.load(export, weights_only=True)
    assert content["optimizer"] is content["history"] is content["rng"] is content["ema"] is None
    again = Trainer.from_checkpoint(read(export))
    fresh = torch.Generator().manual_seed(again.project.seed)
    assert not torch.equal(again.generator.get_state(), fresh.get_state())  # new data, not that of step 1 again
    assert [result.step for result in again.run(2)] == [51, 52]
    assert again.history.train_steps.tolist() == [51, 52]


def test_the_file_is_plain_and_says_what_it_is(file: Path) -> None:
    content = torch.load(file, weights_only=True)
    assert content["format"] == "flowviz/1"
    assert json.loads(content["project"])["pipeline"]["layers"][1]["uid"] == "a"
    metadata = content["metadata"]
    assert metadata["event_shape"] == [2]
    assert metadata["entropy"] == pytest.approx(2.39388, abs=1e-3)
    assert metadata["held_out_nll"] > metadata["entropy"]
    assert {"version", "torch", "created", "target"} <= metadata.keys()


def test_the_document_is_saved_as_it_is_and_the_weights_with_their_own_pipeline(tmp_path: Path) -> None:
    trainer = trained(5)
    document = with_layers(trainer.project, *layers()[:2])
    found = read(save(tmp_path / "model.pt", trainer, document))
    assert found.project == document
    again = Trainer.from_checkpoint(found)
    assert same_weights(again.flow, trainer.flow)
    again.update(document)
    assert len(again.flow.layers) == 2


def test_another_target_may_stand_in_for_one_that_is_gone(file: Path) -> None:
    project = msgspec.structs.replace(read(file).project, target=NamedTarget(name="eight_gaussians"))
    trainer = Trainer.from_checkpoint(read(file), project)
    assert trainer.step == 20
    list(trainer.run(1))


def test_a_target_of_another_dimension_does_not_fit(file: Path) -> None:
    project = msgspec.structs.replace(read(file).project, target=NamedTarget(name=name_of(3)))
    with pytest.raises(ValueError, match=r"model\.pt.*2.*3"):
        Trainer.from_checkpoint(read(file), project)


# ---- files that cannot be used ----


def rewritten(file: Path, tmp_path: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    content = torch.load(file, weights_only=True)
    change(content)
    torch.save(content, tmp_path / "changed.pt")
    return tmp_path / "changed.pt"


def _drop(*path: str) -> Callable[[dict[str, Any]], object]:
    def change(content: dict[str, Any]) -> None:
        for key in path[:-1]:
            content = content[key]
        del content[path[-1]]

    return change


def _put(value: object, *path: str) -> Callable[[dict[str, Any]], object]:
    def change(content: dict[str, Any]) -> None:
        for key in path[:-1]:
            content = content[key]
        content[path[-1]] = value

    return change


WEIGHT = "layers.a.network.weight_0"
BAD: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "newer": (_put("flowviz/2", "format"), r"newer FlowViz \(format flowviz/2\)"),
    "older": (_put("flowviz/0", "format"), "old format"),
    "unknown format": (_put("flowviz/x", "format"), "unknown format"),
    "other format": (_put("other", "format"), "not a FlowViz checkpoint"),
    "no format": (_drop("format"), "not a FlowViz checkpoint"),
    "missing tensor": (_drop("model", WEIGHT), rf"'{WEIGHT}' is missing"),
    "wrong shape": (_put(torch.zeros(3, 3), "model", WEIGHT), rf"'{WEIGHT}' has shape \[3, 3\]"),
    "unknown tensor": (_put(torch.zeros(1), "model", "layers.zz.w"), r"'layers\.zz\.w' belongs to no part"),
    "no tensor": (_put("text", "model", WEIGHT), "expected a tensor"),
    "no model": (_drop("model"), "model"),
    "no project": (_drop("project"), "project"),
    "project is no JSON": (_put("{", "project"), "JSON"),
    "project with an unknown layer": (_put('{"layers": [{"kind": "magic"}]}', "pipeline"), "magic"),
    "step": (_put(-1, "step"), "step"),
    "event shape": (_put("two", "metadata", "event_shape"), "expected|Expected"),
    "other dimension": (_put([3], "metadata", "event_shape"), "shape"),
    "moments": (
        _put({WEIGHT: {"steps": 1, "moments": {"exp_avg": torch.zeros(2)}}}, "optimizer", "parameters"),
        WEIGHT,
    ),
    "average": (_put({"layers.q": {"steps": 1, "average": torch.zeros(2)}}, "ema"), "layers.q"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_changed_file_is_refused_in_one_sentence(what: str, file: Path, tmp_path: Path) -> None:
    change, words = BAD[what]
    with pytest.raises(CheckpointError, match=words) as caught:
        load(rewritten(file, tmp_path, change))
    assert str(caught.value).startswith("changed.pt")
    assert "\n" not in str(caught.value)


class Evil:
    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
        return os.system, ("touch pwned",)


def _bytes(value: object) -> bytes:
    stream = io.BytesIO()
    torch.save(value, stream)
    return stream.getvalue()


def _zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", "no checkpoint")
    return stream.getvalue()


RAW: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda data: b"", "empty"),
    "text": (lambda data: b"x,y\n1,2\n", "not a FlowViz checkpoint"),
    "a bare pickle": (lambda data: b"\x80\x04K\x01.", "not a FlowViz checkpoint"),
    "truncated": (lambda data: data[: len(data) // 2], "truncated"),
    "damaged": (lambda data: data.replace(b"flowviz/1", b"flowviz/7", 1), "damaged"),
    "a pickle inside": (lambda data: _bytes({"format": "flowviz/1", "model": Evil()}), "pickle"),
    "another zip": (lambda data: _zip(), "not a FlowViz checkpoint"),
    "another torch file": (lambda data: _bytes({"weights": torch.zeros(3)}), "not a FlowViz checkpoint"),
    "a tensor": (lambda data: _bytes(torch.zeros(3)), "not a FlowViz checkpoint"),
}


@pytest.mark.parametrize("what", RAW)
def test_what_is_no_checkpoint_is_refused_in_one_sentence(
    what: str, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    change, words = RAW[what]
    path = tmp_path / "bad.pt"
    path.write_bytes(change(file.read_bytes()))
    with pytest.raises(CheckpointError, match=words) as caught:
        load(path)
    assert "bad.pt" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "pwned").exists()


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"none\.pt cannot be read"):
        load(tmp_path / "none.pt")
    with pytest.raises(CheckpointError, match="cannot be read"):
        load(tmp_path)


def test_an_old_version_is_brought_up_to_date(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def change(content: dict[str, Any]) -> None:
        content["format"], content["weights"] = "flowviz/0", content.pop("model")

    def migrate(content: dict[str, Any]) -> dict[str, Any]:
        return {**content, "model": content["weights"]}

    monkeypatch.setitem(checkpoint.MIGRATIONS, 0, migrate)
    x = torch.randn(10, 2)
    assert torch.equal(load(rewritten(file, tmp_path, change)).log_prob(x), load(file).log_prob(x))


# ---- writing ----


def test_a_full_disk_leaves_the_old_file_and_no_scraps(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = Trainer(small())
    path = tmp_path / "model.pt"
    path.write_bytes(b"the old one")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(SaveError, match=r"model\.pt cannot be written: no space left"):
        save(path, trainer, trainer.project)
    assert path.read_bytes() == b"the old one"
    assert os.listdir(tmp_path) == ["model.pt"]


def test_a_file_that_may_not_be_written_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "model.pt"
    path.write_bytes(b"the old one")
    monkeypatch.setattr(files.os, "access", lambda file, mode: False)
    with pytest.raises(SaveError, match="read-only"):
        files.write_atomically(path, b"new")
    assert path.read_bytes() == b"the old one"


def test_no_folder_and_a_folder_in_the_way_are_said(tmp_path: Path) -> None:
    with pytest.raises(SaveError, match="cannot be written"):
        files.write_atomically(tmp_path / "none" / "model.pt", b"new")
    with pytest.raises(SaveError, match="folder"):
        files.write_atomically(tmp_path, b"new")


def test_a_link_is_followed_and_the_mode_stays(tmp_path: Path) -> None:
    path, link = tmp_path / "model.pt", tmp_path / "link.pt"
    path.write_bytes(b"old")
    path.chmod(0o640)
    link.symlink_to(path)
    files.write_atomically(link, b"new")
    assert link.is_symlink()
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640


# ---- in a Python with little in it ----

BARE = """
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"sklearn", "PIL", "PySide6", "pyqtgraph", "scipy", "pandas"}:
            raise ImportError(name + " is not here")

sys.meta_path.insert(0, Blocked())
import json, torch, flowviz
flow = flowviz.load(sys.argv[1], device="cpu")
x = torch.tensor(json.loads(sys.argv[2]))
print(json.dumps(flow.log_prob(x).tolist()))
assert not any(name.startswith("flowviz.targets") for name in sys.modules)
"""


def test_it_loads_with_torch_numpy_and_msgspec_alone(file: Path) -> None:
    x = torch.linspace(-2, 2, 12).view(6, 2)
    command = [sys.executable, "-c", BARE, str(file), json.dumps(x.tolist())]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert torch.allclose(torch.tensor(json.loads(done.stdout)), load(file).log_prob(x).detach(), atol=1e-6)
