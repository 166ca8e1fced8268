"""Define the transformer-net for torch (Johnson et al. 2016, arXiv:1603.08155).

One network has one style: three convolutions down to a quarter of the size, five residual blocks, and three
convolutions up again. Instance norms (Ulyanov et al. 2016, arXiv:1607.08022), reflection padding and
parameter names are those of pytorch/examples' fast_neural_style, so that its state dicts load unchanged. The
code is written anew from the papers. A pixel costs 154k multiply-adds, eight times those of the shared base.

Shapes: B images, 3 channels, H by W pixels (multiples of `transformer_file.STRIDE`), numbers in 0..255.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from styles.formats.transformer_file import BLOCKS, BODY, DOWN, UP

#: Add a border of `count` mirrored pixels: (B, C, H, W) -> (B, C, H + 2 count, W + 2 count).
Pad = Callable[[Tensor, int], Tensor]


def reflected(x: Tensor, count: int) -> Tensor:
    """Pad by torch's own function."""
    return F.pad(x, (count, count, count, count), mode="reflect")


class Mirrors:
    """Pad on GPUs, in channels-last layout.

    On CUDA, `F.pad` takes and gives channels first, so that each convolution would change the layout twice.
    Gathering the mirrored pixels is one pass for any layout. The index tensors, some hundred for sizes in
    steps of 64 pixels, are never freed: a CUDA graph keeps reading the ones that it has captured.
    """

    def __init__(self) -> None:
        self._indices: dict[tuple[int, int, torch.device], Tensor] = {}

    def __call__(self, x: Tensor, count: int) -> Tensor:
        """Add a border of `count` mirrored pixels."""
        rows, columns = (self._index(side, count, x.device) for side in x.shape[2:])
        return x.permute(0, 2, 3, 1)[:, rows[:, None], columns].permute(0, 3, 1, 2)

    def _index(self, side: int, count: int, device: torch.device) -> Tensor:
        key = side, count, device
        if key not in self._indices:
            folded = torch.arange(-count, side + count, device=device).abs()
            self._indices[key] = (side - 1) - ((side - 1) - folded).abs()
        return self._indices[key]


class TransformerNet(nn.Module):
    """Paint a batch in one style; the output is about 0..255 and has to be clamped to it."""

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
        """Paint x (B, 3, H, W) in 0..255; return the same shape."""
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
    """Mirror the border and convolve: the size stays, or is divided by the stride."""

    def __init__(self, channels: int, out: int, side: int, stride: int, pad: Pad) -> None:
        super().__init__()
        self._pad, self._border = pad, side // 2
        self.conv2d = nn.Conv2d(channels, out, side, stride)

    def forward(self, x: Tensor) -> Tensor:
        """Convolve x (B, channels, H, W) to (B, out, H/stride, W/stride)."""
        y: Tensor = self.conv2d(self._pad(x, self._border))
        return y


class Residual(nn.Module):
    """Apply convolution, norm, relu, convolution, norm, and add the result to the input."""

    def __init__(self, channels: int, pad: Pad) -> None:
        super().__init__()
        self.conv1, self.conv2 = (Padded(channels, channels, 3, 1, pad) for _ in range(2))
        self.in1, self.in2 = (nn.InstanceNorm2d(channels, affine=True) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        """Apply the block to x (B, C, H, W); return the same shape."""
        y = F.relu(self.in1(self.conv1(x)))
        y = self.in2(self.conv2(y))
        painted: Tensor = x + y
        return painted


def paint_whole(net: TransformerNet, pixels: Tensor, rows: Tensor) -> tuple[Tensor, Tensor]:
    """Paint pixels (B, H, W, 3) uint8; return them, and (B,) which are finite. The rows are empty."""
    painted = net(pixels.permute(0, 3, 1, 2).to(net.get_parameter("conv1.conv2d.weight").dtype)).float()
    levels = painted.clamp(0, 255).round().byte()
    return levels.permute(0, 2, 3, 1), painted.isfinite().flatten(1).all(1)
