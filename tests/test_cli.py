"""The command line's own manners: exit codes, one sentence, the listings, and nothing heavy imported for them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from flowviz.cli import COMMANDS, main, parser
from flowviz.pipeline import LAYERS, NAMED, PRESETS

Capture = pytest.CaptureFixture[str]


def sentence(capsys: Capture) -> str:
    """The one line that went to stderr."""
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("flowviz: ")
    return lines[0]


def last_line(capsys: Capture) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return value


BAD = {
    "no such command or file": (["trian"], "trian"),
    "unknown option": (["presets", "--colour"], "--colour"),
    "a word for a number": (["train", "--steps", "many"], "--steps"),
    "no steps": (["train", "--steps", "0"], "at least 1"),
    "too many steps": (["train", "--steps", "10000001"], "10000000"),
    "batch of one": (["train", "--batch", "1"], "at least 2"),
    "learning rate of zero": (["train", "--lr", "0"], "above 0"),
    "learning rate that is no number": (["train", "--lr", "nan"], "nan"),
    "negative seed": (["train", "--seed", "-1"], "at least 0"),
    "unknown device": (["train", "--device", "tpu"], "tpu"),
    "two sources": (["train", "--preset", "maf", "--pipeline", "a.flow.json"], "not allowed with"),
    "no model": (["eval"], "MODEL.pt"),
    "no output": (["sample", "model.pt"], "--out"),
    "half a size": (["screenshot", "a.png", "--size", "1600"], "1600x1000"),
    "a size of nothing": (["screenshot", "a.png", "--size", "0x0"], "1280x680"),
    "unknown language": (["screenshot", "a.png", "--lang", "fr"], "fr"),
    "a window with a folder": (["."], "folder"),
}


@pytest.mark.parametrize(("arguments", "word"), BAD.values(), ids=BAD.keys())
def test_bad_options_get_one_sentence_and_exit_code_2(arguments: list[str], word: str, capsys: Capture) -> None:
    assert main(arguments) == 2
    assert word in sentence(capsys)


def test_every_command_documents_itself(capsys: Capture) -> None:
    for name in COMMANDS:
        with pytest.raises(SystemExit) as stop:
            main([name, "--help"])
        assert stop.value.code == 0
        assert "--json" in capsys.readouterr().out


def test_help_names_every_command(capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    out = capsys.readouterr().out
    assert all(name in out for name in COMMANDS)


def test_presets_as_json(capsys: Capture) -> None:
    assert main(["presets", "--json"]) == 0
    found = last_line(capsys)["presets"]
    assert [preset["name"] for preset in found] == list(PRESETS)
    for preset in found:
        assert preset["title"]
        assert preset["needs"]
        steps = next(p for p in preset["parameters"] if p["name"] == "steps")
        assert steps["default"] == PRESETS[preset["name"]].training.steps


def test_targets_as_json(capsys: Capture) -> None:
    assert main(["targets", "--json"]) == 0
    found = last_line(capsys)["targets"]
    assert [target["name"] for target in found] == list(NAMED)
    assert next(t for t in found if t["name"] == "checkerboard")["entropy"] == pytest.approx(3.46574, abs=1e-5)


def test_layers_as_json_carry_type_default_range_and_unit(capsys: Capture) -> None:
    assert main(["layers", "--json"]) == 0
    found = last_line(capsys)["layers"]
    assert [layer["kind"] for layer in found] == list(LAYERS)
    coupling = next(layer for layer in found if layer["kind"] == "affine_coupling")
    assert coupling["title"] == "Affine coupling"
    bound = next(p for p in coupling["parameters"] if p["name"] == "log_scale_bound")
    assert (bound["type"], bound["default"], bound["minimum"], bound["maximum"]) == ("float", 3.0, 0.1, 10.0)
    assert bound["unit"] == "nats"


@pytest.mark.parametrize("command", ["presets", "targets", "layers"])
def test_listings_for_a_reader_name_everything(command: str, capsys: Capture) -> None:
    assert main([command]) == 0
    out = capsys.readouterr().out
    names = {"presets": PRESETS, "targets": NAMED, "layers": LAYERS}[command]
    assert all(name in out for name in names)


def test_listings_import_neither_torch_nor_qt() -> None:
    program = (
        "import sys; from flowviz.cli import main\n"
        "for name in ('presets', 'targets', 'layers'): main([name, '--json'])\n"
        "heavy = {'torch', 'PySide6', 'sklearn', 'pyqtgraph'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_a_reader_that_goes_away_is_no_traceback() -> None:
    command = f"{sys.executable} -m flowviz layers | head -n 1"
    ran = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert ran.stderr == ""


def test_an_unforeseen_failure_is_one_sentence_and_exit_code_1(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(options: object) -> int:
        raise ZeroDivisionError("nothing to divide by")

    monkeypatch.setattr("flowviz.cli_listings.presets", broken)
    monkeypatch.delenv("FLOWVIZ_TRACEBACK", raising=False)
    assert main(["presets"]) == 1
    assert "nothing to divide by" in sentence(capsys)


def test_no_display_is_said_before_qt_aborts(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert main([]) == 1
    assert "no display" in sentence(capsys)


def test_options_reach_from_the_smallest_to_the_largest_allowed_value() -> None:
    low = parser().parse_args(["train", "--steps", "1", "--batch", "2", "--lr", "1e-9", "--seed", "0"])
    high = parser().parse_args(["train", "--steps", "10000000", "--batch", "65536", "--lr", "10"])
    assert (low.steps, low.batch, low.seed) == (1, 2, 0)
    assert (high.steps, high.batch, high.lr) == (10_000_000, 65_536, 10.0)
