"""Find whether a mail brings the right picture for the one that is learnt: "Sorry, wrong photo".

is_correction   the right picture, or one without a word
is_further      one more picture
further_name    one more painting, and its name
is_painting     a picture that is called a painting
is_retaken      a better photo of the same painting
"""

from __future__ import annotations

from functools import cache

from mailbot.intents.learning.answers import longest_first
from mailbot.intents.learning.exact_wishes import is_given
from mailbot.intents.learning.learning_words import (
    CLAUSE,
    COLON,
    SENTENCE,
    folded,
    has,
    row,
    small,
    tokens,
    without,
)
from mailbot.intents.learning.painters.told_names import told_name
from mailbot.intents.learning.wishes import is_known
from mailbot.intents.learning.written_names import clean_name, quoted_names
from styles.language.lexicon import LANGUAGES, lexicon
from styles.language.tokens import words
from styles.language.word_rows import command

#: Rows of what may be said of a better photo of a painting.
_OF_PHOTO = (
    *("sharper", "same_painting", "retaken", "retaking", "mistaken", "further", "rather"),
    *("canvas", "as_painting", "given", "mine", "pictures", "photos", "as_photo", "please"),
)


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
    said = folded(text)
    return has("further", said) and not (has("retaken", said) or says_mistaken(text))


def further_name(text: str) -> str | None:
    """Return the name of one more painting, "" without a name: “Here is another one: Barn”.

    None for a text that says more, such as “another photo of my dog”.
    """
    name = told_name(text.splitlines())
    for line in text.splitlines():
        head, *behind = COLON.split(line.replace(name, "") if name else line, maxsplit=1)
        said = folded(head)
        if has("further", said) and _is_bare(said):
            called = name or clean_name("".join(behind))
            return called if called in quoted_names(line) or _may_be_name(called) else None
    return None


def is_painting(text: str) -> bool:
    """Tell whether a text calls its picture a painting: “another painting of mine”."""
    said = folded(text)
    return has("canvas", said) or has("as_painting", said)


def _may_be_name(called: str) -> bool:
    """Tell whether words may be a painting's name, unlike “my dog”, “in mosaic” and “from our holiday”."""
    said = words(called)
    if called[:1].islower() and said[0] in (_phrases("cue") - _phrases("article")) | row("from"):
        return False
    run = "".join(said)
    is_styled = run.endswith(_runs("in_style")) or not _phrases("in_style").isdisjoint(said)
    is_being = any(each in run for each in _runs("being")) or not _phrases("being").isdisjoint(said)
    return not (is_styled or is_being)


@cache
def _phrases(kind: str) -> frozenset[str]:
    """Return the phrases of a kind, also those that mean something else in English: “em”, “cane”."""
    return lexicon().phrases(kind) | lexicon(LANGUAGES[::-1]).phrases(kind)


@cache
def _runs(kind: str) -> tuple[str, ...]:
    """Return the Chinese and Japanese words of a kind."""
    return tuple(each for each in _phrases(kind) if not each.isascii())


def _is_bare(said: str) -> bool:
    """Tell whether folded words say no more than that one more painting comes."""
    if any(has(name, said) for name in ("in_style", "snapshots", "wondering")):
        return False
    left = without(f" {said} ", longest_first("further", "canvas", "as_painting")).split()
    return all(map(is_known, left))


def is_retaken(text: str) -> bool:
    """Tell whether a text brings a better photo of the same painting: “sharper, without the glare”.

    It becomes a new version of a style that everybody paints with. So the sentence may say nothing else, such
    as “of my dog in front of the painting”, and no other one may want a photo painted.
    """
    clauses = (folded(each) for said in SENTENCE.split(text) for each in CLAUSE.split(said))
    if is_further(text) or any(has("in_style", clause) for clause in clauses):
        return False
    return any(has("sharper", each) and _is_of_painting(each) for each in _said(text))


def may_be_retaken(text: str) -> bool:
    """Tell whether a text brings a better photo, of whatever it may be: “Here is a sharper one”."""
    return any(map(_is_sharper, _said(text)))


def _is_sharper(said: str) -> bool:
    return has("sharper", said) and not has("in_style", said)


def _is_of_painting(said: str) -> bool:
    """Tell whether folded words are about a photo of the painting before, and show nothing beside it."""
    if has("more_shown", said) or not (has("same_painting", said) or is_given(said.split())):
        return False
    words = said if said.isascii() else said.replace(" ", "")
    return all(map(is_known, without(f" {words} ", longest_first(*_OF_PHOTO)).split()))


def _said(text: str) -> list[str]:
    return [folded(sentence) for sentence in SENTENCE.split(text)]


def says_mistaken(text: str) -> bool:
    """Tell whether a text says that the picture before was the wrong one."""
    return command("teaching")["mistaken"].is_in(folded(text))
