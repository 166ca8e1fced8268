"""Tell requests by words that ask from mentions that only the model can judge.

ASKING     kinds of words that ask for something
asks_for   whether a sentence asks for one of some styles
begins     whether a text begins with a style
is_beside  whether a sentence of a short mail names a style beside its request
is_lent    whether a request for any painting lends itself to the style of such a sentence
"""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.intents.mentions.anaphora import asks_alike
from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.sentence import FIRST_CJK, Item, Sentence

#: Kinds of words that ask for something, and those by which a sentence of a short mail means its style.
ASKING = ("ask", "want", "make", "style_of", "decided", "fit", "instead")
_OF_REQUESTS = (*ASKING, "after", "now", "further", "percent", "strength", "size", "pixel", "one_each")


def asks_for(one: WeighedSentence, styles: set[str]) -> bool:
    """Tell whether a sentence asks for one of some styles; a Portuguese "a" and a Japanese "して" ask not."""
    is_asked = any(item.has(*ASKING) and not _is_particle(item) for item in one.sentence.items)
    return is_asked and any(styles.intersection(one.sentence.styles_at(at)) for at in one.named)


def _is_particle(item: Item) -> bool:
    return item.has("article") or (item.has("filler") and item.raw[0] >= FIRST_CJK and not item.has("paint"))


def begins(one: WeighedSentence) -> bool:
    """Tell whether a text begins with the style, as brief requests do: "The wave, and write Ahoy on it"."""
    first = next((at for at, item in enumerate(one.sentence.items) if not _is_small(one.sentence, at)), None)
    return first in one.named and one.sentence.where == "text" and one.sentence.line <= 1


def is_beside(mail: Sequence[WeighedSentence], at: int) -> bool:
    """Tell whether a sentence of a short mail asks for nothing, beside one that may: "Paint the dog".

    Where a style is refused, another one is wished, and "like that" means the one that is named.
    """
    one, others = mail[at], _others(mail, at)
    styles = {style for index in one.scores for style in one.sentence.styles_at(index)}
    if _requests(one.sentence) or any(_means(other, styles) for other in others):
        return False
    return any(map(_makes, others)) or (bool(others) and not begins(one))


def _means(other: WeighedSentence, styles: set[str]) -> bool:
    return bool(other.refused) or asks_alike(other.sentence) or asks_for(other, styles)


def _requests(sentence: Sentence) -> bool:
    is_share = any(item.text == "%" for item in sentence.items)
    return is_share or not sentence.kinds.isdisjoint(_OF_REQUESTS)


def is_lent(mail: Sequence[WeighedSentence], at: int) -> bool:
    """Tell whether a request for any painting lends itself to a style: "A cold wave. Paint me"."""
    sentence, others = mail[at].sentence, _others(mail, at)
    is_alone = all(item.mention or item.has("article", "courtesy") for item in sentence.words)
    return not is_alone and any(map(_makes, others))


def _others(mail: Sequence[WeighedSentence], at: int) -> list[WeighedSentence]:
    return [*mail[:at], *mail[at + 1 :]]


def _makes(one: WeighedSentence) -> bool:
    return not one.sentence.kinds.isdisjoint(("paint", "make"))


def _is_small(sentence: Sentence, at: int) -> bool:
    item = sentence.items[at]
    return item.is_mark or (item.has("article", "courtesy") and not item.mention)
