"""A ledger for a test: mails put into it, worked on, and looked for on the disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mailbot.sender_policy import rate_limits
from mailbot.sender_policy.rate_limits import RateLimits, ReplyRequest
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import Message, RawMessage, Reply
from mailbot.storage.spool import folder_of


def numbered(number: int = 1, size: int = 0) -> bytes:
    """A mail that is known by its number, of at least about `size` bytes."""
    head = f"From: ann@example.org\r\nMessage-ID: <{number}@example.org>\r\nSubject: mosaic\r\n\r\n"
    return head.encode() + b"\r\n".join([b"x" * 70] * (size // 72)) + b"number %d\r\n" % number


async def admit(ledger: Ledger, message: Message, sender: str = "ann@example.org") -> None:
    """As the bot does once it has read a mail."""
    asking = ReplyRequest(message=message.id, sender=sender, who=ledger.known_as(sender), has_photo=True)
    limits = RateLimits(per_hour=60, per_day=60, notes_per_hour=60)
    verdict = await ledger.transact(lambda db: rate_limits.admit(db, asking, limits, message.accepted_at))
    assert verdict.kind == "answer"


HEAD = b"From: ann@example.org\r\nMessage-ID: <1@example.org>\r\nDate: Mon, 1 Jan 2024 10:00:00 +0000\r\n"
BODY = HEAD + b"\r\nhello\r\n"
RAW = RawMessage(account="bot@host", folder="INBOX", uidvalidity=7, uid=1, body=BODY, size=len(BODY))
REPLY = Reply(
    kind="results",
    message_id="<r1@painter.example>",
    recipient="ann@example.org",
    content=b"painted" * 1000,
    engine_seconds=0.25,
    painted_at=5.0,
    pictures=("aa", "bb"),
)


class Clock:
    """Time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def variant(number: int, **changes: object) -> RawMessage:
    body = BODY.replace(b"<1@", b"<%d@" % number)
    return replace(RAW, **{"uid": number, "body": body, "size": len(body), **changes})  # type: ignore[arg-type]


async def accept(ledger: Ledger, raw: RawMessage = RAW) -> Message:
    message = await ledger.accept(raw)
    assert message is not None
    return message


async def work(ledger: Ledger) -> Message:
    (message,) = await ledger.lease(1)
    return message


async def census(ledger: Ledger) -> dict[str, int]:
    """How many messages and outbox rows are in each state, as `message.done` or `outbox.sent`."""
    query = """SELECT 'message.' || state, count(*) FROM message GROUP BY state
        UNION ALL SELECT 'outbox.' || state, count(*) FROM outbox GROUP BY state"""
    return await ledger.read(lambda db: dict(db.execute(query).fetchall()))


def spooled(file: Path) -> list[str]:
    return sorted(path.name for path in folder_of(file).iterdir())


def on_disk(file: Path) -> bytes:
    """The ledger's file and those that SQLite keeps beside it."""
    paths = sorted(file.parent.glob(f"{file.name}*"))
    return b"".join(path.read_bytes() for path in paths if path.is_file())
