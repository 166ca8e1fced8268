"""Find the qualities that a short request gives its style and no painting shows: "too dark", "mirrored".

strange_qualities   the words of a sentence for a colour, an excess or a quality of a painted style
strange_numbers     the number of a title that none of the paintings has
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mailbot.intents.leftovers.clauses import said
from mailbot.intents.leftovers.effects import Effects
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.names.name_index import Grade
from mailbot.intents.sentence import FIRST_CJK, ROMAN, Item, Sentence

#: Words up to which a sentence is a request, so that "too …" at its end is about the painting.
_SHORT = 6
#: Words up to which a quality right behind a style is its own: "the wave mirrored".
_FEW = 3
#: Kinds of words around a quality.
_SMALL = ("courtesy", "article", "filler")


def strange_qualities(sentence: Sentence, effects: Effects, catalogue: Catalogue) -> Iterator[str]:
    """Yield the words for qualities of the painted styles that their paintings lack."""
    if len(sentence.words) > _SHORT:
        return
    for at in _painted(sentence, effects):
        item, behind = sentence.items[at], _up_to_mark(sentence.items[at + 1 :])
        hues = [hue for hue in sentence.items[:at][-1:] if hue.has("hue") and not hue.mention]
        yield from (hue.raw for hue in hues if _lacks(item, hue, effects, catalogue))
        if len(behind) > 1 and _is_degree(behind[0], behind[1]) and _is_end(behind[2:]):
            yield said(behind[:2])
        elif behind and _is_quality(sentence, at, behind) and _lacks(item, behind[0], effects, catalogue):
            yield behind[0].raw


def _is_degree(first: Item, second: Item) -> bool:
    """Tell whether two words ask for less or more of a quality: "too dark", "开心一点"."""
    is_amount = second.raw[0] >= FIRST_CJK and second.has("amounts")
    is_more = is_amount and first.has("praise") and not first.has("strength", "size")
    return is_more or (first.has("too") and second.is_unknown)


def _painted(sentence: Sentence, effects: Effects) -> Iterator[int]:
    """Yield the indices of the styles that are painted, but for words of titles."""
    for at in sentence.mentions:
        mention = sentence.items[at].mention
        if mention and mention.grade > Grade.WORD and not effects.names.isdisjoint(mention.styles):
            yield at


def strange_numbers(sentence: Sentence, effects: Effects) -> Iterator[str]:
    """Yield the Roman numbers of titles that are not here: "Kandinsky Composition VIII"."""
    for style, item in zip(sentence.items, [*sentence.items[1:], None], strict=True):
        mention = style.mention
        if mention is None or effects.names.isdisjoint(mention.styles):
            continue
        if item and (
            (item.is_unknown and ROMAN.fullmatch(item.raw))
            or (item.raw in ("V", "X") and _is_numbered(mention.styles))
        ):
            yield item.raw


def _is_numbered(styles: Sequence[str]) -> bool:
    """Tell whether a style's title has a Roman number, so that an X behind it is no kiss."""
    return any(ROMAN.fullmatch(part.upper()) for name in styles for part in name.split("-"))


def _up_to_mark(items: Sequence[Item]) -> Sequence[Item]:
    """Return the items up to the first mark; a comma right behind a style is none: "the scream, too dark"."""
    start = 1 if items and items[0].text == "," else 0
    end = next((at for at in range(start, len(items)) if items[at].is_mark), len(items))
    return items[start:end]


def _is_end(items: Sequence[Item]) -> bool:
    return all(item.has("courtesy") for item in items)


def _lacks(style: Item, word: Item, effects: Effects, catalogue: Catalogue) -> bool:
    """Tell whether a word is nothing that a painting shows, and no colour of the photo that is kept."""
    shown = catalogue.features.of(word.raw)
    return shown.isdisjoint(style.mention.styles if style.mention else ()) and not effects.has("keep_colors")


def _is_quality(sentence: Sentence, at: int, behind: Sequence[Item]) -> bool:
    """Tell whether a sentence is a style and one small letter word behind it: "l'onda speculare"."""
    word = behind[0]
    is_word = word.is_unknown and word.raw.islower() and word.raw.isalpha() and word.raw < FIRST_CJK
    is_all = all(item.has(*_SMALL) for item in sentence.items[:at])
    return is_word and is_all and len(sentence.words) <= _FEW and _is_end(behind[1:])
