"""Define the style network for torch: one base, many styles.

`StyleUNet` is a feed-forward network (Johnson et al. 2016, arXiv:1603.08155). Its convolutions are shared by
all styles. A style is one *row*: the scales and shifts of every instance norm (conditional instance norm,
Dumoulin et al. 2017, arXiv:1610.07629). Photos of different styles can therefore share a batch, and two
styles blend by blending their rows.

Its shape is that of a U-Net (Ronneberger et al. 2015, arXiv:1505.04597), chosen for its wide field and its
cost. The first convolution reads blocks of 4x4 pixels (pixel unshuffle, Shi et al. 2016, arXiv:1609.05158).
A fifth of the work is dense 3x3 convolutions at a sixteenth of the size. A pixel there costs little, and its
field is about 340 pixels of the picture. So a swirl of 150 pixels can be painted where the photo is even. The
residual blocks at a quarter, where strokes are painted, take 27 % of the work, and 37 % in a wide network.
The skip at a quarter keeps edges sharp. What is one to four pixels wide in the photo, an antenna, a window,
an eyelid, is added to the painted picture: see `detail`. Nothing else runs at more than a quarter of the size
before its input is enlarged. That prevents a checkerboard and saves memory traffic.

Borders: in training every convolution pads by reflection. In painting each pads with zeros, which take no
time. `architecture.MARGIN` mirrored pixels lie around the picture and are cut off at the end.

Shapes: B images, 3 channels, H by W pixels (multiples of `architecture.STRIDE`), R numbers in a row.
"""

from __future__ import annotations

from typing import Self, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from styles.formats.architecture import (
    DETAIL,
    DETAIL_MOST,
    DETAIL_NOISE,
    DETAIL_RADIUS,
    EPSILON,
    Convolution,
    Shape,
)
from styles.networks.segments import forward
from styles.networks.weight_folding import detail_kernel


