"""Make untrusted text, such as a name in a file or a mail, fit to be shown and logged.

So no name can forge a line of a log or move a terminal's cursor.
"""

from __future__ import annotations

#: Characters of a name that are shown; names of tensors and operators are shorter.
MOST = 60


def shown(name: object, most: int = MOST) -> str:
    """Return the first `most` characters, non-printable ones escaped as Python writes them."""
    text = str(name)
    escaped = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[:most])
    return escaped if len(text) <= most else f"{escaped}…"


def plain(text: object, *, keep: str = "", mark: str = "\N{REPLACEMENT CHARACTER}") -> str:
    """Return the text with `mark` for each character that is not printable and not in `keep`.

    Line ends and escape characters are not printable.
    """
    return "".join(c if c.isprintable() or c in keep else mark for c in str(text))
