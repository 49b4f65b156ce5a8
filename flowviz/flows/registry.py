"""From kinds to constructors. A new layer or base is one line here, and every law is then tested on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import pipeline as specs
from .autoregressive import IAF, MAF
from .bases import BaseDensity, ConditionalGaussian, Gaussian, GaussianMixture, StandardNormal, Uniform
from .batch_norm import BatchNorm
from .continuous import Continuous
from .coupling import AdditiveCoupling, AffineCoupling
from .elementwise import ElementwiseAffine, Logit, Sigmoid
from .householder import Householder
from .kde import KDE
from .layer import FlowLayer, Place
from .linear import ActNorm, Linear, Permutation, Scaling
from .logistic import Logistic
from .pixel_bases import PixelBase
from .planar import Planar
from .radial import Radial
from .reshaping import Flatten, Haar, Split, Squeeze
from .residual import Residual
from .spline_layers import SplineAutoregressive, SplineCoupling
from .sylvester import Sylvester
from .transformer import Transformer
from .wavenet_base import WaveNetBase

LAYERS: dict[type[specs.LayerSpec], Callable[[Any, Place], FlowLayer]] = {
    specs.AffineCoupling: AffineCoupling,
    specs.AdditiveCoupling: AdditiveCoupling,
    specs.MAF: MAF,
    specs.IAF: IAF,
    specs.SplineCoupling: SplineCoupling,
    specs.SplineAutoregressive: SplineAutoregressive,
    specs.Scaling: Scaling,
    specs.ActNorm: ActNorm,
    specs.Linear: Linear,
    specs.Permutation: Permutation,
    specs.ElementwiseAffine: ElementwiseAffine,
    specs.Squeeze: Squeeze,
    specs.Haar: Haar,
    specs.Split: Split,
    specs.Flatten: Flatten,
    specs.Logit: Logit,
    specs.Sigmoid: Sigmoid,
    specs.Transformer: Transformer,
    specs.Householder: Householder,
    specs.BatchNorm: BatchNorm,
    specs.Planar: Planar,
    specs.Radial: Radial,
    specs.Sylvester: Sylvester,
    specs.Residual: Residual,
    specs.Continuous: Continuous,
}
"""(spec, place) -> layer, in float64 on the CPU."""

BASES: dict[type[specs.BaseSpec], Callable[[Any, Place], BaseDensity]] = {
    specs.StandardNormal: StandardNormal,
    specs.Gaussian: Gaussian,
    specs.GaussianMixture: GaussianMixture,
    specs.Uniform: Uniform,
    specs.KDE: KDE,
    specs.Logistic: Logistic,
    specs.ConditionalGaussian: ConditionalGaussian,
    specs.PixelCNNBase: PixelBase,
    specs.PixelRNNBase: PixelBase,
    specs.WaveNetBase: WaveNetBase,
}
"""(spec, place) -> base, in float64 on the CPU."""
