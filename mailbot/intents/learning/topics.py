"""Tell whether a mail is about learning at all: also one that refuses it, or asks how it is done."""

from __future__ import annotations

from mailbot.intents.learning.learning_words import folded, has
from mailbot.intents.learning.painters import near_wishes
from mailbot.parsing.mail_parser import StyleRequest
from styles.language.word_rows import command

#: Rows with a word that only a mail about learning has.
_ROWS = ("learn_verb", "exactly", "a_style", "new_style")
#: Those with a verb that can only mean to learn, unlike “could you make a style list for me?”.
_VERBS = ("learn_verb", "imitate_verb")


def is_about_learning(request: StyleRequest) -> bool:
    """Tell whether the subject or the first lines of a text speak of learning from a painting."""
    said = folded(f"{request.subject}\n{request.text}")
    rows = command("teaching")
    return near_wishes.is_near(request) or any(rows[name].is_in(said) for name in _ROWS)


def has_learning_verb(request: StyleRequest) -> bool:
    """Tell whether the subject or the first lines of a text have a verb of learning or copying."""
    said = folded(f"{request.subject}\n{request.text}")
    return any(has(name, said) for name in _VERBS)
