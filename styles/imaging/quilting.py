"""Make a square texture of a painting, whose edges join: by quilting (Efros and Freeman 2001).

Patches of the painting are laid in rows. Each is one of many that fits best over what lies beside it, and is
joined along the seam that is seen least. The texture has the gradient of the patches, not their colours
(Pérez, Gangnet and Blake 2003). So where two meet their colours join; the bands of a sky broke off there.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, pairwise

import numpy as np
import numpy.typing as npt

from styles.imaging.codec import Pixels

#: Part of a patch that lies over its neighbours.
OVERLAP = 0.4
#: Least step between patches, pixels, and side of the largest patch in parts of the texture. Steps of 8 are
#: 4,096 patches, which take 12 s.
LEAST_STEP, MOST_PATCH = 12, 0.45
#: Patches that are tried for a whole texture, and pixels between those of them that are compared. With half
#: as many, the bands of a sky did not meet.
TRIED, COMPARED_STEP = 60_000, 2
#: The best of them, of which one is taken at random.
BEST = 3
#: What a patch costs besides where it was taken before, squared levels of 255: forms would repeat.
REPEATED = 900

Cost = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def quilt(painting: Pixels, side: int, share: float, *, turned: bool = False, seed: int = 1) -> Pixels:
    """Make a texture (side, side, 3) of a painting (H, W, 3), of the painting's own scale.

    The side of a patch is this share of the painting's short side: what is smaller stays whole. `turned`:
    patches are turned and mirrored at random, so that letters and faces cannot be read.
    """
    random = np.random.default_rng(seed)
    patch = min(share * min(painting.shape[:2]), MOST_PATCH * side)
    count = max(2, round(side / max(LEAST_STEP, (1 - OVERLAP) * patch)))
    overlap = max(1, min(round(OVERLAP / (1 - OVERLAP) * side / count), min(painting.shape[:2]) // 4))
    largest = -(-side // count) + overlap
    missing = [(0, max(0, largest - length)) for length in painting.shape[:2]]
    painting = np.pad(painting, (*missing, (0, 0)), "symmetric")  # a small or narrow one is mirrored
    quilted, laid = np.zeros((side, side, 3), np.uint8), np.zeros((side, side), np.bool_)
    gradient = np.zeros((2, side, side, 3), np.int16)  # of the patch that a pixel is of
    pictures = list(_turns(painting)) if turned else [painting]
    taken: list[list[tuple[int, int]]] = [[] for _ in pictures]
    sources, most = cycle(zip(pictures, map(_gradient, pictures), taken, strict=True)), TRIED // count**2
    for top, height in _steps(side, count):
        for left, width in _steps(side, count):
            rows, columns = np.arange(top, top + height + overlap), np.arange(left, left + width + overlap)
            place = np.ix_(rows % side, columns % side)
            picture, differences, before = next(sources)
            patch = _patch(picture, quilted[place], laid[place], before, most, random)
            new = ~_kept(picture[patch], quilted[place], laid[place], overlap)
            ys, xs = (index[new] for index in np.broadcast_arrays(*place))
            quilted[ys, xs] = picture[patch][new]
            gradient[:, ys, xs] = differences[:, *patch][:, new]
            laid[ys, xs] = True
    return _integrated(gradient, quilted)


def _turns(painting: Pixels) -> Iterator[Pixels]:
    """Turn a painting (H, W, 3) by quarters, and mirror every second one."""
    for turn in range(4):
        turned = np.rot90(painting, turn)
        yield np.ascontiguousarray(turned[:, ::-1] if turn % 2 else turned)


def _gradient(picture: Pixels) -> npt.NDArray[np.int16]:
    """Return the differences of a picture (H, W, 3) to the pixel below and to the right: (2, H, W, 3)."""
    levels = picture.astype(np.int16)
    down = np.diff(levels, axis=0, append=levels[-1:])
    return np.stack([down, np.diff(levels, axis=1, append=levels[:, -1:])])


def _steps(side: int, count: int) -> Iterator[tuple[int, int]]:
    """Divide a side into `count` lengths of whole pixels: where each begins, and its length."""
    edges = [side * i // count for i in range(count + 1)]
    yield from ((start, end - start) for start, end in pairwise(edges))


def _patch(
    painting: Pixels,
    beneath: Pixels,
    laid: Mask,
    taken: list[tuple[int, int]],
    most: int,
    random: np.random.Generator,
) -> tuple[slice, slice]:
    """Choose one of the patches that fit best over `beneath` (h, w, 3) where that is `laid` (h, w).

    At most `most` are tried; `taken` has the places of those before.
    """
    height, width = laid.shape
    seen = np.zeros_like(laid)
    seen[::COMPARED_STEP, ::COMPARED_STEP] = laid[::COMPARED_STEP, ::COMPARED_STEP]
    rows, columns = np.nonzero(seen)
    known = beneath[rows, columns].astype(np.int32)
    down, across = painting.shape[0] - height + 1, painting.shape[1] - width + 1
    tried = max(BEST, min(most, down * across))
    tops, lefts = random.integers(down, size=tried), random.integers(across, size=tried)
    ys, xs = np.array(taken, np.int64).reshape(-1, 2).T
    near = (abs(tops[:, None] - ys) < height // 3) & (abs(lefts[:, None] - xs) < width // 3)
    costs: Cost = REPEATED * near.sum(axis=1, dtype=np.int64)
    if len(rows):
        for i, (top, left) in enumerate(zip(tops, lefts, strict=True)):
            difference = painting[rows + top, columns + left] - known
            costs[i] += (difference * difference).sum(dtype=np.int64) // len(rows)
    best = int(np.argsort(costs, kind="stable")[random.integers(BEST)])
    taken.append((int(tops[best]), int(lefts[best])))
    top, left = taken[-1]
    return slice(top, top + height), slice(left, left + width)


def _kept(patch: Pixels, beneath: Pixels, laid: Mask, overlap: int) -> Mask:
    """Say which pixels (h, w) stay as they are beneath a patch: those before a seam in each overlap."""
    apart = patch.astype(np.int32) - beneath
    cost: Cost = (apart * apart).sum(axis=2, dtype=np.int64)
    kept = np.zeros_like(laid)
    # The painting's last row and column of patches join the first ones too, so all four sides may be laid.
    for turn in range(4):
        is_laid, turned = np.rot90(laid, turn), np.rot90(kept, turn)
        if is_laid[len(is_laid) // 2, 0]:
            turned[:, :overlap] |= _before_seam(np.rot90(cost, turn)[:, :overlap])
    kept &= laid
    return kept


def _before_seam(cost: Cost) -> Mask:
    """Find the path from the first row of (h, w) to the last that costs least; what lies left of it."""
    edged = np.pad(cost, ((0, 0), (1, 1)), constant_values=np.iinfo(np.int64).max)
    total = edged[:, 1:-1]
    for row, above in enumerate(edged[:-1], 1):
        total[row] += np.minimum(np.minimum(above[:-2], above[1:-1]), above[2:])
    mask, at = np.zeros(cost.shape, np.bool_), int(total[-1].argmin())
    for row in range(len(total) - 1, -1, -1):
        mask[row, :at] = True
        if row:
            first = max(0, at - 1)
            at = first + int(total[row - 1, first : at + 2].argmin())
    return mask


def _integrated(gradient: npt.NDArray[np.int16], quilted: Pixels) -> Pixels:
    """Find the picture (H, H, 3) whose gradient is nearest to this one, with the mean colour of `quilted`.

    Its edges join, so that a Fourier transform solves Poisson's equation.
    """
    down, right = gradient.astype(np.float64)
    divergence = down - np.roll(down, 1, 0) + right - np.roll(right, 1, 1)
    waves = 2 * np.cos(2 * np.pi * np.fft.fftfreq(len(quilted))) - 2
    laplacian = waves[:, None] + waves
    laplacian[0, 0] = 1
    spectrum = np.fft.fft2(divergence, axes=(0, 1)) / laplacian[:, :, None]
    spectrum[0, 0] = quilted.sum(axis=(0, 1))
    picture: Pixels = np.rint(np.fft.ifft2(spectrum, axes=(0, 1)).real).clip(0, 255).astype(np.uint8)
    return picture
