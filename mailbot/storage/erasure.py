"""Erase mails on this disk when they are old or their author asks; `server_deletion.py` does the server's.

Erasing a mail removes its spooled file, its recipes and the bytes of its answer, and empties the personal
columns: sender, recipient, reasons, servers' messages. States, times, sizes, the dedupe key and keyed hashes
of addresses and Message-IDs stay, so it undoes neither a limit nor a "stop".

The rows go first, so nobody can retry a mail whose file is about to go. Should the process die in between,
`Ledger.recover` removes the file at the next start. All functions work within a transaction of the ledger's
connection. `erase_due` and `discard` return the names of the files to delete.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr

from mailbot.storage import shown_pictures
from mailbot.storage.conversations import hashed_id
from mailbot.storage.keyed_hash import pseudonym, secret_of, tagged_pseudonym
from mailbot.storage.mail_keys import header_value, split_mail
from mailbot.storage.spool import Spool

#: Bytes of an unreadable mail that are searched for its From. The ledger waits meanwhile.
HEAD_BYTES = 64_000
#: Reason for leaving a waiting mail without an answer.
ON_REQUEST = "deleted at the request of its sender"

DUE = """SELECT message.id, message.spool FROM message INDEXED BY message_whole
    WHERE erased_at IS NULL AND message.state IN ('done', 'silent', 'quarantined')
    AND NOT EXISTS (
        SELECT 1 FROM outbox LEFT JOIN letter ON letter.outbox = outbox.id WHERE outbox.message = message.id
        AND (outbox.state IN ('pending', 'sending')
            -- A picture that is still served, for hours. Its channel may be switched off meanwhile.
            OR (outbox.state = 'sent' AND letter.outbox IS NOT NULL AND sent_at > :now - 86400)))
    AND (erase_at <= :now OR max(coalesce(finished_at, accepted_at), coalesce((
        SELECT max(coalesce(sent_at, sending_at, 0)) FROM outbox WHERE outbox.message = message.id), 0))
        <= :now - :keep)
    ORDER BY message.id LIMIT :limit"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletionCounts:
    """Count the mails and answers that were deleted for their author."""

    mails: int
    answers: int  #: that had not been sent
    files: tuple[str, ...] = ()  #: of the spool, to be removed


def noted(db: sqlite3.Connection, message: int, from_address: str, now: float) -> bool:
    """Record the author of `message`; return whether they have asked since to delete everything before."""
    author = _pseudonym(db, from_address)
    db.execute("UPDATE message SET author = ? WHERE id = ?", (author, message))
    asked = """UPDATE message SET erase_at = ? WHERE id = ? AND author <> ''
        AND EXISTS (SELECT 1 FROM wish WHERE wish.author = message.author AND wish.message > message.id)"""
    return db.execute(asked, (now, message)).rowcount > 0


def erase_due(db: sqlite3.Connection, now: float, keep_seconds: float, limit: int) -> list[str]:
    """Erase at most `limit` mails that were finished long ago; return the names of their spooled files."""
    # An answer that was being sent when its mail was forgotten, and that has to be sent again.
    db.execute(
        """DELETE FROM outbox WHERE state = 'pending' AND message IN (
            SELECT id FROM message WHERE erase_at <= ? AND erased_at IS NULL
            AND id NOT IN (SELECT message FROM wish))""",
        (now,),
    )
    rows = db.execute(DUE, {"now": now, "keep": keep_seconds, "limit": limit}).fetchall()
    return _erase(db, rows, now)


def forget(
    db: sqlite3.Connection, spool: Spool, request: int, from_address: str, now: float
) -> DeletionCounts:
    """Erase all that the author of the mail `request` sent before it, and that mail once it is answered.

    Mails being worked on are answered no more, and waiting answers are not sent. A second call, after a
    crash, returns the same numbers.
    """
    if done := db.execute("SELECT mails, answers FROM wish WHERE message = ?", (request,)).fetchone():
        return DeletionCounts(**done)
    author = _pseudonym(db, from_address)
    if not author:
        return DeletionCounts(mails=0, answers=0)
    before = tagged_pseudonym(secret_of(db), from_address)
    db.execute("UPDATE message SET author = ? WHERE author = ?", (author, before))
    _name_those_unread(db, spool, author)
    values = {"author": author, "request": request, "now": now}
    chosen = (
        "SELECT id, spool, size FROM message WHERE author = :author AND id < :request AND erased_at IS NULL"
    )
    rows = db.execute(chosen, values).fetchall()
    # A mail that counted in the limits still counts: deletion is no way around them.
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
    shown_pictures.forget(db, author, request)
    mails = sum(row["size"] > 0 for row in rows)  # without the bot's own, see `own_mails.py`
    db.execute("INSERT INTO wish VALUES (?, ?, ?, ?)", (request, author, mails, answers))
    return DeletionCounts(mails=mails, answers=answers, files=tuple(files))


def discard(db: sqlite3.Connection, message: int, now: float) -> list[str]:
    """Erase one mail in quarantine; return [] if there is none of that number."""
    query = "SELECT id, spool FROM message WHERE id = ? AND state = 'quarantined' AND erased_at IS NULL"
    return _erase(db, db.execute(query, (message,)).fetchall(), now)


def _erase(db: sqlite3.Connection, rows: Sequence[sqlite3.Row], now: float) -> list[str]:
    mails = [{"id": row["id"], "now": now} for row in rows]
    db.executemany(
        """UPDATE message SET sender = '', reason = '', language = '', photos = 0, erased_at = :now
            WHERE id = :id""",
        mails,
    )
    db.executemany("DELETE FROM recipe WHERE message = :id", mails)
    db.executemany("UPDATE lesson SET name = '' WHERE message = :id AND job = ''", mails)
    db.executemany("UPDATE code SET code = NULL, reason = '' WHERE message = :id", mails)
    db.executemany("DELETE FROM letter WHERE outbox IN (SELECT id FROM outbox WHERE message = :id)", mails)
    db.executemany("UPDATE outbox SET recipient = '', last_error = '' WHERE message = :id", mails)
    # Telegram's name of an answer holds the person's number. By its hash a reply to it is still known.
    for mail in mails:
        named = "SELECT id, sent_as FROM outbox WHERE message = :id AND sent_as LIKE '<%'"
        for row in db.execute(named, mail).fetchall():
            hashed = (hashed_id(db, row["sent_as"]), row["id"])
            db.execute("UPDATE outbox SET sent_as = ? WHERE id = ?", hashed)
    return [row["spool"] for row in rows]


def _name_those_unread(db: sqlite3.Connection, spool: Spool, author: str) -> None:
    """Find the author of mails that no parser could read, by a simpler look at their From."""
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
    return pseudonym(secret_of(db), address)
