"""Summarise the ledger at one moment, without writing and without any lock.

Times are seconds since the epoch, ages and durations seconds. Addresses are complete; `masked` and
`without_addresses` shorten them.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from mailbot.admin.heartbeat import HeartbeatRow
from mailbot.parsing.mail_parser import MAIL
from mailbot.storage.ledger_rows import MessageState
from mailbot.storage.outside_access import looking
from mailbot.storage.spool import file_sizes, folder_of
from mailbot.undelivered import one_time_codes
from styles.service.units import DAY, HOUR

#: Rows of each list.
MOST = 10

_OLDEST_MAIL = """SELECT min(max(accepted_at, next_at)) FROM message
    WHERE state = 'working' OR (state = 'accepted' AND next_at <= :now)"""
_OLDEST_ANSWER = "SELECT min(created_at) FROM outbox WHERE state IN ('pending', 'sending')"
_OTHER_SENDER = re.compile(r"([a-z]+:.)[^\s@]*")
_ADDRESS = re.compile(r"[^\s<>@\"]+@[^\s<>@\",;]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Postponed:
    """Describe a mail that is worked on later."""

    id: int
    accepted_at: float
    next_at: float
    times: int  #: number of postponements
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentMail:
    """Describe one of the last mails."""

    id: int
    accepted_at: float
    sender: str
    kind: str  #: of the answer; "" if there is none yet
    state: str  #: of the answer, or else of the mail
    seconds: float | None  #: from its arrival to the end: its answer's, its silence's; None: it has none yet
    engine_seconds: float
    erased: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedReply:
    """Describe an answer that was refused for good, or came back."""

    id: int  #: of the mail
    recipient: str
    at: float
    error: str
    can_retry: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSizes:
    """Count the ledger's bytes on this disk."""

    ledger: int
    spool: int
    spooled: int  #: files


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyCounts:
    """Count the answers that were given or are being made, as the limits do."""

    answers: int
    people: int  #: number of senders who got them
    most: int  #: answers to one person


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Hold the whole summary."""

    at: float
    bot: HeartbeatRow | None  #: its last beat
    mails: Mapping[str, int]  #: by state; `quarantined` are those that are still kept
    oldest_mail: float | None  #: age of the oldest mail that is not dealt with and not put off
    postponed: tuple[Postponed, ...]
    answers: Mapping[str, int]  #: by state; `bounced` are a part of `sent` and `failed`
    oldest_answer: float | None  #: age of the oldest that is to be sent
    latest: tuple[RecentMail, ...]
    refused: tuple[FailedReply, ...]
    sizes: LedgerSizes
    channels: Mapping[str, Mapping[str, int]]  #: messages that came in by each channel, by state
    codes: Mapping[str, int]  #: of answers that did not arrive: waiting, redeemed, expired
    untold: int  #: waiting codes of which no mail could tell the sender
    hour: ReplyCounts  #: of the last hour
    day: ReplyCounts


def overview(file: Path, now: float) -> Overview:
    """Read the summary. Raises `NoLedger` and sqlite3.Error."""
    spooled, ledger = file_sizes(folder_of(file)), file_sizes(file.parent, f"{file.name}*")
    with looking(file) as db:
        return Overview(
            at=now,
            bot=HeartbeatRow.of(db),
            mails=_mails(db),
            oldest_mail=_age(db, now, _OLDEST_MAIL),
            postponed=_postponed(db, now),
            answers=_answers(db),
            oldest_answer=_age(db, now, _OLDEST_ANSWER),
            latest=_latest(db),
            refused=_refused(db),
            sizes=LedgerSizes(ledger=sum(ledger), spool=sum(spooled), spooled=len(spooled)),
            channels=_channels(db),
            codes=one_time_codes.counts(db),
            untold=sum(not each.is_told for each in one_time_codes.waiting(db)),
            hour=_given(db, now - HOUR),
            day=_given(db, now - DAY),
        )


def masked_overview(found: Overview) -> Overview:
    """Return a copy in which all addresses are masked."""
    latest = tuple(replace(each, sender=masked(each.sender)) for each in found.latest)
    refused = tuple(
        replace(each, recipient=masked(each.recipient), error=without_addresses(each.error))
        for each in found.refused
    )
    return replace(found, latest=latest, refused=refused)


def masked(address: str) -> str:
    """Return an address as `j…@example.org`, and a sender of another channel as `telegram:1…`.

    Other text is kept as it is.
    """
    local, at, domain = address.rpartition("@")
    if other := _OTHER_SENDER.fullmatch(address):
        return f"{other[1]}…"
    return f"{local[:1]}…@{domain}" if at else address


def without_addresses(words: str) -> str:
    """Mask the addresses in a server's answer."""
    return _ADDRESS.sub(lambda match: masked(match[0]), words)


