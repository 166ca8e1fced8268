"""Small photos of paintings: on a wall, in a frame, scanned; and where their corners are."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from styles.canvas.perspective import as_corners, homography
from styles.canvas.quadrilateral import Corners
from styles.imaging.codec import Pixels

#: Where the canvas of `canvas()` is.
PLACE: Corners = ((0.2, 0.18), (0.8, 0.24), (0.77, 0.85), (0.17, 0.8))


def painted(seed: int = 0, size: tuple[int, int] = (360, 280)) -> Image.Image:
    """A painting of strokes of many colours."""
    random = np.random.default_rng(seed)
    image = Image.new("RGB", size, (60, 90, 140))
    draw = ImageDraw.Draw(image)
    for _ in range(500):
        x, y = random.integers(0, size[0]), random.integers(0, size[1])
        dx, dy = random.integers(-30, 30, 2)
        colour = tuple(int(part) for part in random.integers(0, 256, 3))
        draw.line((int(x), int(y), int(x + dx), int(y + dy)), fill=colour, width=int(random.integers(3, 9)))
    return image


def mondrian(size: tuple[int, int] = (400, 360)) -> Image.Image:
    """White, with black lines from border to border and two fields of colour."""
    image = Image.new("RGB", size, (240, 238, 230))
    draw = ImageDraw.Draw(image)
    width, height = size
    for x in (0.25, 0.7):
        draw.line((width * x, 0, width * x, height), fill=(10, 10, 10), width=8)
    for y in (0.3, 0.75):
        draw.line((0, height * y, width, height * y), fill=(10, 10, 10), width=8)
    draw.rectangle((width * 0.26, height * 0.32, width * 0.69, height * 0.74), fill=(200, 30, 30))
    draw.rectangle((0, height * 0.77, width * 0.24, height), fill=(30, 40, 160))
    return image


def framed(
    image: Image.Image, width: int, colour: tuple[int, int, int], *, ridges: float = 0.0
) -> Image.Image:
    """The painting with a frame around it, perhaps with `ridges` of that height, of 255, along its sides."""
    whole = Image.new("RGB", (image.width + 2 * width, image.height + 2 * width), colour)
    if ridges:
        rows, columns = np.ogrid[: whole.height, : whole.width]
        across = np.minimum(np.minimum(rows, rows[::-1]), np.minimum(columns, columns[:, ::-1]))
        light = ridges * np.sin(across * 6 * np.pi / width)[:, :, None] * np.array(colour) / 255
        whole = Image.fromarray(np.clip(np.asarray(whole) + light, 0, 255).astype(np.uint8))
    whole.paste(image, (width, width))
    return whole


def on_wall(
    image: Image.Image,
    corners: Sequence[Sequence[float]] = PLACE,
    *,
    seed: int = 0,
    noise: float = 3.0,
    glare: bool = False,
    size: tuple[int, int] = (720, 560),
) -> Pixels:
    """A photo of it on a wall that is lighter on one side, with shadow, grain, and perhaps a glare."""
    random = np.random.default_rng(seed)
    width, height = size
    to_picture = np.diag([width, height, 1]) @ homography(as_corners(corners))
    to_picture = to_picture @ np.diag([1 / image.width, 1 / image.height, 1])
    back = np.linalg.inv(to_picture)
    coefficients = (back / back[2, 2]).flatten()[:8].tolist()
    kind, way = Image.Transform.PERSPECTIVE, Image.Resampling.BICUBIC
    warped = image.transform(size, kind, coefficients, way)
    mask = Image.new("L", image.size, 255).transform(size, kind, coefficients, way)
    shadow = np.roll(np.asarray(mask.filter(ImageFilter.GaussianBlur(8)), np.float64), (6, 5), (0, 1)) / 255
    wall = np.full((height, width, 3), (205.0, 198.0, 186.0)) * np.linspace(0.85, 1.1, width)[None, :, None]
    wall *= 1 - 0.3 * shadow[:, :, None]
    share = np.asarray(mask, np.float64)[:, :, None] / 255
    photo = wall * (1 - share) + np.asarray(warped) * share
    if glare:
        spot = Image.new("L", size)
        ImageDraw.Draw(spot).ellipse((width * 0.35, height * 0.3, width * 0.5, height * 0.45), fill=255)
        photo += np.asarray(spot.filter(ImageFilter.GaussianBlur(25)), np.float64)[:, :, None] * 0.8
    photo += random.normal(0, noise, photo.shape)
    return np.clip(photo, 0, 255).astype(np.uint8)


def png(image: Image.Image) -> bytes:
    """The file."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def canvas(seed: int = 0) -> bytes:
    """A photo of a painting on a wall, as a file."""
    return png(Image.fromarray(on_wall(painted(seed))))
