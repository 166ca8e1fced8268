"""Find the styles that are not wanted: "not the scream", "anything but udnie"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from mailbot.intents.details import bounds
from mailbot.intents.mentions.compounds import is_within
from mailbot.intents.mentions.contrasts import is_apposed, is_bare_no
from mailbot.intents.sentence import FIRST_CJK, NUMBERED, Item, Sentence
from styles.language.lexicon import lexicon

#: Words that may stand between a "not" and its style: "do not please paint it as the scream".
_BETWEEN = 7
#: Words between "anything" and its "but".
_ANY_NEAR = 3
#: Items between an artist and "the other one", in Chinese and Japanese.
_OTHER = 3
#: Words up to which a clause can end with its refusal.
_CLAUSE = 12
#: Kinds of these words.
_SMALL = ("article", "filler", "between", "ask", "make", "want", "cue", "style_of", "courtesy", "before_not")


def refused(sentence: Sentence) -> frozenset[int]:
    """Return the indices of the items whose style is not wanted.

    A refused style stands a few words behind a "not", with only small words between them. More styles may be
    joined to it. "Not only" and "why not" refuse nothing: the lexicon holds them as phrases of their own.
    """
    found: set[int] = set()
    for at in sentence.mentions:
        if _is_refused(sentence, at, found):
            found.add(at)
    for before, at in pairwise(sentence.mentions):  # "叫びと星月夜以外で"
        joins = sentence.items[before + 1 : at]
        is_slip = sentence.items[at + 1 : at + 2] and sentence.items[at + 1].is_mark  # "ひまわり…じゃなくて"
        if (
            joins
            and not is_slip
            and _is_refused_behind(sentence.items, at)
            and all(i.has("and", "nor", "article") for i in joins)
        ):
            found.add(before)
    return frozenset(found | _taken_back(sentence) | _outdone(sentence) | _other_than(sentence))


def _taken_back(sentence: Sentence) -> set[int]:
    """Return the mentions before a correction that others follow: "the scream, no wait, the wave"."""
    mentions = list(sentence.mentions)
    items = sentence.items
    corrections = (at for at in range(len(items)) if _is_correction(sentence, at) or is_bare_no(items, at))
    last = max((at for at in corrections if mentions and at < mentions[-1]), default=-1)
    behind = [at for at in mentions if at > last]
    less = {at for at, after in pairwise(behind) if is_apposed(sentence, at, after)}  # "Picabia, Edtaonisl"
    newer = {name for at in behind if at not in less for name in sentence.styles_at(at)}
    numbers = (at for at, item in enumerate(sentence.items[: max(0, last)]) if item.has(*NUMBERED))
    first = max(numbers, default=0)  # "the first one udnie, the second one wave, no wait, the scream"
    return {at for at in mentions if first <= at < last and newer.isdisjoint(sentence.styles_at(at))}


def _is_correction(sentence: Sentence, at: int) -> bool:
    """Tell whether a word takes back what stands before, and refuses nothing behind it: "不是蒙德里安的".

    In a question it may be an "or": "海浪还是呐喊？".
    """
    items = sentence.items
    if items[at].has("or") and sentence.is_question:
        return False
    is_refusal = items[at].has("not") and any(item.mention for item in items[at + 1 : at + 2])
    return items[at].has("correction") and not is_refusal


def _other_than(sentence: Sentence) -> set[int]:
    """Return the mentions before an artist of whom the other style is meant: "Udnie, the other Picabia"."""
    if not sentence.kinds.isdisjoint(("or", "choose")):
        return set()
    return {
        before
        for at in sentence.mentions
        if len(sentence.styles_at(at)) > 1 and _is_other(sentence.items, at)
        for before in sentence.mentions
        if before < at and set(sentence.styles_at(before)) < set(sentence.styles_at(at))
        if not any(item.has("and") and not item.is_mark for item in sentence.items[before:at])
    }


def _is_other(items: Sequence[Item], at: int) -> bool:
    """Tell whether an artist's other style is meant: "the other Picabia", "毕卡比亚的另一幅"."""
    behind = range(at + 1, min(len(items), at + 1 + _OTHER))
    near = [items[n] for n in behind] if items[at].raw[0] >= FIRST_CJK else items[max(0, at - 1) : at]
    return any(item.has("rest") for item in near)


def _outdone(sentence: Sentence) -> set[int]:
    """Return the mentions before a request for any other style: "everybody has X, so another style"."""
    mentions, items = list(sentence.mentions), sentence.items
    requests = [at for at, item in enumerate(items) if item.has("another", "but_that")]
    if not (mentions and requests and mentions[-1] < requests[-1]):
        return set()
    is_sure = items[requests[-1]].has("but_that")
    return {at for at in mentions if is_sure or is_told(sentence, at)}


def is_told(sentence: Sentence, at: int) -> bool:
    """Tell whether the clause of a mention tells something, and asks for nothing: "everybody has it"."""
    items = sentence.items
    end = next((end for end in range(at, len(items)) if items[end].has("another")), None)
    others = _bare(sentence.clause(at)) or _bare(items[at:end])
    if any(item.has("others") for item in sentence.clause(at)):
        return True
    return bool(others) and not any(
        item.has("ask", "want", "make", "cue", "or", "courtesy") for item in others
    )


def _bare(items: Sequence[Item]) -> list[Item]:
    return [item for item in items if not (item.is_mark or item.mention or item.has("article"))]