def _mails(db: sqlite3.Connection) -> dict[str, int]:
    # Of the quarantined mails only those that are still kept.
    query = """SELECT state, count(*) FROM message
        WHERE state <> 'quarantined' OR erased_at IS NULL GROUP BY state"""
    return dict.fromkeys(get_args(MessageState), 0) | dict(db.execute(query).fetchall())


def _channels(db: sqlite3.Connection) -> dict[str, dict[str, int]]:
    query = "SELECT channel, state, count(*) FROM message GROUP BY channel, state"
    found: dict[str, dict[str, int]] = {MAIL: {}}
    for channel, state, count in db.execute(query):
        found.setdefault(channel, {})[state] = count
    return found


def _answers(db: sqlite3.Connection) -> dict[str, int]:
    query = """SELECT state, count(*) FROM outbox GROUP BY state
        UNION ALL SELECT 'bounced', count(bounced_at) FROM outbox"""
    counts = dict.fromkeys(("pending", "sending", "sent", "failed"), 0)
    return counts | dict(db.execute(query).fetchall())


def _postponed(db: sqlite3.Connection, now: float) -> tuple[Postponed, ...]:
    query = """SELECT id, accepted_at, next_at, postponed AS times, reason FROM message
        WHERE state = 'accepted' AND next_at > ? ORDER BY next_at LIMIT ?"""
    return tuple(Postponed(**row) for row in _rows(db, query, now, MOST))


def _latest(db: sqlite3.Connection) -> tuple[RecentMail, ...]:
    # One line a mail, though its answer may have several parts. The state furthest from "sent" counts: in
    # the alphabet bounced, failed, pending, sending, sent.
    query = """SELECT mail.id, accepted_at, coalesce(max(kind), '') AS kind,
        iif(sender LIKE '#%', '', sender) AS sender,  -- a pseudonym is no address
        coalesce(min(iif(bounced_at IS NULL, outbox.state, 'bounced')), mail.state) AS state,
        CASE WHEN count(outbox.id) = 0 THEN finished_at
            WHEN count(sent_at) = count(outbox.id) THEN max(sent_at) END - accepted_at AS seconds,
        engine_seconds, erased_at IS NOT NULL AS erased
        FROM (SELECT * FROM message ORDER BY id DESC LIMIT ?) AS mail
        LEFT JOIN outbox ON outbox.message = mail.id GROUP BY mail.id ORDER BY mail.id DESC"""
    return tuple(RecentMail(**row | {"erased": bool(row["erased"])}) for row in _rows(db, query, MOST))


def _refused(db: sqlite3.Connection) -> tuple[FailedReply, ...]:
    query = """SELECT message AS id, max(recipient) AS recipient,
        max(coalesce(bounced_at, sending_at, created_at)) AS at,
        max(CASE WHEN last_error = '' THEN bounce ELSE last_error END) AS error,
        max(bounced_at IS NULL AND letter.outbox IS NOT NULL) AS can_retry
        FROM outbox JOIN message ON message.id = outbox.message LEFT JOIN letter ON letter.outbox = outbox.id
        WHERE (outbox.state = 'failed' OR bounced_at IS NOT NULL) AND erased_at IS NULL
        GROUP BY message ORDER BY at DESC LIMIT ?"""
    return tuple(FailedReply(**row | {"can_retry": bool(row["can_retry"])}) for row in _rows(db, query, MOST))


def _rows(db: sqlite3.Connection, query: str, *values: float) -> Iterator[dict[str, Any]]:
    return map(dict, db.execute(query, values))


def _age(db: sqlite3.Connection, now: float, query: str) -> float | None:
    (since,) = db.execute(query, {"now": now}).fetchone()
    return None if since is None else max(0.0, now - since)


def _given(db: sqlite3.Connection, since: float) -> ReplyCounts:
    # By the index, since otherwise the planner reads all that was ever answered.
    query = """SELECT correspondent, count(*) AS number FROM message INDEXED BY message_admitted
        WHERE parsed_at > ? AND admission <> '' AND state IN ('accepted', 'working', 'done')
        GROUP BY correspondent"""
    numbers = [row["number"] for row in db.execute(query, (since,))]
    return ReplyCounts(answers=sum(numbers), people=len(numbers), most=max(numbers, default=0))
