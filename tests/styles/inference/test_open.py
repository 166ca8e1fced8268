"""Painting: sizes, batches, borders, strength and colours, on both engines."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from styles.contract import StyleOptions
from styles.errors import BadCheckpoint, BadOption
from styles.formats import style_file
from styles.formats.architecture import MARGIN, STRIDE, Shape
from styles.formats.style_file import Array, read, shipped
from styles.imaging.codec import PixelBatch, Pixels
from styles.importing import importer
from styles.inference import strips
from styles.inference.input_spec import STYLE_UNET_INPUT
from styles.inference.open import conditioning_of, open_session, open_style
from styles.inference.openvino_backend.session import OpenVinoSession
from styles.inference.session import ONE_STYLE, InferenceSession, Row
from styles.inference.stylize import stylize
from styles.inference.torch_backend.session import TorchSession
from styles.networks.segments import Segments
from tests.fakes.styles.foreign_files import write_onnx, write_state_dict
from tests.fakes.styles.gpus import DEVICES
from tests.fakes.styles.style_files import random_style

in_strips = strips.paint_steps
STYLE = random_style(4)
OURS = conditioning_of(STYLE)


def photo(height: int, width: int, seed: int = 0) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.fixture(scope="module", params=["openvino", *DEVICES])
def session(request: pytest.FixtureRequest) -> InferenceSession:
    if request.param == "openvino":
        return OpenVinoSession(STYLE.network, threads=1)
    return TorchSession(STYLE.network, request.param)


@pytest.mark.parametrize("size", [(1, 1), (1, 90), (37, 53), (64, 64)])
def test_a_picture_has_the_size_of_its_photo(session: InferenceSession, size: tuple[int, int]) -> None:
    painted = stylize(session, [photo(*size)], [OURS], [StyleOptions()])
    assert painted[0].shape == (*size, 3)


def test_a_small_photo_is_painted_as_its_enlargement_is(session: InferenceSession) -> None:
    small = photo(30, 40)
    enlarged = np.asarray(Image.fromarray(small).resize((80, 60), Image.Resampling.LANCZOS))
    unlike = dataclasses.replace(session.input_spec, enlarges=False)
    options = StyleOptions(strength=0.5)
    (picture,) = stylize(session, [small], [OURS], [options])
    with pytest.MonkeyPatch.context() as context:
        context.setattr(session, "input_spec", unlike)
        (larger,) = stylize(session, [enlarged], [OURS], [StyleOptions()])
    reduced = Image.fromarray(larger).resize((40, 30), Image.Resampling.LANCZOS)
    assert np.abs(picture - (np.asarray(reduced) / 2 + small / 2)).max() <= 1


def test_a_batch_of_mixed_sizes_and_styles_keeps_its_order(session: InferenceSession) -> None:
    other = conditioning_of(random_style(5))
    photos = [photo(40, 60, 1), photo(30, 30, 2), photo(40, 60, 3), photo(40, 60, 1)]
    styles = [OURS, OURS, OURS, other]
    options = [StyleOptions()] * 4
    together = stylize(session, photos, styles, options)
    for picture, one, style in zip(together, photos, styles, strict=True):
        alone = stylize(session, [one], [style], [StyleOptions()])[0]
        assert np.abs(picture.astype(int) - alone).mean() < 1  # bfloat16 rounds a batch its own way
    assert np.abs(together[0].astype(int) - together[3]).mean() > 5


def test_sizes_that_the_frame_makes_equal_share_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    session = TorchSession(STYLE.network, "cpu")
    photos = [photo(64, 60, 1), photo(50, 64, 2), photo(100, 64, 3)]
    alone = [stylize(session, [one], [OURS], [StyleOptions()])[0] for one in photos]
    batches, at_once = [], session.paint

    def watched(images: PixelBatch, rows: np.ndarray) -> PixelBatch:
        batches.append(images.shape[:3])
        return at_once(images, rows)

    monkeypatch.setattr(session, "paint", watched)
    together = stylize(session, photos, [OURS] * 3, [StyleOptions()] * 3)
    assert batches == [(2, 192, 192), (1, 256, 192)]  # twice their size, with a margin, in steps of 64
    for picture, one in zip(together, alone, strict=True):
        assert picture.shape == one.shape
        assert np.abs(picture.astype(int) - one).max() <= 1


def test_on_a_cpu_each_photo_goes_alone_and_in_one_of_few_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    session = OpenVinoSession(STYLE.network, 1)
    shapes, at_once = [], session.paint

    def watched(images: PixelBatch, rows: np.ndarray) -> PixelBatch:
        shapes.append(images.shape[:3])
        return at_once(images, rows)

    monkeypatch.setattr(session, "paint", watched)
    photos = [photo(64, 60, 1), photo(58, 64, 2), photo(63, 64, 3)]
    painted = stylize(session, photos, [OURS] * 3, [StyleOptions()] * 3)
    assert [picture.shape for picture in painted] == [one.shape for one in photos]
    assert shapes == [(1, 160, 160), (1, 160, 160), (1, 160, 160)]


def test_a_large_photo_is_painted_in_strips_and_looks_the_same(
    session: OpenVinoSession | TorchSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos, styles, options = [photo(90, 50, 1), photo(90, 50, 2)], [OURS, OURS], [StyleOptions()] * 2
    at_once = stylize(session, photos, styles, options)
    called = []

    def watched(
        segments: Segments, image: Pixels, row: Row, out: Pixels, strip_pixels: int
    ) -> Iterator[None]:
        called.append(strip_pixels)
        return in_strips(segments, image, row, out, strip_pixels)

    monkeypatch.setattr(session, "whole_pixels", 90 * 50)
    monkeypatch.setattr(strips, "paint_steps", watched)
    for picture, whole in zip(stylize(session, photos, styles, options), at_once, strict=True):
        assert np.abs(picture.astype(int) - whole).mean() < 2  # bfloat16
    assert called == [strips.STRIP_PIXELS] * 2
    assert np.abs(at_once[0].astype(int) - at_once[1]).mean() > 5


def test_a_batch_counts_with_all_its_pixels(
    session: OpenVinoSession | TorchSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = []

    def watched(*_: object) -> Iterator[None]:
        called.append(1)
        return iter(())

    monkeypatch.setattr(session, "whole_pixels", 2 * 64 * 64)
    monkeypatch.setattr(strips, "paint_steps", watched)
    for count in (1, 2, 3):
        session.paint(np.zeros((count, 64, 64, 3), np.uint8), np.stack([OURS.row] * count))
        assert len(called) == (3 if count == 3 else 0)


@pytest.mark.parametrize("engine", [OpenVinoSession, lambda network: TorchSession(network, "cpu")])
def test_a_wide_network_paints_fewer_pixels_at_once(
    engine: Callable[[Mapping[str, Array]], OpenVinoSession | TorchSession],
) -> None:
    ours, wide = Shape(inner_blocks=1), Shape(half=60, inner_blocks=1)
    most = [
        engine({n: np.zeros(s, np.float16) for n, s in shape.tensors.items()}).whole_pixels
        for shape in (ours, wide)
    ]
    assert most[1] < most[0] * 0.6


def test_a_session_paints_on_after_a_large_photo(
    session: InferenceSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("styles.inference.openvino_backend.session.BATCH_PIXELS", 1000)
    first, second = (stylize(session, [photo(60, 80)], [OURS], [StyleOptions()])[0] for _ in range(2))
    assert np.array_equal(first, second)


def test_both_engines_paint_the_same_picture() -> None:
    style = read(shipped()[0].weights)
    # Both engines mirror twice this size to 256x384. Torch fills up others, which moves the norms.
    slope = np.linspace(0, 255, 112 * 176 * 3).reshape(112, 176, 3).astype(np.uint8)
    pictures = [
        stylize(session, [slope], [conditioning_of(style)], [StyleOptions()])[0].astype(int)
        for session in (OpenVinoSession(style.network), TorchSession(style.network, "cpu"))
    ]
    assert np.abs(pictures[0] - pictures[1]).mean() < 1  # bfloat16 against float32


@pytest.mark.parametrize("size", [(1, 1), (5, 3), (64, 64), (61, 83)])
def test_extend_mirrors_and_crop_takes_it_away(size: tuple[int, int]) -> None:
    pixels = photo(*size)
    extended = STYLE_UNET_INPUT.extend(pixels)
    assert extended.shape[0] % STRIDE == extended.shape[1] % STRIDE == 0
    assert extended.shape[0] >= size[0] + 2 * MARGIN
    assert np.array_equal(STYLE_UNET_INPUT.crop(extended, pixels), pixels)


@pytest.fixture
def kept(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a kept file of an architecture."""

    def written(architecture: str) -> Path:
        path = tmp_path / architecture
        match architecture:
            case "style-unet":
                style_file.write(path, STYLE)
            case "transformer-net":
                write_state_dict(tmp_path / "upload")
                importer.keep(tmp_path / "upload", path, None)
            case "onnx":
                write_onnx(tmp_path / "upload")
                importer.keep(tmp_path / "upload", path, None)
        return path

    return written


