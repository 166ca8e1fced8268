"""Limit the answers to one sender and to all, in one transaction of the ledger.

An admitted mail stays admitted through retries and restarts. Mails are counted, not attempts, and mails
without an answer do not count.

    over a limit of the sender    One notice in that window says when to come back, then silence follows. A
                                  person learns why; a machine that answers the notice gets no answer.
    over the limit of all         The mail waits, oldest first, until an answer is a day old: an apology would
                                  cost as much as the painted photo. After `MAX_WAIT` silence follows.

All windows slide: an hour is the hour before now. `note`s are answers to mails without a photo. A person does
not write dozens of these, but a disguised autoresponder does.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Literal

from styles.service.units import DAY, HOUR

#: Longest wait, seconds: mail servers give up after five days too (RFC 5321, 4.5.4.1).
MAX_WAIT = 5 * DAY

#: `message.admission`: the kind of answer that was admitted; "" before that.
AdmissionKind = Literal["", "photo", "note", "notice", "day notice"]

_LATEST = """SELECT parsed_at FROM message WHERE correspondent = :who AND admission IN ({kinds})
    AND parsed_at > :since AND id <> :id AND state IN ('accepted', 'working', 'done')
    ORDER BY parsed_at DESC LIMIT 1 OFFSET :offset"""
_NOTICE = """SELECT 1 FROM message WHERE correspondent = :who AND admission IN ({kinds})
    AND parsed_at > :since AND state IN ('accepted', 'working', 'done')"""
#: The index is named, since SQLite's planner would scan all answers ever sent.
_OLDEST = """SELECT parsed_at FROM message INDEXED BY message_admitted
    WHERE admission <> '' AND parsed_at > :since AND state IN ('accepted', 'working', 'done')
    ORDER BY parsed_at"""
_AHEAD = """SELECT count(*) FROM message INDEXED BY message_held
    WHERE held_until > 0 AND admission = '' AND id < :id AND state IN ('accepted', 'working')"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimits:
    """Hold the most answers in a window."""

    per_hour: int  #: to one sender
    per_day: int  #: to one sender
    notes_per_hour: int  #: to one sender's mails without a photo
    total_per_day: int = 0  #: to all; 0 is no limit
    notices: bool = True  #: whether a sender over a limit gets a notice


@dataclass(frozen=True, slots=True, kw_only=True)
class RateDecision:
    """Tell whether a mail is answered now, later, by a notice, or never."""

    kind: Literal["answer", "notice", "silence", "wait"]
    until: float = 0.0  #: end of a notice or a wait, seconds since the epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRequest:
    """Identify a mail and its sender."""

    message: int  #: id of the mail
    sender: str  #: the address to answer
    who: str  #: the sender's name in the counts: `Ledger.known_as`
    has_photo: bool


def admit(db: sqlite3.Connection, request: ReplyRequest, limits: RateLimits, now: float) -> RateDecision:
    """Decide whether the mail is answered now, and count it. An admitted mail keeps its verdict."""
    row = db.execute("SELECT admission FROM message WHERE id = ?", (request.message,)).fetchone()
    if row["admission"] in ("photo", "note"):
        return RateDecision(kind="answer")
    until, window = _full_until(db, request, limits, now)
    if row["admission"]:
        return RateDecision(kind="notice", until=max(until, now))
    room_at = _room_at(db, request.message, limits.total_per_day, now)
    if until > now:
        # A notice about a full hour says nothing about a full day.
        kinds = "'day notice'" if window == DAY else "'notice', 'day notice'"
        where = {"who": request.who, "since": now - window}
        is_notified = db.execute(_NOTICE.format(kinds=kinds), where).fetchone() is not None
        if room_at > now or not limits.notices or is_notified:
            return RateDecision(kind="silence")
        _count(db, request, "day notice" if window == DAY else "notice", now)
        return RateDecision(kind="notice", until=until)
    if room_at > now:
        return _wait(db, request.message, room_at, now)
    _count(db, request, "photo" if request.has_photo else "note", now)
    return RateDecision(kind="answer")


def _wait(db: sqlite3.Connection, message: int, until: float, now: float) -> RateDecision:
    (accepted_at,) = db.execute("SELECT accepted_at FROM message WHERE id = ?", (message,)).fetchone()
    if now > accepted_at + MAX_WAIT:
        return RateDecision(kind="silence")
    db.execute("UPDATE message SET held_until = ? WHERE id = ?", (until, message))
    return RateDecision(kind="wait", until=until)


def _full_until(
    db: sqlite3.Connection, request: ReplyRequest, limits: RateLimits, now: float
) -> tuple[float, float]:
    """Return when the sender's full windows end, and the longest of them; (0, 0) if none is full."""
    windows = [(limits.per_hour, HOUR, "'photo', 'note'"), (limits.per_day, DAY, "'photo', 'note'")]
    if not request.has_photo:
        windows.append((limits.notes_per_hour, HOUR, "'note'"))
    until = longest = 0.0
    for most, window, kinds in windows:
        where = {"who": request.who, "since": now - window, "id": request.message}
        query = _LATEST.format(kinds=kinds)
        if row := db.execute(query, {**where, "offset": most - 1}).fetchone():
            until, longest = max(until, row["parsed_at"] + window), max(longest, window)
    return until, longest


def _room_at(db: sqlite3.Connection, message: int, most: int, now: float) -> float:
    """Return when a day's answers have room for this mail, behind the mails that wait before it."""
    if not most:
        return 0.0
    taken = [row["parsed_at"] for row in db.execute(_OLDEST, {"since": now - DAY})]
    (ahead,) = db.execute(_AHEAD, {"id": message}).fetchone()
    excess = len(taken) + ahead - most
    if excess < 0:
        return 0.0
    return float(taken[excess] if excess < len(taken) else now) + DAY


def _count(db: sqlite3.Connection, request: ReplyRequest, admission: AdmissionKind, now: float) -> None:
    # Its author may have had the mail erased while it was read; no address is written then.
    query = """UPDATE message SET sender = iif(erased_at IS NULL, ?, ''), correspondent = ?, admission = ?,
        parsed_at = ? WHERE id = ?"""
    db.execute(query, (request.sender, request.who, admission, now, request.message))
