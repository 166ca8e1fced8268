"""Run a StyleUNet's segments on the CPU, for images painted in strips (`styles/inference/tiling.py`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import openvino as ov

from styles.errors import Unpaintable
from styles.formats.architecture import Shape
from styles.formats.style_file import Array
from styles.inference.openvino_backend.style_unet import build_segment
from styles.networks.segments import Affine, Moments, Segment, Step, Tensor


class OpenVinoSegments:
    """Compile and run segments on the CPU."""

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
