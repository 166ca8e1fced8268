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
from styles.imaging.underpainting import mixed
from styles.inference.session import ONE_STYLE, Conditioning, InferenceSession, Row
from styles.inference.stylize import paint_steps, prepare


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
    """Paint photos in sessions of several bases, and mix the pictures by the shares of the parts.

    Each part paints a photo as it would alone. So it is given photos that have no mirrored pixels yet: each
    part lays its own forms, in the place that the photo has in every texture, and extends the photo then.
    """

    def __init__(self, parts: Sequence[BlendPart]) -> None:
        """All sessions must take the same images."""
        self._parts = parts
        spec = parts[0].session.input_spec
        self.input_spec = replace(spec, margin=0, multiple=1, least=1, fixed=None)

    def paint(self, images: PixelBatch, rows: npt.NDArray[np.float32]) -> PixelBatch:
        """See `InferenceSession.paint`; the rows (B, 0) are empty.

        No part paints in strips here: for a small image they take many times as long.
        """
        outs, share = np.empty_like(images), 0.0
        for session, style, part in self._parts:
            share += part
            prepared = np.stack([prepare(session, image, style.underpainting) for image in images])
            painted = session.paint(prepared, np.stack([style.row] * len(images)))
            for out, image, picture in zip(outs, images, painted, strict=True):
                _mix_in(out, session.input_spec.crop(picture, image), part / share)
        return outs

    def paint_steps(self, image: Pixels, row: Row, out: Pixels) -> Iterator[None]:
        """See `StripSession.paint_steps`; the row (0,) is empty."""
        share = 0.0
        for session, style, part in self._parts:
            prepared = prepare(session, image, style.underpainting)
            picture = np.empty_like(prepared, order="C")
            yield from paint_steps(session, prepared, style.row, picture)
            share += part
            _mix_in(out, session.input_spec.crop(picture, image), part / share)


def _mix_in(out: Pixels, picture: Pixels, share: float) -> None:
    """Change `out` into a mixture that has this share of a picture; at 1 into the picture."""
    out[...] = np.asarray(Image.blend(Image.fromarray(out), Image.fromarray(picture), share))
