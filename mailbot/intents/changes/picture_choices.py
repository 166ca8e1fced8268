"""Tell which sentences of a reply only choose pictures by their numbers.

is_only       whether a sentence does: "only the second", "the first one too"
chooses_more  whether a clause wants another picture as the last one: "gorgeous! And the other two as well"
narrows       whether a wish for all is taken back for some: "both bigger, no, only the second"
wants_alike   whether a clause with a picture wants it like another one: "Teo has to be the same, or he sulks"
is_alike      whether a word does: "the same"
says_where    whether thanks only say where pictures will be: "thank you, both will hang side by side"
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import takewhile

from mailbot.intents.paintings.photo_numbers import numbers_of
from mailbot.intents.sentence import Item, Sentence
from styles.language.tokens import key
from styles.language.word_rows import reply

#: Kinds of words beside the number of a picture that is chosen.
_BARE = (
    *("only", "article", "photo", "filler", "courtesy", "ask", "want", "make", "further", "and"),
    *("one_each", "thus", "alike", "separate", "correction", "reason", "no", "limit", "now", "with"),
)
#: Kinds of words by which a change is asked for.
_ASKED = ("again", "size", "strength", "percent")
#: Kinds of words that say how a picture is to be, also where they say nothing elsewhere.
_OPTIONS = ("size_word", "color", "strength_word")
#: Kinds of words by which a clause wants another picture as well.
_MORE = ("further", "thus", "alike", "separate")
#: Kinds of words by which a clause praises a picture, or leaves it as it is.
_OTHERWISE = ("not", "praise", "delight", "copula", "fit", "closing")


def is_only(sentence: Sentence) -> bool:
    """Tell whether a sentence only chooses pictures by numbers: "only the second", "the first one too"."""
    return _is_bare(sentence.items) and any(item.has("only", "further") for item in sentence.items)


def chooses_more(sentence: Sentence) -> bool:
    """Tell whether a clause wants another picture to be as the last one: "and the first one too".

    "The first is lovely, and the second too" is praise, and "thanks from the dog too" names a sender.
    """
    clauses = (sentence.clause(at) for at, item in enumerate(sentence.items) if numbers_of(item))
    return sentence.kinds.isdisjoint(("only", "praise", "delight")) and any(
        _is_bare(clause)
        and not _is_sender(clause)
        and (clause[0].has("and") or any(item.has(*_MORE) for item in clause))
        for clause in clauses
    )


def wants_alike(sentence: Sentence) -> bool:
    """Tell whether a clause wants a picture to be like another one, and nothing else of it but a reason."""
    clauses = (
        [*takewhile(lambda item: not item.has("reason"), sentence.clause(at))]
        for at, item in enumerate(sentence.items)
        if numbers_of(item)
    )
    return any(
        any(map(is_alike, clause)) and not any(item.has("size", "strength", *_OTHERWISE) for item in clause)
        for clause in clauses
    )


def is_alike(item: Item) -> bool:
    """Tell whether a word wants a picture to be like another one."""
    return item.has("alike", "thus") or item.text in _alike()


@cache
def _alike() -> frozenset[str]:
    return frozenset(map(key, reply("alike")))


def says_where(sentence: Sentence) -> bool:
    """Tell whether thanks only say where pictures will be: "ありがとう、二枚並べて飾ります"."""
    is_told = any(item.has("statement") and not item.has("thanks") for item in sentence.items)
    return is_told and "thanks" in sentence.kinds and sentence.kinds.isdisjoint(("ask", "want", "make"))


def narrows(items: Sequence[Item]) -> bool:
    """Tell whether a wish for all pictures is taken back for some: "both bigger, no, only the cat"."""
    asked = [at for at, item in enumerate(items) if item.is_number or item.mention or item.has(*_ASKED)]
    rest = items[asked[-1] + 1 :] if asked else ()
    return _is_bare(rest) and any(item.has("only", "correction", "no") for item in rest)


def _is_sender(items: Sequence[Item]) -> bool:
    """Tell whether a clause only says by whom thanks are sent: "thanks from me and the cat too"."""
    return any(item.has("thanks") for item in items) and any(item.text in reply("sender") for item in items)


def _is_bare(items: Sequence[Item]) -> bool:
    """Tell whether items hold numbers of pictures and small words, and nothing else."""
    is_bare = all(
        item.is_mark or numbers_of(item) or (item.has(*_BARE) and not item.has(*_OPTIONS)) for item in items
    )
    return is_bare and any(map(numbers_of, items))
