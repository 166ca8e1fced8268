"""Recognize a reply that does not like the painting: "thanks, but that's not what I wanted"."""

from __future__ import annotations

from functools import cache

from styles.language.tokens import words
from styles.language.word_rows import WordRow, reply


def is_disliked(text: str) -> bool:
    """Tell whether a text says that a painting is not what its sender wanted."""
    return _row().is_in(" ".join(words(text)))


@cache
def _row() -> WordRow:
    return WordRow.of(" ".join(words(phrase)) for phrase in reply("disliked"))
