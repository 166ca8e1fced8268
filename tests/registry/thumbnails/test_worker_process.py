from __future__ import annotations

import io

import pytest
from PIL import Image

from registry.thumbnails.protocol import WIDTHS
from registry.thumbnails.worker_process import thumbnails
from styles.errors import NotAnImage
from styles.formats import style_file


def sizes(pictures: list[bytes]) -> list[tuple[str | None, tuple[int, int]]]:
    opened = [Image.open(io.BytesIO(picture)) for picture in pictures]
    return [(image.format, image.size) for image in opened]


def test_three_sizes_of_a_preview() -> None:
    preview = style_file.shipped()[0].preview.read_bytes()
    pictures = thumbnails(preview)
    assert sizes(pictures) == [("WEBP", (240, 135)), ("WEBP", (480, 270)), ("WEBP", (800, 450))]
    assert len(pictures[0]) < len(pictures[1]) < len(pictures[2]) < len(preview)


def test_a_small_preview_is_not_enlarged() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 900), (200, 10, 10)).save(buffer, "JPEG")
    assert [size for _, size in sizes(thumbnails(buffer.getvalue()))] == [(240, 720), (300, 900), (300, 900)]
    assert WIDTHS == (240, 480, 800)


def test_what_is_no_picture() -> None:
    with pytest.raises(NotAnImage):
        thumbnails(b"\xff\xd8\xff and no more")
