"""Split a reply about several pictures: "the first one bigger, the second one smaller".

    PictureReply  what is said of some of the pictures before
    by_picture    text -> the replies, in the order of the text

A clause speaks for the pictures that it numbers, and so do the clauses behind it. What stands before the
first number, or in a sentence of its own, is said of all: "both at 40, the second one bigger too", but not
where it is taken back: "both at 40, no, only the second".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from mailbot.intents.changes.heard_changes import means_all
from mailbot.intents.changes.picture_choices import narrows
from mailbot.intents.changes.relative_changes import MAX_TEXT
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.paintings.photo_numbers import REST, all_are_meant, in_reply, left_out, numbers_of
from mailbot.intents.sentence import Item, Sentence
from mailbot.intents.sentence_reader import SentenceReader
from styles.language.language_detection import detect
from styles.language.lexicon import Lexicon, relative
from styles.language.tokens import tokenize

#: Where a clause ends; "0,5" and "No. 2" hold no end.
_ENDS = re.compile(r"(?<=[;!?、。，；！？\n])|(?<=[.,])(?!\d)")
#: Words between two clauses at which a clause is cut, at most: for each one the whole clause is read.
_MOST_CUTS = 8
#: Marks at the end of a sentence.
_SENTENCE = (".", "!", "?", "。", "！", "？", "\n")
#: Kinds of words by which a clause says how a picture is to be painted, and of words beside a mere number.
_SAYING = ("again", "size", "strength", "percent", "pixel", "color", "edits")
_SMALL = ("article", "photo", "single", "and", "courtesy", "only")
#: Kinds of words by which a clause says how a picture turned out: "the second is fine".
_TELLING = ("praise", "delight", "copula", "statement", "fit")


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureReply:
    """Hold what is said of some pictures; none if there are none of these numbers."""

    pictures: tuple[int, ...]
    text: str


def by_picture(text: str, catalogue: Catalogue, count: int) -> list[PictureReply]:
    """Return what a reply says of each of `count` pictures; one reply or none if it speaks of all alike."""
    if count < 2:
        return []
    words = relative(detect(tokenize(text[:MAX_TEXT])))
    clauses = _Clauses(reader := SentenceReader(catalogue, words), words, count)
    if any(_is_of_others(one, count) for one in reader.sentences(text[:MAX_TEXT], "text")):
        return []
    said: list[tuple[tuple[int, ...], str]] = []
    of_all, is_new = "", True
    for part in clauses.of(text[:MAX_TEXT]):
        clause = part
        items = clauses.items(clause)
        numbers = tuple(dict.fromkeys(number for item in items for number in numbers_of(item)))
        is_joint = bool(said) and not is_new and _is_bare(clauses.items(said[-1][1]))
        if numbers and is_joint:  # "the first, the second: bigger"
            numbers, clause = (*said[-1][0], *numbers), f"{said.pop()[1]}{clause}"
        if numbers:
            said.append((numbers, clause))
        elif said and not is_new:
            said[-1] = (said[-1][0], f"{said[-1][1]}{clause}")
        else:
            of_all += clause
        is_new = clause.rstrip(" ").endswith(_SENTENCE)
    named = [{number % count for number in numbers if -count <= number < count} for numbers, _ in said]
    if sum(map(len, named)) > len(set[int]().union(*named)):
        return []  # "the first one bigger, and the first one only"
    others = tuple(sorted(set(range(count)).difference(*named)))
    replies = [
        PictureReply(pictures=others if REST in numbers else tuple(sorted(own)), text=f"{of_all} {clause}")
        for (numbers, clause), own in zip(said, named, strict=True)
    ]
    is_rest_meant = replies and others and not any(REST in numbers for numbers, _ in said)
    is_taken_back = any(narrows(clauses.items(one.text)) for one in replies)
    if is_rest_meant and not is_taken_back and clauses.ask_of_all(of_all):
        replies.append(PictureReply(pictures=others, text=of_all))
    return replies


class _Clauses:
    """Cut a text into clauses, and read them."""

    def __init__(self, reader: SentenceReader, words: Lexicon, count: int) -> None:
        self._reader, self._words, self._count = reader, words, count
        self._turns = _between(words.phrases("limit"))
        self._joins = _between(words.phrases("and"))

    def of(self, text: str) -> Iterator[str]:
        """Yield the clauses, which make up the text together."""
        for clause in _ENDS.split(text):
            for part in self._cut(clause, self._turns, self._numbers):
                yield from self._cut(part, self._joins, self._asks)

    def items(self, clause: str) -> list[Item]:
        """Return the items of a clause."""
        sentences = self._reader.sentences(clause, "text")
        return [item for one in sentences for item in in_reply(one, self._count).items]

    def ask_of_all(self, text: str) -> bool:
        """Tell whether clauses ask for a change of all pictures."""
        sentences = [one for one in self._reader.sentences(text, "text") if means_all(one, self._words)]
        return any(item.is_number or item.has(*_SAYING) for one in sentences for item in one.items)

    def _cut(self, clause: str, ends: re.Pattern[str], holds: Callable[[str], bool]) -> Iterator[str]:
        """Yield the parts of a clause; it is cut where both sides hold what is sought."""
        start = 0
        for match in islice(ends.finditer(clause), _MOST_CUTS):
            if holds(clause[start : match.start()]) and holds(clause[match.start() :]):
                yield clause[start : match.start()]
                start = match.start()
        yield clause[start:]

    def _numbers(self, clause: str) -> bool:
        return any(map(numbers_of, self.items(clause)))

    def _asks(self, clause: str) -> bool:
        said = any(item.has(*_SAYING) or item.mention or item.text == "%" for item in self.items(clause))
        return said and self._numbers(clause)


def _is_of_others(sentence: Sentence, count: int) -> bool:
    """Tell whether a sentence numbers only pictures that it leaves out, or does not mean alone."""
    numbers = {number % count for item in sentence.items for number in numbers_of(item)}
    return all_are_meant(sentence) or (bool(numbers) and numbers <= left_out(sentence, count))


def _is_bare(items: Sequence[Item]) -> bool:
    """Tell whether a clause holds nothing but a number: "the first", not "the second is fine"."""
    at = next((at for at, item in enumerate(items) if numbers_of(item)), len(items))
    before = (item.is_mark or (item.has("filler", *_SMALL) and not item.has("not")) for item in items[:at])
    return all(before) and all(
        item.is_mark or numbers_of(item) or (item.has(*_SMALL) and not item.has(*_TELLING))
        for item in items[at:]
    )


def _between(phrases: frozenset[str]) -> re.Pattern[str]:
    """Return the pattern of words between two clauses, with the space before them."""
    written = sorted(map(re.escape, phrases), key=len, reverse=True)
    return re.compile(rf"\s(?:{'|'.join(written)})(?=\s)", re.IGNORECASE)
