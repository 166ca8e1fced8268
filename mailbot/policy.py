"""Who gets no answer at all, and who gets a polite no.

    silence     why a mail must never be answered, or None
    check       raises what its sender is told

Two machines that answer each other do so for ever, so silence is decided before anything else, errors
included. The rules are RFC 3834's, and what Exchange and list software are known to send beside them.
"""

from __future__ import annotations

from mailbot import headers
from mailbot.parse import Origin, StyleRequest
from styles.errors import Permanent

_BULK = frozenset(("bulk", "list", "junk", "auto_reply"))
#: Local parts behind which nobody reads: RFC 3834 section 2, and the usual unattended ones.
_ROBOTS = frozenset(("mailer-daemon", "noreply", "no-reply", "donotreply", "do-not-reply"))


class SealedMail(Permanent):
    """A mail whose content cannot be looked at."""


def silence(request: StyleRequest, own: frozenset[str]) -> str | None:
    """The reason why this mail must never be answered; None if it may be.

    `own` are the bot's addresses; `bot+anything@` counts as one of them.
    """
    origin = request.origin
    reason = _automatic(origin) or _bulk(origin) or _unattended(request) or _own(request, own)
    # It is logged, and some of it is the sender's: no terminal escapes.
    return reason and (headers.clean(reason, 60) or "unreadable")


def check(request: StyleRequest) -> None:
    """Raises `SealedMail` for a mail that no program but the reader's own can open."""
    if request.sealed == "encrypted":
        raise SealedMail("Your mail is encrypted, and I have no key: please send the photo in a plain mail.")
    if request.sealed == "winmail":
        raise SealedMail(
            "Outlook packed your photo into a file named winmail.dat, which I cannot open: "
            "please send the mail as HTML or plain text."
        )


def _automatic(origin: Origin) -> str | None:
    keyword = origin.auto_submitted.split(";")[0].split("(")[0].strip().lower()
    if keyword not in ("", "no"):
        return f"auto-submitted: {keyword[:40]}"
    if origin.return_path == "":
        return "null envelope sender"
    if origin.content_type == "multipart/report":
        return "delivery report"
    if origin.suppress.strip().lower() not in ("", "none"):
        return "x-auto-response-suppress"
    return "autoresponder" if origin.autoresponder_fields else None


def _bulk(origin: Origin) -> str | None:
    if origin.list_fields:
        return origin.list_fields[0]
    precedence = origin.precedence.strip().lower().replace("-", "_")
    return f"precedence: {precedence}" if precedence in _BULK else None


def _unattended(request: StyleRequest) -> str | None:
    """No address, or one that belongs to a program."""
    if not request.sender or not request.origin.from_address:
        return "no valid sender"
    for address in (*_senders(request), request.origin.return_path or ""):
        local = address.rpartition("@")[0].lower()
        if local in _ROBOTS or local.startswith("owner-") or local.endswith("-request"):
            return "unattended sender"
    return None


def _own(request: StyleRequest, own: frozenset[str]) -> str | None:
    ours = {_without_tag(address) for address in own}
    return "own address" if any(_without_tag(a) in ours for a in _senders(request) if a) else None


def _senders(request: StyleRequest) -> tuple[str, ...]:
    return (request.sender, request.origin.from_address, request.origin.sender_address)


def _without_tag(address: str) -> str:
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
