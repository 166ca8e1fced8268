"""Build the network of `styles/networks/style_unet.py` as an OpenVINO model, from a style file's tensors.

OpenVINO is four times faster than torch's eager mode on a CPU. It compiles all sizes at once in a tenth of a
second, and needs neither a compiler nor torch. The whole model takes and gives bytes, so that Python makes no
pass over the image:

    image  (B, H, W, 3) uint8, H and W multiples of `architecture.STRIDE`
    rows   (B, R) float32, a style row for each image, and the weights, unless it is built for one style
    ->     (B, H/2, 2, W/2, 3) uint16: the picture (B, H, W, 3) uint8, see `layers.as_pixels`

A test compares the model with the torch network.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import openvino as ov
from openvino import opset13 as ops

from styles.errors import Unpaintable
from styles.formats.architecture import EPSILON
from styles.inference.openvino_backend.layers import (
    FoldedNetwork,
    OpenVinoLayers,
    as_pixels,
    channels_last,
)
from styles.inference.openvino_backend.runtime import Node
from styles.networks.segments import PIXELS, Affine, Moments, Segment, Step, Tensor, compose, forward


def build(network: FoldedNetwork, row: npt.NDArray[np.float32] | None = None) -> ov.Model:
    """Build the model of all bases of a shape; with a row (R,) that of one style, whose input is images.

    That of all bases has the weights as inputs too, in the order of `FoldedNetwork.weights`. That takes 1 ms
    of 32 more than constants. But a base is ready as soon as its weights are folded, in 5 ms instead of 160.
    """
    shape, layers = network.shape, OpenVinoLayers(network, constant=row is not None)
    image = ops.parameter([-1, -1, -1, 3], np.uint8, name="image")
    rows = ops.parameter([-1, shape.row], np.float32, name="rows")
    picture = forward(shape, layers, image, _norms(rows if row is None else row, shape.norms))
    inputs = [image, rows, *layers.parameters] if row is None else [image]
    return ov.Model([picture], inputs, "style-unet")


def _norms(rows: Node | npt.NDArray[np.float32], channels: Sequence[int]) -> Callable[[Node], Node]:
    """Build one norm after the other, by rows (B, R) or by one constant row (R,); all scales come first."""
    sizes = [*channels, *channels]
    if isinstance(rows, np.ndarray):
        parts: list[Any] = np.split(rows[None, :, None, None], np.cumsum(sizes)[:-1], axis=1)
    else:
        split = ops.variadic_split(rows, 1, sizes).outputs()
        parts = [channels_last(ops.unsqueeze(part, [2, 3])) for part in split]
    pairs = zip(parts[: len(channels)], parts[len(channels) :], strict=True)

    def norm(x: Node) -> Node:
        return _affine(ops.mvn(x, [2, 3], True, EPSILON, "inside_sqrt"), *next(pairs))

    return norm


def build_segment(network: FoldedNetwork, step: Step) -> ov.Model:
    """Build a segment of the list in `styles/networks/segments.py`.

    Parameters, in this order: the tensors that it reads, (1, H, W, 3) uint8 or (1, C, h, w) float16, then
    gain and offset of each norm, (1, C, 1, 1) float32. Results: the tensors that it keeps, in float16, or the
    picture's words, then mean and variance of each line of the tensor to be normed next, (1, C, lines, 1)
    float32.
    """
    parameters: list[Node] = []

    def parameter(sizes: Sequence[int], dtype: type) -> Node:
        parameters.append(ops.parameter(sizes, dtype))
        return parameters[-1]

    def read(name: str) -> Node:
        if name == PIXELS:
            return parameter([1, -1, -1, 3], np.uint8)
        return ops.convert(parameter([1, network.shape.kept[name][0], -1, -1], np.float16), np.float32)

    def norm(x: Node) -> Node:
        sizes = [1, x.get_output_partial_shape(0)[1].get_length(), 1, 1]
        return _affine(x, *(channels_last(parameter(sizes, np.float32)) for _ in range(2)))

    # The parameters of the tensors to read come first; the segment may use them in another order.
    reads = [read(name) for name in step.reads]
    kept, normed = compose(step, OpenVinoLayers(network), iter(reads), norm)
    results = kept if normed is None else [ops.convert(x, np.float16) for x in kept]
    if normed is not None:
        mean = ops.reduce_mean(normed, np.array([3]), keep_dims=True)
        spread = ops.reduce_l2(ops.subtract(normed, mean), np.array([3]), keep_dims=True)
        width = ops.convert(ops.gather(ops.shape_of(normed), [3], 0), np.float32)
        results += [mean, ops.divide(ops.multiply(spread, spread), width)]
    return ov.Model(results, parameters, step.name)


def _affine(x: Node, gain: Node, offset: Node) -> Node:
    return ops.add(ops.multiply(x, gain), offset)


class OpenVinoSegments:
    """Compile and run segments on the CPU, for images painted in strips (`styles/inference/strips.py`)."""

    def __init__(self, network: FoldedNetwork, core: ov.Core, options: Mapping[str, Any]) -> None:
        """Keep the weights for compiling segments; `options` are those of the whole model."""
        self.shape = network.shape
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
    """Reverse `_to_model`; the pixels come as words."""
    return as_pixels(result)[0] if result.dtype == np.uint16 else result[0].swapaxes(0, 1)


def require_finite(kept: Tensor) -> None:
    """Raise `Unpaintable` where a value did not fit into float16: it is infinite, or 65,504, the largest.

    The bits of float16 are compared as integers, which order positive and negative values by their size. That
    takes a tenth of the time of `np.isfinite`.
    """
    if kept.view(np.int16).max() >= 0x7BFF or kept.view(np.uint16).max() >= 0xFBFF:
        raise Unpaintable("the style's network has values that float16 cannot hold")
