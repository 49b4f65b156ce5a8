"""What several views say alike: why something cannot be shown, and which density it is."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ..pipeline import PipelineSpec


def conditioned(words: str, pipeline: PipelineSpec) -> str:
    """The words with p(x) as the conditional density that it is, where the pipeline has a context."""
    return words if pipeline.context.kind == "none" else words.replace("p(x)", "p(x | c)")


def only_planes() -> str:
    """Of level lines and of the difference."""
    return QCoreApplication.translate(
        "stage", "Only for two dimensions: of more, the density of two coordinates alone is not known"
    )


def no_density() -> str:
    """Of the difference from a target in the plane."""
    return QCoreApplication.translate("stage", "There is no density of the target to subtract")


def only_vectors() -> str:
    """Of what is drawn as points of a plane."""
    return QCoreApplication.translate("stage", "Not of pictures and sequences: those are shown themselves")


def only_many() -> str:
    """Of the pairs of coordinates."""
    return QCoreApplication.translate("stage", "Only for vectors of more than two dimensions")


def only_galleries() -> str:
    """Of what the model makes of pictures."""
    return QCoreApplication.translate("stage", "Only for pictures and sequences")


def other_density() -> str:
    """Of the difference while the model's density is a conditional one."""
    return QCoreApplication.translate(
        "stage", "The target's density is that of every class or value together: there is none to subtract for one"
    )
