"""Reading mail that tells of an answer which came back.

    read      the bounce in a mail that a machine wrote, and the Message-IDs of what came back, or None
    Bounce    failed or delayed, and its status code

A report is `multipart/report` with a `message/delivery-status` (RFC 3464), which Postfix, Exim, Exchange and
Gmail send. Which mail came back, its own headers say; where they are not in the report, its `In-Reply-To`. Of
`References` only the last is looked at, since the others are of the thread before.

Without a report, as qmail does it, the text tells: it holds a status such as 5.1.1 and a copy of what came
back. The copy is asked for, since a number like 550 stands in many an out-of-office text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from itertools import islice
from typing import Literal

from mailbot.parsing import charsets, headers, mime_tree
from mailbot.parsing.mime import leaves
from mailbot.parsing.mime_tree import Tree

#: The standard library reads all that is called `message/` as a mail, headers alone as well.
_RETURNED = frozenset(
    ("message/rfc822", "message/global", "message/rfc822-headers", "message/global-headers")
)
_REPORTS = frozenset(("message/delivery-status", "message/global-delivery-status"))
#: RFC 3463; alone, or as qmail writes it: `(#5.1.1)`.
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
#: What mail servers answer (RFC 5321), where a text quotes nothing but that.
_REPLY = re.compile(r"(?<![\d.-])([45])\d\d[ -](?=\D)")
_ID_LINE = re.compile(r"^[> \t]*message-id:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)
#: Parts, and characters of text, that are looked at.
_MAX_PARTS, _MAX_TEXT = 50, 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """What a mail server says of an answer."""

    action: Literal["failed", "delayed"]
    status: str = ""  #: such as `5.1.1` (RFC 3463); "" if it names none

    @property
    def is_final(self) -> bool:
        """Whether it was given up; what is delayed may still arrive."""
        return self.action == "failed"

    def __str__(self) -> str:
        return f"{self.action} {self.status}".strip()


def read(raw: bytes) -> tuple[Bounce, tuple[str, ...]] | None:
    """The bounce in this mail, and the ids of what came back, likeliest first. Never raises."""
    try:
        return _read(mime_tree.read(raw))
    except Exception:  # hostile, in ways that `parse_email` does not meet since it looks at other parts
        return None


def _read(mail: Tree) -> tuple[Bounce, tuple[str, ...]] | None:
    message = mail.message
    is_report = message.get_content_type() == "multipart/report"
    parts = list(islice(message.walk(), _MAX_PARTS))
    reported, returned = _reported(parts), list(_returned(parts[1:]))
    # Last, since the tree is empty afterwards.
    texts = (part.text for part in leaves(mail) if part.type == "text/plain" and not part.forwarded)
    text = "\n".join(texts)[:_MAX_TEXT]
    if not is_report:
        told, copied = _told(text), [*returned, *_ID_LINE.findall(text)]
        return (told, tuple(copied)) if told and copied else None
    answered = headers.ids(headers.first(message, "In-Reply-To"))[:1]
    thread = headers.ids(headers.first(message, "References"))[-1:]
    ids = tuple(dict.fromkeys((*returned, *_ID_LINE.findall(text), *answered, *thread)))
    return (reported, ids) if reported and ids else None


def _reported(parts: Sequence[Message]) -> Bounce | None:
    """The worst that the report says of any recipient: an answer has but one, whom others may forward for."""
    found = [bounce for part in parts for group in _children(part, _REPORTS) if (bounce := _of_group(group))]
    return min(found, key=lambda bounce: not bounce.is_final, default=None)


def _of_group(group: Message) -> Bounce | None:
    """What the report says of one recipient; None for what went well, and for the fields before the first."""
    action = headers.first(group, "Action").partition("(")[0].strip().lower()
    status = _STATUS.search(headers.first(group, "Status"))
    code = status[1] if status else ""
    if action == "failed":
        return Bounce(action="failed", status=code)
    return Bounce(action="delayed", status=code) if action == "delayed" else None


def _children(part: Message, types: frozenset[str]) -> list[Message]:
    """The mails or groups of fields within a part of one of these types."""
    inside = part.get_payload() if part.get_content_type() in types else ()
    return [child for child in inside if isinstance(child, Message)]


def _told(text: str) -> Bounce | None:
    """What the text says, where there is no report."""
    if status := _STATUS.search(text):
        return _of_status(status[1])
    reply = _REPLY.search(text)
    return _of_status(f"{reply[1]}.0.0") if reply else None


def _of_status(status: str) -> Bounce | None:
    """A text names no action, but programs that write one have given up where the status is permanent."""
    if status.startswith("5"):
        return Bounce(action="failed", status=status)
    return Bounce(action="delayed", status=status) if status.startswith("4") else None


def _returned(parts: Sequence[Message]) -> Iterator[str]:
    """The id in the headers of what came back."""
    for part in parts:
        for returned in _children(part, _RETURNED):
            yield from headers.ids(headers.first(returned, "Message-ID"))
        if part.get_content_type() == "text/rfc822-headers":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                yield from _ID_LINE.findall(charsets.decode_bytes(content, "utf-8"))
