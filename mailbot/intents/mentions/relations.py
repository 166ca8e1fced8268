"""Tell how the mentions of a sentence, and the sentences of a mail, belong together.

related       the mentions of a sentence that are wanted together
is_more_than  whether a style is compared with the next one
is_blended    whether a style from elsewhere is to be blended
is_muddle     whether single words of different titles stand side by side
adds          whether a sentence asks for one more painting
is_labelled   whether a sentence gives a style to a thing before a colon
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from mailbot.intents.mentions.contrasts import outdoes
from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.names.name_index import Grade
from mailbot.intents.sentence import NUMBERED, Item, Sentence

#: Kinds of words that join two styles.
_JOINS = (
    "and",
    "or",
    "with",
    "times",
    "rest",
    "mix",
    "separate",
    "one_each",
    "percent",
    "amounts",
    "strength",
    "of",
    "numbers",
    "parts",
    "single",
    "limit",
)
#: Kinds of words that mean another painting, and not another request for the same.
_ANOTHER = ("separate", "one_each", *NUMBERED)
#: Kinds of words for options in a row of a list.
_OPTIONS = ("strength", "strength_word", "slight", "size", "size_word", "percent", "pixel")
#: Styles that are named, up to which the last one is no repetition.
_FEW = 2
#: Items of a label before a colon.
_LABEL = 5


def related(sentence: Sentence, named: Sequence[int], scores: Mapping[int, float]) -> list[int]:
    """Return the mentions that belong together; of two that nothing joins, that with more evidence."""
    kept: list[int] = []
    qualities = {at for at in named if at and _is_quality(sentence.items[at - 1], sentence.items[at])}
    for at in [at for at in named if at not in qualities] or named:
        if not kept or is_joined(sentence, kept[-1], at):
            kept.append(at)
        elif outdoes(sentence, kept[-1], at) or scores[at] > max(scores[other] for other in kept):
            kept = [at]
    return kept[-1:] if _is_settled(sentence, kept) else _restated(sentence, kept)


def _is_quality(more: Item, item: Item) -> bool:
    """Tell whether a movement behind a "more" is a quality: "wave more abstract"."""
    mention = item.mention
    is_movement = mention is not None and mention.grade is Grade.TAG and not mention.is_described
    return is_movement and more.has("amounts") and more.has("further", "and") and not more.is_mark


def _restated(sentence: Sentence, named: Sequence[int]) -> list[int]:
    """Return the mentions from a "mix" on, where all styles are named again: "A or B? Mix: 70% A, 30% B"."""
    start = next((at for at, item in enumerate(sentence.items) if item.has("mix")), len(sentence.items))
    again = [at for at in named if at > start]
    styles = [{sentence.styles_at(at) for at in each} for each in (named, again)]
    return again if len(styles[1]) > 1 and styles[0] == styles[1] else [*named]


def _is_settled(sentence: Sentence, named: Sequence[int]) -> bool:
    """Tell whether the last one of several styles is named again, and asked for: "A or B? I'd like B"."""
    if len(named) <= _FEW:
        return False
    *others, last = named
    styles = [set(sentence.styles_at(at)) for at in others]
    lead = [
        item
        for item in sentence.items[others[-1] + 1 : last]
        if item.has("reason") or not item.has("article", "filler", "cue")
    ]
    is_again = (
        any(names == set(sentence.styles_at(last)) for names in styles)
        and len(set(map(frozenset, styles))) > 1
    )
    return is_again and bool(lead) and lead[-1].has("want", "reason")


def is_joined(sentence: Sentence, at: int, next_at: int) -> bool:
    """Tell whether two mentions belong together."""
    items = sentence.items
    if _agree(items[at], items[next_at]) or "mix" in sentence.kinds:
        return True
    between = items[at + 1 : next_at]
    if outdoes(sentence, at, next_at) or any(item.has("condition") for item in between):
        return False  # "udnie, and if that is too wild the wave"
    if is_more_than(items, at, next_at):
        return True
    if not between:
        mention, other = items[at].mention, items[next_at].mention
        return mention is not None and other is not None and mention.grade == other.grade
    if (
        between[-1].text == ","
        and next_at == len(items) - 1
        and any(item.has("courtesy") for item in between)
    ):
        return False  # a name below the request: "mosaic please, Candy"
    return any(item.has(*_JOINS, *_ANOTHER) or item.text in (",", "%") or item.is_number for item in between)


def is_more_than(items: Sequence[Item], at: int, next_at: int) -> bool:
    """Tell whether more of a style is wanted than of the next one: "more scream than wave"."""
    leads = (item for item in reversed(items[:at]) if not item.has("of", "article") or item.has("amounts"))
    lead = next(leads, items[at])  # "plutôt" is an amount as well
    is_more = lead.has("amounts") and not lead.has("instead")
    return is_more and any(item.has("than") for item in items[at + 1 : next_at])


def _agree(item: Item, other: Item) -> bool:
    if item.mention is None or other.mention is None:
        return False
    return not set(item.mention.styles).isdisjoint(other.mention.styles)


def is_blended(items: Sequence[Item], named: Sequence[int], elsewhere: Sequence[int]) -> bool:
    """Tell whether a style from elsewhere is joined by "and", or has a share: "mosaic and picasso"."""
    for at in elsewhere:
        for other in named:
            between = items[min(at, other) + 1 : max(at, other)]
            small = ("and", "with", "mix", "article", "numbers", "percent", "amounts", "of")
            is_near = between and all(
                item.has(*small) or item.is_number or item.text == "%" for item in between
            )
            if is_near and any(item.has("and", "mix") or item.text == "%" for item in between):
                return True
    return False


def is_muddle(items: Sequence[Item], wanted: Sequence[int]) -> bool:
    """Tell whether words of different titles stand side by side: "starry cafe"."""
    mentions = [item.mention for item in items if item.mention]
    is_side_by_side = any(b - a == 1 for a, b in pairwise(wanted))
    common = set(mentions[0].styles).intersection(*(mention.styles for mention in mentions[1:]))
    return is_side_by_side and not common and all(mention.grade <= Grade.WORD for mention in mentions)


def adds(one: WeighedSentence, first: WeighedSentence) -> bool:
    """Tell whether a sentence asks for one more painting than the first does."""
    if one.sentence.where != first.sentence.where:
        return False
    is_of_mix = "rest" in one.sentence.kinds or "mix" in first.sentence.kinds
    if is_of_mix and _styles(one) <= _styles(first):
        return False  # "mix X and Y? like 70 percent X and the rest Y"
    if not one.sentence.kinds.isdisjoint(_ANOTHER):
        return True
    apart = one.sentence.line != first.sentence.line
    both = (one.sentence, first.sentence)
    apart = apart or any(sentence.items[-1].text == ";" for sentence in both)  # "X, small; Y, big"
    return (apart and all(_is_bare(sentence) for sentence in both)) or all(map(is_labelled, both))


def _styles(one: WeighedSentence) -> set[str]:
    return {name for at in one.named for name in one.sentence.styles_at(at)}


def is_labelled(sentence: Sentence) -> bool:
    """Tell whether a sentence gives a style to a thing before a colon: "Beach one: wave."."""
    first = next(sentence.mentions, 0)
    colons = [at for at, item in enumerate(sentence.items[:first]) if item.text == ":"]
    return len(colons) == 1 and 0 < colons[0] <= _LABEL


def _is_bare(sentence: Sentence) -> bool:
    """Tell whether a sentence holds only names of styles, and options: the row "scream 70%" of a list."""
    named = [item for item in sentence.words if item.mention]
    others = (item for item in sentence.words if not item.mention)
    is_option = all(item.is_number or item.has(*_OPTIONS) for item in others)
    return is_option and bool(named) and all(one.mention and one.mention.grade is Grade.NAME for one in named)
