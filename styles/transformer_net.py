"""The transformer-net for torch: the painter of Johnson et al. 2016, arXiv:1603.08155, as people train it.

One network a style: three convolutions down to a quarter of the size, five residual blocks, three up again.
Instance norms (Ulyanov et al. 2016, arXiv:1607.08022) and reflection padding follow the shape in which
pytorch/examples' fast_neural_style trains it, and so do the parameters' names, so that its state dicts load
as they are. Written anew from the papers; 42k multiply-adds a pixel, 2.5 times ours.

Shapes: B images, 3 channels, H by W pixels (multiples of `transformer_file.STRIDE`), numbers in 0..255.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from styles.transformer_file import BLOCKS, BODY, DOWN, UP


class TransformerNet(nn.Module):
    """Paints a batch; what comes out is about 0..255 and has to be cut off there."""

    def __init__(self) -> None:
        super().__init__()
        for number, (name, channels, out, side, stride) in enumerate(DOWN, 1):
            self.add_module(name, Padded(channels, out, side, stride))
            self.add_module(f"in{number}", nn.InstanceNorm2d(out, affine=True))
        for number in range(1, BLOCKS + 1):
            self.add_module(f"res{number}", Residual(BODY))
        for number, (name, channels, out, side, stride) in enumerate(UP, len(DOWN) + 1):
            self.add_module(name, Padded(channels, out, side, stride))
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

    def __init__(self, channels: int, out: int, side: int, stride: int) -> None:
        super().__init__()
        self.conv2d = nn.Conv2d(channels, out, side, stride, side // 2, padding_mode="reflect")

    def forward(self, x: Tensor) -> Tensor:
        """x (B, channels, H, W)  ->  (B, out, H/stride, W/stride)."""
        y: Tensor = self.conv2d(x)
        return y


class Residual(nn.Module):
    """Convolution, norm, relu, convolution, norm, and what came in on top; the size stays."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1, self.conv2 = Padded(channels, channels, 3, 1), Padded(channels, channels, 3, 1)
        self.in1, self.in2 = (nn.InstanceNorm2d(channels, affine=True) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        """x (B, C, H, W) -> the same shape."""
        y = F.relu(self.in1(self.conv1(x)))
        y = self.in2(self.conv2(y))
        painted: Tensor = x + y
        return painted
