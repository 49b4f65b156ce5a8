"""Shapes through a pipeline, and the sentence and the remedy for each layer that cannot stand where it is."""

from __future__ import annotations

import pytest

from flowviz.pipeline import (
    IAF,
    LAYERS,
    MADE,
    MAF,
    MLP,
    ActNorm,
    AdditiveCoupling,
    AffineCoupling,
    ConditionalGaussian,
    Context,
    ConvNet,
    EventShape,
    Flatten,
    Haar,
    LayerSpec,
    PipelineSpec,
    PixelCNN,
    PixelCNNBase,
    PixelRNN,
    PixelRNNBase,
    Planar,
    Sigmoid,
    SplineCoupling,
    Split,
    Squeeze,
    Transformer,
    WaveNet,
    WaveNetBase,
    base_problem,
    layer_problem,
    output_shape,
    problems,
    suited,
    trace_shapes,
)

PICTURE, SEQUENCE, VECTOR = (2, 8, 8), (2, 8), (5,)
EVENTS: tuple[EventShape, ...] = (PICTURE, (1, 8, 8), SEQUENCE, (1, 8), VECTOR, (1,))

WRONG: list[tuple[LayerSpec, EventShape, str, str]] = [
    (
        Squeeze(),
        VECTOR,
        "Squeeze takes pictures, sequences; here it meets vectors.",
        "Take it out, or choose other data.",
    ),
    (
        Planar(),
        PICTURE,
        "Planar takes vectors; here it meets pictures.",
        "Put a flatten layer before it, or take it out.",
    ),
    (Planar(), SEQUENCE, "Planar takes vectors; here it meets sequences.", "Put a flatten layer before it"),
    (Squeeze(), (1, 7, 8), "Squeeze halves every side; here one of 7 x 8 is odd.", "Choose data whose sides are even"),
    (Squeeze(), (1, 8, 7), "Squeeze halves every side; here one of 8 x 7 is odd.", "or take the layer out."),
    (Squeeze(), (2, 5), "Squeeze halves every side; here one of 5 is odd.", "Choose data whose sides are even"),
    (
        Haar(),
        (1, 7, 7),
        "Haar wavelet halves every side; here one of 7 x 7 is odd.",
        "Choose data whose sides are even",
    ),
    (Split(), (1, 8, 8), "Split halves the channels; here there are 1.", "Put a squeeze before it."),
    (Split(), (3, 8), "Split halves the channels; here there are 3.", "Put a squeeze before it."),
    (AffineCoupling(), PICTURE, "MLP takes vectors; here it meets pictures.", "Choose another conditioner"),
    (
        AffineCoupling(conditioner=ConvNet()),
        VECTOR,
        "ConvNet takes pictures; here it meets vectors.",
        "Choose another conditioner in the inspector.",
    ),
    (
        AdditiveCoupling(conditioner=ConvNet()),
        SEQUENCE,
        "ConvNet takes pictures; here it meets sequences.",
        "Choose another conditioner in the inspector.",
    ),
    (MAF(conditioner=PixelCNN()), VECTOR, "PixelCNN takes pictures; here it meets vectors.", "another conditioner"),
    (IAF(conditioner=PixelRNN()), SEQUENCE, "PixelRNN takes pictures; here it meets sequences.", "another conditioner"),
    (MAF(conditioner=WaveNet()), PICTURE, "WaveNet takes sequences; here it meets pictures.", "another conditioner"),
    (
        AffineCoupling(mask="checkerboard"),
        VECTOR,
        "A checkerboard needs places beside each other; a vector has none.",
        "Pass the even or odd coordinates through instead.",
    ),
    (
        SplineCoupling(mask="odd", conditioner=ConvNet()),
        (1, 8, 8),
        "Spline coupling splits the channels, and there is only one.",
        "Choose a checkerboard mask, or put a squeeze before it.",
    ),
    (
        AffineCoupling(mask="first_half", conditioner=WaveNet()),
        (1, 8),
        "Affine coupling splits the channels, and there is only one.",
        "Choose a checkerboard mask, or put a squeeze before it.",
    ),
    (
        Transformer(channels=10, heads=4),
        PICTURE,
        "4 heads do not divide 10 channels.",
        "Choose a number of heads that divides the channels.",
    ),
    (Transformer(patch=3), PICTURE, "Patches of 3 do not tile 8 x 8.", "Choose a patch that divides every side."),
    (Transformer(patch=3), SEQUENCE, "Patches of 3 do not tile 8.", "Choose a patch that divides every side."),
]


