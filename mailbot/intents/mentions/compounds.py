"""Recognize a style's word within a longer one, and in a place's name: "heat wave", 寒波, "Hotel La Ola".

is_part      whether a mention is a part of a longer word
is_of_venue  whether it names a place, a club or a band
is_within    whether a "no" before it is an "in the", as in Portuguese
"""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.intents.names.name_index import Grade
from mailbot.intents.sentence import FIRST_CJK, Item, Sentence

#: Points, as those of `evidence.py`.
A_PART = -4.0  #: "heat wave"
OF_VENUE = -12.0  #: "Hotel La Ola"
#: Kinds of words by which a clause asks for a style, and those of a brief request: "teh scream plz".
_OF_REQUESTS = ("ask", "want", "make", "style_of", "after", "in_style")
_OF_BRIEF = ("courtesy", "strength", "percent", "size", "pixel")
#: Unknown words from which a sentence tells something.
_TALE = 2
#: The first Chinese character, behind the Japanese letters.
_FIRST_HAN = "\u4e00"


def as_part(sentence: Sentence, at: int) -> float:
    """Return the evidence against a mention that is a part of a longer word, or of a place's name."""
    return A_PART * _is_part(sentence, at) + OF_VENUE * _is_of_venue(sentence, at)


def _is_part(sentence: Sentence, at: int) -> bool:
    """Tell whether a mention is a part of a longer word: "heat wave", 寒波."""
    items, item = sentence.items, sentence.items[at]
    before, behind = items[at - 1 : at] if at else (), items[at + 1 : at + 2]
    if item.raw >= FIRST_CJK:
        return len(item.raw) == 1 and any(map(_is_han, (*before, *behind)))
    mention = item.mention
    is_painter = any(one.has("described_end") and one.has("gallery") for one in behind)
    if is_painter and mention and mention.grade is Grade.WORD:
        return True  # "something by a woman painter"
    is_tale = sentence.unknown >= _TALE and not any(one.text == "%" or one.has(*_OF_BRIEF) for one in items)
    is_led = any(one.is_unknown and not one.kinds for one in before)
    return is_tale and is_led and _is_single(item) and not _is_asked(sentence, at)


def _is_of_venue(sentence: Sentence, at: int) -> bool:
    """Tell whether a mention names a place, a club or a band: "Hotel La Ola", "the Kandinsky trio"."""
    items = sentence.items
    before, behind = items[at - 1 : at] if at else (), items[at + 1 : at + 2]
    return any(one.has("venue") for one in (*before, *behind)) and not _is_asked(sentence, at)


def _is_asked(sentence: Sentence, at: int) -> bool:
    return any(item.has(*_OF_REQUESTS) for item in sentence.clause(at))


def _is_han(item: Item) -> bool:
    """Tell whether an item is an unknown word of Chinese characters."""
    return item.is_unknown and item.raw[0] >= _FIRST_HAN


def _is_single(item: Item) -> bool:
    """Tell whether a mention is a single word of a title."""
    mention = item.mention
    is_title = mention is not None and mention.grade in (Grade.NAME, Grade.WORD) and bool(mention.styles)
    return is_title and " " not in item.raw and not (mention and (mention.is_artist or mention.is_described))


def is_within(items: Sequence[Item], at: int) -> bool:
    """Tell whether a "no" is a Portuguese "in the" between a noun and a style: "o cachorro no Munch"."""
    before = items[at - 1 : at] if at else ()
    is_noun = any(item.is_unknown or item.has("being", "caption", "photo") for item in before)
    return is_noun and items[at].has("cue") and items[at + 1].mention is not None
