"""Write phrases as the patterns by which they are found in the text of a reply.

any_of     phrases -> the pattern of any of them
replaced   a text and an item of it -> the text with other words for the item
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from mailbot.intents.sentence import Item
from styles.language.tokens import fold, key


def any_of(phrases: Iterable[str]) -> str:
    """Return the pattern of phrases, the longest first; Chinese and Japanese ones may be cut into items."""
    return "|".join(_cut(key(phrase) or fold(phrase)) for phrase in sorted(phrases, key=len, reverse=True))


def replaced(text: str, item: Item, words: str, behind: str = "") -> str:
    """Return a text with `words` for the first place of an item, and for what the pattern `behind` finds."""
    phrase = r"\s*".join(map(re.escape, item.raw.split()))
    return re.sub(rf"{phrase}{behind}", f" {words} ", text, count=1)


def _cut(phrase: str) -> str:
    cut = (re.escape(c) if c.isascii() else rf"{re.escape(c)}\s*" for c in phrase)
    return "".join(r"\s+" if c == re.escape(" ") else c for c in cut).removesuffix(r"\s*")
