"""Recognize a reply that only ends the talk or reports: "that will do", "passt schon, hängt jetzt im Flur".

    closes        the text of a reply -> whether it ends the talk or reports, and asks for nothing
    hides_a_wish  a text with thanks or praise -> whether a clause without them can be a wish

The words are the rows `closing`, `rating`, `report` and `unreported` of the table `reply` of the words files.
A clause beside them is small, or tells something: "tant pis, je le découperai". "That will do, but without
the man" is a wish.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from mailbot.intents.changes.change_amounts import with_amounts
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.sentence import FIRST_CJK, NUMBERED, Item
from mailbot.intents.sentence_reader import SentenceReader
from styles.language.lexicon import Lexicon
from styles.language.tokens import fold
from styles.language.word_rows import reply

#: Kinds of words by which a clause can ask for something.
_ASKING = frozenset(
    (
        *("ask", "want", "make", "paint", "again", "size", "strength", "percent", "color", "hue", "edits"),
        *("not", "not_after", "skip", "only", "excess", "too", "another", "mix", "keep", "prefer", "limit"),
        *("painted_colors", "true_colors", "amounts", "correction", "intents", "change", *NUMBERED),
        *("described", "choose", "left"),
    )
)
#: Those that also stand in a report: "I'll cut the frame off myself, no worries".
_REPORTED = frozenset(("edits", "hue", "not", "not_after", "too", "amounts"))
#: Those that `thanks.py` weighs by the words around them.
_WEIGHED = frozenset(("again", "size", "limit", "intents"))
#: Those with which a wish begins: "without the lamp", "más azul".
_LEADING = ("not", "not_after", "amounts", "hue", "limit")
#: Kinds of words by which a clause tells something, of those that only seem to, and of idle ones.
_TELLING = ("statement", "copula", "letter", "name_of")
_NO_VERB = ("article", "these", "thus", "further")
_SMALL = ("filler", "courtesy", "polite", "thanks", "praise", "delight", "exclaim", "article", "no", "and")
#: Kinds of words of a wish in a clause without a verb: "the roses like that too", "Danke! Heller."
_MORE = ("further", "alike", "thus", "edits", "hue")
#: Those of somebody who is glad.
_GLAD = ("thanks", "praise", "delight", "polite", "fit")
#: Marks between clauses.
_MARKS = re.compile(r"[.!,;:()\n…。,！；：~〜—\u2600-\u27bf\U0001f300-\U0001faff]+|\s[-–]\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class _ReplyClause:
    """Hold one clause of a reply, without the phrases that end a talk or report."""

    items: tuple[Item, ...]
    ends: bool
    reports: bool

    @classmethod
    def of(cls, text: str, reader: SentenceReader) -> _ReplyClause:
        """Read a clause as it is written, folded."""
        rest, ends = _phrases("closing").subn(" , ", text)
        rest, rates = _phrases("rating").subn(" , ", rest)
        is_wish = _phrases("unreported").search(rest)  # "my profile picture needs a square"
        rest, reports = (rest, 0) if is_wish else _phrases("report").subn(" , ", rest)
        sentences = reader.sentences(rest, "text")
        items = tuple(item for one in sentences for item in with_amounts(one.items) if not item.is_mark)
        is_praise = rates and not any(item.has("ask", "strength_word") for item in items)  # "strength 8/10"
        return cls(items=items, ends=bool(ends or is_praise), reports=bool(reports))

    @property
    def can_be_more(self) -> bool:
        """Whether the clause, beside thanks, can be a wish: it asks, or is for one more: "the roses too"."""
        if self.is_idle or any(item.has(*_GLAD) for item in self.items):
            return False
        asking = _ASKING - _REPORTED - _WEIGHED
        asking = asking if _tells(self.items) else asking.union(_MORE)
        if self.reports or any(item.has("likes") for item in self.items):  # "j'adore la première"
            asking = asking.difference(NUMBERED)
        is_asking = any(item.mention or item.is_number or item.has(*asking) for item in self.items)
        return is_asking or _leads(self.items)

    @property
    def praises_one(self) -> bool:
        """Whether the clause praises or reports on a numbered picture: "the first is lovely"."""
        is_glad = self.reports or any(item.has(*_GLAD) for item in self.items)
        return is_glad and any(item.has(*NUMBERED) for item in self.items)

    @property
    def only_counts(self) -> bool:
        """Whether the clause, behind such a one, praises another picture: "and the second too"."""
        return all(item.has(*NUMBERED, *_MORE, *_SMALL) for item in self.items)

    @property
    def is_idle(self) -> bool:
        """Whether the clause asks for nothing: it reports, is small, or tells something."""
        if all(item.has("no", "courtesy") for item in self.items):
            return True
        asking = _ASKING - _REPORTED if self.reports else _ASKING
        if any(item.mention or item.is_number or item.has(*asking) for item in self.items):
            return False
        return self.reports or _is_small(self.items) or _is_greeting(self.items) or _tells(self.items)


def closes(text: str, catalogue: Catalogue, known: Lexicon) -> bool:
    """Tell whether a reply ends the talk or reports, and nothing else in it can be a wish."""
    if "?" in text or "？" in text:
        return False
    clauses = _clauses(text, catalogue, known)
    return any(one.ends or one.reports for one in clauses) and all(one.is_idle for one in clauses)


def hides_a_wish(text: str, catalogue: Catalogue, known: Lexicon) -> bool:
    """Tell whether a clause of a text that holds no thanks and no praise can be a wish."""
    clauses = _clauses(text, catalogue, known)
    praised = [False, *(one.praises_one for one in clauses)]
    return any(
        one.can_be_more and not (is_praised and one.only_counts)
        for is_praised, one in zip(praised, clauses, strict=False)
    )


def _clauses(text: str, catalogue: Catalogue, known: Lexicon) -> list[_ReplyClause]:
    reader = SentenceReader(catalogue, known)
    written = _MARKS.split(fold(text.replace("’", "'")))
    return [_ReplyClause.of(each, reader) for each in written if each.strip()]


def _is_small(items: Sequence[Item]) -> bool:
    return all(item.has(*_SMALL) for item in items)


def _leads(items: Sequence[Item]) -> bool:
    """Tell whether a clause begins as a wish does: "and crop it a little", not "the frame is ours"."""
    said = items[1:] if items and items[0].has("and") else items
    is_order = len(said) > 1 and said[0].has("edits") and said[1].has("article", "photo")
    return is_order or any(item.has(*_LEADING) for item in said[:1] if not _tells(items))


def _is_greeting(items: Sequence[Item]) -> bool:
    """Tell whether a clause begins with thanks, or greets from somewhere: "saludos desde Mendoza"."""
    first = items[0] if items else None
    is_regard = first is not None and first.has("venue") and " " in first.text
    return first is not None and (is_regard or first.has("courtesy", "thanks", "praise"))


def _tells(items: Sequence[Item]) -> bool:
    """Tell whether a clause has a verb or a subject of a statement: "my dad is in tears"."""
    return any(item.has(*_TELLING) and not item.has(*_NO_VERB) for item in items)


@cache
def _phrases(row: str) -> re.Pattern[str]:
    """Return the pattern of the phrases of a row of the table `reply`."""
    phrases = sorted({" ".join(fold(phrase).split()) for phrase in reply(row)}, key=len, reverse=True)
    return re.compile("|".join(map(_spelt, phrases)))


def _spelt(phrase: str) -> str:
    """Return the pattern of a phrase; "haha*" is a word that begins so."""
    written = re.escape(phrase).replace(r"\ ", r"\s+").replace(r"\*", r"\w*")
    return written if phrase[0] >= FIRST_CJK else rf"(?<!\w){written}(?!\w)"
