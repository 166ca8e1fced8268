"""Recognize a logo by its repetition: the same small picture in several mails, each beside another photo.

A photo that is sent again on purpose comes alone, or beside the same photos, or as an attachment. Attachments
are not recorded. Rows hold keyed hashes, so they stay when a mail is erased by its age.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from dataclasses import replace

from mailbot.parsing.mail_parser import StyleRequest
from mailbot.storage.keyed_hash import keyed_hash, secret_of
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import Message

#: Earlier mails, each with other photos beside the picture, after which it is a logo.
EARLIER = 3


async def without_logos(ledger: Ledger, message: Message, request: StyleRequest) -> StyleRequest:
    """Take out small pictures that the sender's earlier mails had beside other photos too."""
    small = [photo.sha256 for photo in request.images if photo.may_be_logo]
    others = [photo.sha256 for photo in request.images if not photo.may_be_logo]
    if not small or not others:
        return request
    author = ledger.known_as(request.automation.from_address)
    logos = await ledger.transact(lambda db: note(db, message.id, author, small, others), durable=False)
    return replace(request, images=tuple(p for p in request.images if p.sha256 not in logos))


def note(
    db: sqlite3.Connection, message: int, author: str, digests: Collection[str], others: Collection[str]
) -> set[str]:
    """Record the small pictures that the html of `message` shows; return those that are logos.

    `digests` are their hex SHA-256, `others` those of all its other photos. `author` is a keyed hash.
    A second call for the same mail changes nothing. Of a mail whose author has had it erased nothing is
    recorded.
    """
    if not author or not others:
        return set()
    beside = _hashed(db, author, *sorted(others))
    pictures = {digest: _hashed(db, author, digest) for digest in digests}
    rows = [(picture, beside, message) for picture in pictures.values()]
    db.executemany(
        """INSERT OR IGNORE INTO shown_picture (picture, message, beside)
            SELECT ?, id, ? FROM message WHERE id = ? AND erase_at IS NULL""",
        rows,
    )
    query = """SELECT count(DISTINCT beside) AS mails FROM shown_picture
        WHERE picture = ? AND message < ? AND beside <> ?"""
    return {
        digest
        for digest, picture in pictures.items()
        if db.execute(query, (picture, message, beside)).fetchone()["mails"] >= EARLIER
    }


def forget(db: sqlite3.Connection, author: str, before: int) -> None:
    """Delete what is recorded of this author's mails, up to the mail of that number."""
    query = """DELETE FROM shown_picture WHERE message IN (
        SELECT id FROM message WHERE author = ? AND id <= ?)"""
    db.execute(query, (author, before))


def _hashed(db: sqlite3.Connection, *words: str) -> str:
    return keyed_hash(secret_of(db), "picture", " ".join(words))
