"""Networks of many styles, each of which is baked in by its values."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import ModelProto, TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from styles.contract import StyleOptions
from styles.errors import BadCheckpoint, ValuesNeeded
from styles.imaging.codec import Pixels
from styles.importing.importer import keep
from styles.importing.onnx_values import bake
from styles.inference.open import open_style
from styles.inference.stylize import stylize
from tests.fakes.styles.odd_onnx import many_styles
from tests.fakes.styles.onnx_files import onnx_model, write_onnx

PHOTO: Pixels = np.random.default_rng(0).integers(0, 256, (64, 96, 3), dtype=np.uint8)


def baked(model: ModelProto, text: str) -> dict[str, list[float]]:
    """The numbers that are in the file after `text` was baked in, by the input's name."""
    names = [value.name for value in model.graph.input][1:]
    bake(model, text)
    assert [value.name for value in model.graph.input] == ["image"]
    onnx.checker.check_model(model)
    weights = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    return {name: weights[name].ravel().tolist() for name in names}


def with_input(kind: int, shape: list[int | str] | None) -> ModelProto:
    model = onnx_model()
    model.graph.input.append(helper.make_tensor_value_info("style", kind, shape))
    return model


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("2", [0, 0, 1, 0]),
        ("style_weights = 2", [0, 0, 1, 0]),
        ("0:0.5, 3:0.5", [0.5, 0, 0, 0.5]),
        ("1:2", [0, 2, 0, 0]),
        ("0.5,0,0 0.25", [0.5, 0, 0, 0.25]),
    ],
)
def test_a_choice_of_a_vector(text: str, numbers: list[float]) -> None:
    assert baked(many_styles(4), text) == {"style_weights": numbers}


def test_the_number_of_a_style() -> None:
    assert baked(many_styles(4, index=True), "3") == {"style": [3]}
    assert baked(with_input(TensorProto.FLOAT, []), "0.75") == {"style": [0.75]}
    assert baked(with_input(TensorProto.BOOL, ["batch"]), "1") == {"style": [True]}


def test_several_inputs_are_named() -> None:
    text = "strength=0.5; style_weights=1:0.5"
    assert baked(many_styles(3, further=True), text) == {"style_weights": [0, 0.5, 0], "strength": [0.5]}


@pytest.mark.parametrize(
    ("model", "inputs"),
    [
        (many_styles(), [{"name": "style_weights", "numbers": 26, "choices": 26}]),
        (many_styles(9, index=True), [{"name": "style", "numbers": 1, "choices": 9}]),
        (with_input(TensorProto.FLOAT, [1]), [{"name": "style", "numbers": 1, "choices": 0}]),
        (
            many_styles(2, further=True),
            [
                {"name": "style_weights", "numbers": 2, "choices": 2},
                {"name": "strength", "numbers": 1, "choices": 0},
            ],
        ),
    ],
)
def test_without_values_they_are_asked_for(model: ModelProto, inputs: list[dict[str, object]]) -> None:
    with pytest.raises(ValuesNeeded, match=r"Beside the picture the network takes style.*“values”") as asked:
        bake(model, "")
    assert list(asked.value.inputs) == inputs


@pytest.mark.parametrize(
    ("model", "text", "reason"),
    [
        (many_styles(4), "4", "4 is none of its styles, which are 0 to 3"),
        (many_styles(4), "-1", "none of its styles"),
        (many_styles(4), "1.5", "none of its styles"),
        (many_styles(4), "9:0.5, 1:0.5", "9 is none of its styles"),
        (many_styles(4), "1, 2", "takes style_weights, 4 numbers, and 2 are given"),
        (many_styles(4), "mosaic", "“mosaic” is no number"),
        (many_styles(4), "0, 0, 0, 1e400", "is no number"),
        (many_styles(4), "0, 0, 0, 1e40", "cannot hold"),
        (many_styles(4), "style=2", "no input “style”"),
        (many_styles(4, index=True), "4", "none of its styles, which are 0 to 3"),
        (many_styles(4, index=True), "", "takes style, a number from 0 to 3"),
        (with_input(TensorProto.INT64, [2]), "1.5, 2", "of int64, which cannot hold"),
        (with_input(TensorProto.UINT8, []), "256", "of uint8, which cannot hold"),
        (many_styles(4, further=True), "2", "each value needs its input’s name"),
        (onnx_model(), "7", "a picture and nothing else"),
        (with_input(TensorProto.STRING, [1]), "7", "a tensor of object"),
        (with_input(TensorProto.FLOAT, [64, 64]), "7", "4,096 numbers"),
        (with_input(TensorProto.FLOAT, None), "7", "stated shape"),
    ],
)
def test_values_that_do_not_fit_are_told(model: ModelProto, text: str, reason: str) -> None:
    with pytest.raises(BadCheckpoint, match=reason) as refused:
        bake(model, text)
    assert refused.value.message.endswith(".")


def test_each_style_paints_as_onnx_says(tmp_path: Path) -> None:
    """With the values baked in, as with them given."""
    model = many_styles(3)
    onnx.save_model(model, tmp_path / "upload")
    x = PHOTO.transpose(2, 0, 1)[None].astype(np.float32) / 255
    pictures = []
    for number in range(3):
        kept = keep(tmp_path / "upload", tmp_path / f"kept-{number}", None, str(number))
        assert kept.notes[0] == f"Baked in: style_weights is {number}."
        style = open_style(tmp_path / f"kept-{number}", threads=1)
        pictures.append(
            stylize(style.session, [PHOTO], [style.conditioning], [StyleOptions()])[0].astype(int)
        )
        given = {"image": x, "style_weights": np.eye(3, dtype=np.float32)[[number]]}
        (wanted,) = ReferenceEvaluator(model).run(["painted"], given)
        wanted = np.asarray(wanted)[0].transpose(1, 2, 0) * 255
        assert np.abs(pictures[-1] - wanted).mean() < 2  # bfloat16, where there is one
    assert all(np.abs(pictures[0] - other).mean() > 5 for other in pictures[1:])


@pytest.mark.parametrize("write", [write_onnx, lambda path: path.write_bytes(b"\x80\x02")])
def test_other_files_take_no_values(tmp_path: Path, write: Callable[[Path], object]) -> None:
    write(tmp_path / "upload")
    with pytest.raises(BadCheckpoint, match=r"leave (the values|them) out"):
        keep(tmp_path / "upload", tmp_path / "kept", None, "7")
