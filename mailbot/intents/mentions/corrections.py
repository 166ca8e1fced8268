"""Find the requests that a mail takes back: "the scream. No wait, the wave".

`corrected` does it for the sentences of a text; within a sentence `refusals.py` does.
A correction is a phrase such as "no wait" or "I mean", with a style behind it. What stands before is refused.
So is the style before a bare "no": "The scream? No, too dark. The wave!", and one that was only thought of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from mailbot.intents.mentions.contrasts import is_bare_no
from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.mentions.refusals import is_told
from mailbot.intents.sentence import FIRST_CJK, NUMBERED, Item, Sentence

#: Evidence from which a style is asked for, whatever the next sentence says.
_ASKED = 8.0


def corrected(groups: Sequence[Sequence[WeighedSentence]]) -> list[list[WeighedSentence]]:
    """Return the sentences of a mail; what stands before the last correction is refused.

    The subject stands before the text.
    """
    order = [
        one
        for where in ("subject", "text")
        for group in groups
        for one in group
        if one.sentence.where == where
    ]
    outdone = [one for one, after in pairwise(order) if _is_outdone(one, after)]
    outdone += [one for at, one in enumerate(order) if _is_past(one, order[at + 1 :])]
    last = max((_first_of(order, at) for at in range(len(order))), default=0)
    asked = [one for one in order[last:] if one not in outdone]
    newer = {name for one in asked for at in one.named for name in one.sentence.styles_at(at)}
    older = [*order[:last], *outdone]
    return [[_without(one, newer) if one in older else one for one in group] for group in groups]


def _is_outdone(one: WeighedSentence, after: WeighedSentence) -> bool:
    """Tell whether a style is only told of, and the next sentence asks for any other one."""
    is_theirs = "others" in one.sentence.kinds and one.sentence.kinds.isdisjoint(("ask", "want", "make"))
    if one.score >= _ASKED and not is_theirs:  # "Campo di grano a tutta forza. Deve sembrare un'altra cosa"
        return False
    is_other = not after.scores and not after.sentence.kinds.isdisjoint(("another", "but_that"))
    return is_other and bool(one.scores) and all(is_told(one.sentence, at) for at in one.scores)


def _is_past(one: WeighedSentence, later: Sequence[WeighedSentence]) -> bool:
    """Tell whether a style was only thought of, and a later sentence asks for any other one, and no more."""
    if not is_thought_of(one.sentence):
        return False
    named = next((other.sentence for other in later if other.named), None)
    is_added = named is not None and any(
        item.has("further", "separate", "one_each") and not item.has("now")
        for item in named.items[: next(named.mentions)]
    )  # but not "it's the wave then"
    return named is not None and not is_added


def is_thought_of(sentence: Sentence) -> bool:
    """Tell whether the style of a sentence was only thought of, or is another one's: "I nearly took …"."""
    first = next(sentence.mentions, 0)
    behind = [item for item in sentence.items[first + 1 : first + 2] if item.raw[0] >= FIRST_CJK]
    lead = [*sentence.items[:first], *behind]
    return any(item.has("past") for item in lead) and not any(item.has("now", *NUMBERED) for item in lead)


def _first_of(sentences: Sequence[WeighedSentence], at: int) -> int:
    """Return the index of the sentence from which styles count by a correction in this one, 0 without one.

    It stands before the style of this sentence or the next, or is a "no" behind that of this one.
    """
    items = sentences[at].sentence.items
    mentions = list(sentences[at].sentence.mentions) or [len(items)]
    last = sentences[at].sentence.words[-1:]
    nos = [n for n in range(len(items)) if is_bare_no(items, n)]
    is_corrected = any(item.has("instead") and not item.has("only", "limit") for item in last)
    is_corrected = is_corrected or any(item.has("correction") for item in items[: mentions[0]])
    is_corrected = is_corrected or (bool(nos) and nos[0] < mentions[0] and bool(sentences[at - 1].scores))
    if at and is_corrected and any(one.named for one in sentences[at : at + 2]):
        return at
    is_taken_back = (bool(nos) and nos[-1] > mentions[-1]) or is_recanted(sentences[at].sentence)
    return at + 1 if is_taken_back and any(one.named for one in sentences[at + 1 : at + 2]) else 0


def is_recanted(sentence: Sentence) -> bool:
    """Tell whether a sentence takes its style back: "I was going to ask for the wave, changed my mind"."""
    last = max(sentence.mentions, default=len(sentence.items))
    return any(item.has("correction") and _is_phrase(item) for item in sentence.items[last + 1 :])


def _is_phrase(item: Item) -> bool:
    """Tell whether a correction is more than a word that others use in passing: "sorry", "en fait"."""
    return item.raw[0] >= FIRST_CJK or item.raw.count(" ") > 1


def _without(one: WeighedSentence, newer: set[str]) -> WeighedSentence:
    """Refuse the mentions of a sentence, but for styles that are asked for again."""
    others = {at for at in one.scores if newer.isdisjoint(one.sentence.styles_at(at))}
    return replace(one, refused=one.refused | others)
