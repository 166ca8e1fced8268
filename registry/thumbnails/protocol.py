"""Define what a process for thumbnails and its parent exchange, by the standard library alone.

An answer is the WebP pictures, the smallest first, each after its length in four bytes; or `REFUSAL` and the
reason.
"""

from __future__ import annotations

from collections.abc import Sequence

#: Widths of thumbnails, pixels: on the wall of a phone or a laptop, the same on a dense screen, and large.
WIDTHS = (240, 480, 800)
#: Most bytes of one picture. One of 800 pixels has about 100,000.
LARGEST = 2 << 20
#: Most bytes of an answer.
LARGEST_ANSWER = len(WIDTHS) * (LARGEST + 4)
#: First byte of an answer without pictures, and most bytes of the reason. No length begins with this byte.
REFUSAL, LONGEST_REASON = b"!", 500


def write(pictures: Sequence[bytes]) -> bytes:
    """Return the answer with these pictures."""
    return b"".join(len(picture).to_bytes(4) + picture for picture in pictures)


def read(answer: bytes) -> list[bytes]:
    """Return the pictures of an answer, which a preview may have forged. Raises ValueError."""
    if answer.startswith(REFUSAL):
        raise ValueError(answer[1 : 1 + LONGEST_REASON].decode(errors="replace"))
    pictures, rest = [], answer
    for _ in WIDTHS:
        size = int.from_bytes(rest[:4])
        picture, rest = rest[4 : 4 + size], rest[4 + size :]
        if not 12 < size <= LARGEST or len(picture) != size:
            raise ValueError("a picture is missing, or too large")
        if picture[:4] != b"RIFF" or picture[8:12] != b"WEBP":
            raise ValueError("a picture is no WebP")
        pictures.append(picture)
    if rest:
        raise ValueError("there is more than the pictures")
    return pictures
