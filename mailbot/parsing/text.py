"""Remove from a text what the person's mail program added.

`reply_markers` recognises the added lines. All functions are linear: a hostile text is cut before any regular
expression reads it.
"""

from __future__ import annotations

import re

from mailbot.parsing import reply_markers
from mailbot.parsing.headers import clean

#: Characters of a text part that are read. A mail to the bot has some words; quotes below may be long.
MAX_TEXT = 100_000
_MAX_LINE = 2_000


def unflow(text: str, delsp: bool) -> str:
    """Join the lines of a `format=flowed` text (RFC 3676) to paragraphs; quoted lines stay apart."""
    lines: list[str] = []
    open_line = False
    for raw in text[:MAX_TEXT].splitlines():
        quoted = raw.startswith(">")
        line = raw if quoted else raw.removeprefix(" ")
        flows = line.endswith(" ") and line != "-- " and not quoted
        kept = line[:-1] if flows and delsp else line
        if open_line and not quoted and line != "-- ":
            lines[-1] += kept
        else:
            lines.append(kept)
        open_line = flows
    return "\n".join(lines)


def tidy(text: str) -> str:
    """Remove quotes, forwarded mails, signatures, invisible characters, and empty lines at either end."""
    lines = [clean(reply_markers.without_pictures(line), _MAX_LINE) for line in text[:MAX_TEXT].splitlines()]
    kept: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if _ends_here(lines, at):
            break
        if attribution := reply_markers.attribution(lines[at : at + 3]):
            at += attribution
            if not next(filter(None, lines[at:]), "").startswith(">"):
                break  # Gmail and Outlook quote html without any mark
            continue
        if not line.startswith(">"):
            kept.append(line)
        at += 1
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _ends_here(lines: list[str], at: int) -> bool:
    """Tell whether a signature, a phone's own line or an old mail begins in this line."""
    line = lines[at]
    return (
        reply_markers.is_separator(line)
        or reply_markers.is_phone_line(line)
        or reply_markers.is_old_header(lines[at : at + 4])
    )


def shorten(text: str, limit: int) -> str:
    """Cut the text to `limit` bytes of UTF-8, never within a character."""
    return text.encode("utf-8", "replace")[:limit].decode("utf-8", "ignore")
