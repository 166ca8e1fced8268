"""Strips: the picture is that of one pass, whatever their height, none is larger than asked for, and what
cannot be painted so is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import openvino as ov
import pytest
import torch

from styles.errors import ImageTooLarge, Unpaintable
from styles.formats.architecture import STRIDE, Shape
from styles.formats.style_file import Array
from styles.imaging.codec import Pixels
from styles.inference.open import conditioning_of
from styles.inference.openvino_backend.layers import FoldedNetwork, as_pixels
from styles.inference.openvino_backend.style_unet import OpenVinoSegments, build, require_finite
from styles.inference.strips import HALO, MAX_KEPT, kept_bytes, paint_steps, within_memory
from styles.inference.torch_backend.layers import TorchLayers, TorchSegments
from styles.inference.torch_backend.session import TorchSession
from styles.networks.segments import PIXELS, Affine, Moments, Segment, Segments, Step, Tensor, steps
from tests.fakes.styles.style_files import random_style

STYLE = random_style(4)
ROW = conditioning_of(STYLE).row
OPTIONS = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1}

HEIGHT, WIDTH = 23 * STRIDE, 8 * STRIDE


def uneven(height: int = HEIGHT, width: int = WIDTH) -> Pixels:
    """Flat and dark at the top, noisy and bright at the bottom: no strip has the moments of the whole."""
    noise = np.random.default_rng(7).uniform(-1, 1, (height, width, 3))
    slope = np.linspace(0, 1, height)[:, None, None]
    return np.asarray(40 + 120 * slope + 90 * slope**2 * noise, np.uint8)


def openvino_segments(network: Mapping[str, Array]) -> Segments:
    return OpenVinoSegments(FoldedNetwork(network), ov.Core(), OPTIONS)


def torch_segments(network: Mapping[str, Array], dtype: torch.dtype = torch.float32) -> Segments:
    return TorchSegments(TorchLayers(network, torch.device("cpu"), dtype))


def with_openvino() -> tuple[Segments, Pixels]:
    network = FoldedNetwork(STYLE.network)
    model = ov.Core().compile_model(build(network), "CPU", OPTIONS)
    return openvino_segments(STYLE.network), as_pixels(
        model([uneven()[None], ROW[None], *network.weights.values()])[0]
    )[0]


def with_torch() -> tuple[Segments, Pixels]:
    whole = TorchSession(STYLE.network, "cpu").paint(uneven()[None], ROW[None])[0]
    return torch_segments(STYLE.network), whole


@pytest.fixture(scope="module", params=[with_openvino, with_torch])
def engine(request: pytest.FixtureRequest) -> tuple[Segments, Pixels]:
    """An engine's segments in float32, and what it paints of `uneven()` in one pass."""
    made: tuple[Segments, Pixels] = request.param()
    return made


def in_strips(segments: Segments, photo: Pixels, rows: int) -> Pixels:
    """Painted in strips of so many rows of the trunk."""
    out = np.zeros_like(photo)
    for _ in paint_steps(segments, photo, ROW, out, rows * STRIDE * photo.shape[1]):
        pass
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
    flat = np.full((96, 48, 3), 128, np.uint8)
    in_one, in_many = in_strips(engine[0], flat, 1000), in_strips(engine[0], flat, 2)
    assert np.abs(in_one - in_many.astype(int)).max() <= 1


