"""Find the style that a sentence clearly asks for, and that there is not: "in the style of Hundertwasser"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from mailbot.intents.sentence import Item, Sentence
from styles.language.lexicon import Lexicon

#: Words of an unknown style's name.
_LONGEST_NAME = 4
#: Kinds of words that end the name of an unknown style.
_ENDS = ("ask", "courtesy", "for", "not", "place", "strength", "intents", "letter", "counts")
#: Kinds of words such as the Spanish "que", which leads to no name.
_RELATIVE = ("equal", "exclaim", "than")
#: Words up to which a sentence is a request and nothing else, so that each word should mean something.
_SHORT = 8
#: Intents that an address cannot have.
_OF_SENDER = ("stop", "start", "delete")


def named_elsewhere(sentence: Sentence, words: Lexicon) -> str:
    """Return what stands behind "in the style of", or all of an address's tag; "" if it names nothing."""
    if sentence.where == "tag":
        is_named = sentence.unknown or any(
            words.intents.get(item.text) in _OF_SENDER for item in sentence.items
        )
        return " ".join(item.raw for item in sentence.words) if is_named else ""
    if not sentence.kinds.isdisjoint(("choose", "left")):
        return ""  # "scegli tu uno stile carino"
    for at, item in enumerate(sentence.items):
        if item.has("style_of") and any("after" in words.of(word) for word in item.text.split()):
            name = list(_name(sentence.items[at + 1 :]))
            if any(word.is_unknown for word in name):
                return " ".join(word.raw for word in name)
    return _in_style(sentence.items) if len(sentence.words) <= _SHORT else ""


def _in_style(items: Sequence[Item]) -> str:
    """Return the unknown words before "style": "Hundertwasser style please", "岡本太郎風で"."""
    for at, item in enumerate(items):
        if item.has("in_style") and at and items[at - 1].is_unknown:
            name = list(takewhile(lambda one: one.is_unknown, reversed(items[:at])))[:_LONGEST_NAME]
            return " ".join(one.raw for one in reversed(name))
    return ""


def _name(items: Sequence[Item]) -> Iterator[Item]:
    count = 0
    if any(item.has(*_RELATIVE) and not item.has("cue") for item in items[:1]):
        return  # "el estilo que más la favorezca"
    for item in items:
        if item.is_mark or (item.has(*_ENDS) and not item.has("article")) or count == _LONGEST_NAME:
            return
        if count or not item.has("article"):
            count += 1
            yield item
