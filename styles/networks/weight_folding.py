"""Fold enlarging, pixel shuffles and scaling into the weights of a base, to paint the same picture faster.

Training uses the network of `styles/networks/style_unet.py`. Painting starts from bytes, so the stem's
weights include the division by 255. Enlarging before the `up`
convolutions, and `out` at full size, each move four times the values that they need. Enlarging is linear: a
3x3 convolution at the small size computes the four pixels that each of its pixels becomes, as four times the
channels. `out` becomes 3x3 at half the size in the same way. That takes about as many multiply-adds, and a
tenth less time (OpenVINO, 1024 pixels).

`stem` reads blocks of 4x4 pixels. For an engine that moves bytes slowly it can read the lines as they are.

Channels of four phases are in the order of a pixel shuffle, (channel, row, column). Those of the painted
pixels are (row, column, colour), as in a picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import numpy as np
import numpy.typing as npt

from styles.formats.architecture import DETAIL_DEVIATION, DETAIL_RADIUS
from styles.formats.style_file import Array

FoldedWeights = npt.NDArray[np.float32]

#: Convolutions that double the size.
ENLARGING = ("up8", "up4", "up2")
#: Shares of two neighbouring small pixels in a large one, by its place (phase + offset), bilinear. A large
#: pixel's centre lies a quarter of a small pixel beside the small one's centre.
BILINEAR = {-1: (0.75, 0.25), 0: (0.25, 0.75), 1: (0.75, 0.25), 2: (0.25, 0.75)}
#: The same where each small pixel becomes 2x2 equal ones, as in a transformer-net.
NEAREST = {-1: (1.0, 0.0), 0: (0.0, 1.0), 1: (1.0, 0.0), 2: (0.0, 1.0)}


def folded(network: Mapping[str, Array]) -> dict[str, FoldedWeights]:
    """Return the tensors in float32, by the same names; stem, up8, up4, up2 and out are folded.

    The weights of the enlarging ones are (4*out, in, 3, 3), out.weight is (12, half, 3, 3), out.bias (12,).
    """
    tensors = {name: tensor.astype(np.float32, order="C") for name, tensor in network.items()}
    tensors["stem.weight"] = tensors["stem.weight"] / np.float32(255)
    for name in ENLARGING:
        tensors[f"{name}.weight"] = enlarging(tensors[f"{name}.weight"])
    tensors["out.weight"] = _of_blocks(tensors["out.weight"], 2)
    tensors["out.bias"] = np.tile(tensors["out.bias"], 4)
    return tensors


def transposed(kernel: FoldedWeights) -> FoldedWeights:
    """Turn an enlarging kernel (4*O, I, 3, 3) into (I, O, 6, 6), for a transposed convolution.

    Its stride is 2 and its padding 2.
    """
    phases = kernel.reshape(-1, 2, 2, *kernel.shape[1:])
    whole = np.zeros((kernel.shape[1], len(phases), 6, 6), np.float32)
    for (row, column), (down, across) in product(np.ndindex(2, 2), np.ndindex(3, 3)):
        whole[:, :, row + 4 - 2 * down, column + 4 - 2 * across] = phases[:, row, column, :, down, across].T
    return whole


def by_lines(kernel: FoldedWeights) -> FoldedWeights:
    """Reorder the stem (O, 48, 3, 3) to (O, 12, 12, 3), whose stride is (4, 1) and whose padding is (4, 1).

    It reads 4 pixels of a line as 12 channels, (column, colour), as they lie in a picture.
    """
    blocks = kernel.reshape(-1, 3, 4, 4, 3, 3)  # (O, colour, row, column, down, across)
    return np.ascontiguousarray(blocks.transpose(0, 3, 1, 4, 2, 5).reshape(-1, 12, 12, 3))


def detail_kernel(*, block: int = 1) -> FoldedWeights:
    """Return the kernel (1, 1, 9, 9) that leaves the detail of a photo's light; its values sum up to 0.

    `block`: folded, for the light of blocks of that many pixels, squared; of 4: (16, 16, 3, 3).
    """
    bell = np.exp(-((np.arange(2 * DETAIL_RADIUS + 1) - DETAIL_RADIUS) ** 2) / (2 * DETAIL_DEVIATION**2))
    kernel = -np.outer(bell, bell) / bell.sum() ** 2
    kernel[DETAIL_RADIUS, DETAIL_RADIUS] += 1
    return _of_blocks(kernel.astype(np.float32)[None, None], block)


def enlarging(kernel: FoldedWeights, shares: Mapping[int, tuple[float, float]] = BILINEAR) -> FoldedWeights:
    """Fold enlarging into the kernel (O, I, 3, 3) after it: (4*O, I, 3, 3)."""
    taps = np.zeros((2, 3, 3), np.float32)  # (phase, offset at the small size, offset at the large size)
    for phase in (0, 1):
        for offset in (-1, 0, 1):
            pixel = phase + offset  # counted from the first of the two that a small pixel becomes
            first = (pixel - 1) // 2  # the left one of the two small pixels around it
            for small, share in zip((first, first + 1), shares[pixel], strict=True):
                taps[phase, small + 1, offset + 1] += share
    rows = _combined(taps, np.ascontiguousarray(kernel.transpose(2, 3, 0, 1)))  # (row, down, 3, O, I)
    both = _combined(taps, np.moveaxis(rows, 2, 0))  # (column, across, row, down, O, I)
    phases = both.transpose(4, 2, 0, 5, 3, 1)
    return np.ascontiguousarray(phases).reshape(-1, *kernel.shape[1:])


def _combined(taps: FoldedWeights, parts: FoldedWeights) -> FoldedWeights:
    """Sum parts (3, …) by taps (2, 3, 3): (2, 3, …). It takes a tenth of the time of `np.einsum`."""
    combined = np.zeros((2, 3, *parts.shape[1:]), np.float32)
    for phase, small, large in np.argwhere(taps):
        combined[phase, small] += taps[phase, small, large] * parts[large]
    return combined


def _of_blocks(kernel: FoldedWeights, block: int) -> FoldedWeights:
    """Fold a pixel shuffle into the kernel (O, C, k, k) after it, k odd: (b*b*O, b*b*C, j, j)."""
    out, channels, side = kernel.shape[:3]
    radius = side // 2
    around = -(-radius // block)  # the radius in blocks
    blocks = 2 * around + 1
    phases = np.zeros((block, block, out, channels, block, block, blocks, blocks), np.float32)
    for row, column in np.ndindex(block, block):
        for down, across in np.ndindex(side, side):
            y, row_in = divmod(row + down - radius, block)
            x, column_in = divmod(column + across - radius, block)
            phases[row, column, :, :, row_in, column_in, y + around, x + around] = kernel[:, :, down, across]
    return phases.reshape(block**2 * out, block**2 * channels, blocks, blocks)
