"""Find the wish to have a style deleted in ordinary sentences: "Please take my garden down".

They count only in an answer about a painting that was learnt. A sentence is such a wish if no word of it is
left but the verb, the style and small words. Up to three words that are left may be the style's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from mailbot.intents.learning.answers import is_idle, longest_first
from mailbot.intents.learning.learning_words import (
    CONJOINED,
    folded,
    has,
    is_refused,
    row,
    says,
    small,
    tokens,
    without,
)
from mailbot.intents.learning.orders.plain_orders import is_aside, is_plain
from styles.language.word_rows import WordRow, command

#: Words that are left of a sentence, and may be a name; more of them are about something else.
MOST_LEFT = 3


def left_of_deletion(sentence: str) -> str | None:
    """Return which words are left of a sentence that wants a style deleted, None for any other sentence."""
    found = [left for clause in CONJOINED.split(sentence) if (left := _left(clause)) is not None]
    return min(found, key=len, default=None)


def deletes_plainly(sentences: Sequence[str]) -> bool:
    """Tell whether sentences order to delete a style, and tell no more: “you can, I have saved it” does."""
    return is_plain(sentences, _is_order) and not _only_permit(sentences)


def _is_order(clause: str) -> bool:
    """Tell whether a clause orders it, and what is joined to that tells no more: “delete it and I'll cry”."""
    pieces = [piece for piece in CONJOINED.split(clause) if tokens(piece)]
    orders = [_left(piece) is not None for piece in pieces]
    return any(orders) and all(order or is_aside(piece) for order, piece in zip(orders, pieces, strict=True))


def deletes_all(clause: str) -> bool:
    """Tell whether a clause wants all styles of its author deleted."""
    return says(clause, "retire_all") and not is_refused(folded(clause))


def _only_permit(sentences: Sequence[str]) -> bool:
    clauses = [clause for sentence in sentences for clause in CONJOINED.split(sentence)]
    others = [clause for clause in clauses if _left(clause) is None and not is_idle(folded(clause))]
    allows = any(has("permitted", folded(clause)) for clause in clauses if clause not in others)
    return allows and bool(others)


def withholds(sentences: Sequence[str]) -> bool:
    """Tell whether a sentence wants a style kept from others: “I'd rather not share it yet”."""
    return any(_withholds(sentence) for sentence in sentences)


def _withholds(sentence: str) -> bool:
    said = folded(sentence)
    is_asked = command("teaching")["wondering"].is_in(said)
    return not is_asked and (has("kept_private", said) or (has("shared", said) and is_refused(said)))


def means(left: str, *names: str) -> bool:
    """Tell whether the words that are left of a sentence are one of a style's names, but for small ones."""
    return bool(left) and any(_without_small(left) == _without_small(name) for name in names)


def _without_small(name: str) -> str:
    words, rows = tokens(name.replace("-", " ")), command("teaching")
    bare = [word for word in _bare(words, "", rows["styles"]) if word]
    return " ".join(bare) or " ".join(words)


def _left(clause: str) -> str | None:
    words, rows = tokens(clause), command("teaching")
    said = without(f" {' '.join(words)} ", _at_once()).strip()
    verb = next((verb for verb in _verbs() if _is_said(verb, words, said)), None)
    if verb is None or is_refused(said) or rows["unmeant"].is_in(said) or rows["photos"].is_in(said):
        return None
    others = without(f" {said} ", longest_first("after_all")).split()
    left = [word for word in _bare(others, verb, rows["styles"]) if word]
    return " ".join(left) if len(left) <= MOST_LEFT else None


@cache
def _at_once() -> Sequence[str]:
    """Return phrases that go along with an order: “tout de suite”. “Tout” alone is what is to be deleted."""
    return [phrase for phrase in longest_first("after_all") if " " in phrase]


def _verbs() -> list[str]:
    """Return the verbs, those of several words first: "throw away" may have words between."""
    verbs = command("teaching")["retire_verb"]
    return sorted((*verbs.words, *(f"{stem}*" for stem in verbs.stems)), key=len, reverse=True)


def _is_said(verb: str, words: list[str], said: str) -> bool:
    if not verb.isascii():
        return verb.rstrip("*") in said
    return all(any(_is_form(word, part) for word in words) for part in verb.split())


def _is_form(word: str, part: str) -> bool:
    return word.startswith(part[:-1]) if part.endswith("*") else word == part


def _bare(words: list[str], verb: str, styles: WordRow) -> Iterator[str]:
    """Yield the words that are neither the verb nor the style nor small; of Chinese ones, what is left."""
    known = sorted((*row("styles"), *row("please"), *row("retire_verb")), key=len, reverse=True)
    parts = re.compile("|".join(re.escape(phrase) for phrase in known if not phrase.isascii()))
    for word in words:
        if word in small() or word in styles or any(_is_form(word, part) for part in verb.split()):
            continue
        yield parts.sub("", word)
