"""How photos are laid before a network: mirrored, made to fit, and taken out again."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from styles.imaging.codec import Pixels
from styles.inference.input_spec import STYLE_UNET_INPUT, InputSpec


def photo(height: int, width: int) -> Pixels:
    """Smooth, so that making it smaller and larger again changes little."""
    blots = np.random.default_rng(0).integers(0, 256, (4, 4, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(blots).resize((width, height), Image.Resampling.BICUBIC))


INPUT_SPECS = [
    STYLE_UNET_INPUT,
    InputSpec(multiple=32, least=64),
    InputSpec(margin=8, multiple=4, least=50),
    InputSpec(),
]


@pytest.mark.parametrize("input_spec", INPUT_SPECS)
@pytest.mark.parametrize("size", [(1, 1), (5, 200), (64, 64), (61, 83)])
def test_extend_mirrors_and_crop_takes_it_away(input_spec: InputSpec, size: tuple[int, int]) -> None:
    pixels = photo(*size)
    extended = input_spec.extend(pixels)
    for side, extended_side in zip(size, extended.shape[:2], strict=True):
        assert extended_side % input_spec.multiple == 0
        assert extended_side >= max(input_spec.least, side + 2 * input_spec.margin)
    assert np.array_equal(input_spec.crop(extended, pixels), pixels)


@pytest.mark.parametrize("size", [(30, 40), (200, 300), (300, 50), (48, 64), (1, 500)])
def test_a_network_of_one_size_is_given_that_size(size: tuple[int, int]) -> None:
    input_spec = InputSpec(multiple=32, least=64, fixed=(48, 64))
    pixels = photo(*size)
    extended = input_spec.extend(pixels)
    assert extended.shape == (48, 64, 3)
    back = input_spec.crop(extended, pixels)
    assert back.shape == pixels.shape
    if size != (1, 500):
        assert np.abs(back.astype(int) - pixels).mean() < 8


def test_a_photo_keeps_its_proportions_in_a_fixed_size() -> None:
    input_spec = InputSpec(fixed=(64, 64))
    pixels = photo(100, 200)
    extended = input_spec.extend(pixels)
    half = np.asarray(Image.fromarray(pixels).resize((64, 32), Image.Resampling.LANCZOS))
    assert np.abs(extended[:32].astype(int) - half).mean() < 3
    assert np.array_equal(extended[32], extended[30])  # mirrored about its last row, the 31st


@pytest.mark.parametrize("size", [(100, 200), (1000, 30), (3000, 2000)])
def test_a_photo_without_room_is_made_just_so_small(size: tuple[int, int]) -> None:
    input_spec = InputSpec(margin=4, multiple=8, most_pixels=12_000)
    reduced = input_spec.reduced(photo(*size))
    height, width = input_spec.extend(reduced).shape[:2]
    assert 9_000 < height * width <= 12_000
    assert reduced.shape[0] / reduced.shape[1] == pytest.approx(size[0] / size[1], rel=0.1)


def test_a_photo_that_has_room_stays_as_it_is() -> None:
    pixels = photo(30, 40)
    for input_spec in (
        STYLE_UNET_INPUT,
        InputSpec(most_pixels=30 * 40),
        InputSpec(most_pixels=100, fixed=(8, 8)),
    ):
        assert input_spec.reduced(pixels) is pixels


@pytest.mark.parametrize(
    ("size", "painted"),
    [((1, 1), (2, 2)), ((300, 200), (600, 400)), ((96, 768), (128, 1024)), ((9, 1024), None)],
)
def test_only_our_network_paints_small_photos_enlarged(
    size: tuple[int, int], painted: tuple[int, int] | None
) -> None:
    pixels = photo(*size)
    assert STYLE_UNET_INPUT.enlarged(pixels).shape[:2] == (painted or size)
    assert InputSpec().enlarged(pixels) is pixels


def test_a_limit_below_the_least_still_ends() -> None:
    assert InputSpec(least=64, most_pixels=100).reduced(photo(50, 40)).size
