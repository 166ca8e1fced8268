"""Pictures and their previews: sizes, bytes, and that a preview is never the larger of the two."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from runner.process.encoding import encode
from styles.contract import PREVIEW_BYTES, PaintingRecipe, StyleOptions
from styles.imaging.codec import Pixels, decode
from styles.imaging.xmp import packet
from styles.imaging.xmp_reader import recipe_of


def strokes(height: int, width: int, seed: int = 0) -> Pixels:
    """As hard to compress as a painting: colours that change every four pixels."""
    small = np.random.default_rng(seed).integers(0, 256, (height // 4 + 1, width // 4 + 1, 3), np.uint8)
    return np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC))


def size_of(picture: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(picture)) as image:
        return image.size


def test_none_is_made_unless_it_is_asked_for() -> None:
    assert encode(strokes(60, 90), StyleOptions()).preview == b""


@pytest.mark.parametrize("format", ["jpeg", "png"])
def test_a_preview_is_a_smaller_jpeg_of_the_same(format: str) -> None:
    pixels = np.asarray(Image.linear_gradient("L").resize((1200, 800)).convert("RGB"))
    picture, preview = encode(pixels, StyleOptions(format=format, preview=300))  # type: ignore[arg-type]
    assert (size_of(picture), size_of(preview)) == ((1200, 800), (300, 200))
    assert preview.startswith(b"\xff\xd8")
    assert np.abs(decode(preview).astype(int) - pixels[2::4, 2::4]).max() < 12


@pytest.mark.parametrize("format", ["jpeg", "png"])
@pytest.mark.parametrize("height", [100, 700, 1100])
def test_a_letter_stays_light(height: int, format: str) -> None:
    options = StyleOptions(size=2048, format=format, preview=2048)  # type: ignore[arg-type]
    picture, preview = encode(strokes(height, 1500), options)
    assert len(preview) <= min(PREVIEW_BYTES, len(picture))
    assert max(size_of(preview)) <= 1500


def test_a_picture_that_is_small_enough_is_its_own_preview() -> None:
    picture, preview = encode(strokes(80, 120), StyleOptions(preview=640))
    assert preview == picture


def test_never_more_pixels_than_a_picture_that_was_made_smaller() -> None:
    for side in (1000, 1200):
        picture, preview = encode(strokes(900, 1200), StyleOptions(max_bytes=40_000, preview=side))
        assert max(size_of(picture)) < 1000
        assert preview == picture
    picture, preview = encode(strokes(900, 1200), StyleOptions(max_bytes=200_000, preview=1200))
    assert size_of(preview) <= size_of(picture)
    assert len(preview) <= PREVIEW_BYTES < len(picture)


XMP = packet(
    PaintingRecipe(style="the-scream", version=2), "In the style of The Scream by Edvard Munch (1893)"
)


@pytest.mark.parametrize("format", ["jpeg", "png"])
@pytest.mark.parametrize("side", [120, 1500])
def test_picture_and_preview_say_how_they_were_painted(side: int, format: str) -> None:
    options = StyleOptions(size=2048, format=format, preview=1088, max_bytes=400_000)  # type: ignore[arg-type]
    picture, preview = encode(strokes(side, side), options, XMP)
    assert recipe_of(picture) == recipe_of(preview) == PaintingRecipe(style="the-scream", version=2)
    assert format == "png" or len(picture) <= 400_000
    assert len(preview) <= min(PREVIEW_BYTES, len(picture))


def test_the_packet_takes_its_room_from_the_picture() -> None:
    for most in (20_000, 50_000, 100_000):
        picture, _ = encode(strokes(900, 1200), StyleOptions(max_bytes=most), XMP)
        assert len(picture) <= most
        assert recipe_of(picture)


def test_a_tiny_picture_has_no_packet() -> None:
    picture, _ = encode(strokes(900, 1200), StyleOptions(max_bytes=3_000), XMP)
    assert len(picture) <= 3_000
    assert recipe_of(picture) is None


def test_the_pixels_are_encoded_once() -> None:
    pixels = strokes(300, 300)
    plain, marked = encode(pixels, StyleOptions()).picture, encode(pixels, StyleOptions(), XMP).picture
    with Image.open(io.BytesIO(plain)) as one, Image.open(io.BytesIO(marked)) as other:
        assert one.tobytes() == other.tobytes()
