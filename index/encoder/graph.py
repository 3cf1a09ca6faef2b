"""The model as an ONNX graph with 8-bit weights: word vectors and a mask in, one mean vector a text out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoder.weights import Weights, dequantise

WORDS, MASK, MEAN = "words", "mask", "mean"
_LARGEST = 63
"""Weights keep to seven bits: products of two with an 8-bit activation then fit 16, in which processors
without VNNI add them; with eight they would saturate, silently."""
_MICROSOFT = "com.microsoft"


def graph(weights: Weights) -> bytes:
    """The encoder from word vectors (batch, length, width) and mask (batch, length) to means (batch, width).

    Layers as in BERT (Devlin et al. 2019). Weights are int8, symmetric, a scale for each output; activations
    are quantised as they come.
    """
    from onnx import TensorProto, helper

    maker = _Maker(weights)
    width, mean = weights.width, maker.layers()
    made = helper.make_graph(
        maker.nodes,
        "multilingual-e5-small",
        [
            helper.make_tensor_value_info(WORDS, TensorProto.FLOAT, ["batch", "length", width]),
            helper.make_tensor_value_info(MASK, TensorProto.INT32, ["batch", "length"]),
        ],
        [helper.make_tensor_value_info(mean, TensorProto.FLOAT, ["batch", width])],
        maker.constants,
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_MICROSOFT, 1)]
    return bytes(helper.make_model(made, opset_imports=opsets, ir_version=8).SerializeToString())


class _Maker:
    """Collects the graph's nodes and constants; each method adds a step and returns the name of its output."""

    def __init__(self, weights: Weights) -> None:
        from onnx import NodeProto, TensorProto

        self._weights = weights
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def layers(self) -> str:
        x = self._embedded()
        for layer in range(self._weights.layers):
            x = self._layer(f"l{layer}.", x)
        return self._mean(x)

    def _embedded(self) -> str:
        """Word vectors plus those of their positions and of the one token type there is."""
        width = self._weights.width
        positions = self._weights.tensor("emb.pos").reshape(-1, width) + self._weights.tensor("emb.type")[:width]
        length = self._add("Shape", [MASK], "length", start=1, end=2)
        start = self._constant("start", np.array([0], np.int64))
        placed = self._add("Slice", [self._constant("positions", positions), start, length], "placed")
        return self._normalised("emb.ln", self._add("Add", [WORDS, placed], "embedded"))

    def _layer(self, layer: str, x: str) -> str:
        heads = self._attended(layer, x)
        x = self._normalised(layer + "aln", self._add("Add", [x, self._linear(layer, ["ao"], heads)], layer + "sum1"))
        inner = self._add("Gelu", [self._linear(layer, ["fi"], x)], layer + "gelu", domain=_MICROSOFT)
        return self._normalised(
            layer + "oln", self._add("Add", [x, self._linear(layer, ["fo"], inner)], layer + "sum2")
        )

    def _attended(self, layer: str, x: str) -> str:
        names = [layer + part for part in ("queries", "keys", "values")]
        self._add("Split", [self._linear(layer, ["q", "k", "v"], x)], *names, axis=-1)
        return self._add(
            "MultiHeadAttention", [*names, "", MASK], layer + "heads", domain=_MICROSOFT, num_heads=self._weights.heads
        )

    def _linear(self, layer: str, parts: Sequence[str], x: str) -> str:
        """x W + b, of several matrices side by side if there are several `parts`."""
        name = layer + "".join(parts)
        width = self._weights.inner if parts == ["fo"] else self._weights.width
        matrix = np.concatenate([dequantise(self._weights.blocks(f"{layer}{part}.w", width)) for part in parts])
        bias = np.concatenate([self._weights.tensor(f"{layer}{part}.b") for part in parts])
        scales = np.maximum(np.abs(matrix).max(axis=1), 1e-8) / _LARGEST
        whole = np.rint(matrix / scales[:, None]).astype(np.int8).T
        inputs = [
            self._constant(name + ".weights", whole),
            self._constant(name + ".scales", scales.astype(np.float32)),
            self._constant(name + ".zeros", np.zeros(len(scales), np.int8)),
            self._constant(name + ".bias", bias),
        ]
        return self._add("DynamicQuantizeMatMul", [x, *inputs], name + ".product", domain=_MICROSOFT)

    def _normalised(self, name: str, x: str) -> str:
        parts = [self._constant(f"{name}.{part}", self._weights.tensor(f"{name}.{part}")) for part in ("w", "b")]
        return self._add(
            "LayerNormalization", [x, *parts], name + ".normalised", axis=-1, epsilon=self._weights.epsilon
        )

    def _mean(self, x: str) -> str:
        """Over the tokens that the mask has."""
        from onnx import TensorProto

        length = self._constant("lengthwise", np.array([1], np.int64))
        kept = self._add("Cast", [MASK], "kept", to=TensorProto.FLOAT)
        weight = self._add("Unsqueeze", [kept, self._constant("last", np.array([2], np.int64))], "weight")
        total = self._add("ReduceSum", [self._add("Mul", [x, weight], "weighted"), length], "total", keepdims=0)
        count = self._add("ReduceSum", [kept, length], "count", keepdims=1)
        return self._add("Div", [total, count], MEAN)

    def _constant(self, name: str, values: NDArray[np.generic]) -> str:
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _add(self, operation: str, inputs: Sequence[str], *outputs: str, domain: str = "", **attributes: Any) -> str:
        from onnx import helper

        self.nodes.append(helper.make_node(operation, inputs, outputs, domain=domain, **attributes))
        return outputs[0]
