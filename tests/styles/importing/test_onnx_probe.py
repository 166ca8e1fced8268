"""What running an ONNX network tells of it: size, layout, range, precision."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import ModelProto, TensorProto, helper

from styles.contract import PixelRange
from styles.errors import BadCheckpoint
from styles.importing import onnx_check, onnx_probe
from styles.importing.onnx_probe import probe
from styles.inference.openvino_backend import onnx as onnx_backend
from styles.inference.openvino_backend.onnx import Traits
from tests.fakes.styles.onnx_files import halving, onnx_model, unfolding, wrap

#: Probes a model, with a pixel range that is told or not.
TryOut = Callable[..., tuple[Traits, list[str]]]
NCHW = (1, 3, "height", "width")


@pytest.fixture
def try_out(tmp_path: Path) -> TryOut:
    def tried(model: ModelProto, told: PixelRange | None = None) -> tuple[Traits, list[str]]:
        onnx.save_model(model, tmp_path / "x")
        picture = onnx_check.picture(onnx_check.parse(tmp_path / "x"))
        return probe(onnx_backend.read(tmp_path / "x"), picture, told, (tmp_path / "x").stat().st_size)

    return tried


@pytest.mark.parametrize("layout", ["nchw", "nhwc"])
@pytest.mark.parametrize("size", [None, (48, 64), (64, 64)])
@pytest.mark.parametrize("pixel_range", ["0..1", "0..255", "-1..1"])
def test_what_a_network_wants_is_found_out(
    try_out: TryOut, layout: str, size: tuple[int, int] | None, pixel_range: str
) -> None:
    traits, notes = try_out(onnx_model(layout, size, pixel_range, batch="batch" if size else 1))
    assert (traits.layout, traits.output, traits.pixel_range) == (layout, layout, pixel_range)
    assert traits.size is None  # that of the file was no need of the network's
    assert notes == [f"It paints in {pixel_range}, which was found out by running it."]


def test_a_size_that_is_built_in_is_kept_and_told(try_out: TryOut) -> None:
    traits, notes = try_out(onnx_model("nhwc", (48, 64), "-1..1", rigid=True), "-1..1")
    assert (traits.size, traits.pixel_range) == ((48, 64), "-1..1")
    assert notes == ["Its size is fixed: photos are painted at 64x48 and enlarged."]


@pytest.mark.parametrize(("halvings", "multiple"), [(0, 1), (1, 2), (2, 4), (4, 16), (5, 32)])
def test_the_multiple_of_sides_is_found_out(try_out: TryOut, halvings: int, multiple: int) -> None:
    traits, _ = try_out(halving(halvings))
    assert traits.multiple == multiple


def test_a_picture_may_come_in_another_layout_than_the_photo(try_out: TryOut) -> None:
    model = onnx_model()
    model.graph.node[-1].CopyFrom(helper.make_node("Transpose", ["e"], ["painted"], perm=[0, 2, 3, 1]))
    model.graph.output[0].CopyFrom(
        helper.make_tensor_value_info("painted", TensorProto.FLOAT, [1, "height", "width", 3])
    )
    traits, _ = try_out(model)
    assert (traits.layout, traits.output) == ("nchw", "nhwc")


@pytest.mark.parametrize(
    ("really", "told", "reason"),
    [
        ("0..1", "0..255", r"look black: set pixel range to 0\.\.1\."),
        ("-1..1", "0..255", r"look black: set pixel range to -1\.\.1\."),
        ("0..255", "0..1", r"look white: set pixel range to 0\.\.255\."),
        ("0..255", "-1..1", r"look white: set pixel range to 0\.\.255\."),
    ],
)
def test_a_range_that_would_look_black_or_white_is_refused(
    try_out: TryOut, really: str, told: PixelRange, reason: str
) -> None:
    with pytest.raises(BadCheckpoint, match=reason):
        try_out(onnx_model(pixel_range=really), told)


def test_a_range_that_only_looks_odd_is_the_artists_to_choose(try_out: TryOut) -> None:
    traits, notes = try_out(onnx_model(pixel_range="-1..1"), "0..1")
    assert traits.pixel_range == "0..1"
    assert notes == ["The pixel range was set to 0..1; what comes out looks more like -1..1."]


def test_a_network_of_bytes_takes_no_other_range(try_out: TryOut) -> None:
    model = onnx_model(pixel_range="0..255", kind=TensorProto.UINT8)
    assert try_out(model)[0].pixel_range == "0..255"
    with pytest.raises(BadCheckpoint, match="whole numbers only"):
        try_out(model, "0..1")


def test_a_range_that_nobody_can_tell_is_asked_for(try_out: TryOut) -> None:
    """255 x / max(x)²: what comes out is never of the range of what went in."""
    nodes = [
        helper.make_node("ReduceMax", ["image"], ["most"]),
        helper.make_node("Mul", ["most", "most"], ["square"]),
        helper.make_node("Mul", ["image", "white"], ["bright"]),
        helper.make_node("Div", ["bright", "square"], ["painted"]),
    ]
    model = wrap(nodes, NCHW, {"white": np.array(255, np.float32)})
    with pytest.raises(BadCheckpoint, match=r"found out: given 0\.\.1 it gives .*Set pixel range"):
        try_out(model)
    with pytest.raises(BadCheckpoint, match="look black"):
        try_out(model, "0..255")


def test_a_network_that_needs_too_much_memory_is_refused(
    try_out: TryOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx_probe, "LEAST_ROOM", 100_000_000)
    with pytest.raises(BadCheckpoint, match=r"kB of memory for each pixel.*reduced size"):
        try_out(onnx_model())


@pytest.mark.parametrize("branch", [False, True])
@pytest.mark.parametrize("size", [None, (64, 64)])
def test_a_small_file_that_unfolds_is_refused(
    try_out: TryOut, size: tuple[int, int] | None, branch: bool
) -> None:
    try_out(unfolding(100_000, size, branch=branch))
    with pytest.raises(BadCheckpoint, match=r"makes tensors of (76|228) MiB that have nothing to do with"):
        try_out(unfolding(20_000_000, size, branch=branch))


def test_bfloat16_is_for_networks_that_paint_the_same_in_it(
    try_out: TryOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx_probe, "has_bfloat16", lambda core: True)
    assert try_out(onnx_model())[0].precision == "bf16"
    monkeypatch.setattr(onnx_probe, "BF16_LEVELS", -1.0)
    assert try_out(onnx_model())[0].precision == "f32"
    monkeypatch.setattr(onnx_probe, "has_bfloat16", lambda core: False)
    assert try_out(onnx_model())[0].precision == "f32"
