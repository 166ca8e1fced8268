"""Recognize names that mean something else in a mail, so that no style can have them.

A registry refuses such names, and the bot ignores such titles.
"""

from __future__ import annotations

import re
from functools import lru_cache

from styles.language.intents import PHRASES
from styles.language.lexicon import FILLERS, GENERIC, KEEP_COLORS, PERCENT, STRENGTHS

#: Phrases and fillers without their spaces.
_TAKEN = FILLERS.union(phrase.replace(" ", "") for phrase in PHRASES)
#: Lengths of the pieces into which letters without spaces are cut: "an-i-me" is no "anime".
_SHORTEST, _LONGEST = 3, max(map(len, _TAKEN))


@lru_cache(maxsize=10_000)  # the bot calls this for each style with each mail
def is_reserved(phrase: str) -> bool:
    """Return whether lower-case words mean something else than a style, with spaces or without.

    "helpme" is reserved too, since the bot also reads "star ry night" as "starry night".
    """
    joined = "".join(phrase.split())
    spaced = re.sub(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])", " ", joined)  # "photo2" is "photo 2"
    return (
        any(GENERIC.match(way) or PERCENT.search(way) for way in (phrase, spaced))
        or bool(KEEP_COLORS.search(phrase))
        or any(pattern.search(phrase) for pattern, _ in STRENGTHS)
        or all(word in _TAKEN for word in phrase.split())
        or _is_taken(joined)
    )


def _is_taken(joined: str) -> bool:
    """Return whether letters are a sequence of phrases and fillers."""
    ends = {0}
    for end in range(_SHORTEST, len(joined) + 1):
        starts = range(max(0, end - _LONGEST), end - _SHORTEST + 1)
        if any(start in ends and joined[start:end] in _TAKEN for start in starts):
            ends.add(end)
    return len(joined) in ends
