"""Find words for the style that was learnt: “my style”, “the style you just learnt”."""

from __future__ import annotations

import re
from functools import cache

from mailbot.intents.learning.learning_words import written

#: Words within a phrase, where it has a `*`.
_SOME = r"\S.{0,40}?"


def names_own_style(text: str) -> bool:
    """Tell whether a text means the style that was learnt from its sender."""
    return _phrases().search(text) is not None


def with_style(text: str, style: str) -> str:
    """Return a text with a style's name in place of such words, or in a line of its own."""
    named, count = _phrases().subn(style, text)
    return named if count else f"{text}\n{style}".strip()


@cache
def _phrases() -> re.Pattern[str]:
    phrases = sorted(written("own_style"), key=len, reverse=True)
    return re.compile("|".join(map(_pattern, phrases)), re.IGNORECASE)


def _pattern(phrase: str) -> str:
    words = r"[\s,-]+".join(_SOME if word == "*" else re.escape(word) for word in phrase.split())
    return rf"\b{words}\b" if phrase.isascii() else words
