"""Find the paintings that are named by their artist and are not here: "Munch's Madonna", "Matisse dance"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mailbot.intents.details import bounds
from mailbot.intents.leftovers.clauses import said
from mailbot.intents.leftovers.effects import Effects
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.sentence import FIRST_CJK, Item, Sentence

#: Words up to which a sentence is a request, so that a word behind an artist ends a title.
_SHORT = 6
#: Words up to which the genitive of an artist has a title behind it, and no tale.
_REQUEST = 12
#: Items up to which a title is one.
_TITLE = 4
#: Endings of a genitive.
_GENITIVE = ("'s", "’s", "'", "’")
#: Kinds of words that end a title; in Chinese and Japanese the words of a title may be small ones.
_ENDS = ("courtesy", "for", "and", "or", "want", "make", "fit", "in_style", "reason", "statement")
_LATIN_ENDS = ("cue", "place", "after", "with", "copula", "letter", "ask")


def unknown_works(sentence: Sentence, effects: Effects, catalogue: Catalogue) -> Iterator[str]:
    """Yield the titles beside the artists that are painted, as far as they are none of this catalogue."""
    items = sentence.items
    for at, item in enumerate(items):
        mention = item.mention
        is_artist = mention and (mention.is_artist or catalogue.is_painter(mention.raw))
        if not (mention and is_artist and not effects.names.isdisjoint(mention.styles)):
            continue
        title = _behind(items, at, len(sentence.words)) or _before(items, at, len(sentence.words))
        if title and catalogue.features.of(title[0].raw).isdisjoint(mention.styles):
            yield said(title)


def _behind(items: Sequence[Item], at: int, count: int) -> Sequence[Item]:
    """Return the title behind an artist: "Munch's Madonna", "蒙克的圣母", "Matisse dance please"."""
    is_han = items[at].raw[0] >= FIRST_CJK
    is_of = is_han and any(item.has("of") for item in items[at + 1 : at + 2])
    start = at + 1 + is_of
    ends = _ENDS if is_han else (*_ENDS, *_LATIN_ENDS)
    end = bounds.behind(items, start - 1, lambda item: bounds.is_named(item) or item.has(*ends))
    title, rest = items[start:end], items[end:]
    is_genitive = items[at].raw.lower().endswith(_GENITIVE) or is_of
    is_last = count <= _SHORT and all(item.has("courtesy") or item.is_mark for item in rest)
    is_title = bool(title) and title[0].is_unknown and len(title) <= _TITLE
    return title if is_title and (is_last or (is_genitive and count <= _REQUEST)) else ()


def _before(items: Sequence[Item], at: int, count: int) -> Sequence[Item]:
    """Return the title before an artist: "la Madonna de Munch"."""
    of = next((n for n in range(at - 1, -1, -1) if not items[n].has("article") or items[n].has("of")), None)
    if of is None or of < 1 or count > _SHORT or not items[of].has("of") or not items[of - 1].is_unknown:
        return ()
    is_led = of == 1 or items[of - 2].has("article")
    return items[of - 1 : of] if is_led else ()
