"""Files that are whole or not there at all."""

from __future__ import annotations

import contextlib
import itertools
import os
from pathlib import Path

from ..pipeline import Sentence, say

_numbers = itertools.count()


class SaveError(OSError):
    """A file that could not be written: one sentence with its path and the reason; what was there before is untouched."""

    def __init__(self, sentence: Sentence, reason: str) -> None:
        super().__init__(sentence)
        self.strerror = reason


def write_atomically(path: str | Path, data: bytes | memoryview) -> Path:
    """Writes beside the file, waits for the disk, then takes its place; a link is followed. Returns the file written.

    Raises SaveError. A file that may not be written to is not replaced either.
    """
    file = Path(path).expanduser()
    try:
        file = file.resolve()
        if file.is_dir():
            raise IsADirectoryError(None, "it is a folder")
        if file.exists() and not os.access(file, os.W_OK):
            raise PermissionError(None, "it is read-only")
        part = file.with_name(f".flowviz-{os.getpid()}-{next(_numbers)}.tmp")
        try:
            with part.open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            if file.exists():
                part.chmod(file.stat().st_mode & 0o777)
            part.replace(file)
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink()
            raise
        _settle(file.parent)
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        sentence = say("{path} cannot be written: {reason}.", path=file, reason=reason[:1].lower() + reason[1:])
        raise SaveError(sentence, reason) from error
    return file


def _settle(folder: Path) -> None:
    """The new name reaches the disk, too, where folders can be opened."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
