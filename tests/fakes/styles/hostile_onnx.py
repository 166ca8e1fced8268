"""ONNX files that must never become styles: dishonest, unknown, or no painters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tests.fakes.styles.onnx_files import OPSET, onnx_model, wrap


def _changed(change: Callable[[onnx.ModelProto], object]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        model = onnx_model()
        change(model)
        path.write_bytes(model.SerializeToString())

    return write


def _external(model: onnx.ModelProto) -> None:
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../../../../../../../etc/passwd")


def _hidden_external(model: onnx.ModelProto) -> None:
    """The same in a constant in a branch, where a look at the initializers doesn't find it."""
    tensor = TensorProto(dims=[1], data_type=TensorProto.FLOAT, data_location=TensorProto.EXTERNAL, name="t")
    tensor.external_data.add(key="location", value="/etc/passwd")
    branch = helper.make_graph(
        [helper.make_node("Constant", [], ["x"], value=tensor)],
        "branch",
        [],
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])],
    )
    model.graph.initializer.append(numpy_helper.from_array(np.array(True), "yes"))
    model.graph.node.append(
        helper.make_node("If", ["yes"], ["unused"], then_branch=branch, else_branch=branch)
    )


def _loop(model: onnx.ModelProto) -> None:
    """Goes round as often as it can count."""
    name, boolean = "again", TensorProto.BOOL
    body = helper.make_graph(
        [helper.make_node("Identity", [name], ["on"])],
        "body",
        [
            helper.make_tensor_value_info("turn", TensorProto.INT64, []),
            helper.make_tensor_value_info(name, boolean, []),
        ],
        [helper.make_tensor_value_info("on", boolean, [])],
    )
    model.graph.initializer.append(numpy_helper.from_array(np.array(2**62), "turns"))
    model.graph.initializer.append(numpy_helper.from_array(np.array(True), "go"))
    model.graph.node.append(helper.make_node("Loop", ["turns", "go"], [], body=body))


def _function(model: onnx.ModelProto) -> None:
    made = helper.make_function(
        "custom",
        "Twice",
        ["x"],
        ["y"],
        [helper.make_node("Add", ["x", "x"], ["y"])],
        [helper.make_opsetid("", OPSET)],
    )
    model.functions.append(made)
    model.opset_import.append(helper.make_opsetid("custom", 1))


def _custom(model: onnx.ModelProto) -> None:
    model.graph.node[3].domain = "com.example.custom"
    model.opset_import.append(helper.make_opsetid("com.example.custom", 1))


def _unknown(model: onnx.ModelProto) -> None:
    model.graph.node[3].op_type = "Paint"


def _two(kind: str, model: onnx.ModelProto) -> None:
    values = getattr(model.graph, kind)
    name = "c" if kind == "output" else "mask"
    values.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 3, "height", "width"]))


def _claim(model: onnx.ModelProto) -> None:
    tensor = model.graph.initializer[0]
    del tensor.dims[:]
    tensor.dims.extend([1_000_000, 1_000_000, 3, 3])


def _not_a_number(model: onnx.ModelProto) -> None:
    values = numpy_helper.to_array(model.graph.initializer[0]).copy()
    values[1, 1, 1, 1] = np.nan
    model.graph.initializer[0].CopyFrom(numpy_helper.from_array(values, "first"))


def _shaped(
    shape: Sequence[int | str], *nodes: onnx.NodeProto, **weights: np.ndarray[Any, Any]
) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        through = nodes or (helper.make_node("Identity", ["image"], ["painted"]),)
        path.write_bytes(wrap(through, shape, weights).SerializeToString())

    return write


def _many_nodes(path: Path) -> None:
    nodes = [helper.make_node("Identity", ["image"], ["x0"])]
    nodes += [helper.make_node("Identity", [f"x{n}"], [f"x{n + 1}"]) for n in range(20_000)]
    nodes += [helper.make_node("Identity", ["x20000"], ["painted"])]
    path.write_bytes(wrap(nodes).SerializeToString())


def _garbage(path: Path) -> None:
    path.write_bytes(b"\x08\x09" + np.random.default_rng(0).bytes(5000))


_NCHW = ("batch", 3, "height", "width")

HOSTILE_ONNX: dict[str, Callable[[Path], None]] = {
    "onnx external data": _changed(_external),
    "onnx hidden external data": _changed(_hidden_external),
    "onnx custom operator": _changed(_custom),
    "onnx unknown operator": _changed(_unknown),
    "onnx function": _changed(_function),
    "onnx loop": _changed(_loop),
    "onnx two inputs": _changed(partial(_two, "input")),
    "onnx two outputs": _changed(partial(_two, "output")),
    "onnx claimed size": _changed(_claim),
    "onnx nan": _changed(_not_a_number),
    "onnx grey": _shaped(("batch", 1, "height", "width")),
    "onnx vector": _shaped(("batch", 1000)),
    "onnx many nodes": _many_nodes,
    "onnx garbage": _garbage,
    "onnx larger picture": _shaped(
        _NCHW,
        helper.make_node("Resize", ["image", "", "scales"], ["painted"]),
        scales=np.array([1, 1, 2, 2], np.float32),
    ),
    "onnx constant": _shaped(
        _NCHW, helper.make_node("Mul", ["image", "none"], ["painted"]), none=np.array(0, np.float32)
    ),
    "onnx not finite": _shaped(
        _NCHW, helper.make_node("Div", ["image", "none"], ["painted"]), none=np.array(0, np.float32)
    ),
}
