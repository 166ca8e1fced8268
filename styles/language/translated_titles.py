"""Read the titles of a painting in other languages, among the other names of its card.

    unmarked  "Die Sternennacht [de]" -> "Die Sternennacht"
    title_in  the title in a language, else the card's own

A name with the code of a language behind it is the title that answers in this language show.
"""

from __future__ import annotations

import re

from styles.contract import StyleSummary

#: A name, and the code of a language in square brackets.
_MARKED = re.compile(r"\s*(.*\S)\s*\[([a-z]{2})\]\s*")


def unmarked(name: str) -> str:
    """Return a name without the code of its language."""
    match = _MARKED.fullmatch(name)
    return match[1] if match else name


def title_in(style: StyleSummary, code: str) -> str:
    """Return the title that the style's card has in a language; the first one counts."""
    marked = filter(None, map(_MARKED.fullmatch, style.other_names))
    return next((match[1] for match in marked if match[2] == code), style.title)
