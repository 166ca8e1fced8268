"""A photo of 50 megapixels: the rows whose error is measured are beside the borders of strips."""

from __future__ import annotations

import numpy as np

from benchmarks.painting.full_size import BESIDE, beside_borders
from styles.formats.architecture import STRIDE, Shape
from styles.inference.strips import STRIP_PIXELS


def test_a_wider_network_has_borders_at_other_rows() -> None:
    width = 100 * STRIDE
    for shape, strip_pixels in (
        (Shape(), STRIP_PIXELS),
        (Shape(quarter=96, eighth=128, sixteenth=256, half=48), STRIP_PIXELS // 2),
    ):
        border = strip_pixels // (STRIDE * width) * STRIDE
        rows = np.flatnonzero(beside_borders(shape, border + STRIDE, width))
        assert rows.tolist() == list(range(border - BESIDE, border + BESIDE))
