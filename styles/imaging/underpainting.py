"""Lay a painting's own forms under a photo, faintly: the underpainting that a StyleUNet begins from.

A network amplifies what is there, and does not invent what is not. From an even sky it painted one colour,
from noise ripples and blots, however its losses were weighed. So what it sees is the photo with forms of the
painting in it: those of a texture that is quilted from the painting (`quilting.py`). The network gives them
the painting's colours and edges. Where a photo has detail of its own, as faces have, they are fainter.

A style file keeps the texture at half its size, as levels around 128.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias
from zlib import crc32

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from styles.formats.style_file import KEPT_SHAPE, NEUTRAL
from styles.imaging.codec import Pixels, resized
from styles.imaging.quilting import quilt

#: Side of the texture, pixels: it repeats in larger photos. Then the side at which it is kept.
SIDE, KEPT_SIDE = 1024, KEPT_SHAPE[0]
#: Side of the pieces of a painting of which nothing is known, in parts of its short side. They are turned and
#: mirrored, too: pieces of 0.16 showed words of a page, those of 0.1 the faces of a group.
PATCH = 0.06
#: Standard deviation of a kept texture, of 255 levels.
DEVIATION = 40.0
#: Most that the contrast of a painting is raised: a pencil drawing would become black lines.
MOST_CONTRAST = 3.0
#: Side of the squares in which a photo's detail is measured, pixels.
SQUARE = 8
#: Deviation of light in a square at which forms are faintest, of 255 levels: a soft edge has it. Then that of
#: a whole photo below which it is as much less: a bear in fog and bicycles at night were lost.
FULL_DETAIL, USUAL_CONTRAST = 12.75, 60.0
#: The least that it may be: noise is no detail.
LEAST_DETAIL = 3.0
#: Squares around one with detail that get as little of the forms as that one. Of none, cheeks got stars.
AROUND = 2
#: How much of the forms is laid where a photo is even and where it has full detail, parts of 256. With 102,
#: faces had them too.
MOST, LEAST = 256, 40
#: Times that detail counts where a photo has a colour of skin, and the least of the forms there: of a swimmer
#: in soft light only the teeth were left, and a street at sunset dissolved. Sand and wood have these too.
SKIN_DETAIL, SKIN_LEAST = 6.0, 8
#: Range of Cr and Cb that skin of all people has (Chai and Ngan 1999), and where it ends softly, levels.
SKIN_CR, SKIN_CB, SKIN_EDGE = (133, 178), (80, 125), 6
#: Levels that black and white are moved by where forms are laid in full, so that both halves of them show.
HEADROOM = 30
#: Pixels between those that a photo's place is chosen by.
SEEN_STEP = 16

#: Most times that a texture is enlarged for a photo of more than SIDE pixels. At 4 it takes 50 MB meanwhile.
MOST_SCALE = 4
#: Numbers of a photo that are worked on at a time. With fewer the calls take longer than the work, and more
#: do not stay in a core's cache.
BAND = 600_000

#: What is added to a photo: (SIDE, SIDE, 3).
Underpainting: TypeAlias = npt.NDArray[np.int8]


def kept_of(painting: Pixels, patch: float | None = None) -> Pixels:
    """Make the texture of a painting (H, W, 3) as a style file keeps it: (KEPT_SIDE, KEPT_SIDE, 3).

    `patch` is the side of the pieces that it is made of, in parts of the painting's short side. None: nothing
    is known of the painting, and things in it should not be recognized.
    """
    share = KEPT_SIDE / SIDE
    size = max(1, round(painting.shape[1] * share)), max(1, round(painting.shape[0] * share))
    forms = quilt(resized(painting, size), KEPT_SIDE, patch or PATCH, turned=patch is None).astype(np.float64)
    forms -= forms.mean(axis=(0, 1))
    forms *= min(MOST_CONTRAST, DEVIATION / max(float(forms.std()), 1e-6))
    kept: Pixels = np.rint(forms + NEUTRAL).clip(0, 255).astype(np.uint8)
    return kept


def underpainting_of(kept: Pixels) -> Underpainting:
    """Enlarge a kept texture to the size at which it is laid."""
    return _signed(_enlarged(kept, SIDE // len(kept)))


def _enlarged(texture: Pixels, scale: int) -> Pixels:
    wrapped = np.pad(texture, ((2, 2), (2, 2), (0, 0)), "wrap")  # two pixels more, so that the edges join
    large = resized(wrapped, (len(wrapped) * scale,) * 2)
    return np.ascontiguousarray(large[2 * scale : -2 * scale, 2 * scale : -2 * scale])


def _signed(levels: Pixels) -> Underpainting:
    """Take NEUTRAL away: the highest bit says the sign then."""
    return np.bitwise_xor(levels, NEUTRAL, dtype=np.uint8).view(np.int8)


def mixed(underpaintings: Sequence[Underpainting], shares: Sequence[float]) -> Underpainting:
    """Mix the forms of several styles by their shares, at the contrast of one times the sum of the shares.

    A sum below 1 leaves the rest to styles without forms, whose contrast is 0. Forms of two paintings know
    nothing of each other, so their variances are what adds up.
    """
    contrast = sum(shares) * sum(share**2 for share in shares) ** -0.5
    weights = [round(64 * share * contrast) for share in shares]  # of 15 styles they stay within 16 bits
    mix = np.empty_like(underpaintings[0])
    for _, rows in _bands(*mix.shape[:2]):
        parts = zip(underpaintings, weights, strict=True)
        total = sum(np.multiply(each[rows], weight, dtype=np.int16) for each, weight in parts)
        mix[rows] = (total + 32 >> 6).clip(-128, 127)
    return mix


def lay_under(
    photo: Pixels, underpainting: Underpainting | None, place: tuple[int, int] | None = None
) -> Pixels:
    """Copy a photo (H, W, 3) with forms in it; without an underpainting it is the photo itself.

    `place` is where the photo begins in the repeated texture: row and column. None: a place of its own, so
    that photos of one mail do not all have the same star at the same spot, and a photo always has its own.
    In a larger photo forms are as much larger, and only what is as much larger is detail: at 3,072 pixels a
    sky was a wallpaper of equal stars.
    """
    if underpainting is None:
        return photo
    height, width = photo.shape[:2]
    scale = min(MOST_SCALE, max(1, round(max(height, width) / SIDE)))
    side, square = scale * SIDE, scale * SQUARE
    top, left = place or _place(photo, side)
    shares = _shares(_reduced(photo, scale))
    if scale > 1:
        underpainting = _signed(_enlarged(np.bitwise_xor(underpainting.view(np.uint8), NEUTRAL), scale))
    laid = np.empty_like(photo, order="C")  # whose rows can be seen as one, even where the photo's cannot
    flat, forms = laid.reshape(height, 3 * width), underpainting.reshape(side, 3 * side)
    for squares, rows in _bands(height, width, square):
        share = shares[squares].repeat(3 * square, axis=1)[:, None]
        moved = (HEADROOM * share >> 8).astype(np.uint8)
        # Arrays of whole squares, of which the photo fills the last ones in part.
        levels: Pixels = np.empty((len(share), square, share.shape[2]), np.uint8)
        sums = np.empty(levels.shape, np.int16)
        level_lines, sum_lines = (each.reshape(-1, each.shape[2]) for each in (levels, sums))
        filled = np.s_[: rows.stop - rows.start, : 3 * width]
        level_lines[filled] = photo[rows].reshape(-1, 3 * width)
        for down, line in _spans(top + rows.start, rows.stop - rows.start, side):
            for across, tile in _spans(3 * left, 3 * width, 3 * side):
                sum_lines[down, across] = forms[line, tile]
        # Levels times parts of 256 end at 128 * 256, so these numbers stay within 16 bits.
        sums *= share
        sums >>= 8
        np.maximum(levels, moved, out=levels)
        np.minimum(levels, 255 - moved, out=levels)
        sums += levels
        flat[rows] = np.clip(sum_lines, 0, 255, out=sum_lines)[filled]
    return laid


def _reduced(photo: Pixels, scale: int) -> Pixels:
    """Reduce a photo (H, W, 3) to (H / scale, W / scale, 3), band by band."""
    if scale == 1:
        return photo
    height, width = photo.shape[:2]
    bands = _bands(height, width, scale)
    return np.concatenate([np.asarray(Image.fromarray(photo[rows]).reduce(scale)) for _, rows in bands])


def _place(photo: Pixels, side: int) -> tuple[int, int]:
    """Choose a photo's place in a texture of this side by some of its pixels."""
    number = crc32(photo[::SEEN_STEP, ::SEEN_STEP].tobytes())
    return divmod(number % side**2, side)


