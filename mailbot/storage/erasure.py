"""What of a mail is deleted here, when, and at whose wish; `server_deletion.py` does the same on the mail
server.

    noted         who wrote a mail, kept as a keyed hash; and whether they have had it deleted meanwhile
    erase_due     delete what is old enough, a few mails at a time
    forget        “delete my photos”: all that came of this author before, at once
    discard       a person deletes one mail that is in quarantine

Erasing a mail removes its spooled file and the bytes of its answer, and empties what its rows tell of people:
sender, recipient, reasons, what servers said. What stays is what a number needs: states, times, sizes, the
dedupe key by which the same mail is known should it be delivered again, and keyed hashes of addresses: so
neither the limits nor a "stop" are undone by it.

The rows go first, in one transaction, and give the names of the files that go then: nobody can have a mail
tried again whose file is about to go. Should the process die in between, `Ledger.recover` removes at the next
start what no row wants.

All functions take the ledger's connection, inside a transaction (`Ledger.transact`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parseaddr

from mailbot.storage.dedupe import header_value, pseudonym, split_mail
from mailbot.storage.spool import Spool

#: So many bytes of a mail that no parser could read are looked through for its From: the ledger waits.
HEAD_BYTES = 64_000
#: Why a mail that was waiting is not answered.
AT_WISH = "deleted at the wish of its sender"

DUE = """SELECT message.id, message.spool FROM message INDEXED BY message_whole
    LEFT JOIN outbox ON outbox.message = message.id
    WHERE erased_at IS NULL AND message.state IN ('done', 'silent', 'quarantined')
    AND (outbox.state IS NULL OR outbox.state NOT IN ('pending', 'sending')) AND (erase_at <= :now
        OR max(coalesce(finished_at, accepted_at), coalesce(sent_at, sending_at, 0)) <= :now - :keep)
    ORDER BY message.id LIMIT :limit"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was deleted at its author's wish."""

    mails: int
    answers: int  #: that had not been sent
    files: tuple[str, ...] = ()  #: of the spool, to be removed


def noted(db: sqlite3.Connection, message: int, from_address: str, now: float) -> bool:
    """Keep who wrote `message`; True if they have asked since that all of before be deleted."""
    author = _pseudonym(db, from_address)
    db.execute("UPDATE message SET author = ? WHERE id = ?", (author, message))
    if (
        not author
        or not db.execute("SELECT 1 FROM wish WHERE author = ? AND message > ?", (author, message)).fetchone()
    ):
        return False
    db.execute("UPDATE message SET erase_at = ? WHERE id = ?", (now, message))
    return True


def erase_due(db: sqlite3.Connection, now: float, keep_seconds: float, limit: int) -> list[str]:
    """Erase at most `limit` mails that were dealt with so long ago; gives the spool's names of them all."""
    # An answer that was being sent when its mail was forgotten, and that has to be sent again.
    db.execute(
        """DELETE FROM outbox WHERE state = 'pending' AND message IN (
            SELECT id FROM message WHERE erase_at <= ? AND erased_at IS NULL
            AND id NOT IN (SELECT message FROM wish))""",
        (now,),
    )
    rows = db.execute(DUE, {"now": now, "keep": keep_seconds, "limit": limit}).fetchall()
    return _erase(db, rows, now)


def forget(db: sqlite3.Connection, spool: Spool, request: int, from_address: str, now: float) -> Forgotten:
    """Erase what the author of the mail `request` sent before it, and that mail once it is answered.

    What is being worked on is answered no more, and an answer that waits is not sent. A second time, after
    a crash, it gives the same numbers.
    """
    if done := db.execute("SELECT mails, answers FROM wish WHERE message = ?", (request,)).fetchone():
        return Forgotten(**done)
    author = _pseudonym(db, from_address)
    if not author:
        return Forgotten(mails=0, answers=0)
    _name_those_unread(db, spool, author)
    values = {"author": author, "request": request, "now": now}
    chosen = "SELECT id, spool FROM message WHERE author = :author AND id < :request AND erased_at IS NULL"
    rows = db.execute(chosen, values).fetchall()
    # One that took its place in the limits keeps it: a wish is no way around them.
    db.execute(
        """UPDATE message SET state = CASE WHEN admission = '' THEN 'silent' ELSE 'done' END,
            finished_at = :now
            WHERE author = :author AND id < :request AND state IN ('accepted', 'working')""",
        values,
    )
    answers = db.execute(
        """DELETE FROM outbox WHERE state = 'pending' AND message IN (
            SELECT id FROM message WHERE author = :author AND id < :request)""",
        values,
    ).rowcount
    db.execute(
        """UPDATE message SET erase_at = :now WHERE author = :author AND id <= :request
            AND erased_at IS NULL""",
        values,
    )
    sending = {row["message"] for row in db.execute("SELECT message FROM outbox WHERE state = 'sending'")}
    files = _erase(db, [row for row in rows if row["id"] not in sending], now)
    db.execute("INSERT INTO wish VALUES (?, ?, ?, ?)", (request, author, len(rows), answers))
    return Forgotten(mails=len(rows), answers=answers, files=tuple(files))


def discard(db: sqlite3.Connection, message: int, now: float) -> list[str]:
    """Erase one mail that is in quarantine; [] if there is none of that number."""
    query = "SELECT id, spool FROM message WHERE id = ? AND state = 'quarantined' AND erased_at IS NULL"
    return _erase(db, db.execute(query, (message,)).fetchall(), now)


def _erase(db: sqlite3.Connection, rows: Iterable[sqlite3.Row], now: float) -> list[str]:
    files = []
    for row in rows:
        values = (now, row["id"])
        db.execute("UPDATE message SET sender = '', reason = '', erased_at = ? WHERE id = ?", values)
        answer = (row["id"],)
        db.execute("DELETE FROM letter WHERE outbox IN (SELECT id FROM outbox WHERE message = ?)", answer)
        db.execute("UPDATE outbox SET recipient = '', last_error = '' WHERE message = ?", answer)
        files.append(row["spool"])
    return files


def _name_those_unread(db: sqlite3.Connection, spool: Spool, author: str) -> None:
    """A mail that no parser could read has no author: its From is looked at once more, by simpler means."""
    query = "SELECT id, spool FROM message WHERE state = 'quarantined' AND author = '' AND erased_at IS NULL"
    for row in db.execute(query).fetchall():
        try:
            head, _ = split_mail(spool.read(row["spool"], HEAD_BYTES))
        except FileNotFoundError:
            continue
        written = header_value(head, b"from").decode(errors="replace")
        if _pseudonym(db, parseaddr(written)[1]) == author:
            db.execute("UPDATE message SET author = ? WHERE id = ?", (author, row["id"]))


def _pseudonym(db: sqlite3.Connection, address: str) -> str:
    secret = db.execute("SELECT value FROM meta WHERE key = 'secret'").fetchone()["value"]
    return pseudonym(secret, address)
