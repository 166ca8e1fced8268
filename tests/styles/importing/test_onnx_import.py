"""ONNX networks kept: what is written stands alone and tells nothing that painting does not need."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest

from styles.errors import BadCheckpoint
from styles.importing import onnx_import
from styles.inference.openvino_backend import onnx as onnx_backend
from styles.inference.openvino_backend.onnx import Traits
from tests.fakes.styles.foreign_files import HOSTILE
from tests.fakes.styles.onnx_files import onnx_model


def test_the_kept_file_says_what_it_wants_and_nothing_of_its_maker(tmp_path: Path) -> None:
    model = onnx_model("nhwc", None, "-1..1")
    model.doc_string = model.graph.doc_string = "/home/ada/secret"
    model.opset_import.append(onnx.helper.make_opsetid("com.example.unused", 1))
    onnx.helper.set_model_props(model, {"mailbot.pixel_range": "0..255", "author": "Ada"})
    onnx.save_model(model, tmp_path / "x")
    traits, _ = onnx_import.keep(tmp_path / "x", tmp_path / "kept", None)
    kept = onnx.load_model(tmp_path / "kept")
    assert {p.key: p.value for p in kept.metadata_props} == traits.properties
    assert traits.properties["mailbot.pixel_range"] == "-1..1"
    assert Traits.of(onnx_backend.read(tmp_path / "kept")) == traits
    assert not kept.doc_string
    assert not kept.graph.doc_string
    assert [opset.domain for opset in kept.opset_import] == [""]
    assert (tmp_path / "kept").stat().st_mode & 0o777 == 0o644
    onnx.checker.check_model(kept)


def test_nothing_that_torch_notes_of_its_maker_is_kept(tmp_path: Path) -> None:
    path, model = "/home/ada/secret.py", onnx_model()
    same = onnx.helper.make_node("Identity", ["image"], ["same"])
    branch = onnx.helper.make_graph(
        [same], "branch", [], [onnx.helper.make_tensor_value_info("same", onnx.TensorProto.FLOAT, None)]
    )
    graph = model.graph
    graph.node[0].attribute[0].doc_string = path
    noted = [graph, graph.node[0], graph.input[0], graph.initializer[0], branch, branch.node[0]]
    for message in noted:
        message.doc_string = path
        message.metadata_props.add(key="pkg.torch.onnx.stack_trace", value=path)
    graph.initializer.append(onnx.numpy_helper.from_array(np.array(True), "yes"))
    graph.node.append(
        onnx.helper.make_node("If", ["yes"], ["unused"], then_branch=branch, else_branch=branch)
    )
    onnx.save_model(model, tmp_path / "x")
    assert (tmp_path / "x").read_bytes().count(b"ada") > 10
    traits, _ = onnx_import.keep(tmp_path / "x", tmp_path / "kept", None)
    kept = (tmp_path / "kept").read_bytes()
    assert b"ada" not in kept
    assert b"stack_trace" not in kept
    assert Traits.of(onnx_backend.read(tmp_path / "kept")) == traits


def test_a_kept_file_may_be_sent_in_again(tmp_path: Path) -> None:
    onnx.save_model(onnx_model(size=(48, 64)), tmp_path / "x")
    first, _ = onnx_import.keep(tmp_path / "x", tmp_path / "kept", None)
    second, _ = onnx_import.keep(tmp_path / "kept", tmp_path / "again", None)
    assert first == second
    assert (tmp_path / "kept").read_bytes() == (tmp_path / "again").read_bytes()


def test_nothing_is_written_of_a_file_that_is_not_what_it_says(tmp_path: Path) -> None:
    HOSTILE["onnx external data"](tmp_path / "x")
    with pytest.raises(BadCheckpoint):
        onnx_import.keep(tmp_path / "x", tmp_path / "kept", None)
    assert not (tmp_path / "kept").exists()
