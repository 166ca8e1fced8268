"""Find the words of a sentence that say a share of a blend: "70%", "three fifths", "a pinch of", "seven".

SaidShare    a share that is said, and how exactly
said_shares  those of a sentence, in their order
number       the value of a number in digits or in words
vague        the share of "mostly" and of "a pinch of"
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mailbot.intents.sentence import Item
from mailbot.intents.strengths import percent_at
from styles.language.lexicon import Lexicon
from styles.language.written_numbers import digit

#: Per cents of a half, and of a third without a number before it: "the other third".
_HALF, _THIRD = 50, 33
#: Share of "mostly", and of "a pinch of": people mean anything from three quarters to four fifths by it.
MOST, PINCH = 0.78, 0.22
#: Kinds of words behind a number that is no share.
_UNITS = ("pixel", "cm", "inch", "metre", "photo", "caption", "versions", "letter")
#: Words before a number that belongs to something else, and items in which they are looked for.
_LED_BY, _NEAR = ("strength_word",), 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidShare:
    """Hold one share that is said."""

    at: int  #: index of its item
    value: float  #: per cents, or the number of a ratio
    is_vague: bool = False  #: "mostly", "a pinch of"
    is_number: bool = False  #: a number without a sign


def said_shares(items: Sequence[Item], words: Lexicon) -> Iterator[SaidShare]:
    """Yield the shares that are said, without numbers of strengths, sizes and photos."""
    for at, item in enumerate(items):
        near = [*items[max(0, at - _NEAR) : at], *items[at + 1 : at + 2]]
        behind = items[at + 1] if at + 1 < len(items) else item
        is_article = item.has("article", "single") and behind.is_number  # "un 80 de …"
        if item.mention or is_article or any(one.has(*_LED_BY) for one in near):
            continue
        amount = words.amounts.get(item.text)
        if (percent := percent_at(items, at, words)) is not None:
            yield SaidShare(at=at, value=100 * percent)
        elif amount is not None and (item.text in words.fractions or amount in (_HALF, _THIRD)):
            yield SaidShare(at=at, value=amount)
        elif amount is not None:
            yield SaidShare(at=at, value=100 * vague(amount), is_vague=True)
        elif (value := number(item, words)) is not None and not behind.has(*_UNITS):
            yield SaidShare(at=at, value=value, is_number=True)


def vague(amount: int) -> float:
    """Return the share that a vague amount means, in which the more and the less of two styles meet."""
    return {75: MOST, 25: PINCH}.get(amount, amount / 100)


def number(item: Item, words: Lexicon) -> float | None:
    """Return the value of a number in digits or in words, None for other items."""
    if item.is_number:
        return float(item.text.replace(",", "."))
    tables = (words.numbers, words.parts, words.counts)
    found = next((table[item.text] for table in tables if item.text in table and not item.mention), None)
    return digit(item.text, words.languages) if found is None and not item.mention else found
