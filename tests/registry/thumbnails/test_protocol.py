from __future__ import annotations

import pytest

from registry.thumbnails.protocol import LARGEST, REFUSAL, read, write

PICTURE = b"RIFF\x0c\0\0\0WEBPVP8 "


def test_what_is_written_is_read() -> None:
    pictures = [PICTURE, PICTURE + b"b", PICTURE + b"c"]
    assert read(write(pictures)) == pictures


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"", "missing"),
        (write([PICTURE] * 2), "missing"),
        (write([PICTURE] * 3)[:-1], "missing"),
        (write([PICTURE] * 4), "more than"),
        (write([PICTURE, b"\xff\xd8\xff and a JPEG's rest", PICTURE]), "no WebP"),
        (write([PICTURE, PICTURE, PICTURE.ljust(LARGEST + 1)]), "too large"),
        (REFUSAL + b"NotAnImage: no", "NotAnImage: no"),
    ],
)
def test_a_forged_answer_is_refused(answer: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read(answer)
