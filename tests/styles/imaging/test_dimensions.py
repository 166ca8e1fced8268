"""Sizes from headers are those that the decoder finds, and nothing damaged raises."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from styles.imaging.codec import decode
from styles.imaging.dimensions import dimensions
from tests.fakes.styles.photos import jpeg

SIZE = (330, 210)


def saved(format: str, size: tuple[int, int] = SIZE, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(buffer, format, **options)
    return buffer.getvalue()


KINDS = {
    "jpeg": lambda: saved("JPEG"),
    "progressive": lambda: saved("JPEG", progressive=True),
    "with exif": lambda: jpeg(size=SIZE),
    "png": lambda: saved("PNG"),
    "gif": lambda: saved("GIF"),
    "webp": lambda: saved("WEBP"),
    "lossless webp": lambda: saved("WEBP", lossless=True),
    "extended webp": lambda: saved("WEBP", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0"),
    "avif": lambda: saved("AVIF"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_size_is_in_the_header(kind: str) -> None:
    assert dimensions(KINDS[kind]()) == SIZE


def test_the_size_of_an_iphones_photo_is_in_its_header() -> None:
    content = (Path(__file__).parent / "turned.heic").read_bytes()
    height, width = decode(content).shape[:2]
    assert sorted(dimensions(content) or ()) == sorted((width, height))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_cut_off_or_damaged_has_none_or_some_and_raises_nothing(kind: str) -> None:
    content = KINDS[kind]()
    for end in range(0, min(len(content), 200), 3):
        dimensions(content[:end])
    for at in range(min(len(content), 200)):
        dimensions(content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :])


@pytest.mark.parametrize("content", [b"", b"photo", b"BM" + bytes(60), b"II*\0" + bytes(60)])
def test_other_files_have_none(content: bytes) -> None:
    assert dimensions(content) is None
