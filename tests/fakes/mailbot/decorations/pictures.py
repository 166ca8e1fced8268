"""Pictures as bytes: drawn ones of few colours, and ones with the grain and the bytes a pixel of photos."""

from __future__ import annotations

import io
from functools import cache
from random import Random

from PIL import Image, ImageDraw, ImageFilter

_INK = ((0, 82, 147), (200, 16, 46), (0, 122, 61), (255, 205, 0))


def _bytes(image: Image.Image, format: str) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **({"quality": 85} if format in ("JPEG", "WEBP") else {}))
    return out.getvalue()


@cache
def logo(width: int, height: int, format: str = "PNG", mode: str = "RGBA", seed: int = 0) -> bytes:
    """A mark and the bars of a name on one ground; `P` has a palette, `RGBA` a transparent ground."""
    ground = (255, 255, 255, 0) if mode == "RGBA" else (255, 255, 255)
    image = Image.new("RGBA" if mode == "RGBA" else "RGB", (width, height), ground)
    draw = ImageDraw.Draw(image)
    side = min(width, height)
    draw.ellipse((side // 10, side // 10, side * 9 // 10, side * 9 // 10), fill=_INK[seed % 4])
    for bar in range(3):
        top = height * (3 + 2 * bar) // 10
        draw.rectangle((side, top, max(side, width * (9 - bar) // 10), top + height // 12), fill=(60, 60, 60))
    is_palette = mode == "P" or format == "GIF"
    return _bytes(image.convert("RGB").quantize(16) if is_palette else image, format)


@cache
def photo(width: int, height: int, format: str = "JPEG", seed: int = 0, mode: str = "RGB") -> bytes:
    """Hills under a sky with the grain of a sensor, so that a pixel takes as many bytes as in a photo."""
    chance = Random(seed * 1_000_003 + width * 1009 + height)
    small = Image.new("RGB", (24, 18))
    small.putdata([(chance.randrange(256), chance.randrange(256), chance.randrange(256)) for _ in range(432)])
    image = small.resize((width, height), Image.Resampling.BICUBIC)
    grain = Image.frombytes("L", (width, height), chance.randbytes(width * height))
    grain = grain.filter(ImageFilter.GaussianBlur(0.6))
    image = Image.blend(image, Image.merge("RGB", (grain,) * 3), 0.25).convert(mode)
    return _bytes(image, format)


@cache
def screenshot(width: int, height: int) -> bytes:
    """The screen of a phone or a computer: bars, text and one picture."""
    image = Image.new("RGB", (width, height), (246, 246, 248))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width, height // 12), fill=(20, 90, 200))
    for line in range(8):
        top = height * (2 + line) // 12
        draw.rectangle(
            (width // 12, top, width * (6 + line % 5) // 12, top + height // 60), fill=(70, 70, 70)
        )
    return _bytes(image, "PNG")


@cache
def scan(width: int, height: int) -> bytes:
    """A page in black and white, one bit a pixel."""
    image = Image.new("1", (width, height), 1)
    draw = ImageDraw.Draw(image)
    for line in range(4, 40):
        top = height * line // 44
        draw.line((width // 8, top, width * (5 + line % 3) // 8, top), fill=0, width=3)
    return _bytes(image, "PNG")


@cache
def pixel(width: int = 1, height: int = 1) -> bytes:
    """A tracking pixel or a spacer."""
    return _bytes(Image.new("P", (width, height)), "GIF")
