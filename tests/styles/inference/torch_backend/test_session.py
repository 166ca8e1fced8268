"""Our base by torch, on the CPU and on a GPU where there is one: the picture of OpenVINO's float32."""

from __future__ import annotations

import numpy as np
import openvino as ov
import pytest

from styles.contract import StyleOptions
from styles.errors import Unpaintable
from styles.formats import style_file
from styles.imaging.codec import PixelBatch, Pixels
from styles.inference import strips
from styles.inference.open import conditioning_of
from styles.inference.openvino_backend.layers import FoldedNetwork, as_pixels
from styles.inference.openvino_backend.style_unet import build
from styles.inference.stylize import stylize
from styles.inference.torch_backend import session as session_module
from styles.inference.torch_backend.session import PIXEL_BYTES, TorchSession
from tests.fakes.styles.gpus import DEVICES, Watched
from tests.fakes.styles.style_files import random_style

STYLE = style_file.read(style_file.shipped()[0].weights)
ROW = conditioning_of(STYLE).row
#: Levels of 255, in the mean: float32 differs in the last bit, float16 in the eleventh.
ERROR = {"cpu": 0.01, "cuda": 0.5}


def photos(count: int, height: int = 64, width: int = 128) -> PixelBatch:
    """Slopes with some noise; a noise alone is no photo."""
    random = np.random.default_rng(3)
    slope = np.linspace(40, 200, height)[:, None, None]
    return np.clip(random.normal(slope, 25, (count, height, width, 3)), 0, 255).astype(np.uint8)


def by_openvino(images: PixelBatch) -> Pixels:
    options = {"INFERENCE_PRECISION_HINT": "f32"}
    network = FoldedNetwork(STYLE.network)
    model = ov.Core().compile_model(build(network), "CPU", options)
    return as_pixels(model([images, np.stack([ROW] * len(images)), *network.weights.values()])[0])


@pytest.fixture(scope="module", params=DEVICES)
def device(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def session(device: str) -> TorchSession:
    return TorchSession(STYLE.network, device)


def test_it_paints_what_openvino_paints_in_float32(session: TorchSession, device: str) -> None:
    images = photos(3)
    rows = np.stack([ROW] * 3)
    for _ in ("at once", "captured", "again"):
        painted = session.paint(images, rows)
        assert np.abs(painted.astype(int) - by_openvino(images)).mean() < ERROR[device]


def test_strips_paint_what_one_pass_paints(session: TorchSession, device: str) -> None:
    images = photos(1)
    whole = session.paint(images, ROW[None])
    in_strips = strips.paint_all(session._segments, images, ROW[None], 20 * 128)
    assert np.abs(whole.astype(int) - in_strips).mean() < ERROR[device]


def test_sizes_are_filled_up_so_that_few_serve_all() -> None:
    device = Watched()
    session = TorchSession(STYLE.network, device)
    for height, width in ((32, 32), (20, 45), (50, 75), (64, 80)):
        picture = stylize(session, [photos(1, height, width)[0]], [conditioning_of(STYLE)], [StyleOptions()])[
            0
        ]
        assert picture.shape == (height, width, 3)
    assert device.queued == [128 * 128, 128 * 128, 192 * 192, 192 * 192]
    assert device.captured == len(device.graphs) == 2


def test_a_photo_that_finds_no_room_is_painted_in_strips() -> None:
    images = photos(2)
    rows = np.stack([ROW] * 2)
    device = Watched(most_pixels=64 * 128)
    session = TorchSession(STYLE.network, device)
    painted = session.paint(images, rows)
    assert device.released == 1
    assert np.abs(painted.astype(int) - by_openvino(images)).mean() < 0.1
    session.paint(images[:1], rows[:1])
    assert device.released == 1


def test_a_device_without_any_room_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    session = TorchSession(STYLE.network, Watched(most_pixels=0))

    def no_room(channels: int, height: int, width: int) -> object:
        raise RuntimeError("CUDA error: out of memory")

    monkeypatch.setattr(session._segments, "buffer", no_room)
    with pytest.raises(MemoryError, match="no room"):
        session.paint(photos(1), ROW[None])


def test_strips_are_as_high_as_there_is_memory_for() -> None:
    device = Watched()
    session = TorchSession(STYLE.network, device)
    pixels = 10_000_000
    assert session._strip_pixels(pixels) == strips.STRIP_PIXELS
    device.free = strips.kept_bytes(session._segments.shape, pixels) + 2 * PIXEL_BYTES * 50_000
    assert session._strip_pixels(pixels) == 50_000
    assert device.released == 1
    device.free = 0
    assert session._strip_pixels(pixels) == 1


def test_values_that_float16_cannot_hold_are_told_and_not_painted() -> None:
    style = random_style(4)
    loud = {**style.network, "stem.weight": np.full_like(style.network["stem.weight"], 60_000)}
    session = TorchSession(loud, Watched(half=True))
    with pytest.raises(Unpaintable, match="cannot hold"):
        session.paint(photos(1), conditioning_of(style).row[None])
    quiet = TorchSession(style.network, Watched(half=True)).paint(photos(1), conditioning_of(style).row[None])
    exact = TorchSession(style.network, "cpu").paint(photos(1), conditioning_of(style).row[None])
    assert np.abs(quiet.astype(int) - exact).mean() < 1


def test_nothing_is_painted_at_once_that_is_over_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert session_module.WHOLE_PIXELS * PIXEL_BYTES < 1.5e9
    device = Watched()
    session = TorchSession(STYLE.network, device)
    monkeypatch.setattr(session, "whole_pixels", 64 * 128 - 1)
    session.paint(photos(1), ROW[None])
    assert (device.queued, device.trimmed) == ([], 1)
