"""The best JPEG that a number of bytes allows: never over, near below, and more bytes are never worse."""

from __future__ import annotations

import io
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from styles.imaging.jpeg_encoding import LEAST_SIDE, LOWEST_QUALITY, QUALITY, encoded, jpeg


def strokes(width: int, height: int) -> Image.Image:
    """What a painting is to a JPEG: patches of some pixels' size, with edges, each a bit grained."""
    random = np.random.default_rng(3)
    across, down = max(1, width // 6), max(1, height // 6)
    patches = Image.fromarray(random.integers(0, 256, (down, across, 3), dtype=np.uint8))
    soft = np.asarray(patches.resize((width, height), Image.Resampling.BICUBIC)).astype(int)
    grain = random.integers(-6, 7, (height, width, 1))
    return Image.fromarray((soft + grain).clip(0, 255).astype(np.uint8))


def opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture), formats=["JPEG"])


def coarseness(picture: bytes) -> int:
    """Of the first table: the larger, the lower the quality."""
    return sum(opened(picture).quantization[0])  # type: ignore[attr-defined]


PAINTING = strokes(1600, 1200)


@pytest.mark.parametrize(
    ("size", "budget"),
    [((1600, 1200), 350_000), ((1600, 1200), 600_000), ((4000, 3000), 2_000_000), ((4000, 3000), 350_000)],
)
def test_a_budget_is_kept_to_and_used(size: tuple[int, int], budget: int) -> None:
    picture = jpeg(strokes(*size), budget)
    assert 0.93 * budget <= len(picture) <= budget
    width, height = opened(picture).size
    assert abs(width / height - size[0] / size[1]) < 0.01


def test_more_bytes_are_never_worse() -> None:
    pictures = [jpeg(PAINTING, budget) for budget in range(20_000, 1_500_000, 74_000)]
    widths = [opened(picture).width for picture in pictures]
    assert widths == sorted(widths)
    assert len(set(widths)) > 3
    for coarse, fine in pairwise(pictures):
        assert opened(coarse).width < opened(fine).width or coarseness(coarse) >= coarseness(fine)


def test_the_size_goes_down_only_where_the_quality_does_not_suffice() -> None:
    lowest = encoded(PAINTING, LOWEST_QUALITY)
    assert jpeg(PAINTING, len(lowest)) == lowest
    smaller = jpeg(PAINTING, len(lowest) - 1)
    assert 0.85 * 1600 < opened(smaller).width < 1600
    assert coarseness(smaller) < coarseness(lowest)


def test_without_need_the_quality_stays() -> None:
    best = encoded(PAINTING, QUALITY)
    assert jpeg(PAINTING) == jpeg(PAINTING, len(best)) == best
    assert len(jpeg(PAINTING, len(best) - 1)) < len(best)
    assert jpeg(PAINTING, quality=80) == encoded(PAINTING, 80)


@pytest.mark.parametrize("size", [(1, 1), (1, 4000), (3000, 20), (40, 40)])
def test_odd_shapes_and_budgets_that_nothing_keeps_to(size: tuple[int, int]) -> None:
    picture = opened(jpeg(strokes(*size), 1))
    assert min(picture.size) >= min(LEAST_SIDE, *size)
