"""What a network takes of memory, read off its graph.

    most_pixels     of photos, while it paints
    folded_bytes    what it makes of its numbers alone, and keeps as long as it is loaded

Our own network paints large photos in strips; one that we do not know is given photos only as large as it
has room for. Counted are the tensors that are alive at once, the graph's operations done one by one.
OpenVINO took a tenth more than that for the transformer-net (bfloat16: 290 bytes a pixel, counted 258;
float32: 560, 516), and up to 43 % more for ours.
"""

from __future__ import annotations

from typing import Any

import openvino as ov

from styles.errors import BadCheckpoint

#: Activations of one picture as counted here, bytes; OpenVINO then takes up to what it does for our network
#: before that paints in strips, 1.3 GB.
MEMORY = 1_000_000_000
#: Side of the picture on which tensors are counted, pixels; a multiple of what networks divide sides by.
SIDE = 256
#: What is folded is kept as float32, whatever the network then paints in.
FLOAT_BYTES = 4


def most_pixels(model: ov.Model, float_bytes: int) -> int:
    """Pixels that a model of bytes in and out (`styles/inference/openvino_backend/style_unet.py`) can paint
    within `MEMORY`.
    """
    return int(MEMORY / max(1.0, bytes_per_pixel(model, float_bytes)))


def bytes_per_pixel(model: ov.Model, float_bytes: int) -> float:
    """Activations alive at once for a pixel of the picture; `float_bytes` is 2 in bfloat16.

    Raises `BadCheckpoint` where the graph has sizes that depend on what is in the picture.
    """
    shape = model.input(0).get_partial_shape()
    height, width = (shape[i].get_length() if shape[i].is_static else SIDE for i in (1, 2))
    sized = model.clone()
    sized.reshape([1, height, width, 3])
    return _peak(sized, float_bytes) / (height * width)


def folded_bytes(model: ov.Model) -> int:
    """Bytes of the tensors that hang on no picture: they are worked out once, when the model is compiled.

    Those that are written in the file itself are not counted. Raises as `bytes_per_pixel`.
    """
    return _folded(model, {parameter.get_name() for parameter in model.get_parameters()})


def _folded(model: ov.Model, painted: set[str]) -> int:
    """Counted is what is used together with a picture, or is the result: the rest goes again.

    `painted`: the names of the model's parameters that hang on a picture; all else that does is added.
    """
    folded, taken = [], 0
    for op in model.get_ordered_ops():
        kind = op.get_type_name()
        taken += _folded_in_branches(op, painted)
        if _reads(op, painted):
            painted.add(op.get_name())
        elif kind not in ("Constant", "Parameter", "Result"):
            folded.append(op)
    stays = [o for op in folded for o in op.outputs() if _is_used(o, painted)]
    return taken + sum(_bytes(output, FLOAT_BYTES) for output in stays)


def _branches(op: Any) -> tuple[ov.Model, ...]:
    """The graphs in an operation: those of an `If`."""
    return (op.get_then_body(), op.get_else_body()) if op.get_type_name() == "If" else ()


def _folded_in_branches(op: Any, painted: set[str]) -> int:
    taken = 0
    for number, branch in enumerate(_branches(op)):
        given = branch.get_parameters()
        read = {
            given[way.body_parameter_index].get_name()
            for way in op.get_input_descriptions(number)
            if op.input_value(way.input_index).get_node().get_name() in painted
        }
        taken += _folded(branch, read)
    return taken


def _reads(op: Any, painted: set[str]) -> bool:
    """Whether an operation needs a picture; for a shape that is fixed, none does."""
    if op.get_type_name() == "ShapeOf" and op.input_value(0).get_partial_shape().is_static:
        return False
    return any(value.get_node().get_name() in painted for value in op.input_values())


def _is_used(output: Any, painted: set[str]) -> bool:
    users = [given.get_node() for given in output.get_target_inputs()]
    return any(user.get_name() in painted or user.get_type_name() == "Result" for user in users)


def _peak(model: ov.Model, float_bytes: int) -> int:
    steps = [op for op in model.get_ordered_ops() if op.get_type_name() != "Constant"]
    place = {op.get_name(): step for step, op in enumerate(steps)}
    ends: list[int] = [0] * (len(steps) + 1)  # bytes that are free after a step
    alive = peak = 0
    for step, op in enumerate(steps):
        size = 0
        for output in op.outputs():
            users = [place.get(i.get_node().get_name(), step) for i in output.get_target_inputs()]
            taken = _bytes(output, float_bytes)
            ends[max(users, default=step)] += taken
            size += taken
        alive += size
        inside = (_peak(branch, float_bytes) for branch in _branches(op))
        peak = max(peak, alive + max(inside, default=0))
        alive -= ends[step]
    return peak


def _bytes(output: Any, float_bytes: int) -> int:
    shape, kind = output.get_partial_shape(), output.get_element_type()
    if shape.is_dynamic:
        raise BadCheckpoint(
            "The network makes tensors whose size depends on what is in the photo, so nobody can tell what "
            "memory it takes. Export it without such operators (NonZero, Compress, loops)."
        )
    size = float_bytes if kind.is_real() else kind.size
    elements = 1
    for length in shape.to_shape():
        elements *= length
    return int(elements * size)
