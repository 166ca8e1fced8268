"""Strips: the picture is that of one pass, whatever their height, and none is larger than asked for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import openvino as ov
import pytest
import torch

from styles.architecture import STRIDE, Shape
from styles.graph import OpenVinoSegments, build
from styles.image import Pixels
from styles.network import StyleNet
from styles.paint import TorchCanvas, row_of
from styles.segments import Affine, Moments, Segment, Segments, Tensor
from styles.strips import HALO, paint
from styles.torch_segments import TorchSegments
from tests.fakes.style_files import random_style

STYLE = random_style(4)
ROW = row_of(STYLE)
OPTIONS = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1}

HEIGHT, WIDTH = 92, 60


def uneven(height: int = HEIGHT, width: int = WIDTH) -> Pixels:
    """Flat and dark at the top, noisy and bright at the bottom: no strip has the moments of the whole."""
    noise = np.random.default_rng(7).uniform(-1, 1, (height, width, 3))
    slope = np.linspace(0, 1, height)[:, None, None]
    return np.asarray(40 + 120 * slope + 90 * slope**2 * noise, np.uint8)


def with_openvino() -> tuple[Segments, Pixels]:
    core = ov.Core()
    whole = core.compile_model(build(STYLE.network), "CPU", OPTIONS)([uneven()[None], ROW[None]])[0][0]
    return OpenVinoSegments(STYLE.network, core, OPTIONS), whole


def with_torch() -> tuple[Segments, Pixels]:
    net = StyleNet(Shape.of(STYLE.network)).eval().requires_grad_(requires_grad=False)
    net.load_state_dict({name: torch.from_numpy(t.copy()).float() for name, t in STYLE.network.items()})
    return TorchSegments(net), TorchCanvas(STYLE.network, "cpu").paint(uneven()[None], ROW[None])[0]


@pytest.fixture(scope="module", params=[with_openvino, with_torch])
def engine(request: pytest.FixtureRequest) -> tuple[Segments, Pixels]:
    """An engine's segments in float32, and what it paints of `uneven()` in one pass."""
    made: tuple[Segments, Pixels] = request.param()
    return made


def in_strips(segments: Segments, photo: Pixels, rows: int) -> Pixels:
    """Painted in strips of so many rows of the trunk."""
    out = np.zeros_like(photo)
    paint(segments, photo, ROW, out, rows * STRIDE * photo.shape[1])
    return out


@pytest.mark.parametrize("rows", [1, 2, 3, 7, 1000])
def test_strips_of_any_height_give_the_picture_of_one_pass(
    engine: tuple[Segments, Pixels], rows: int
) -> None:
    segments, whole = engine
    difference = np.abs(in_strips(segments, uneven(), rows) - whole.astype(int))
    assert difference.max() <= 1  # rounding of the last bit
    assert difference.mean() < 0.1  # OpenVINO keeps the trunk in float16
    assert whole.std() > 5  # and there is a picture to compare


def test_a_flat_photo_is_painted_like_any_other(engine: tuple[Segments, Pixels]) -> None:
    flat = np.full((48, 40, 3), 128, np.uint8)
    in_one, in_many = in_strips(engine[0], flat, 1000), in_strips(engine[0], flat, 2)
    assert np.abs(in_one - in_many.astype(int)).max() <= 1


class Watched:
    """Segments that tell how many rows of the trunk each strip had, by segment."""

    def __init__(self, segments: Segments) -> None:
        self.shape = segments.shape
        self.buffer = segments.buffer
        self.heights: dict[str, list[int]] = {}
        self._segments = segments

    def segment(self, name: str) -> Segment:
        run = self._segments.segment(name)
        heights = self.heights.setdefault(name, [])

        def watched(
            reads: Sequence[Tensor], norms: Sequence[Affine]
        ) -> tuple[Sequence[Tensor], Moments | None]:
            heights.extend(len(rows) for rows in reads[:1])
            return run(reads, norms)

        return watched


def test_no_strip_is_larger_than_asked_for(engine: tuple[Segments, Pixels]) -> None:
    watched = Watched(engine[0])
    in_strips(watched, uneven(), 5)
    assert list(watched.heights) == ["stem", "down", "spatial.0", "mix.0", "up", "head", "out"]
    whole, rest = divmod(HEIGHT // STRIDE, 5)
    expected = [5 + HALO, *[5 + 2 * HALO] * (whole - 1), rest + HALO]
    assert all(heights == expected for heights in watched.heights.values())
