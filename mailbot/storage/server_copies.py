"""Record where each mail lies on the mail server, so that it and no other can be deleted there.

A place is a folder, its UIDVALIDITY and a UID, which no server gives to another mail. A mail without a known
place is *astray*. Either a crash came between the MOVE and its record, or the server does not report places
(no UIDPLUS), or the folder has a new UIDVALIDITY. Then one mail of exactly that size is taken that has the
same SHA-256 (of the headers, if only these were fetched). The dedupe key leaves out headers, and so would
take two for one.

Some providers put a copy of each answer into the folder of sent mail. It is searched by its Message-ID, which
nobody else can make (`Ledger.reply_id`).

All functions take the ledger's connection, inside a transaction (`Ledger.transact`). A CROSS JOIN makes
SQLite go through the table named first: the few messages that are not cleared, not all that ever came.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from mailbot.parsing.mail_parser import MAIL
from mailbot.storage.ledger_rows import RawMessage, of_row
from mailbot.transport.imap_syntax import MailLocation


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerCopy:
    """Describe a mail in a folder of the server that is to be deleted."""

    id: int  #: of the row of `copy`
    message: int
    folder: str
    uidvalidity: int
    uid: int  #: 0 if the mail is astray
    spool: str  #: name of its spooled file, which holds the SHA-256 to search for
    size: int  #: bytes
    oversized: bool  #: only its headers were fetched
    answer: str  #: Message-ID, if it is the bot's own answer in the folder of sent mail; else ""


def seen(db: sqlite3.Connection, raw: RawMessage, message: int) -> None:
    """Record where at its server `message` was seen; nothing of a mail that was handed over."""
    if raw.uid:
        # REPLACE: should a server ever give one UID to two mails, the key decides, and none is lost.
        places = [(raw.account, raw.folder, raw.uidvalidity, uid, message) for uid in (raw.uid, *raw.also)]
        db.executemany("INSERT OR REPLACE INTO sighting VALUES (?, ?, ?, ?, ?)", places)
    if raw.channel != MAIL:  # nothing of it is to be deleted in a mailbox
        db.execute("UPDATE message SET cleared = 1 WHERE id = ?", (message,))


def filed(db: sqlite3.Connection, account: str, moves: Sequence[tuple[MailLocation, MailLocation]]) -> None:
    """Record that these mails of `account` were moved from the first place to the second."""
    db.executemany(
        """INSERT INTO copy (message, account, folder, uidvalidity, uid,
                origin_folder, origin_uidvalidity, origin_uid)
            SELECT message, account, ?, ?, ?, folder, uidvalidity, uid FROM sighting
            WHERE (account, folder, uidvalidity, uid) = (?, ?, ?, ?)""",
        [
            (new.folder, new.uidvalidity, new.uid, account, old.folder, old.uidvalidity, old.uid)
            for old, new in moves
        ],
    )


def copying(db: sqlite3.Connection, message: int) -> int:
    """Record that `message` is about to be copied into the quarantine folder; return the row for `placed`.

    The row is 0, which no mail has, for a message that was seen nowhere.

    A row of an earlier attempt without a result is used again, so retries add none.
    """
    query = "SELECT id FROM copy WHERE message = ? AND folder = '' AND uid = 0"
    if note := db.execute(query, (message,)).fetchone():
        return int(note["id"])
    insert = """INSERT INTO copy (message, account, folder)
        SELECT message, account, '' FROM sighting WHERE message = ? ORDER BY uidvalidity, uid LIMIT 1
        RETURNING id"""
    return next((int(row["id"]) for row in db.execute(insert, (message,)).fetchall()), 0)


def placed(db: sqlite3.Connection, locations: Sequence[tuple[int, MailLocation]]) -> None:
    """Record where the mails of these rows of `copy` lie now, after a copy or a move."""
    db.executemany(
        "UPDATE copy SET folder = ?, uidvalidity = ?, uid = ? WHERE id = ?",
        [(location.folder, location.uidvalidity, location.uid, note) for note, location in locations],
    )


def is_anything_to_clear(db: sqlite3.Connection, account: str) -> bool:
    """Return whether a mail of `account` that is erased here may lie on the server."""
    query = """SELECT 1 FROM message CROSS JOIN sighting ON sighting.message = message.id
        WHERE erased_at IS NOT NULL AND NOT cleared AND account = ? LIMIT 1"""
    return bool(db.execute(query, (account,)).fetchone())


def folders(
    db: sqlite3.Connection, account: str, processed: str, quarantine: str, sent: str | None
) -> list[str]:
    """List the paths of the folders of `account` in which something is to be deleted."""
    _note_those_astray(db, account, processed)
    if sent is not None:
        _note_answers(db, account, sent)
    db.execute("UPDATE copy SET folder = ? WHERE folder = '' AND account = ?", (quarantine, account))
    db.execute(
        """UPDATE message SET cleared = 1 WHERE erased_at IS NOT NULL AND NOT cleared
            AND NOT EXISTS (SELECT 1 FROM copy WHERE message = message.id AND NOT gone)"""
    )
    query = """SELECT DISTINCT folder FROM message CROSS JOIN copy ON copy.message = message.id
        WHERE erased_at IS NOT NULL AND NOT cleared AND NOT gone AND account = ? ORDER BY folder"""
    return [row["folder"] for row in db.execute(query, (account,))]


def to_clear(db: sqlite3.Connection, account: str, folder: str, after: int, limit: int) -> list[ServerCopy]:
    """Return at most `limit` mails to delete in `folder`, those whose number is above `after`."""
    query = """SELECT copy.*, spool, size, oversized
        FROM message CROSS JOIN copy ON copy.message = message.id
        WHERE erased_at IS NOT NULL AND NOT cleared AND NOT gone AND account = ? AND folder = ?
        AND copy.id > ? ORDER BY copy.id LIMIT ?"""
    return [of_row(ServerCopy, row) for row in db.execute(query, (account, folder, after, limit))]


def settled(db: sqlite3.Connection, copies: Sequence[ServerCopy]) -> None:
    """Record that these copies are gone. A message without other copies is cleared."""
    db.executemany("UPDATE copy SET gone = 1 WHERE id = ?", [(copy.id,) for copy in copies])
    db.executemany(
        """UPDATE message SET cleared = 1 WHERE id = ?
            AND NOT EXISTS (SELECT 1 FROM copy WHERE message = message.id AND NOT gone)""",
        [(number,) for number in {copy.message for copy in copies}],
    )


def _note_those_astray(db: sqlite3.Connection, account: str, processed: str) -> None:
    """Add a row for each mail whose MOVE was not recorded; it may lie in the processed folder."""
    db.execute(
        """INSERT INTO copy (message, account, folder, origin_folder, origin_uidvalidity, origin_uid)
            SELECT message, account, ?, folder, uidvalidity, uid
            FROM message CROSS JOIN sighting ON sighting.message = message.id
            WHERE erased_at IS NOT NULL AND NOT cleared AND account = ? AND NOT EXISTS (
                SELECT 1 FROM copy WHERE copy.message = message.id AND copy.account = sighting.account
                AND (origin_folder, origin_uidvalidity, origin_uid)
                    = (sighting.folder, sighting.uidvalidity, sighting.uid))""",
        (processed, account),
    )


def _note_answers(db: sqlite3.Connection, account: str, sent: str) -> None:
    """Add a row for each answer and each word that was sent; it may lie in the folder of sent mail."""
    values = {"account": account, "sent": sent}
    db.execute(
        """INSERT INTO copy (message, account, folder, answer)
            SELECT message.id, :account, :sent, message_id
            FROM message CROSS JOIN outbox ON outbox.message = message.id
            WHERE erased_at IS NOT NULL AND NOT cleared AND outbox.state IN ('sent', 'failed')
            AND EXISTS (SELECT 1 FROM sighting WHERE message = message.id AND account = :account)
            AND NOT EXISTS (
                SELECT 1 FROM copy WHERE message = message.id AND answer = outbox.message_id)""",
        values,
    )
    db.execute(
        """INSERT INTO copy (message, account, folder, answer)
            SELECT id, :account, :sent, word_id FROM message
            WHERE erased_at IS NOT NULL AND NOT cleared AND word_id <> ''
            AND EXISTS (SELECT 1 FROM sighting WHERE message = message.id AND account = :account)
            AND NOT EXISTS (SELECT 1 FROM copy WHERE message = message.id AND answer = word_id)""",
        values,
    )
