"""Write text on pictures in the font of Pillow, so that no font has to be installed.

That font (a part of Aileron) has ASCII and some punctuation, but no letter with an accent: "Café" would end
in a crossed box. Here the plain letter is written, and the accent is drawn above it. Letters of other scripts
stay boxes, which `legible` detects.
"""

from __future__ import annotations

import math
import unicodedata
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

Stroke = tuple[tuple[float, float], ...]

#: All is drawn larger by this factor and then reduced, so that lines are as smooth as the letters.
SCALE = 4
#: Space above and below the baseline, in ems: a capital has 0.72, an accent on it 0.2 more.
ASCENT, DESCENT = 1.0, 0.3
#: Thickness of an accent, in ems: a little less than the letters' stems.
THICKNESS = 0.07
#: Height above the stem of i and j, in ems, from which their dot is erased for an accent.
CLEAR = 0.03

_ACUTE, _GRAVE = ((0.10, 0.21), (-0.02, 0.09)), ((-0.10, 0.21), (0.02, 0.09))
_ACUTES = tuple(tuple((x + shift, y) for x, y in _ACUTE) for shift in (-0.08, 0.08))
_RING = tuple(
    (0.085 * math.sin(a * math.pi / 8), 0.16 + 0.085 * math.cos(a * math.pi / 8)) for a in range(17)
)
#: Accents above a letter by their combining character: (right of the letter's middle, above its top), in ems.
ABOVE: dict[str, tuple[Stroke, ...]] = {
    "\N{COMBINING GRAVE ACCENT}": (_GRAVE,),
    "\N{COMBINING ACUTE ACCENT}": (_ACUTE,),
    "\N{COMBINING CIRCUMFLEX ACCENT}": (((-0.12, 0.09), (0, 0.20), (0.12, 0.09)),),
    "\N{COMBINING CARON}": (((-0.12, 0.20), (0, 0.09), (0.12, 0.20)),),
    "\N{COMBINING TILDE}": (((-0.14, 0.11), (-0.06, 0.17), (0.06, 0.12), (0.14, 0.18)),),
    "\N{COMBINING DIAERESIS}": (((-0.10, 0.14),), ((0.10, 0.14),)),
    "\N{COMBINING MACRON}": (((-0.13, 0.14), (0.13, 0.14)),),
    "\N{COMBINING BREVE}": (((-0.12, 0.20), (-0.06, 0.11), (0.06, 0.11), (0.12, 0.20)),),
    "\N{COMBINING DOT ABOVE}": (((0, 0.14),),),
    "\N{COMBINING RING ABOVE}": (_RING,),
    "\N{COMBINING DOUBLE ACUTE ACCENT}": _ACUTES,
}
#: Accents below a letter: (right of the letter's middle, above the baseline), in ems.
BELOW: dict[str, tuple[Stroke, ...]] = {
    "\N{COMBINING CEDILLA}": (((0, -0.02), (0, -0.08), (0.07, -0.13), (0.04, -0.20), (-0.06, -0.20)),),
    "\N{COMBINING OGONEK}": (((0.10, -0.02), (0.05, -0.10), (0.07, -0.18), (0.14, -0.19)),),
}
#: Replacements for letters that are no plain one with an accent, and for dashes.
PLAIN = str.maketrans(
    {"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ß": "ss", "ł": "l", "Ł": "L", "đ": "d",
     "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "–": "-", "—": "-"}
)  # fmt: skip

#: Characters of the font beside ASCII.
PUNCTUATION = frozenset("©«°±´·»‘’“”…‹›™")


def legible(text: str) -> bool:
    """Return whether the font has every letter of a text, accents aside."""
    plain, _ = _split(text)
    return plain.isprintable() and all(letter.isascii() or letter in PUNCTUATION for letter in plain)


def width(text: str, size: int) -> int:
    """Return the width at which `write` writes a text, pixels."""
    return math.ceil(_font(size).getlength(_split(text)[0]) / SCALE)


def shorten(text: str, size: int, most: int) -> str:
    """Cut a text, with an ellipsis, to at most `most` pixels of width."""
    if width(text, size) <= most:
        return text
    longest = min(len(text), most)  # no letter is narrower than a pixel
    end = next((n for n in range(longest, 0, -1) if width(text[:n] + "…", size) <= most), 0)
    return text[:end].rstrip() + "…"


def write(text: str, size: int) -> Image.Image:
    """Write a text as a mask ("L"), `size` pixels an em; its baseline is `ASCENT` ems below the top."""
    font, (plain, accents) = _font(size), _split(text)
    em = size * SCALE
    box = (max(1, width(text, size)) * SCALE, round((ASCENT + DESCENT) * size) * SCALE)
    mask = Image.new("L", box)
    draw = ImageDraw.Draw(mask)
    baseline = ASCENT * em
    draw.text((0, baseline), plain, fill=255, font=font, anchor="ls")
    for index, accent in accents:
        letter = plain[index]
        left, right = font.getlength(plain[:index]), font.getlength(plain[: index + 1])
        top = baseline + font.getbbox("x" if letter in "ij" else letter, anchor="ls")[1]
        if letter in "ij" and accent in ABOVE:
            draw.rectangle((left, 0, right, top - CLEAR * em), fill=0)
        origin = ((left + right) / 2, top if accent in ABOVE else baseline)
        for stroke in ABOVE.get(accent) or BELOW[accent]:
            points = [(origin[0] + x * em, origin[1] - y * em) for x, y in stroke]
            draw.line(points, fill=255, width=round(THICKNESS * em))
            for point in points:  # round ends; one point makes a dot
                draw.circle(point, THICKNESS * em / 2, fill=255)
    return mask.reduce(SCALE)


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size * SCALE)


def _split(text: str) -> tuple[str, list[tuple[int, str]]]:
    """Split a text into plain letters in one line and accents, each with the index of its letter."""
    plain, accents = "", []
    for character in unicodedata.normalize("NFD", " ".join(text.translate(PLAIN).split())):
        if not unicodedata.combining(character):
            plain += character
        elif plain and (character in ABOVE or character in BELOW):
            accents.append((len(plain) - 1, character))
    return plain, accents
