"""ONNX files of small image-to-image networks, built without torch and with random weights."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

#: Opset and file version of the ONNX files; older readers know them.
OPSET, IR_VERSION = 18, 9
#: What brings pixels into a range, or into a 255th of it.
LAST_LAYER = {"0..1": "Sigmoid", "0..255": "Sigmoid", "-1..1": "Tanh"}


def write_onnx(
    path: Path,
    layout: str = "nchw",
    size: tuple[int, int] | None = None,
    pixel_range: str = "0..1",
    **shape: Any,
) -> None:
    """A network of two convolutions; `size` is (height, width), None: dynamic. See `onnx_model`."""
    onnx.save_model(onnx_model(layout, size, pixel_range, **shape), path)


def onnx_model(
    layout: str = "nchw",
    size: tuple[int, int] | None = None,
    pixel_range: str = "0..1",
    *,
    kind: int = TensorProto.FLOAT,
    batch: int | str = 1,
    rigid: bool = False,
    seed: int = 0,
) -> onnx.ModelProto:
    """As `write_onnx`. `kind`: type of what goes in; `rigid`: its size is built in and cannot be changed."""
    random = np.random.default_rng(seed)
    first = random.standard_normal((8, 3, 3, 3)).astype(np.float32) * 0.4
    last = random.standard_normal((3, 8, 3, 3)).astype(np.float32) * 0.4
    weights = {"first": first, "last": last, "one": np.ones(8, np.float32), "none": np.zeros(8, np.float32)}
    nodes = [helper.make_node("Cast", ["image"], ["floats"], to=TensorProto.FLOAT)]

    def then(kind: str, given: Sequence[str], gives: str, **attributes: Any) -> None:
        nodes.append(helper.make_node(kind, given, [gives], **attributes))

    x = "floats"
    if layout == "nhwc":
        then("Transpose", [x], "planes", perm=[0, 3, 1, 2])
        x = "planes"
    if rigid and size:
        weights["sizes"] = np.array([1, 3, *size])
        then("Reshape", [x, "sizes"], "reshaped")
        x = "reshaped"
    then("Conv", [x, "first"], "a", pads=[1, 1, 1, 1])
    then("InstanceNormalization", ["a", "one", "none"], "b")
    then("Relu", ["b"], "c")
    then("Conv", ["c", "last"], "d", pads=[1, 1, 1, 1])
    then(LAST_LAYER[pixel_range], ["d"], "e")
    x = "e"
    if pixel_range == "0..255":
        weights["white"] = np.array(255, np.float32)
        then("Mul", [x, "white"], "f")
        x = "f"
    if layout == "nhwc":
        then("Transpose", [x], "back", perm=[0, 2, 3, 1])
        x = "back"
    then("Identity", [x], "painted")
    return wrap(nodes, _picture(layout, size, batch), weights, kind)


def halving(times: int) -> onnx.ModelProto:
    """A network that halves the sides so often by convolutions, and doubles them again."""
    thin = np.zeros((3, 3, 3, 3), np.float32)
    thin[[0, 1, 2], [0, 1, 2]] = 1 / 9
    names = ["image", *(f"down{step}" for step in range(times)), *(f"up{step}" for step in range(times))]
    nodes = []
    for step, (before, after) in enumerate(pairwise(names)):
        if step < times:
            convolution = helper.make_node("Conv", [before, "thin"], [after], pads=[1] * 4, strides=[2, 2])
            nodes.append(convolution)
        else:
            nodes.append(helper.make_node("Resize", [before, "", "twice"], [after], mode="nearest"))
    nodes.append(helper.make_node("Identity", [names[-1]], ["painted"]))
    return wrap(nodes, _picture("nchw", None), {"thin": thin, "twice": np.array([1, 1, 2, 2], np.float32)})


def _picture(layout: str, size: tuple[int, int] | None, batch: int | str = 1) -> list[int | str]:
    height, width = size or ("height", "width")
    return [batch, 3, height, width] if layout == "nchw" else [batch, height, width, 3]


def wrap(
    nodes: Sequence[onnx.NodeProto],
    shape: Sequence[int | str] = ("batch", 3, "height", "width"),
    weights: dict[str, np.ndarray[Any, Any]] | None = None,
    kind: int = TensorProto.FLOAT,
    **parts: Any,
) -> onnx.ModelProto:
    """A model of some nodes, from `image` to `painted`."""
    graph = helper.make_graph(
        nodes,
        "painter",
        [helper.make_tensor_value_info("image", kind, shape)],
        [helper.make_tensor_value_info("painted", TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(values, name) for name, values in (weights or {}).items()],
    )
    return helper.make_model(
        graph,
        opset_imports=parts.pop("opset_imports", [helper.make_opsetid("", OPSET)]),
        ir_version=IR_VERSION,
        producer_name="the tests",
        **parts,
    )


def unfolding(length: int, size: tuple[int, int] | None, *, branch: bool = False) -> onnx.ModelProto:
    """A small file that makes `length` numbers of nothing when it is compiled; `branch`: in a branch."""
    weights = {"from": np.array(0), "to": np.array(length), "step": np.array(1), "yes": np.array(True)}
    span = helper.make_node("Range", ["from", "to", "step"], ["span"])
    inner = helper.make_graph(
        [helper.make_node("Cast", ["span"], ["many"], to=TensorProto.FLOAT)],
        "inner",
        [],
        [helper.make_tensor_value_info("many", TensorProto.FLOAT, None)],
    )
    nodes = [span, helper.make_node("Cast", ["span"], ["many"], to=TensorProto.FLOAT)]
    if branch:
        nodes = [span, helper.make_node("If", ["yes"], ["many"], then_branch=inner, else_branch=inner)]
    nodes += [
        helper.make_node("ReduceMean", ["image"], ["grey"], keepdims=0),
        helper.make_node("Mul", ["many", "grey"], ["bright"]),
        helper.make_node("ReduceMin", ["bright"], ["none"], keepdims=0),
        helper.make_node("Add", ["image", "none"], ["painted"]),
    ]
    return wrap(nodes, _picture("nchw", size), weights)
