"""What every spec says about itself, since forms, tooltips, listings and checks are made from it."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowviz.pipeline import (
    BASES,
    LAYERS,
    MADE,
    MAX_DIMENSIONS,
    MAX_LAYERS,
    MLP,
    PRESETS,
    ElementwiseAffine,
    Flatten,
    LayerSpec,
    PipelineSpec,
    Project,
    Sigmoid,
    SpecError,
    Training,
    View,
    from_json,
    listing,
    parameters,
    pipeline,
    preset,
    problems,
    to_json,
    trace_shapes,
)
from flowviz.pipeline.targets import DrawnTarget, NamedTarget, TableTarget

SPECS = [*LAYERS.values(), *BASES.values(), MLP, MADE, Training, NamedTarget, DrawnTarget, TableTarget]
EVERY_SPEC = pytest.mark.parametrize("kind", SPECS, ids=lambda kind: kind.__name__)


@EVERY_SPEC
def test_every_field_has_a_title_a_description_and_a_default_in_its_range(kind: type[msgspec.Struct]) -> None:
    for parameter in parameters(kind):
        where = f"{kind.__name__}.{parameter.name}"
        assert parameter.title, where
        assert parameter.title[0].isupper(), where
        assert parameter.description, where
        assert not parameter.description.endswith("."), where
        assert parameter.default is not msgspec.NODEFAULT, where
        if parameter.choices:
            assert parameter.choices[0] == parameter.default, where
            assert parameter.allowed(), where
        values = parameter.default if parameter.type == "numbers" else (parameter.default,)
        for value in values if parameter.type in ("numbers", "int", "float") else ():
            low = -float("inf") if parameter.minimum is None else parameter.minimum
            high = float("inf") if parameter.maximum is None else parameter.maximum
            assert low <= value <= high, where
        if parameter.only_if is not None:
            other, wanted = parameter.only_if
            assert wanted in next(p for p in parameters(kind) if p.name == other).choices, where


@EVERY_SPEC
def test_a_listing_is_plain_data(kind: type[msgspec.Struct]) -> None:
    listed = listing(kind)
    assert msgspec.json.decode(msgspec.json.encode(listed)) == json.loads(json.dumps(listed))
    assert [entry["name"] for entry in listed] == [p.name for p in parameters(kind)]


@pytest.mark.parametrize("kind", [*LAYERS.values(), *BASES.values()], ids=lambda kind: kind.__name__)
def test_every_layer_and_base_is_described(kind: type[Any]) -> None:
    assert kind.title
    assert kind.formula
    assert kind.description.endswith(".")
    if issubclass(kind, LayerSpec):
        assert kind.short
        assert kind.group
        assert kind.log_det
        assert "arXiv" in kind.paper or kind in (ElementwiseAffine, Flatten, Sigmoid)
        assert kind.normalize_cost
        assert kind.generate_cost
        assert kind.inverse == "analytic" or kind.generate_cost != "one pass"
        assert kind(uid="a").kind in LAYERS


def layers() -> st.SearchStrategy[LayerSpec]:
    names = st.text(max_size=8)
    return st.one_of(
        *(
            st.builds(kind, uid=st.sampled_from(["", "l1", "l2", "x", "가"]), label=names, bypass=st.booleans())
            for kind in LAYERS.values()
        )
    )


@given(st.lists(layers(), max_size=12))
def test_uids_become_unique_and_given_ones_stay(drawn: list[LayerSpec]) -> None:
    spec = PipelineSpec(layers=tuple(drawn))  # type: ignore[arg-type]
    uids = [layer.uid for layer in spec.layers]
    assert all(uids)
    assert len(set(uids)) == len(uids)
    first: set[str] = set()
    for before, after in zip(drawn, spec.layers, strict=True):
        if before.uid and before.uid not in first:
            assert after.uid == before.uid
            first.add(before.uid)
        assert msgspec.structs.replace(after, uid=before.uid) == before
    assert PipelineSpec(layers=spec.layers) == spec
    assert PipelineSpec(layers=tuple(drawn)) == spec  # type: ignore[arg-type]
    assert [spec.index(uid) for uid in uids] == list(range(len(uids)))
    assert spec.index("nowhere") is None


@given(st.lists(layers(), max_size=6), st.sampled_from(list(BASES.values())))
def test_json_and_msgpack_bring_a_pipeline_back(drawn: list[LayerSpec], base: type[Any]) -> None:
    spec = PipelineSpec(layers=tuple(drawn), base=base())  # type: ignore[arg-type]
    assert from_json(to_json(spec), PipelineSpec) == spec
    assert pipeline(msgspec.to_builtins(spec)) == spec
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(spec), type=PipelineSpec) == spec
    project = Project(pipeline=spec, view=View(pinned=(1.0, 2.0)))
    assert from_json(to_json(project), Project) == project


def test_every_field_has_a_default_in_json() -> None:
    spec = pipeline({"layers": [{"kind": kind} for kind in LAYERS]})
    assert [layer.kind for layer in spec.layers] == list(LAYERS)
    assert [layer.uid for layer in spec.layers] == [f"l{i + 1}" for i in range(len(LAYERS))]
    assert pipeline("{}") == PipelineSpec()
    assert pipeline(Project()) == PipelineSpec()


def test_a_view_of_before_there_was_a_difference_opens() -> None:
    old = '{"view": {"tile_mode": "grid", "samples": true, "contours": true, "morph": 0.5, "pinned": [0.5, 1.0]}}'
    view = from_json(old, Project).view
    assert (view.tile_mode, view.contours, view.pinned, view.difference) == ("grid", True, (0.5, 1.0), False)


def test_specs_cannot_be_changed_in_place() -> None:
    with pytest.raises(AttributeError):
        PipelineSpec().layers = ()  # type: ignore[misc]


@pytest.mark.parametrize("name", list(PRESETS))
def test_every_preset_is_an_ordinary_project(name: str) -> None:
    chosen = preset(name)
    project = chosen.project(seed=3)
    assert project.preset == name
    assert project.seed == 3
    assert project.pipeline == chosen.pipeline
    assert from_json(to_json(project), Project) == project
    shapes = {"vector": [(1,), (2,), (64,)], "image": [(1, 8, 8), (3, 16, 16)], "sequence": [(1, 64), (2, 128)]}
    for kind in chosen.kinds:
        made = chosen.recipe(kind).pipeline
        for shape in shapes[kind]:
            assert problems(made, shape) == []
            assert trace_shapes(made, shape)[0] == shape


def test_an_unknown_preset_is_refused_with_the_names() -> None:
    with pytest.raises(SpecError, match="realnvp"):
        preset("warp")


@pytest.mark.parametrize("shape", [(), (0,), (-1,), (MAX_DIMENSIONS + 1,), (64, 65)])
def test_a_shape_that_is_no_point_is_a_problem(shape: tuple[int, ...]) -> None:
    (problem,) = problems(PipelineSpec(), shape)
    assert problem.uid == ""
    assert problem.sentence.endswith(".")


def test_a_layer_that_cannot_take_the_shape_is_named_unless_it_is_bypassed() -> None:
    spec = pipeline({"layers": [{"kind": "planar", "uid": "a"}, {"kind": "planar", "uid": "b", "bypass": True}]})
    (problem,) = problems(spec, (3, 8, 8))
    assert problem.uid == "a"
    assert "takes vectors; here it meets pictures" in problem.sentence
    assert problem.remedy


def test_too_many_layers_are_a_problem() -> None:
    assert problems(pipeline({"layers": [{"kind": "maf"}] * MAX_LAYERS}), (2,)) == []
    (problem,) = problems(pipeline({"layers": [{"kind": "maf"}] * (MAX_LAYERS + 1)}), (2,))
    assert str(MAX_LAYERS) in problem.sentence
