"""Find mails in the ledger by a word, and describe the way of each, for `mailbot trace`.

The ledger has the times of a mail's way for good, and its addresses for `keep_days`. Afterwards a mail is
still found by its number, its trace, its Message-ID or its sender's address. All of these are kept as keyed
hashes, or follow from one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from mailbot.admin.ledger_summary import masked, without_addresses
from mailbot.storage.conversations import hashed_id
from mailbot.storage.keyed_hash import pseudonym, secret_of, trace_of

#: Mails that are shown, the newest ones.
MOST = 20
#: Digits of a trace from which a mail is looked for by it. Logs for people have eight.
LEAST_DIGITS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceStep:
    """Hold one moment of a mail's way."""

    at: float  #: seconds since the epoch
    words: str
    error: str = ""  #: words of a server, or the reason


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTrace:
    """Hold the way of one mail."""

    id: int
    trace: str  #: as in the logs, 32 hex digits
    sender: str  #: "" once it was erased
    state: str
    attempts: int
    postponed: int
    reason: str  #: of its last delay, or of its silence
    steps: tuple[TraceStep, ...]  #: in the order of their times


def find(db: sqlite3.Connection, word: str, *, addresses: bool = False) -> list[MailTrace]:
    """Return the mails of a number, a trace or its beginning, a Message-ID or a sender; the newest first.

    Addresses are masked unless `addresses` is set.
    """
    secret = secret_of(db)
    if word.isdecimal() and (found := _mails(db, "id = ?", word)):
        pass
    elif "@" in word or ":" in word:
        name = word if word.startswith("<") else f"<{word}>"
        # Of the senders' own mails, of the bot's answers, and of the senders.
        where = """letter_id = ? OR id IN (SELECT message FROM outbox WHERE message_id = ?)
            OR correspondent = ?"""
        found = _mails(db, where, hashed_id(db, name), name, pseudonym(secret, word))
    else:
        found = _of_trace(db, secret, word.lower())
    described = [_described(db, secret, row) for row in found]
    return described if addresses else list(map(_masked, described))


def _masked(mail: MailTrace) -> MailTrace:
    steps = tuple(replace(step, error=without_addresses(step.error)) for step in mail.steps)
    reason = without_addresses(mail.reason)
    return replace(mail, sender=masked(mail.sender), reason=reason, steps=steps)


def _mails(db: sqlite3.Connection, where: str, *values: str) -> list[Any]:
    query = f"SELECT * FROM message WHERE {where} ORDER BY id DESC LIMIT {MOST}"  # noqa: S608 - constants
    return db.execute(query, values).fetchall()


def _of_trace(db: sqlite3.Connection, secret: bytes, word: str) -> list[Any]:
    """Return the mails whose trace begins with a word. It takes about a second for a million mails."""
    if len(word) < LEAST_DIGITS:
        return []
    rows = db.execute("SELECT id, dedupe FROM message ORDER BY id DESC")
    numbers = (str(row["id"]) for row in rows if trace_of(secret, row["dedupe"]).startswith(word))
    return [mail for number in numbers for mail in _mails(db, "id = ?", number)][:MOST]


def _described(db: sqlite3.Connection, secret: bytes, row: Any) -> MailTrace:
    answers = db.execute("SELECT * FROM outbox WHERE message = ? ORDER BY id", (row["id"],)).fetchall()
    steps = [*_steps_of_mail(row), *(step for answer in answers for step in _steps_of_answer(answer))]
    return MailTrace(
        id=row["id"],
        trace=trace_of(secret, row["dedupe"]),
        sender="" if row["sender"].startswith("#") else row["sender"],
        state=row["state"],
        attempts=row["attempts"],
        postponed=row["postponed"],
        reason=row["reason"],
        steps=tuple(sorted(steps, key=lambda step: step.at)),
    )


def _steps_of_mail(row: Any) -> Iterator[TraceStep]:
    words = f"came in, {row['size']} bytes" if row["size"] else "was written without a mail before it"
    yield TraceStep(at=row["accepted_at"], words=words)
    if row["parsed_at"]:
        yield TraceStep(at=row["parsed_at"], words="was read, and may be answered")
    if row["painted_at"]:
        yield TraceStep(at=row["painted_at"], words=f"was painted, engine {row['engine_seconds']:.2f} s")
    if row["state"] == "accepted" and row["next_at"] > row["accepted_at"]:
        yield TraceStep(at=row["next_at"], words="is worked on again", error=row["reason"])
    if row["finished_at"] and row["state"] in {"silent", "quarantined"}:
        words = "is in quarantine" if row["state"] == "quarantined" else "is not answered"
        yield TraceStep(at=row["finished_at"], words=words, error=row["reason"])
    if row["erased_at"]:
        yield TraceStep(at=row["erased_at"], words="its content was erased")


def _steps_of_answer(row: Any) -> Iterator[TraceStep]:
    kind, id = row["kind"], row["message_id"]
    yield TraceStep(at=row["created_at"], words=f"its answer was written: {kind}, {id}")
    if row["sending_at"] and not row["sent_at"]:
        words = f"attempt {row['attempts']} to send its answer"
        yield TraceStep(at=row["sending_at"], words=words, error=row["last_error"] or row["state"])
    if row["sent_at"]:
        words = f"its answer was taken by the mail server, attempt {row['attempts']}"
        yield TraceStep(at=row["sent_at"], words=words)
    if row["bounced_at"]:
        yield TraceStep(at=row["bounced_at"], words="its answer came back", error=row["bounce"])
