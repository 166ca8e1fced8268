"""ONNX networks of any architecture, image to image, made into models of bytes in and bytes out.

    Traits        what a network wants, kept in the file's `metadata_props` as `mailbot.…`
    read          an ONNX file -> OpenVINO's model of it, as it is
    sized         the same for the sizes that it paints
    build         the same with bytes in and out, as in `styles/inference/openvino_backend/style_unet.py`
    OnnxSession    a kept file, ready on the CPU: a `styles.inference.session.InferenceSession` whose row is
                   empty

OpenVINO reads ONNX by itself: no onnx and no torch here. A kept file has been checked by
`styles/importing/onnx_import.py` and stands alone; a file that nobody has checked must not come here. These
networks paint on the CPU also where the device is a GPU.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast, get_args

import numpy as np
import numpy.typing as npt
import openvino as ov
from openvino import opset13 as ops
from openvino.frontend import FrontEndManager

from styles.contract import PixelRange
from styles.errors import BadCheckpoint
from styles.inference.input_spec import InputSpec
from styles.inference.openvino_backend.memory_estimate import folded_bytes, most_pixels
from styles.inference.openvino_backend.memory_release import ActiveModel
from styles.inference.openvino_backend.runtime import cpu_options, has_bfloat16, paint_each

if TYPE_CHECKING:
    from styles.imaging.codec import Batch

Node: TypeAlias = Any  # openvino ships no types
Layout = Literal["nchw", "nhwc"]
Precision = Literal["bf16", "f32"]

#: Sides are given in multiples of this and at least so long: networks halve them up to five times, and
#: pad by reflection.
MULTIPLE, LEAST = 32, 64
#: (factor, offset) that make bytes what a network of that range takes.
SCALES: Mapping[PixelRange, tuple[float, float]] = {
    "0..1": (1 / 255, 0.0),
    "0..255": (1.0, 0.0),
    "-1..1": (1 / 127.5, -1.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What a network wants of whoever runs it."""

    pixel_range: PixelRange
    layout: Layout  #: of what it takes
    output: Layout  #: of what it gives
    size: tuple[int, int] | None = None  #: (height, width) of the only picture that it paints
    precision: Precision = "f32"  #: bf16: bfloat16 has been seen to paint the same

    @property
    def properties(self) -> dict[str, str]:
        """As the file's `metadata_props` keep it."""
        size = "{}x{}".format(*self.size) if self.size else "any"
        return {
            "mailbot.pixel_range": self.pixel_range,
            "mailbot.layout": self.layout,
            "mailbot.output": self.output,
            "mailbot.size": size,
            "mailbot.precision": self.precision,
        }

    @classmethod
    def of(cls, model: ov.Model) -> Traits:
        """From what `read` gave. Raises `BadCheckpoint` where the file is none of those that are kept."""
        height, _, width = _property(model, "size").partition("x")
        return cls(
            pixel_range=cast(PixelRange, _one_of(get_args(PixelRange), _property(model, "pixel_range"))),
            layout=cast(Layout, _one_of(get_args(Layout), _property(model, "layout"))),
            output=cast(Layout, _one_of(get_args(Layout), _property(model, "output"))),
            size=(int(height), int(width)) if height.isdecimal() and width.isdecimal() else None,
            precision=cast(Precision, _one_of(get_args(Precision), _property(model, "precision"))),
        )


def _property(model: ov.Model, key: str) -> str:
    path = ["framework", f"mailbot.{key}"]  # where OpenVINO puts metadata_props
    if not model.has_rt_info(path):
        raise BadCheckpoint("The ONNX file does not say what its network wants: publish it by the registry.")
    return str(model.get_rt_info(path).value)


def _one_of(known: tuple[str, ...], text: str) -> str:
    if text not in known:
        raise BadCheckpoint(f"The ONNX file says {text[:40]!r} where one of {', '.join(known)} is meant.")
    return text


def read(path: Path) -> ov.Model:
    """The model of an ONNX file. Raises `BadCheckpoint`."""
    try:
        onnx = FrontEndManager().load_by_framework("onnx")  # whatever else the file may look like
        return ov.Model(onnx.convert(onnx.load(str(path))))
    except Exception as error:  # the front end's own errors have no base of their own
        raise BadCheckpoint("OpenVINO, which paints, cannot read this ONNX network.", str(error)) from error


def sized(model: ov.Model, layout: Layout, size: tuple[int, int] | None) -> ov.Model:
    """A copy for one picture of that size, or of any. Raises RuntimeError where it has no such size."""
    height, width = size or (-1, -1)
    copy = model.clone()
    copy.reshape([1, 3, height, width] if layout == "nchw" else [1, height, width, 3])
    return copy


def build(model: ov.Model, traits: Traits) -> ov.Model:
    """(1, H, W, 3) uint8 -> the same. Raises `BadCheckpoint` where the network isn't of these traits."""
    try:
        body = sized(model, traits.layout, traits.size)
        return _with_bytes(body, traits)
    except RuntimeError as error:
        raise BadCheckpoint("The ONNX network cannot be given pictures.", str(error)) from error


def _with_bytes(body: ov.Model, traits: Traits) -> ov.Model:
    factor, offset = (np.float32(number) for number in SCALES[traits.pixel_range])
    height, width = traits.size or (-1, -1)
    given = body.get_parameters()[0]
    image = ops.parameter([1, height, width, 3], np.uint8, name="image")
    x = ops.add(ops.multiply(ops.convert(image, np.float32), factor), offset)
    x = ops.transpose(x, [0, 3, 1, 2]) if traits.layout == "nchw" else x
    x = ops.convert(x, given.get_element_type())
    for user in given.output(0).get_target_inputs():
        user.replace_source_output(x.output(0))

    y = ops.convert(body.get_results()[0].input_value(0), np.float32)
    y = ops.transpose(y, [0, 2, 3, 1]) if traits.output == "nchw" else y
    y = ops.clamp(ops.divide(ops.subtract(y, offset), factor), 0.0, 255.0)
    return ov.Model([ops.convert(ops.round(y, "half_to_even"), np.uint8)], [image], "onnx")


class OnnxSession:
    """On the CPU, by OpenVINO; a picture at a time, since such networks may know no batches."""

    def __init__(self, path: Path, threads: int = 0, active_model: ActiveModel | None = None) -> None:
        """`threads`: 0 takes every core; `active_model`: of the engine. Raises `BadCheckpoint`."""
        core, model = ov.Core(), read(path)
        traits = Traits.of(model)
        fast = traits.precision == "bf16" and has_bfloat16(core)
        graph = build(model, traits)
        room = most_pixels(graph, 2 if fast else 4)
        self.input_spec = InputSpec(multiple=MULTIPLE, least=LEAST, most_pixels=room, fixed=traits.size)
        #: Memory that it keeps besides its file's weights.
        self.folded_bytes = folded_bytes(graph)
        try:
            self._model = core.compile_model(graph, "CPU", cpu_options(threads, fast=fast))
        except RuntimeError as error:
            raise BadCheckpoint("OpenVINO cannot run this ONNX network.", str(error)) from error
        self._request = self._model.create_infer_request()
        self._active_model = active_model or ActiveModel()

    def paint(self, images: Batch, rows: npt.NDArray[np.float32]) -> Batch:
        """See `InferenceSession.paint`; the rows are empty."""
        return paint_each(self._model, self._request, images, self._active_model)
