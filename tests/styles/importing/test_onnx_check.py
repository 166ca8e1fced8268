"""What an ONNX file says of itself: read with distrust."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from styles.errors import BadCheckpoint
from styles.importing import onnx_check
from styles.importing.onnx_check import ImageInput
from tests.fakes.styles.foreign_files import write_onnx
from tests.fakes.styles.onnx_files import onnx_model, wrap


@pytest.mark.parametrize(
    ("given", "picture"),
    [
        ({}, ImageInput(layout="nchw", size=None, bytes=False)),
        ({"layout": "nhwc"}, ImageInput(layout="nhwc", size=None, bytes=False)),
        ({"size": (48, 64)}, ImageInput(layout="nchw", size=(48, 64), bytes=False)),
        ({"layout": "nhwc", "size": (48, 64)}, ImageInput(layout="nhwc", size=(48, 64), bytes=False)),
        ({"batch": "batch"}, ImageInput(layout="nchw", size=None, bytes=False)),
        ({"kind": TensorProto.UINT8}, ImageInput(layout="nchw", size=None, bytes=True)),
        ({"kind": TensorProto.FLOAT16}, ImageInput(layout="nchw", size=None, bytes=False)),
    ],
)
def test_the_picture_is_told_by_where_the_3_is(
    tmp_path: Path, given: dict[str, Any], picture: ImageInput
) -> None:
    write_onnx(tmp_path / "x", **given)
    assert onnx_check.picture(onnx_check.parse(tmp_path / "x")) == picture


def test_weights_listed_as_inputs_are_no_inputs() -> None:
    model = onnx_model()
    weights = model.graph.initializer[0]
    model.graph.input.append(helper.make_tensor_value_info(weights.name, TensorProto.FLOAT, weights.dims))
    assert onnx_check.picture(model).layout == "nchw"


@pytest.mark.parametrize("kind", [TensorProto.INT64, TensorProto.DOUBLE, TensorProto.STRING])
def test_a_picture_of_another_type_is_refused(kind: int) -> None:
    with pytest.raises(BadCheckpoint, match="float32, float16 or uint8"):
        onnx_check.picture(onnx_model(kind=kind))


def test_a_file_over_the_limit_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_onnx(tmp_path / "x")
    monkeypatch.setattr(onnx_check, "MAX_BYTES", 1000)
    with pytest.raises(BadCheckpoint, match="larger than"):
        onnx_check.parse(tmp_path / "x")


def test_a_branch_is_looked_into_and_allowed(tmp_path: Path) -> None:
    model = onnx_model()
    branch = helper.make_graph(
        [helper.make_node("Identity", ["e"], ["x"])],
        "branch",
        [],
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, "height", "width"])],
    )
    model.graph.initializer.append(numpy_helper.from_array(np.array(True), "yes"))
    model.graph.node[-1].CopyFrom(
        helper.make_node("If", ["yes"], ["painted"], then_branch=branch, else_branch=branch)
    )
    onnx.save_model(model, tmp_path / "x")
    onnx_check.parse(tmp_path / "x")
    model.graph.node[-1].attribute[1].g.node[0].domain = "com.example"
    onnx.save_model(model, tmp_path / "x")
    with pytest.raises(BadCheckpoint, match=r"Identity of com\.example"):
        onnx_check.parse(tmp_path / "x")


@pytest.mark.parametrize(("bound", "fine"), [([np.inf], True), ([np.inf, 1.0], False), ([np.nan], False)])
def test_one_number_alone_may_be_infinite(tmp_path: Path, bound: list[float], fine: bool) -> None:
    weights = {"bound": np.array(bound, np.float32)}
    nodes = [helper.make_node("Min", ["image", "bound"], ["painted"])]
    onnx.save_model(wrap(nodes, (1, 3, 4, len(bound)), weights), tmp_path / "x")
    if fine:
        onnx_check.parse(tmp_path / "x")
    else:
        with pytest.raises(BadCheckpoint, match="not finite"):
            onnx_check.parse(tmp_path / "x")


def test_a_graph_that_does_not_hang_together_is_refused(tmp_path: Path) -> None:
    onnx.save_model(wrap([helper.make_node("Relu", ["nowhere"], ["painted"])]), tmp_path / "x")
    with pytest.raises(BadCheckpoint, match="not valid"):
        onnx_check.parse(tmp_path / "x")


def test_names_of_any_length_are_cut(tmp_path: Path) -> None:
    model = onnx_model()
    model.graph.node[3].op_type = "X" * 1_000_000
    onnx.save_model(model, tmp_path / "x")
    with pytest.raises(BadCheckpoint) as caught:
        onnx_check.parse(tmp_path / "x")
    assert len(caught.value.message) < 300


@pytest.mark.parametrize("field", ["op_type", "domain"])
def test_names_neither_forge_lines_nor_move_a_cursor(tmp_path: Path, field: str) -> None:
    model = onnx_model()
    setattr(model.graph.node[3], field, "x\nERROR\x1b[2J")
    onnx.save_model(model, tmp_path / "x")
    with pytest.raises(BadCheckpoint, match=r"x\\nERROR\\x1b\[2J") as caught:
        onnx_check.parse(tmp_path / "x")
    assert caught.value.message.isprintable()


def test_what_onnx_says_of_names_is_plain_too(tmp_path: Path) -> None:
    nodes = [helper.make_node("Relu", ["no\x1b[2Jwhere"], ["painted"])]
    onnx.save_model(wrap(nodes), tmp_path / "x")
    with pytest.raises(BadCheckpoint, match="not valid") as caught:
        onnx_check.parse(tmp_path / "x")
    assert caught.value.message.isprintable()


def test_damaged_bytes_never_raise_anything_else(tmp_path: Path) -> None:
    whole = onnx_model().SerializeToString()
    random = np.random.default_rng(0)
    refused = 0
    for _ in range(300):
        spoilt = bytearray(whole)
        for place in random.integers(0, len(whole), 3):
            spoilt[place] = random.integers(0, 256)
        (tmp_path / "x").write_bytes(spoilt)
        try:
            onnx_check.picture(onnx_check.parse(tmp_path / "x"))
        except BadCheckpoint:
            refused += 1
    assert 30 < refused < 300  # a changed weight is a weight
