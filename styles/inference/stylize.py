"""Paint photos of any sizes by a session, with strength and colours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from styles.contract import StyleOptions
from styles.imaging.codec import Pixels, resized
from styles.imaging.underpainting import Underpainting, lay_under
from styles.inference.input_spec import BATCH_PIXELS
from styles.inference.postprocess import postprocess
from styles.inference.session import Conditioning, InferenceSession, Row, StripSession

#: Side of the plain grey picture that warms up a network and tests a device, pixels; it paints in
#: milliseconds.
GREY_SIDE = 64


def grey_photo() -> Pixels:
    """Return the plain grey picture that warms up a network and tests a device."""
    return np.full((GREY_SIDE, GREY_SIDE, 3), 128, np.uint8)


def stylize(
    session: InferenceSession,
    photos: Sequence[Pixels],
    styles: Sequence[Conditioning],
    options: Sequence[StyleOptions],
) -> list[Pixels]:
    """Paint each photo (H, W, 3) in its style; photos of one size may share a batch.

    The picture has the photo's size. Only where that is too large for the session, it is smaller
    (`InputSpec.reduced`). A small photo is painted enlarged.
    """
    painted: dict[int, Pixels] = {}
    input_spec = session.input_spec
    photos = [input_spec.reduced(photo) for photo in photos]
    enlarged = [input_spec.enlarged(photo) for photo in photos]
    sizes = [input_spec.sides(*photo.shape[:2]) for photo in enlarged]
    for group in _groups(sizes, 0 if input_spec.alone else BATCH_PIXELS):
        extended = [prepare(session, enlarged[i], styles[i].underpainting) for i in group]
        images = np.stack(extended) if len(group) > 1 else extended[0][None]  # a large one is not copied
        pictures = session.paint(images, np.stack([styles[i].row for i in group]))
        for i, output in zip(group, pictures, strict=True):
            picture = input_spec.crop(output, enlarged[i])
            painted[i] = postprocess(resized(picture, photos[i].shape[1::-1]), photos[i], options[i])
    return [painted[i] for i in range(len(photos))]


def prepare(session: InferenceSession, photo: Pixels, underpainting: Underpainting | None) -> Pixels:
    """Return the network's input for a photo (H, W, 3) of a size that the session paints."""
    return session.input_spec.extend(lay_under(photo, underpainting))


def paint_steps(session: InferenceSession, image: Pixels, row: Row, out: Pixels) -> Iterator[None]:
    """Paint a prepared image (H, W, 3) into `out`, and yield wherever other images may come before it.

    A session without strips paints it at once.
    """
    if isinstance(session, StripSession):
        yield from session.paint_steps(image, row, out)
    else:
        out[...] = session.paint(image[None], row[None])[0]


def _groups(sizes: Sequence[tuple[int, int]], most_pixels: int) -> Iterator[list[int]]:
    """Group the indices of equal sizes. A group of several images has at most `most_pixels`."""
    groups: dict[tuple[int, int], list[int]] = {}
    for index, size in enumerate(sizes):
        groups.setdefault(size, []).append(index)
    for (height, width), indices in groups.items():
        most = max(1, most_pixels // (height * width))
        yield from (indices[start : start + most] for start in range(0, len(indices), most))
