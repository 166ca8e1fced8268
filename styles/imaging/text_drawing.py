"""Write text on pictures, each letter in the first font that has it.

Noto Sans has the letters of Latin, Greek and Cyrillic, Noto Sans Arabic those of Arabic. Both are packages
that are installed with this project. Other scripts need a font of the system. Text that runs from right to
left needs Pillow with Raqm, which joins its letters. `legible` tells whether all of it is there.
"""

from __future__ import annotations

import math
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from itertools import accumulate, groupby

import fontpkg
from PIL import Image, ImageDraw, ImageFont, features

#: Space above and below the baseline, in ems: a capital with an accent has 1.0, an Arabic tail 0.4.
ASCENT, DESCENT = 1.07, 0.42
#: The families that are installed.
FAMILIES = ("Noto Sans", "Noto Sans Arabic")
#: File names of fonts for other scripts, which Pillow finds in the system's folders. Debian, Fedora, macOS
#: and Windows have them for Chinese, Japanese and Korean; some are for many scripts.
FALLBACKS = (
    *(
        "NotoSansCJK-Regular.ttc",
        "NotoSansCJKsc-Regular.otf",
        "SourceHanSansSC-Regular.otf",
        "wqy-microhei.ttc",
    ),
    *("DroidSansFallbackFull.ttf", "PingFang.ttc", "msyh.ttc", "YuGothM.ttc", "malgun.ttf"),
    *("DejaVuSans.ttf", "FreeSans.ttf", "unifont.otf"),
)
#: A character that no font has: its picture is the one of missing letters.
_NOWHERE = "\U0010fffe"
#: Size at which the letters of two pictures are compared, pixels.
_PROBE = 24

Font = ImageFont.FreeTypeFont
#: A font, the text that it has, and the direction of that text for Raqm.
FontRun = tuple[Font, str, str]
#: Directions by the bidirectional class of letters and digits.
_DIRECTIONS = {"L": "ltr", "EN": "ltr", "AN": "ltr", "R": "rtl", "AL": "rtl"}


def legible(text: str) -> bool:
    """Return whether a text can be written: every letter is in a font, and joined letters can be joined."""
    line = _line(text)
    can_join = features.check("raqm") or "rtl" not in _directions(line)[1]
    return line.isprintable() and can_join and all(_font_of(letter) is not None for letter in line)


def width(text: str, size: int) -> int:
    """Return the width at which `write` writes a text, pixels."""
    return math.ceil(sum(_length(*run) for run in _runs(text, size)))


def shorten(text: str, size: int, most: int) -> str:
    """Cut a text, with an ellipsis, to at most `most` pixels of width."""
    if width(text, size) <= most:
        return text
    lengths = range(1, min(len(text), most) + 1)  # no letter is narrower than a pixel
    end = bisect_right(lengths, most, key=lambda length: width(text[:length] + "…", size))
    return text[:end].rstrip() + "…"


def write(text: str, size: int) -> Image.Image:
    """Write a text as a mask ("L"), `size` pixels an em; its baseline is `ASCENT` ems below the top."""
    mask = Image.new("L", (max(1, width(text, size)), round((ASCENT + DESCENT) * size)))
    draw = ImageDraw.Draw(mask)
    left, baseline = 0.0, ASCENT * size
    for font, part, direction in _runs(text, size):
        draw.text((left, baseline), part, 255, font, anchor="ls", direction=_for_raqm(direction))
        left += _length(font, part, direction)
    return mask


def _length(font: Font, part: str, direction: str) -> float:
    return font.getlength(part, direction=_for_raqm(direction))


def _for_raqm(direction: str) -> str | None:
    return direction if features.check("raqm") else None


def _runs(text: str, size: int) -> list[FontRun]:
    """Split a text into parts of one font and one direction, in the order in which they stand."""
    line = _line(text)
    base, directions = _directions(line)
    numbers: list[int] = []
    for letter in line:
        found = _font_of(letter)
        stays = found is None or letter.isspace() or bool(unicodedata.combining(letter))
        numbers.append(numbers[-1] if numbers and stays else found or 0)
    ordered = []
    for direction, run in groupby(zip(numbers, directions, line, strict=True), key=lambda found: found[1]):
        parts = [
            (_font(number, size), "".join(letter for _, _, letter in part), direction)
            for number, part in groupby(run, key=lambda found: found[0])
        ]
        ordered.append(parts[::-1] if direction == "rtl" else parts)
    return [part for parts in (ordered[::-1] if base == "rtl" else ordered) for part in parts]


def _directions(line: str) -> tuple[str, list[str]]:
    """Return the direction of a line, and that of each letter (Unicode annex 9, without embeddings).

    Spaces and signs have that of both neighbours, or else the line's.
    """
    strong = [_DIRECTIONS.get(unicodedata.bidirectional(letter), "") for letter in line]
    lettered = (way for way, letter in zip(strong, line, strict=True) if way and not letter.isdigit())
    base = next(lettered, "ltr")
    before = list(accumulate(strong, lambda last, way: way or last, initial=base))[1:]
    after = list(accumulate(reversed(strong), lambda last, way: way or last, initial=base))[:0:-1]
    return base, [one if one == other else base for one, other in zip(before, after, strict=True)]


@lru_cache(maxsize=4096)
def _font_of(letter: str) -> int | None:
    """Return the number of the first font that has a letter; None if no font has it."""
    for number in range(len(_loaders())):
        if letter.isspace() or _picture(number, letter) != _picture(number, _NOWHERE):
            return number
    return None


def _picture(number: int, letter: str) -> tuple[tuple[int, int], bytes]:
    mask = _font(number, _PROBE).getmask(letter)
    return mask.size, bytes(mask)


@lru_cache(maxsize=64)
def _font(number: int, size: int) -> Font:
    return _loaders()[number](size)


@lru_cache(maxsize=1)
def _loaders() -> tuple[Callable[[int], Font], ...]:
    """Find the fonts, those of `FAMILIES` first. Raises `FontpkgError` where one of them is missing."""
    paths = [str(fontpkg.path(family)) for family in FAMILIES]
    for name in FALLBACKS:
        with suppress(OSError):
            paths.append(str(ImageFont.truetype(name, _PROBE).path))
    return tuple(_loader(path) for path in paths)


def _loader(path: str) -> Callable[[int], Font]:
    return lambda size: ImageFont.truetype(path, size)


def _line(text: str) -> str:
    """Return a text as one line, with accents and letters put together."""
    return unicodedata.normalize("NFC", " ".join(text.split()))
