"""Style files: what is written is read again, and what is wrong is refused with a reason."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from styles.contract import Card
from styles.errors import BadCheckpoint
from styles.formats import style_file
from styles.formats.architecture import WIDE, Shape
from styles.formats.style_file import BUILTIN, MAX_CHANNELS, StyleFile
from styles.inference.open import conditioning_of
from tests.fakes.styles.foreign_files import write_onnx
from tests.fakes.styles.style_files import make_shipped, random_style, random_underpainting


def test_round_trip(tmp_path: Path) -> None:
    style = random_style(1)
    style_file.write(tmp_path / "a.safetensors", style)
    again = style_file.read(tmp_path / "a.safetensors")
    assert np.array_equal(again.row, style.row)
    assert np.array_equal(again.underpainting, style.underpainting)
    assert again.network.keys() == style.network.keys()
    assert again.base == style.base


def test_styles_share_a_base_exactly_when_their_networks_are_equal() -> None:
    assert random_style(1).base == random_style(2).base
    assert random_style(1).base != random_style(1, base_seed=9).base


def damaged(kind: str) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    style = random_style()
    tensors: dict[str, np.ndarray] = {f"network.{k}": v for k, v in style.network.items()}
    tensors |= {"row": np.array(style.row), "underpainting": style.underpainting}
    metadata = {"architecture": "style-unet"}
    match kind:
        case "nan":
            tensors["row"][3] = np.nan
        case "float32":
            tensors["network.out.bias"] = tensors["network.out.bias"].astype(np.float32)
        case "no row":
            del tensors["row"]
        case "small underpainting":
            tensors["underpainting"] = np.full((256, 256, 3), 128, np.uint8)
        case "float16 underpainting":
            tensors["underpainting"] = style.underpainting.astype(np.float16)
        case "row in bytes":
            tensors["row"] = np.ones(len(style.row), np.uint8)
        case "stranger":
            tensors["optimizer"] = np.zeros(3, np.float16)
        case "nonsense":
            tensors["network.nonsense"] = np.zeros(3, np.float16)
        case "kernel":
            tensors["network.stem.weight"] = np.zeros((8, 48, 51, 51), np.float16)
        case "short row":
            tensors["row"] = tensors["row"][:-2]
        case "missing":
            del tensors["network.up2.weight"]
        case "architecture":
            metadata["architecture"] = "transformer"
    return tensors, metadata


def test_a_file_of_an_earlier_release_is_read_without_forms(tmp_path: Path) -> None:
    tensors, metadata = damaged("nothing")
    del tensors["underpainting"]
    save_file(tensors, tmp_path / "x", metadata)
    style = style_file.read(tmp_path / "x")
    assert (style.underpainting == style_file.NEUTRAL).all()
    assert style.base == random_style().base
    assert conditioning_of(style).underpainting is None


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("nan", "not finite"),
        ("float32", "not float16"),
        ("no row", "no tensor `row`"),
        ("small underpainting", r"`underpainting` should have shape \(512, 512, 3\) and has \(256, 256, 3\)"),
        ("float16 underpainting", "underpainting is float16, not uint8"),
        ("row in bytes", "row is uint8, not float16"),
        ("stranger", "optimizer"),
        ("nonsense", "nonsense"),
        ("kernel", "stem.weight"),
        ("short row", "row"),
        ("missing", "does not hold"),
        ("architecture", "transformer"),
    ],
)
def test_what_is_wrong_is_refused_with_a_reason(tmp_path: Path, kind: str, reason: str) -> None:
    tensors, metadata = damaged(kind)
    save_file(tensors, tmp_path / "x", metadata)
    with pytest.raises(BadCheckpoint, match=reason):
        style_file.read(tmp_path / "x")


@pytest.mark.parametrize("channels", ["quarter", "eighth", "sixteenth", "half"])
def test_a_network_is_read_up_to_a_width_and_refused_over_it(tmp_path: Path, channels: str) -> None:
    for width in (MAX_CHANNELS, MAX_CHANNELS + 4):
        sizes: dict[str, Any] = {"quarter": 8, "eighth": 8, "sixteenth": 8, "half": 8, channels: width}
        shape = Shape(**sizes, inner_blocks=1)
        network = {name: np.zeros(size, np.float16) for name, size in shape.tensors.items()}
        style = StyleFile(
            network=network, row=np.zeros(shape.row, np.float16), underpainting=random_underpainting()
        )
        style_file.write(tmp_path / str(width), style)
    assert style_file.read(tmp_path / str(MAX_CHANNELS)).network
    with pytest.raises(BadCheckpoint, match=f"{MAX_CHANNELS} channels"):
        style_file.read(tmp_path / str(MAX_CHANNELS + 4))


@pytest.mark.parametrize("sizes", [{"half": 6}, {"half": 3}, {"half": 0}, {"eighth": 0}])
def test_a_network_of_sizes_that_no_engine_can_build_is_refused(
    tmp_path: Path, sizes: dict[str, Any]
) -> None:
    shape = Shape(**{"quarter": 8, "eighth": 8, "sixteenth": 8, "half": 8, **sizes})
    network = {name: np.zeros(size, np.float16) for name, size in shape.tensors.items()}
    row = np.zeros(shape.row, np.float16)
    style_file.write(
        tmp_path / "x", StyleFile(network=network, row=row, underpainting=random_underpainting())
    )
    with pytest.raises(BadCheckpoint, match="multiple of 4"):
        style_file.read(tmp_path / "x")


@pytest.mark.parametrize("kind", ["F8_E4M3", "F8_E8M0", "F4"])
def test_types_that_numpy_lacks_are_refused(tmp_path: Path, kind: str) -> None:
    length = 1 if kind == "F4" else 2
    tensor = {"dtype": kind, "shape": [2], "data_offsets": [0, length]}
    header = json.dumps({"underpainting": tensor}).encode()
    (tmp_path / "x").write_bytes(len(header).to_bytes(8, "little") + header + bytes(length))
    with pytest.raises(BadCheckpoint, match="no safetensors"):
        style_file.read(tmp_path / "x")


@pytest.mark.parametrize("content", [b"", b"\x80\x04K\x01.", b"\xff" * 4096, b"PK\x03\x04zip"])
def test_what_is_no_safetensors_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(BadCheckpoint):
        style_file.read(tmp_path / "x")


def test_a_truncated_file_is_refused(tmp_path: Path) -> None:
    style_file.write(tmp_path / "x", random_style())
    whole = (tmp_path / "x").read_bytes()
    (tmp_path / "x").write_bytes(whole[:-7])
    with pytest.raises(BadCheckpoint):
        style_file.read(tmp_path / "x")


def test_what_a_file_holds_is_told_by_its_content(tmp_path: Path) -> None:
    style_file.write(tmp_path / "ours.onnx", random_style())
    write_onnx(tmp_path / "x.safetensors")
    save_file({"a": np.zeros(3, np.float16)}, tmp_path / "other", {"architecture": "transformer-net"})
    save_file({"a": np.zeros(3, np.float16)}, tmp_path / "silent")
    found = [
        style_file.architecture_of(tmp_path / n) for n in ("ours.onnx", "x.safetensors", "other", "silent")
    ]
    assert found == ["style-unet", "onnx", "transformer-net", ""]


def test_what_is_neither_safetensors_nor_onnx_has_no_architecture(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"nothing that is known")
    for name in ("x", "missing"):
        with pytest.raises(BadCheckpoint, match="neither"):
            style_file.architecture_of(tmp_path / name)


def test_a_row_of_the_wrong_length_is_refused() -> None:
    style = random_style()
    with pytest.raises(BadCheckpoint, match="row"):
        conditioning_of(replace(style, row=style.row[:-2]))


def test_shipped_reads_folders_by_name(tmp_path: Path) -> None:
    make_shipped(tmp_path, "wave", 2)
    make_shipped(tmp_path, "mosaic", 1)
    styles = style_file.shipped(tmp_path)
    assert [s.card.name for s in styles] == ["mosaic", "wave"]
    assert all(s.weights.exists() and s.preview.exists() for s in styles)


def test_a_card_survives_toml(tmp_path: Path) -> None:
    card = Card(name="x", title='A "quoted" \\ title\nof two lines', artist="Léger", trained="ü")
    style_file.write_card(tmp_path / "style.toml", card)
    assert style_file.shipped(tmp_path.parent)[0].card == card


def test_the_shipped_styles_are_whole() -> None:
    styles = style_file.shipped()
    assert {"starry-night", "great-wave"} <= {s.card.name for s in styles}
    for style in styles:
        file = style_file.read(style.weights)
        assert file.base == style.card.base
        shape = replace(Shape.of(file.network), scales_detail=False)
        assert shape in (Shape(), WIDE)
        assert style.preview.stat().st_size > 10_000
        assert style.card.title
        assert style.card.artist
        assert style.weights.parent.name == style.card.name
        assert style.weights.is_relative_to(BUILTIN)
