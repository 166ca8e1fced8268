"""Tell whether a word for a size or a strength tells of something, and asks for nothing.

is_told       "our small one took his first steps", "at school they put up a poster with the wave"
is_aside      "we were sixty yards out when the bottom came away, gently, like a tray"
is_of_noun    "a small, very loud man", "Kleines Foto vom Hof"
is_of_title   "il grande urlo"
is_of_thing   "my cat's head twice as large"
is_described  what a style shows: "that huge Japanese wave thing"
"""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.intents.details import bounds
from mailbot.intents.names.name_index import Grade
from mailbot.intents.sentence import FIRST_CJK, NUMBERED, Item
from styles.language.lexicon import Lexicon
from styles.language.tokens import words as split_words

#: Kinds of words of a request, and those that may stand before an option at the beginning of a sentence.
_ASKS, _OPENS = ("ask", "make", "want", "keep", "courtesy"), ("and", "courtesy", "limit")
#: Kinds of the words of a clause that says what somebody is.
_OF_LIFE = ("copula", "statement", "now", "article", "own", "being", "caption", "filler", "letter")
#: Words behind the comma of two adjectives: "a small, very loud man".
_ADJECTIVE = 4
#: English articles before one of many: "a big scream".
_ANY = ("a", "an")
#: Words of a tale from which an option behind its comma belongs to it.
_TALE = 3


def is_told(items: Sequence[Item], at: int) -> bool:
    """Tell whether an option is part of a tale: "our small one took his first steps"."""
    if any(map(str.isdigit, items[at].text)):  # "in A3"
        return False
    if _is_quality(items, at) or _is_seen(items, at):
        return True
    if all(item.has(*_OPENS) for item in items[:at]) and not items[at].has("letter"):
        return False  # "Piccola che devo mandarla su whatsapp"
    start = bounds.before(items, at, _ends_tale)
    clause = items[start : bounds.behind(items, at, _ends_tale)]
    is_asked = any(item.mention or item.has(*_ASKS, "limit") for item in clause)
    is_asked = is_asked or (at > start and items[at - 1].has(*NUMBERED))  # "la prima piccola"
    is_noun = " " not in items[at].text or (at > start and items[at - 1].has("own"))
    is_part = _told(clause) > 1 and is_noun and not is_asked and items[at].raw[0] < FIRST_CJK
    return is_part or is_aside(items, at)


def _is_seen(items: Sequence[Item], at: int) -> bool:
    """Tell whether a poster is one that the sender saw: "having looked at the poster, I'd like the wave"."""
    before = items[bounds.before(items, at) : at]
    lead = before[-1:] if items[at].has("letter") else ()
    is_led = any(item.has("article", "own", "place") for item in lead)
    is_asked = any(item.has(*_ASKS, "for") and not item.has("article", "place") for item in before)
    return is_led and not is_asked and any(item.has("letter", "place") for item in before[:-1] or lead)


def is_aside(items: Sequence[Item], at: int) -> bool:
    """Tell whether an option stands behind a comma of a tale that asks for nothing: "there I am, tiny, …"."""
    if not items[at].has("size", "strength") or items[at].raw[0] >= FIRST_CJK:
        return False
    is_word = " " not in items[at].text or items[at].has("again")
    is_asked = any(item.mention or item.is_number or item.has(*_ASKS, "fit") for item in items)
    is_behind = any(item.is_mark for item in items[:at])
    return is_word and is_behind and not is_asked and _told(items[:at]) >= _TALE


def _is_quality(items: Sequence[Item], at: int) -> bool:
    """Tell whether a clause only says what somebody is: "my kids were small; they are big now".

    Of what a style shows it says what it was: "The waves were huge, like in the Hokusai picture".
    """
    clause = items[bounds.before(items, at) : bounds.behind(items, at)]
    others = [item for item in clause if item is not items[at]]
    is_said = any(item.has("copula") and not item.has("and") for item in others) and items[at].has("size")
    is_past = any({"copula", "letter"} <= item.kinds for item in others)
    return is_said and all(
        (is_past and item.mention) or (item.has(*_OF_LIFE) and not item.has("make", "want", "cue"))
        for item in others
    )


def _told(items: Sequence[Item]) -> int:
    return sum(item.is_unknown or item.has("letter", "caption") for item in items)


def _ends_tale(item: Item) -> bool:
    return item.is_mark or item.has("reason")


def is_of_noun(items: Sequence[Item], at: int) -> bool:
    """Tell whether a size is that of a thing, or of a photo in a tale: "Kleines Foto vom Hof".

    The adjective may be the first of two: "a very small, very loud man".
    """
    noun, of, thing = [*items[at + 1 : at + 4], None, None, None][:3]
    is_photo = noun is not None and noun.has("photo") and not noun.has("article")
    is_of = of is not None and of.has("of", "article", "cue")
    is_thing = thing is not None and (thing.is_unknown or thing.has("own"))
    if not at and is_photo and is_of and is_thing:
        return not any(one.has("ask", "want", "make", "courtesy") for one in items)
    end = bounds.behind(items, at + 1)
    is_listed = at > 0 and items[at - 1].has("article") and noun is not None and noun.text == ","
    is_listed = is_listed and not any(
        one.has("not", "with", "cue", "for", "and") for one in items[at + 2 : at + 3]
    )
    return is_listed and 1 < end - at - 2 <= _ADJECTIVE and items[end - 1].is_unknown


def is_of_title(items: Sequence[Item], at: int) -> bool:
    """Tell whether a size may belong to the title behind it: "il grande urlo", but not "one big scream"."""
    before, named = items[max(0, at - 1) : at], items[at + 1 : at + 2]
    is_led = any(map(_is_definite, before)) and " " not in items[at].text
    mention = named[0].mention if named else None
    return is_led and mention is not None and not mention.is_artist


def _is_definite(item: Item) -> bool:
    """Tell whether an article means a thing that is known: "the", "il", the Portuguese "a"."""
    is_any = item.has("single") or (item.text in _ANY and not item.has("photo"))
    return item.has("article") and not is_any


def is_described(items: Sequence[Item], at: int, words: Lexicon) -> bool:
    """Tell whether a size is that of what a style shows: "that huge Japanese wave thing".

    It may stand behind the words that describe it: "… and the mountain, tiny in the background".
    """
    before, style, end = items[max(0, at - 1) : at], items[at + 1 : at + 2], items[at + 2 : at + 3]
    if any(one.mention and one.mention.is_described for one in before):
        if any("size" in words.of(first) for first in split_words(before[0].raw)[:1]):
            return False  # "la grande honda piccola"
        is_end = all(one.is_mark or one.has("region") for one in style)
        is_place = any(one.has("cue", "place") for one in style)
        return is_end or (is_place and any(one.is_unknown or one.has("region") for one in end))
    return bool(style and end) and style[0].mention is not None and end[0].has("described_end")


def is_of_thing(items: Sequence[Item], at: int) -> bool:
    """Tell whether a word for a size is about a thing in the photo: "with my cat's head twice as large"."""
    before = items[max(0, at - 3) : at]
    if any(map(str.isdigit, items[at].text)) or len(before) < 2 or not before[-1].raw[0].isascii():
        return False
    last = before[-1]
    is_word = last.mention is not None and last.mention.grade is Grade.WORD  # "a lady with an enormous hat"
    is_thing = (last.is_unknown or is_word or last.has("caption", "region", "letter")) and last.raw.isalpha()
    return is_thing and any(item.has("article", "own", "caption") or item.is_unknown for item in before[:-1])
