"""Compare pictures by their pixels: light, hue, variation, grid, saturation.

These see what the features hardly do: which places are light, fringes and noise, and a regular pattern of the
network's own.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

#: Side of the squares whose mean light is compared, pixels: an eye of a portrait.
LIGHT_SQUARE = 8
#: The same for edges: a window of a house, an antenna, an eyelid.
EDGE_SQUARE = 2
#: Side of the windows in which light is compared, squares: a face in a street.
LIGHT_WINDOW = 8
#: Deviation of light below which a window says nothing, in parts of the range: 1/255 is rounding.
LEAST_CONTRAST = 0.004
#: Sum from which on the logistic function counts as saturated: 7 and 248 of 255.
SATURATED = 3.5
#: Distance from 0 and 1 that differs from them in float32.
LEAST_LIGHT = 1e-6
#: Period of the patterns that are looked for, pixels: the network painted bricks of 16 by 8.
GRID_STEP = 8
#: Side of the squares whose mean is taken away first, pixels: what is wider is no part of a grid.
GRID_BLUR = 17


def light_loss(painted: Tensor, photo: Tensor, square: int = LIGHT_SQUARE) -> Tensor:
    """Measure how far the light places of (B, 3, H, W) are from being light in the painted picture; 0..2.

    Colours may change as the painting wants, but what was lighter than its surroundings stays lighter:
    without it faces came out dark before a light wall. It is one less the correlation of how light squares
    are, over windows (the structure of Wang et al. 2004, SSIM). Windows count by the photo's contrast in
    them: an eye counts, and over a plain sky strokes are free.
    """
    a, b = (F.avg_pool2d(image.float().mean(dim=1, keepdim=True), square) for image in (painted, photo))
    return _unlikeness(a, b)


def hue_loss(painted: Tensor, photo: Tensor) -> Tensor:
    """Measure how far what is redder or bluer than its surroundings in (B, 3, H, W) is not so any more; 0..2.

    It is `light_loss` of the two opponent colours, red against green and yellow against blue. A red house
    before a blue sky stays redder than the sky in every palette. Without it one colour was painted for each
    light, and a painting of six colours came out in three.
    """
    a, b = (F.avg_pool2d(_opponents(image.float()), LIGHT_SQUARE) for image in (painted, photo))
    return _unlikeness(a, b)


def _opponents(image: Tensor) -> Tensor:
    """Return red less green and yellow less blue of (B, 3, H, W): (B, 2, H, W)."""
    red, green, blue = image.unbind(dim=1)
    return torch.stack([red - green, (red + green) / 2 - blue], dim=1)


def _unlikeness(a: Tensor, b: Tensor) -> Tensor:
    """Average 1 less the correlation of a and b (B, C, h, w) over windows, by the contrast of b in each."""
    side = min(LIGHT_WINDOW, *a.shape[2:])

    def mean(x: Tensor) -> Tensor:
        return F.avg_pool2d(x, side, max(1, side // 2))

    mean_a, mean_b = mean(a), mean(b)
    variances = (mean(x * x) - m * m for x, m in ((a, mean_a), (b, mean_b)))
    deviation_a, contrast = ((v.clamp(min=0) + LEAST_CONTRAST**2).sqrt() for v in variances)
    windows = (mean(a * b) - mean_a * mean_b) / (deviation_a * contrast)
    return 1 - (windows * contrast).sum() / (contrast.sum() + LEAST_CONTRAST)


def variation_loss(image: Tensor) -> Tensor:
    """Average the length of the gradient of (B, 3, H, W), that of the hue three times.

    Paintings have sharp edges of light and few of hue; the network likes to fringe every edge. The length and
    not the sum of both differences: that makes slanting edges dearer, and skies dripped in upright threads.
    """
    hue = image - image.mean(dim=1, keepdim=True)
    return _variation(image) + 2 * _variation(hue)


def grid_loss(image: Tensor) -> Tensor:
    """Measure how far the pixels of (B, 3, H, W) know their place in a step of `GRID_STEP` pixels.

    It is the deviation, between the places of the step, of the mean of what is finer than `GRID_BLUR`.
    Strokes lie anywhere, so their mean at each place is the same; a grid's is not. `_weave` adds what
    this cannot see: a grid of two pixels that is lighter here and darker there.
    """
    fine = image - _blurred(_blurred(image.contiguous(), (GRID_BLUR, 1)), (1, GRID_BLUR))
    height, width = (length // GRID_STEP * GRID_STEP for length in image.shape[2:])
    places = F.pixel_unshuffle(fine[:, :, :height, :width], GRID_STEP)  # (B, 3 * 64, h, w)
    means = places.reshape(len(image), 3, GRID_STEP**2, -1).mean(dim=3)
    deviation = (means - means.mean(dim=2, keepdim=True)).square().mean(dim=2)
    return torch.sqrt(deviation + 1e-8).mean() + _weave(image[:, :, :height, :width])


def _weave(image: Tensor) -> Tensor:
    """Measure how strongly the even and the odd pixels of (B, 3, H, W) differ, in squares of `GRID_STEP`.

    The network enlarges its last channels to blocks of 2x2 pixels. They were lighter on one side in blue
    places and on the other in yellow ones, so over a whole picture the mean was the same.
    """
    differences = []
    for turned in (image, image.mT):
        even, odd = turned[..., 0::2], turned[..., 1::2]
        beside = (even[..., :-1] + even[..., 1:]) / 2  # without a slope's difference
        mean = F.avg_pool2d(odd[..., :-1] - beside, (GRID_STEP, GRID_STEP // 2))
        differences.append(torch.sqrt(mean.square().mean() + 1e-8))
    return torch.stack(differences).mean()


def saturation_loss(image: Tensor) -> Tensor:
    """Measure how far the network's last sums lie beyond `SATURATED` for (B, 3, H, W) in 0..1, squared.

    The network ends in a logistic function, which passes next to no gradient where it is nearly 0 or 1. Dark,
    even parts of a photo stayed black in spite of the other losses. This one's gradient is that of the sums.
    """
    inner = image.float().clamp(LEAST_LIGHT, 1 - LEAST_LIGHT)
    return F.relu(torch.logit(inner).abs() - SATURATED).square().mean()


def _blurred(image: Tensor, window: tuple[int, int]) -> Tensor:
    """Average (B, C, H, W) over a window around each pixel.

    A column and then a row take an eighth of a square's time, which was a third of a training step's.
    """
    padding = (window[0] // 2, window[1] // 2)
    return F.avg_pool2d(image, window, 1, padding, count_include_pad=False)


def _variation(image: Tensor) -> Tensor:
    here = image[:, :, :-1, :-1]
    down, right = image[:, :, 1:, :-1] - here, image[:, :, :-1, 1:] - here
    return torch.sqrt(down.square() + right.square() + 1e-8).mean()
