"""Names and words that a stranger chose, in a file or a mail, as they are shown to people and logged.

shown   cut, and of one line: no name forges a line of a log, or moves a terminal's cursor
plain   one line that obeys nothing but the alphabet
"""

from __future__ import annotations

#: Characters of a name; those of tensors and operators are shorter.
MOST = 60


def shown(name: object, most: int = MOST) -> str:
    """The first `most` characters, those that do not print written as Python escapes them."""
    text = str(name)
    plain = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[:most])
    return plain if len(text) <= most else f"{plain}…"


def plain(text: object) -> str:
    """As it reads, each character that does not print, such as a line's end or an escape, a mark instead."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(text))
