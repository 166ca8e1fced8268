"""Recognize names that mean something else in a mail, so that no style can have them.

A registry refuses such names, and the bot ignores such titles and other names.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from styles.language.lexicon import lexicon
from styles.language.tokens import key
from styles.language.word_rows import command

#: Kinds of phrases that a name must not consist of.
_KINDS = ("intents", "filler", "courtesy", "and", "or", "ask", "make", "keep", "color", "change", "percent")
#: Kinds of words for what a photo shows, and of words beside these: no other name of a style has only such.
_SHOWN, _BESIDE = ("caption", "photo", "being"), ("article", "own", "filler")
#: Names that phones and mail programs give to photos.
_GENERIC = re.compile(
    r"^(?:\d+ )?(?:photo|photos|foto|fotos|image|images|picture|pictures|pic|pics|bild|bilder|attachment|"
    r"attachments|untitled|no subject|test|mms|message)(?: \d+)?(?: (?:jpe?g|png|heic|gif|webp))?$"
    r"|^(?:img|dsc|dscf|dscn|pxl|mvimg|image|photo|screenshot|whatsapp image|fb img|p|imag|dcim|signal) ?"
    r"\d[\d \w]*$"
    r"|^[\d ]+$"
    r"|^.{1,100} (?:jpe?g|png|heic|heif|gif|webp|tiff?|dng)$"
)
#: Names that are allowed though they hold a greeting or a filler. A wave is "ola" in Spanish, as is "olá" in
#: Portuguese, and a picture is "tableau" in French.
_ALLOWED = re.compile(
    r"la ola(?: grande)?|(?:la )?gran h?ola|ola (?:grande|gigante)|tableau (?:(?:n|no|nr|numero) )?(?:2|deux)"
)
#: What mail programs write before a subject of an answer or a forwarded mail, besides "re" and "fwd". And the
#: answer to a proof that makes a version live.
_MARKS = frozenset("aw sv vs antw antwort res rif odp ynt wg tr rv vl enc live".split())  # noqa: SIM905
#: Letters and digits that look alike in a name, as they are written to compare names.
_ALIKE = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("i", "l"))
#: Hyphens of a name that are overlooked: not those between two numbers.
_HYPHENS = re.compile(r"(?<!\d)-+|-+(?!\d)")
#: Letters of the ending of a verb: "borrasca" is no "borrar".
_ENDING = 3
#: Lengths of the pieces into which letters without spaces are cut: "an-i-me" is no "anime".
_SHORTEST, _LONGEST = 3, 40


def looks_like(name: str) -> str:
    """Return a style's name without what a hasty reader overlooks: two names of one look are confused.

    A mail that asks for "greatwave" or "great-wave" gets the same.
    """
    name = _HYPHENS.sub("", name)
    for written, seen in _ALIKE:
        name = name.replace(written, seen)
    return name


def _is_alone(written: str) -> bool:
    """Tell whether a word means something else when it stands alone, such as "delete" and "löschen"."""
    verbs = command("deletion")["verb"]
    is_form = any(written.startswith(stem) and len(written) <= len(stem) + _ENDING for stem in verbs.stems)
    return is_form or written in _MARKS or written in verbs.words


@cache
def _taken() -> frozenset[str]:
    """Return the phrases of all languages without their spaces."""
    return frozenset(phrase.replace(" ", "") for phrase in lexicon().phrases(*_KINDS))


def is_reserved(phrase: str) -> bool:
    """Return whether words mean something else than a style, with spaces or without.

    "helpme" is reserved too, since the bot also reads "star ry night" as "starry night".
    """
    return is_reserved_key(key(phrase))


@lru_cache(maxsize=100_000)  # as below
def is_ordinary(phrase: str) -> bool:
    """Tell whether words only say what a photo shows: "the beach", "my dog".

    They may be a style's name or title, but no other name: each caption would ask for the style.
    """
    kinds = [lexicon().of(word) for word in key(phrase).split()]
    shown = [not each.isdisjoint(_SHOWN) for each in kinds]
    is_known = all(
        is_shown or not each.isdisjoint(_BESIDE) for each, is_shown in zip(kinds, shown, strict=True)
    )
    return is_known and any(shown) and not _ALLOWED.fullmatch(key(phrase))


@lru_cache(maxsize=100_000)  # the bot calls this for each name of each style
def is_reserved_key(written: str) -> bool:
    """Return the same for folded words with single spaces."""
    if _ALLOWED.fullmatch(written):
        return False
    if _is_alone(written):
        return True
    joined = "".join(written.split())
    spaced = re.sub(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])", " ", joined)  # "photo2" is "photo 2"
    return (
        any(_GENERIC.match(way) for way in (written, spaced))
        or all(word in _taken() or word.isdigit() for word in written.split())
        or _is_taken(joined)
    )


def _is_taken(joined: str) -> bool:
    """Return whether letters are a sequence of phrases."""
    ends = [0]
    for start in ends:  # grows while it is read
        for end in range(start + _SHORTEST, min(len(joined), start + _LONGEST) + 1):
            if joined[start:end] in _taken() and end not in ends:
                ends.append(end)
    return len(joined) in ends