@pytest.mark.parametrize("architecture", ["style-unet", "transformer-net", "onnx"])
def test_every_kept_file_opens_and_paints(kept: Callable[[str], Path], architecture: str) -> None:
    style = open_style(kept(architecture), threads=1)
    painted = stylize(style.session, [photo(50, 70)], [style.conditioning], [StyleOptions()])[0]
    assert style.base == (STYLE.base if architecture == "style-unet" else "")
    assert style.conditioning.row.shape == (OURS.row.shape if architecture == "style-unet" else (0,))
    assert painted.shape == (50, 70, 3)
    assert painted.std() > 3


def test_a_photo_without_room_comes_smaller_and_is_finished_so(kept: Callable[[str], Path]) -> None:
    session = open_style(kept("transformer-net"), threads=1).session
    session.input_spec = dataclasses.replace(session.input_spec, most_pixels=110 * 110)  # type: ignore[misc]
    options = [StyleOptions(strength=0.5), StyleOptions(keep_colors=True)]
    pictures = stylize(session, [photo(100, 150), photo(40, 30)], [ONE_STYLE] * 2, options)
    height, width = pictures[0].shape[:2]
    assert height < 100
    assert height / width == pytest.approx(100 / 150, rel=0.05)
    assert pictures[1].shape == (40, 30, 3)


