"""Read bounces: mails of machines about an answer that was not delivered.

Postfix, Exim, Exchange and Gmail send `multipart/report` with a `message/delivery-status` (RFC 3464). The
answer's own headers name it; if the report lacks them, its `In-Reply-To` does. Of `References` only the last
counts, since the others are older mails of the thread.

qmail sends a text with a status such as 5.1.1 and a copy of the answer. The copy is required, since many an
out-of-office text has a number like 550.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from itertools import islice
from typing import Literal

from mailbot.parsing import charsets, headers, mime_tree
from mailbot.parsing.mime_parts import leaves
from mailbot.parsing.mime_tree import MimeTree

#: Types of a returned answer. The standard library parses every `message/` type as a mail.
_RETURNED = frozenset(f"message/{kind}{what}" for kind in ("rfc822", "global") for what in ("", "-headers"))
_REPORTS = frozenset(("message/delivery-status", "message/global-delivery-status"))
#: A status code (RFC 3463); alone, or as qmail writes it: `(#5.1.1)`.
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
#: The reply code of a mail server (RFC 5321), for texts without a status code.
_REPLY = re.compile(r"(?<![\d.-])([45])\d\d[ -](?=\D)")
_ID_LINE = re.compile(r"^[> \t]*message-id:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)
#: Parts, and characters of text, that are read.
_MAX_PARTS, _MAX_TEXT = 50, 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """Hold what a mail server reports about an answer."""

    action: Literal["failed", "delayed"]
    status: str = ""  #: such as `5.1.1` (RFC 3463), or ""

    @property
    def is_final(self) -> bool:
        """Whether delivery was given up; a delayed answer may still arrive."""
        return self.action == "failed"

    def __str__(self) -> str:
        return f"{self.action} {self.status}".strip()


def read(raw: bytes) -> tuple[Bounce, tuple[str, ...]] | None:
    """Return the bounce in this mail, and the ids of the answer, likeliest first. Never raises."""
    try:
        return _read(mime_tree.read(raw))
    except Exception:  # hostile in parts that `parse_email` does not read
        return None


def _read(mail: MimeTree) -> tuple[Bounce, tuple[str, ...]] | None:
    message = mail.message
    is_report = message.get_content_type() == "multipart/report"
    parts = list(islice(message.walk(), _MAX_PARTS))
    reported, returned = _reported(parts), list(_returned(parts[1:]))
    # Read last, since `leaves` empties the tree.
    texts = (part.text for part in leaves(mail) if part.type == "text/plain" and not part.forwarded)
    text = "\n".join(texts)[:_MAX_TEXT]
    if not is_report:
        stated, copied = _stated(text), [*returned, *_ID_LINE.findall(text)]
        return (stated, tuple(copied)) if stated and copied else None
    answered = headers.ids(headers.first(message, "In-Reply-To"))[:1]
    thread = headers.ids(headers.first(message, "References"))[-1:]
    ids = tuple(dict.fromkeys((*returned, *_ID_LINE.findall(text), *answered, *thread)))
    return (reported, ids) if reported and ids else None


def _reported(parts: Sequence[Message]) -> Bounce | None:
    """Return the worst result: an answer has one recipient, whose server may forward it to others."""
    found: list[Bounce] = []
    for part in parts:
        for group in _inside(part, _REPORTS):  # one is about a recipient, or about the whole report
            status = _STATUS.search(headers.first(group, "Status"))
            match headers.first(group, "Action").partition("(")[0].strip().lower():
                case "failed" | "delayed" as action:
                    found.append(Bounce(action=action, status=status[1] if status else ""))
    return min(found, key=lambda bounce: not bounce.is_final, default=None)


def _inside(part: Message, types: frozenset[str]) -> list[Message]:
    """Return what a part of one of these types contains: mails, or groups of fields. Else return nothing."""
    return mime_tree.children(part) if part.get_content_type() in types else []


def _stated(text: str) -> Bounce | None:
    """Return the bounce that a text without a report states."""
    status, reply = _STATUS.search(text), _REPLY.search(text)
    code = status[1] if status else f"{reply[1]}.0.0" if reply else ""
    if code[:1] not in ("4", "5"):
        return None
    return Bounce(action="failed" if code[0] == "5" else "delayed", status=code)  # 5: it has given up


def _returned(parts: Sequence[Message]) -> Iterator[str]:
    """Yield the ids in the headers of returned mails."""
    for part in parts:
        for returned in _inside(part, _RETURNED):
            yield from headers.ids(headers.first(returned, "Message-ID"))
        if part.get_content_type() == "text/rfc822-headers":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                yield from _ID_LINE.findall(charsets.decode_bytes(content, "utf-8"))
