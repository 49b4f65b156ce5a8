"""The maths: invertible layers with exact log-determinants, bases, and the flow that is made of them. torch only."""

from .bases import BaseDensity
from .build import build
from .flow import PREPROCESSING, Flow, Stage, Trace
from .layer import FlowLayer, Place
from .preprocessing import Standardize
from .registry import BASES, LAYERS

__all__ = [
    "BASES",
    "LAYERS",
    "PREPROCESSING",
    "BaseDensity",
    "Flow",
    "FlowLayer",
    "Place",
    "Stage",
    "Standardize",
    "Trace",
    "build",
]
