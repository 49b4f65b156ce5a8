"""What the commands share: their two kinds of failure, the last line, and files to be written."""

from __future__ import annotations

import json
import math
import os
import tempfile
from pathlib import Path
from typing import Any


class UsageError(Exception):
    """The options or the input are wrong (exit code 2): one sentence."""


class FailedError(Exception):
    """It failed while running (exit code 1): one sentence."""


def last_line(values: dict[str, Any]) -> None:
    """Prints one JSON object; a figure that is not finite is null, since JSON has no word for it."""
    print(json.dumps(_plain(values), ensure_ascii=False, allow_nan=False), flush=True)


def figure(value: float | None, unit: str = "", digits: int = 4) -> str:
    """A figure for a reader: '2.4121 nats', or a dash where there is none."""
    return "–" if value is None else f"{value:.{digits}f}{' ' + unit if unit else ''}"


def writable(path: str, suffixes: tuple[str, ...]) -> Path:
    """The path of a file that is to be written, checked before the work is done; raises UsageError."""
    file = Path(path).expanduser()
    if file.suffix.lower() not in suffixes:
        raise UsageError(f"{path}: the name must end in {' or '.join(suffixes)}")
    if file.is_dir():
        raise UsageError(f"{path}: this is a folder, not a file")
    folder = file.parent
    if not folder.is_dir():
        raise UsageError(f"{path}: there is no folder {folder}")
    if file.exists() and not os.access(file, os.W_OK):
        raise UsageError(f"{path}: this file may not be written to")
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(bytes(4096))
    except OSError as error:
        raise UsageError(f"{path}: nothing can be written there ({(error.strerror or str(error)).lower()})") from error
    return file


def readable(path: str) -> Path:
    """The path of a file that is to be read; raises UsageError when there is none."""
    file = Path(path).expanduser()
    if file.is_dir():
        raise UsageError(f"{path}: this is a folder, not a file")
    if not file.exists():
        raise UsageError(f"{path}: there is no such file")
    if not os.access(file, os.R_OK):
        raise UsageError(f"{path}: this file may not be read")
    return file


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
