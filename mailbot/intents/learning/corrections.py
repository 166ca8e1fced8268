"""Find whether a mail brings the right picture for the one that is learnt: "Sorry, wrong photo"."""

from __future__ import annotations

from mailbot.intents.learning.learning_words import small, tokens
from styles.language.word_rows import command


def is_correction(text: str) -> bool:
    """Tell whether a text beside a picture says that it is the right one now, or nothing at all."""
    words, rows = tokens(text), command("teaching")
    said = " ".join(words)
    if says_mistaken(text):
        return True
    return small().issuperset(words) and not any(rows[row].is_in(said) for row in ("snapshots", "wondering"))


def says_mistaken(text: str) -> bool:
    """Tell whether a text says that the picture before was the wrong one."""
    return command("teaching")["mistaken"].is_in(" ".join(tokens(text)))
