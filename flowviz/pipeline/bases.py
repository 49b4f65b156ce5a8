"""Bases: the density that the pipeline ends in."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from .conditioners import EventKind
from .conditioners import PixelCNN as PixelCNNNetwork
from .conditioners import PixelRNN as PixelRNNNetwork
from .conditioners import WaveNet as WaveNetNetwork


class BaseSpec(Struct, frozen=True, kw_only=True, tag_field="kind", forbid_unknown_fields=True):
    """The density of z. `fitted` bases are set from the training data before the first step."""

    title: ClassVar[str] = ""
    formula: ClassVar[str] = ""
    description: ClassVar[str] = ""
    fitted: ClassVar[bool] = False
    paper: ClassVar[str] = ""
    sample_cost: ClassVar[str] = "one pass"
    takes: ClassVar[tuple[EventKind, ...]] = ("vector", "image", "sequence")
    needs_levels: ClassVar[bool] = False
    """Whether it is a density of the data's own levels, so that no layer may stand before it."""
    uses_context: ClassVar[bool] = False

    @property
    def kind(self) -> str:
        return str(self.__struct_config__.tag)


class StandardNormal(BaseSpec, frozen=True, kw_only=True, tag="standard_normal"):
    title = "Standard normal"
    formula = "log p(z) = −½‖z‖² − (D/2) log 2π"
    description = "Mean 0, covariance 1; nothing to learn."


class Gaussian(BaseSpec, frozen=True, kw_only=True, tag="gaussian"):
    trainable: Annotated[bool, Meta(title="Trainable", description="Learn mean and covariance by gradient, too")] = True

    title = "Gaussian"
    formula = "log p(z) = −½ (z−μ)ᵀ Σ⁻¹ (z−μ) − ½ log det 2πΣ"
    description = "Full covariance, fitted to the data by maximum likelihood (divide by N)."
    fitted = True


class GaussianMixture(BaseSpec, frozen=True, kw_only=True, tag="gaussian_mixture"):
    components: Annotated[int, Meta(title="Components", description="How many Gaussians", ge=1, le=512)] = 8
    trainable: Annotated[bool, Meta(title="Trainable", description="Learn weights, means and scales by gradient")] = (
        True
    )

    title = "Gaussian mixture"
    formula = "p(z) = Σ_k w_k N(z; μ_k, diag σ_k²)"
    description = "Several Gaussians: separate modes without filaments between them."
    fitted = True


class Uniform(BaseSpec, frozen=True, kw_only=True, tag="uniform"):
    half_width: Annotated[
        float, Meta(title="Half width", description="The box is [−w, w] in every coordinate", gt=0.0, le=1000.0)
    ] = 3.0

    title = "Uniform"
    formula = "p(z) = (2w)^−D inside the box, 0 outside"
    description = "A box. Outside it the density is zero, and the log-density −∞."


class KDE(BaseSpec, frozen=True, kw_only=True, tag="kde"):
    rule: Annotated[
        Literal["scott", "silverman", "leave_one_out", "manual"],
        Meta(
            title="Bandwidth rule",
            description="How the kernel's width is chosen; leave-one-out maximises its likelihood",
        ),
    ] = "leave_one_out"
    bandwidth: Annotated[
        float,
        Meta(
            title="Bandwidth",
            description="Width of the kernel when the rule is manual, in the data's units",
            gt=0.0,
            le=100.0,
            extra={"unit": "data units", "only_if": ("rule", "manual")},
        ),
    ] = 0.2
    points: Annotated[
        int, Meta(title="Points", description="How many training points carry a kernel", ge=1, le=20_000)
    ] = 2000

    title = "Kernel density (KDE)"
    formula = "p(z) = 1/(n h^D) Σ_i K((z − z_i)/h)"
    description = "One Gaussian kernel on each training point: no training, only a bandwidth."
    fitted = True


class Logistic(BaseSpec, frozen=True, kw_only=True, tag="logistic"):
    title = "Logistic"
    formula = "log p(z) = Σ −softplus(z) − softplus(−z)"
    description = "NICE's prior: independent, with heavier tails than the normal; nothing to learn."
    paper = "Dinh, Krueger, Bengio 2015, NICE, arXiv 1410.8516, section 3.4"


class ConditionalGaussian(BaseSpec, frozen=True, kw_only=True, tag="conditional_gaussian"):
    title = "Gaussian by context"
    formula = "p(z|c) = N(z; μ(c), diag σ(c)²)"
    description = "Mean and width of every coordinate are learnt for each class, or as a line in a continuous context."
    uses_context = True


class PixelCNNBase(BaseSpec, frozen=True, kw_only=True, tag="pixelcnn"):
    network: Annotated[
        PixelCNNNetwork, Meta(title="Network", description="What predicts a pixel from those before it")
    ] = PixelCNNNetwork()

    title = "PixelCNN"
    formula = "P(x) = Π_i softmax(f(x_<i))[x_i]"
    description = "Each pixel's level is predicted from those above and to the left, channels in order."
    paper = "van den Oord et al. 2016, Conditional image generation with PixelCNN decoders, arXiv 1606.05328"
    sample_cost = "one pass a pixel"
    takes = ("image",)
    needs_levels = True
    uses_context = True


class PixelRNNBase(BaseSpec, frozen=True, kw_only=True, tag="pixelrnn"):
    network: Annotated[
        PixelRNNNetwork, Meta(title="Network", description="What predicts a pixel from those before it")
    ] = PixelRNNNetwork()

    title = "PixelRNN"
    formula = "P(x) = Π_i softmax(f(x_<i))[x_i]"
    description = "Each pixel's level is predicted by recurrent layers from all pixels before it, channels in order."
    paper = "van den Oord, Kalchbrenner, Kavukcuoglu 2016, Pixel recurrent neural networks, arXiv 1601.06759"
    sample_cost = "one pass a pixel"
    takes = ("image",)
    needs_levels = True
    uses_context = True


class WaveNetBase(BaseSpec, frozen=True, kw_only=True, tag="wavenet"):
    network: Annotated[
        WaveNetNetwork, Meta(title="Network", description="What predicts a moment from those before it")
    ] = WaveNetNetwork()
    output: Annotated[
        Literal["categorical", "logistics", "gaussian"],
        Meta(
            title="Output",
            description="256 μ-law classes (for numbers between −1 and 1), a mixture of logistics, or one Gaussian",
        ),
    ] = "gaussian"
    components: Annotated[
        int,
        Meta(title="Components", description="Of the mixture", ge=1, le=64, extra={"only_if": ("output", "logistics")}),
    ] = 5

    title = "WaveNet"
    formula = "p(x) = Π_t p(x_t | x_<t)"
    description = "Each moment is predicted from those before it by causal dilated convolutions."
    paper = "van den Oord et al. 2016, WaveNet, arXiv 1609.03499"
    sample_cost = "one small step a moment"
    takes = ("sequence",)
    uses_context = True


Base = (
    StandardNormal
    | Gaussian
    | GaussianMixture
    | Uniform
    | KDE
    | Logistic
    | ConditionalGaussian
    | PixelCNNBase
    | PixelRNNBase
    | WaveNetBase
)

BASES: dict[str, type[BaseSpec]] = {
    str(kind.__struct_config__.tag): kind
    for kind in (
        StandardNormal,
        Gaussian,
        GaussianMixture,
        Uniform,
        KDE,
        Logistic,
        ConditionalGaussian,
        PixelCNNBase,
        PixelRNNBase,
        WaveNetBase,
    )
}
"""Kind to class, in the order of the base menu."""
