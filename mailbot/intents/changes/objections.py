"""Recognize a reply that does not like the painting: "thanks, but that's not what I wanted"."""

from __future__ import annotations

from styles.language.tokens import words
from styles.language.word_rows import reply_row


def is_disliked(text: str) -> bool:
    """Tell whether a text says that a painting is not what its sender wanted."""
    return reply_row("disliked").is_in(" ".join(words(text)))
