"""Recognize short sentences that want a thing of the photo gone or changed: "without the car".

is_removal   whether a sentence without a style is such a wish
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from mailbot.intents.leftovers.clauses import is_part
from mailbot.intents.sentence import FIRST_CJK, Item, Sentence
from styles.language.tokens import key
from styles.language.word_rows import reply

#: Words up to which a sentence is such a wish, and unknown ones up to which it is no tale.
_FEW, _UNKNOWN = 8, 2


def is_removal(sentence: Sentence, bare: Sequence[Item]) -> bool:
    """Tell whether a sentence of the `bare` words wants a thing of the photo gone or changed."""
    is_polite = "ask" in sentence.kinds
    said = [item for item in bare if not item.has("courtesy")]
    if not 1 < len(said) <= _FEW or any(item.has("own", "thanks") for item in said):
        return False
    things = [item for item in said[:-1] if _is_thing(item)]
    is_gone = said[-1].has("skip") and (is_polite or said[-1].raw[0] >= FIRST_CJK)
    if is_gone and things:
        return True  # "den Mann links bitte weg"
    if said[0].has("make") and said[1].has("article") and things and said[-1].is_unknown:
        return True  # "mach den Hund dicker"
    return said[0].has("not") and _is_without(said, is_polite=is_polite)


def _is_without(said: Sequence[Item], *, is_polite: bool) -> bool:
    """Tell whether words behind a "no" name a thing: "no people in the background please"."""
    is_background = any(item.has("region") for item in said)
    if is_polite and is_background:
        return True
    behind = [item for item in said[1:] if not item.has("article")]
    is_led = said[1].has("article", "rest", "region")
    is_noun = (bool(behind) and _is_thing(behind[0])) or said[1].has("rest")
    is_small = all(
        item.is_unknown or item.has("place", "letter", "region", "cue", "being", "caption")
        for item in behind[1:]
    )
    is_few = sum(item.is_unknown for item in behind) <= _UNKNOWN
    return key(said[0].text) in _lacking() and is_led and is_noun and is_small and is_few


def _is_thing(item: Item) -> bool:
    return is_part(item) or item.has("being")


@cache
def _lacking() -> frozenset[str]:
    return frozenset(map(key, reply("lacking")))
