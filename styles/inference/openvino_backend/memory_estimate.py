"""Estimate from a network's graph the memory that it takes.

The StyleUNet paints large photos in strips. All other networks get their photos reduced to what memory
allows. The estimate adds the tensors that are alive at once, as the operations run one by one. OpenVINO took
an eighth more for the transformer-net (bfloat16: 149 bytes a pixel, estimated 132; float32: 294, 264), and up
to 43 % more for this project's network.
"""

from __future__ import annotations

import math
from typing import Any

import openvino as ov

from styles.errors import BadCheckpoint

#: Estimated activations of one image, bytes. OpenVINO then takes up to 1.3 GB, as for the StyleUNet before
#: that paints in strips.
MEMORY = 1_000_000_000
#: Side of the image on which tensors are counted, pixels; a multiple of the steps of all networks.
SIDE = 256
#: Folded tensors stay float32, also where the network paints in bfloat16.
FLOAT_BYTES = 4


def most_pixels(model: ov.Model, float_bytes: int) -> int:
    """Return the pixels that a model of bytes in and out can paint within `MEMORY`."""
    return int(MEMORY / max(1.0, bytes_per_pixel(model, float_bytes)))


def bytes_per_pixel(model: ov.Model, float_bytes: int) -> float:
    """Return the activations alive at once for each pixel; `float_bytes` is 2 in bfloat16.

    Raises `BadCheckpoint` where the size of a tensor depends on the content of the image.
    """
    shape = model.input(0).get_partial_shape()
    height, width = (shape[i].get_length() if shape[i].is_static else SIDE for i in (1, 2))
    sized = model.clone()
    sized.reshape([1, height, width, 3])
    return _peak(sized, float_bytes) / (height * width)


def folded_bytes(model: ov.Model) -> int:
    """Return the bytes of the tensors that depend on no image: they are computed when the model is compiled.

    Weights in the file itself are not counted. Raises as `bytes_per_pixel`.
    """
    return _folded(model, {parameter.get_name() for parameter in model.get_parameters()})


def _folded(model: ov.Model, dependent: set[str]) -> int:
    """Count the folded tensors that are results, or used together with an image; others are freed again.

    `dependent`: names of the parameters that depend on an image; all other dependent operations are added.
    """
    folded, taken = [], 0
    for op in model.get_ordered_ops():
        taken += _folded_in_branches(op, dependent)
        if _reads(op, dependent):
            dependent.add(op.get_name())
        elif op.get_type_name() not in ("Constant", "Parameter", "Result"):
            folded.append(op)
    stays = [o for op in folded for o in op.outputs() if _is_used(o, dependent)]
    return taken + sum(_bytes(output, FLOAT_BYTES) for output in stays)


def _branches(op: Any) -> tuple[ov.Model, ...]:
    """Return the graphs inside an operation: the two of an `If`."""
    return (op.get_then_body(), op.get_else_body()) if op.get_type_name() == "If" else ()


def _folded_in_branches(op: Any, dependent: set[str]) -> int:
    taken = 0
    for number, branch in enumerate(_branches(op)):
        parameters = branch.get_parameters()
        read = {
            parameters[link.body_parameter_index].get_name()
            for link in op.get_input_descriptions(number)
            if op.input_value(link.input_index).get_node().get_name() in dependent
        }
        taken += _folded(branch, read)
    return taken


def _reads(op: Any, dependent: set[str]) -> bool:
    """Return whether an operation depends on an image; the shape of a fixed size does not."""
    if op.get_type_name() == "ShapeOf" and op.input_value(0).get_partial_shape().is_static:
        return False
    return any(value.get_node().get_name() in dependent for value in op.input_values())


def _is_used(output: Any, dependent: set[str]) -> bool:
    users = [user.get_node() for user in output.get_target_inputs()]
    return any(user.get_name() in dependent or user.get_type_name() == "Result" for user in users)


def _peak(model: ov.Model, float_bytes: int) -> int:
    """Return the most bytes that are alive at once."""
    steps = [op for op in model.get_ordered_ops() if op.get_type_name() != "Constant"]
    place = {op.get_name(): step for step, op in enumerate(steps)}
    ends: list[int] = [0] * (len(steps) + 1)  # bytes that are freed after a step
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
    size: int = float_bytes if kind.is_real() else kind.size
    return size * math.prod(map(int, shape.to_shape()))
