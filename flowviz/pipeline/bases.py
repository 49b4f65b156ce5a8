"""Bases: the density that the pipeline ends in."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct


class BaseSpec(Struct, frozen=True, kw_only=True, tag_field="kind", forbid_unknown_fields=True):
    """The density of z. `fitted` bases are set from the training data before the first step."""

    title: ClassVar[str] = ""
    formula: ClassVar[str] = ""
    description: ClassVar[str] = ""
    fitted: ClassVar[bool] = False

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


Base = StandardNormal | Gaussian | GaussianMixture | Uniform | KDE

BASES: dict[str, type[BaseSpec]] = {
    str(kind.__struct_config__.tag): kind for kind in (StandardNormal, Gaussian, GaussianMixture, Uniform, KDE)
}
"""Kind to class, in the order of the base menu."""
