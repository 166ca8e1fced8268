"""Find whether a mail brings the right picture for the one that is learnt: "Sorry, wrong photo".

is_correction   the right picture, or one without a word
is_further      one more picture
further_name    one more painting, and its name
is_retaken      a better photo of the same painting
"""

from __future__ import annotations

import re

from mailbot.intents.learning.answers import longest_first, without
from mailbot.intents.learning.exact_wishes import is_given
from mailbot.intents.learning.learning_words import SENTENCE, has, small, tokens
from mailbot.intents.learning.painters.told_names import told_name
from mailbot.intents.learning.wishes import is_known
from mailbot.intents.learning.written_names import clean_name
from styles.language.word_rows import command

COLON = re.compile(r"\s*[:：]\s*")


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


def further_name(text: str) -> str | None:
    """Return the name of one more painting, "" without a name: “Here is another one: Barn”.

    None for a text that says more, such as “another photo of my dog”.
    """
    name = told_name(text.splitlines())
    for line in text.splitlines():
        head, *behind = COLON.split(line.replace(name, "") if name else line, maxsplit=1)
        said = " ".join(tokens(head))
        if has("further", said) and _is_bare(said):
            return name or clean_name("".join(behind))
    return None


def _is_bare(said: str) -> bool:
    """Tell whether folded words say no more than that one more painting comes."""
    if any(has(name, said) for name in ("in_style", "snapshots", "wondering")):
        return False
    left = without(f" {said} ", longest_first("further", "canvas", "as_painting")).split()
    return all(map(is_known, left))


def is_retaken(text: str) -> bool:
    """Tell whether a text brings a better photo of the same painting: “sharper, without the glare”."""
    return not is_further(text) and any(
        _is_sharper(said) and (has("same_painting", said) or is_given(said.split())) for said in _said(text)
    )


def may_be_retaken(text: str) -> bool:
    """Tell whether a text brings a better photo, of whatever it may be: “Here is a sharper one”."""
    return any(map(_is_sharper, _said(text)))


def _is_sharper(said: str) -> bool:
    return has("sharper", said) and not has("in_style", said)


def _said(text: str) -> list[str]:
    return [" ".join(tokens(sentence)) for sentence in SENTENCE.split(text)]


def says_mistaken(text: str) -> bool:
    """Tell whether a text says that the picture before was the wrong one."""
    return command("teaching")["mistaken"].is_in(" ".join(tokens(text)))
