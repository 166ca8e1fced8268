"""Join the words of each change in a sentence to one item: "10% more", "a hint of wave", "smaller effect".

with_steps  a sentence of a reply -> the same with its changes as items
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from mailbot.intents.changes.blend_changes import with_mixes
from mailbot.intents.changes.change_amounts import USUAL, with_amounts
from mailbot.intents.changes.complaints import with_complaints
from mailbot.intents.changes.degrees import with_bare_steps
from mailbot.intents.details import bounds
from mailbot.intents.sentence import Item, Sentence
from styles.language.lexicon import Lexicon
from styles.language.tokens import key
from styles.language.word_rows import reply

#: Steps of the strength by those of the size that are said of the effect, as phrases of the table `again`.
_OF_EFFECT = {"larger": "stronger", "smaller": "weaker"}
#: Rows of the table `again` that say of a size what is amiss, and kinds of words beside the usual one.
_AMISS, _SMALL = ("too_small", "too_large"), ("courtesy", "article", "filler", "limit", "correction", "fit")
#: The word before what is excessive.
_TOO = "too"


def with_steps(sentence: Sentence, words: Lexicon, *, is_mixed: bool) -> Sentence:
    """Return a sentence of a reply with its amounts as items: its "10% more" is no strength of 10%.

    So are the mixes of a mail that `is_mixed`. What is excessive becomes one item, too: "the colours are too
    strong".
    """
    found = list[Item]()
    items = with_complaints(sentence.items)
    amounts = with_amounts(with_mixes(items, words) if is_mixed else items)
    for item in with_bare_steps(amounts):
        said = f"{_TOO} {item.text}"
        if found and found[-1].has("excess") and "again" in words.of(said):
            found[-1] = Item(text=said, raw=f"{found[-1].raw} {item.raw}", kinds=words.of(said))
        else:
            found.append(item)
    return replace(sentence, items=_with_usual(_with_effects(found, words), words))


def _with_usual(items: Sequence[Item], words: Lexicon) -> tuple[Item, ...]:
    """Return the items with the usual size for a "normal" alone in its clause: "too tiny, normal please"."""
    amiss = next((at for at, item in enumerate(items) if words.changes.get(item.text) in _AMISS), len(items))
    return tuple(
        replace(item, kinds=frozenset(("again", USUAL))) if at > amiss and _is_usual(items, at) else item
        for at, item in enumerate(items)
    )


def _is_usual(items: Sequence[Item], at: int) -> bool:
    clause = items[bounds.before(items, at) : bounds.behind(items, at)]
    is_alone = all(item is items[at] or item.is_mark or item.has(*_SMALL) for item in clause)
    return is_alone and items[at].text in _usual()


@cache
def _usual() -> frozenset[str]:
    return frozenset(map(key, reply("usual_bare")))


def _with_effects(items: Sequence[Item], words: Lexicon) -> tuple[Item, ...]:
    """Return the items with steps of the strength for those of an effect's size: "smaller effect"."""
    found = [*items]
    for at, item in enumerate(items):
        beside = (*items[max(0, at - 1) : at], *items[at + 1 : at + 2])
        step = _OF_EFFECT.get(words.changes.get(item.text, ""))
        if step and any(one.has("strength_word") and not one.has("size") for one in beside):
            found[at] = Item(text=step, raw=item.raw, kinds=words.of(step))
    return tuple(found)
