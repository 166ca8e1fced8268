"""Paint with a transformer-net on the CPU: the network of `styles/networks/transformer_net.py` for OpenVINO.

A test compares the model with the torch network.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import openvino as ov
from openvino import opset13 as ops

from styles.formats.architecture import EPSILON
from styles.formats.style_file import Array
from styles.formats.transformer_file import BLOCKS, DOWN, LEAST, STRIDE, UP, require_shapes
from styles.inference.input_spec import InputSpec
from styles.inference.openvino_backend.memory_estimate import most_pixels
from styles.inference.openvino_backend.memory_release import ActiveModel
from styles.inference.openvino_backend.runtime import ModelSession, Node, has_bfloat16
from styles.networks.weight_folding import NEAREST, enlarging, transposed


class OpenVinoTransformerSession(ModelSession):
    """Paint with a transformer-net, in bfloat16 where the processor has it."""

    def __init__(
        self, tensors: Mapping[str, Array], threads: int = 0, active_model: ActiveModel | None = None
    ) -> None:
        """Compile the network. `threads`: 0 for every core; `active_model`: of the engine."""
        fast = has_bfloat16(ov.Core())
        graph = build(tensors, fast=fast)
        most = most_pixels(graph, 2 if fast else 4)
        spec = InputSpec(multiple=STRIDE, least=LEAST, most_pixels=most)
        super().__init__(graph, spec, threads, active_model, fast=fast)


def build(tensors: Mapping[str, Array], *, fast: bool = False) -> ov.Model:
    """Build the model: (B, H, W, 3) uint8, H and W multiples of `STRIDE`, to the same.

    `fast`: for processors with bfloat16. Raises `BadCheckpoint` where names or shapes are not the network's.
    """
    require_shapes({name: tensor.shape for name, tensor in tensors.items()})
    image = ops.parameter([-1, -1, -1, 3], np.uint8, name="image")
    layers = _TransformerLayers(tensors, fast=fast)
    x = ops.transpose(ops.convert(image, np.float32), [0, 3, 1, 2])
    for number, (name, *_, stride) in enumerate(DOWN, 1):
        x = ops.relu(layers.norm(layers.convolve(x, name, stride), f"in{number}"))
    for block in range(1, BLOCKS + 1):
        x = ops.add(x, layers.residual(x, f"res{block}"))
    for number, (name, *_) in enumerate(UP[:-1], len(DOWN) + 1):
        x = ops.relu(layers.norm(layers.enlarge(x, name), f"in{number}"))
    x = ops.clamp(layers.convolve(x, UP[-1][0]), 0.0, 255.0)
    x = ops.convert(ops.round(ops.transpose(x, [0, 2, 3, 1]), "half_to_even"), np.uint8)
    return ov.Model([x], [image], "transformer-net")


class _TransformerLayers:
    """Build the convolutions and norms, by their names in the file."""

    def __init__(self, tensors: Mapping[str, Array], *, fast: bool) -> None:
        self._tensors, self._fast = tensors, fast

    def residual(self, x: Node, name: str) -> Node:
        y = ops.relu(self.norm(self.convolve(x, f"{name}.conv1"), f"{name}.in1"))
        return self.norm(self.convolve(y, f"{name}.conv2"), f"{name}.in2")

    def enlarge(self, x: Node, name: str) -> Node:
        """Double the size, so that each pixel becomes 2x2 equal ones, then pad by reflection and convolve.

        Both are one convolution at the small size, which sees 2x2 pixels. The border that would be mirrored
        is the pixel beside it once more. That takes half the memory.
        """
        kernel = enlarging(self._tensors[f"{name}.conv2d.weight"].astype(np.float32), NEAREST)
        x = ops.pad(x, [0, 0, 1, 1], [0, 0, 1, 1], "edge")
        if self._fast:
            around = transposed(kernel)[:, :, 1:-1, 1:-1]  # its outermost numbers are zeros
            kernel = np.ascontiguousarray(around)
            y = ops.convolution_backprop_data(x, kernel, [2, 2], pads_begin=[3, 3], pads_end=[3, 3])
        else:
            y = ops.convolution(x, kernel, [1, 1], [0, 0], [0, 0], [1, 1])
            y = ops.depth_to_space(y, "depth_first", 2)
        return ops.add(y, self._plane(f"{name}.conv2d.bias"))

    def convolve(self, x: Node, name: str, stride: int = 1) -> Node:
        """Pad by reflection and convolve: the size stays, or is divided by the stride."""
        kernel = self._tensors[f"{name}.conv2d.weight"].astype(np.float32)
        pad = kernel.shape[2] // 2
        x = ops.pad(x, [0, 0, pad, pad], [0, 0, pad, pad], "reflect")
        y = ops.convolution(x, kernel, [stride, stride], [0, 0], [0, 0], [1, 1])
        return ops.add(y, self._plane(f"{name}.conv2d.bias"))

    def norm(self, x: Node, name: str) -> Node:
        x = ops.mvn(x, [2, 3], True, EPSILON, "inside_sqrt")
        return ops.add(ops.multiply(x, self._plane(f"{name}.weight")), self._plane(f"{name}.bias"))

    def _plane(self, name: str) -> Any:
        """Reshape (C,) to (1, C, 1, 1)."""
        return self._tensors[name].astype(np.float32)[None, :, None, None]
