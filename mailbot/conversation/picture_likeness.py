"""Read a reply that wants a photo painted like another one: "Nico the same as Teo", "弟のも兄と同じ絵で".

without_model  a reply with numbers for its photos -> the photo, the one it is to be like, the text without it
"""

from __future__ import annotations

import re
from functools import cache

from styles.language.lexicon import lexicon
from styles.language.tokens import fold
from styles.language.word_rows import reply

#: A photo's number, as `photo_calls.call` writes it.
_PHOTO = r"photo (\d+)"


def without_model(text: str) -> tuple[int, int, str] | None:
    """Return the numbers of two photos from 0, where the first one is to be as the second; else None."""
    match = _pattern().search(text)
    if match is None:
        return None
    model = int(match["model"] or match["model_first"]) - 1
    rest = f"{text[: match.start()]} {text[match.end() :]}"
    named = dict.fromkeys(int(number) - 1 for number in re.findall(_PHOTO, rest))
    others = [number for number in named if number != model]
    return (others[0], model, rest) if len(others) == 1 else None


@cache
def _pattern() -> re.Pattern[str]:
    """Return the pattern of a photo with the words for likeness before it, or behind it."""
    before, behind, articles = (
        "|".join(sorted((re.escape(fold(phrase)) for phrase in phrases), key=len, reverse=True))
        for phrases in (
            [phrase for phrase in reply("like_of") if phrase.isascii() or phrase[0] < "⺀"],
            reply("like_of_behind"),
            lexicon().phrases("article"),
        )
    )
    first = rf"(?<!\w)(?:{before})\s+(?:(?:{articles})\s+)?photo (?P<model>\d+)"
    return re.compile(rf"{first}|photo (?P<model_first>\d+)\s*(?:の)?\s*(?:{behind})", re.IGNORECASE)