def test_styles_of_one_base_open_one_session(tmp_path: Path, kept: Callable[[str], Path]) -> None:
    style_file.write(tmp_path / "other", random_style(9))
    sessions: dict[str, InferenceSession] = {}
    first = open_style(kept("style-unet"), threads=1, sessions=sessions)
    second = open_style(tmp_path / "other", threads=1, sessions=sessions)
    assert first.session is second.session
    assert sessions == {STYLE.base: first.session}
    open_style(kept("onnx"), threads=1, sessions=sessions)
    assert list(sessions) == [STYLE.base]


def test_a_gpu_that_is_not_there_is_named(kept: Callable[[str], Path]) -> None:
    for architecture in ("style-unet", "transformer-net"):
        with pytest.raises(BadOption, match="no cuda:99"):
            open_style(kept(architecture), "cuda:99")
    assert open_style(kept("onnx"), "cuda:99", 1).session  # these paint on the CPU


@pytest.mark.parametrize("opened", [open_session, lambda network: TorchSession(network, "cpu")])
def test_a_network_that_is_not_ours_is_refused(
    opened: Callable[[Mapping[str, Array]], InferenceSession],
) -> None:
    with pytest.raises(BadCheckpoint):
        opened({"conv.weight": np.zeros((3, 3, 3, 3), np.float16)})
