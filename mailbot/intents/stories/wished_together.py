"""Tell which styles of a mail are wished together, so that none of them is told by the way.

are_several   whether a mail asks for a blend, or for several paintings
belongs       whether a style is wished beside the one behind it
is_of_photo   whether a style may be for a photo of its own
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, pairwise

from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.paintings.painting_counts import is_counted
from mailbot.intents.sentence import NUMBERED, Item, Sentence
from mailbot.intents.stories.told_styles import ToldStyle
from styles.language.lexicon import Lexicon

#: Words of the kind `mix` that part two styles, too: "torn between the two".
_PARTING = frozenset(("between", "entre", "entré", "casamento"))
#: Kinds of words between styles that are listed, and of numbers that share a blend.
_JOINS = ("and", "or", "with", "mix", "article", "amounts", "of", "percent", "for", "cue", "filler")
_SHARES = ("percent", "parts", "amounts", "ratios", "numbers")
#: Kinds of words that ask for several paintings; those before a style, and their distance from it.
_SEVERAL, _APART, _NEAR = ("separate", "one_each", "apart", "every"), ("separate", "one_each", "further"), 5
#: Items up to which a clause such as "send us both" is short.
_SHORT = 6


def are_several(
    mail: Sequence[WeighedSentence], told: Sequence[ToldStyle], first: ToldStyle, words: Lexicon
) -> bool:
    """Tell whether a mail asks for a blend, or for several paintings, from the `first` other style on."""
    if any("won" in one.parts for one in told):
        return False
    sentences = [one.sentence for one in mail]
    behind = sentences[first.sentence :]
    if any(item.has("mix") and item.text not in _PARTING for one in behind for item in one.items):
        return True
    named = len({one.styles for one in told})
    if any(is_counted(sentences, count, words) for count in range(2, named + 1)):
        return True
    leads = [_lead(one.one.sentence.items, 0, one.at) for one in told]
    orders = {
        kind
        for lead, one in zip(leads, told, strict=True)
        for item in lead
        for kind in item.kinds.intersection(NUMBERED)
        if not one.is_aside  # "my first mail said Turner"
    }
    each = [
        any(item.has("separate", "one_each") or (item.has("single") and not one.is_aside) for item in lead)
        for lead, one in zip(leads, told, strict=True)
    ]
    if len(orders) > 1 or sum(each) > 1 or sum(map(_is_shared, told)) > 1:
        return True  # "one as Munch, the other as Léger"
    return any(map(_asks_for_several, behind[1:]))


def _asks_for_several(sentence: Sentence) -> bool:
    """Tell whether a sentence without a style asks for several paintings: "Side by side, please"."""
    if sentence.has_mention or sentence.kinds.isdisjoint(_SEVERAL):
        return False
    if sentence.unknown == 0 and not sentence.kinds.isdisjoint(("ask", "make", "want")):
        return True
    if any(_is_for_all(sentence.clause(at)) for at in range(len(sentence.items))):
        return True
    return any(_is_of_both(sentence.items, at) for at in range(len(sentence.items)))


def _is_for_all(clause: Sequence[Item]) -> bool:
    """Tell whether a short clause is for all: "schickt uns einfach beides"."""
    is_small = 0 < len(clause) <= _SHORT and not any(item.is_unknown for item in clause)
    return is_small and any(item.has("every", "apart") for item in clause)


def _is_of_both(items: Sequence[Item], at: int) -> bool:
    """Tell whether an order ends with a word for all: "do both", "send us one picture of each"."""
    behind = items[at + 1] if at + 1 < len(items) else None
    is_end = behind is None or behind.is_mark or behind.has("and", "courtesy", "limit", "reason")
    lead = items[max(0, at - _NEAR) : at]
    is_led = any(item.has("ask", "make", "want", "one_each", "single") for item in lead)
    is_asked = any(item.has("ask") for item in lead) and items[at].has("separate")
    return is_end and ((items[at].has("every") and is_led) or is_asked)


def _is_shared(told: ToldStyle) -> bool:
    """Tell whether a share stands beside a style: "60 of Turner"."""
    items = told.one.sentence.items
    near = chain(items[max(0, told.at - 4) : told.at], items[told.at + 1 : told.at + 3])
    return any(item.has(*_SHARES) or item.text == "%" or item.is_number for item in near)


def _lead(items: Sequence[Item], start: int, end: int) -> Sequence[Item]:
    """Return the few items before a style, behind the style before it."""
    lead = items[max(start, end - _NEAR) : end]
    named = max((at for at, item in enumerate(lead) if item.mention), default=-1)
    return lead[named + 1 :]


def is_of_photo(one: ToldStyle, told: Sequence[ToldStyle], photos: int) -> bool:
    """Tell whether a style of a mail with several photos may be for one of them."""
    is_numbered = any(item.has(*NUMBERED) for item in one.one.sentence.items)
    is_each = len({each.styles for each in told}) == photos
    return is_numbered or is_each or not one.is_theirs


def belongs(one: ToldStyle, wished: Sequence[ToldStyle]) -> bool:
    """Tell whether a style is wished beside another one: in a list, or for a painting of its own."""
    if one.is_described and not one.is_aside:
        return True
    behind = [other for other in wished if other.place > one.place]
    other = behind[0] if behind else wished[-1]
    is_open = other.parts.isdisjoint(("settled", "mine")) and one.sentence == other.sentence
    if one.is_theirs and is_open:
        return True  # "my husband wants the wave, my wife the scream"
    return not one.is_aside and _are_beside(*sorted((one, other), key=lambda told: told.place))


def _are_beside(first: ToldStyle, second: ToldStyle) -> bool:
    """Tell whether two styles stand in a list, are each for somebody, or whether the second is added."""
    items = second.one.sentence.items
    is_near = first.sentence == second.sentence
    lead = _lead(items, first.at + 1 if is_near else 0, second.at)
    if is_near:
        named = [at for at in sorted(first.one.scores) if first.at <= at <= second.at]
        is_list = all(_is_list(items[a + 1 : b]) for a, b in pairwise(named))
        if is_list or all(map(_is_for_somebody, (lead, _lead(items, 0, first.at)))):
            return True
    is_other = any(item.has("limit", "now") for item in lead)
    return not is_other and any(item.has(*_APART) for item in lead)


def _is_for_somebody(lead: Sequence[Item]) -> bool:
    """Tell whether a style is for somebody, or something: "for my daughter the scream", "pour Yann, le …"."""
    for at, item in enumerate(lead):
        behind = [one for one in lead[at + 1 :] if not (one.is_mark or one.has("article", "cue"))]
        if item.has("for") and behind:
            return True
    return False


def _is_list(items: Iterable[Item]) -> bool:
    """Tell whether only joins, shares and small words stand between two styles."""
    return all(item.is_number or item.text in ",%&+/" or item.has(*_JOINS) for item in items)
