"""Recognize a reply that only ends the talk: "that will do", "leave it like that", "passt schon".

closes  the text of a reply -> whether it ends the talk, and nothing else in it can be a wish

The words are the row `closing` of the table `reply` of the words files. A clause beside them is small, or
tells something: "tant pis, je le découperai". "That will do, but without the man" is a wish.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.sentence import FIRST_CJK, NUMBERED, Item
from mailbot.intents.sentence_reader import SentenceReader
from styles.language.lexicon import Lexicon
from styles.language.word_rows import reply

#: Kinds of words by which a clause can ask for something.
_ASKING = (
    *("ask", "want", "make", "paint", "again", "size", "strength", "percent", "color", "hue", "edits"),
    *("not", "not_after", "skip", "only", "excess", "too", "another", "mix", "keep", "prefer", "limit"),
    *("painted_colors", "true_colors", "amounts", "correction", "intents", "change", *NUMBERED),
)
#: Kinds of words by which a clause tells something, and of those that say nothing.
_TELLING = ("statement", "copula", "letter", "being", "venue")
_SMALL = ("filler", "courtesy", "polite", "thanks", "praise", "delight", "exclaim", "article", "no", "and")


def closes(text: str, catalogue: Catalogue, known: Lexicon) -> bool:
    """Tell whether a reply ends the talk, and nothing else in it can be a wish."""
    written = text.replace("’", "'")
    rest, count = _closing().subn(" , ", written)
    if not count or "?" in rest or "？" in rest:
        return False
    clauses = [
        clause
        for one in SentenceReader(catalogue, known).sentences(rest, "text")
        for clause in _clauses(one.items)
    ]
    return all(map(_is_idle, clauses))


def _clauses(items: Sequence[Item]) -> list[list[Item]]:
    """Return the items between the marks."""
    found: list[list[Item]] = [[]]
    for item in items:
        if item.is_mark:
            found.append([])
        else:
            found[-1].append(item)
    return found


def _is_idle(clause: Sequence[Item]) -> bool:
    """Tell whether a clause asks for nothing: it is small, or tells something."""
    if any(item.mention or item.is_number or item.has(*_ASKING) for item in clause):
        return False
    is_greeting = bool(clause) and clause[0].has("courtesy", "thanks", "praise")
    return is_greeting or all(i.has(*_SMALL) for i in clause) or any(i.has(*_TELLING) for i in clause)


@cache
def _closing() -> re.Pattern[str]:
    """Return the pattern of the phrases that end a talk."""
    phrases = sorted({" ".join(phrase.split()) for phrase in reply("closing")}, key=len, reverse=True)
    return re.compile("|".join(map(_spelt, phrases)), re.IGNORECASE)


def _spelt(phrase: str) -> str:
    if phrase[0] >= FIRST_CJK:
        return re.escape(phrase)
    return rf"(?<!\w){re.escape(phrase)}(?!\w)".replace(r"\ ", r"\s+")
