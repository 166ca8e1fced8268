"""Take the number of a photo that a mail gives thanks for as a former one: "thanks for the last one!".

    without_thanked  a sentence -> the same, with such a number as a word that says nothing

The photo beside it is another one, so the number chooses none.
"""

from __future__ import annotations

from dataclasses import replace

from mailbot.intents.sentence import NUMBERED, Sentence

#: Kinds of words between thanks and a number, and what a thanked number is.
_BETWEEN = ("for", "thanks_for", "article", "again", "courtesy", "filler", "polite", "place")
_SMALL = frozenset(("filler",))


def without_thanked(sentence: Sentence) -> Sentence:
    """Return a sentence in which no photo is chosen that is thanked for."""
    if "thanks" not in sentence.kinds:
        return sentence
    items = list(sentence.items)
    is_led = False
    for at, item in enumerate(items):
        if is_led and item.has(*NUMBERED):
            items[at] = replace(item, kinds=_SMALL)
        is_led = item.has("thanks") or (is_led and item.has(*_BETWEEN))
    return replace(sentence, items=tuple(items))
