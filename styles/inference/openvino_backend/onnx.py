"""Paint with ONNX networks of any architecture, image to image, on the CPU.

OpenVINO reads ONNX by itself: onnx and torch are not loaded here. Only files that
`styles/importing/onnx_import.py` has checked may be opened. These networks paint on the CPU even where the
device is a GPU.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import openvino as ov
from openvino import opset13 as ops
from openvino.frontend import FrontEndManager

from styles.contract import PixelRange
from styles.errors import BadCheckpoint
from styles.inference.input_spec import InputSpec
from styles.inference.openvino_backend.memory_estimate import folded_bytes, most_pixels
from styles.inference.openvino_backend.memory_release import ActiveModel
from styles.inference.openvino_backend.runtime import ModelSession, has_bfloat16

Layout = Literal["nchw", "nhwc"]
Precision = Literal["bf16", "f32"]

#: Multiple of sides, pixels, that every network takes, since networks halve them up to five times.
MULTIPLE = 32
#: Least length of sides, pixels: networks pad by reflection.
LEAST = 64
#: Where OpenVINO puts `metadata_props`.
RT_INFO = ("framework",)
#: (factor, offset) that turn bytes into a network's pixel range.
SCALES: Mapping[PixelRange, tuple[float, float]] = {
    "0..1": (1 / 255, 0.0),
    "0..255": (1.0, 0.0),
    "-1..1": (1 / 127.5, -1.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """Describe the input and the output of a network."""

    pixel_range: PixelRange
    layout: Layout  #: of its input
    output: Layout  #: layout of its output
    size: tuple[int, int] | None = None  #: (height, width) of the only image that it paints; None: any
    precision: Precision = "f32"  #: bf16: a test picture came out the same in bfloat16
    multiple: int = MULTIPLE  #: of its sides; a mirrored border completes others

    @property
    def properties(self) -> dict[str, str]:
        """Return the traits as the file's `metadata_props` keep them."""
        texts = {field.name: getattr(self, field.name) for field in fields(self)}
        texts["size"] = "{}x{}".format(*self.size) if self.size else "any"
        return {f"mailbot.{name}": str(text) for name, text in texts.items()}

    @classmethod
    def of(cls, model: ov.Model) -> Traits:
        """Read the traits of a model of `read`. Raises `BadCheckpoint` where the file is no kept file."""
        height, _, width = _property(model, "size").partition("x")
        multiple = _property(model, "multiple") if model.has_rt_info([*RT_INFO, "mailbot.multiple"]) else ""
        return cls(
            pixel_range=_property(model, "pixel_range", PixelRange),
            layout=_property(model, "layout", Layout),
            output=_property(model, "output", Layout),
            size=(int(height), int(width)) if height.isdecimal() and width.isdecimal() else None,
            precision=_property(model, "precision", Precision),
            multiple=int(multiple) if multiple.isdecimal() and 0 < int(multiple) <= MULTIPLE else MULTIPLE,
        )


def _property(model: ov.Model, key: str, values: Any = str) -> Any:
    """Read a property, one of a Literal's `values`."""
    path = [*RT_INFO, f"mailbot.{key}"]
    if not model.has_rt_info(path):
        raise BadCheckpoint("The ONNX file does not say what its network wants: publish it by the registry.")
    text, known = str(model.get_rt_info(path).value), get_args(values)
    if known and text not in known:
        raise BadCheckpoint(f"The ONNX file says {text[:40]!r} where one of {', '.join(known)} is meant.")
    return text


def read(path: Path) -> ov.Model:
    """Read an ONNX file. Raises `BadCheckpoint`."""
    try:
        onnx = FrontEndManager().load_by_framework("onnx")  # by name: the file may look like another format
        return ov.Model(onnx.convert(onnx.load(str(path))))
    except Exception as error:  # the front end's own errors have no base of their own
        raise BadCheckpoint("OpenVINO, which paints, cannot read this ONNX network.", str(error)) from error


def sized(model: ov.Model, layout: Layout, size: tuple[int, int] | None) -> ov.Model:
    """Copy a model for one image of that size, or of any. Raises RuntimeError where it has no such size."""
    height, width = size or (-1, -1)
    copy = model.clone()
    copy.reshape([1, 3, height, width] if layout == "nchw" else [1, height, width, 3])
    return copy


def build(model: ov.Model, traits: Traits) -> ov.Model:
    """Add bytes in and out: (1, H, W, 3) uint8 to the same. Raises `BadCheckpoint` where traits are wrong."""
    try:
        body = sized(model, traits.layout, traits.size)
        return _with_bytes(body, traits)
    except RuntimeError as error:
        raise BadCheckpoint("The ONNX network cannot be given pictures.", str(error)) from error


def _with_bytes(body: ov.Model, traits: Traits) -> ov.Model:
    factor, offset = (np.float32(number) for number in SCALES[traits.pixel_range])
    height, width = traits.size or (-1, -1)
    network_input = body.get_parameters()[0]
    image = ops.parameter([1, height, width, 3], np.uint8, name="image")
    x = ops.add(ops.multiply(ops.convert(image, np.float32), factor), offset)
    x = ops.transpose(x, [0, 3, 1, 2]) if traits.layout == "nchw" else x
    x = ops.convert(x, network_input.get_element_type())
    for user in network_input.output(0).get_target_inputs():
        user.replace_source_output(x.output(0))

    y = ops.convert(body.get_results()[0].input_value(0), np.float32)
    y = ops.transpose(y, [0, 2, 3, 1]) if traits.output == "nchw" else y
    y = ops.clamp(ops.divide(ops.subtract(y, offset), factor), 0.0, 255.0)
    return ov.Model([ops.convert(ops.round(y, "half_to_even"), np.uint8)], [image], "onnx")


class OnnxSession(ModelSession):
    """Paint with a kept ONNX file, an image at a time, since its network may take no batches."""

    def __init__(self, path: Path, threads: int = 0, active_model: ActiveModel | None = None) -> None:
        """Open a file. `threads`: 0 for every core; `active_model`: of the engine. Raises `BadCheckpoint`."""
        model = read(path)
        traits = Traits.of(model)
        fast = traits.precision == "bf16" and has_bfloat16(ov.Core())
        graph = build(model, traits)
        most = most_pixels(graph, 2 if fast else 4)
        spec = InputSpec(multiple=traits.multiple, least=LEAST, most_pixels=most, fixed=traits.size)
        #: Memory beside the file's weights, bytes.
        self.folded_bytes = folded_bytes(graph)
        try:
            super().__init__(graph, spec, threads, active_model, fast=fast)
        except RuntimeError as error:
            raise BadCheckpoint("OpenVINO cannot run this ONNX network.", str(error)) from error
