"""Draw what was learnt, to be looked at beside what hours of training made.

A sheet a photo has all styles. A sheet a style has its painting and the three photos, as PNG at full size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from runner.client import RunnerClient
from styles.contract import StyleOptions
from styles.imaging.codec import Pixels, decode, encode, resized
from styles.imaging.contact_sheet import SheetPicture, sheet

#: Photos that every style paints: a landscape, a face, a street.
PHOTOS = ("landscape", "astronaut", "street")
#: Long side of a photo on a sheet, pixels, and columns of a sheet.
SIDE, COLUMNS = 640, 4
#: Height and width of a picture on the sheet of a style, pixels, and the grey around it.
CELL, GREY = (480, 640), 238


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStyle:
    """Hold a style on the sheets."""

    name: str  #: by which the balancer knows it
    caption: str


async def draw(balancer: str, photos: Path, shown: Sequence[ShownStyle], out: Path) -> None:
    """Paint each photo in all styles by the balancer at a URL, and write its sheet."""
    async with RunnerClient(balancer) as client:
        for name in PHOTOS:
            content = (photos / f"{name}.jpg").read_bytes()
            pictures = []
            for style in shown:
                result = await client.paint(content, style.name, StyleOptions(size=SIDE))
                pictures.append(SheetPicture(style.name, style.caption, decode(result.image)))
            height, width = pictures[0].pixels.shape[:2]
            photo = decode(content, long_side=max(height, width))
            (out / f"{name}.jpg").write_bytes(encode(sheet(photo, pictures, COLUMNS)))


async def style_sheet(balancer: str, photos: Path, painting: bytes, shown: Sequence[ShownStyle]) -> bytes:
    """Return a sheet: a row with the painting and the photos, and a row in each of the styles; a PNG."""
    contents = [(photos / f"{name}.jpg").read_bytes() for name in PHOTOS]
    rows = [[_fitted(content) for content in (painting, *contents)]]
    async with RunnerClient(balancer) as client:
        for style in shown:
            results = [await client.paint(each, style.name, StyleOptions(size=SIDE)) for each in contents]
            rows.append([np.full((*CELL, 3), GREY, np.uint8), *(_fitted(each.image) for each in results)])
    return encode(np.concatenate([np.concatenate(row, axis=1) for row in rows]), "png")


def _fitted(content: bytes) -> Pixels:
    """Return a picture in the middle of a cell."""
    pixels, cell = decode(content), np.full((*CELL, 3), GREY, np.uint8)
    scale = min(CELL[0] / pixels.shape[0], CELL[1] / pixels.shape[1])
    height, width = (round(length * scale) for length in pixels.shape[:2])
    top, left = (CELL[0] - height) // 2, (CELL[1] - width) // 2
    cell[top : top + height, left : left + width] = resized(pixels, (width, height))
    return cell
