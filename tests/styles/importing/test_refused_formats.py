"""Files of other programs are named, with what to do."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from styles.errors import BadCheckpoint
from styles.importing import refused_formats
from styles.importing.importer import keep
from tests.fakes.styles.onnx_files import onnx_model


def field(number: int, content: bytes) -> bytes:
    """A field of protobuf with a length of up to two bytes."""
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([size & 127 | 128, size >> 7])
    return bytes([number << 3 | 2]) + length + content


NAMED = field(1, b"input")
FILES = {
    b"\x1c\0\0\0TFL3" + bytes(100): "a TensorFlow Lite model.*tf2onnx.convert --tflite",
    b"\x1c\0\0\0ORTM" + bytes(100): "ONNX Runtime's own format",
    b"\x1c\0\0\0ET12" + bytes(100): "an ExecuTorch program.*ONNX",
    b"ptrt" + bytes(100): "a TensorRT engine",
    b"7767517\n75 83\n": "an ncnn network",
    b"\x04\0\0\0\x01\0\0\0\x03\0\0\0V 1" + bytes(100): "Lua Torch",
    b"\x93NUMPY" + bytes(100): "NumPy.*safetensors",
    b'<?xml version="1.0"?>\n<net name="style" version="11">': "a network of OpenVINO.*ONNX",
    b"\0\0\0\x18ftypheic" + bytes(100): "picture of a phone",
    b"\x08\x04" + field(2, field(1, NAMED + field(2, b"a picture" * 20))): "a Core ML model.*ONNX",
    b"\x08\x01" + field(2, field(1, field(2, field(1, b"Add")))): "a TensorFlow model.*tf2onnx",
    field(1, NAMED + field(2, b"Placeholder")): "a TensorFlow model.*tf2onnx",
}


@pytest.mark.parametrize("content", FILES, ids=FILES.values())
def test_a_file_of_another_program_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "upload").write_bytes(content)
    with pytest.raises(BadCheckpoint, match=f"The file is .*{FILES[content]}") as refused:
        keep(tmp_path / "upload", tmp_path / "kept", None)
    assert refused.value.message.endswith(
        "Styles are safetensors files, state dicts of torch (.pth, .model) and ONNX networks (.onnx)."
    )


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        ("model.weights.h5", "a Keras model"),
        ("Data/com.apple.CoreML/style.mlmodel", "a Core ML model"),
        ("style/archive_format", "an exported program of PyTorch"),
        ("conv1.npy", "NumPy"),
        ("candy.pth", "an archive with a state dict. Unpack it first"),
        ("style/candy.onnx", "an archive with an ONNX file. Unpack it first"),
    ],
)
def test_a_zip_of_another_program_is_named(tmp_path: Path, entry: str, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "upload", "w") as archive:
        archive.writestr(entry, b"content")
    with pytest.raises(BadCheckpoint, match=f"The file is .*{name}"):
        keep(tmp_path / "upload", tmp_path / "kept", None)


@pytest.mark.parametrize("producer", ["pytorch", "", "\u00e9t\u00e9" * 60])
def test_onnx_is_not_taken_for_another_format(producer: str) -> None:
    model = onnx_model()
    model.producer_name = producer
    assert refused_formats.what(model.SerializeToString()[:512]) == ""
