"""One photo in many styles, as one picture: the photo first, then each painting with its title below.

    SheetPicture   what hangs in the sheet
    framed    a style's painting as one
    Grid      where it hangs; known before anything is painted, so that a sheet too large is refused early
    sheet     the picture of them all

The ground is the warm white of a gallery's wall: dark pictures stand out on it, and it costs no ink in print.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from PIL import Image

from styles.errors import BadOption
from styles.imaging import text as lettering
from styles.imaging.codec import MAX_PIXELS, Pixels

#: sRGB; the inks have contrasts of 14 and 5 to 1 on the ground.
GROUND, INK, FADED = (246, 244, 239), (38, 35, 32), (108, 102, 95)
#: Gaps and letters are measured by the root of a picture's area, so that they suit every shape of photo.
#: Below this many pixels they stay as they are: smaller letters blur.
LEAST = 230
#: Gap between pictures and around them, and the size of a title.
GAP, TITLE = 0.058, 0.062
#: Where a line is too wide, all are written smaller, down to this part of their size; then it is cut.
SMALLEST = 0.72
#: Size of a caption, line of a title, space above it, and height of both lines, as parts of the title's size.
CAPTION, LEADING, ABOVE, LABEL = 0.74, 1.35, 0.35, 2.5
#: A sheet of 4:3 to 16:9 fits screens and pages.
NARROW, WIDE = 4 / 3, 16 / 9
#: What empty places count against the logarithm of an aspect: four square pictures hang two by two.
EMPTY = 1.5
#: JPEG has 16 bits for a side.
MAX_SIDE = 65_535


class SheetPicture(NamedTuple):
    """A painting and what stands below it."""

    title: str
    caption: str  #: artist and year, or ""
    pixels: Pixels  #: of the photo's size


class Named(Protocol):
    """What is written below a style's painting: of a card, or of a line of the registry's list."""

    @property
    def name(self) -> str:
        """As people write it."""

    @property
    def title(self) -> str:
        """The painting's."""

    @property
    def artist(self) -> str:
        """Or ""."""

    @property
    def year(self) -> str:
        """Or ""."""


def framed(style: Named, pixels: Pixels) -> SheetPicture:
    """A painting with its title, or its style's name where the title has letters that we cannot write."""
    title = style.title if style.title and lettering.legible(style.title) else style.name
    known = [text for text in (style.artist, style.year) if text and lettering.legible(text)]
    return SheetPicture(title, ", ".join(known), pixels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Where pictures of one size hang; pixels."""

    count: int
    columns: int
    width: int  #: of one picture
    height: int

    @classmethod
    def of(cls, count: int, width: int, height: int, columns: int | None = None) -> Grid:
        """The grid for so many pictures; without `columns`, with those that give the best shape.

        Raises `BadOption` for a sheet that would be too large.
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
        """Rows that it takes; the last may be in part empty."""
        return math.ceil(self.count / self.columns)

    @property
    def unit(self) -> float:
        """What gaps and letters are measured by, pixels."""
        return max(LEAST, math.sqrt(self.width * self.height))

    @property
    def gap(self) -> int:
        """Between pictures and around them."""
        return round(GAP * self.unit)

    @property
    def label(self) -> int:
        """Height of title and caption below a picture."""
        return round(LABEL * TITLE * self.unit)

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the sheet."""
        across = self.gap + self.columns * (self.width + self.gap)
        return across, self.gap + self.rows * (self.height + self.label + self.gap)

    def corner(self, index: int) -> tuple[int, int]:
        """(left, top) of a picture, counted row by row."""
        row, column = divmod(index, self.columns)
        left = self.gap + column * (self.width + self.gap)
        return left, self.gap + row * (self.height + self.label + self.gap)

    @property
    def _misfit(self) -> float:
        """How far the sheet is from `NARROW` to `WIDE`, and how much of it is empty."""
        aspect = self.size[0] / self.size[1]
        empty = 1 - self.count / (self.columns * self.rows)
        return math.log(max(NARROW / aspect, aspect / WIDE, 1.0)) + EMPTY * empty


def sheet(photo: Pixels, pictures: Sequence[SheetPicture], columns: int | None = None) -> Pixels:
    """The photo (H, W, 3) and its paintings of the same size, with their titles.

    Raises `BadOption` for a sheet that would be too large.
    """
    height, width = photo.shape[:2]
    hung = [SheetPicture("The photo", "", photo), *pictures]
    grid = Grid.of(len(hung), width, height, columns)
    across, down = grid.size
    wall = np.full((down, across, 3), GROUND, np.uint8)
    size = _title_size(hung, grid)
    for index, picture in enumerate(hung):
        left, top = grid.corner(index)
        wall[top : top + height, left : left + width] = picture.pixels
        below = top + height + round(ABOVE * size)
        _write(wall, picture.title, size, INK, (left, below), width)
        below += round(LEADING * size)
        _write(wall, picture.caption, round(CAPTION * size), FADED, (left, below), width)
    return wall


def _title_size(pictures: Sequence[SheetPicture], grid: Grid) -> int:
    """The size at which the widest line fits, within limits: one for all looks calmer than each its own."""
    full = round(TITLE * grid.unit)
    titles = [lettering.width(picture.title, full) for picture in pictures]
    captions = [lettering.width(picture.caption, round(CAPTION * full)) for picture in pictures]
    return round(full * min(1.0, max(SMALLEST, grid.width / max(titles + captions))))


def _write(
    wall: Pixels, text: str, size: int, ink: tuple[int, int, int], at: tuple[int, int], most: int
) -> None:
    """Writes one line, not wider than `most`; `at` is (left, top)."""
    mask = lettering.write(lettering.shorten(text, size, most), size)
    mask = mask.crop((0, 0, min(mask.width, most), mask.height))  # an ellipsis alone may be too wide
    left, top = at
    place = wall[top : top + mask.height, left : left + mask.width]
    paper = Image.fromarray(place)
    paper.paste(ink, (0, 0), mask)
    place[:] = np.asarray(paper)
