"""Pictures too large for one pass: painted strip by strip, in bounded memory, without a seam.

An instance norm needs mean and variance of the whole picture, so a network that has them cannot paint pieces
on their own. Thumbnail instance norm (Chen et al. 2022) takes both from a reduced copy, which comes near.
Here they are exact: each segment of the network (`styles/networks/segments.py`) goes over the whole picture,
strip by strip, before the next one begins. Only rounding differs from the picture painted at once.

Kept between segments are x and y, each 64 channels in float16 at a sixteenth of the pixels: 16 bytes a
pixel, 800 MB for 50 megapixels. In our styles no value in them is above 50; float16 goes to 65,504. Keeping
stem and head as well would take 64 bytes more; working them out again makes a picture take twice the time.
A wider network than ours keeps more, and is refused what it has no room for.

A strip is as wide as the picture. It is read with `HALO` rows of its neighbours on either side; its padding
spoils those rows only, and they are cut off. At the picture's own border, the padding is the network's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from styles.errors import ImageTooLarge, Unpaintable
from styles.formats.architecture import EPSILON, STRIDE, Shape
from styles.imaging.codec import Pixels
from styles.networks.segments import Affine, Floats, Moments, Segments, Tensor

#: Pictures, (B, H, W, 3).
Batch = npt.NDArray[np.uint8]

#: Rows of the trunk that a strip reads of its neighbours: `spatial` needs 2, `down` and `out` 7 pixels.
#: A strip with less than 3 rows could not be padded by reflection: OpenVINO would crash.
HALO = 2
#: Pixels of a strip without its halo; activations take up to 80 bytes each. Larger ones are no faster.
STRIP_PIXELS = 1_000_000
#: Bytes of x and y together; twice what our styles take for 64 megapixels, the largest photo that is read.
MAX_KEPT = 2_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Rows of the trunk: those that are painted, and those that are read for it."""

    first: int
    last: int  #: the first one that is not painted
    start: int
    stop: int

    def inner(self, rows: Tensor) -> Tensor:
        """The painted ones of the rows read."""
        return rows[self.first - self.start : self.last - self.start]


def paint(
    segments: Segments,
    image: Pixels,
    row: Floats,
    out: Pixels,
    strip_pixels: int = STRIP_PIXELS,
) -> None:
    """Paints an image (H, W, 3) in a row (R,) into `out`, of the same shape; H, W multiples of `STRIDE`.

    Raises `ImageTooLarge` where x and y would be over `MAX_KEPT`, `Unpaintable` where values are lost.
    """
    shape, height, width = segments.shape, image.shape[0] // STRIDE, image.shape[1] // STRIDE
    _require_room(shape, height, width)
    pixels, painted = (a.reshape(height, STRIDE, STRIDE * width, 3) for a in (image, out))
    x, y = segments.buffer(height, width), segments.buffer(height, width)
    strips = list(cut(height, width, strip_pixels))
    styles = _scales_and_shifts(row, shape.norms)

    def norm_after(
        name: str, reads: Sequence[Tensor], norms: Sequence[Affine], keeps: Sequence[Tensor]
    ) -> Affine:
        return _affine(_sweep(segments, name, strips, reads, norms, keeps), *next(styles))

    norm = norm_after("stem", [pixels], [], [])
    norm = norm_after("down", [pixels], [norm], [y])
    for block in range(shape.blocks):
        norm = norm_after(f"spatial.{block}", [x, y] if block else [y], [norm], [x, y])
        norm = norm_after(f"mix.{block}", [y], [norm], [y])
    up = norm_after("up", [x, y], [norm], [x])
    del y  # its memory goes to `out`, whose pages are only now written
    head = norm_after("head", [x], [up], [])
    _sweep(segments, "out", strips, [x], [up, head], [painted])


def paint_all(segments: Segments, images: Batch, rows: Floats, strip_pixels: int = STRIP_PIXELS) -> Batch:
    """images (B, H, W, 3) in rows (B, R) -> (B, H, W, 3), one after the other; raises as `paint`.

    `strip_pixels`: of our network; those of a wider one are lower.
    """
    painted = np.empty_like(images)
    most = within_memory(strip_pixels, segments.shape)
    for image, row, out in zip(images, rows, painted, strict=True):
        paint(segments, image, row, out, most)
    return painted


def within_memory(pixels: int, shape: Shape) -> int:
    """As many pixels as that, or as a wider network paints at once in the memory that ours takes for them.

    Alive together, at half the size, are the trunk and the widest beside it. OpenVINO took 40 % less than
    this says to 9 % more, for networks of up to five times our channels.
    """
    live, ours = (s.body + max(s.stem, s.head, s.hidden // 4) for s in (shape, Shape()))
    return min(pixels, pixels * ours // live)


def _require_room(shape: Shape, height: int, width: int) -> None:
    kept = 2 * 2 * shape.body * height * width
    if kept > MAX_KEPT:
        raise ImageTooLarge(
            f"the style's network would keep {kept / 1e9:.1f} GB of it, at most {MAX_KEPT / 1e9:.1f} GB: "
            "ask for a smaller size, or for another style"
        )


def cut(height: int, width: int, strip_pixels: int = STRIP_PIXELS) -> Iterator[Strip]:
    """Strips from top to bottom of a trunk of that height and width."""
    step = max(HALO, strip_pixels // (STRIDE * STRIDE * width))
    for first in range(0, height, step):
        last = min(first + step, height)
        yield Strip(first=first, last=last, start=max(0, first - HALO), stop=min(height, last + HALO))


def _sweep(
    segments: Segments,
    name: str,
    strips: Sequence[Strip],
    reads: Sequence[Tensor],
    norms: Sequence[Affine],
    keeps: Sequence[Tensor],
) -> list[Moments]:
    """Runs one segment over all strips; the moments of each.

    A segment may keep where it reads: a strip, which is no lower than a halo, is put in only after the next
    one has been read.
    """
    segment = segments.segment(name)
    moments: list[Moments] = []
    before: tuple[Strip, Sequence[Tensor]] | None = None
    for strip in strips:
        kept, lines = segment([r[strip.start : strip.stop] for r in reads], norms)
        if lines is not None:
            moments.append((strip.inner(lines[0]), strip.inner(lines[1])))
        if before is not None:
            _put(*before, keeps)
        before = strip, kept
    if before is not None:
        _put(*before, keeps)
    return moments


def _put(strip: Strip, kept: Sequence[Tensor], keeps: Sequence[Tensor]) -> None:
    for rows, target in zip(kept, keeps, strict=True):
        target[strip.first : strip.last] = strip.inner(rows)


def _affine(moments: Sequence[Moments], scale: Floats, shift: Floats) -> Affine:
    """The norm, from the moments of all lines, which are of one length. Raises `Unpaintable`."""
    means, variances = (np.concatenate(parts).astype(np.float64) for parts in zip(*moments, strict=True))
    if not (np.isfinite(means).all() and np.isfinite(variances).all()):
        raise Unpaintable("the style's network has values that are not finite")
    variance = variances.mean((0, 1)) + means.var((0, 1))
    gain = scale / np.sqrt(variance + EPSILON)
    offset = shift - means.mean((0, 1)) * gain
    return gain.astype(np.float32), offset.astype(np.float32)


def _scales_and_shifts(row: Floats, channels: Sequence[int]) -> Iterator[tuple[Floats, Floats]]:
    """For each norm; all scales come first in a row."""
    ends = np.cumsum(channels)[:-1]
    scales, shifts = (np.split(half, ends) for half in np.split(row, 2))
    return zip(scales, shifts, strict=True)
