"""Write phrases as the pattern by which a reply's amounts are found.

any_of   phrases -> the pattern of any of them
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from styles.language.tokens import fold, key


def any_of(phrases: Iterable[str]) -> str:
    """Return the pattern of phrases, the longest first; Chinese and Japanese ones may be cut into items."""
    return "|".join(_cut(key(phrase) or fold(phrase)) for phrase in sorted(phrases, key=len, reverse=True))


def _cut(phrase: str) -> str:
    cut = (re.escape(c) if c.isascii() else rf"{re.escape(c)}\s*" for c in phrase)
    return "".join(r"\s+" if c == re.escape(" ") else c for c in cut).removesuffix(r"\s*")
