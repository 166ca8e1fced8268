"""Say where a mention of a style stands among those of its mail, as features of a learned model.

Of several styles in a story the last one is wished more often than the first, and one that is named twice
more often than one that is named once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from mailbot.intents.sentence import Sentence

#: Mentions and styles of a mail, and sentences before and behind a mention, from which all count alike.
_MENTIONS, _STYLES, _SENTENCES = 5, 3, 6


#: The styles that sentences mention, by the index of each sentence in its mail.
Mentioned = Mapping[int, frozenset[str]]


def mentioned_styles(sentences: Sequence[Sentence], candidates: Iterable[int]) -> Mentioned:
    """Return the styles of the sentences at some indices."""
    return {
        at: frozenset(chain.from_iterable(map(sentences[at].styles_at, sentences[at].mentions)))
        for at in candidates
    }


def place_features(mentioned: Mentioned, at: int, length: int) -> set[str]:
    """Return the features of the sentence at an index of `mentioned`, in a mail of `length` sentences."""
    own, last = mentioned[at], len(mentioned) - 1
    before = [styles for index, styles in mentioned.items() if index < at]
    behind = [styles for index, styles in mentioned.items() if index > at]
    place, others = len(before), [*before, *behind]
    same = sum(not own.isdisjoint(other) for other in others)
    return {
        f"c{min(last, _MENTIONS)}",
        f"o{place == 0:d}{place == last:d}{min(last, _STYLES)}",
        f"e{min(length - 1 - at, _SENTENCES)}",
        f"i{min(at, _SENTENCES)}",
        f"h{min(same, _STYLES)}",
        f"d{min(len(others) - same, _STYLES)}",
        f"m{min(len(own), _STYLES)}",
        f"x{any(own > other for other in others):d}{any(own < other for other in others):d}",
        f"u{any(map(own.intersection, before)):d}{any(map(own.intersection, behind)):d}",
    }
