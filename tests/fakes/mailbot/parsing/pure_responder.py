"""The walk of one mail without ledger, mailbox and painter: from its bytes to the bytes of its answer.

fate_of          raw mail -> Fate: what became of it
flaws         what is wrong with an answer, whatever it answers
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email import policy as email_policy

from mailbot.intents import commands
from mailbot.intents.command_types import DeletePhotos, Help, ListStyles, Paint, Start, Stop
from mailbot.parsing.mail_parser import ParseError, StyleRequest, parse_email
from mailbot.replies import letters, sender_replies
from mailbot.replies.mime import ReplyContext
from mailbot.sender_policy import silence
from mailbot.storage.erasure import DeletionCounts
from mailbot.storage.ledger_rows import RawMessage
from mailbot.storage.mail_keys import dedupe_key
from styles.contract import StyleJob, StyleResult
from styles.errors import NoImage, NotAnImage, PainterError
from tests.fakes.mailbot.mails import STYLES, photo
from tests.fakes.mailbot.replies.results import reply_results

ADDRESS = "bot@painter.example"
_ID = f"<answer@{ADDRESS.rpartition('@')[2]}>"
_DATE = datetime(2026, 11, 24, 12, tzinfo=UTC)
_PAINTED = photo(64, 48, seed=9)
#: Fields of an answer, each there once at the most.
FIELDS = frozenset(
    (
        *("from", "to", "subject", "date", "message-id", "in-reply-to", "references", "auto-submitted"),
        *("x-auto-response-suppress", "mime-version", "content-type", "content-transfer-encoding", "x-loop"),
    )
)
_BARE = re.compile(rb"(?<!\r)\n|\r(?!\n)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of a mail."""

    kind: str  #: `painted`, `told: NoImage`, `silent: list`, `set aside`, …
    answer: bytes | None = None
    request: StyleRequest | None = None


def fate_of(raw: bytes) -> Fate:
    """Everything that the bot does with a mail's bytes. Raises only where it must not."""
    envelope = RawMessage(account="a", folder="INBOX", uidvalidity=1, uid=1, body=raw, size=len(raw))
    dedupe = dedupe_key(envelope)
    try:
        request = parse_email(raw)
    except ParseError:
        return Fate(kind="set aside")
    if reason := silence.silence(request, frozenset((ADDRESS,))):
        return Fate(kind=f"silent: {reason.partition(':')[0]}", request=request)
    try:
        kind, answer = _answer(request, dedupe)
    except PainterError as error:
        kind = f"told: {type(error).__name__}"
        answer = letters.reply_error(_context(request), error)
    return Fate(kind=kind, answer=answer, request=request)


def _answer(request: StyleRequest, dedupe: str) -> tuple[str, bytes]:
    try:
        command = commands.read(request, STYLES, "candy", dedupe[:16], own=(ADDRESS,))
    except NoImage:
        silence.check(request)
        raise
    context = _context(request)
    match command:
        case Help():
            return "help", letters.reply_help(context)
        case ListStyles():
            return "styles", letters.reply_styles(context)
        case Stop():
            return "stop", sender_replies.reply_stop(context)
        case Start():
            return "start", sender_replies.reply_start(context)
        case DeletePhotos():
            return "deleted", sender_replies.reply_deleted(context, DeletionCounts(mails=1, answers=0))
        case Paint(jobs=jobs):
            results = [_painted(request, number, job) for number, job in enumerate(jobs)]
            return "painted", reply_results(context, jobs, results)


def _context(request: StyleRequest) -> ReplyContext:
    return ReplyContext(request=request, bot_address=ADDRESS, styles=STYLES, message_id=_ID, date=_DATE)


def _painted(request: StyleRequest, number: int, job: StyleJob) -> StyleResult | PainterError:
    if number < len(request.images) and not request.images[number].kind:
        return NotAnImage()
    return StyleResult(
        job_id=job.id, image=_PAINTED, style=job.style, version=1, seconds=0.1, runner="r", preview=_PAINTED
    )


def flaws(fate: Fate) -> list[str]:
    """What no answer may be, whatever the mail was: ill-formed, doubled fields, sent to somebody else."""
    answer, request = fate.answer, fate.request
    if answer is None or request is None:
        return []
    head, _, _ = answer.partition(b"\r\n\r\n")
    names = Counter(line.partition(b":")[0].decode().lower() for line in _unfolded(head))
    message = message_from_bytes(answer, policy=email_policy.default)
    recipients = [address for name in ("to", "cc", "bcc") for address in _addresses(message[name])]
    found = {
        "a line end of its own": bool(_BARE.search(answer)),
        "a long line": max(map(len, answer.split(b"\r\n"))) > 998,
        "8 bits in a field": not head.isascii(),
        f"fields {sorted(set(names) - FIELDS)}": not set(names) <= FIELDS,
        "a field twice": max(names.values()) > 1,
        f"to {recipients}": recipients != [request.sender],
        "defects": any(part.defects for part in message.walk()),
    }
    return [flaw for flaw, is_there in found.items() if is_there]


def _unfolded(head: bytes) -> list[bytes]:
    return re.sub(rb"\r\n[ \t]+", b" ", head).split(b"\r\n")


def _addresses(field: object) -> list[str]:
    return [address.addr_spec for address in getattr(field, "addresses", ())]
