"""Paint large images strip by strip, in bounded memory and without a seam.

An instance norm needs mean and variance of the whole image, so its network cannot paint pieces on their own.
Thumbnail instance norm (Chen et al. 2022) takes both from a reduced copy, which comes near. Here they are
exact: each segment of the network (`styles/networks/segments.py`) goes over the whole image, strip by strip,
before the next one begins. Only rounding differs from an image painted at once.

The tensors of `Shape.kept` are kept between segments, in float16: 18 bytes a pixel for the base that most
shipped styles share, 22 for the wider ones, 1.1 GB for 50 megapixels. Those styles have no value above 50 in
them; float16 goes to 65,504. A network that keeps more than `MAX_KEPT` is refused.

A strip is as wide as the image. It is read with `HALO` rows of its neighbours on either side. Its padding
spoils only those rows, which are cut off. At the border of the image, the padding is the network's own. A
*row* is `STRIDE` lines of pixels, 4 lines of a tensor at a quarter of the size, and 1 line at a sixteenth.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from styles.errors import ImageTooLarge, Unpaintable
from styles.formats.architecture import EPSILON, STRIDE, Shape
from styles.imaging.codec import PixelBatch, Pixels
from styles.networks.segments import PIXELS, Affine, Floats, Moments, Segments, Step, Tensor, steps

#: Rows that a strip reads of its neighbours: a 3x3 convolution at a sixteenth needs 1, `out` 6 pixels.
HALO = 1
#: Pixels of a strip without its halo. Larger strips are no faster.
STRIP_PIXELS = 1_000_000
#: Most bytes kept between segments. For the largest photo, 64 megapixels, shipped styles keep up to 1.4 GB.
MAX_KEPT = 2_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Hold a range of rows to paint, and the range to read for it."""

    first: int
    last: int  #: the first row behind those to paint
    start: int
    stop: int  #: the first row behind those to read

    def read(self, lines: Tensor, rows: int) -> Tensor:
        """Return the lines to read of a tensor that covers all `rows` of the image."""
        a_row = len(lines) // rows
        return lines[a_row * self.start : a_row * self.stop]

    def inner(self, lines: Tensor) -> Tensor:
        """Return the painted ones of the lines read."""
        a_row = len(lines) // (self.stop - self.start)
        return lines[a_row * (self.first - self.start) : a_row * (self.last - self.start)]

    def put(self, lines: Tensor, target: Tensor, rows: int) -> None:
        """Write the painted ones of the lines read into their place in `target`."""
        a_row = len(target) // rows
        target[a_row * self.first : a_row * self.last] = self.inner(lines)


