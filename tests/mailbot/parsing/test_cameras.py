from __future__ import annotations

import pytest

from mailbot.parsing.cameras import is_from_camera
from tests.fakes.mailbot.mails import heic, photo, taken_by_camera


@pytest.mark.parametrize(
    ("image", "kind", "expected"),
    [
        (taken_by_camera(maker="Apple"), "jpeg", True),
        (taken_by_camera(model="Pixel 9"), "jpeg", True),
        (taken_by_camera(software="GIMP"), "jpeg", False),
        (photo(), "jpeg", False),
        (heic(), "heic", True),
        (taken_by_camera(maker="Apple"), "png", False),
    ],
)
def test_a_camera_is_known_by_what_it_writes(image: bytes, kind: str, expected: bool) -> None:
    assert is_from_camera(image, kind) is expected


@pytest.mark.parametrize("length", [0, 6, 8, 12, 20, 30, 40, 60])
def test_a_block_that_ends_early_tells_nothing_and_breaks_nothing(length: int) -> None:
    image = taken_by_camera(maker="Apple")
    start = image.index(b"Exif\0\0")
    assert is_from_camera(image[: start + length], "jpeg") in (True, False)
    assert is_from_camera(b"Exif\0\0MM\0\x2a\xff\xff\xff\xff", "jpeg") is False
