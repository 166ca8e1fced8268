r"""Show a mail in quarantine at a terminal.

It is there because no parser could read it, or because it ended the bot, so nothing here needs one. Headers
are cut out of the bytes. The structure is shown as far as the standard library can read it. Only printable
characters reach the terminal: the rest is escaped as `\x1b` and the like.
"""

from __future__ import annotations

import email
from collections.abc import Iterator
from email.message import Message
from email.policy import compat32

from mailbot.storage.mail_keys import split_mail
from styles.service.sanitize import shown

#: Limits of what is shown: lines of headers, characters of a line, parts and levels.
MAX_LINES, MAX_WIDTH, MAX_PARTS, MAX_LEVELS = 100, 300, 100, 12


def described(raw: bytes) -> str:
    """Return headers and structure in lines that any terminal can show."""
    head, body = split_mail(raw)
    lines = head.decode("utf-8", "backslashreplace").splitlines()
    written = [shown(line, MAX_WIDTH) for line in lines[:MAX_LINES]]
    if len(lines) > MAX_LINES:
        written.append(f"… {len(lines) - MAX_LINES} more lines")
    return "\n".join([*written, "", *_structure(raw), f"{len(body)} bytes below the headers"])


def _structure(raw: bytes) -> list[str]:
    try:
        parts = list(_parts(email.message_from_bytes(raw, policy=compat32), 0))
    except Exception as error:  # that may be why it is here
        return [f"Its structure cannot be read: {type(error).__name__}"]
    more = [f"… {len(parts) - MAX_PARTS} more parts"] if len(parts) > MAX_PARTS else []
    return parts[:MAX_PARTS] + more


def _parts(part: Message, level: int) -> Iterator[str]:
    name = part.get_filename()
    content = part.get_payload()
    inside = content if isinstance(content, list) else []
    size = f", {len(content)} characters" if isinstance(content, str) else ""
    line = f"{'  ' * level}{part.get_content_type()}{f' “{name}”' if name else ''}{size}"
    yield shown(line, MAX_WIDTH)
    if level >= MAX_LEVELS and inside:
        yield f"{'  ' * level}  …"
        return
    for each in inside:
        if isinstance(each, Message):
            yield from _parts(each, level + 1)
