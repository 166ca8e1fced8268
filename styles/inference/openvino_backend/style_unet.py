"""Build the network of `styles/networks/style_unet.py` as an OpenVINO model, from a style file's tensors.

OpenVINO is four times faster than torch's eager mode on a CPU. It compiles all sizes at once in a tenth of a
second, and needs neither a compiler nor torch. The whole model takes and gives bytes, so that Python makes no
pass over the image:

    image  (B, H, W, 3) uint8, H and W multiples of `architecture.STRIDE`
    rows   (B, R) float32, a style row for each image, unless the model is built for one style
    ->     (B, H, W, 3) uint8

A test compares the model with the torch network.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import openvino as ov
from openvino import opset13 as ops

from styles.errors import BadCheckpoint, Unpaintable
from styles.formats.architecture import DETAIL_MOST, DETAIL_NOISE, EPSILON, Shape
from styles.formats.style_file import Array
from styles.inference.openvino_backend.runtime import Node
from styles.networks.segments import PIXELS, Affine, Moments, Segment, Step, Tensor, compose, forward
from styles.networks.weight_folding import detail_kernel, folded, transposed


def build(
    network: Mapping[str, Array], row: npt.NDArray[np.float32] | None = None, *, fast: bool = False
) -> ov.Model:
    """Build the model of a base, or of one style: then its row (R,) is a constant, and the input is images.

    `fast`: for processors with bfloat16. Raises `BadCheckpoint` where names or shapes are not the network's.
    """
    try:
        shape = Shape.of(network)
        image = ops.parameter([-1, -1, -1, 3], np.uint8, name="image")
        rows = ops.parameter([-1, shape.row], np.float32, name="rows")
        norm = _norms(rows if row is None else row, shape.norms)
        picture = forward(shape, _StyleUNetLayers(network, fast=fast), image, norm)
        return ov.Model([picture], [image, rows] if row is None else [image], "style-unet")
    except (KeyError, IndexError, ValueError, RuntimeError) as error:
        raise BadCheckpoint("The style file does not hold this project's network.", str(error)) from error


def _norms(rows: Node | npt.NDArray[np.float32], channels: Sequence[int]) -> Callable[[Node], Node]:
    """Build one norm after the other, by rows (B, R) or by one constant row (R,); all scales come first."""
    sizes = [*channels, *channels]
    if isinstance(rows, np.ndarray):
        parts: list[Any] = np.split(rows[None, :, None, None], np.cumsum(sizes)[:-1], axis=1)
    else:
        split = ops.variadic_split(rows, 1, sizes).outputs()
        parts = [_channels_last(ops.unsqueeze(part, [2, 3])) for part in split]
    pairs = zip(parts[: len(channels)], parts[len(channels) :], strict=True)

    def norm(x: Node) -> Node:
        return _affine(ops.mvn(x, [2, 3], True, EPSILON, "inside_sqrt"), *next(pairs))

    return norm


def build_segment(network: Mapping[str, Array], step: Step) -> ov.Model:
    """Build a segment of the list in `styles/networks/segments.py`.

    Parameters, in this order: the tensors that it reads, (1, H, W, 3) uint8 or (1, C, h, w) float16, then
    gain and offset of each norm, (1, C, 1, 1) float32. Results: the tensors that it keeps, of the same types,
    then mean and variance of each line of the tensor to be normed next, (1, C, lines, 1) float32.
    """
    shape = Shape.of(network)
    parameters: list[Node] = []

    def parameter(sizes: Sequence[int], dtype: type) -> Node:
        parameters.append(ops.parameter(sizes, dtype))
        return parameters[-1]

    def read(name: str) -> Node:
        if name == PIXELS:
            return parameter([1, -1, -1, 3], np.uint8)
        return ops.convert(parameter([1, shape.kept[name][0], -1, -1], np.float16), np.float32)

    def norm(x: Node) -> Node:
        sizes = [1, x.get_output_partial_shape(0)[1].get_length(), 1, 1]
        return _affine(x, *(_channels_last(parameter(sizes, np.float32)) for _ in range(2)))

    # The parameters of the tensors to read come first; the segment may use them in another order.
    reads = [read(name) for name in step.reads]
    kept, normed = compose(step, _StyleUNetLayers(network), iter(reads), norm)
    results = kept if normed is None else [ops.convert(x, np.float16) for x in kept]
    if normed is not None:
        mean = ops.reduce_mean(normed, np.array([3]), keep_dims=True)
        spread = ops.reduce_l2(ops.subtract(normed, mean), np.array([3]), keep_dims=True)
        width = ops.convert(ops.gather(ops.shape_of(normed), [3], 0), np.float32)
        results += [mean, ops.divide(ops.multiply(spread, spread), width)]
    return ov.Model(results, parameters, step.name)


def _affine(x: Node, gain: Node, offset: Node) -> Node:
    return ops.add(ops.multiply(x, gain), offset)


def _channels_last(numbers: Node) -> Node:
    """Lay out numbers (B, C, 1, 1) like the result of a convolution.

    OpenVINO chooses a layout by that of most inputs. A row's numbers made it move the channels of each image
    to the front and back again, which took a quarter of the whole time.
    """
    channels = numbers.get_output_partial_shape(0)[1].get_length()
    ones = np.ones((channels, 1, 1, 1, 1), np.float32)
    return ops.group_convolution(numbers, ones, [1, 1], [0, 0], [0, 0], [1, 1])


class _StyleUNetLayers:
    """Build the convolutions, by their names in the file: a `styles.networks.segments.Layers`."""

    def __init__(self, network: Mapping[str, Array], *, fast: bool = False) -> None:
        self._tensors = folded(network)
        self._fast = fast

    def stem(self, pixels: Node) -> Node:
        return self.convolve(ops.space_to_depth(_planar(pixels), "depth_first", 4), "stem")

    def reduce(self, x: Node, name: str) -> Node:
        return self.convolve(x, name, stride=2)

    def enlarge(self, x: Node, name: str) -> Node:
        if not self._fast:
            return ops.depth_to_space(self.convolve(x, name), "depth_first", 2)
        # No pixels are moved afterwards: 3 of 64 ms. Without AVX-512, OpenVINO may lack this convolution.
        kernel = transposed(self._tensors[f"{name}.weight"])
        return ops.convolution_backprop_data(x, kernel, [2, 2], pads_begin=[2, 2], pads_end=[2, 2])

    def out(self, x: Node, photo: Node) -> Node:
        colours = np.zeros((4, 3, 2, 2), np.float32)  # each of 2x2 pixels; half the time of a mean
        colours[np.arange(4), :, [0, 0, 1, 1], [0, 1, 0, 1]] = 1
        light = ops.convolution(_planar(photo), colours, [2, 2], [0, 0], [0, 0], [1, 1])
        x = ops.add(ops.sigmoid(self.convolve(x, "out")), _detail(light))
        x = ops.multiply(ops.clamp(x, 0.0, 1.0), np.float32(255))
        # First to bytes: moving them takes a quarter of the time.
        x = ops.convert(ops.round(x, "half_to_even"), np.uint8)
        return _interleaved(ops.transpose(x, [0, 2, 3, 1]))

    def relu(self, x: Node) -> Node:
        return ops.relu(x)

    def convolve(self, x: Node, name: str, *, stride: int = 1) -> Node:
        """Pad with zeros and convolve: the size stays, or is divided by the stride."""
        kernel = self._tensors[f"{name}.weight"]
        pad = [kernel.shape[2] // 2] * 2
        y = ops.convolution(x, kernel, [stride, stride], pad, pad, [1, 1])
        bias = self._tensors.get(f"{name}.bias")
        return y if bias is None else ops.add(y, bias[None, :, None, None])


def _detail(light: Node) -> Node:
    """Compute the photo's detail (B, 12, H/2, W/2) from the sums of colours (B, 4, H/2, W/2).

    What is lighter and what is darker than its surroundings are channels of their own. So OpenVINO makes two
    convolutions of it, each with what follows: 2 ms of 42. Products and quotients took 7.
    """
    kernel = detail_kernel(half_size=True) / np.float32(3 * 255)
    both = ops.convolution(light, np.concatenate([kernel, -kernel]), [1, 1], [2, 2], [2, 2], [1, 1])
    both = ops.clamp(ops.add(both, np.full((1, 8, 1, 1), -DETAIL_NOISE, np.float32)), 0.0, DETAIL_MOST)
    colours = np.repeat(np.eye(4, dtype=np.float32), 3, axis=0)
    signed = np.concatenate([colours, -colours], axis=1)[:, :, None, None]
    return ops.convolution(both, signed, [1, 1], [0, 0], [0, 0], [1, 1])


def _planar(pixels: Node) -> Node:
    """Reorder pixels (B, H, W, 3) uint8 to (B, 3, H, W) float32."""
    return ops.transpose(ops.convert(pixels, np.float32), [0, 3, 1, 2])


def _interleaved(phases: Node) -> Node:
    """Reshape (B, H/2, W/2, 12), the colours of 2x2 pixels each, to (B, H, W, 3)."""
    sizes = ops.shape_of(phases)
    batch, height, width = (ops.gather(sizes, [axis], 0) for axis in range(3))
    two = np.array([2], np.int64)
    rows = ops.concat([batch, height, width, two, np.array([6], np.int64)], 0)
    whole = ops.concat(
        [batch, ops.multiply(height, two), ops.multiply(width, two), np.array([3], np.int64)], 0
    )
    x = ops.transpose(ops.reshape(phases, rows, special_zero=False), [0, 1, 3, 2, 4])
    return ops.reshape(x, whole, special_zero=False)


class OpenVinoSegments:
    """Compile and run segments on the CPU, for images painted in strips (`styles/inference/tiling.py`)."""

    def __init__(self, network: Mapping[str, Array], core: ov.Core, options: Mapping[str, Any]) -> None:
        """Keep the weights for compiling segments; `options` are those of the whole model."""
        self.shape = Shape.of(network)
        self._network, self._core, self._options = network, core, options

    def buffer(self, channels: int, height: int, width: int) -> Tensor:
        """See `Segments.buffer`."""
        return np.empty((channels, height, width), np.float16).swapaxes(0, 1)

    def segment(self, step: Step) -> Segment:
        """See `Segments.segment`."""
        model = self._core.compile_model(build_segment(self._network, step), "CPU", self._options)
        request = model.create_infer_request()

        def run(reads: Sequence[Tensor], norms: Sequence[Affine]) -> tuple[list[Tensor], Moments | None]:
            inputs = [*map(_to_model, reads), *(part[None, :, None, None] for norm in norms for part in norm)]
            results = list(request.infer(inputs, share_inputs=True).values())
            kept = [_from_model(result) for result in results[: len(step.keeps)]]
            if step.name == "out":
                return kept, None
            for lines in kept:
                require_finite(lines)
            means, variances = (moment[0, :, :, 0].T for moment in results[len(step.keeps) :])
            return kept, (means, variances)

        return run


def _to_model(lines: Tensor) -> Tensor:
    """Reshape pixels (H, W, 3) to (1, H, W, 3), or another tensor (h, C, w) to (1, C, h, w)."""
    if lines.dtype == np.uint8:
        return lines[None]
    return np.ascontiguousarray(lines.swapaxes(0, 1))[None]


def _from_model(result: Tensor) -> Tensor:
    """Reverse `_to_model`."""
    return result[0] if result.dtype == np.uint8 else result[0].swapaxes(0, 1)


def require_finite(kept: Tensor) -> None:
    """Raise `Unpaintable` where a value did not fit into float16: it is infinite, or 65,504, the largest.

    The bits of float16 are compared as integers, which order positive and negative values by their size. That
    takes a tenth of the time of `np.isfinite`.
    """
    if kept.view(np.int16).max() >= 0x7BFF or kept.view(np.uint16).max() >= 0xFBFF:
        raise Unpaintable("the style's network has values that float16 cannot hold")
