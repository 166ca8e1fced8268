"""Words that mean something in a mail, so that no style can be called by them.

A registry refuses names that are made of them, and the bot hears no title that is.
"""

from __future__ import annotations

import re
from functools import lru_cache

from styles.language.intents import PHRASES
from styles.language.lexicon import FILLERS, GENERIC, KEEP_COLORS, PERCENT, STRENGTHS

#: Phrases and fillers as they are written without spaces.
_TAKEN = FILLERS.union(phrase.replace(" ", "") for phrase in PHRASES)
#: Letters of a piece, where what is written without spaces is cut into pieces: "an-i-me" is no "anime".
_SHORTEST, _LONGEST = 3, max(map(len, _TAKEN))


@lru_cache(maxsize=10_000)  # the bot asks anew for each style with each mail
def is_reserved(phrase: str) -> bool:
    """Whether lower-case words mean something else than a style, with spaces or without.

    "helpme" too, since whoever reads mails takes "star ry night" for "starry night".
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
    """Whether these letters are phrases and fillers, one after the other."""
    ends = {0}
    for end in range(_SHORTEST, len(joined) + 1):
        starts = range(max(0, end - _LONGEST), end - _SHORTEST + 1)
        if any(start in ends and joined[start:end] in _TAKEN for start in starts):
            ends.add(end)
    return len(joined) in ends