class Watched:
    """Segments that tell how many rows of the trunk each strip had, by segment."""

    def __init__(self, segments: Segments) -> None:
        self.shape = segments.shape
        self.buffer = segments.buffer
        self.heights: dict[str, list[int]] = {}
        self._segments = segments

    def segment(self, step: Step) -> Segment:
        run = self._segments.segment(step)
        heights = self.heights.setdefault(step.name, [])
        lines = STRIDE if step.reads[0] == PIXELS else STRIDE // self.shape.kept[step.reads[0]][1]

        def watched(
            reads: Sequence[Tensor], norms: Sequence[Affine]
        ) -> tuple[Sequence[Tensor], Moments | None]:
            heights.append(len(reads[0]) // lines)
            return run(reads, norms)

        return watched


def test_no_strip_is_larger_than_asked_for(engine: tuple[Segments, Pixels]) -> None:
    watched = Watched(engine[0])
    in_strips(watched, uneven(), 5)
    assert list(watched.heights) == [step.name for step in steps(engine[0].shape)]
    whole, rest = divmod(HEIGHT // STRIDE, 5)
    expected = [5 + HALO, *[5 + 2 * HALO] * (whole - 1), rest + HALO]
    assert all(heights == expected for heights in watched.heights.values())


def loud(layer: str, times: float) -> Mapping[str, Array]:
    """The network with what comes before a norm so many times as large, which one pass does not see."""
    weight = STYLE.network[f"{layer}.weight"]
    return {**STYLE.network, f"{layer}.weight": (weight * np.float16(times)).astype(np.float16)}


@pytest.mark.parametrize(
    "made",
    [openvino_segments, lambda network: torch_segments(network, torch.float16)],
    ids=["openvino", "torch"],
)
def test_values_that_half_precision_cannot_hold_are_told_and_not_painted(
    made: Callable[[Mapping[str, Array]], Segments],
) -> None:
    quiet = in_strips(made(STYLE.network), uneven(), 5).astype(int)
    assert np.abs(in_strips(made(loud("down8", 100)), uneven(), 5) - quiet).mean() < 1
    with pytest.raises(Unpaintable, match="cannot hold"):
        in_strips(made(loud("down8", 20_000)), uneven(), 5)


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan, 65504, -65504])
def test_every_value_that_float16_does_not_hold_is_found(value: float) -> None:
    rows = np.random.default_rng(0).normal(0, 100, (3, 8, 5)).astype(np.float16)
    require_finite(rows.swapaxes(0, 1))
    rows[1, 2, 3] = value
    with pytest.raises(Unpaintable):
        require_finite(rows.swapaxes(0, 1))


def test_moments_that_are_not_finite_are_told() -> None:
    segments = torch_segments(loud("up2", 50_000), torch.float16)  # nothing is kept after it
    with pytest.raises(Unpaintable, match="not finite"):
        in_strips(segments, uneven(), 5)


class NoMemory:
    """Segments of a network of some shape that have no room."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape

    def buffer(self, channels: int, height: int, width: int) -> Tensor:
        raise MemoryError

    def segment(self, step: Step) -> Segment:
        raise NotImplementedError


def test_what_would_keep_too_much_is_refused_before_any_memory_is_taken() -> None:
    wide, columns = Shape(sixteenth=512), 250
    rows = MAX_KEPT // kept_bytes(wide, STRIDE**2 * columns)
    for height, error in ((rows, MemoryError), (rows + 1, ImageTooLarge)):
        photo = np.empty((height * STRIDE, columns * STRIDE, 3), np.uint8)
        with pytest.raises(error):
            next(paint_steps(NoMemory(wide), photo, np.ones(wide.row, np.float32), photo))


def test_no_more_is_kept_than_two_tensors_of_each_level() -> None:
    assert kept_bytes(Shape(), STRIDE**2) == 18 * STRIDE**2
    assert kept_bytes(Shape(quarter=64, quarter_blocks=7), STRIDE**2) == 22 * STRIDE**2
    assert kept_bytes(Shape(quarter_blocks=0), STRIDE**2) == 18 * STRIDE**2


def test_a_wider_network_paints_fewer_pixels_at_once() -> None:
    assert within_memory(16_000_000, Shape()) == 16_000_000
    assert within_memory(16_000_000, Shape(inner_blocks=30)) == 16_000_000
    assert within_memory(16_000_000, Shape(quarter=8, eighth=8, sixteenth=8, half=8)) == 16_000_000
    assert within_memory(16_000_000, Shape(quarter=96, eighth=128, sixteenth=256, half=48)) == 8_000_000
    assert within_memory(16_000_000, Shape(half=48)) < 11_000_000
