"""ONNX networks as sessions: bytes in and out, held to onnx's own reference of what each operator does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import numpy as np
import onnx
import openvino as ov
import pytest
from onnx import TensorProto
from onnx.reference import ReferenceEvaluator

from styles.contract import StyleOptions
from styles.errors import BadCheckpoint
from styles.imaging.codec import Pixels
from styles.importing import onnx_import
from styles.inference.openvino_backend import onnx as onnx_backend
from styles.inference.openvino_backend.onnx import OnnxSession, Traits
from styles.inference.session import ONE_STYLE
from styles.inference.stylize import stylize
from tests.fakes.styles.foreign_files import HOSTILE, write_onnx
from tests.fakes.styles.onnx_files import onnx_model

SCALES: dict[str, tuple[float, float]] = {"0..1": (255, 0.0), "0..255": (1, 0.0), "-1..1": (127.5, 1.0)}


def photo(height: int, width: int, seed: int = 0) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def reference(image: Pixels, layout: str, pixel_range: str, kind: int) -> Pixels:
    """What onnx itself makes of the image."""
    divisor, offset = SCALES[pixel_range]
    dtype = onnx.helper.tensor_dtype_to_np_dtype(kind)
    x = (image.astype(np.float32) / divisor - offset).astype(dtype)[None]
    x = x.transpose(0, 3, 1, 2) if layout == "nchw" else x
    model = onnx_model(layout, None, pixel_range, kind=kind)
    (y,) = cast(list[Any], ReferenceEvaluator(model).run(None, {"image": x}))
    y = y.transpose(0, 2, 3, 1) if layout == "nchw" else y
    return ((y[0] + offset) * divisor).round().clip(0, 255).astype(np.uint8)  # type: ignore[no-any-return]


@pytest.mark.parametrize("layout", ["nchw", "nhwc"])
@pytest.mark.parametrize(
    ("pixel_range", "kind"),
    [
        ("0..1", TensorProto.FLOAT),
        ("0..255", TensorProto.FLOAT),
        ("-1..1", TensorProto.FLOAT),
        ("0..1", TensorProto.FLOAT16),
        ("0..255", TensorProto.UINT8),
    ],
)
def test_it_paints_what_onnx_says(tmp_path: Path, layout: str, pixel_range: str, kind: int) -> None:
    write_onnx(tmp_path / "x", layout, None, pixel_range, kind=kind)
    traits, _ = onnx_import.keep(tmp_path / "x", tmp_path / "kept", None)
    assert (traits.layout, traits.pixel_range) == (layout, pixel_range)
    image = photo(64, 96)
    painted = OnnxSession(tmp_path / "kept", threads=1).paint(image[None], ONE_STYLE.row[None])[0]
    wanted = reference(image, layout, pixel_range, kind)
    assert np.abs(painted.astype(int) - wanted).mean() < 2  # bfloat16
    assert wanted.std() > 15


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (70, 90)])
def test_photos_of_any_size_come_back_so(tmp_path: Path, size: tuple[int, int]) -> None:
    write_onnx(tmp_path / "x")
    onnx_import.keep(tmp_path / "x", tmp_path / "kept", None)
    painted = stylize(
        OnnxSession(tmp_path / "kept", threads=1), [photo(*size)] * 2, [ONE_STYLE] * 2, [StyleOptions()] * 2
    )
    assert [picture.shape for picture in painted] == [(*size, 3)] * 2
    assert np.array_equal(painted[0], painted[1])


def test_a_network_of_one_size_paints_every_photo(tmp_path: Path) -> None:
    write_onnx(tmp_path / "x", "nchw", (48, 64), rigid=True)
    traits, _ = onnx_import.keep(tmp_path / "x", tmp_path / "kept", None)
    assert traits.size == (48, 64)
    session = OnnxSession(tmp_path / "kept", threads=1)
    own, large = photo(48, 64), photo(100, 90)
    painted = stylize(session, [own, large], [ONE_STYLE] * 2, [StyleOptions()] * 2)
    assert [picture.shape for picture in painted] == [own.shape, large.shape]
    assert np.abs(painted[0].astype(int) - reference(own, "nchw", "0..1", TensorProto.FLOAT)).mean() < 2


def test_strength_and_colours_work_as_with_ours(tmp_path: Path) -> None:
    write_onnx(tmp_path / "x")
    onnx_import.keep(tmp_path / "x", tmp_path / "kept", None)
    session, image = OnnxSession(tmp_path / "kept", threads=1), photo(64, 64)
    options = [StyleOptions(), StyleOptions(strength=0), StyleOptions(keep_colors=True)]
    full, none, kept = stylize(session, [image] * 3, [ONE_STYLE] * 3, options)
    assert np.array_equal(none, image)
    assert not np.array_equal(full, kept)


def test_memory_is_given_back_and_it_paints_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("styles.inference.openvino_backend.runtime.KEPT_PIXELS", 100)
    write_onnx(tmp_path / "x")
    onnx_import.keep(tmp_path / "x", tmp_path / "kept", None)
    session = OnnxSession(tmp_path / "kept", threads=1)
    first, second = (session.paint(photo(64, 64)[None], ONE_STYLE.row[None]) for _ in range(2))
    assert np.array_equal(first, second)


TRAITS = Traits(pixel_range="-1..1", layout="nhwc", output="nchw", size=(48, 64), precision="bf16")


@pytest.mark.parametrize("traits", [TRAITS, Traits(pixel_range="0..1", layout="nchw", output="nchw")])
def test_traits_survive_the_file(tmp_path: Path, traits: Traits) -> None:
    model = onnx_model()
    onnx.helper.set_model_props(model, traits.properties)
    onnx.save_model(model, tmp_path / "x")
    assert Traits.of(onnx_backend.read(tmp_path / "x")) == traits


def test_a_file_that_does_not_say_is_refused(tmp_path: Path) -> None:
    write_onnx(tmp_path / "x")
    with pytest.raises(BadCheckpoint, match="does not say"):
        OnnxSession(tmp_path / "x")
    model = onnx_model()
    onnx.helper.set_model_props(model, {**TRAITS.properties, "mailbot.layout": "chwn"})
    onnx.save_model(model, tmp_path / "x")
    with pytest.raises(BadCheckpoint, match="'chwn' where one of nchw, nhwc"):
        OnnxSession(tmp_path / "x")


@pytest.mark.parametrize("name", ["onnx garbage", "onnx unknown operator", "truncated onnx"])
def test_what_openvino_cannot_read_is_refused(tmp_path: Path, name: str) -> None:
    HOSTILE[name](tmp_path / "x")
    with pytest.raises(BadCheckpoint, match="cannot read"):
        onnx_backend.read(tmp_path / "x")


def test_traits_that_are_not_the_networks_are_refused(tmp_path: Path) -> None:
    write_onnx(tmp_path / "x")
    with pytest.raises(BadCheckpoint, match="cannot be given pictures"):
        onnx_backend.build(onnx_backend.read(tmp_path / "x"), TRAITS)


def test_sized_leaves_the_model_as_it_is(tmp_path: Path) -> None:
    write_onnx(tmp_path / "x")
    model = onnx_backend.read(tmp_path / "x")
    assert onnx_backend.sized(model, "nchw", (48, 64)).input(0).get_partial_shape() == ov.PartialShape(
        [1, 3, 48, 64]
    )
    assert model.input(0).get_partial_shape().is_dynamic


def test_a_runner_needs_neither_onnx_nor_torch(tmp_path: Path) -> None:
    write_onnx(tmp_path / "x")
    onnx_import.keep(tmp_path / "x", tmp_path / "kept", None)
    program = (
        "import sys; from pathlib import Path; from runner.process.engine import Engine; "
        f"Engine('cpu', 1).load('sha256:x', Path({str(tmp_path / 'kept')!r})); "
        "sys.exit('torch' in sys.modules or 'onnx' in sys.modules)"
    )
    root = Path(onnx_backend.__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", program], cwd=root, check=False).returncode == 0
