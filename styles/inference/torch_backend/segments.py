"""Run the StyleUNet's segments by torch, for images painted in strips (`styles/inference/tiling.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import torch
from torch import Tensor

from styles.errors import Unpaintable
from styles.imaging.codec import Pixels
from styles.inference.torch_backend.layers import TorchLayers, affine
from styles.networks.segments import Affine, Floats, Moments, Segment, Step, compose

Lines: TypeAlias = Tensor | Pixels


class TorchSegments:
    """Run segments on the device and in the type of the layers."""

    def __init__(self, layers: TorchLayers) -> None:
        self.shape = layers.shape
        self._layers = layers

    def buffer(self, channels: int, height: int, width: int) -> Tensor:
        """See `Segments.buffer`."""
        sizes = height, width, channels  # channels last
        return torch.empty(*sizes, dtype=self._layers.dtype, device=self._layers.device).swapaxes(1, 2)

    def segment(self, step: Step) -> Segment:
        """See `Segments.segment`."""

        @torch.inference_mode()
        def run(
            reads: Sequence[Tensor], norms: Sequence[Affine]
        ) -> tuple[list[Tensor | Pixels], Moments | None]:
            left = iter(norms)
            inputs = map(self._to_network, reads)
            kept, normed = compose(step, self._layers, inputs, lambda x: _normed(x, *next(left)))
            if not all(bool(torch.isfinite(x).all()) for x in kept):
                raise Unpaintable("the style's network has values that its device cannot hold")
            return [_from_network(x) for x in kept], None if normed is None else _moments(normed)

        return run

    def _to_network(self, lines: Lines) -> Tensor:
        """Reshape pixels (H, W, 3) to (1, H, W, 3), or another tensor (h, C, w) to (1, C, h, w)."""
        if isinstance(lines, np.ndarray):
            return torch.from_numpy(lines).to(self._layers.device)[None]
        return lines.swapaxes(0, 1)[None]


def _normed(x: Tensor, gain: Floats, offset: Floats) -> Tensor:
    gains, offsets = (torch.from_numpy(part).to(x.device)[None, :, None, None] for part in (gain, offset))
    return affine(x, gains, offsets)


def _from_network(x: Tensor) -> Lines:
    """Reverse `_to_network`; copy pixels to the memory of the processor."""
    if x.dtype == torch.uint8:
        pixels: Pixels = x[0].cpu().numpy()
        return pixels
    return x[0].swapaxes(0, 1)


def _moments(x: Tensor) -> Moments:
    """Return mean and variance of the lines of x (1, C, lines, W), each (lines, C)."""
    variances, means = torch.var_mean(x[0].float(), dim=2, correction=0)
    return means.T.cpu().numpy(), variances.T.cpu().numpy()
