"""How many answers one sender gets, and how many go out in all: decided in one transaction of the ledger.

    admit     may this mail be answered now? Its place in the counts is taken by the asking
    RateLimits      the limits, from `[mail]`
    Verdict   answer, notice, silence or wait

A mail that was admitted stays so, through retries and restarts: the counts are of mails, not of attempts, and
what ended without an answer does not count.

    over a limit of the sender's    one notice in that window that says when to come back, then silence. A
                                    person learns why; a machine that answers the notice is not answered
    over the limit in all           the mail waits, oldest first, until an answer of the day before is a day
                                    old; an apology would cost what the painted photo costs. After `MAX_WAIT`
                                    it is let go in silence

All windows slide: an hour is the hour before now. `note`s are answers to mails without a photo, which no
person writes by the dozen, but an autoresponder does that hides what it is.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Literal

HOUR, DAY = 3600.0, 86_400.0
#: Mail servers, too, give up after five days (RFC 5321, 4.5.4.1).
MAX_WAIT = 5 * DAY

#: `message.admission`: what the mail was admitted for; "" before that.
Admission = Literal["", "photo", "note", "notice", "day notice"]

_LATEST = """SELECT parsed_at FROM message WHERE correspondent = :who AND admission IN ({kinds})
    AND parsed_at > :since AND id <> :id AND state IN ('accepted', 'working', 'done')
    ORDER BY parsed_at DESC LIMIT 1 OFFSET :offset"""
_NOTICE = """SELECT 1 FROM message WHERE correspondent = :who AND admission IN ({kinds})
    AND parsed_at > :since AND state IN ('accepted', 'working', 'done')"""
#: The planner, which knows no counts, would rather go through all that was ever answered.
_OLDEST = """SELECT parsed_at FROM message INDEXED BY message_admitted
    WHERE admission <> '' AND parsed_at > :since AND state IN ('accepted', 'working', 'done')
    ORDER BY parsed_at"""
_AHEAD = """SELECT count(*) FROM message INDEXED BY message_held
    WHERE held_until > 0 AND admission = '' AND id < :id AND state IN ('accepted', 'working')"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimits:
    """The most answers in a window."""

    per_hour: int  #: to one sender
    per_day: int  #: to one sender
    notes_per_hour: int  #: to one sender's mails without a photo
    total_per_day: int = 0  #: to all; 0 is no limit
    notices: bool = True  #: whether a sender over a limit is told so


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of a mail."""

    kind: Literal["answer", "notice", "silence", "wait"]
    until: float = 0.0  #: of a notice or a wait: when there is room again, seconds since the epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRequest:
    """Who wants an answer to what."""

    message: int  #: id of the mail
    sender: str  #: the address to answer
    who: str  #: the sender in the counts: `Ledger.known_as`
    has_photo: bool


def admit(db: sqlite3.Connection, reply_request: ReplyRequest, limits: RateLimits, now: float) -> Verdict:
    """Whether the mail may be answered now. The same as before for a mail that was admitted."""
    row = db.execute("SELECT admission FROM message WHERE id = ?", (reply_request.message,)).fetchone()
    if row["admission"] in ("photo", "note"):
        return Verdict(kind="answer")
    until, window = _full_until(db, reply_request, limits, now)
    if row["admission"]:
        return Verdict(kind="notice", until=max(until, now))
    room_at = _room_at(db, reply_request.message, limits.total_per_day, now)
    if until > now:
        if room_at > now or not limits.notices or _is_told(db, reply_request.who, window, now):
            return Verdict(kind="silence")
    elif room_at > now:
        return _wait(db, reply_request.message, room_at, now)
    if until > now:
        _take_place(db, reply_request, "day notice" if window == DAY else "notice", now)
        return Verdict(kind="notice", until=until)
    _take_place(db, reply_request, "photo" if reply_request.has_photo else "note", now)
    return Verdict(kind="answer")


def _is_told(db: sqlite3.Connection, who: str, window: float, now: float) -> bool:
    """Whether there was a notice in this window; who was told of a full hour does not know of a full day."""
    kinds = "'day notice'" if window == DAY else "'notice', 'day notice'"
    return db.execute(_NOTICE.format(kinds=kinds), {"who": who, "since": now - window}).fetchone() is not None


def _wait(db: sqlite3.Connection, message: int, until: float, now: float) -> Verdict:
    (accepted_at,) = db.execute("SELECT accepted_at FROM message WHERE id = ?", (message,)).fetchone()
    if now > accepted_at + MAX_WAIT:
        return Verdict(kind="silence")
    db.execute("UPDATE message SET held_until = ? WHERE id = ?", (until, message))
    return Verdict(kind="wait", until=until)


def _full_until(
    db: sqlite3.Connection, reply_request: ReplyRequest, limits: RateLimits, now: float
) -> tuple[float, float]:
    """Until when the sender has had enough, and the longest window that is full; (0, 0) if none is."""
    windows = [(limits.per_hour, HOUR, "'photo', 'note'"), (limits.per_day, DAY, "'photo', 'note'")]
    if not reply_request.has_photo:
        windows.append((limits.notes_per_hour, HOUR, "'note'"))
    until = longest = 0.0
    for most, window, kinds in windows:
        where = {
            "who": reply_request.who,
            "since": now - window,
            "id": reply_request.message,
            "offset": most - 1,
        }
        if row := db.execute(_LATEST.format(kinds=kinds), where).fetchone():
            until, longest = max(until, row["parsed_at"] + window), max(longest, window)
    return until, longest


def _room_at(db: sqlite3.Connection, message: int, most: int, now: float) -> float:
    """When there is room for this mail among all answers of a day, those that wait before it counted."""
    if not most:
        return 0.0
    taken = [row["parsed_at"] for row in db.execute(_OLDEST, {"since": now - DAY})]
    (ahead,) = db.execute(_AHEAD, {"id": message}).fetchone()
    excess = len(taken) + ahead - most
    if excess < 0:
        return 0.0
    return float(taken[excess] if excess < len(taken) else now) + DAY


def _take_place(
    db: sqlite3.Connection, reply_request: ReplyRequest, admission: Admission, now: float
) -> None:
    db.execute(
        "UPDATE message SET sender = ?, correspondent = ?, admission = ?, parsed_at = ? WHERE id = ?",
        (reply_request.sender, reply_request.who, admission, now, reply_request.message),
    )
