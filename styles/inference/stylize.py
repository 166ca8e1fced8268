"""Photos of any sizes through a session, with strength and colours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from styles.contract import StyleOptions
from styles.imaging.codec import Pixels
from styles.imaging.grain import add_grain
from styles.inference.openvino_backend.session import BATCH_PIXELS
from styles.inference.postprocess import postprocess
from styles.inference.session import InferenceSession, Row


def stylize(
    session: InferenceSession, photos: Sequence[Pixels], rows: Sequence[Row], options: Sequence[StyleOptions]
) -> list[Pixels]:
    """Each photo (H, W, 3) painted in its row, at its own size; those of one size may share a batch.

    A photo that is too large for the session is painted at the largest size that is not
    (`InputSpec.reduced`).
    """
    painted: dict[int, Pixels] = {}
    input_spec = session.input_spec
    photos = [input_spec.reduced(photo) for photo in photos]
    sizes = [input_spec.sides(*photo.shape[:2]) for photo in photos]
    for group in [[i] for i in range(len(photos))] if input_spec.alone else _groups(sizes):
        extended = [input_spec.extend(add_grain(photos[i]) if input_spec.grain else photos[i]) for i in group]
        images = np.stack(extended) if len(group) > 1 else extended[0][None]  # a large one is not copied
        pictures = session.paint(images, np.stack([rows[i] for i in group]))
        for i, picture in zip(group, pictures, strict=True):
            painted[i] = postprocess(input_spec.crop(picture, photos[i]), photos[i], options[i])
    return [painted[i] for i in range(len(photos))]


def _groups(sizes: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Indices of equal sizes together, no group over `BATCH_PIXELS` unless of one picture."""
    groups: dict[tuple[int, int], list[list[int]]] = {}
    for index, (height, width) in enumerate(sizes):
        most = max(1, BATCH_PIXELS // (height * width))
        batches = groups.setdefault((height, width), [[]])
        if len(batches[-1]) == most:
            batches.append([])
        batches[-1].append(index)
    return [batch for batches in groups.values() for batch in batches]