def _shares(photo: Pixels) -> npt.NDArray[np.int16]:
    """Say how much of the forms each square of a photo (H, W, 3) gets: (H/8, W/8), in parts of 256.

    A square beside one with detail gets as little as that one, so that an edge stays one on both sides.
    """
    height, width = photo.shape[:2]
    down, across = (-(-length // SQUARE) for length in (height, width))
    mean, square, skin = np.empty((3, down, across))
    for squares, rows in _bands(height, width):
        blocks = np.empty((squares.stop - squares.start, SQUARE, SQUARE * across), np.float32)
        light, count = blocks.reshape(-1, blocks.shape[2]), rows.stop - rows.start
        picture = Image.fromarray(photo[rows])
        light[:count, :width] = picture.convert("L")
        light[:count, width:] = light[:count, width - 1 : width]
        light[count:] = light[count - 1]
        # Sums of 64 squares of levels are below 2 ** 24, so 32 bits hold them exactly.
        for found, numbers in ((mean, blocks), (square, blocks * blocks)):
            lines = numbers.sum(axis=1).reshape(-1, across, SQUARE)
            found[squares] = np.einsum("abc->ab", lines) / SQUARE**2
        skin[squares] = _skin(picture.reduce(SQUARE))
    whole = max(0.0, float(square.mean() - mean.mean() ** 2)) ** 0.5
    least = max(FULL_DETAIL * min(1.0, whole / USUAL_CONTRAST), LEAST_DETAIL)
    deviation = np.sqrt(np.maximum(square - mean * mean, 0))
    detail = np.minimum(deviation * (1 + (SKIN_DETAIL - 1) * skin) / least, 1)
    smooth, no_skin = _least_around(1 - detail), _least_around(1 - skin)
    lowest = SKIN_LEAST + no_skin * (LEAST - SKIN_LEAST) // 255
    shares: npt.NDArray[np.int16] = (lowest + smooth * (MOST - lowest) // 255).astype(np.int16)
    return shares


def _skin(small: Image.Image) -> npt.NDArray[np.float64]:
    """Say how much each pixel (H, W) of a small RGB picture has a colour of skin, 0 to 1."""
    _, blue, red = np.moveaxis(np.asarray(small.convert("YCbCr"), np.float64), 2, 0)
    ends = ((red, SKIN_CR), (blue, SKIN_CB))
    inside = [np.minimum(levels - first, last - levels) for levels, (first, last) in ends]
    share: npt.NDArray[np.float64] = np.prod(np.clip(np.divide(inside, SKIN_EDGE), 0, 1), axis=0)
    return share


def _least_around(values: npt.NDArray[np.float64]) -> npt.NDArray[np.int32]:
    """Take the least of the values (H, W) in 0..1 around each square, smoothed: 0 to 255."""
    near = (255 * values).astype(np.uint8)
    for _ in range(2):  # down, then across; Pillow's filter takes 50 times as long
        least = near.copy()
        for step in range(1, AROUND + 1):
            np.minimum(least[step:], near[:-step], out=least[step:])
            np.minimum(least[:-step], near[step:], out=least[:-step])
        near = least.T
    smooth = Image.fromarray(near).filter(ImageFilter.BoxBlur(AROUND))
    return np.asarray(smooth).astype(np.int32)


def _spans(start: int, length: int, most: int) -> Iterator[tuple[slice, slice]]:
    """Cut 0 to `length` into pieces, each with its place in a line of `most` that is repeated."""
    at = 0
    while at < length:
        first = (start + at) % most
        size = min(length - at, most - first)
        yield slice(at, at + size), slice(first, first + size)
        at += size


def _bands(height: int, width: int, square: int = SQUARE) -> Iterator[tuple[slice, slice]]:
    """Cut a photo into bands of whole squares: the rows of squares of each, and those of pixels."""
    step = max(1, BAND // (3 * width * square)) * square
    for start in range(0, height, step):
        stop = min(start + step, height)
        yield slice(start // square, -(-stop // square)), slice(start, stop)
