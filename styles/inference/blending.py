"""Blend several styles: rows of one base into one row, pictures of several bases into one picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from styles.errors import BadOption
from styles.imaging.codec import PixelBatch, Pixels
from styles.imaging.underpainting import lay_under, mixed
from styles.inference.session import ONE_STYLE, Conditioning, InferenceSession, Row
from styles.inference.stylize import paint_steps


class BlendPart(NamedTuple):
    """Hold one style of a blend; the shares of all parts sum to 1."""

    session: InferenceSession
    style: Conditioning
    share: float


def blend(parts: Sequence[BlendPart]) -> tuple[InferenceSession, Conditioning]:
    """Return the session and the style that paint a blend; parts of one base must have one session.

    Rows of one base are summed (Dumoulin et al. 2017, arXiv:1610.07629, section 3.3). A sum depends on its
    order in the last bit, so parts should come in a fixed order. Raises `BadOption` where the networks take
    different images.
    """
    bases: dict[int, list[BlendPart]] = {}
    for part in parts:
        if part.share:
            bases.setdefault(id(part.session), []).append(part)
    merged = [_merged(group) for group in bases.values()]
    if len({part.session.input_spec for part in merged}) > 1:
        raise BadOption("Only styles of this project's own network can be blended.")
    if len(merged) == 1:
        return merged[0].session, merged[0].style
    return BlendSession(merged), ONE_STYLE


def _merged(parts: Sequence[BlendPart]) -> BlendPart:
    """Merge parts of one session into one; it has the sum of their shares."""
    share = sum(part.share for part in parts)
    row = sum(part.share / share * part.style.row.astype(np.float64) for part in parts)
    forms = [(part.style.underpainting, part.share / share) for part in parts]
    laid = [(each, portion) for each, portion in forms if each is not None]
    underpainting = mixed(*zip(*laid, strict=True)) if laid else None
    return BlendPart(parts[0].session, Conditioning(np.asarray(row, np.float32), underpainting), share)


class BlendSession:
    """Paint images in sessions of several bases, and mix the pictures by the shares of the parts."""

    def __init__(self, parts: Sequence[BlendPart]) -> None:
        """All sessions must take the same images; each part lays its own forms in them."""
        self._parts = parts
        self.input_spec = parts[0].session.input_spec

    def paint(self, images: PixelBatch, rows: npt.NDArray[np.float32]) -> PixelBatch:
        """See `InferenceSession.paint`; the rows (B, 0) are empty.

        Each part paints the images as it would alone: strips take many times as long for a small one.
        """
        mixed, share = np.empty_like(images), 0.0
        for part in self._parts:
            share += part.share
            laid = np.stack([lay_under(image, part.style.underpainting) for image in images])
            painted = part.session.paint(laid, np.stack([part.style.row] * len(images)))
            for out, picture in zip(mixed, painted, strict=True):
                _mix_in(out, picture, part.share / share)
        return mixed

    def paint_steps(self, image: Pixels, row: Row, out: Pixels) -> Iterator[None]:
        """See `StripSession.paint_steps`; the row (0,) is empty."""
        picture, share = np.empty_like(image), 0.0
        for part in self._parts:
            yield from paint_steps(
                part.session, lay_under(image, part.style.underpainting), part.style.row, picture
            )
            share += part.share
            _mix_in(out, picture, part.share / share)


def _mix_in(out: Pixels, picture: Pixels, share: float) -> None:
    """Change `out` into a mixture that has this share of a picture; at 1 into the picture."""
    out[...] = np.asarray(Image.blend(Image.fromarray(out), Image.fromarray(picture), share))
