"""Formats and sizes from first bytes."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from mailbot.parsing import file_type
from tests.fakes.mailbot.mails import heic, photo, png_header


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "PPM", "AVIF"])
def test_kind_of_what_pillow_writes(format: str) -> None:
    assert file_type.kind(photo(32, 32, format=format)) == format.lower()


def test_heic_by_its_brand() -> None:
    assert file_type.kind(heic()) == "heic"


@pytest.mark.parametrize(
    "content",
    [b"", b"BM", b"BMW is a car, and this is a letter about it", b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", b"P6",
     b"RIFF\0\0\0\0WAVE", b"<svg></svg>", b"%PDF-1.7", b"P.S. 12 34 56 is no picture"],
)  # fmt: skip
def test_no_image(content: bytes) -> None:
    assert file_type.kind(content) == ""


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP", "BMP"])
def test_dimensions(format: str) -> None:
    assert file_type.dimensions(photo(64, 48, format=format)) == (64, 48)


def test_dimensions_from_the_header_alone() -> None:
    assert file_type.dimensions(png_header(70_000, 3)) == (70_000, 3)


@pytest.mark.parametrize("length", range(2, 200, 7))
def test_a_cut_jpeg_has_a_size_or_none(length: int) -> None:
    assert file_type.dimensions(photo(64, 48)[:length]) in (None, (64, 48))


def test_endless_segments_are_given_up() -> None:
    assert file_type.dimensions(b"\xff\xd8" + b"\xff\xe0\x00\x02" * 10_000) is None
    assert file_type.dimensions(b"\xff\xd8\xff\xe0\x00\x00" + b"\x00" * 100) is None


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("lossless", [False, True])
def test_dimensions_of_all_kinds_of_webp(mode: str, lossless: bool) -> None:
    out = io.BytesIO()
    Image.new(mode, (65, 47)).save(
        out, "WEBP", lossless=lossless, exif=b"Exif\0\0" if mode == "RGBA" else b""
    )
    assert file_type.dimensions(out.getvalue()) == (65, 47)


@pytest.mark.parametrize("length", range(12, 60, 3))
def test_a_cut_webp_has_a_size_or_none(length: int) -> None:
    assert file_type.dimensions(photo(64, 48, format="WEBP")[:length]) in (None, (64, 48))
