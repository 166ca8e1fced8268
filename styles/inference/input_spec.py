"""How a photo is laid before a network, and its picture taken out again.

A network wants sides of certain multiples, more than some pixels and less than its memory holds; what a photo
lacks is mirrored out of it, and cut off again. Our network also wants a margin, since it learns where a
border is, and grain; the transformer-net has learnt the same of borders.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from styles.formats.architecture import MARGIN, STRIDE
from styles.imaging.codec import Pixels, fit, resized


@dataclass(frozen=True, slots=True, kw_only=True)
class InputSpec:
    """What a network wants of the pictures that it is given."""

    margin: int = 0  #: mirrored pixels on each side
    multiple: int = 1  #: sides are multiples of this
    least: int = 1  #: sides have at least so many pixels
    grain: bool = False  #: see `styles/imaging/grain.py`
    #: Each picture goes through the network by itself, even where others have its size.
    alone: bool = False
    #: Larger pictures find no room in memory: their photos are made smaller; None: painted in strips.
    most_pixels: int | None = None
    #: (height, width) of the only size that it paints: photos are made to fit in, pictures made large again.
    fixed: tuple[int, int] | None = None

    def reduced(self, photo: Pixels) -> Pixels:
        """The photo (H, W, 3) at the largest size that there is memory for; most are that as they are."""
        if self.most_pixels is None or self.fixed:
            return photo
        height, width = photo.shape[:2]
        size = width, height
        while (pixels := self._pixels(*size)) > self.most_pixels and max(size) > 1:
            shrink = min((self.most_pixels / pixels) ** 0.5, 1 - 1 / max(size))
            size = fit((width, height), int(max(size) * shrink))
        return photo if size == (width, height) else resized(photo, size)

    def sides(self, height: int, width: int) -> tuple[int, int]:
        """(height, width) of what the network is given for a photo of that size."""
        if self.fixed:
            return self.fixed
        wanted = (max(side + 2 * self.margin, self.least) for side in (height, width))
        down, right = (side + -side % self.multiple for side in wanted)
        return down, right

    def extend(self, photo: Pixels) -> Pixels:
        """What the network is given for a photo (H, W, 3), which has its grain by now."""
        if self.fixed:
            photo = resized(photo, self._inside(photo))
        height, width = photo.shape[:2]
        down, right = self.sides(height, width)
        edges = ((self.margin, down - self.margin - height), (self.margin, right - self.margin - width))
        return np.pad(photo, (*edges, (0, 0)), mode="reflect")

    def crop(self, painted: Pixels, photo: Pixels) -> Pixels:
        """The picture of `photo`, of its size, from what the network made of `extend(photo)`."""
        height, width = photo.shape[:2]
        if not self.fixed:
            return painted[self.margin : self.margin + height, self.margin : self.margin + width]
        across, down = self._inside(photo)
        return resized(painted[:down, :across], (width, height))

    def _inside(self, photo: Pixels) -> tuple[int, int]:
        """(width, height) of a photo that is made to fit into the fixed size, but never larger."""
        height, width = photo.shape[:2]
        down, across = self.fixed or (height, width)
        scale = min(1.0, down / height, across / width)
        return max(1, int(width * scale + 1e-6)), max(1, int(height * scale + 1e-6))

    def _pixels(self, width: int, height: int) -> int:
        down, right = self.sides(height, width)
        return down * right


#: What our own network wants.
OURS = InputSpec(margin=MARGIN, multiple=STRIDE, grain=True)
