"""Find the requests that a mail takes back: "the scream. No wait, the wave".

`corrected` does it for the sentences of a text; within a sentence `refusals.py` does.
A correction is a phrase such as "no wait" or "I mean", with a style behind it. What stands before is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.mentions.refusals import is_told


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
    last = max((at for at in range(len(order)) if _begins_anew(order, at)), default=0)
    newer = {name for one in order[last:] for at in one.named for name in one.sentence.styles_at(at)}
    older = [*order[:last], *outdone]
    return [[_without(one, newer) if one in older else one for one in group] for group in groups]


def _is_outdone(one: WeighedSentence, after: WeighedSentence) -> bool:
    """Tell whether a style is only told of, and the next sentence asks for any other one."""
    is_other = not after.scores and not after.sentence.kinds.isdisjoint(("another", "but_that"))
    return is_other and bool(one.scores) and all(is_told(one.sentence, at) for at in one.scores)


def _begins_anew(sentences: Sequence[WeighedSentence], at: int) -> bool:
    """Tell whether a sentence begins with a correction, and names a style in it or in the next sentence."""
    items = sentences[at].sentence.items
    first = next(sentences[at].sentence.mentions, len(items))
    last = sentences[at].sentence.words[-1:]
    is_instead = any(item.has("instead") and not item.has("only", "limit") for item in last)
    is_corrected = is_instead or any(item.has("correction") for item in items[:first])
    return is_corrected and any(one.named for one in sentences[at : at + 2])


def _without(one: WeighedSentence, newer: set[str]) -> WeighedSentence:
    """Refuse the mentions of a sentence, but for styles that are asked for again."""
    others = {at for at in one.scores if newer.isdisjoint(one.sentence.styles_at(at))}
    return replace(one, refused=one.refused | others)
