"""What is learnt: named densities, drawn densities, pictures and tables."""

from ..pipeline import NamedInfo
from .density import Density
from .loading import import_file, load, names

__all__ = ["Density", "NamedInfo", "import_file", "load", "names"]
