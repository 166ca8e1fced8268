"""Make the patterns of grain: what the StyleUNet begins its strokes and forms from where a photo is even.

A network amplifies what is there, and does not invent what is not. From round blots it painted blots: a sky
of waves came out well, but strokes did not follow each other, and facets were blots with rims of flame. So a
base may have a grain of the kind of form that its paintings have: strokes that turn around each other, or
long bands. The painting still says how these look.

Each pattern is (SIDE, SIDE, 3), and its edges join, so that it can be repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image

from styles.formats.architecture import GrainPattern

Noise: TypeAlias = npt.NDArray[np.float32]

#: Side of a pattern, pixels. At 512 the strokes of an even sky visibly repeated with it; 2048 would take half
#: a second to make before the first photo.
SIDE = 1024
#: Patterns with directions are made at a quarter of the size: the network reads blocks of 4x4 pixels.
REDUCTION = 4
#: Width of a stroke, pixels.
WIDTH = 8


def pattern_noise(pattern: GrainPattern) -> Noise:
    """Make a pattern (SIDE, SIDE, 3) of colours around 0; the same each time."""
    return _MAKERS[pattern](np.random.default_rng(1))


def _of_blots(random: np.random.Generator) -> Noise:
    """Sum blots of three sizes.

    The large ones make long waves, and stars of several sizes. Each stroke begins from a small one: without
    them strokes lay in a lattice, all slanting one way.
    """
    return _blots(random, 8) + _blots(random, 32) + _blots(random, 128)


def _of_swirls(random: np.random.Generator) -> Noise:
    """Lay strokes of 60 pixels along eddies of some 150 to 250 pixels."""
    return _strokes(random, eddy=128, length=7, along=0.0)


def _of_bands(random: np.random.Generator) -> Noise:
    """Lay strokes of 160 pixels along a current to the right, with wide turns."""
    return _strokes(random, eddy=256, length=20, along=3.0)


_MAKERS: Mapping[GrainPattern, Callable[[np.random.Generator], Noise]] = {
    GrainPattern.BLOTS: _of_blots,
    GrainPattern.SWIRLS: _of_swirls,
    GrainPattern.BANDS: _of_bands,
}


def _blots(random: np.random.Generator, size: int, side: int = SIDE, channels: int = 3) -> Noise:
    """Make smooth noise of one size of blots, pixels: (side, side, channels) of deviation 1."""
    cells = [random.standard_normal((side // size, side // size)) for _ in range(channels)]
    return _enlarged(np.stack(cells, axis=2).astype(np.float32), size)


def _strokes(random: np.random.Generator, *, eddy: int, length: int, along: float) -> Noise:
    """Smear noise along a current (line integral convolution, Cabral and Leedom 1993), with blots of colour.

    `eddy` is the size of the current's eddies, pixels, and `along` how fast it flows to the right besides, in
    parts of their speed. A stroke has `length` steps of `REDUCTION` pixels to each side.
    """
    side = SIDE // REDUCTION
    hills = (_blots(random, size // REDUCTION, side, 1) for size in (2 * eddy, eddy))
    height = 1.5 * next(hills) + next(hills)
    # A current along the level lines of hills turns around each of them.
    current = np.concatenate([_slope(height, 1), -_slope(height, 0)], axis=2)
    current = current / np.std(current) + np.array([0.0, along], np.float32)
    current /= np.maximum(np.linalg.norm(current, axis=2, keepdims=True), 1e-6)
    begun = _blots(random, WIDTH // REDUCTION, side)
    smeared = begun.copy()
    for step in (current, -current):
        place = np.moveaxis(np.indices((side, side), np.float32), 0, 2).copy()
        for _ in range(length):
            place += step[_pixel(place, side)]
            smeared += begun[_pixel(place, side)]
    strokes = _enlarged(smeared, REDUCTION)
    noise: Noise = 0.8 * strokes + 0.35 * _blots(random, 32) + 0.5 * _blots(random, 128)
    return noise


def _slope(height: Noise, axis: int) -> Noise:
    slope: Noise = np.roll(height, -1, axis) - np.roll(height, 1, axis)
    return slope


def _pixel(place: Noise, side: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return the indices of the pixels at places (H, W, 2), which may lie beyond an edge."""
    rows, columns = np.moveaxis(np.rint(place).astype(np.intp) % side, 2, 0)
    return rows, columns


def _enlarged(noise: Noise, scale: int) -> Noise:
    """Enlarge (side, side, channels), whose edges join, smoothly; each channel of deviation 1."""
    wrapped = np.pad(noise, ((2, 2), (2, 2), (0, 0)), "wrap")  # two pixels more, so that the edges join
    size = wrapped.shape[1] * scale, wrapped.shape[0] * scale
    smooth = [_resized(channel, size) for channel in np.moveaxis(wrapped, 2, 0)]
    inner = slice(2 * scale, -2 * scale)
    return np.stack([channel[inner, inner] / np.std(channel) for channel in smooth], axis=2)


def _resized(channel: Noise, size: Sequence[int]) -> Noise:
    image = Image.fromarray(np.ascontiguousarray(channel))
    return np.asarray(image.resize((size[0], size[1]), Image.Resampling.BICUBIC))
