"""Painting: sizes, batches, borders, strength and colours, on both engines."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from styles import paint, strips
from styles.architecture import MARGIN, STRIDE, Shape
from styles.checkpoint import Array
from styles.contract import StyleOptions
from styles.errors import BadCheckpoint
from styles.image import Pixels
from styles.paint import (
    Canvas,
    OpenVinoCanvas,
    Row,
    TorchCanvas,
    crop,
    extend,
    finish,
    open_canvas,
    row_of,
    stylize,
)
from styles.segments import Segments
from tests.fakes.style_files import random_style

in_strips = strips.paint
STYLE = random_style(4)
ROW = row_of(STYLE)


def photo(height: int, width: int, seed: int = 0) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.fixture(scope="module", params=["openvino", "torch"])
def canvas(request: pytest.FixtureRequest) -> Canvas:
    if request.param == "torch":
        return TorchCanvas(STYLE.network, "cpu")
    return OpenVinoCanvas(STYLE.network, threads=1)


@pytest.mark.parametrize("size", [(1, 1), (1, 90), (37, 53), (64, 64)])
def test_a_picture_has_the_size_of_its_photo(canvas: Canvas, size: tuple[int, int]) -> None:
    painted = stylize(canvas, [photo(*size)], [ROW], [StyleOptions()])
    assert painted[0].shape == (*size, 3)


def test_a_batch_of_mixed_sizes_and_styles_keeps_its_order(canvas: Canvas) -> None:
    other = row_of(random_style(5))
    photos = [photo(40, 60, 1), photo(30, 30, 2), photo(40, 60, 3), photo(40, 60, 1)]
    rows = [ROW, ROW, ROW, other]
    options = [StyleOptions()] * 4
    together = stylize(canvas, photos, rows, options)
    for picture, one, row in zip(together, photos, rows, strict=True):
        alone = stylize(canvas, [one], [row], [StyleOptions()])[0]
        assert np.abs(picture.astype(int) - alone).mean() < 1  # bfloat16 rounds a batch its own way
    assert np.abs(together[0].astype(int) - together[3]).mean() > 5


def test_a_large_photo_is_painted_in_strips_and_looks_the_same(
    canvas: OpenVinoCanvas | TorchCanvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos, rows, options = [photo(90, 50, 1), photo(90, 50, 2)], [ROW, ROW], [StyleOptions()] * 2
    at_once = stylize(canvas, photos, rows, options)
    called = []

    def watched(segments: Segments, image: Pixels, row: Row, out: Pixels, strip_pixels: int) -> None:
        called.append(strip_pixels)
        in_strips(segments, image, row, out, strip_pixels)

    monkeypatch.setattr(canvas, "whole_pixels", 90 * 50)
    monkeypatch.setattr(strips, "paint", watched)
    for picture, whole in zip(stylize(canvas, photos, rows, options), at_once, strict=True):
        assert np.abs(picture.astype(int) - whole).mean() < 2  # bfloat16
    assert called == [strips.STRIP_PIXELS] * 2
    assert np.abs(at_once[0].astype(int) - at_once[1]).mean() > 5


def test_a_batch_counts_with_all_its_pixels(
    canvas: OpenVinoCanvas | TorchCanvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = []
    monkeypatch.setattr(canvas, "whole_pixels", 2 * 64 * 64)
    monkeypatch.setattr(strips, "paint", lambda *_: called.append(1))
    for count in (1, 2, 3):
        canvas.paint(np.zeros((count, 64, 64, 3), np.uint8), np.stack([ROW] * count))
        assert len(called) == (3 if count == 3 else 0)


@pytest.mark.parametrize("engine", [OpenVinoCanvas, lambda network: TorchCanvas(network, "cpu")])
def test_a_wide_network_paints_fewer_pixels_at_once(
    engine: Callable[[Mapping[str, Array]], OpenVinoCanvas | TorchCanvas],
) -> None:
    ours, wide = Shape(blocks=1), Shape(body=256, blocks=1)
    most = [
        engine({n: np.zeros(s, np.float16) for n, s in shape.tensors.items()}).whole_pixels
        for shape in (ours, wide)
    ]
    assert most[1] == most[0] // 3


def test_a_canvas_paints_on_after_a_large_photo(canvas: Canvas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paint, "BATCH_PIXELS", 1000)
    first, second = (stylize(canvas, [photo(60, 80)], [ROW], [StyleOptions()])[0] for _ in range(2))
    assert np.array_equal(first, second)


def test_both_engines_paint_the_same_picture() -> None:
    pictures = [
        stylize(canvas, [photo(48, 64)], [ROW], [StyleOptions()])[0].astype(int)
        for canvas in (OpenVinoCanvas(STYLE.network), TorchCanvas(STYLE.network, "cpu"))
    ]
    assert np.abs(pictures[0] - pictures[1]).mean() < 3  # bfloat16 against float32


@pytest.mark.parametrize("size", [(1, 1), (5, 3), (64, 64), (61, 83)])
def test_extend_mirrors_and_crop_takes_it_away(size: tuple[int, int]) -> None:
    pixels = photo(*size)
    extended = extend(pixels)
    assert extended.shape[0] % STRIDE == extended.shape[1] % STRIDE == 0
    assert extended.shape[0] >= size[0] + 2 * MARGIN
    assert np.array_equal(crop(extended, pixels), pixels)


def test_strength_goes_from_the_photo_to_the_painting() -> None:
    before, after = photo(8, 8, 1), photo(8, 8, 2)
    assert np.array_equal(finish(after, before, StyleOptions(strength=0)), before)
    assert np.array_equal(finish(after, before, StyleOptions(strength=1)), after)
    half = finish(after, before, StyleOptions(strength=0.5)).astype(int)
    assert np.abs(half - (before.astype(int) + after) / 2).max() <= 1


@pytest.mark.parametrize("options", [StyleOptions(strength=0.3), StyleOptions(keep_colors=True)])
def test_finish_goes_band_by_band_and_leaves_no_row_out(
    options: StyleOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = photo(37, 8, 1), photo(37, 8, 2)
    at_once = finish(after, before, options)
    monkeypatch.setattr(paint, "BAND", 5)
    assert np.array_equal(finish(after, before, options), at_once)


def test_keep_colors_takes_light_from_the_painting_and_colour_from_the_photo() -> None:
    red = np.full((4, 4, 3), (200, 40, 40), np.uint8)
    grey = np.full((4, 4, 3), 90, np.uint8)
    kept = finish(grey, red, StyleOptions(keep_colors=True))[0, 0].astype(int)
    assert kept[0] > kept[1] + 60
    assert abs(kept @ (0.299, 0.587, 0.114) - 90) < 3


def test_a_network_that_is_not_ours_is_refused() -> None:
    for device in ("cpu", "meta"):
        with pytest.raises(BadCheckpoint):
            open_canvas({"conv.weight": np.zeros((3, 3, 3, 3), np.float16)}, device)
