"""Find characters that nobody sees in a text that is shown to others.

A title of such characters alone would be a gap in the gallery, and one with a few of them the double of
another title. A character that joins others is allowed where scripts and emoji need it.
"""

from __future__ import annotations

import unicodedata

#: Characters that Unicode counts as letters, marks or symbols, and that fonts show as nothing.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
#: Format characters that fonts show: Arabic and Syriac signs above numbers.
_SHOWN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")
#: Characters that change the one before: Persian, Indic scripts and emoji need them, Latin letters do not.
_JOINING = ("\u200c", "\u200d", *map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0xE0100, 0xE01F0)))
#: The first letter beyond the Latin ones.
_LATIN_END = "\u0250"


def hidden_character(text: str) -> str:
    """Return the first character of a text that nobody sees, or "".

    Control characters, overrides of the direction of writing and tag characters are among them.
    """
    before = ""
    for character in text:
        if character in _JOINING:
            if not before or (before.isalpha() and before < _LATIN_END):
                return character
        elif character in _BLANK or (
            unicodedata.category(character) in ("Cc", "Cf") and character not in _SHOWN
        ):
            return character
        before = character
    return ""


def shows_something(text: str) -> bool:
    """Return whether a text has a letter, number, mark or symbol that is seen by itself."""
    return any(unicodedata.category(c)[0] in "LNPS" and c not in _BLANK for c in text)
