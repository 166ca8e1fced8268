"""Begin a wider network with what a narrower one has learnt, for a style that is worth the time.

The wider network paints nearly the same picture at first (Chen et al. 2016, arXiv:1511.05641). The old
channels hardly read the new ones, and a new block adds little to what passes it. All are then trained.

The channels are those at a quarter of the size, where a stroke of 4 to 20 pixels is painted. Style files of
before 2026-11-29 have no residual blocks there: they painted scales where the painting has strokes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from styles.formats.architecture import DETAIL, Convolution, Shape
from styles.formats.style_file import StyleFile

PerChannel = npt.NDArray[np.float32]  # of a norm

#: Shape of a wide network: others get at least its channels and blocks.
WIDE = Shape(quarter=64)
#: What an old channel reads of a new one, and what a new block adds, in parts of the usual.
HARDLY, LITTLE = 0.02, 0.05
#: Scale of a new channel's norm, in parts of the old channels' mean.
NEW_SCALE = 0.5
#: Seed of the new weights.
SEED = 1


def widened(style: StyleFile) -> StyleFile:
    """Return the style on a wider network."""
    old = Shape.of(style.network)
    shape = replace(
        old,
        quarter=max(old.quarter, WIDE.quarter),
        quarter_blocks=max(old.quarter_blocks, WIDE.quarter_blocks),
    )
    random = np.random.default_rng(SEED)
    network = {f"{c.name}.weight": _weight(c, style.network, random) for c in shape.convolutions}
    norms = _norms(old, style.row.astype(np.float32))
    pairs = [_norm(c, norms.get(c.name)) for c in shape.convolutions[:-1]]
    row = np.concatenate([scales for scales, _ in pairs] + [shifts for _, shifts in pairs])
    others = ("out.bias", DETAIL)
    network |= {name: tensor for name, tensor in style.network.items() if name in others}
    return StyleFile(network=network, row=row.astype(np.float16), underpainting=style.underpainting)


def _weight(
    size: Convolution, old: Mapping[str, npt.NDArray[np.float16]], random: np.random.Generator
) -> npt.NDArray[np.float16]:
    """Return a weight (out, in, H, W) that begins with the old one, and is random beside it."""
    weight = random.standard_normal(size.weight) / (size.channels * size.size**2) ** 0.5
    known = old.get(f"{size.name}.weight")
    if known is not None:
        out, channels = known.shape[:2]
        weight *= float(known.astype(np.float32).std()) / weight.std()
        weight[:out, :channels] = known
        weight[:out, channels:] *= HARDLY
    return np.asarray(weight, np.float16)


def _norms(shape: Shape, row: PerChannel) -> dict[str, tuple[PerChannel, PerChannel]]:
    """Return scales and shifts (C,) of each norm of a row (R,), by the name of its convolution."""
    ends = np.cumsum(shape.norms)[:-1]
    scales, shifts = (np.split(half, ends) for half in np.split(row, 2))
    names = [c.name for c in shape.convolutions[:-1]]
    return dict(zip(names, zip(scales, shifts, strict=True), strict=True))


def _norm(size: Convolution, old: tuple[PerChannel, PerChannel] | None) -> tuple[PerChannel, PerChannel]:
    """Return scales and shifts (C,) that begin with the old ones."""
    if old is None:
        scale = LITTLE if size.name.endswith("second") else 1.0
        return np.full(size.out, scale, np.float32), np.zeros(size.out, np.float32)
    new = size.out - len(old[0])
    return (
        np.pad(old[0], (0, new), constant_values=NEW_SCALE * float(np.abs(old[0]).mean())),
        np.pad(old[1], (0, new)),
    )
