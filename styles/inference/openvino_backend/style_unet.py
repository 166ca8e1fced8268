"""The network of `styles/networks/style_unet.py` as an OpenVINO model, built from a style file's tensors.

    build           the whole network
    build_segment   what lies between two norms (`openvino_backend/segments.py` runs it)

OpenVINO is four times faster than torch's eager mode on a CPU, compiles in a tenth of a second for all
sizes at once, and needs neither a compiler nor torch. The whole model takes and gives bytes, so that no pass
over the picture is left to Python:

    image  (B, H, W, 3) uint8, H and W multiples of `architecture.STRIDE`
    rows   (B, R) float32, a style row for each image, unless the model is that of one style
    ->     (B, H, W, 3) uint8

`tests/styles/inference/openvino_backend/test_style_unet.py` holds it to the torch network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import openvino as ov
from openvino import opset13 as ops

from styles.errors import BadCheckpoint
from styles.formats.architecture import EPSILON, Shape
from styles.networks.segments import PIXELS, Step, compose
from styles.networks.weight_folding import folded, transposed

Node: TypeAlias = Any  # openvino ships no types
Array = npt.NDArray[np.float16]


def build(
    network: Mapping[str, Array], row: npt.NDArray[np.float32] | None = None, *, fast: bool = False
) -> ov.Model:
    """Build the model of a base, or of a single style: then its row (R,) is in it and it takes images alone.

    `fast`: for processors with bfloat16. Raises `BadCheckpoint` when names or shapes are not the network's.
    """
    try:
        return _build(network, row, _StyleUNetLayers(network, fast=fast))
    except (KeyError, IndexError, ValueError, RuntimeError) as error:
        raise BadCheckpoint("The style file does not hold this project's network.", str(error)) from error


def _build(
    network: Mapping[str, Array], row: npt.NDArray[np.float32] | None, layers: _StyleUNetLayers
) -> ov.Model:
    shape = Shape.of(network)
    image = ops.parameter([-1, -1, -1, 3], np.uint8, name="image")
    rows = ops.parameter([-1, shape.row], np.float32, name="rows")
    pairs = _given(rows, shape.norms) if row is None else _fixed(row, shape.norms)
    norm = _norms(pairs)

    def residual(x: Node, name: str) -> Node:
        y = layers.relu(norm(layers.convolve(x, f"{name}.first")))
        return ops.add(x, norm(layers.convolve(y, f"{name}.second")))

    skip = layers.relu(norm(layers.stem(image)))
    x = layers.relu(norm(layers.reduce(skip, "down8")))
    for block in range(shape.outer_blocks):
        x = residual(x, f"encode.{block}")
    y = layers.relu(norm(layers.reduce(x, "down16")))
    for block in range(shape.inner_blocks):
        y = residual(y, f"inner.{block}")
    x = ops.add(x, norm(layers.enlarge(y, "up8")))
    for block in range(shape.outer_blocks):
        x = residual(x, f"decode.{block}")
    x = layers.relu(ops.add(norm(layers.enlarge(x, "up4")), skip))
    x = layers.relu(norm(layers.enlarge(x, "up2")))
    return ov.Model([layers.out(x)], [image, rows] if row is None else [image], "style-unet")


def _norms(pairs: Iterator[tuple[Node, Node]]) -> Callable[[Node], Node]:
    """Normalizes one after the other by these scales and shifts."""

    def norm(x: Node) -> Node:
        return _affine(ops.mvn(x, [2, 3], True, EPSILON, "inside_sqrt"), *next(pairs))

    return norm


def _given(rows: Node, channels: Sequence[int]) -> Iterator[tuple[Node, Node]]:
    """Scale and shift of each norm from rows (B, R); all scales come first in them."""
    parts = ops.variadic_split(rows, 1, [*channels, *channels]).outputs()
    shaped = [_channels_last(ops.unsqueeze(part, [2, 3])) for part in parts]
    return zip(shaped[: len(channels)], shaped[len(channels) :], strict=True)


def _fixed(row: npt.NDArray[np.float32], channels: Sequence[int]) -> Iterator[tuple[Node, Node]]:
    """The same from the row (R,) of one style, as constants."""
    parts = np.split(row[None, :, None, None], np.cumsum([*channels, *channels])[:-1], axis=1)
    return zip(parts[: len(channels)], parts[len(channels) :], strict=True)


def build_segment(network: Mapping[str, Array], step: Step) -> ov.Model:
    """Build a segment as `styles/networks/segments.py` lists them.

    Its parameters, in this order: what it reads, (1, H, W, 3) uint8 or (1, C, h, w) float16, then gain and
    offset of each norm, (1, C, 1, 1) float32. Its results: what it keeps, of the same types, then mean and
    variance of each line of what is normed next, (1, C, lines, 1) float32.
    """
    shape = Shape.of(network)
    given: list[Node] = []

    def parameter(sizes: Sequence[int], dtype: type) -> Node:
        given.append(ops.parameter(sizes, dtype))
        return given[-1]

    def read(name: str) -> Node:
        if name == PIXELS:
            return parameter([1, -1, -1, 3], np.uint8)
        return ops.convert(parameter([1, shape.kept[name][0], -1, -1], np.float16), np.float32)

    def norm(x: Node) -> Node:
        sizes = [1, x.get_output_partial_shape(0)[1].get_length(), 1, 1]
        return _affine(x, *(_channels_last(parameter(sizes, np.float32)) for _ in range(2)))

    # The parameters of what is read come first, whatever order the segment uses them in.
    reads = [read(name) for name in step.reads]
    kept, normed = compose(step, _StyleUNetLayers(network), iter(reads), norm)
    results = kept if normed is None else [ops.convert(x, np.float16) for x in kept]
    if normed is not None:
        mean = ops.reduce_mean(normed, np.array([3]), keep_dims=True)
        spread = ops.reduce_l2(ops.subtract(normed, mean), np.array([3]), keep_dims=True)
        width = ops.convert(ops.gather(ops.shape_of(normed), [3], 0), np.float32)
        results += [mean, ops.divide(ops.multiply(spread, spread), width)]
    return ov.Model(results, given, step.name)


def _affine(x: Node, gain: Node, offset: Node) -> Node:
    return ops.add(ops.multiply(x, gain), offset)


def _channels_last(numbers: Node) -> Node:
    """The same (B, C, 1, 1), laid out as a convolution's result is.

    OpenVINO lays out what it calculates as most of the inputs are. With a row's numbers, which are not a
    convolution's, it put each picture's channels first and back again: a quarter of the whole time.
    """
    channels = numbers.get_output_partial_shape(0)[1].get_length()
    ones = np.ones((channels, 1, 1, 1, 1), np.float32)
    return ops.group_convolution(numbers, ones, [1, 1], [0, 0], [0, 0], [1, 1])


class _StyleUNetLayers:
    """The convolutions, by their names in the file: a `styles.networks.segments.Layers`."""

    def __init__(self, network: Mapping[str, Array], *, fast: bool = False) -> None:
        self._tensors = folded(network)
        self._fast = fast

    def stem(self, pixels: Node) -> Node:
        x = ops.transpose(ops.convert(pixels, np.float32), [0, 3, 1, 2])
        return self.convolve(ops.space_to_depth(x, "depth_first", 4), "stem")

    def reduce(self, x: Node, name: str) -> Node:
        return self.convolve(x, name, stride=2)

    def enlarge(self, x: Node, name: str) -> Node:
        if not self._fast:
            return ops.depth_to_space(self.convolve(x, name), "depth_first", 2)
        # Spares the moving afterwards, 3 of 64 ms; without AVX-512, OpenVINO may know no such convolution.
        kernel = transposed(self._tensors[f"{name}.weight"])
        return ops.convolution_backprop_data(x, kernel, [2, 2], pads_begin=[2, 2], pads_end=[2, 2])

    def out(self, x: Node) -> Node:
        x = ops.multiply(ops.sigmoid(self.convolve(x, "out")), np.float32(255))
        # To bytes first: a picture of them is moved in a quarter of the time.
        x = ops.convert(ops.round(x, "half_to_even"), np.uint8)
        return _interleaved(ops.transpose(x, [0, 2, 3, 1]))

    def relu(self, x: Node) -> Node:
        return ops.relu(x)

    def convolve(self, x: Node, name: str, *, stride: int = 1) -> Node:
        """Padding with zeros keeps the size, or divides it by the stride."""
        kernel = self._tensors[f"{name}.weight"]
        pad = [kernel.shape[2] // 2] * 2
        y = ops.convolution(x, kernel, [stride, stride], pad, pad, [1, 1])
        bias = self._tensors.get(f"{name}.bias")
        return y if bias is None else ops.add(y, bias[None, :, None, None])


def _interleaved(phases: Node) -> Node:
    """(B, H/2, W/2, 12), the colours of 2x2 pixels each, -> (B, H, W, 3)."""
    sizes = ops.shape_of(phases)
    batch, height, width = (ops.gather(sizes, [axis], 0) for axis in range(3))
    two = np.array([2], np.int64)
    rows = ops.concat([batch, height, width, two, np.array([6], np.int64)], 0)
    whole = ops.concat(
        [batch, ops.multiply(height, two), ops.multiply(width, two), np.array([3], np.int64)], 0
    )
    x = ops.transpose(ops.reshape(phases, rows, special_zero=False), [0, 1, 3, 2, 4])
    return ops.reshape(x, whole, special_zero=False)
