"""What is learnt: named densities, drawn densities, tables, sets of pictures, sequences and trained flows."""

from ..pipeline import NamedInfo
from .density import Density
from .importing import import_file
from .loading import load, names

__all__ = ["Density", "NamedInfo", "import_file", "load", "names"]