class StyleNetwork(nn.Module):
    """Paint a batch (B, 3, H, W) in 0..1 by rows (B, R): the base class of all networks to be trained."""

    #: Channels of the instance norms, in the order in which a row lists them.
    norms: tuple[int, ...]

    def split(self, rows: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Return a (scale, shift) pair, each (B, C, 1, 1), for each norm; all scales come first in a row."""
        scales, shifts = rows[:, :, None, None].chunk(2, dim=1)
        sizes = list(self.norms)
        return list(zip(torch.split(scales, sizes, 1), torch.split(shifts, sizes, 1), strict=True))

    def neutral_row(self) -> Tensor:
        """Return the row (R,) at which training starts: it scales by one and shifts by zero."""
        half = sum(self.norms)
        return torch.cat([torch.ones(half), torch.zeros(half)])


class StyleUNet(StyleNetwork):
    """Paint a batch of images, each in the style of its row.

    Parameter names are the names in a style file. `openvino_backend/style_unet.py` builds the same network
    from them; a test compares the two.
    """

    detail_kernel: Tensor

    def __init__(self, shape: Shape | None = None) -> None:
        super().__init__()
        self.shape = shape = shape or Shape()
        self.norms = shape.norms
        sizes = {c.name: c for c in shape.convolutions}
        self.stem = convolution(sizes["stem"])
        self.down8 = convolution(sizes["down8"], stride=2)
        self.encode = nn.ModuleList(Block(shape.eighth) for _ in range(shape.outer_blocks))
        self.down16 = convolution(sizes["down16"], stride=2)
        self.inner = nn.ModuleList(Block(shape.sixteenth) for _ in range(shape.inner_blocks))
        self.up8 = convolution(sizes["up8"])
        self.decode = nn.ModuleList(Block(shape.eighth) for _ in range(shape.outer_blocks))
        self.up4 = convolution(sizes["up4"])
        self.refine = nn.ModuleList(Block(shape.quarter) for _ in range(shape.quarter_blocks))
        self.up2 = convolution(sizes["up2"])
        self.out = convolution(sizes["out"], bias=True)
        if shape.scales_detail:
            self.out.register_buffer("detail", torch.ones(1))
        self.register_buffer("detail_kernel", torch.from_numpy(detail_kernel()), persistent=False)

    def forward(self, image: Tensor, rows: Tensor) -> Tensor:
        """Paint images (B, 3, H, W) in 0..1 by rows (B, R); return the same shape in 0..1."""
        pairs = iter(self.split(rows))
        layers = _TrainingLayers(self)
        return cast(Tensor, forward(self.shape, layers, image, lambda x: normalize(x, *next(pairs))))

    def added(self, photo: Tensor, *, mirrored: bool = False) -> Tensor:
        """Return the detail (B, 1, H, W) of a photo (B, 3, H, W) in 0..1 that is added to its picture."""
        lines = detail(photo.mean(dim=1, keepdim=True), self.detail_kernel, mirrored=mirrored)
        return self.get_buffer(DETAIL) * lines if self.shape.scales_detail else lines

    def to_paint(self) -> Self:
        """Pad with zeros from now on, as all engines do that paint; return the network."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                module.padding_mode = "zeros"
        return self.eval().requires_grad_(requires_grad=False)


class Block(nn.Module):
    """Hold the two convolutions of a residual block."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        size = Convolution(name="", out=channels, channels=channels)
        self.first, self.second = convolution(size), convolution(size)


class _TrainingLayers:
    """Apply the convolutions of a network to pictures in 0..1: a `styles.networks.segments.Layers`."""

    def __init__(self, network: StyleUNet) -> None:
        self._network = network
        self._mirrored = network.out.padding_mode == "reflect"

    def stem(self, pixels: Tensor) -> Tensor:
        return self.convolve(F.pixel_unshuffle(pixels, 4), "stem")

    def convolve(self, x: Tensor, name: str) -> Tensor:
        return cast(Tensor, self._network.get_submodule(name)(x))

    reduce = convolve

    def enlarge(self, x: Tensor, name: str) -> Tensor:
        return enlarge(self._network.get_submodule(name), x)

    def out(self, x: Tensor, photo: Tensor) -> Tensor:
        painted = torch.sigmoid(self.convolve(F.pixel_shuffle(x, 2), "out").float())
        with torch.autocast(photo.device.type, enabled=False):
            added = self._network.added(photo.float(), mirrored=self._mirrored)
        return (painted + added).clamp(0, 1)

    def relu(self, x: Tensor) -> Tensor:
        return F.relu(x)


def detail(light: Tensor, kernel: Tensor, *, mirrored: bool = False) -> Tensor:
    """Return the detail (B, 1, H, W) of a photo's light in 0..1: see `architecture.DETAIL_NOISE`.

    `kernel` is `weight_folding.detail_kernel()`, on the light's device: while a CUDA graph is captured,
    nothing may be copied there. The light is padded with zeros, or with mirrored pixels.
    """
    difference = F.conv2d(F.pad(light, (DETAIL_RADIUS,) * 4, "reflect" if mirrored else "constant"), kernel)
    return (difference.abs() - DETAIL_NOISE).clamp(0, DETAIL_MOST) * difference.sign()


def enlarge(convolve: nn.Module, x: Tensor) -> Tensor:
    """Enlarge x (B, C, H, W) bilinearly, then convolve it: (B, out, 2H, 2W)."""
    convolve = cast(nn.Conv2d, convolve)
    if convolve.padding_mode == "reflect":
        return cast(Tensor, convolve(F.interpolate(x, scale_factor=2.0, mode="bilinear")))
    # Zeros lie around the small picture and are enlarged with it, as in `weight_folding.py`.
    x = F.interpolate(F.pad(x, (1, 1, 1, 1)), scale_factor=2.0, mode="bilinear")
    return F.conv2d(x[:, :, 1:-1, 1:-1], convolve.weight)


def normalize(x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    """Apply conditional instance norm to x (B, C, H, W), in float32.

    In bfloat16 the variance of a flat picture rounds to zero; training met NaN after 800 steps.
    """
    batch, channels, height, width = x.shape
    with torch.autocast(x.device.type, enabled=False):
        pixels = x.float().permute(0, 2, 3, 1).flatten(1, 2)  # (B, H*W, C), a view of channels last
        # A product with a row takes a fifth of `var_mean`'s time, which was a sixth of a training step's.
        share = pixels.new_full((1, 1, height * width), 1 / (height * width))
        centred = pixels - share @ pixels
        gain = scale.float()[..., 0].mT * torch.rsqrt(share @ centred.square() + EPSILON)
        y = centred * gain + shift.float()[..., 0].mT
    return y.to(x.dtype).view(batch, height, width, channels).permute(0, 3, 1, 2)


def convolution(size: Convolution, *, stride: int = 1, bias: bool = False) -> nn.Conv2d:
    """Make a convolution that keeps the size (or divides it by the stride); no bias where a norm follows."""
    return nn.Conv2d(
        size.channels, size.out, size.size, stride, size.size // 2, bias=bias, padding_mode="reflect"
    )
