"""What a pipeline is: frozen specs of layers, conditioners, bases, targets, training and project. No torch, no Qt."""

from .bases import BASES, KDE, Base, BaseSpec, Gaussian, GaussianMixture, StandardNormal, Uniform
from .conditioners import MADE, MLP
from .layers import (
    IAF,
    LAYERS,
    MAF,
    ActNorm,
    AdditiveCoupling,
    AffineCoupling,
    Layer,
    LayerSpec,
    Linear,
    Permutation,
    Scaling,
)
from .named import NAMED, NamedInfo
from .parameters import Parameter, listing, parameters
from .presets import PRESETS, Preset, preset
from .project import PipelineSpec, Project, TileMode, View
from .sentences import Sentence, Text, say
from .shapes import MAX_DIMENSIONS, MAX_LAYERS, EventShape, Problem, layer_problem, problems, trace_shapes
from .targets import CANVAS, Box, DrawnTarget, NamedTarget, TableTarget, Target, TargetSpec
from .text import FORMAT, SpecError, from_json, pipeline, read_pipeline, to_json
from .training import Training

__all__ = [
    "BASES",
    "CANVAS",
    "FORMAT",
    "IAF",
    "KDE",
    "LAYERS",
    "MADE",
    "MAF",
    "MAX_DIMENSIONS",
    "MAX_LAYERS",
    "MLP",
    "NAMED",
    "PRESETS",
    "ActNorm",
    "AdditiveCoupling",
    "AffineCoupling",
    "Base",
    "BaseSpec",
    "Box",
    "DrawnTarget",
    "EventShape",
    "Gaussian",
    "GaussianMixture",
    "Layer",
    "LayerSpec",
    "Linear",
    "NamedInfo",
    "NamedTarget",
    "Parameter",
    "Permutation",
    "PipelineSpec",
    "Preset",
    "Problem",
    "Project",
    "Scaling",
    "Sentence",
    "SpecError",
    "StandardNormal",
    "TableTarget",
    "Target",
    "TargetSpec",
    "Text",
    "TileMode",
    "Training",
    "Uniform",
    "View",
    "from_json",
    "layer_problem",
    "listing",
    "parameters",
    "pipeline",
    "preset",
    "problems",
    "read_pipeline",
    "say",
    "to_json",
    "trace_shapes",
]
