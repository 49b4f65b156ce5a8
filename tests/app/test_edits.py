"""Edits of the pipeline: what they make, and that every one can be undone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowviz.app import edits
from flowviz.app.document import Document
from flowviz.pipeline import LAYERS, MAX_LAYERS, ActNorm, AffineCoupling, PipelineSpec, Project, SpecError

KINDS = tuple(LAYERS)
pipelines = st.lists(st.sampled_from(KINDS), min_size=1, max_size=8).map(
    lambda kinds: PipelineSpec(layers=tuple(LAYERS[kind]() for kind in kinds))  # type: ignore[arg-type]
)


def project_of(*kinds: str) -> Project:
    return Project(pipeline=PipelineSpec(layers=tuple(LAYERS[kind]() for kind in kinds)))  # type: ignore[arg-type]


def kinds(layers: edits.Layers) -> list[str]:
    return [layer.kind for layer in layers]


@given(pipelines, st.sampled_from(KINDS), st.data())
def test_insert_adds_one_layer_with_a_new_uid(pipeline: PipelineSpec, kind: str, data: st.DataObject) -> None:
    gap = data.draw(st.integers(0, len(pipeline.layers)))
    edit = edits.insert(pipeline, kind, gap)
    assert edit.layers[gap].kind == kind
    assert edit.layers[gap].uid == edit.select
    assert edit.select not in {layer.uid for layer in pipeline.layers}
    assert edit.layers[:gap] + edit.layers[gap + 1 :] == pipeline.layers


def test_a_deleted_layers_uid_is_never_given_again(qapp: object) -> None:
    document = Document(project_of("actnorm", "maf"))
    last = document.project.pipeline.layers[-1].uid
    edits.apply(document, edits.delete(document.project.pipeline, last))
    edits.apply(document, edits.insert(document.project.pipeline, "maf", 1))
    assert document.project.pipeline.layers[-1].uid != last


@given(pipelines, st.data())
def test_move_keeps_the_layers_and_goes_where_the_line_was(pipeline: PipelineSpec, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(pipeline.layers) - 1))
    gap = data.draw(st.integers(0, len(pipeline.layers)))
    layer = pipeline.layers[index]
    edit = edits.move(pipeline, layer.uid, gap)
    if gap in (index, index + 1):
        assert edit is None
        return
    assert edit is not None
    assert sorted(kinds(edit.layers)) == sorted(kinds(pipeline.layers))
    before = [other for other in pipeline.layers[:gap] if other != layer]
    assert list(edit.layers[: len(before)]) == before
    assert edit.layers[len(before)] == layer


def test_shift_stops_at_the_ends() -> None:
    pipeline = PipelineSpec(layers=(ActNorm(uid="a"), AffineCoupling(uid="b"), ActNorm(uid="c")))
    assert edits.shift(pipeline, "a", -1) is None
    assert edits.shift(pipeline, "c", 1) is None
    right = edits.shift(pipeline, "a", 1)
    left = edits.shift(pipeline, "c", -1)
    assert right is not None
    assert left is not None
    assert [layer.uid for layer in right.layers] == ["b", "a", "c"]
    assert [layer.uid for layer in left.layers] == ["a", "c", "b"]


@given(pipelines)
def test_copy_and_paste_are_inverse(pipeline: PipelineSpec) -> None:
    pasted = edits.paste(pipeline, edits.copy_text(pipeline.layers[:2]), 0)
    assert kinds(pasted.layers[: len(pipeline.layers[:2])]) == kinds(pipeline.layers[:2])
    assert len({layer.uid for layer in pasted.layers}) == len(pasted.layers)


@pytest.mark.parametrize("text", ["", "hello", "{}", "[1, 2]", '{"format": "flowviz layers", "layers": []}', "\ud800"])
def test_another_clipboard_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(SpecError, match="clipboard"):
        edits.layers_of_text(text)


def test_more_than_the_most_layers_are_refused() -> None:
    pipeline = PipelineSpec(layers=tuple(ActNorm() for _ in range(MAX_LAYERS)))
    with pytest.raises(SpecError, match=str(MAX_LAYERS)):
        edits.insert(pipeline, "actnorm", 0)


def test_delete_selects_the_neighbour() -> None:
    pipeline = PipelineSpec(layers=(ActNorm(uid="a"), AffineCoupling(uid="b")))
    first, last = edits.delete(pipeline, "a"), edits.delete(pipeline, "b")
    assert first is not None
    assert last is not None
    assert (first.select, last.select) == ("b", "a")
    assert edits.delete(pipeline, "data") is None


def test_every_edit_can_be_undone(qapp: object) -> None:
    document = Document(project_of("actnorm", "affine_coupling", "maf"))
    before = document.project.pipeline
    uid = before.layers[1].uid
    steps = (
        lambda p: edits.insert(p, "iaf", 1),
        lambda p: edits.duplicate(p, uid),
        lambda p: edits.delete(p, uid),
        lambda p: edits.shift(p, uid, 1),
        lambda p: edits.bypass(p, uid),
    )
    for step in steps:
        assert edits.apply(document, step(before))
        assert document.project.pipeline != before
        assert document.undo_stack.undoText()
        document.undo_stack.undo()
        assert document.project.pipeline == before


def test_new_layers_go_after_the_selected_one() -> None:
    pipeline = PipelineSpec(layers=(ActNorm(uid="a"), AffineCoupling(uid="b")))
    assert [edits.gap_after(pipeline, s) for s in ("data", "a", "b", "base", "")] == [0, 1, 2, 2, 2]
