"""The segments of `styles/networks/segments.py` for torch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import torch
from torch import Tensor

from styles.errors import Unpaintable
from styles.imaging.codec import Pixels
from styles.inference.torch_backend.layers import TorchLayers, affine
from styles.networks.segments import Affine, Floats, Moments, Segment, compose

Rows: TypeAlias = Tensor | Pixels


class TorchSegments:
    """Segments on the device and in the type of the layers: a `styles.networks.segments.Segments`."""

    def __init__(self, layers: TorchLayers) -> None:
        self.shape = layers.shape
        self._layers = layers

    def buffer(self, height: int, width: int) -> Tensor:
        """See `Segments.buffer`."""
        sizes = height, width, self.shape.body  # channels last
        return torch.empty(*sizes, dtype=self._layers.dtype, device=self._layers.device).swapaxes(1, 2)

    def segment(self, name: str) -> Segment:
        """See `Segments.segment`."""

        @torch.inference_mode()
        def run(
            reads: Sequence[Tensor], norms: Sequence[Affine]
        ) -> tuple[list[Tensor | Pixels], Moments | None]:
            height, left = len(reads[0]), iter(norms)
            inputs = map(self._to_network, reads)
            kept, normed = compose(name, self._layers, inputs, lambda x: _normed(x, *next(left)))
            if not all(bool(torch.isfinite(x).all()) for x in kept):
                raise Unpaintable("the style's network has values that its device cannot hold")
            rows = [_from_network(x, height) for x in kept]
            return rows, None if normed is None else _moments(normed, height)

        return run

    def _to_network(self, rows: Rows) -> Tensor:
        """Pixels (H/4, 4, W, 3) -> (1, H, W, 3), or the trunk (H/4, C, W/4) -> (1, C, H/4, W/4)."""
        if isinstance(rows, np.ndarray):
            return torch.from_numpy(rows).to(self._layers.device).flatten(0, 1)[None]
        return rows.swapaxes(0, 1)[None]


def _normed(x: Tensor, gain: Floats, offset: Floats) -> Tensor:
    gains, offsets = (torch.from_numpy(part).to(x.device)[None, :, None, None] for part in (gain, offset))
    return affine(x, gains, offsets)


def _from_network(x: Tensor, height: int) -> Rows:
    """The other way round; pixels come to the memory of the processor."""
    if x.dtype == torch.uint8:
        pixels: Pixels = x.reshape(height, -1, *x.shape[2:]).cpu().numpy()
        return pixels
    return x[0].swapaxes(0, 1)


def _moments(x: Tensor, height: int) -> Moments:
    """Of the lines of x (1, C, lines, W)."""
    variances, means = torch.var_mean(x[0].float(), dim=2, correction=0)
    lines = (height, -1, len(means))
    return means.T.reshape(lines).cpu().numpy(), variances.T.reshape(lines).cpu().numpy()
