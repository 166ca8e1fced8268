"""Check an ONNX file before it is run. Only the sandboxed trial process imports this.

An ONNX file holds no code, but it can name other files as its weights, operators that only some programs
have, and loops that never end. All three are refused. OpenVINO reads the file next. It is native code, so
tensors with a false size must not reach it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from google.protobuf.message import Message  # type: ignore[import-untyped]
from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

from styles.errors import BadCheckpoint
from styles.inference.openvino_backend.onnx import Layout
from styles.service.sanitize import shown

#: Largest file that is read, bytes; the transformer-net has 6.7 MB as ONNX.
MAX_BYTES = 128 * 1024 * 1024
#: Most operators of a network; painting networks have some hundred.
MAX_NODES = 5_000
#: Operators that repeat a graph of their own.
LOOPS = ("Loop", "Scan", "SequenceMap")
#: Names of the only allowed domain of operators.
DOMAINS = ("", "ai.onnx")
#: Characters of onnx's own error that are shown; it holds untrusted names.
MAX_REASON = 200
#: Types that pixels may have.
PIXELS = (TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.UINT8)
#: Types of numbers that can be infinite.
FLOATS = (TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.DOUBLE, TensorProto.BFLOAT16)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageInput:
    """Describe the input of a network."""

    layout: Layout
    size: tuple[int, int] | None  #: (height, width), None: any
    bytes: bool  #: uint8, so that its range is 0..255


def parse(path: Path) -> ModelProto:
    """Read and check an ONNX file. Raises `BadCheckpoint` with the reason."""
    if path.stat().st_size > MAX_BYTES:
        raise BadCheckpoint(f"The ONNX file is larger than {MAX_BYTES >> 20} MiB.")
    try:
        model = onnx.load_model_from_string(path.read_bytes())
        _require_known(model)
        _require_whole(model)
        _require_valid(model)
        _require_finite(model)
    except (BadCheckpoint, MemoryError):
        raise
    except Exception as error:  # the errors of protobuf, onnx and numpy have no common base
        raise BadCheckpoint("The ONNX file is damaged or cut short. Send it again.", str(error)) from error
    return model


def messages(message: Message) -> Iterator[Any]:
    """List a message and all inside it, by content: types may be false. Protobuf reads a hundred levels."""
    yield message
    for field, value in message.ListFields():
        if field.message_type:
            for inner in [value] if isinstance(value, Message) else value:
                yield from messages(inner)


def _require_known(model: ModelProto) -> None:
    if model.functions:
        raise BadCheckpoint(
            f"The network defines functions of its own ({shown(model.functions[0].name)}). Write them out "
            "first: onnx.inliner.inline_local_functions(model)."
        )
    nodes = [node for node in messages(model.graph) if isinstance(node, NodeProto)]
    if not nodes:
        raise BadCheckpoint("The file holds no ONNX network, or it is damaged.")
    if len(nodes) > MAX_NODES:
        raise BadCheckpoint(f"The network has {len(nodes)} operators, at most {MAX_NODES} are read.")
    versions = [opset.version for opset in model.opset_import if opset.domain in DOMAINS]
    for node in nodes:
        _require_operator(node, max(versions, default=1))


def _require_operator(node: NodeProto, version: int) -> None:
    if node.domain not in DOMAINS:
        raise BadCheckpoint(
            f"The network uses the operator {shown(node.op_type)} of {shown(node.domain)}, which only some "
            "programs have. Export it with operators of ONNX itself."
        )
    if node.op_type in LOOPS:
        raise BadCheckpoint(
            f"The network has a loop ({node.op_type}), and nobody can tell how long it takes. "
            "Export it by tracing."
        )
    try:
        onnx.defs.get_schema(node.op_type, version, "")
    except onnx.defs.SchemaError as error:
        raise BadCheckpoint(
            f"ONNX has no operator {shown(node.op_type)} in its version {version}. Export the network anew.",
            str(error),
        ) from error


def _require_whole(model: ModelProto) -> None:
    """Require that every tensor is in the file, and as large as it says."""
    most = 8 * model.ByteSize()
    for tensor in _tensors(model):
        if tensor.data_location == TensorProto.EXTERNAL or tensor.external_data:
            raise BadCheckpoint(
                "The network's weights are in another file. Put them all in one: "
                "onnx.save(onnx.load(PATH), PATH, save_as_external_data=False)."
            )
        if min(tensor.dims, default=0) < 0 or math.prod(tensor.dims) > most:
            raise BadCheckpoint(
                f"The tensor {shown(tensor.name)} says it has {math.prod(tensor.dims):,} numbers, more than "
                "the file can hold."
            )


def _tensors(model: ModelProto) -> Iterator[TensorProto]:
    return (tensor for tensor in messages(model.graph) if isinstance(tensor, TensorProto))


def _require_valid(model: ModelProto) -> None:
    """Let onnx itself check names, types and attributes."""
    try:
        onnx.checker.check_model(model)
    except onnx.checker.ValidationError as error:
        first = shown((str(error).strip().splitlines() or [""])[0], MAX_REASON)
        raise BadCheckpoint(
            f"The ONNX file is not valid: {first.rstrip('.')}. Try onnx.checker on it.", str(error)
        ) from error


def _require_finite(model: ModelProto) -> None:
    """Require finite numbers; a single number alone may be infinite, as a bound without effect."""
    for tensor in _tensors(model):
        if tensor.data_type in FLOATS:
            with np.errstate(over="ignore"):  # values beyond float32 are infinite in painting
                values = numpy_helper.to_array(tensor).astype(np.float32, copy=False)
            if np.isnan(values).any() or (values.size > 1 and np.isinf(values).any()):
                raise BadCheckpoint(
                    f"The tensor {shown(tensor.name)} holds numbers that are not finite: the training "
                    "went wrong. Take an earlier checkpoint."
                )


def network_inputs(model: ModelProto) -> list[ValueInfoProto]:
    """List the inputs of a network that are not weights."""
    weights = {tensor.name for tensor in model.graph.initializer}
    return [value for value in model.graph.input if value.name not in weights]


def sizes(value: ValueInfoProto) -> list[int]:
    """Return the lengths of an input's dimensions, 0 for one that is free."""
    return [max(d.dim_value, 0) for d in value.type.tensor_type.shape.dim]


