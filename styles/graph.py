"""The network of `styles/network.py` as an OpenVINO model, built from a style file's tensors.

OpenVINO is four times faster than torch's eager mode on a CPU, compiles in a tenth of a second for all
sizes at once, and needs neither a compiler nor torch. The model takes and gives bytes, so that no pass
over the picture is left to Python:

    image  (B, H, W, 3) uint8, H and W multiples of `architecture.STRIDE`
    rows   (B, R) float32, a style row for each image
    ->     (B, H, W, 3) uint8

`tests/styles/test_graph.py` holds it to the torch network.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import openvino as ov
from openvino import opset13 as ops

from styles.architecture import EPSILON, Shape
from styles.errors import BadCheckpoint

Node: TypeAlias = Any  # openvino ships no types
Array = npt.NDArray[np.float16]
Norms: TypeAlias = Iterator[tuple[Node, Node]]


def build(network: Mapping[str, Array]) -> ov.Model:
    """The model of a base. Raises `BadCheckpoint` when names or shapes are not the network's."""
    try:
        return _build(network)
    except (KeyError, IndexError, ValueError, RuntimeError) as error:
        raise BadCheckpoint("The style file does not hold our network.", str(error)) from error


def _build(network: Mapping[str, Array]) -> ov.Model:
    image = ops.parameter([-1, -1, -1, 3], np.uint8, name="image")
    shape = Shape.of(network)
    rows = ops.parameter([-1, shape.row], np.float32, name="rows")
    norms = _split(rows, shape.norms)
    weights = _Weights(network)

    x = ops.transpose(ops.convert(image, np.float32), [0, 3, 1, 2])
    x = ops.space_to_depth(ops.multiply(x, np.float32(1 / 255)), "depth_first", 2)
    x = ops.relu(_normalize(weights.convolve(x, "stem"), norms))
    x = ops.relu(_normalize(weights.convolve(x, "down", stride=2), norms))
    for index in range(shape.blocks):
        x = _block(x, f"blocks.{index}", weights, norms)
    x = ops.interpolate(x, np.array([2, 2], np.float32), "nearest", "scales", axes=[2, 3])
    x = ops.relu(_normalize(weights.convolve(x, "up"), norms))
    x = ops.relu(_normalize(weights.convolve(x, "head"), norms))
    x = ops.sigmoid(weights.convolve(ops.depth_to_space(x, "depth_first", 2), "out"))

    x = ops.transpose(ops.multiply(x, np.float32(255)), [0, 2, 3, 1])
    x = ops.convert(ops.round(x, "half_to_even"), np.uint8)
    return ov.Model([x], [image, rows], "stylenet")


def _block(x: Node, name: str, weights: _Weights, norms: Norms) -> Node:
    y = _normalize(weights.convolve(x, f"{name}.spatial", depthwise=True), norms)
    y = ops.relu(weights.convolve(y, f"{name}.widen"))
    return ops.add(x, _normalize(weights.convolve(y, f"{name}.narrow"), norms))


def _split(rows: Node, channels: Sequence[int]) -> Norms:
    """A (scale, shift) pair of shape (B, C, 1, 1) for each norm; all scales come first in a row."""
    parts = ops.variadic_split(rows, 1, [*channels, *channels]).outputs()
    shaped = [ops.unsqueeze(part, [2, 3]) for part in parts]
    return iter(zip(shaped[: len(channels)], shaped[len(channels) :], strict=True))


def _normalize(x: Node, norms: Norms) -> Node:
    scale, shift = next(norms)
    y = ops.mvn(x, [2, 3], True, EPSILON, "inside_sqrt")
    return ops.add(ops.multiply(y, scale), shift)


class _Weights:
    """Convolutions by their names in the file; padding keeps the size, as in `network._conv`."""

    def __init__(self, network: Mapping[str, Array]) -> None:
        self.network = network

    def convolve(self, x: Node, name: str, *, stride: int = 1, depthwise: bool = False) -> Node:
        kernel = self.network[f"{name}.weight"].astype(np.float32)
        pad = [kernel.shape[2] // 2] * 2
        strides, dilations = [stride, stride], [1, 1]
        if depthwise:
            y = ops.group_convolution(x, kernel[:, None], strides, pad, pad, dilations)
        else:
            y = ops.convolution(x, kernel, strides, pad, pad, dilations)
        bias = self.network.get(f"{name}.bias")
        return y if bias is None else ops.add(y, bias.astype(np.float32)[None, :, None, None])
