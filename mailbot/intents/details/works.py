"""Find paintings that are named by their artist and by what they show: "Turner's storm", "ターナーの嵐".

It may stand behind a "with", too: "Matisse with the hat".

with_work  a sentence with such words as one mention
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.names.name_index import Grade
from mailbot.intents.sentence import FIRST_CJK, Item, Mention, Sentence

#: Items between an artist and what is shown: "les étoiles de ce van Gogh".
_NEAR = 2


def with_work(sentence: Sentence, catalogue: Catalogue) -> Sentence:
    """Return a sentence with an artist and what a painting of theirs shows as one mention."""
    items = sentence.items
    for at, item in enumerate(items):
        mention = item.mention
        if mention is None or not mention.styles or not _is_artist(mention, catalogue):
            continue
        for span in (_behind(items, at), _before(items, at)):
            shown = items[span.start] if span.start != at else items[span.stop - 1]
            fitting = catalogue.features.of(shown.raw) if shown.mention is None else frozenset()
            styles = tuple(name for name in mention.styles if name in fitting)
            if len(span) > 1 and styles:
                glue = "" if item.raw[0] >= FIRST_CJK else " "
                raw = glue.join(one.raw for one in items[span.start : span.stop])
                named = replace(mention, styles=styles, raw=raw, is_described=True)
                work = Item(text=raw, raw=raw, mention=named)
                return replace(sentence, items=(*items[: span.start], work, *items[span.stop :]))
    return sentence


def _is_artist(mention: Mention, catalogue: Catalogue) -> bool:
    is_name = mention.is_artist or catalogue.is_painter(mention.raw)
    return is_name or (mention.grade is Grade.TYPO and len(mention.styles) > 1)


def _behind(items: Sequence[Item], at: int) -> range:
    """Return the indices of an artist with what is shown behind a genitive or "with", else of the artist."""
    end = at + 1
    while end < len(items) and items[end].has("with", "cue", "article") and not items[end].has("own"):
        end += 1
    if any(item.has("with", "cue") for item in items[at + 1 : end]) and end < len(items):
        return range(at, end + 1)
    is_genitive = items[at].raw.endswith(("'s", "’s", "'", "’"))
    after = at + 1 if is_genitive else at + 2
    is_han, rest = items[at].raw[0] >= FIRST_CJK, items[at + 2 :]
    if is_han and not at and all(item.is_mark or item.has("courtesy") for item in rest):
        return range(at, min(len(items), at + 2))  # "梵高咖啡馆"
    is_of = is_han and any(item.has("of") for item in items[at + 1 : at + 2])
    return range(at, after + 1 if (is_genitive or is_of) and after < len(items) else at + 1)


def _before(items: Sequence[Item], at: int) -> range:
    """Return the same with what is shown before: "the storm by Turner"."""
    start = at
    while at - start < _NEAR and start and items[start - 1].has("article", "of", "cue"):
        start -= 1
    is_led = any(item.has("of") for item in items[start:at])
    return range(start - 1 if is_led and start else at, at + 1)
