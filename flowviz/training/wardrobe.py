"""What was taken out of a pipeline, kept: undo brings a layer back with all that it had learnt."""

from __future__ import annotations

import torch

from ..flows import BaseDensity, Flow, FlowLayer
from ..flows.build import architecture
from ..flows.flow import LayerDict
from ..pipeline import BaseSpec, EventShape, Layer, LayerSpec, PipelineSpec, trace_shapes

MOST = 256
"""Layers kept; the oldest are forgotten first."""


Fit = tuple[EventShape, int]
"""The shape of the events that a module was made for, and how many context numbers it takes with each."""


class Wardrobe:
    """Every layer and base met so far, by uid, architecture and fit; the modules themselves, so that their parameters are
    known."""

    def __init__(self) -> None:
        self._layers: dict[tuple[str, LayerSpec, Fit], FlowLayer] = {}
        self._bases: dict[tuple[BaseSpec, Fit], BaseDensity] = {}

    def put(self, flow: Flow) -> None:
        """Takes in the layers and the base of a flow."""
        for layer in flow.spec.layers:
            if layer.uid not in flow.layers:
                continue
            module = flow.layers[layer.uid]
            key = (layer.uid, architecture(layer), _fit(layer, module.shape, module.context))
            self._layers.pop(key, None)
            self._layers[key] = module
        fit = _fit(flow.spec.base, flow.base.shape, flow.base.context)
        self._bases[architecture(flow.spec.base), fit] = flow.base
        while len(self._layers) > MOST:
            del self._layers[next(iter(self._layers))]

    def previous(self, wanted: PipelineSpec, flow: Flow) -> Flow:
        """For `build`: a flow that holds each wanted layer that was ever met; its base is the wanted one, or that of `flow`."""
        layers, specs = LayerDict(), list[Layer]()
        for layer, known in self._known(wanted, flow.event_shape):
            if known is not None:
                layers[layer.uid] = known
                specs.append(layer)
        fit = _fit(wanted.base, trace_shapes(wanted, flow.event_shape)[-1], wanted.context.width)
        base = self._bases.get((architecture(wanted.base), fit))
        spec = PipelineSpec(layers=tuple(specs), base=flow.spec.base if base is None else wanted.base)
        return Flow(spec, flow.event_shape, layers, flow.base if base is None else base, None)

    def lacks(self, wanted: PipelineSpec, event_shape: EventShape) -> set[str]:
        """The uids of the wanted layers that were never met in this form."""
        return {layer.uid for layer, known in self._known(wanted, event_shape) if known is None}

    def _known(self, wanted: PipelineSpec, event_shape: EventShape) -> list[tuple[Layer, FlowLayer | None]]:
        shapes = trace_shapes(wanted, event_shape)
        return [
            (layer, self._layers.get((layer.uid, architecture(layer), _fit(layer, shape, wanted.context.width))))
            for layer, shape in zip(wanted.layers, shapes, strict=False)
        ]

    def to(self, device: torch.device) -> None:
        for module in (*self._layers.values(), *self._bases.values()):
            module.to(device)


def _fit(spec: LayerSpec | BaseSpec, shape: EventShape, context: int) -> Fit:
    """What a module of this spec is made for: one that has no use for a context fits whether there is one or not."""
    return shape, context if spec.uses_context else 0
