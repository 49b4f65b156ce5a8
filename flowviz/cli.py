"""The command line: `flowviz` opens the window, `flowviz COMMAND` does one thing without it.

Exit codes: 0 done; 2 the input or the options are wrong; 1 it failed while running. Both failures say one sentence on
stderr. With `--json` the last line of stdout is one JSON object. Nothing heavy is imported before a command asks for it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import NoReturn

from . import __version__
from .cli_common import FailedError, UsageError
from .pipeline import SpecError, Training, parameters
from .startup import importing, keep_freed_memory

DONE, FAILED, USAGE = 0, 1, 2
COMMANDS: dict[str, tuple[str, str]] = {
    "train": ("cli_train", "train a flow, with a progress bar, and write its checkpoint"),
    "eval": ("cli_eval", "judge a checkpoint: NLL, gap to the entropy, round trip, log-det, integral"),
    "sample": ("cli_sample", "draw samples from a checkpoint into a file"),
    "render": ("cli_render", "draw what every layer of a checkpoint does as a figure"),
    "screenshot": ("cli_screenshot", "take a picture of the real window, trained for some steps, with no display"),
    "presets": ("cli_listings", "list the presets"),
    "targets": ("cli_listings", "list the named densities and the files that can be learnt"),
    "layers": ("cli_listings", "list the layers, with parameters, ranges and defaults"),
    "doctor": ("cli_doctor", "say what works here, and what to do about what does not"),
}
"""Name to the module that does it (its function has the command's name) and what it does."""


class _Parser(argparse.ArgumentParser):
    """Says one sentence instead of printing its usage."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} ({self.prog} --help says more)")


def number(field: str, option: str) -> Callable[[str], int | float]:
    """Reads the value of an option into the range of this field of the training settings."""
    parameter = next(p for p in parameters(Training) if p.name == field)
    return bounded(int if parameter.type == "int" else float, parameter.minimum, parameter.maximum, parameter.allowed())


def bounded(
    kind: type[int] | type[float], low: float | None, high: float | None, allowed: str
) -> Callable[[str], int | float]:
    """A reader of numbers from `low` to `high`; argparse puts the option's name before its sentence."""

    def read(text: str) -> int | float:
        wanted = "a whole number" if kind is int else "a number"
        try:
            value = kind(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"'{text}' is not {wanted}, {allowed}") from None
        inside = (low is None or value >= low) and (high is None or value <= high)
        if not inside or (allowed.startswith("above") and value == low):
            raise argparse.ArgumentTypeError(f"{text} is not allowed; it takes {wanted}, {allowed}")
        return value

    return read


def size(text: str) -> tuple[int, int]:
    """Reads WIDTHxHEIGHT in pixels."""
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise argparse.ArgumentTypeError(f"'{text}' is not a size; write it as 1600x1000")
    pixels = int(width), int(height)
    if not (1280 <= pixels[0] <= 8192 and 680 <= pixels[1] <= 8192):
        raise argparse.ArgumentTypeError(f"{text} is not allowed; the window takes 1280x680 to 8192x8192 pixels")
    return pixels


def _numbers(text: str) -> tuple[float, ...]:
    """Reads 'a,b,...'."""
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no list of numbers; write it as 0.5,-1") from None


_class = bounded(int, 0, 1023, "at least 0 and at most 1023")
_seed = bounded(int, 0, 2**31 - 1, "at least 0 and at most 2147483647")
_count = bounded(int, 1, 10_000_000, "at least 1 and at most 10000000")
_points = bounded(int, 2, 10_000_000, "at least 2 and at most 10000000")
_temperature = bounded(float, 0.0, 100.0, "above 0 and at most 100")


def parser() -> argparse.ArgumentParser:
    """Every command with every option."""
    root = _Parser(
        prog="flowviz",
        description="Build a normalizing flow, draw what it shall learn, and watch it learn.",
        epilog="flowviz opens the window; flowviz FILE opens it with a checkpoint, a pipeline or a data file.",
    )
    root.add_argument("--version", action="version", version=f"flowviz {__version__}")
    commands = root.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=COMMANDS[name][1], description=COMMANDS[name][1].capitalize() + ".")
        sub.add_argument("--json", action="store_true", help="end with one line of JSON for a program to read")
        return sub

    train = command("train")
    source = train.add_mutually_exclusive_group()
    source.add_argument("--preset", metavar="NAME", help="a preset (`flowviz presets`); realnvp without any of these")
    source.add_argument("--pipeline", metavar="FILE.flow.json", help="a pipeline written as JSON")
    source.add_argument(
        "--project", metavar="FILE.pt", help="a project or checkpoint; goes on from its weights unless --seed is given"
    )
    train.add_argument(
        "--target",
        metavar="NAME|FILE",
        help="a named density, a table, a picture, a folder of pictures, a sound, or a trained flow",
    )
    train.add_argument("--steps", type=number("steps", "--steps"), metavar="N", help="length of the run, in steps")
    train.add_argument("--batch", type=number("batch_size", "--batch"), metavar="B", help="points in one step")
    train.add_argument("--lr", type=number("learning_rate", "--lr"), metavar="LR", help="highest learning rate")
    train.add_argument(
        "--objective", choices=("maximum_likelihood", "reverse_kl"), help="reverse_kl needs a target with a log-density"
    )
    train.add_argument(
        "--conditional", action="store_true", help="learn p(x | c), with the target's classes or numbers"
    )
    train.add_argument(
        "--patience",
        type=number("patience", "--patience"),
        metavar="N",
        help="stop after N held-out measurements without a better one, with the best weights",
    )
    train.add_argument("--seed", type=_seed, metavar="S", help="of the initial weights and the training data")
    train.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), help="where it trains")
    train.add_argument("--out", default="model.pt", metavar="FILE.pt", help="the checkpoint to write (model.pt)")
    train.add_argument("--export", action="store_true", help="leave out the optimiser and the history: a small file")

    evaluate = command("eval")
    evaluate.add_argument("model", metavar="MODEL.pt")
    evaluate.add_argument("--target", metavar="NAME|FILE", help="what to judge it on; without it, what it was made for")
    evaluate.add_argument("--report", action="store_true", help="check every law, layer by layer, and the samples")
    evaluate.add_argument("-n", type=_points, default=20_000, metavar="N", help="test points, or held-out ones (20000)")

    sample = command("sample")
    sample.add_argument("model", metavar="MODEL.pt")
    sample.add_argument("-n", type=_count, default=1000, metavar="N", help="samples (1000)")
    sample.add_argument("--seed", type=_seed, default=0, metavar="S", help="of the samples (0)")
    sample.add_argument(
        "--temperature", type=_temperature, default=1.0, metavar="T", help="scale of the base's samples (1)"
    )
    _takes_context(sample)
    sample.add_argument("--out", required=True, metavar="FILE.npy|csv|png|wav", help="the file to write")

    render = command("render")
    render.add_argument("model", metavar="MODEL.pt")
    _takes_context(render)
    render.add_argument("--out", required=True, metavar="FILE.png|svg", help="the figure to write")
    render.add_argument("--theme", choices=("light", "dark"), default="light", help="its colours (light)")

    screenshot = command("screenshot")
    screenshot.add_argument("out", metavar="OUT.png")
    shown = screenshot.add_mutually_exclusive_group()
    shown.add_argument("--preset", metavar="NAME", help="a preset (realnvp)")
    shown.add_argument("--project", metavar="FILE", help="the window opened with this file")
    screenshot.add_argument("--target", metavar="NAME|FILE", help="what it learns (the preset's own)")
    screenshot.add_argument(
        "--steps",
        type=bounded(int, 0, 10_000_000, "at least 0 and at most 10000000"),
        metavar="N",
        help="steps to train before the picture (500; with --project 0)",
    )
    screenshot.add_argument("--size", type=size, default=(1600, 1000), metavar="WxH", help="in pixels (1600x1000)")
    screenshot.add_argument("--lang", choices=("en", "ko"), default="en", help="language of the window (en)")
    screenshot.add_argument("--theme", choices=("light", "dark"), default="light", help="its colours (light)")

    for name in ("presets", "targets", "layers", "doctor"):
        command(name)
    return root


