"""Read how the words for options grade or contrast several paintings in one style.

graded      the strengths of three in words: "light, medium and strong"
contrasted  those of two: "one strong, one weak", "strong and weak"
both_colors whether there are to be two, "with and without the original colours"
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from mailbot.intents.sentence import Item, Sentence
from styles.language.lexicon import Lexicon

#: Signs between two words of a row.
_DOTS = ("/", "・")
#: Strengths of the words of a row that names three of them, fractions.
_GRADES = {"mild": 0.4, "medium": 0.7, "intense": 1.0}
#: Those of a row of two, where their words say no other ones.
_CONTRAST = {"mild": 0.6, "intense": 1.0}
#: Kinds of words that say that a painting follows, and those beside a word of a contrast.
_EACH = ("separate", "single", "one_each")
_BESIDE = ("and", "article", "cue", "original", "courtesy", *_EACH)
#: Kinds of sentences in which only one of two strengths is wanted.
_OF_ONE = {"mix", "correction", "or", "not", "not_after", "too", "excess"}


def graded(sentence: Sentence) -> tuple[float, ...]:
    """Return the strengths of three paintings in words, fractions: "light, medium and strong"."""
    said = [(at, kind) for at, item in enumerate(sentence.items) for kind in _GRADES if item.has(kind)]
    is_row = all(_is_joint(sentence.items[a + 1 : b]) for (a, _), (b, _) in pairwise(said))
    kinds = [kind for _, kind in said]
    return tuple(_GRADES[kind] for kind in kinds) if is_row and sorted(kinds) == sorted(_GRADES) else ()


def contrasted(sentence: Sentence, words: Lexicon) -> tuple[float, ...]:
    """Return the strengths of two paintings in words, fractions: "one strong, one weak", "mild and full"."""
    items = sentence.items
    said = [(at, kind) for at, item in enumerate(items) for kind in _CONTRAST if item.has(kind)]
    if sorted(kind for _, kind in said) != sorted(_CONTRAST) or sentence.kinds & _OF_ONE:
        return ()
    (first, _), (second, _) = said
    between, behind = items[first + 1 : second], items[second + 1 : second + 2]
    is_row = _is_small((*between, *behind))
    is_pair = _are_joined(between) and _is_small(items[max(0, first - 1) : first])
    if not (is_row and (is_pair or any(one.mention or one.has(*_EACH) for one in between))):
        return ()
    return tuple(words.strengths.get(items[at].text, _CONTRAST[kind] * 100) / 100 for at, kind in said)


def _is_small(items: Sequence[Item]) -> bool:
    """Tell whether only styles, marks and small words stand beside the words of a contrast."""
    return all(one.mention or one.is_mark or one.has(*_BESIDE) for one in items)


def _are_joined(between: Sequence[Item]) -> bool:
    """Tell whether an "and" joins the two words of a contrast, with small words at most."""
    is_close = all(one.has("and", "article", "cue") and not one.is_mark for one in between)
    return is_close and any(one.has("and") for one in between)


def both_colors(sentence: Sentence) -> bool:
    """Tell whether there are to be two paintings: "with and without the original colours"."""
    items, kinds = sentence.items, sentence.kinds
    if {"original", "painted_colors"} <= kinds and kinds & {*_EACH} and kinds.isdisjoint(_OF_ONE):
        return True  # "保留原色和不保留原色各一张"
    with_, without, color = (
        [at for at, item in enumerate(items) if item.has(kind) and not item.has("and")]
        for kind in ("with", "not", "color")
    )
    if not (len(with_) == len(without) == len(color) == 1):
        return False
    first, middle, last = sorted((*with_, *without, *color))
    gap = items[min(*with_, *without) + 1 : max(*with_, *without)]
    rest = (*items[first + 1 : middle], *items[middle + 1 : last], *items[last + 1 : last + 2])
    is_whole = all(one.is_mark or one.has(*_BESIDE) for one in rest)
    return is_whole and any(one.has("and", *_EACH) for one in gap)


def _is_joint(between: Sequence[Item]) -> bool:
    """Tell whether only commas, an "and" and small words stand between two words of a row."""
    return bool(between) and all(
        item.text in (",", *_DOTS) or item.has("and", "article", "cue") for item in between
    )
