"""Tell how the mentions of a sentence, and the sentences of a mail, belong together.

related       the mentions of a sentence that are wanted together
is_more_than  whether a style is compared with the next one
is_blended    whether a style from elsewhere is to be blended
is_muddle     whether single words of different titles stand side by side
adds          whether a sentence asks for one more painting
is_labelled   whether a sentence gives a style to a thing before a colon
with_options  a sentence without a style, with those of its clauses whose options count
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from mailbot.intents.mentions.contrasts import outdoes
from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.names.name_index import Grade
from mailbot.intents.requests_without_style import is_long
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
    "of",
    "numbers",
    "parts",
    "single",
    "limit",
)
#: Kinds of words that mean another painting, and not another request for the same.
_ANOTHER = ("separate", "one_each", *NUMBERED)
#: Unknown words and words up to which a request is short.
_FEW, _SHORT = 2, 12
#: Items of a label before a colon.
_LABEL = 5
#: Marks within a clause.
_WITHIN = ("%", "/", "+", "&", "x", "(", ")")


def related(sentence: Sentence, named: Sequence[int], scores: Mapping[int, float]) -> list[int]:
    """Return the mentions that belong together; of two that nothing joins, that with more evidence."""
    kept: list[int] = []
    for at in named:
        if not kept or is_joined(sentence, kept[-1], at):
            kept.append(at)
        elif outdoes(sentence, kept[-1], at) or scores[at] > max(scores[other] for other in kept):
            kept = [at]
    return kept[-1:] if _is_settled(sentence, kept) else _restated(sentence, kept)


def _restated(sentence: Sentence, named: Sequence[int]) -> list[int]:
    """Return the mentions from a "mix" on, where all styles are named again: "A or B? Mix: 70% A, 30% B"."""
    start = next((at for at, item in enumerate(sentence.items) if item.has("mix")), 0)
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
    return any(item.has("than") for item in items[at + 1 : next_at]) and next(leads, items[at]).has("amounts")


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
    return (apart and all(_is_bare(sentence) for sentence in both)) or all(map(is_labelled, both))


def _styles(one: WeighedSentence) -> set[str]:
    return {name for at in one.named for name in one.sentence.styles_at(at)}


def is_labelled(sentence: Sentence) -> bool:
    """Tell whether a sentence gives a style to a thing before a colon: "Beach one: wave."."""
    first = next(sentence.mentions, 0)
    colons = [at for at, item in enumerate(sentence.items[:first]) if item.text == ":"]
    return len(colons) == 1 and 0 < colons[0] <= _LABEL


def _is_bare(sentence: Sentence) -> bool:
    """Tell whether a sentence holds only names of styles."""
    return all(item.mention and item.mention.grade is Grade.NAME for item in sentence.words)


def with_options(sentence: Sentence, *, is_beside: bool) -> Sentence:
    """Return a sentence that names no style without the clauses whose options do not count.

    `is_beside` says that another sentence of the mail names one.
    """
    if is_beside and _is_former(sentence):
        sentence = replace(sentence, items=tuple(item for item in sentence.items if not item.is_number))
    if _has_options(sentence, is_beside=is_beside):
        return sentence
    kept = [item for clause in _clauses(sentence.items) if is_beside and _is_plain(clause) for item in clause]
    return replace(sentence, items=tuple(kept))


def _is_former(sentence: Sentence) -> bool:
    """Tell whether the numbers of a sentence are of a former painting: "Last time's 50% were too weak"."""
    is_told = {"past", "letter"} <= sentence.kinds
    return is_told and sentence.kinds.isdisjoint(("ask", "make", "want", "now", "further"))


def _clauses(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Yield the items between two marks, and those from a "so" on."""
    clause: list[Item] = []
    for item in items:
        if (item.is_mark and item.text not in _WITHIN) or item.has("reason"):
            yield clause
            clause = []
        clause.append(item)
    yield clause


def _is_plain(clause: Sequence[Item]) -> bool:
    """Tell whether a clause holds only known words, and none of a letter: "so send it back small".

    Two unknown words do no harm to the photo's colours: "don't touch the colours though".
    """
    kinds = frozenset[str]().union(*(item.kinds for item in clause))
    is_color = not kinds.isdisjoint(("color", "hue"))
    if is_color and ({"change", "not"} <= kinds or "keep" in kinds):
        return sum(item.is_unknown for item in clause) <= _FEW
    return not any(item.is_unknown or item.mention or item.has("letter", "caption") for item in clause)


def _is_measured(sentence: Sentence) -> bool:
    """Tell whether a short sentence begins with a size: "3000 Pixel wären fein", "Small, to send it"."""
    first, *rest = sentence.words
    is_number = first.is_number and bool(rest) and rest[0].has("pixel")
    is_size = first.has("size") and not first.has("letter") and bool(rest) and sentence.where == "text"
    return (is_number or is_size) and len(rest) < _SHORT


def _has_options(sentence: Sentence, *, is_beside: bool) -> bool:
    """Tell whether all options of a sentence count: in short ones, and in requests."""
    is_letter = any(item.has("letter") and not item.has("intents") for item in sentence.items)
    if (sentence.unknown == 0 and not is_letter) or (is_beside and _is_measured(sentence)):
        return True
    is_color = not sentence.kinds.isdisjoint(("color", "hue"))
    is_about_colors = is_color and not sentence.kinds.isdisjoint(("keep", "change"))
    is_sure = is_about_colors or "pixel" in sentence.kinds
    is_sure = is_sure or any(
        item.has("strength_word") or (item.has("strength", "intents") and is_long(item.text))
        for item in sentence.items
    )
    is_asking = not sentence.kinds.isdisjoint(("ask", "want", "make", "again"))
    is_short = sentence.unknown <= _FEW and len(sentence.words) <= _SHORT
    is_request = is_short and not sentence.kinds.isdisjoint(("ask", "again"))
    return not is_letter and ((is_sure and (is_asking or is_beside)) or (is_request and is_asking))
