"""The transformer-net for torch: the painter of Johnson et al. 2016, arXiv:1603.08155, as people train it.

One network a style: three convolutions down to a quarter of the size, five residual blocks, three up again.
Instance norms (Ulyanov et al. 2016, arXiv:1607.08022) and reflection padding follow the shape in which
pytorch/examples' fast_neural_style trains it, and so do the parameters' names, so that its state dicts load
as they are. Written anew from the papers; 154k multiply-adds a pixel, nine times ours.

Shapes: B images, 3 channels, H by W pixels (multiples of `transformer_file.STRIDE`), numbers in 0..255.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from styles.formats.transformer_file import BLOCKS, BODY, DOWN, UP

#: Mirrors a border of so many pixels out of a picture: (B, C, H, W) -> (B, C, H + 2 count, W + 2 count).
Pad = Callable[[Tensor, int], Tensor]


def reflected(x: Tensor, count: int) -> Tensor:
    """As torch does it."""
    return F.pad(x, (count, count, count, count), mode="reflect")


class Mirrors:
    """The same on GPUs, and channels last.

    On CUDA `F.pad` takes and gives channels first, so that each convolution would turn its picture round
    twice; to gather the mirrored picture is one pass, whatever comes in. The lists of indices, some hundred
    for sizes in steps of 64 pixels, stay for good: a CUDA graph goes on reading those that it has captured.
    """

    def __init__(self) -> None:
        self._indices: dict[tuple[int, int, torch.device], Tensor] = {}

    def __call__(self, x: Tensor, count: int) -> Tensor:
        """See `Pad`."""
        rows, columns = (self._index(side, count, x.device) for side in x.shape[2:])
        return x.permute(0, 2, 3, 1)[:, rows[:, None], columns].permute(0, 3, 1, 2)

    def _index(self, side: int, count: int, device: torch.device) -> Tensor:
        key = side, count, device
        if key not in self._indices:
            folded = torch.arange(-count, side + count, device=device).abs()
            self._indices[key] = (side - 1) - ((side - 1) - folded).abs()
        return self._indices[key]


class TransformerNet(nn.Module):
    """Paints a batch; what comes out is about 0..255 and has to be cut off there."""

    def __init__(self, pad: Pad = reflected) -> None:
        super().__init__()
        for number, (name, channels, out, side, stride) in enumerate(DOWN, 1):
            self.add_module(name, Padded(channels, out, side, stride, pad))
            self.add_module(f"in{number}", nn.InstanceNorm2d(out, affine=True))
        for number in range(1, BLOCKS + 1):
            self.add_module(f"res{number}", Residual(BODY, pad))
        for number, (name, channels, out, side, stride) in enumerate(UP, len(DOWN) + 1):
            self.add_module(name, Padded(channels, out, side, stride, pad))
            if out > 3:
                self.add_module(f"in{number}", nn.InstanceNorm2d(out, affine=True))

    def forward(self, x: Tensor) -> Tensor:
        """x (B, 3, H, W) in 0..255  ->  (B, 3, H, W)."""
        part = self.get_submodule
        for number in (1, 2, 3):  # (B, 32, H, W), (B, 64, H/2, W/2), (B, 128, H/4, W/4)
            x = F.relu(part(f"in{number}")(part(f"conv{number}")(x)))
        for number in range(1, BLOCKS + 1):
            x = part(f"res{number}")(x)
        x = F.interpolate(x, scale_factor=2.0, mode="nearest")  # (B, 128, H/2, W/2)
        x = F.relu(part("in4")(part("deconv1")(x)))
        x = F.interpolate(x, scale_factor=2.0, mode="nearest")  # (B, 64, H, W)
        x = F.relu(part("in5")(part("deconv2")(x)))
        painted: Tensor = part("deconv3")(x)
        return painted


class Padded(nn.Module):
    """A convolution that keeps the size, or divides it by the stride, with mirrored pixels at the border."""

    def __init__(self, channels: int, out: int, side: int, stride: int, pad: Pad) -> None:
        super().__init__()
        self._pad, self._border = pad, side // 2
        self.conv2d = nn.Conv2d(channels, out, side, stride)

    def forward(self, x: Tensor) -> Tensor:
        """x (B, channels, H, W)  ->  (B, out, H/stride, W/stride)."""
        y: Tensor = self.conv2d(self._pad(x, self._border))
        return y


class Residual(nn.Module):
    """Convolution, norm, relu, convolution, norm, and what came in on top; the size stays."""

    def __init__(self, channels: int, pad: Pad) -> None:
        super().__init__()
        self.conv1, self.conv2 = (Padded(channels, channels, 3, 1, pad) for _ in range(2))
        self.in1, self.in2 = (nn.InstanceNorm2d(channels, affine=True) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        """x (B, C, H, W) -> the same shape."""
        y = F.relu(self.in1(self.conv1(x)))
        y = self.in2(self.conv2(y))
        painted: Tensor = x + y
        return painted


def paint_whole(net: TransformerNet, pixels: Tensor, rows: Tensor) -> tuple[Tensor, Tensor]:
    """pixels (B, H, W, 3) uint8 -> the same, and (B,): whether each picture is sound; the rows are empty."""
    painted = net(pixels.permute(0, 3, 1, 2).to(net.get_parameter("conv1.conv2d.weight").dtype)).float()
    levels = painted.clamp(0, 255).round().byte()
    return levels.permute(0, 2, 3, 1), painted.isfinite().flatten(1).all(1)