def _is_refused(sentence: Sentence, at: int, found: set[int]) -> bool:  # noqa: PLR0911 - as above
    items = sentence.items
    if _is_refused_behind(items, at):
        return True
    if _is_limited(items, at) or _is_only_one(items, at):
        return False
    for index in range(at - 1, max(-1, at - 1 - _BETWEEN), -1):
        item = items[index]
        if item.mention:  # joined to a refused style: "not the scream or the wave"
            joins = items[index + 1 : at]
            return index in found and any(join.has("or", "and", "not", "nor") for join in joins)
        if item.has("not_refusing") or (item.is_mark and (item.raw in ",，" or not item.has("or", "and"))):
            return False
        is_skipped = item.has("skip") and all(one.has("article") for one in items[index + 1 : at])
        is_refusal = item.has("not") and not is_within(items, index)
        if is_skipped or is_refusal or (item.has("than") and _is_compared(items[:index], items[at])):
            return True
        if item.text == "but" or (item.has("instead") and not item.has("make")):
            return _is_any(items[:index])
        is_adjective = item.is_unknown and index == at - 1 and items[index - 1].has("article")
        if not (is_adjective or item.has(*_SMALL, "or", "and")):
            return False
    return False


def _is_limited(items: Sequence[Item], at: int) -> bool:
    """Tell whether only too much of a style is refused: "I don't want the scream too strong"."""
    end = bounds.behind(items, at, bounds.is_named)
    return any(map(_is_too_much, items[max(0, at - 1) : at])) or any(map(_is_too_much, items[at + 1 : end]))


def _is_only_one(items: Sequence[Item], at: int) -> bool:
    """Tell whether no style but this one comes to mind: "除了呐喊想不到别的"."""
    return any(one.has("decided") and one.has("not_refusing") for one in items[at + 1 : at + 2])


def _is_too_much(item: Item) -> bool:
    is_phrase = item.has("again") and "too" in lexicon().of(item.text.partition(" ")[0])  # "too strong"
    return item.has("too") or is_phrase


def _is_any(before: Sequence[Item]) -> bool:
    """Tell whether a "but" is that of "anything but", with small words between: "any of them but".

    Or it leaves one out of all of an artist: "all the van Goghs but the café".
    """
    if before and before[-1].mention and len(before[-1].mention.styles) > 1:
        return any(item.has("every") for item in before[-_ANY_NEAR:-1])
    for item in reversed(before[-_ANY_NEAR:]):
        if item.has("any") or item.is_mark or not item.has(*_SMALL):
            return item.has("any")
    return False


def is_excepted(sentence: Sentence, at: int) -> bool:
    """Tell whether any style is welcome but the refused one: "anything but the scream"."""
    near = any(item.has("any", "another", "but_that") for item in sentence.items[max(0, at - _BETWEEN) : at])
    return near or any(item.has("another", "but_that") for item in sentence.items)


def _is_compared(before: Sequence[Item], other: Item) -> bool:
    """Tell whether another style before a "than" is liked better: "I prefer the wave to the scream".

    "Meglio l'onda di Hokusai" names one style twice.
    """
    last = max((at for at, item in enumerate(before) if item.mention), default=0)
    named = [one.styles for item in (*before[last : last + 1], other) if (one := item.mention)]
    is_one = len(named) > 1 and not set(named[0]).isdisjoint(named[1])
    return not is_one and any(
        item.has("prefer") or (item.has("instead") and item.has("amounts")) for item in before[:last]
    )  # "plutôt la vague que le cri"


def _is_refused_behind(items: Sequence[Item], at: int) -> bool:
    """Tell whether the words behind a style refuse it: "el grito no, mejor la gran ola"."""
    small = ("article", "described_end", "again")
    behind = items[at + 1 : at + 5]
    if (
        len(behind) > 1
        and behind[0].text == ","
        and behind[1].has("not_after")
        and behind[1].raw >= FIRST_CJK
    ):
        return True  # "ひまわり…じゃなくて"
    after = [item for item in behind if not item.has(*small) and item.raw != "…"][:2]
    return (
        bool(after)
        and (
            after[0].has("not_after")
            or (after[0].has("not_refusing") and after[0].text.endswith("."))  # "Udnie no. The other one"
            or (after[0].has("not") and all(map(_ends, [*after[1:], *_next_to(behind, after[0])])))
            or _ends_refused(items, at)
        )
    )


def _next_to(items: Sequence[Item], item: Item) -> Sequence[Item]:
    """Return the item behind another one: "la ola sin mí"."""
    at = next(n for n, one in enumerate(items) if one is item)
    return items[at + 1 : at + 2]


def _ends(item: Item) -> bool:
    """Tell whether an item behind a "not" says nothing; "the scream without me" does."""
    return item.is_mark or (item.has("thanks", "courtesy") and not item.has("photo"))


def _ends_refused(items: Sequence[Item], at: int) -> bool:
    """Tell whether the clause of a style ends with a refusal: "カンディンスキーは目が回るのでやめて、…"."""
    end = bounds.behind(items, at, bounds.is_named)
    return at + 1 < end <= at + 1 + _CLAUSE and items[end - 1].has("not_after")


def without_refused(sentence: Sentence, *, is_refused: bool) -> list[Item]:
    """Return the words of a sentence without those behind a "not", or only those: "not the grey one"."""
    found, is_behind = list[Item](), False
    for item in sentence.items:
        is_behind = not item.is_mark and (is_behind or item.has("not"))
        if is_behind == is_refused and not item.is_mark:
            found.append(item)
    return found
