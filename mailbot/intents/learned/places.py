"""Say where a mention of a style stands among those of its mail, as features of a learned model.

Of several styles in a story the last one is wished more often than the first, and one that is named twice
more often than one that is named once.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from mailbot.intents.sentence import Sentence

#: Mentions and styles of a mail, and sentences before and behind a mention, from which all count alike.
_MENTIONS, _STYLES, _SENTENCES = 5, 3, 6


def place_features(sentences: Sequence[Sentence], mentioned: Sequence[int], at: int) -> set[str]:
    """Return the features of the sentence at an index, one of the indices that mention a style."""
    place, last = mentioned.index(at), len(mentioned) - 1
    styles = [_styles(sentences[index]) for index in mentioned]
    own, before, behind = styles[place], styles[:place], styles[place + 1 :]
    others = [*before, *behind]
    same = sum(not own.isdisjoint(other) for other in others)
    return {
        f"c{min(last, _MENTIONS)}",
        f"o{place == 0:d}{place == last:d}{min(last, _STYLES)}",
        f"e{min(len(sentences) - 1 - at, _SENTENCES)}",
        f"i{min(at, _SENTENCES)}",
        f"h{min(same, _STYLES)}",
        f"d{min(len(others) - same, _STYLES)}",
        f"m{min(len(own), _STYLES)}",
        f"x{any(own > other for other in others):d}{any(own < other for other in others):d}",
        f"u{any(map(own.intersection, before)):d}{any(map(own.intersection, behind)):d}",
    }


def _styles(sentence: Sentence) -> frozenset[str]:
    return frozenset(chain.from_iterable(map(sentence.styles_at, sentence.mentions)))
