"""What a validation finds of a style, without the process around it, and of odd pictures."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from PIL import Image

from registry.validation import checks
from registry.validation.checks import PHOTOS, check_style, flaw, unchanged, warm_up
from registry.validation.protocol import KEPT, OUT, PREVIEW, UPLOAD
from styles.errors import BadCheckpoint, ValuesNeeded
from styles.formats import style_file
from styles.formats.style_file import StyleFile
from styles.imaging.codec import Pixels, decode
from styles.inference.openvino_backend import memory_estimate
from tests.fakes.styles import odd_onnx
from tests.fakes.styles.onnx_files import write_onnx
from tests.fakes.styles.style_files import random_style


@pytest.fixture
def worker(tmp_path: Path) -> Path:
    (tmp_path / OUT).mkdir()
    return tmp_path


def put(worker: Path, style: StyleFile) -> None:
    style_file.write(worker / UPLOAD, style)


def test_what_is_found(worker: Path) -> None:
    put(worker, random_style(1))
    found = check_style(worker, None)
    assert (found.format, found.architecture) == ("safetensors", "style-unet")
    assert {path.name for path in (worker / OUT).iterdir()} == {Path(KEPT).name, Path(PREVIEW).name}


def test_the_preview_is_a_picture_for_a_page(worker: Path) -> None:
    put(worker, random_style(1))
    check_style(worker, None)
    with Image.open(worker / PREVIEW) as preview:
        assert (preview.format, preview.size) == ("JPEG", (800, 450))
    assert (worker / PREVIEW).stat().st_size <= checks.PREVIEW_BYTES


def test_the_photos_differ_in_size_and_shape() -> None:
    sizes = {decode(path.read_bytes()).shape[1::-1] for path in PHOTOS}
    assert len(sizes) == 3
    assert {(width > height) - (width < height) for width, height in sizes} == {1, -1}
    assert any(width % 4 and height % 4 for width, height in sizes)


def test_one_colour(worker: Path) -> None:
    style = random_style(1)
    network = {name: t * 0 if name == "out.weight" else t for name, t in style.network.items()}
    put(worker, replace(style, network=network))
    with pytest.raises(BadCheckpoint, match=r"the network paints one colour, rgb\("):
        check_style(worker, None)


@pytest.mark.parametrize(("bias", "colour"), [(-60.0, "0, 0, 0"), (60.0, "255, 255, 255")])
def test_black_and_white(worker: Path, bias: float, colour: str) -> None:
    style = random_style(1)
    biases = np.full_like(style.network["out.bias"], bias)
    put(worker, replace(style, network={**style.network, "out.bias": biases}))
    with pytest.raises(BadCheckpoint, match=colour):
        check_style(worker, None)


def test_the_time_is_told(worker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "PHOTO_SECONDS", 0.0)
    put(worker, random_style(1))
    with pytest.raises(
        BadCheckpoint, match=r"A photo of 301x199 pixels takes \d+ s of processor time, and may"
    ):
        check_style(worker, None)


def test_nothing_that_is_no_style(worker: Path) -> None:
    (worker / UPLOAD).write_bytes(b"nothing")
    with pytest.raises(BadCheckpoint):
        check_style(worker, None)


def test_a_network_that_takes_much_memory_paints_smaller(
    worker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_onnx(worker / UPLOAD)
    monkeypatch.setattr(memory_estimate, "MEMORY", memory_estimate.MEMORY // 100)
    found = check_style(worker, None)
    assert re.search(r"a photo of 1024x576 pixels is painted at \d{3}x\d{3}\.", " ".join(found.notes))
    with Image.open(worker / PREVIEW) as preview:
        assert 256 * 256 / 2 < preview.width * preview.height < 800 * 450


def test_black_at_the_size_that_mails_get(worker: Path) -> None:
    """800 pixels come out, 1,024 do not."""
    onnx.save_model(odd_onnx.black_from(1000), worker / UPLOAD)
    with pytest.raises(BadCheckpoint, match=r"the network paints one colour, rgb\(0, 0, 0\)"):
        check_style(worker, None)
    onnx.save_model(odd_onnx.black_from(1025), worker / UPLOAD)
    assert check_style(worker, None).format == "onnx"


def test_another_picture_each_time(worker: Path) -> None:
    onnx.save_model(odd_onnx.noisy(), worker / UPLOAD)
    with pytest.raises(BadCheckpoint, match=r"painted twice, gives two pictures.*model\.eval\(\)"):
        check_style(worker, None)


def test_a_network_that_does_not_look_at_its_photo(worker: Path) -> None:
    onnx.save_model(odd_onnx.blind(), worker / UPLOAD)
    with pytest.raises(BadCheckpoint, match="Two photos give the same picture"):
        check_style(worker, None)


def test_a_size_that_the_network_cannot_paint_is_told(worker: Path) -> None:
    onnx.save_model(odd_onnx.up_to(900), worker / UPLOAD)
    with pytest.raises(BadCheckpoint, match=r"cannot paint a photo of 691x1024 pixels.*free height"):
        check_style(worker, None)


@pytest.mark.parametrize("dynamic", [False, True])
def test_a_network_in_int8_is_judged_by_what_it_paints(worker: Path, dynamic: bool) -> None:
    onnx.save_model(odd_onnx.int8(dynamic=dynamic), worker / UPLOAD)
    assert check_style(worker, None).format == "onnx"
    exact = worker / "exact"
    (exact / OUT).mkdir(parents=True)
    write_onnx(exact / UPLOAD)
    check_style(exact, None)
    pictures = [decode((folder / PREVIEW).read_bytes()).astype(int) for folder in (worker, exact)]
    assert np.abs(pictures[0] - pictures[1]).mean() < 12  # eight bits are coarse, and the picture is the same
    onnx.save_model(odd_onnx.int8(dynamic=dynamic, broken=True), worker / UPLOAD)
    with pytest.raises(BadCheckpoint, match="paints one colour"):
        check_style(worker, None)


def test_one_of_many_styles(worker: Path) -> None:
    onnx.save_model(odd_onnx.many_styles(), worker / UPLOAD)
    with pytest.raises(ValuesNeeded, match="26 numbers"):
        check_style(worker, None)
    assert "Baked in: style_weights is 19." in check_style(worker, None, "19").notes


def test_warming_up_needs_no_upload() -> None:
    warm_up(torch=True)


NOISE = np.random.default_rng(0)


def flat(*colour: int) -> Pixels:
    return np.full((30, 40, 3), colour, np.uint8)


def between(low: int, high: int) -> Pixels:
    return NOISE.integers(low, high, (30, 40, 3), dtype=np.uint8, endpoint=True)


def specked(picture: Pixels, value: int) -> Pixels:
    picture[3, 4] = value
    return picture


@pytest.mark.parametrize(
    ("picture", "wrong"),
    [
        (flat(12, 200, 40), "paints one colour, rgb(12, 200, 40)"),
        (between(100, 102), "paints one colour"),
        (flat(0, 0, 0), "paints one colour, rgb(0, 0, 0)"),
        (between(0, 7), "paints everything black"),
        (specked(flat(0, 0, 0), 255), "paints everything black"),
        (between(248, 255), "paints everything white"),
    ],
)
def test_nothing(picture: Pixels, wrong: str) -> None:
    assert flaw(picture).startswith(wrong)


@pytest.mark.parametrize(
    "picture",
    [
        between(0, 255),
        between(100, 110),  # nearly no contrast
        between(0, 30),  # night
        between(0, 1) * np.uint8(255),  # a woodcut
        np.dstack([between(0, 255)[..., 0], *[flat(0, 0, 0)[..., 0]] * 2]),  # all red
    ],
)
def test_odd(picture: Pixels) -> None:
    assert flaw(picture) == ""


def test_the_photo_itself() -> None:
    photo = between(0, 255)
    assert unchanged(photo, photo)
    assert not unchanged(photo ^ np.uint8(1), photo)
    assert not unchanged(255 - photo, photo)
