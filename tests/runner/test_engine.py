"""The engine: bytes to bytes, a bad photo spoils nothing, and failed batches are split."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from runner.engine import Engine, Item, LoadedStyle, Painted
from styles.architecture import MARGIN, STRIDE
from styles.contract import StyleOptions
from styles.errors import BadCheckpoint, ImageTooLarge, NotAnImage, Unpaintable
from styles.image import decode
from styles.paint import Batch
from tests.fakes.style_files import make_shipped


def jpeg(width: int = 60, height: int = 40, colour: str = "orange") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine("cpu", threads=1)


@pytest.fixture(scope="module")
def styles(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> list[LoadedStyle]:
    folder = tmp_path_factory.mktemp("styles")
    return [engine.load(f"sha256:{n}", make_shipped(folder, f"s{n}", n).weights) for n in range(2)]


def item(style: LoadedStyle, image: bytes, **options: object) -> Item:
    return Item(style=style, image=image, options=StyleOptions(**options))  # type: ignore[arg-type]


def test_a_photo_comes_back_painted(engine: Engine, styles: list[LoadedStyle]) -> None:
    outcome = engine.run_batch([item(styles[0], jpeg())])[0]
    assert isinstance(outcome, Painted)
    assert decode(outcome.image).shape == (40, 60, 3)
    assert outcome.seconds > 0


def test_png_size_and_budget_are_obeyed(engine: Engine, styles: list[LoadedStyle]) -> None:
    outcomes = engine.run_batch(
        [
            item(styles[0], jpeg(), format="png"),
            item(styles[0], jpeg(300, 200), size=100),
            item(styles[0], jpeg(300, 200), max_bytes=4_000),
        ]
    )
    images = [o.image for o in outcomes if isinstance(o, Painted)]
    assert images[0].startswith(b"\x89PNG")
    assert decode(images[1]).shape == (67, 100, 3)
    assert len(images[2]) <= 4_000


def test_styles_of_one_base_share_a_canvas(styles: list[LoadedStyle]) -> None:
    assert styles[0].canvas is styles[1].canvas


def test_a_bad_photo_spoils_nothing(engine: Engine, styles: list[LoadedStyle]) -> None:
    bomb = io.BytesIO()
    Image.new("1", (9000, 9000)).save(bomb, "PNG")
    outcomes = engine.run_batch(
        [
            item(styles[0], jpeg(colour="red")),
            item(styles[0], b"no photo"),
            item(styles[1], jpeg(colour="red")),
            item(styles[1], bomb.getvalue()),
        ]
    )
    assert isinstance(outcomes[0], Painted)
    assert isinstance(outcomes[1], NotAnImage)
    assert isinstance(outcomes[2], Painted)
    assert isinstance(outcomes[3], ImageTooLarge)
    assert outcomes[0].image != outcomes[2].image


class Picky:
    """A canvas that fails on every batch with a black corner, as a broken kernel might."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def paint(self, images: Batch, rows: np.ndarray) -> Batch:
        self.batches.append(len(images))
        if any(image[20, 20].max() < 9 for image in images):
            raise RuntimeError("kernel failed")
        return images


def test_a_failed_batch_is_split_down_to_the_photo_to_blame(engine: Engine) -> None:
    canvas = Picky()
    style = LoadedStyle(digest="sha256:p", row=np.ones(4, np.float32), canvas=canvas, bytes=1)
    photos = ["red", "green", "black", "blue", "white"]
    outcomes = engine.run_batch([item(style, jpeg(colour=c)) for c in photos])
    assert [isinstance(o, Painted) for o in outcomes] == [True, True, False, True, True]
    assert isinstance(outcomes[2], Unpaintable)
    assert canvas.batches[0] == 5
    assert len(canvas.batches) < 10  # one of them the grey picture


class Small:
    """A canvas with room for the grey picture only."""

    def paint(self, images: Batch, rows: np.ndarray) -> Batch:
        if images.shape[1] > 200:
            raise ImageTooLarge("no room")
        return images


def test_what_the_canvas_says_of_a_photo_is_passed_on(engine: Engine) -> None:
    style = LoadedStyle(digest="sha256:p", row=np.ones(4, np.float32), canvas=Small(), bytes=1)
    outcomes = engine.run_batch([item(style, jpeg(300, 300)), item(style, jpeg())])
    assert isinstance(outcomes[0], ImageTooLarge)
    assert isinstance(outcomes[1], Painted)


class Sick:
    """A canvas of a device that is gone: every call fails, as after a sticky CUDA error."""

    def paint(self, images: Batch, rows: np.ndarray) -> Batch:
        raise RuntimeError(f"unspecified launch failure, {images.shape[1]} high")


@pytest.mark.parametrize("photos", [1, 3])
def test_a_sick_device_is_no_fault_of_the_photos(engine: Engine, photos: int) -> None:
    style = LoadedStyle(digest="sha256:p", row=np.ones(4, np.float32), canvas=Sick(), bytes=1)
    height = 40 + 2 * MARGIN
    with pytest.raises(RuntimeError, match=f"launch failure, {height + -40 % STRIDE} high"):
        engine.run_batch([item(style, jpeg())] * photos)


def test_a_file_that_is_no_style_is_refused(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"no style")
    with pytest.raises(BadCheckpoint):
        engine.load("sha256:x", tmp_path / "x")


def test_a_canvas_is_freed_with_its_last_style(tmp_path: Path) -> None:
    engine = Engine("cpu", threads=1)
    style = engine.load("sha256:a", make_shipped(tmp_path, "a", 1).weights)
    assert len(engine._canvases) == 1
    del style
    assert not engine._canvases
