"""Layers: what a card in the palette and a tile in the strip stand for, as frozen values."""

from .autoregressive import IAF, MAF, SplineAutoregressive, Transformer
from .base import LayerSpec, Mask
from .coupling import AdditiveCoupling, AffineCoupling, SplineCoupling
from .linear import ActNorm, BatchNorm, ElementwiseAffine, Householder, Linear, Permutation, Scaling
from .reshaping import Flatten, Haar, Logit, Sigmoid, Split, Squeeze
from .residual import Continuous, Planar, Radial, Residual, Sylvester

Layer = (
    AffineCoupling
    | AdditiveCoupling
    | SplineCoupling
    | MAF
    | IAF
    | SplineAutoregressive
    | Transformer
    | Scaling
    | ActNorm
    | Linear
    | Permutation
    | Householder
    | BatchNorm
    | ElementwiseAffine
    | Squeeze
    | Haar
    | Split
    | Flatten
    | Logit
    | Sigmoid
    | Planar
    | Radial
    | Sylvester
    | Residual
    | Continuous
)

LAYERS: dict[str, type[LayerSpec]] = {
    str(kind.__struct_config__.tag): kind
    for kind in (
        AffineCoupling,
        AdditiveCoupling,
        SplineCoupling,
        MAF,
        IAF,
        SplineAutoregressive,
        Transformer,
        Scaling,
        ActNorm,
        Linear,
        Permutation,
        Householder,
        BatchNorm,
        ElementwiseAffine,
        Squeeze,
        Haar,
        Split,
        Flatten,
        Logit,
        Sigmoid,
        Planar,
        Radial,
        Sylvester,
        Residual,
        Continuous,
    )
}
"""Kind to class, in the order of the palette."""

__all__ = [
    "IAF",
    "LAYERS",
    "MAF",
    "ActNorm",
    "AdditiveCoupling",
    "AffineCoupling",
    "BatchNorm",
    "Continuous",
    "ElementwiseAffine",
    "Flatten",
    "Haar",
    "Householder",
    "Layer",
    "LayerSpec",
    "Linear",
    "Logit",
    "Mask",
    "Permutation",
    "Planar",
    "Radial",
    "Residual",
    "Scaling",
    "Sigmoid",
    "SplineAutoregressive",
    "SplineCoupling",
    "Split",
    "Squeeze",
    "Sylvester",
    "Transformer",
]