def is_picture(value: ValueInfoProto) -> bool:
    """Return whether an input has the shape of a colour picture, which has more than one pixel."""
    found = sizes(value)
    layout = _layout(found)
    return layout is not None and 1 not in (found[2:] if layout == "nchw" else found[1:3])


def picture(model: ModelProto) -> ImageInput:
    """Describe the network's input. Raises `BadCheckpoint` unless it takes one picture and gives one."""
    inputs = network_inputs(model)
    for values, verb in ((inputs, "takes"), (list(model.graph.output), "gives")):
        if len(values) != 1:
            names = ", ".join(shown(value.name) for value in values[:5]) or "nothing"
            raise BadCheckpoint(
                f"The network {verb} {names}: it must take one picture and give one. Export it with one "
                "input and one output."
            )
    kind = inputs[0].type.tensor_type.elem_type
    if kind not in PIXELS:
        raise BadCheckpoint(
            f"The network takes {type_name(kind)}: export it with an input of float32, float16 or uint8."
        )
    return _read_shape(inputs[0], is_bytes=kind == TensorProto.UINT8)


def _read_shape(value: ValueInfoProto, *, is_bytes: bool) -> ImageInput:
    found = sizes(value)
    layout = _layout(found)
    if layout is None:
        shape = " x ".join(str(size or "?") for size in found[:8])
        raise BadCheckpoint(
            f"The network takes a tensor of {shape or 'no shape'}. It must take a colour picture: 1 x 3 x "
            "height x width, or 1 x height x width x 3, with the 3 in the file."
        )
    height, width = found[2:] if layout == "nchw" else found[1:3]
    size = (height, width) if height > 0 and width > 0 else None
    return ImageInput(layout=layout, size=size, bytes=is_bytes)


def _layout(found: list[int]) -> Layout | None:
    """Return the layout of a shape, or None where it is no colour picture's."""
    if len(found) != 4:
        return None
    return "nchw" if found[1] == 3 else "nhwc" if found[3] == 3 else None


def type_name(kind: int) -> str:
    """Return the name of a type of numbers."""
    try:
        return str(helper.tensor_dtype_to_np_dtype(kind))
    except KeyError:
        return "no tensor"
