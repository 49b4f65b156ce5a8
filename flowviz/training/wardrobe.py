"""What was taken out of a pipeline, kept: undo brings a layer back with all that it had learnt."""

from __future__ import annotations

import torch

from ..flows import BaseDensity, Flow, FlowLayer
from ..flows.build import architecture
from ..flows.flow import LayerDict
from ..pipeline import BaseSpec, LayerSpec, PipelineSpec

MOST = 256
"""Layers kept; the oldest are forgotten first."""


class Wardrobe:
    """Every layer and base met so far, by uid and architecture; the modules themselves, so that their parameters are known."""

    def __init__(self) -> None:
        self._layers: dict[tuple[str, LayerSpec], FlowLayer] = {}
        self._bases: dict[BaseSpec, BaseDensity] = {}

    def put(self, flow: Flow) -> None:
        """Takes in the layers and the base of a flow."""
        for layer in flow.spec.layers:
            key = (layer.uid, architecture(layer))
            self._layers.pop(key, None)
            self._layers[key] = flow.layers[layer.uid]
        self._bases[architecture(flow.spec.base)] = flow.base
        while len(self._layers) > MOST:
            del self._layers[next(iter(self._layers))]

    def previous(self, wanted: PipelineSpec, flow: Flow) -> Flow:
        """For `build`: a flow that holds each wanted layer that was ever met; its base is the wanted one, or that of `flow`."""
        layers, specs = LayerDict(), []
        for layer in wanted.layers:
            known = self._layers.get((layer.uid, architecture(layer)))
            if known is not None:
                layers[layer.uid] = known
                specs.append(layer)
        base = self._bases.get(architecture(wanted.base))
        spec = PipelineSpec(layers=tuple(specs), base=flow.spec.base if base is None else wanted.base)
        return Flow(spec, flow.event_shape, layers, flow.base if base is None else base, None)

    def holds(self, layer: LayerSpec) -> bool:
        """Whether this layer, with this architecture, was met before."""
        return (layer.uid, architecture(layer)) in self._layers

    def to(self, device: torch.device) -> None:
        for module in (*self._layers.values(), *self._bases.values()):
            module.to(device)
