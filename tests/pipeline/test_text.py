"""What a wrong spec is told: the field, what it was, what is allowed, in a sentence that can be translated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowviz.pipeline import (
    BASES,
    LAYERS,
    PipelineSpec,
    Project,
    Sentence,
    SpecError,
    Text,
    from_json,
    pipeline,
    read_pipeline,
    say,
    to_json,
)


def layer(**fields: Any) -> dict[str, Any]:
    return {"layers": [{"kind": "affine_coupling", **fields}]}


WRONG = [
    (
        layer(mask="x"),
        'layers[0].mask is "x"; checkerboard or checkerboard_odd or even or first_half or odd or second_half is allowed',
    ),
    (layer(log_scale_bound=99), "layers[0].log_scale_bound is 99; a number from 0.1 to 10 is allowed"),
    (layer(log_scale_bound="a"), 'layers[0].log_scale_bound is "a"; a number from 0.1 to 10 is allowed'),
    (layer(bypass=3), "layers[0].bypass is 3; true or false is allowed"),
    (layer(label="x" * 61), "; text of at most 60 letters is allowed"),
    (
        layer(conditioner={"hidden": [0]}),
        "layers[0].conditioner.hidden[0] is 0; a whole number from 1 to 4096 is allowed",
    ),
    (layer(conditioner={"hidden": 3}), "layers[0].conditioner.hidden is 3; a list of at most 16 is allowed"),
    (layer(conditioner={"kind": "made"}), 'layers[0].conditioner.kind: "made" is not a known kind; there are mlp'),
    (layer(colour="red"), "layers[0]: there is no field 'colour'; there are uid, label, bypass"),
    (layer(uid=3), "layers[0].uid is 3; text is allowed"),
    ({"layers": [{"kind": "warp"}]}, 'layers[0].kind: "warp" is not a known kind; there are ' + ", ".join(LAYERS)),
    ({"layers": [{}]}, "layers[0]: the kind is missing; there are " + ", ".join(LAYERS)),
    ({"layers": [None]}, "layers[0] is null; an object is allowed"),
    ({"layers": {}}, "layers is {}; a list is allowed"),
    ({"base": {"kind": "warp"}}, 'base.kind: "warp" is not a known kind; there are ' + ", ".join(BASES)),
    (
        {"base": {"kind": "uniform", "half_width": 0}},
        "base.half_width is 0; a number above 0 and at most 1000 is allowed",
    ),
    ({"base": {"kind": 3}}, "base.kind: 3 is not a known kind"),
    ({"laiers": []}, "the whole: there is no field 'laiers'; there are layers, base"),
    ([], "the whole is []; an object is allowed"),
]


@pytest.mark.parametrize(("raw", "sentence"), WRONG, ids=[sentence[:40] for _, sentence in WRONG])
def test_the_sentence_names_the_field_what_it_was_and_what_is_allowed(raw: Any, sentence: str) -> None:
    with pytest.raises(SpecError) as from_text:
        from_json(msgspec.json.encode(raw), PipelineSpec)
    with pytest.raises(SpecError) as from_value:
        pipeline(raw)
    assert sentence in str(from_text.value)
    assert sentence in str(from_value.value)
    assert isinstance(from_text.value.args[0], Sentence)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ('{"seed": -1}', "seed is -1; a whole number from 0 to 2147483647 is allowed"),
        ('{"view": {"axes": [1]}}', "view.axes is [1]; a list of 2 is allowed"),
        ('{"view": {"axes": ["a", 1]}}', 'view.axes[0] is "a"; a whole number is allowed'),
        (
            '{"target": {"kind": "x"}}',
            'target.kind: "x" is not a known kind; there are named, drawn, table, images, sequences, model',
        ),
    ],
)
def test_a_project_is_told_the_same_way(raw: str, sentence: str) -> None:
    with pytest.raises(SpecError) as raised:
        from_json(raw, Project)
    assert str(raised.value) == sentence


@pytest.mark.parametrize("raw", ["", "[", "{", "nonsense", b"\xff\xfe", b"\x00" * 10, '{"layers": [1'])
def test_what_is_no_json_is_called_so(raw: str | bytes) -> None:
    with pytest.raises(SpecError, match="not valid JSON"):
        from_json(raw, PipelineSpec)


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["maf", "mlp", "kde", "even", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["kind", "layers", "base", "hidden", "conditioner", "uid", "mask", "points"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(json_values)
def test_anything_is_a_pipeline_or_a_spec_error(raw: Any) -> None:
    try:
        made = pipeline(raw)
    except SpecError as error:
        made, sentence = None, str(error)
    else:
        sentence = to_json(made)
        assert from_json(sentence, PipelineSpec) == made
    assert sentence
    assert made is not None or "\n" not in sentence


def test_a_pipeline_file_is_read_back_and_a_bad_one_is_named(tmp_path: Path) -> None:
    file = tmp_path / "mine.flow.json"
    spec = pipeline({"layers": [{"kind": "maf"}]})
    file.write_text(to_json(spec))
    assert read_pipeline(file) == spec
    file.write_text('{"layers": [{"kind": "warp"}]}')
    with pytest.raises(SpecError, match=r'^mine\.flow\.json: layers\[0\]\.kind: "warp"'):
        read_pipeline(file)
    with pytest.raises(SpecError, match="No such file"):
        read_pipeline(tmp_path / "none.flow.json")
    with pytest.raises(SpecError, match="directory"):
        read_pipeline(tmp_path)
    file.write_bytes(b" " * 4_000_001)
    with pytest.raises(SpecError, match="4,000,001 bytes are too many"):
        read_pipeline(file)


def test_a_sentence_keeps_its_template_and_crosses_the_wall() -> None:
    sentence = say("{file} has {count} rows", file="a.csv", count=3)
    assert sentence == "a.csv has 3 rows"
    text = Text.of(sentence)
    assert (text.template, text.arguments) == ("{file} has {count} rows", {"file": "a.csv", "count": "3"})
    assert str(text) == sentence
    assert Text.of(SpecError(sentence)) == text
    assert str(Text.of("plain {words}")) == "plain {words}"
    assert not Text.of("")
    assert text
