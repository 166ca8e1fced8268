"""What a network takes of memory, read off its graph.

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


def most_pixels(model: ov.Model, float_bytes: int) -> int:
    """Pixels that a model of bytes in and out (`styles/graph.py`) can paint within `MEMORY`."""
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


def _peak(model: ov.Model, float_bytes: int) -> int:
    steps = [op for op in model.get_ordered_ops() if op.get_type_name() != "Constant"]
    place = {op.get_friendly_name(): step for step, op in enumerate(steps)}
    ends: list[int] = [0] * (len(steps) + 1)  # bytes that are free after a step
    alive = peak = 0
    for step, op in enumerate(steps):
        size = 0
        for output in op.outputs():
            users = [place.get(i.get_node().get_friendly_name(), step) for i in output.get_target_inputs()]
            taken = _bytes(output, float_bytes)
            ends[max(users, default=step)] += taken
            size += taken
        alive += size
        peak = max(peak, alive)
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
