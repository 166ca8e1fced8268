"""Find misspelt words for options: "the scream, samll", "60 percnet".

with_options  a short sentence with its misspelt words for options
is_plain      whether an item is a word that neither the catalogue nor the lexicon knows
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from rapidfuzz.distance import OSA

from mailbot.intents.sentence import Item, Sentence
from styles.language.lexicon import Lexicon, lexicon

#: Words up to which a whole sentence is searched, and up to which words for how much lead to an option.
_SHORT, _LONGEST = 8, 16
#: Kinds of words for options, and letters up to which only exchanged ones are a slip: "bgi".
_OPTIONS, _SWAPPED_ONLY = ("size", "percent", "strength", "color", "keep"), 4


def with_options(sentence: Sentence, known: Lexicon) -> Sentence:
    """Return a short sentence with its misspelt words for options: "the scream, samll", "60 percnet".

    In a longer one only those behind how much are words for options: "a bit weeker, for her face is green".
    A subject without a style names a thing: "Barley, actually" is not barely anything, nor is "the barley".
    """
    is_thing = sentence.where == "subject" and not any(item.mention for item in sentence.items)
    is_short = len(sentence.words) <= _SHORT
    if is_thing or len(sentence.words) > _LONGEST or not any(map(is_plain, sentence.items)):
        return sentence
    words = _words_by_initial(known.languages)
    found = [
        _option(item.text, words, is_apart=_is_apart(sentence.items, at))
        if is_plain(item) and (is_short or _is_led(sentence.items, at)) and not _is_noun(sentence.items, at)
        else ""
        for at, item in enumerate(sentence.items)
    ]
    items = (
        replace(item, text=phrase, kinds=known.of(phrase)) if phrase else item
        for item, phrase in zip(sentence.items, found, strict=True)
    )
    return replace(sentence, items=tuple(items)) if any(found) else sentence


def is_plain(item: Item) -> bool:
    """Tell whether an item is a word of Latin letters that neither the catalogue nor the lexicon knows."""
    return item.is_unknown and not item.kinds and item.text.isalpha() and item.text.isascii()


def _is_noun(items: Sequence[Item], at: int) -> bool:
    """Tell whether an item ends a clause behind an article: "the wheat field for the barley"."""
    is_end = all(item.is_mark for item in items[at + 1 : at + 2])
    is_led = at > 0 and items[at - 1].has("article") and items[at - 1].raw.isascii()
    return is_end and is_led and not _is_led(items, at)  # "etwas schwäcer"


def _is_led(items: Sequence[Item], at: int) -> bool:
    """Tell whether words for how much stand before an item: "a bit weeker"."""
    return at > 0 and items[at - 1].has("amounts")


def _is_apart(items: Sequence[Item], at: int) -> bool:
    """Tell whether an item stands beside a number, or alone behind a style, a mark or how much."""
    before, after = items[at - 1] if at else None, items[at + 1] if at + 1 < len(items) else None
    if before and (before.is_number or before.has("numbers")):
        return True
    is_led = (
        _is_led(items, at)
        or before is None
        or before.is_mark
        or bool(before.mention)
        or before.has("courtesy")
    )
    return is_led and (after is None or after.is_mark or after.has("courtesy", "now"))


def _option(word: str, words: Mapping[str, Sequence[str]], *, is_apart: bool) -> str:
    """Return the word for an option of which one is a slip: two letters exchanged, or one that `is_apart`."""
    near = (one for one in words.get(word[0], ()) if abs(len(one) - len(word)) < 2)
    alike = [one for one in near if OSA.distance(one, word) == 1]
    swapped = [one for one in alike if sorted(one) == sorted(word)]
    found = swapped or [one for one in alike if is_apart and len(one) > _SWAPPED_ONLY]
    return found[0] if len(found) == 1 else ""


@cache
def _words_by_initial(languages: tuple[str, ...]) -> Mapping[str, Sequence[str]]:
    """Return the single words for options in Latin letters, a small part of the phrases, by first letter."""
    found = defaultdict[str, list[str]](list)
    for phrase in lexicon(languages).phrases(*_OPTIONS):
        if phrase.isascii() and phrase.isalpha():
            found[phrase[0]].append(phrase)
    return found
