"""Find whether a mail brings the right picture for the one that is learnt: "Sorry, wrong photo"."""

from __future__ import annotations

from mailbot.intents.learning.learning_words import has, small, tokens
from styles.language.word_rows import command


def is_correction(text: str) -> bool:
    """Tell whether a text beside a picture says that it is the right one now, or nothing at all."""
    words, rows = tokens(text), command("teaching")
    said = " ".join(words)
    if says_mistaken(text):
        return True
    if is_further(text):
        return False
    return small().issuperset(words) and not any(rows[row].is_in(said) for row in ("snapshots", "wondering"))


def is_further(text: str) -> bool:
    """Tell whether a text brings one more picture: “learn this one too”, unlike a better photo of it."""
    said = " ".join(tokens(text))
    return has("further", said) and not (has("retaken", said) or says_mistaken(text))


def says_mistaken(text: str) -> bool:
    """Tell whether a text says that the picture before was the wrong one."""
    return command("teaching")["mistaken"].is_in(" ".join(tokens(text)))
