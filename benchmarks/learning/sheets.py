"""Draw what was learnt: a sheet a photo, with the learnt styles and some that hours of training made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.client import RunnerClient
from styles.contract import StyleOptions
from styles.imaging.codec import decode, encode
from styles.imaging.contact_sheet import SheetPicture, sheet

#: Photos that every style paints: a landscape, a face, a street.
PHOTOS = ("landscape", "astronaut", "street")
#: Long side of a photo on a sheet, pixels, and columns of a sheet.
SIDE, COLUMNS = 640, 4


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
