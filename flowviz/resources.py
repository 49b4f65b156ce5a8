"""Where assets/ and pretrained/ lie: at the top of a checkout, or inside the installed package."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_ROOT = _PACKAGE / "_data" if (_PACKAGE / "_data").is_dir() else _PACKAGE.parent


def assets(*parts: str) -> Path:
    """A path below assets/."""
    return _ROOT.joinpath("assets", *parts)


def pretrained(*parts: str) -> Path:
    """A path below pretrained/."""
    return _ROOT.joinpath("pretrained", *parts)
