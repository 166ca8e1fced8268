"""Find the wishes that a mail takes back: "the scream. No wait, the wave".

`corrected` does it for the sentences of a text; within a sentence `refusals.py` does.
A correction is a phrase such as "no wait" or "I mean", with a style behind it. What stands before is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mailbot.intents.mentions.evidence import WeighedSentence


def corrected(sentences: Sequence[WeighedSentence]) -> list[WeighedSentence]:
    """Return the sentences of a text; what stands before the last correction is refused."""
    last = max((at for at in range(len(sentences)) if _begins_anew(sentences, at)), default=0)
    newer = {name for one in sentences[last:] for at in one.named for name in one.sentence.styles_at(at)}
    return [_without(one, newer) if at < last else one for at, one in enumerate(sentences)]


def _begins_anew(sentences: Sequence[WeighedSentence], at: int) -> bool:
    """Tell whether a sentence begins with a correction, and names a style in it or in the next sentence."""
    items = sentences[at].sentence.items
    first = next(sentences[at].sentence.mentions, len(items))
    is_corrected = any(item.has("correction") for item in items[:first])
    return is_corrected and any(one.named for one in sentences[at : at + 2])


def _without(one: WeighedSentence, newer: set[str]) -> WeighedSentence:
    """Refuse the mentions of a sentence, but for styles that are asked for again."""
    others = {at for at in one.scores if newer.isdisjoint(one.sentence.styles_at(at))}
    return replace(one, refused=one.refused | others)
