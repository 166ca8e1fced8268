"""The style networks, nothing else: one base, many styles.

`StyleNet` is a feed-forward painter (Johnson et al. 2016, arXiv:1603.08155) in which the convolutions
are shared by all styles and a style is one *row*: the scales and shifts of every instance norm
(conditional instance norm, Dumoulin et al. 2017, arXiv:1610.07629). Photos of different styles can
therefore share a batch, and two styles blend by blending their rows.

Its shape is chosen for cost: 16.9k multiply-adds a pixel against 42k for the transformer-net of the
same quality. The stem works on 2x2 pixel blocks (pixel unshuffle, Shi et al. 2016, arXiv:1609.05158),
the six residual blocks at a quarter of the size are depthwise separable with an inverted bottleneck
(Sandler et al. 2018, arXiv:1801.04381), and only the last convolution runs at full size, on eight
channels, which is what keeps a checkerboard out of the picture.

Borders: in training every convolution pads by reflection, and losses do not look at the outermost pixels.
With zeros the network would learn where the border is, and put there what the palette lacks: a washed-out
frame. Having learnt none, it paints with zeros, which cost nothing (reflection took a tenth of the time), and
`architecture.MARGIN` mirrored pixels around the picture, which are cut off at the end: what is left differs
by under a level of brightness from what reflection gives at the border.

Shapes: B images, 3 channels, H by W pixels (multiples of `architecture.STRIDE`), R numbers in a row.
"""

from __future__ import annotations

from typing import Self, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from styles.formats.architecture import EPSILON, Shape


class StyleNetwork(nn.Module):
    """A network that paints a batch, (B, 3, H, W) in 0..1 and rows (B, R); the trainer can train any.

    `norms` are the channels of its instance norms, in the order in which a row lists them.
    """

    norms: tuple[int, ...]

    def split(self, rows: Tensor) -> list[tuple[Tensor, Tensor]]:
        """A (scale, shift) pair of shape (B, C, 1, 1) for each norm; all scales come first in a row."""
        scales, shifts = rows[:, :, None, None].chunk(2, dim=1)
        sizes = list(self.norms)
        return list(zip(torch.split(scales, sizes, 1), torch.split(shifts, sizes, 1), strict=True))

    def neutral_row(self) -> Tensor:
        """The row that scales by one and shifts by nothing, where training starts; (R,)."""
        half = sum(self.norms)
        return torch.cat([torch.ones(half), torch.zeros(half)])


class StyleNet(StyleNetwork):
    """Paints a batch of images, each in the style that its row says.

    Parameter names are the names in a checkpoint file; `styles/inference/openvino_backend/stylenet.py` builds
    the same network for OpenVINO from those names, and a test holds the two together.
    """

    def __init__(self, shape: Shape | None = None) -> None:
        super().__init__()
        self.shape = shape = shape or Shape()
        self.norms = shape.norms
        self.stem = convolution(12, shape.stem, 5)
        self.down = convolution(shape.stem, shape.body, 3, stride=2)
        self.blocks = nn.ModuleList(Block(shape.body, shape.hidden) for _ in range(shape.blocks))
        self.up = convolution(shape.body, shape.head, 3)
        self.head = convolution(shape.head, shape.head, 3)
        self.out = convolution(shape.head // 4, 3, 5, bias=True)

    def forward(self, image: Tensor, rows: Tensor) -> Tensor:
        """image (B, 3, H, W) in 0..1, rows (B, R)  ->  (B, 3, H, W) in 0..1."""
        norms = iter(self.split(rows))
        x = F.pixel_unshuffle(image, 2)  # (B, 12, H/2, W/2)
        x = F.relu(normalize(self.stem(x), *next(norms)))  # (B, 24, H/2, W/2)
        x = F.relu(normalize(self.down(x), *next(norms)))  # (B, 64, H/4, W/4)
        for block in self.blocks:
            x = block(x, next(norms), next(norms))
        x = F.relu(normalize(self.enlarge(x), *next(norms)))  # (B, 32, H/2, W/2)
        x = F.relu(normalize(self.head(x), *next(norms)))
        x = F.pixel_shuffle(x, 2)  # (B, 8, H, W)
        return torch.sigmoid(self.out(x).float())

    def enlarge(self, x: Tensor) -> Tensor:
        """x (B, body, H, W) -> (B, head, 2H, 2W): bilinear, then the convolution."""
        if self.up.padding_mode == "reflect":
            return cast(Tensor, self.up(F.interpolate(x, scale_factor=2.0, mode="bilinear")))
        # Zeros lie around the small picture and are enlarged with it, as in
        # `styles/networks/weight_folding.py`.
        x = F.interpolate(F.pad(x, (1, 1, 1, 1)), scale_factor=2.0, mode="bilinear")
        return F.conv2d(x[:, :, 1:-1, 1:-1], self.up.weight)

    def to_paint(self) -> Self:
        """From now on with zeros around, as all that paints has them; see above."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                module.padding_mode = "zeros"
        return self.eval().requires_grad_(requires_grad=False)


class Block(nn.Module):
    """Residual: depthwise 5x5, norm, widen, relu, narrow, norm; the size stays."""

    def __init__(self, body: int, hidden: int) -> None:
        super().__init__()
        self.spatial = convolution(body, body, 5, groups=body)
        self.widen = convolution(body, hidden, 1, bias=True)
        self.narrow = convolution(hidden, body, 1)

    def forward(self, x: Tensor, first: tuple[Tensor, Tensor], second: tuple[Tensor, Tensor]) -> Tensor:
        """x (B, body, H, W) -> the same shape; `first` and `second` are (scale, shift) pairs."""
        y = normalize(self.spatial(x), *first)
        y = F.relu(self.widen(y))
        y = normalize(self.narrow(y), *second)
        return x + y.to(x.dtype)


def normalize(x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    """Conditional instance norm of x (B, C, H, W), in float32.

    In bfloat16 the variance of a flat picture rounds to nothing and training met NaN after 800 steps.
    """
    y = x.float()
    variance, mean = torch.var_mean(y, dim=(2, 3), keepdim=True, correction=0)
    gain = scale.float() * torch.rsqrt(variance + EPSILON)
    return ((y - mean) * gain + shift.float()).to(x.dtype)


def convolution(
    channels: int, out: int, size: int, *, stride: int = 1, groups: int = 1, bias: bool = False
) -> nn.Conv2d:
    """A convolution that keeps the size (or divides it by the stride); no bias where a norm follows."""
    return nn.Conv2d(channels, out, size, stride, size // 2, groups=groups, bias=bias, padding_mode="reflect")
