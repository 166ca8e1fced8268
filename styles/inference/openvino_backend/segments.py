"""The segments of a network on the CPU, for pictures painted in strips (`styles/inference/tiling.py`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import openvino as ov

from styles.errors import Unpaintable
from styles.formats.architecture import Shape
from styles.inference.openvino_backend.stylenet import Array, build_segment
from styles.networks.segments import Affine, Moments, Segment, Tensor


class OpenVinoSegments:
    """Segments on the CPU: a `styles.networks.segments.Segments`."""

    def __init__(self, network: Mapping[str, Array], core: ov.Core, options: Mapping[str, Any]) -> None:
        """`options`: as for the whole model."""
        self.shape = Shape.of(network)
        self._network, self._core, self._options = network, core, options

    def buffer(self, height: int, width: int) -> Tensor:
        """See `Segments.buffer`."""
        return np.empty((self.shape.body, height, width), np.float16).swapaxes(0, 1)

    def segment(self, name: str) -> Segment:
        """See `Segments.segment`."""
        model = self._core.compile_model(build_segment(self._network, name), "CPU", self._options)
        request = model.create_infer_request()

        def run(reads: Sequence[Tensor], norms: Sequence[Affine]) -> tuple[list[Tensor], Moments | None]:
            height = len(reads[0])
            given = [*map(_to_model, reads), *(part[None, :, None, None] for norm in norms for part in norm)]
            results = [_from_model(r, height) for r in request.infer(given, share_inputs=True).values()]
            if name == "out":
                return results, None
            *kept, means, variances = results
            for rows in kept:
                require_finite(rows)
            lines = (height, -1, means.shape[1])
            return kept, (means.reshape(lines), variances.reshape(lines))

        return run


def _to_model(rows: Tensor) -> Tensor:
    """Pixels (H/4, 4, W, 3) -> (1, H, W, 3), or the trunk (H/4, C, W/4) -> (1, C, H/4, W/4)."""
    if rows.dtype == np.uint8:
        return rows.reshape(1, -1, *rows.shape[2:])
    return np.ascontiguousarray(rows.swapaxes(0, 1))[None]


def _from_model(result: Tensor, height: int) -> Tensor:
    """The other way round."""
    if result.dtype == np.uint8:
        return result.reshape(height, -1, *result.shape[2:])
    return result[0].swapaxes(0, 1)


def require_finite(kept: Tensor) -> None:
    """Raises `Unpaintable` where a value did not fit into float16 and is infinite, or 65,504, its largest.

    Read as whole numbers, positive values come in their order, and negative ones above them in theirs; to
    find the largest of each takes a tenth of the time of `np.isfinite`.
    """
    if kept.view(np.int16).max() >= 0x7BFF or kept.view(np.uint16).max() >= 0xFBFF:
        raise Unpaintable("the style's network has values that float16 cannot hold")
