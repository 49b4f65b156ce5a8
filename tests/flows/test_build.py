"""From spec to flow, and what an edited flow keeps."""

from __future__ import annotations

import itertools
from typing import Any

import msgspec
import pytest
import torch

from flowviz.flows import Flow, build
from flowviz.flows.linear import ActNorm
from flowviz.pipeline import (
    PRESETS,
    AffineCoupling,
    GaussianMixture,
    LayerSpec,
    Linear,
    PipelineSpec,
    Project,
    SpecError,
    layer_problem,
    to_json,
)

from .cases import chainable, layer_cases, options, shape_of_data
from .test_flow import EVERYTHING, scrambled

KINDS = {str(kind.__struct_config__.tag): kind for kind in chainable()}
"""Every layer that can stand in a pipeline of points of the plane."""


def trained(spec: PipelineSpec = EVERYTHING, dimensions: int = 2, dtype: torch.dtype = torch.float64) -> Flow:
    flow = build(spec, (dimensions,), dtype=dtype)
    flow.initialize(shape_of_data(200, dimensions))
    return scrambled(flow).eval()


def edited_to(spec: PipelineSpec, previous: Flow, dtype: torch.dtype = torch.float64) -> Flow:
    """What `previous` becomes when its pipeline is edited to this one."""
    return build(spec, (2,), previous=previous, dtype=dtype).eval()


def test_a_dict_json_text_a_spec_and_a_project_make_the_same_flow() -> None:
    spec = PRESETS["realnvp"].pipeline
    x = shape_of_data(10, 2)
    wanted = build(spec).log_prob(x)
    forms: list[Any] = [to_json(spec), to_json(spec).encode(), msgspec.to_builtins(spec), Project(pipeline=spec)]
    for form in forms:
        assert torch.equal(build(form).log_prob(x), wanted)
    assert build({"layers": [{"kind": "maf"}]}).log_prob(x).shape == (10,)


@pytest.mark.parametrize(
    ("spec", "shape", "sentence"),
    [
        ({"layers": [{"kind": "planar"}]}, (2, 3), "takes vectors"),
        ({}, (), "cannot be used"),
        ({}, (0,), "cannot be used"),
        ({}, (5000,), "cannot be used"),
        ({"layers": [{"kind": "maf"}] * 65}, (2,), "65 layers; at most 64"),
        ({"layers": [{"kind": "warp"}]}, (2,), "warp"),
        ("{", (2,), "not valid JSON"),
    ],
)
def test_an_impossible_pipeline_is_refused_with_a_sentence(spec: Any, shape: tuple[int, ...], sentence: str) -> None:
    with pytest.raises(SpecError, match=sentence):
        build(spec, shape)


def test_a_standardisation_of_another_shape_is_refused() -> None:
    with pytest.raises(SpecError, match="standardisation"):
        build({}, (3,), standardization=(torch.zeros(2), torch.ones(2)))


@pytest.mark.parametrize("kind", list(KINDS))
def test_weights_depend_on_seed_and_uid_and_not_on_place(kind: str) -> None:
    def weights(uid: str, seed: int, before: int) -> torch.Tensor:
        extra = {"start": "rotation"} if kind == "linear" else {}
        layers = [*({"kind": "maf"} for _ in range(before)), {"kind": kind, "uid": uid, **extra}]
        flow = build({"layers": layers}, (5,), seed, dtype=torch.float64)
        return torch.cat([p.detach().flatten() for p in flow.layers[uid].parameters()] or [torch.zeros(0)])

    here = weights("mine", 3, 0)
    assert torch.equal(here, weights("mine", 3, 4))
    if kind not in ("scaling", "actnorm", "elementwise_affine", "batch_norm", "permutation"):
        assert not torch.equal(here, weights("mine", 4, 0))
        assert not torch.equal(here, weights("other", 3, 0))


def test_building_leaves_torchs_own_generator_alone_and_precision_only_rounds() -> None:
    state = torch.get_rng_state()
    single, double = build(EVERYTHING, (3,)), build(EVERYTHING, (3,), dtype=torch.float64)
    assert torch.equal(state, torch.get_rng_state())
    for (name, one), (_, other) in zip(single.state_dict().items(), double.state_dict().items(), strict=True):
        assert torch.equal(one, other.to(one.dtype)), name


def test_parameters_are_named_by_uid() -> None:
    flow = build(
        {"layers": [{"kind": "affine_coupling", "uid": "first"}, {"kind": "actnorm"}], "base": {"kind": "gaussian"}},
        (2,),
        standardization=(torch.zeros(2), torch.ones(2)),
    )
    assert list(flow.state_dict()) == [
        "preprocessing.mean",
        "preprocessing.std",
        "layers.first.network.weight_0",
        "layers.first.network.weight_1",
        "layers.first.network.weight_2",
        "layers.first.network.bias_0",
        "layers.first.network.bias_1",
        "layers.first.network.bias_2",
        "layers.l1.log_scale",
        "layers.l1.shift",
        "layers.l1.initialized",
        "base.mean",
        "base.lower",
        "base.log_diagonal",
        "base.initialized",
    ]


