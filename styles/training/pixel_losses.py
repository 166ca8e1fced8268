"""Losses on the painted pixels themselves: light, variation and grid. Those on features are in `losses.py`.

They see what the features hardly do: which places are light, fringes and noise, and a regular pattern of the
network's own.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor

from styles.formats.architecture import STRIDE

#: Light is compared on means of squares of this side, pixels: an eye in a portrait.
LIGHT_SQUARE = 4
#: And in windows of so many squares a side: a face in a street.
LIGHT_WINDOW = 8
#: Deviation of light below which a window says nothing: 1/255 is rounding.
LEAST_CONTRAST = 0.004
#: A grid is looked for in windows of so many of the network's steps a side.
GRID_WINDOW = 14


def light_loss(painted: Tensor, photo: Tensor) -> Tensor:
    """How far what is light in (B, 3, H, W) is from being light in the painted one; 0..4.

    Colours may change as the painting wants, but what was light stays lighter: without it faces came out
    dark before a light wall, and nobody was known again. One less the correlation of how light squares are,
    over the whole, and over windows (the structure of Wang et al. 2004, SSIM). Windows count by the photo's
    contrast in them: an eye counts, and over a plain sky strokes are free.
    """
    a, b = (F.avg_pool2d(image.float().mean(dim=1, keepdim=True), LIGHT_SQUARE) for image in (painted, photo))
    whole = _correlation(a, b, a.shape[2:])[0].mean()
    side = min(LIGHT_WINDOW, *a.shape[2:])
    windows, contrast = _correlation(a, b, (side, side))
    return 2 - whole - (windows * contrast).sum() / (contrast.sum() + LEAST_CONTRAST)


def _correlation(a: Tensor, b: Tensor, window: Sequence[int]) -> tuple[Tensor, Tensor]:
    """Of two (B, 1, h, w) in windows that overlap by half, and the deviation of b in them."""
    height, width = window
    stride = (height // 2, width // 2)

    def mean(x: Tensor) -> Tensor:
        return F.avg_pool2d(x, (height, width), stride)

    mean_a, mean_b = mean(a), mean(b)
    variances = (mean(x * x) - m * m for x, m in ((a, mean_a), (b, mean_b)))
    deviation_a, deviation_b = ((v.clamp(min=0) + LEAST_CONTRAST**2).sqrt() for v in variances)
    return (mean(a * b) - mean_a * mean_b) / (deviation_a * deviation_b), deviation_b


def variation_loss(image: Tensor) -> Tensor:
    """Mean length of the gradient of (B, 3, H, W), that of the hue three times.

    Paintings have sharp edges of light and few of hue; the network likes to fringe every edge. The length and
    not the sum of both differences: that makes slanting edges dearer, and skies dripped in upright threads.
    """
    hue = image - image.mean(dim=1, keepdim=True)
    return _variation(image) + 2 * _variation(hue)


def grid_loss(image: Tensor) -> Tensor:
    """How far the pixels of (B, 3, H, W) know their place in the network's step of `STRIDE` pixels.

    Of what is finer than 5 pixels, the mean at each place of the step, over a window, and its deviation
    between the places: a grid that strokes do not hide. Of the range, 0.001 to 0.004 cannot be told from a
    painting, which has as much by chance; before this loss, styles had 0.008 to 0.017.
    """
    fine = image - F.avg_pool2d(image, 5, 1, 2, count_include_pad=False)
    places = F.pixel_unshuffle(fine, STRIDE)  # (B, 3 * 16, h, w)
    pooled = F.avg_pool2d(places, min(GRID_WINDOW, *places.shape[2:]))
    means = pooled.reshape(len(image), 3, STRIDE * STRIDE, -1)
    deviation = (means - means.mean(dim=2, keepdim=True)).square().mean(dim=2)
    return (deviation + 1e-8).sqrt().mean()


def _variation(image: Tensor) -> Tensor:
    here = image[:, :, :-1, :-1]
    down, right = image[:, :, 1:, :-1] - here, image[:, :, :-1, 1:] - here
    return (down.square() + right.square() + 1e-8).sqrt().mean()
