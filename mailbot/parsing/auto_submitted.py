"""What tells a person's mail from a machine's: the header fields and parts that `policy` looks at.

    AutomationHeaders        all of them, as they came
    read_automation_headers   from a parsed mail; never raises on what a field holds

Everything is kept as it came: what it means is for `policy` to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from mailbot.parsing import headers

#: Fields that vacation programs and mailbox rules write, and no person's mail program: the name says it.
_MACHINES = (
    *("x-autoreply", "x-autoreply-from", "x-autorespond", "x-autoresponder", "x-mail-autoreply"),
    *("x-ms-exchange-inbox-rules-loop", "x-ms-exchange-generated-message-source", "x-fc-machinegenerated"),
)
#: Parts that machines write for machines, whatever stands around them.
_MACHINE_PARTS = frozenset(
    (
        *("message/delivery-status", "message/global-delivery-status", "message/feedback-report"),
        *("message/disposition-notification", "message/global-disposition-notification"),
    )
)
#: Parts of one mail that are looked at: a report has three.
_MAX_PARTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomationHeaders:
    """Header fields by which machines recognise each other; "" and () where a mail has none."""

    from_address: str  #: normalised, "" if invalid
    other_senders: tuple[
        str, ...
    ] = ()  #: normalised: `Sender`, and what follows the first `From` and `Reply-To`
    return_path: str | None = None  #: the envelope sender; "" is `<>`, None is unknown
    auto_submitted: tuple[str, ...] = ()
    precedence: tuple[str, ...] = ()
    suppress: str = ""  #: X-Auto-Response-Suppress
    list_fields: tuple[str, ...] = ()  #: names of the list headers that are there
    autoresponder_fields: tuple[str, ...] = ()  #: names of fields that only autoresponders write
    loops: tuple[str, ...] = ()  #: X-Loop: whoever has dealt with this mail
    content_type: str = "text/plain"
    machine_parts: tuple[str, ...] = ()  #: types of parts that machines write for machines, at any depth
    calendar: bool = False  #: an invitation or an answer to one (iTIP, RFC 5546)
    authentication_results: tuple[str, ...] = ()  #: topmost first


def read_automation_headers(message: Message) -> AutomationHeaders:
    """The origin of `message`, a mail of the policy `compat32`."""

    def mailboxes(field: str) -> tuple[str, ...]:
        return tuple(address for _, address in headers.addresses(headers.fields(message, field)))

    names = sorted({key.lower() for key, _ in message.raw_items()})
    paths = headers.fields(message, "Return-Path")
    senders = mailboxes("From")
    parts = list(_parts(message))
    return AutomationHeaders(
        from_address=senders[0] if senders else "",
        other_senders=(*mailboxes("Sender"), *senders[1:], *mailboxes("Reply-To")[1:]),
        return_path=paths[0].strip("<> ") if paths else None,
        auto_submitted=headers.fields(message, "Auto-Submitted"),
        precedence=headers.fields(message, "Precedence"),
        suppress=headers.first(message, "X-Auto-Response-Suppress"),
        list_fields=tuple(name for name in names if name.startswith("list-")),
        autoresponder_fields=tuple(name for name in names if name in _MACHINES),
        loops=headers.fields(message, "X-Loop"),
        content_type=message.get_content_type(),
        machine_parts=tuple(type for part in parts if (type := part.get_content_type()) in _MACHINE_PARTS),
        calendar=any(_is_itip(part) for part in parts),
        authentication_results=headers.fields(message, "Authentication-Results"),
    )


def _parts(message: Message) -> Iterator[Message]:
    """The mail and its parts, without those of mails within it: a person may forward a machine's."""
    waiting = [message]
    for _ in range(_MAX_PARTS):
        if not waiting:
            return
        part = waiting.pop()
        yield part
        inside = part.get_payload()
        if isinstance(inside, list) and part.get_content_maintype() == "multipart":
            waiting += [child for child in reversed(inside) if isinstance(child, Message)]


def _is_itip(part: Message) -> bool:
    """An invitation, its answer or its end; a mere file with dates has no method."""
    if part.get_content_type() != "text/calendar":
        return False
    try:
        return bool(part.get_param("method"))
    except Exception:  # the RFC 2231 code trips over broken parameters in many ways
        return False
