"""Convert an uploaded ONNX network into a kept file: check it, run it, and write its traits into it."""

from __future__ import annotations

from pathlib import Path

import onnx

from styles.contract import PixelRange
from styles.errors import BadCheckpoint
from styles.formats.style_file import READABLE
from styles.importing import onnx_check, onnx_values
from styles.importing.onnx_probe import probe
from styles.inference.openvino_backend import onnx as onnx_backend
from styles.inference.openvino_backend.onnx import Traits

#: Fields for people and tools, of models, graphs, operators, values, tensors and attributes.
WORDS = {"doc_string", "metadata_props"}


def keep(
    upload: Path, target: Path, pixel_range: PixelRange | None, values: str = ""
) -> tuple[Traits, list[str]]:
    """Write the kept file; return its traits, and notes for the artist.

    `values` are for the inputs beside the picture. Raises `ValuesNeeded` without them, and `BadCheckpoint`.
    """
    model = onnx_check.parse(upload)
    baked = onnx_values.bake(model, values)
    picture = onnx_check.picture(model)
    _strip(model)
    _write(model, target)
    try:
        traits, notes = probe(onnx_backend.read(target), picture, pixel_range, target.stat().st_size)
    except (BadCheckpoint, MemoryError):
        raise
    except Exception as error:  # OpenVINO's errors have no base of their own
        raise BadCheckpoint("OpenVINO cannot run it. Run it there to see why.", str(error)) from error
    onnx.helper.set_model_props(model, traits.properties)
    _write(model, target)
    return traits, [*baked, *notes]


def _strip(model: onnx.ModelProto) -> None:
    """Remove the fields that painting does not need: they are untrusted, or private to the artist."""
    model.ClearField("training_info")
    model.DiscardUnknownFields()
    for message in onnx_check.messages(model):  # torch writes stack traces there, with file paths
        for word in WORDS.intersection(message.DESCRIPTOR.fields_by_name):
            message.ClearField(word)
    used = [opset for opset in model.opset_import if opset.domain in onnx_check.DOMAINS]
    model.ClearField("opset_import")
    model.opset_import.extend(used)


def _write(model: onnx.ModelProto, target: Path) -> None:
    target.write_bytes(model.SerializeToString())
    target.chmod(READABLE)
