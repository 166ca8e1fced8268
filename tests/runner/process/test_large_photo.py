"""A large photo in slices: the picture is that of one pass, others come in between, errors are returned."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from runner.process.large_photo import LargePhoto
from runner.protocol.messages import PaintedPhoto, StyleShare, Task
from styles.contract import StyleOptions
from styles.errors import ImageTooLarge, NotAnImage, PainterError, Unpaintable
from styles.imaging.codec import Pixels, decode
from styles.inference import strips
from styles.inference.open import conditioning_of
from styles.inference.openvino_backend.session import OpenVinoSession
from styles.inference.session import InferenceSession
from styles.inference.stylize import stylize
from tests.fakes.styles.photos import jpeg
from tests.fakes.styles.style_files import random_style

STYLE = random_style(4)
OURS = conditioning_of(STYLE)
OPTIONS = StyleOptions(format="png", size=4096, strength=0.8, preview=64)
XMP = "<how it was painted/>"
SMALL: Pixels = decode(jpeg(3, size=(120, 90)))


@pytest.fixture(scope="module")
def session() -> OpenVinoSession:
    return OpenVinoSession(STYLE.network, threads=1)


@pytest.fixture(autouse=True)
def low_strips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strips, "STRIP_PIXELS", 20_000)


def told(error: Exception) -> PainterError:
    return Unpaintable(f"told so: {error}")


def a_photo(session: InferenceSession, image: bytes, most_pixels: int | None = None) -> LargePhoto:
    return LargePhoto(a_task(image, most_pixels), session, OURS, told)


def a_task(image: bytes, most_pixels: int | None = None) -> Task:
    parts = (StyleShare(digest="sha256:wave"),)
    return Task(parts=parts, image=image, options=OPTIONS, xmp=XMP, large=True, most_pixels=most_pixels)


def painted(photo: LargePhoto, between: Callable[[], object] = lambda: None) -> tuple[object, int]:
    """What comes of it, and in how many slices."""
    photo.open()
    slices = 1
    while not photo.paint_slice(0):
        if slices % 20 == 0:
            between()
        slices += 1
    return photo.close(), slices


def test_others_are_painted_in_between_and_neither_shows_it(session: OpenVinoSession) -> None:
    image = jpeg(1, size=(1024, 96))  # smaller ones are enlarged in batches
    (alone,) = stylize(session, [decode(image)], [OURS], [OPTIONS])
    (small,) = stylize(session, [SMALL], [OURS], [StyleOptions()])

    def paint_another() -> None:
        (again,) = stylize(session, [SMALL], [OURS], [StyleOptions()])
        assert np.abs(again.astype(int) - small).mean() < 1  # its style has a model of its own by then

    outcome, slices = painted(a_photo(session, image), paint_another)
    assert isinstance(outcome, PaintedPhoto)
    assert slices > 40
    assert np.abs(decode(outcome.image).astype(int) - alone).mean() < 1
    assert (outcome.pixels, outcome.reduced_from) == (1024 * 96, None)
    assert max(decode(outcome.preview).shape) == 64
    assert XMP.encode() in outcome.image
    assert outcome.seconds > 0


def test_one_that_would_take_too_long_is_reduced_and_the_outcome_says_so(session: OpenVinoSession) -> None:
    outcome, _ = painted(a_photo(session, jpeg(1, size=(400, 300)), most_pixels=30_000))
    assert isinstance(outcome, PaintedPhoto)
    assert decode(outcome.image).shape == (150, 200, 3)
    assert (outcome.pixels, outcome.reduced_from) == (30_000, (400, 300))


def test_one_that_is_in_time_is_not(session: OpenVinoSession) -> None:
    outcome, _ = painted(a_photo(session, jpeg(1, size=(200, 150)), most_pixels=30_000))
    assert isinstance(outcome, PaintedPhoto)
    assert outcome.reduced_from is None


def test_what_is_no_photo_is_told(session: OpenVinoSession) -> None:
    outcome, slices = painted(a_photo(session, b"no photo"))
    assert isinstance(outcome, NotAnImage)
    assert slices == 1


def test_an_error_of_the_session_is_the_photos_or_that_of_the_device(
    session: OpenVinoSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(strips, "MAX_KEPT", 10)
    outcome, _ = painted(a_photo(session, jpeg(1, size=(200, 150))))
    assert isinstance(outcome, Unpaintable)

    def device(error: Exception) -> PainterError:
        raise error

    photo = LargePhoto(a_task(jpeg(1, size=(200, 150))), session, OURS, device)
    photo.open()
    with pytest.raises(ImageTooLarge):
        photo.paint_slice(0)