NASTY = [
    "a.b",
    "a%2Eb",
    "a/b",
    "training",
    "forward",
    "_modules",
    "_names",
    "weight",
    "層 1",
    " ",
    "items",
    "%",
    "a" * 200,
]


def test_any_uid_names_its_weights_and_no_two_are_confused() -> None:
    flow = build({"layers": [{"kind": "scaling", "uid": uid} for uid in NASTY]}, (2,))
    names = {name for name, _ in flow.named_parameters()}
    assert len(names) == len(NASTY)
    assert all(name.count(".") == 2 for name in names)
    assert list(flow.layers) == NASTY
    for uid in NASTY:
        with torch.no_grad():
            flow.layers[uid].get_parameter("log_scale").fill_(NASTY.index(uid))
    again = build(flow.spec)
    again.load_state_dict(flow.state_dict())
    for uid, layer in again.layers.items():
        assert float(layer.get_parameter("log_scale").detach()[0]) == NASTY.index(uid)
    assert "a.b" in flow.layers
    assert "b" not in flow.layers
    assert len(flow.layers) == len(NASTY)


INSERTED = [
    case.spec
    for case in layer_cases((2,), spatial=False)
    if case.spec.starts_as_identity and case.shape == (2,) and type(case.spec) in KINDS.values()
] + [
    AffineCoupling(initial_std=1.0),
    Linear(start="rotation", parameterization="plain"),
]


