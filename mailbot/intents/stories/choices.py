"""Tell whether a sentence has styles to choose from.

is_choice  whether it does: "wave, or scream?", "torn between the wave and the scream"
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from mailbot.intents.sentence import Item, Sentence


def is_choice(sentence: Sentence) -> bool:
    """Tell whether an "or" stands between two styles, or words of a choice lead to two: "torn between"."""
    named = [at for at in sentence.mentions if sentence.styles_at(at)]
    for first, second in pairwise(named):
        gap = sentence.items[first:second]
        is_torn = any(item.has("and") for item in gap) and _is_torn(sentence.items, first)
        if is_torn or any(item.has("or") for item in gap):
            return True
    return False


def _is_torn(items: Sequence[Item], at: int) -> bool:
    """Tell whether words of a choice lead to a style: "hésitons entre"."""
    before = [item for item in items[:at] if not item.has("article")]
    return bool(before) and before[-1].has("choose")