def paint_steps(
    segments: Segments,
    image: Pixels,
    row: Floats,
    out: Pixels,
    strip_pixels: int = STRIP_PIXELS,
) -> Iterator[None]:
    """Paint an image (H, W, 3) into `out`, of the same shape, in the style whose row (R,) is given.

    H and W are multiples of `STRIDE`. It yields after each strip of each segment: the device may paint other
    images before the next strip. The kept tensors stay in memory until then.

    Raises `ImageTooLarge` where it would keep more than `MAX_KEPT`, `Unpaintable` where values are lost.
    """
    shape, rows, columns = segments.shape, image.shape[0] // STRIDE, image.shape[1] // STRIDE
    if (total := kept_bytes(shape, image.size // 3)) > MAX_KEPT:
        raise ImageTooLarge(
            f"the style's network would keep {total / 1e9:.1f} GB of it, at most {MAX_KEPT / 1e9:.1f} GB: "
            "ask for a smaller size, or for another style"
        )
    kept = {
        name: segments.buffer(channels, rows * STRIDE // size, columns * STRIDE // size)
        for name, (channels, size) in shape.kept.items()
    }
    norms: dict[str, Affine] = {}
    strips = list(cut(rows, columns, strip_pixels))
    for step, style in zip(steps(shape), _scales_and_shifts(row, shape.norms), strict=True):
        reads = [image if name == PIXELS else kept[name] for name in step.reads]
        keeps = [out if name == PIXELS else kept[name] for name in step.keeps]
        moments = yield from _sweep(
            segments, step, strips, reads, [norms[name] for name in step.norms], keeps
        )
        if style is not None:
            norms[step.name] = _affine(moments, *style)


def paint_all(
    segments: Segments, images: PixelBatch, rows: Floats, strip_pixels: int = STRIP_PIXELS
) -> PixelBatch:
    """Paint images (B, H, W, 3), each in the style of its row (B, R); raises as `paint_steps`.

    `strip_pixels` is for the shipped shape; strips of a wider network are lower.
    """
    painted = np.empty_like(images)
    most = within_memory(strip_pixels, segments.shape)
    for image, row, out in zip(images, rows, painted, strict=True):
        for _ in paint_steps(segments, image, row, out, most):
            pass
    return painted


def within_memory(pixels: int, shape: Shape) -> int:
    """Reduce a number of pixels for a wider network, so that it takes the memory of the shipped shape.

    The memory is that of the values alive together: the tensor at half the size, twice, and those of the
    lower levels.
    """
    live, shipped = (s.half / 2 + s.quarter / 8 + s.eighth / 32 + s.sixteenth / 128 for s in (shape, Shape()))
    return min(pixels, int(pixels * shipped / live))


def kept_bytes(shape: Shape, pixels: int) -> int:
    """Return the bytes kept between segments, for an image of that many pixels."""
    return sum(2 * channels * pixels // size**2 for channels, size in shape.kept.values())


def cut(rows: int, columns: int, strip_pixels: int = STRIP_PIXELS) -> Iterator[Strip]:
    """Cut an image of that many rows and columns of `STRIDE` pixels into strips from top to bottom."""
    step = max(HALO, strip_pixels // (STRIDE * STRIDE * columns))
    for first in range(0, rows, step):
        last = min(first + step, rows)
        yield Strip(first=first, last=last, start=max(0, first - HALO), stop=min(rows, last + HALO))


def _sweep(
    segments: Segments,
    step: Step,
    strips: Sequence[Strip],
    reads: Sequence[Tensor],
    norms: Sequence[Affine],
    keeps: Sequence[Tensor],
) -> Generator[None, None, list[Moments]]:
    """Run one segment over all strips, and yield after each; return the moments of each.

    A segment may write where it reads. So a strip, which is at least as high as a halo, is written only after
    the next one has been read.
    """
    segment, rows = segments.segment(step), strips[-1].last
    moments: list[Moments] = []
    before: tuple[Strip, Sequence[Tensor]] | None = None
    for strip in strips:
        kept, lines = segment([strip.read(r, rows) for r in reads], norms)
        if lines is not None:
            moments.append((strip.inner(lines[0]), strip.inner(lines[1])))
        if before is not None:
            _put(*before, keeps, rows)
        before = strip, kept
        yield
    if before is not None:
        _put(*before, keeps, rows)
    return moments


def _put(strip: Strip, kept: Sequence[Tensor], keeps: Sequence[Tensor], rows: int) -> None:
    for lines, target in zip(kept, keeps, strict=True):
        strip.put(lines, target, rows)


def _affine(moments: Sequence[Moments], scale: Floats, shift: Floats) -> Affine:
    """Make the norm from the moments of all lines, which have one length. Raises `Unpaintable`."""
    means, variances = (np.concatenate(parts).astype(np.float64) for parts in zip(*moments, strict=True))
    if not (np.isfinite(means).all() and np.isfinite(variances).all()):
        raise Unpaintable("the style's network has values that are not finite")
    variance = variances.mean(0) + means.var(0)
    gain = scale / np.sqrt(variance + EPSILON)
    offset = shift - means.mean(0) * gain
    return gain.astype(np.float32), offset.astype(np.float32)


def _scales_and_shifts(row: Floats, channels: Sequence[int]) -> list[tuple[Floats, Floats] | None]:
    """Split a row into (scale, shift) for each norm; all scales come first. The last segment has no norm."""
    ends = np.cumsum(channels)[:-1]
    scales, shifts = (np.split(half, ends) for half in np.split(row, 2))
    return [*zip(scales, shifts, strict=True), None]
