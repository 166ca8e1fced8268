"""Run the StyleUNet by torch, with folded weights (`styles/networks/weight_folding.py`) and channels last.

A test compares it with the network that is trained. Bytes are exact in float16, so folding the division by
255 into the weights loses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor

from styles.errors import BadCheckpoint, Unpaintable
from styles.formats.architecture import DETAIL, EPSILON, Shape
from styles.formats.style_file import Array
from styles.imaging.codec import Pixels
from styles.networks.segments import Affine, Floats, Moments, Segment, Step, compose, forward
from styles.networks.style_unet import detail
from styles.networks.weight_folding import ENLARGING, detail_kernel, folded

Lines: TypeAlias = Tensor | Pixels


class TorchLayers:
    """Compute the convolutions on a device, in the type of their weights: a `segments.Layers`."""

    def __init__(self, network: Mapping[str, Array], device: torch.device, dtype: torch.dtype) -> None:
        """Fold the weights. Raises `BadCheckpoint` where names or shapes are not the network's."""
        self.shape, self.device, self.dtype = Shape.of(network), device, dtype
        if {name: tensor.shape for name, tensor in network.items()} != self.shape.tensors:
            raise BadCheckpoint("The style file does not hold this project's network.")
        tensors = folded(network)
        for name in ENLARGING:
            tensors[f"{name}.weight"] = _phases_first(tensors[f"{name}.weight"])
        self._tensors = {name: self._moved(tensor) for name, tensor in tensors.items()}
        self._detail_kernel = torch.from_numpy(detail_kernel()).to(device)

    def _moved(self, tensor: npt.NDArray[np.float32]) -> Tensor:
        moved = torch.from_numpy(tensor).to(self.device, self.dtype)
        return moved.contiguous(memory_format=torch.channels_last) if moved.dim() == 4 else moved

    def stem(self, pixels: Tensor) -> Tensor:
        """See `Layers.stem`."""
        batch, height, width, _ = pixels.shape
        x = pixels.reshape(batch, height // 4, 4, width // 4, 4, 3).permute(0, 1, 3, 5, 2, 4)
        x = x.to(self.dtype, memory_format=torch.contiguous_format).flatten(3)
        return self.convolve(x.permute(0, 3, 1, 2), "stem")

    def reduce(self, x: Tensor, name: str) -> Tensor:
        """See `Layers.reduce`."""
        return self.convolve(x, name, stride=2)

    def enlarge(self, x: Tensor, name: str) -> Tensor:
        """See `Layers.enlarge`."""
        return _interleaved(self.convolve(x, name).permute(0, 2, 3, 1)).permute(0, 3, 1, 2)

    def out(self, x: Tensor, photo: Tensor) -> Tensor:
        """See `Layers.out`."""
        light = photo.sum(dim=3, keepdim=True, dtype=torch.float32).permute(0, 3, 1, 2)
        lines = F.pixel_unshuffle(detail(light / (3 * 255), self._detail_kernel), 2)  # (B, 4, H/2, W/2)
        if self.shape.scales_detail:
            lines = self._tensors[DETAIL].float() * lines
        levels = torch.sigmoid(self.convolve(x, "out").float()) + lines.repeat_interleave(3, 1)
        levels = (levels.clamp(0, 1) * 255).round().byte()
        return _interleaved(levels.permute(0, 2, 3, 1))  # bytes are moved faster

    def relu(self, x: Tensor) -> Tensor:
        """See `Layers.relu`."""
        return F.relu(x)

    def convolve(self, x: Tensor, name: str, *, stride: int = 1) -> Tensor:
        """See `Layers.convolve`. Pads with zeros; the size stays, or is divided by the stride."""
        kernel = self._tensors[f"{name}.weight"]
        bias = self._tensors.get(f"{name}.bias")
        return F.conv2d(x, kernel, bias, stride, kernel.shape[2] // 2)


def _phases_first(kernel: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Reorder channels (channel, row, column) of 2x2 pixels to (row, column, channel)."""
    return np.moveaxis(kernel.reshape(-1, 4, *kernel.shape[1:]), 1, 0).reshape(kernel.shape)


def _interleaved(phases: Tensor) -> Tensor:
    """Reshape (B, H, W, 4C), the channels of 2x2 pixels each, to (B, 2H, 2W, C), in one pass."""
    batch, height, width, channels = phases.shape
    x = phases.reshape(batch, height, width, 2, 2, channels // 4).permute(0, 1, 3, 2, 4, 5)
    return x.reshape(batch, 2 * height, 2 * width, channels // 4)


def affine(x: Tensor, gain: Tensor, offset: Tensor) -> Tensor:
    """Apply a norm by gain and offset, (B, C, 1, 1) in float32; the result has the type of x."""
    return torch.addcmul(offset, x, gain, out=torch.empty_like(x))


def paint_whole(layers: TorchLayers, pixels: Tensor, rows: Tensor) -> tuple[Tensor, Tensor]:
    """Paint pixels (B, H, W, 3) uint8 in rows (B, R); return them, and (B,) whether each picture is sound.

    A value that is too large for the device's type becomes NaN in the next norm, and so do all later norms.
    The offsets of the last norm show it.
    """
    norm = _Norms(layers.shape, rows)
    return forward(layers.shape, layers, pixels, norm), norm.offset.isfinite().all(1)


class _Norms:
    """Apply one norm after the other, by the scales and shifts of rows; all scales come first in them."""

    def __init__(self, shape: Shape, rows: Tensor) -> None:
        scales, shifts = rows[:, :, None, None].chunk(2, dim=1)
        pairs = (torch.split(half, list(shape.norms), 1) for half in (scales, shifts))
        self._left = zip(*pairs, strict=True)
        #: Offsets of the last norm, (B, C).
        self.offset = rows

    def __call__(self, x: Tensor) -> Tensor:
        scale, shift = next(self._left)
        variance, mean = torch.var_mean(x.float(), dim=(2, 3), keepdim=True, correction=0)
        gain = scale * torch.rsqrt(variance + EPSILON)
        offset = shift - mean * gain
        self.offset = offset.flatten(1)
        return affine(x, gain, offset)


class TorchSegments:
    """Run segments on the device and in the type of the layers, for images painted in strips."""

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
