"""Choose the sentences of a mail that decide the style.

all_refused      the styles that a mail refuses
is_disputed      whether one of them is named once more
best_named       the sentences that name the style to be painted
with_only        sentences in which the only style of a mail is wanted
with_corrected   sentences in which the style beside a refused one is wanted
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import inf

from mailbot.intents.mentions.evidence import THRESHOLD, WeighedSentence
from mailbot.intents.mentions.relations import adds
from mailbot.intents.names.name_index import Grade
from mailbot.intents.sentence import NUMBERED

#: Evidence of a refusal in a mail that asks for any other style.
UNSURE = -2.0
#: Kinds of words by which a sentence parts several styles.
_PARTING = ("one_each", "separate", "versions", "percent", *NUMBERED)
#: Evidence by which a text must lead over a subject that holds other words too.
_LEAD = 2.0


def all_refused(sentences: Sequence[WeighedSentence]) -> frozenset[str]:
    """Return the styles that are refused; a later request for one counts: "no scream... yes, the scream"."""
    names: set[str] = set()
    is_other = any({"another", "but_that"} & one.sentence.kinds for one in sentences)
    is_left = any({"left", "choose"} & one.sentence.kinds for one in sentences)
    least = -inf if is_left else UNSURE if is_other else THRESHOLD - 1
    for one in sorted(sentences, key=lambda one: one.sentence.where == "text"):
        refused, wanted = set(_refused_at(one, least)), set(one.named)
        for at in sorted(one.scores):
            names |= set(one.sentence.styles_at(at)) if at in refused else set()
            names -= set(one.sentence.styles_at(at)) if at in wanted else set()
    return frozenset(names)


def _refused_at(one: WeighedSentence, least: float) -> list[int]:
    """Return the indices of the mentions that are clearly refused."""
    return [at for at in one.refused if one.scores[at] >= least]


def is_disputed(sentences: Sequence[WeighedSentence], refused: frozenset[str]) -> bool:
    """Tell whether a refused style is named once more, and not refused there: "Léger, but not léger"."""
    clear = ((one, at) for one in sentences for at in one.scores if _is_clear(one, at))
    named = (set(one.sentence.styles_at(at)) for one, at in clear)
    return any(styles and styles <= refused for styles in named)


def best_named(groups: Sequence[Sequence[WeighedSentence]], refused: frozenset[str]) -> list[WeighedSentence]:
    """Return the sentences that decide the style: the best of the first group that has one."""
    best: list[WeighedSentence] = []
    for group in groups:
        named = [one for one in group if one.named and not _is_refused(one, refused)]
        if not named:
            continue
        first = max(named, key=lambda one: one.score)
        first = next((one for one in named if _refines(one, first)), first)
        is_clearer = bool(best) and best[0].sentence.unknown and first.score >= best[0].score + _LEAD
        if best and not (is_clearer or _widens(first, best)):
            continue
        best = [first, *(one for one in named if one is not first and adds(one, first))]
    written = [one for group in groups for one in group]
    return sorted(best, key=written.index)


def with_only(groups: Sequence[Sequence[WeighedSentence]]) -> list[list[WeighedSentence]]:
    """Return sentences in which the only style of a mail counts as wanted if none does: "Udnie, these two".

    Such a mail asks for something, since it says which of its photos it means.
    """
    written = [one for group in groups for one in group]
    found = [(one, at) for one in written for at in one.scores if _is_clear(one, at)]
    styles = [set(one.sentence.styles_at(at)) for one, at in found]
    is_told = max((one.scores[at] for one, at in found), default=UNSURE) <= UNSURE
    if is_told or not set.intersection(*styles) or any(one.wanted for one in written):
        return [[*group] for group in groups]
    meant = {id(one): at for one, at in found}
    return [
        [
            replace(one, scores={**one.scores, meant[id(one)]: THRESHOLD}) if id(one) in meant else one
            for one in group
        ]
        for group in groups
    ]


def with_corrected(groups: Sequence[Sequence[WeighedSentence]]) -> list[list[WeighedSentence]]:
    """Return sentences in which the style beside a refused one is wanted if no other is.

    "It wasn't Léger that I meant but Mondrian, I mix them up": who refuses a style there names the right one.
    """
    if any(one.wanted for group in groups for one in group):
        return [[*group] for group in groups]
    return [[_with_corrected(one) for one in group] for group in groups]


def _with_corrected(one: WeighedSentence) -> WeighedSentence:
    unwanted = {name for at in one.refused for name in one.sentence.styles_at(at)}
    others = {at: set(one.sentence.styles_at(at)) - unwanted for at in one.scores if _is_clear(one, at)}
    others = {at: styles for at, styles in others.items() if styles}
    if not others or not set.intersection(*others.values()) or not _refused_at(one, THRESHOLD - 1):
        return one
    return replace(one, scores={**one.scores, **dict.fromkeys(others, THRESHOLD)})


def _is_clear(one: WeighedSentence, at: int) -> bool:
    """Tell whether a mention is more than a word of a title, and not refused."""
    mention = one.sentence.items[at].mention
    return mention is not None and mention.grade > Grade.WORD and at not in one.refused


def _refines(one: WeighedSentence, first: WeighedSentence) -> bool:
    """Tell whether a sentence gives the shares of the styles that another one mixes."""
    styles = [{one.sentence.styles_at(at) for at in one.named} for one in (one, first)]
    has_shares = "percent" in one.sentence.kinds or any(item.text == "%" for item in one.sentence.items)
    return has_shares and "mix" in first.sentence.kinds and styles[0] == styles[1] and one is not first


def _widens(one: WeighedSentence, best: Sequence[WeighedSentence]) -> bool:
    """Tell whether a sentence parts more styles beside all of the best: "two: a Munch, a Turner"."""
    named = {each.sentence.styles_at(at) for each in best for at in each.named}
    is_parted = not one.sentence.kinds.isdisjoint(_PARTING)
    return is_parted and {one.sentence.styles_at(at) for at in one.named} > named


def _is_refused(one: WeighedSentence, names: frozenset[str]) -> bool:
    return all(names.issuperset(one.sentence.styles_at(at)) for at in one.named)