def _takes_context(command: argparse.ArgumentParser) -> None:
    command.add_argument("--class", dest="label", type=_class, metavar="K", help="which class, for a conditional flow")
    command.add_argument(
        "--context", type=_numbers, metavar="A,B,...", help="its numbers, for a flow conditioned by them"
    )


def window_parser() -> argparse.ArgumentParser:
    """`flowviz [FILE]`, the window."""
    window = _Parser(prog="flowviz", add_help=False)
    window.add_argument("file", nargs="?", metavar="FILE")
    window.add_argument("--lang", choices=("en", "ko"), help="language of the window (the system's)")
    window.add_argument("--theme", choices=("system", "light", "dark"), help="its colours (the system's)")
    window.add_argument("--report", metavar="FILE", help="for tests: write where things are and what it shows as JSON")
    return window


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    keep_freed_memory()
    try:
        return _run(arguments)
    except (UsageError, SpecError) as error:
        return _say(error, USAGE)
    except FailedError as error:
        return _say(error, FAILED)
    except BrokenPipeError:
        # Who read our output has gone (`flowviz layers | head`); python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        return _say("stopped", FAILED)
    except (OSError, MemoryError) as error:
        return _say(explain(error), FAILED)
    except Exception as error:
        if os.environ.get("FLOWVIZ_TRACEBACK"):
            raise
        kind = type(error).__name__
        return _say(f"something unforeseen failed ({kind}: {error}); FLOWVIZ_TRACEBACK=1 shows where", FAILED)


def explain(error: OSError | MemoryError) -> str:
    """An operating system's error in one sentence."""
    if isinstance(error, MemoryError):
        return "the memory of this machine is not enough for that"
    name = f"{error.filename}: " if error.filename else ""
    return f"{name}{(error.strerror or str(error)).lower()}"


def _run(arguments: list[str]) -> int:
    if not arguments or (arguments[0] not in COMMANDS and arguments[0] not in ("-h", "--help", "--version")):
        options = window_parser().parse_args(arguments)
        module, function = "cli_window", "window"
    else:
        options = parser().parse_args(arguments)
        module, function = COMMANDS[options.command][0], options.command
    with importing():
        run: Callable[[argparse.Namespace], int] = getattr(import_module(f".{module}", __package__), function)
    return run(options)


def _say(error: object, code: int) -> int:
    sentence = " ".join(str(error).split())
    if sys.stderr is not None:  # a program of the desktop has none on Windows
        print(f"flowviz: {sentence}", file=sys.stderr)
    return code
