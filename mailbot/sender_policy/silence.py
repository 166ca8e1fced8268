"""Recognise mails that must never be answered, and mails that bring no usable photo.

Two machines that answer each other never stop. So silence is decided before anything else, errors included.
The rules are those of RFC 3834, and of the mails that Exchange and list software send. A reason is logged, so
it contains no word that the sender wrote.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from mailbot.parsing import unsupported_files
from mailbot.parsing.automation_headers import AutomationHeaders
from mailbot.parsing.headers import without_tag
from mailbot.parsing.mail_parser import StyleRequest
from styles.errors import Permanent

#: Why a mail is never answered; docs/never-answer.md explains each. A colon and details may follow a reason.
REASONS = (
    *("auto-submitted", "null envelope sender", "delivery report", "x-auto-response-suppress"),
    *("autoresponder", "calendar", "list", "precedence", "no valid sender", "unattended sender"),
    *("own address", "loop"),
)
_AUTOMATIC = frozenset(("auto-generated", "auto-replied", "auto-notified"))
_BULK = frozenset(("bulk", "list", "junk", "auto_reply"))
#: The fields of RFC 2369, 2919 and 8058. Only these names may be logged; senders can invent others.
_LIST_FIELDS = frozenset(
    f"list-{name}"
    for name in ("archive", "help", "id", "owner", "post", "subscribe", "unsubscribe", "unsubscribe-post")
)
#: Local parts of addresses that nobody reads, without `.`, `_` and `-`: RFC 3834 section 2, list software,
#: and Exchange, which sends its reports as `MicrosoftExchange` and 32 hex digits.
_ROBOTS = re.compile(
    r"(?:mailerdaemon|listserv|majordomo|autoreply|autoresponder)(?:\+.*)?$"
    r"|noreply|donotreply|microsoftexchange[0-9a-f]{32}$"
)
#: Addresses of mailing lists; their software puts the recipient behind a `+` (VERP).
_OF_LISTS = re.compile(r"owner-.+|.+-(?:request|bounces?)(?:\+.*)?$")
#: Envelope senders of bulk mail.
_BOUNCES = re.compile(r"bounces?(?:[-+=.].*)?$")
#: Subjects of bounces by `postmaster`, an address that a person may have too.
_UNDELIVERABLE = re.compile(
    r"undeliver|not delivered|delivery (?:status|failure|fail|delay|has failed|incomplete)|failure notice"
    r"|returned mail|mail delivery|unzustellbar|nicht zugestellt|non remis|échec de la remise"
    r"|no se (?:puede|pudo) entregar|no entregado|non recapit|mancato recapito|onbestelbaar|недоставлен"
    r"|não foi possível entregar|kan inte levereras|配信不能|无法投递|未送达",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"\([^()]*\)")


class UnsupportedMail(Permanent):
    """Report a mail without a photo but with another file, or with a photo that cannot be opened."""


def silence(request: StyleRequest, own: Collection[str]) -> str | None:
    """Return the reason why this mail must never be answered, or None.

    `own` are the bot's addresses; `bot+anything@` counts as one of them.
    """
    automation = request.automation
    bots = {without_tag(address) for address in own}
    return _automatic(automation) or _bulk(automation) or _unattended(request) or _own(request, bots)


def check(request: StyleRequest) -> None:
    """Raise `UnsupportedMail` for a mail that is known to hold something else than a photo."""
    if sentence := unsupported_files.SENTENCES.get(request.unsupported):
        raise UnsupportedMail(sentence)


def _automatic(automation: AutomationHeaders) -> str | None:
    for keyword in map(_keyword, automation.auto_submitted):
        if keyword not in ("", "no"):
            return f"auto-submitted: {keyword}" if keyword in _AUTOMATIC else "auto-submitted"
    signs = {
        "null envelope sender": automation.null_sender,
        "delivery report": automation.content_type == "multipart/report" or automation.machine_parts,
        "x-auto-response-suppress": _keyword(automation.suppress) not in ("", "none"),
        "autoresponder": automation.autoresponder_fields,
        "calendar": automation.calendar,
    }
    return next((reason for reason, is_so in signs.items() if is_so), None)


def _bulk(automation: AutomationHeaders) -> str | None:
    if automation.list_fields:
        name = automation.list_fields[0]
        return name if name in _LIST_FIELDS else "list"
    keywords = (_keyword(field).replace("-", "_") for field in automation.precedence)
    return next((f"precedence: {keyword}" for keyword in keywords if keyword in _BULK), None)


def _unattended(request: StyleRequest) -> str | None:
    """Return the reason for a mail without an address, or with one that belongs to a program."""
    if not request.sender or not request.automation.from_address:
        return "no valid sender"
    *senders, envelope = map(_local, (*_senders(request), request.automation.return_path or ""))
    if "postmaster" in (*senders, envelope) and _UNDELIVERABLE.search(request.subject):
        return "unattended sender"
    is_robot = any(
        _ROBOTS.match(re.sub(r"[._-]", "", local)) or _OF_LISTS.match(local) for local in (*senders, envelope)
    )
    return "unattended sender" if is_robot or _BOUNCES.match(envelope) else None


def _own(request: StyleRequest, bots: Collection[str]) -> str | None:
    if any(without_tag(address) in bots for address in _senders(request)):
        return "own address"
    loops = (without_tag(loop.strip("<> ")) for loop in request.automation.loops)
    return "loop" if any(loop in bots for loop in loops) else None


def _senders(request: StyleRequest) -> tuple[str, ...]:
    return (request.sender, request.automation.from_address, *request.automation.other_senders)


def _local(address: str) -> str:
    return address.rpartition("@")[0].lower()


def _keyword(field: str) -> str:
    """Return a field's keyword, without comments and parameters."""
    return _COMMENT.sub("", field).partition(";")[0].strip().lower()
