"""The segments of `styles/segments.py` for torch: the modules of a `StyleNet`, cut at its norms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, cast

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from styles.errors import Unpaintable
from styles.image import Pixels
from styles.network import Block, StyleNet
from styles.segments import Affine, Floats, Moments, Segment, compose

Rows: TypeAlias = Tensor | Pixels


class TorchSegments:
    """Segments on the device and in the type of the network's weights: a `styles.segments.Segments`."""

    def __init__(self, net: StyleNet) -> None:
        self.shape = net.shape
        self._layers = _Layers(net)
        self._weight = net.stem.weight

    def buffer(self, height: int, width: int) -> Tensor:
        """See `Segments.buffer`."""
        return self._weight.new_empty(self.shape.body, height, width).swapaxes(0, 1)

    def segment(self, name: str) -> Segment:
        """See `Segments.segment`."""

        @torch.inference_mode()
        def run(
            reads: Sequence[Tensor], norms: Sequence[Affine]
        ) -> tuple[list[Tensor | Pixels], Moments | None]:
            height, left = len(reads[0]), iter(norms)
            inputs = map(self._to_network, reads)
            kept, normed = compose(name, self._layers, inputs, lambda x: _affine(x, *next(left)))
            if not all(bool(torch.isfinite(x).all()) for x in kept):
                raise Unpaintable("the style's network has values that its device cannot hold")
            rows = [_from_network(x, height) for x in kept]
            return rows, None if normed is None else _moments(normed, height)

        return run

    def _to_network(self, rows: Rows) -> Tensor:
        """Pixels (H/4, 4, W, 3) -> (1, H, W, 3), or the trunk (H/4, C, W/4) -> (1, C, H/4, W/4)."""
        if isinstance(rows, np.ndarray):
            return torch.from_numpy(rows).to(self._weight.device).flatten(0, 1)[None]
        return rows.swapaxes(0, 1)[None]


def _affine(x: Tensor, gain: Floats, offset: Floats) -> Tensor:
    """A norm whose moments are known, in float32."""
    gains, offsets = (torch.from_numpy(part).to(x.device)[None, :, None, None] for part in (gain, offset))
    return (x.float() * gains + offsets).to(x.dtype)


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


class _Layers:
    """The modules, which take and give the type of their weights: a `styles.segments.Layers`."""

    def __init__(self, net: StyleNet) -> None:
        self._net = net

    def stem(self, pixels: Tensor) -> Tensor:
        x = pixels.permute(0, 3, 1, 2).to(self._net.stem.weight.dtype) / 255
        return cast(Tensor, self._net.stem(F.pixel_unshuffle(x, 2)))

    def down(self, x: Tensor) -> Tensor:
        return cast(Tensor, self._net.down(x))

    def spatial(self, x: Tensor, block: int) -> Tensor:
        return cast(Tensor, self._block(block).spatial(x))

    def mix(self, y: Tensor, block: int) -> Tensor:
        return cast(Tensor, self._block(block).narrow(F.relu(self._block(block).widen(y))))

    def up(self, x: Tensor) -> Tensor:
        return self._net.enlarge(x)

    def head(self, x: Tensor) -> Tensor:
        return cast(Tensor, self._net.head(x))

    def out(self, x: Tensor) -> Tensor:
        painted = torch.sigmoid(self._net.out(F.pixel_shuffle(x, 2)).float())
        return (painted * 255).round().byte().permute(0, 2, 3, 1)

    def relu(self, x: Tensor) -> Tensor:
        return F.relu(x)

    def _block(self, number: int) -> Block:
        return cast(Block, self._net.blocks[number])
