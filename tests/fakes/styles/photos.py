"""Small photos: real JPEGs, each different."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw


def jpeg(seed: int = 0, size: tuple[int, int] = (96, 64)) -> bytes:
    """A gradient with a disc in it; the seed moves both."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    draw = ImageDraw.Draw(image)
    x, y = 10 + seed * 7 % (size[0] // 2), 10 + seed * 5 % (size[1] // 2)
    draw.ellipse((x, y, x + 20, y + 20), fill=(200, 40 + seed * 31 % 200, 60))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()