@pytest.mark.parametrize(("layer", "shape", "sentence", "remedy"), WRONG, ids=lambda value: str(value)[:40])
def test_what_a_layer_cannot_take_is_said_with_what_would_help(
    layer: LayerSpec, shape: EventShape, sentence: str, remedy: str
) -> None:
    problem = layer_problem(layer, shape)
    assert problem is not None
    assert problem.sentence == sentence
    assert remedy in problem.remedy


@pytest.mark.parametrize(
    ("layer", "before", "after"),
    [
        (Squeeze(), (3, 8, 6), (12, 4, 3)),
        (Haar(), (3, 8, 6), (12, 4, 3)),
        (Squeeze(), (3, 8), (6, 4)),
        (Split(), (6, 4, 4), (3, 4, 4)),
        (Split(), (2, 8), (1, 8)),
        (Flatten(), (3, 4, 5), (60,)),
        (Flatten(), (3, 4), (12,)),
        (ActNorm(), (3, 4, 5), (3, 4, 5)),
        (Sigmoid(), (7,), (7,)),
    ],
    ids=str,
)
def test_what_goes_on_after_a_layer(layer: LayerSpec, before: EventShape, after: EventShape) -> None:
    assert layer_problem(layer, before) is None
    assert output_shape(layer, before) == after


def test_shapes_are_followed_past_what_is_bypassed_or_cannot_stand_there() -> None:
    layers = (Squeeze(), Squeeze(bypass=True), Split(), Planar(), Squeeze(), Flatten(), Squeeze())
    spec = PipelineSpec(layers=layers)
    shapes = trace_shapes(spec, (1, 8, 8))
    assert shapes == [(1, 8, 8), (4, 4, 4), (4, 4, 4), (2, 4, 4), (2, 4, 4), (8, 2, 2), (32,), (32,)]
    assert [problem.uid for problem in problems(spec, (1, 8, 8))] == [spec.layers[3].uid, spec.layers[6].uid]


@pytest.mark.parametrize("shape", EVENTS, ids=str)
@pytest.mark.parametrize("kind", LAYERS)
def test_a_suited_layer_fits_wherever_its_kind_can_stand(kind: str, shape: EventShape) -> None:
    layer = suited(LAYERS[kind](), shape)
    problem = layer_problem(layer, shape)
    kinds = {1: "vector", 2: "sequence", 3: "image"}
    if kinds[len(shape)] not in layer.takes or (kind == "split" and shape[0] == 1):
        assert problem is not None
    else:
        assert problem is None
    assert suited(layer, shape) == layer


@pytest.mark.parametrize("mask", ["even", "odd", "first_half", "second_half", "checkerboard", "checkerboard_odd"])
def test_suited_masks_keep_which_half_passes(mask: str) -> None:
    second = mask in ("odd", "second_half", "checkerboard_odd")
    layer = AffineCoupling(mask=mask)  # type: ignore[arg-type]
    for shape in EVENTS:
        made = suited(layer, shape)
        assert isinstance(made, AffineCoupling)
        assert (made.mask in ("odd", "second_half", "checkerboard_odd")) == second
        assert type(made.conditioner) is {1: MLP, 2: WaveNet, 3: ConvNet}[len(shape)]
    assert suited(layer, (4, 8, 8)).mask == mask  # type: ignore[attr-defined]
    assert type(suited(MAF(), PICTURE).conditioner) is MADE  # type: ignore[attr-defined]


def test_what_a_base_cannot_take_is_said_with_what_would_help() -> None:
    for base, shape in ((PixelCNNBase(), VECTOR), (PixelRNNBase(), SEQUENCE), (WaveNetBase(), PICTURE)):
        problem = base_problem(PipelineSpec(base=base), shape)
        assert problem is not None
        assert problem.uid == "base"
        assert f"The base {base.title} takes" in problem.sentence
        assert problem.remedy.startswith("Choose another base")
    problem = base_problem(PipelineSpec(base=PixelCNNBase(), layers=(ActNorm(),)), PICTURE)
    assert problem is not None
    assert "no layer can stand before it" in problem.sentence
    assert "Take the layers out" in problem.remedy
    assert base_problem(PipelineSpec(base=PixelCNNBase(), layers=(ActNorm(bypass=True),)), PICTURE) is None
    problem = base_problem(PipelineSpec(base=ConditionalGaussian()), VECTOR)
    assert problem is not None
    assert "depends on a context" in problem.sentence
    assert "Make the density conditional" in problem.remedy
    with_classes = PipelineSpec(base=ConditionalGaussian(), context=Context(kind="classes", count=3))
    assert base_problem(with_classes, VECTOR) is None


def test_a_problem_of_a_layer_comes_before_that_of_the_base() -> None:
    spec = PipelineSpec(layers=(Planar(),), base=PixelCNNBase())
    (problem,) = problems(spec, PICTURE)
    assert problem.uid == spec.layers[0].uid
