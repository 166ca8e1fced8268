"""Read the titles of a painting in other languages, among the other names of its card.

    unmarked  "Die Sternennacht [de]" -> "Die Sternennacht"
    title_in  the title in a language, else the card's own
    language  the language whose titles have the words of a text

A name with the code of a language behind it is the title that answers in this language show.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from styles.contract import StyleSummary
from styles.language.tokens import words

#: A name, and the code of a language in square brackets.
_MARKED = re.compile(r"\s*(.*\S)\s*\[([a-z]{2})\]\s*")
#: Words of a text up to which its language is told by titles: in a longer one other words tell.
_FEW = 6


def unmarked(name: str) -> str:
    """Return a name without the code of its language."""
    match = _MARKED.fullmatch(name)
    return match[1] if match else name


def title_in(style: StyleSummary, code: str) -> str:
    """Return the title that the style's card has in a language; the first one counts."""
    marked = filter(None, map(_MARKED.fullmatch, style.other_names))
    return next((match[1] for match in marked if match[2] == code), style.title)


def language(text: str, styles: Sequence[StyleSummary]) -> str:
    """Return the one language whose titles have all words of a short text: "Welle 50%"; "" for several."""
    every = {word for word in words(text) if word.isalpha()}
    said = {word for word in every if len(word) > 1 or not word.isascii()}
    if not 0 < len(said) <= _FEW:
        return ""
    known: defaultdict[str, set[str]] = defaultdict(set)
    for match in (_MARKED.fullmatch(name) for style in styles for name in style.other_names):
        if match:
            known[match[2]].update(words(match[1]))
    codes = [code for code, titles in known.items() if said <= titles]
    if len(codes) > 1:  # "a onda" has the article of Portuguese, "l'onda" that of Italian
        codes = [code for code in codes if every <= known[code]]
    return codes[0] if len(codes) == 1 else ""