@pytest.mark.parametrize("spec", INSERTED, ids=str)
def test_a_layer_added_to_a_trained_flow_changes_nothing(spec: LayerSpec) -> None:
    flow, x = trained(), shape_of_data(50, 2, seed=9)
    before = flow.log_prob(x)
    spec = msgspec.structs.replace(spec, uid="new")
    for place in (0, len(flow.spec.layers) // 2, len(flow.spec.layers)):
        layers = (*flow.spec.layers[:place], spec, *flow.spec.layers[place:])
        edited = edited_to(PipelineSpec(layers=layers), flow)
        assert edited.initialized
        torch.testing.assert_close(edited.log_prob(x), before, rtol=0, atol=1e-9)
        assert torch.equal(edited.log_prob(x), edited_to(edited.spec, edited).log_prob(x))


def test_a_layer_added_in_single_precision_changes_nothing() -> None:
    flow, x = trained(PRESETS["realnvp"].pipeline, dtype=torch.float32), shape_of_data(50, 2, seed=9)
    for kind in (kind for kind in KINDS.values() if kind.starts_as_identity):
        layers = (*flow.spec.layers[:4], kind(uid="new"), *flow.spec.layers[4:])
        edited = edited_to(PipelineSpec(layers=layers), flow, torch.float32)
        # log p reaches −1,400 here. Reflections that cancel and knots that are summed up round where they stand.
        rounding = 1e-5 if kind.__name__ in ("Householder", "SplineCoupling", "SplineAutoregressive") else 0.0
        torch.testing.assert_close(edited.log_prob(x), flow.log_prob(x), rtol=rounding, atol=1e-6)


def test_an_added_layer_learns() -> None:
    flow, x = trained(), shape_of_data(50, 2)
    for kind in (kind for kind in KINDS.values() if kind.starts_as_identity):
        edited = build(
            PipelineSpec(layers=(kind(uid="new"), *flow.spec.layers)), (2,), previous=flow, dtype=torch.float64
        )
        edited.log_prob(x).mean().backward()
        gradients = [p.grad for p in edited.layers["new"].parameters()]
        assert any(g is not None and bool(g.abs().sum() > 0) for g in gradients)


def test_moved_bypassed_and_removed_layers_leave_the_others_as_they_are() -> None:
    flow, x = trained(), shape_of_data(20, 2)
    layers = flow.spec.layers
    backwards = build(PipelineSpec(layers=layers[::-1]), (2,), previous=flow, dtype=torch.float64)
    assert all(backwards.layers[layer.uid] is flow.layers[layer.uid] for layer in layers)
    assert [uid for uid, _ in backwards.active] == [layer.uid for layer in layers[::-1]]
    off = tuple(msgspec.structs.replace(layer, bypass=i == 2) for i, layer in enumerate(layers))
    bypassed = build(PipelineSpec(layers=off), (2,), previous=backwards, dtype=torch.float64)
    assert len(bypassed.active) == len(layers) - 1
    assert bypassed.layers[layers[2].uid] is flow.layers[layers[2].uid]
    removed = build(PipelineSpec(layers=layers[:2] + layers[3:]), (2,), previous=bypassed, dtype=torch.float64)
    assert torch.equal(removed.log_prob(x), bypassed.log_prob(x))
    on_again = build(PipelineSpec(layers=layers), (2,), previous=bypassed, dtype=torch.float64)
    assert torch.equal(on_again.log_prob(x), flow.log_prob(x))
    assert {id(p) for p in on_again.parameters()} == {id(p) for p in flow.parameters()}


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_changed_architecture_is_made_anew_and_other_changes_keep_the_weights(kind: str) -> None:
    cls = KINDS[kind]
    first = cls(uid="mine")
    flow = trained(PipelineSpec(layers=(first,)))
    for fields in options(cls)[1:]:
        if layer_problem(msgspec.structs.replace(first, **fields), (2,)) is not None:
            continue
        edited = build(
            PipelineSpec(layers=(msgspec.structs.replace(first, **fields),)), (2,), previous=flow, dtype=torch.float64
        )
        assert (edited.layers["mine"] is flow.layers["mine"]) == (set(fields) <= {"start"})
    harmless: list[dict[str, Any]] = [{"label": "hello"}, {"bypass": True}, {"trainable": False}]
    if hasattr(first, "log_scale_bound"):
        harmless += [{"log_scale_bound": 5.0}, {"initial_std": 0.5}]
    for fields in harmless:
        edited = build(
            PipelineSpec(layers=(msgspec.structs.replace(first, **fields),)), (2,), previous=flow, dtype=torch.float64
        )
        assert edited.layers["mine"] is flow.layers["mine"]


def test_a_new_bound_acts_at_once() -> None:
    first = AffineCoupling(uid="mine")
    flow, x = trained(PipelineSpec(layers=(first,))), shape_of_data(200, 2)
    scrambled(flow, 3.0)
    tight = msgspec.structs.replace(first, log_scale_bound=0.1)
    edited = build(PipelineSpec(layers=(tight,)), (2,), previous=flow, dtype=torch.float64)
    _, log_det = edited.normalize(x)
    assert float(log_det.detach().abs().max()) <= 0.1


def test_trainable_can_be_switched_off_and_on() -> None:
    layers = [AffineCoupling(uid="a", trainable=False), AffineCoupling(uid="b")]
    flow = build(PipelineSpec(layers=tuple(layers)), (2,))
    assert not any(p.requires_grad for p in flow.layers["a"].parameters())
    assert all(p.requires_grad for p in flow.layers["b"].parameters())
    flow.log_prob(shape_of_data(5, 2)).mean().backward()
    assert all(p.grad is None for p in flow.layers["a"].parameters())
    layers[0] = AffineCoupling(uid="a")
    again = build(PipelineSpec(layers=tuple(layers)), (2,), previous=flow)
    assert all(p.requires_grad for p in again.parameters())


def test_a_new_actnorm_in_a_trained_flow_needs_no_data_and_in_a_new_one_it_does() -> None:
    spec = PipelineSpec(layers=(AffineCoupling(uid="a"),))
    longer = {"layers": [{"kind": "affine_coupling", "uid": "a"}, {"kind": "actnorm", "uid": "n"}]}
    edited = build(longer, (2,), previous=build(spec))
    assert edited.initialized
    assert isinstance(edited.layers["n"], ActNorm)
    assert not build(longer).initialized


def test_a_base_is_kept_while_it_is_the_same() -> None:
    flow = trained(PipelineSpec(base=GaussianMixture(components=3)))
    frozen = build(
        PipelineSpec(base=GaussianMixture(components=3, trainable=False)), (2,), previous=flow, dtype=torch.float64
    )
    assert frozen.base is flow.base
    assert not any(p.requires_grad for p in frozen.base.parameters())
    more = build(PipelineSpec(base=GaussianMixture(components=4)), (2,), previous=flow, dtype=torch.float64)
    assert more.base is not flow.base
    assert not more.initialized


@pytest.mark.parametrize(("rule", "bandwidth"), itertools.product(["manual", "scott"], [0.05, 0.5]))
def test_a_kernel_densitys_bandwidth_moves_without_new_data(rule: str, bandwidth: float) -> None:
    flow = trained(PRESETS["kde"].pipeline)
    spec = {"base": {"kind": "kde", "rule": rule, "bandwidth": bandwidth}}
    edited = build(spec, (2,), previous=flow, dtype=torch.float64)
    assert edited.initialized
    fresh = build(spec, (2,), dtype=torch.float64)
    fresh.initialize(shape_of_data(200, 2))
    x = shape_of_data(20, 2, seed=9)
    torch.testing.assert_close(edited.log_prob(x), fresh.log_prob(x))


def test_data_of_another_shape_start_anew() -> None:
    flow = trained(PRESETS["realnvp"].pipeline)
    other = build(flow.spec, (3,), previous=flow)
    assert not other.initialized
    assert other.log_prob(torch.zeros(1, 3)).shape == (1,)


def test_types_and_devices_are_as_asked() -> None:
    flow = build(EVERYTHING, (2,), dtype=torch.float64, device="cpu")
    assert {p.dtype for p in flow.parameters()} == {torch.float64}
    assert build(flow.spec, (2,), previous=flow).log_prob(torch.zeros(1, 2)).dtype == torch.float32
