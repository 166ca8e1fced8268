"""Read the header fields and parts that distinguish a machine's mail from a person's.

They are kept as they came. `mailbot.sender_policy` decides what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from itertools import islice

from mailbot.parsing import headers, mime_tree
from mailbot.parsing.mime_parts import parameter

#: Fields of vacation programs and mailbox rules, which no person's mail program writes.
_MACHINES = (
    *("x-autoreply", "x-autoreply-from", "x-autorespond", "x-autoresponder", "x-mail-autoreply"),
    *("x-ms-exchange-inbox-rules-loop", "x-ms-exchange-generated-message-source", "x-fc-machinegenerated"),
)
#: Types of parts that machines write for machines.
_MACHINE_PARTS = (
    *("message/delivery-status", "message/global-delivery-status", "message/feedback-report"),
    *("message/disposition-notification", "message/global-disposition-notification"),
)
#: Fields of servers and providers that hold the envelope sender, beside `Return-Path`.
_ENVELOPES = (
    "Envelope-From",
    "X-Envelope-From",
    "X-Envelope-Sender",
    "X-Mail-From",
    "X-Original-Return-Path",
)
_NULL_SENDER = re.compile(r"envelope-from[ =:]{1,3}\"?<>", re.IGNORECASE)
#: Parts of one mail that are read; a report has three.
_MAX_PARTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomationHeaders:
    """Hold the fields by which machines recognise each other; "" and () for missing ones."""

    from_address: str  #: normalised, "" if invalid
    #: Normalised: `Sender`, and all but the first of `From` and `Reply-To`.
    other_senders: tuple[str, ...] = ()
    return_path: str | None = None  #: the envelope sender; "" is `<>`, None is unknown
    null_sender: bool = False  #: any field says that the envelope sender was `<>`
    auto_submitted: tuple[str, ...] = ()
    precedence: tuple[str, ...] = ()
    suppress: str = ""  #: X-Auto-Response-Suppress
    list_fields: tuple[str, ...] = ()  #: names of the list fields
    autoresponder_fields: tuple[str, ...] = ()  #: names of autoresponders' fields
    loops: tuple[str, ...] = ()  #: X-Loop: programs that handled this mail
    content_type: str = "text/plain"
    machine_parts: tuple[str, ...] = ()  #: types of machines' parts, at any depth
    calendar: bool = False  #: an invitation or its answer (iTIP, RFC 5546)
    authentication_results: tuple[str, ...] = ()  #: topmost first


def read_automation_headers(message: Message) -> AutomationHeaders:
    """Read the fields of `message`, a mail of the policy `compat32`. Never raises."""

    def mailboxes(field: str) -> tuple[str, ...]:
        return tuple(address for _, address in headers.addresses(message, field))

    names = sorted({key.lower() for key, _ in message.raw_items()})
    paths = headers.fields(message, "Return-Path")
    senders = mailboxes("From")
    parts = list(islice(_parts(message), _MAX_PARTS))
    return AutomationHeaders(
        from_address=senders[0] if senders else "",
        other_senders=(*mailboxes("Sender"), *senders[1:], *mailboxes("Reply-To")[1:]),
        return_path=paths[0].strip("<> ") if paths else None,
        null_sender="" in (path.strip("<> ") for path in paths) or _has_null_sender(message),
        auto_submitted=headers.fields(message, "Auto-Submitted"),
        precedence=headers.fields(message, "Precedence"),
        suppress=headers.first(message, "X-Auto-Response-Suppress"),
        list_fields=tuple(name for name in names if name.startswith("list-")),
        autoresponder_fields=tuple(name for name in names if name in _MACHINES),
        loops=headers.fields(message, "X-Loop"),
        content_type=message.get_content_type(),
        machine_parts=tuple(type for part in parts if (type := part.get_content_type()) in _MACHINE_PARTS),
        # A mere file with dates has no method.
        calendar=any(p.get_content_type() == "text/calendar" and parameter(p, "method") for p in parts),
        authentication_results=headers.fields(message, "Authentication-Results"),
    )


def _has_null_sender(message: Message) -> bool:
    """Tell whether a server noted the envelope sender `<>`, in a field of its own or beside its name."""
    named = (value for name in _ENVELOPES for value in headers.fields(message, name))
    noted = (value for name in ("Received", "Received-SPF") for value in headers.fields(message, name))
    return any(value == "<>" for value in named) or any(_NULL_SENDER.search(value) for value in noted)


def _parts(message: Message) -> Iterator[Message]:
    """Yield the mail and its parts, but not those of forwarded mails: a person may forward a machine's."""
    yield message
    if message.get_content_maintype() == "multipart":
        for part in mime_tree.children(message):
            yield from _parts(part)
