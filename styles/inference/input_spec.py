"""Extend a photo to the input of a network, and crop its picture out of the output.

A network takes sides of certain multiples, with a least and a largest size. Missing pixels are mirrored from
the photo and cut off again. This project's network was trained with a margin besides. A network of others
gets none: it mirrors the border by itself, and pixels beside the photo change the statistics of its norms.
With a margin of 32 pixels, trained networks of pytorch/examples painted 5 levels off in the mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from styles.contract import painted_side
from styles.formats.architecture import MARGIN, STRIDE
from styles.imaging.codec import Pixels, fit, resized

#: Pixels that go through a network at once, so that photos of one size share a batch.
BATCH_PIXELS = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class InputSpec:
    """Describe the images that a network takes."""

    margin: int = 0  #: mirrored pixels on each side
    multiple: int = 1  #: sides are multiples of this, pixels
    least: int = 1  #: shortest side, pixels
    enlarges: bool = False  #: small photos are enlarged first: see `contract.painted_side`
    #: Each image goes through the network by itself, even where others have its size.
    alone: bool = False
    #: Larger photos are reduced to this, since memory ends there; None: they are painted in strips.
    most_pixels: int | None = None
    #: (height, width) of the only size: photos are reduced to fit into it, their pictures enlarged again.
    fixed: tuple[int, int] | None = None

    def reduced(self, photo: Pixels) -> Pixels:
        """Reduce a photo (H, W, 3) to the largest size that memory allows; most photos stay as they are."""
        if self.most_pixels is None or self.fixed:
            return photo
        height, width = photo.shape[:2]
        size = width, height
        while (pixels := prod(self.sides(size[1], size[0]))) > self.most_pixels and max(size) > 1:
            shrink = min((self.most_pixels / pixels) ** 0.5, 1 - 1 / max(size))
            size = fit((width, height), int(max(size) * shrink))
        return resized(photo, size)

    def enlarged(self, photo: Pixels) -> Pixels:
        """Enlarge a small photo (H, W, 3) to the size at which it is painted; others stay as they are."""
        height, width = photo.shape[:2]
        scale = painted_side(max(height, width)) / max(height, width) if self.enlarges else 1.0
        return resized(photo, (round(width * scale), round(height * scale)))

    def sides(self, height: int, width: int) -> tuple[int, int]:
        """Return (height, width) of the network's input for a photo of that size."""
        if self.fixed:
            return self.fixed
        least = (max(side + 2 * self.margin, self.least) for side in (height, width))
        down, right = (side + -side % self.multiple for side in least)
        return down, right

    def extend(self, photo: Pixels) -> Pixels:
        """Mirror the missing pixels around a photo (H, W, 3)."""
        if self.fixed:
            photo = resized(photo, self._inside(photo))
        height, width = photo.shape[:2]
        down, right = self.sides(height, width)
        edges = ((self.margin, down - self.margin - height), (self.margin, right - self.margin - width))
        return np.pad(photo, (*edges, (0, 0)), mode="reflect")

    def crop(self, painted: Pixels, photo: Pixels) -> Pixels:
        """Cut the picture of `photo`, of its size, out of the network's output for `extend(photo)`."""
        height, width = photo.shape[:2]
        if not self.fixed:
            return painted[self.margin : self.margin + height, self.margin : self.margin + width]
        across, down = self._inside(photo)
        return resized(painted[:down, :across], (width, height))

    def _inside(self, photo: Pixels) -> tuple[int, int]:
        """Return (width, height) of a photo that is reduced to fit into the fixed size, never enlarged."""
        height, width = photo.shape[:2]
        down, across = self.fixed or (height, width)
        scale = min(1.0, down / height, across / width)
        return max(1, int(width * scale + 1e-6)), max(1, int(height * scale + 1e-6))


#: The input of the StyleUNet, this project's own network.
STYLE_UNET_INPUT = InputSpec(margin=MARGIN, multiple=STRIDE, enlarges=True)
