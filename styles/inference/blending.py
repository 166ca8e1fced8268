"""Blend several styles: rows of one base into one row, pictures of several bases into one picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from styles.errors import BadOption
from styles.imaging.codec import PixelBatch, Pixels
from styles.imaging.grain import add_grain
from styles.imaging.grain_patterns import SIDE
from styles.inference.input_spec import InputSpec
from styles.inference.session import InferenceSession, Row
from styles.inference.stylize import paint_steps


class BlendPart(NamedTuple):
    """Hold one style of a blend; the shares of all parts sum to 1."""

    session: InferenceSession
    row: Row
    share: float


def blend(parts: Sequence[BlendPart]) -> tuple[InferenceSession, Row]:
    """Return the session and the row (R,) that paint a blend; parts of one base must have one session.

    Rows of one base are summed (Dumoulin et al. 2017, arXiv:1610.07629, section 3.3). A sum depends on its
    order in the last bit, so parts should come in a fixed order. Raises `BadOption` where the networks take
    different images.
    """
    bases: dict[int, list[BlendPart]] = {}
    for part in parts:
        if part.share:
            bases.setdefault(id(part.session), []).append(part)
    mixed = [_mixed(group) for group in bases.values()]
    if len({_without_grain(part.session) for part in mixed}) > 1:
        raise BadOption("Only styles of this project's own network can be blended.")
    if len(mixed) == 1:
        return mixed[0].session, mixed[0].row
    return BlendSession(mixed), np.zeros(0, np.float32)


def _without_grain(session: InferenceSession) -> InputSpec:
    return replace(session.input_spec, grain=None)


def _mixed(parts: Sequence[BlendPart]) -> BlendPart:
    """Mix parts of one session into one; it has the sum of their shares."""
    share = sum(part.share for part in parts)
    row = sum(part.share / share * part.row.astype(np.float64) for part in parts)
    return BlendPart(parts[0].session, np.asarray(row, np.float32), share)


class BlendSession:
    """Paint images in sessions of several bases, and mix the pictures by the shares of the parts."""

    def __init__(self, parts: Sequence[BlendPart]) -> None:
        """All sessions must take the same images, but for their grain: where it differs each gets its own."""
        self._parts = parts
        is_shared = len({part.session.input_spec for part in parts}) == 1
        self.input_spec = parts[0].session.input_spec if is_shared else _without_grain(parts[0].session)

    def paint(self, images: PixelBatch, rows: npt.NDArray[np.float32]) -> PixelBatch:
        """See `InferenceSession.paint`; the rows (B, 0) are empty.

        Each part paints the images as it would alone: strips take many times as long for a small one.
        """
        mixed, share = np.empty_like(images), 0.0
        for part in self._parts:
            share += part.share
            grained = np.stack([self._grained(image, part) for image in images])
            painted = part.session.paint(grained, np.stack([part.row] * len(images)))
            for out, picture in zip(mixed, painted, strict=True):
                _mix_in(out, picture, part.share / share)
        return mixed

    def paint_steps(self, image: Pixels, row: Row, out: Pixels) -> Iterator[None]:
        """See `StripSession.paint_steps`; the row (0,) is empty."""
        picture, share = np.empty_like(image), 0.0
        for part in self._parts:
            yield from paint_steps(part.session, self._grained(image, part), part.row, picture)
            share += part.share
            _mix_in(out, picture, part.share / share)

    def _grained(self, image: Pixels, part: BlendPart) -> Pixels:
        """Give an image (H, W, 3) without grain that of a part, at the place where the photo alone has it."""
        grain, margin = part.session.input_spec.grain, self.input_spec.margin
        if grain is None or self.input_spec.grain:
            return image
        return add_grain(image, SIDE - margin, SIDE - margin, grain)


def _mix_in(out: Pixels, picture: Pixels, share: float) -> None:
    """Change `out` into a mixture that has this share of a picture; at 1 into the picture."""
    out[...] = np.asarray(Image.blend(Image.fromarray(out), Image.fromarray(picture), share))
