"""Build the StyleUNet's convolutions, and the ways of pixels into it and out of it, for OpenVINO.

    pixels (B, H, W, 3) uint8 -> columns (B, 12, H, W/4), which the stem and the photo's light read
    (B, 12, H/2, W/2) in 0..1 -> words (B, H/2, 2, W/2, 3) uint16: two bytes each, as they lie in a picture

OpenVINO reorders a tensor wherever two operations want it differently, and a reordering takes as long as a
small convolution. Its conversion of numbers to bytes is as slow as three of them. To words it is fast, and
half as many words are moved afterwards. With both, a photo of 1024x683 takes a twelfth less time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from openvino import opset13 as ops

from styles.errors import BadCheckpoint
from styles.formats.architecture import DETAIL, DETAIL_MOST, DETAIL_NOISE, Shape
from styles.formats.style_file import Array
from styles.imaging.codec import PixelBatch
from styles.inference.openvino_backend.runtime import Node
from styles.networks.weight_folding import (
    ENLARGING,
    FoldedWeights,
    by_lines,
    detail_kernel,
    folded,
    transposed,
)

#: Pixels of the picture as words of two bytes, (B, H/2, 2, W/2, 3).
Words = npt.NDArray[np.uint16]
#: Kernel (12, 4, 1, 1) that gives the detail of 2x2 pixels to their three colours.
_COLOURS: FoldedWeights = np.repeat(np.eye(4, dtype=np.float32), 3, axis=0)[:, :, None, None]


def as_pixels(words: Words) -> PixelBatch:
    """View the words that a model writes as pixels (B, H, W, 3)."""
    batch, height, _, width, _ = words.shape
    return words.view(np.uint8).reshape(batch, 2 * height, 2 * width, 3)


class FoldedNetwork:
    """Hold the weights of a base as OpenVINO computes with them. All models of a base share their memory."""

    def __init__(self, network: Mapping[str, Array], *, fast: bool = False) -> None:
        """Fold the weights. `fast`: for processors with bfloat16.

        Raises `BadCheckpoint` where names or shapes are not the network's.
        """
        self.shape, self.fast = Shape.of(network), fast
        if {name: tensor.shape for name, tensor in network.items()} != self.shape.tensors:
            raise BadCheckpoint("The style file does not hold this project's network.")
        tensors = folded(network)
        tensors["stem.weight"] = by_lines(tensors["stem.weight"])
        for name in ENLARGING if fast else ():
            tensors[f"{name}.weight"] = transposed(tensors[f"{name}.weight"])
        tensors["out.bias"] = tensors["out.bias"][None, :, None, None]
        if self.shape.scales_detail:
            tensors[DETAIL] = tensors[DETAIL] * _COLOURS
        #: Weights by their names in the file, in the same order for every base.
        self.weights = {name: np.ascontiguousarray(tensor) for name, tensor in sorted(tensors.items())}


class OpenVinoLayers:
    """Build the convolutions, by their names in the file: a `styles.networks.segments.Layers`.

    Pictures come out as words, see `as_pixels`.
    """

    def __init__(self, network: FoldedNetwork, *, constant: bool = True) -> None:
        """`constant`: the weights are part of the model. Or else they are inputs, `parameters`."""
        make = _constant if constant else _parameter
        self._weights = {name: make(weight) for name, weight in network.weights.items()}
        self._network = network
        #: The weights in the order of `FoldedNetwork.weights`, where they are inputs.
        self.parameters = [] if constant else list(self._weights.values())

    def stem(self, pixels: Node) -> Node:
        """See `Layers.stem`."""
        return ops.convolution(_columns(pixels), self._weights["stem.weight"], [4, 1], [4, 1], [4, 1], [1, 1])

    def reduce(self, x: Node, name: str) -> Node:
        """See `Layers.reduce`."""
        return self.convolve(x, name, stride=2)

    def enlarge(self, x: Node, name: str) -> Node:
        """See `Layers.enlarge`."""
        if not self._network.fast:
            return ops.depth_to_space(self.convolve(x, name), "depth_first", 2)
        # No pixels are moved afterwards: 3 of 64 ms. Without AVX-512, OpenVINO may lack this convolution.
        kernel = self._weights[f"{name}.weight"]
        return ops.convolution_backprop_data(x, kernel, [2, 2], pads_begin=[2, 2], pads_end=[2, 2])

    def out(self, x: Node, photo: Node) -> Node:
        """See `Layers.out`; it returns words."""
        x = ops.add(ops.sigmoid(self.convolve(x, "out")), _detail(photo, self._weights.get(DETAIL, _COLOURS)))
        x = ops.multiply(ops.clamp(x, 0.0, 1.0), np.float32(255))
        return _words(ops.round(x, "half_to_even"))

    def relu(self, x: Node) -> Node:
        """See `Layers.relu`."""
        return ops.relu(x)

    def convolve(self, x: Node, name: str, *, stride: int = 1) -> Node:
        """Pad with zeros and convolve: the size stays, or is divided by the stride."""
        y = _convolution(x, self._weights[f"{name}.weight"], stride)
        bias = self._weights.get(f"{name}.bias")
        return y if bias is None else ops.add(y, bias)


def _constant(weight: FoldedWeights) -> Node:
    return ops.constant(weight, shared_memory=True)


def _parameter(weight: FoldedWeights) -> Node:
    return ops.parameter(list(weight.shape), np.float32)


def _convolution(x: Node, kernel: Node | FoldedWeights, stride: int = 1) -> Node:
    pad = [kernel.shape[2] // 2] * 2
    return ops.convolution(x, kernel, [stride, stride], pad, pad, [1, 1])


def _columns(pixels: Node) -> Node:
    """Reshape pixels (B, H, W, 3) uint8 to (B, 12, H, W/4) float32: 4 pixels of a line, (column, colour)."""
    x = ops.reshape(pixels, np.array([0, 0, -1, 12]), special_zero=True)
    return ops.convert(ops.transpose(x, [0, 3, 1, 2]), np.float32)


def _detail(photo: Node, colours: Node | FoldedWeights) -> Node:
    """Compute the detail (B, 12, H/2, W/2) of a photo (B, H, W, 3) uint8: see `architecture.DETAIL_NOISE`.

    `colours` is `_COLOURS`, or parts of it.

    At a quarter of the size, for blocks of 4x4 pixels, its 9x9 become 3x3: 1.5 of 28 ms in all.
    """
    sums = np.zeros((16, 12, 4, 1), np.float32)
    for row, column in np.ndindex(4, 4):
        sums[4 * row + column, 3 * column : 3 * column + 3, row] = 1
    light = ops.convolution(_columns(photo), sums, [4, 1], [0, 0], [0, 0], [1, 1])  # (B, 16, H/4, W/4)
    kernel = detail_kernel(block=4) / np.float32(3 * 255)
    # From (row, column) of 4x4 to that of 2x2 pixels, and then to the place of those in the block.
    phases = kernel.reshape(2, 2, 2, 2, *kernel.shape[1:]).transpose(1, 3, 0, 2, 4, 5, 6)
    difference = _convolution(light, np.ascontiguousarray(phases).reshape(kernel.shape))
    most = DETAIL_MOST + DETAIL_NOISE
    noise = ops.clamp(difference, -DETAIL_NOISE, DETAIL_NOISE)
    detail = ops.subtract(ops.clamp(difference, -most, most), noise)
    return _convolution(ops.depth_to_space(detail, "depth_first", 2), colours)


def _words(levels: Node) -> Node:
    """Combine levels (B, 12, H/2, W/2) of 0..255, (row, column, colour), to words (B, H/2, 2, W/2, 3).

    The levels and the weights are exact in bfloat16, and the sums in float32.
    """
    bytes_of_word = np.zeros((6, 12, 1, 1), np.float32)
    bytes_of_word[np.arange(6), 2 * np.arange(6)] = 1
    bytes_of_word[np.arange(6), 2 * np.arange(6) + 1] = 256
    # The limits change nothing. But with them OpenVINO keeps the result of its convolution in float32.
    words = ops.clamp(_convolution(levels, bytes_of_word), 0.0, 65535.0)
    sizes = ops.shape_of(words)
    batch, height, width = (ops.gather(sizes, [axis], 0) for axis in (0, 2, 3))
    rows = ops.concat([batch, np.array([2, 3]), height, width], 0)
    whole = ops.reshape(ops.convert(words, np.uint16), rows, special_zero=False)
    return ops.transpose(whole, [0, 3, 1, 4, 2])


def channels_last(numbers: Any) -> Node:
    """Lay out numbers (B, C, 1, 1) like the result of a convolution.

    OpenVINO chooses a layout by that of most inputs. A row's numbers made it move the channels of each image
    to the front and back again, which took a quarter of the whole time.
    """
    channels = numbers.get_output_partial_shape(0)[1].get_length()
    ones = np.ones((channels, 1, 1, 1, 1), np.float32)
    return ops.group_convolution(numbers, ones, [1, 1], [0, 0], [0, 0], [1, 1])
