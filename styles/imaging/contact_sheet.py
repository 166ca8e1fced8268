"""Draw a contact sheet: one photo and its paintings in many styles as one picture, with titles.

The background is the warm white of a gallery's wall: dark pictures stand out on it, and it takes no ink.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from PIL import Image

from styles.contract import MAX_PIXELS
from styles.errors import BadOption
from styles.imaging import text_drawing as lettering
from styles.imaging.codec import Pixels

#: Colours in sRGB: background, titles and captions. Their contrasts to the background are 14 and 5 to 1.
GROUND, INK, FADED = (246, 244, 239), (38, 35, 32), (108, 102, 95)
#: Least unit for gaps and letters, pixels: smaller letters blur. The unit is the root of a picture's area, so
#: that it suits every shape of photo.
LEAST = 230
#: Gap between pictures and around them, and the size of a title, in units.
GAP, TITLE = 0.058, 0.062
#: Smallest size of all titles, as a share of the full one, where a line is too wide; then the line is cut.
SMALLEST = 0.72
#: Size of a caption, line of a title, space above it, and height of both lines, as shares of a title's size.
CAPTION, LEADING, ABOVE, LABEL = 0.74, 1.35, 0.35, 2.5
#: Best aspects, 4:3 to 16:9: they fit screens and pages.
NARROW, WIDE = 4 / 3, 16 / 9
#: Weight of empty cells against the logarithm of an aspect: it puts four square pictures two by two.
EMPTY = 1.5
#: Longest side of a JPEG, pixels: the format has 16 bits for it.
MAX_SIDE = 65_535


class SheetPicture(NamedTuple):
    """Hold a painting and the texts below it."""

    title: str
    caption: str  #: artist and year, or ""
    pixels: Pixels  #: (H, W, 3), of the photo's size


def framed(pixels: Pixels, *, name: str, title: str, artist: str, year: str) -> SheetPicture:
    """Add the title to a painting, or the style's name where no font has the letters of the title."""
    caption = ", ".join(text for text in (artist, year) if text and lettering.legible(text))
    return SheetPicture(title if title and lettering.legible(title) else name, caption, pixels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Lay out pictures of one size in rows and columns, before any is painted; sizes are in pixels."""

    count: int
    columns: int
    width: int  #: width of one picture
    height: int

    @classmethod
    def of(cls, count: int, width: int, height: int, columns: int | None = None) -> Grid:
        """Lay out `count` pictures; without `columns`, choose those that give the best shape.

        Raises `BadOption` where the sheet would be too large.
        """
        choices = [columns] if columns else range(1, count + 1)
        grids = [cls(count=count, columns=min(n, count), width=width, height=height) for n in choices]
        best = min(grids, key=lambda grid: grid._misfit)
        across, down = best.size
        if across * down > MAX_PIXELS or max(across, down) > MAX_SIDE:
            raise BadOption(
                f"The sheet would have {across}x{down} pixels, and may have {MAX_PIXELS // 10**6} million "
                f"and sides of {MAX_SIDE}: name a smaller --size."
            )
        return best

    @property
    def rows(self) -> int:
        """Return the number of rows; the last one may have empty cells."""
        return math.ceil(self.count / self.columns)

    @property
    def unit(self) -> float:
        """Return the unit of gaps and letters."""
        return max(LEAST, math.sqrt(self.width * self.height))

    @property
    def gap(self) -> int:
        """Return the gap between pictures and around them."""
        return round(GAP * self.unit)

    @property
    def size(self) -> tuple[int, int]:
        """Return (width, height) of the sheet."""
        return self._place(self.rows, self.columns)

    def corner(self, index: int) -> tuple[int, int]:
        """Return (left, top) of a picture, counted row by row."""
        return self._place(*divmod(index, self.columns))

    def _place(self, row: int, column: int) -> tuple[int, int]:
        label = round(LABEL * TITLE * self.unit)  # title and caption below a picture
        left = self.gap + column * (self.width + self.gap)
        return left, self.gap + row * (self.height + label + self.gap)

    @property
    def _misfit(self) -> float:
        """Rate the shape: its distance from `NARROW` to `WIDE`, and its empty cells; 0 is best."""
        aspect = self.size[0] / self.size[1]
        empty = 1 - self.count / (self.columns * self.rows)
        return math.log(max(NARROW / aspect, aspect / WIDE, 1.0)) + EMPTY * empty


def sheet(photo: Pixels, pictures: Sequence[SheetPicture], columns: int | None = None) -> Pixels:
    """Draw the photo (H, W, 3) and its paintings of the same size, with their titles.

    Raises `BadOption` where the sheet would be too large.
    """
    height, width = photo.shape[:2]
    shown = [SheetPicture("The photo", "", photo), *pictures]
    grid = Grid.of(len(shown), width, height, columns)
    across, down = grid.size
    canvas = np.full((down, across, 3), GROUND, np.uint8)
    size = _title_size(shown, grid)
    for index, picture in enumerate(shown):
        left, top = grid.corner(index)
        canvas[top : top + height, left : left + width] = picture.pixels
        below = top + height + round(ABOVE * size)
        _write(canvas, picture.title, size, INK, (left, below), width)
        below += round(LEADING * size)
        _write(canvas, picture.caption, round(CAPTION * size), FADED, (left, below), width)
    return canvas


def _title_size(pictures: Sequence[SheetPicture], grid: Grid) -> int:
    """Return the size at which the widest line fits, within limits; one size for all looks calmer."""
    full = round(TITLE * grid.unit)
    titles = [lettering.width(picture.title, full) for picture in pictures]
    captions = [lettering.width(picture.caption, round(CAPTION * full)) for picture in pictures]
    return round(full * min(1.0, max(SMALLEST, grid.width / max(titles + captions))))


def _write(
    canvas: Pixels, text: str, size: int, ink: tuple[int, int, int], at: tuple[int, int], most: int
) -> None:
    """Write one line, at most `most` pixels wide, at (left, top)."""
    mask = lettering.write(lettering.shorten(text, size, most), size)
    mask = mask.crop((0, 0, min(mask.width, most), mask.height))  # an ellipsis alone may be too wide
    left, top = at
    area = canvas[top : top + mask.height, left : left + mask.width]
    image = Image.fromarray(area)
    image.paste(ink, (0, 0), mask)
    area[:] = np.asarray(image)
