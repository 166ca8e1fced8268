"""Find the photos of a conversation, and how they were painted last.

A mail answers another one by the Message-IDs of its `References` and `In-Reply-To`. These are ids of the
bot's answers (`outbox.message_id`) and notices (`message.word_id`), or of the sender's own mails
(`message.letter_id`, a keyed hash). Only mails of the same author count. Whether the author is genuine, the
caller has to know. In a chat, `CHAT` refers to the newest photos of all.

All functions run within a transaction of the ledger's connection, or on it where they only read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from mailbot.parsing.mail_parser import CHAT, MAIL
from mailbot.storage.keyed_hash import keyed_hash, secret_of
from mailbot.storage.ledger_rows import Message, PaintedFrom, Reply

#: Of two mails with one Message-ID, which careless programs send, the newer one.
_BY_ID = """SELECT * FROM message WHERE author = :author AND author <> '' AND id < :before AND id IN (
        SELECT id FROM message WHERE letter_id = :letter_id
        UNION ALL SELECT id FROM message WHERE author = :author AND word_id = :id AND word_id <> ''
        UNION ALL SELECT message FROM outbox WHERE message_id = :id
        UNION ALL SELECT message FROM outbox WHERE sent_as IN (:id, :letter_id) AND sent_as <> '')
    ORDER BY id DESC LIMIT 1"""
#: Bytes from which a message that is not answered yet is taken for one with a photo; texts are smaller.
_LEAST_PHOTO = 20_000
#: The newest message of a chat with photos.
_BY_CHAT = """SELECT * FROM message WHERE author = :author AND author <> '' AND id < :before
    AND erased_at IS NULL AND (photos > 0 OR EXISTS (SELECT 1 FROM recipe WHERE message = message.id)
        OR (state IN ('accepted', 'working') AND size > :least))
    ORDER BY id DESC LIMIT 1"""
_LAST = """SELECT recipe.* FROM recipe WHERE message = (
    SELECT max(recipe.message) FROM recipe JOIN message ON message.id = recipe.message
    WHERE author = :author AND author <> '' AND recipe.message < :before) ORDER BY number"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMail:
    """Hold a mail in the spool whose photos can be painted again."""

    message: int
    channel: str = MAIL
    spool: str  #: name of its spooled file
    photos: tuple[str, ...] = ()  #: hex SHA-256 of those that are meant; empty for all


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """Hold what the ledger knows of a conversation."""

    mails: tuple[KeptMail, ...] = ()  #: that hold its photos
    count: int = 0  #: number of these photos
    painted: tuple[PaintedFrom, ...] = ()  #: the pictures of its last answer
    is_gone: bool = False  #: there were photos, and they are deleted


def note_id(db: sqlite3.Connection, message: int, message_id: str) -> None:
    """Record the Message-ID of `message`, so that a later mail can refer to it."""
    db.execute("UPDATE message SET letter_id = ? WHERE id = ?", (hashed_id(db, message_id), message))


def keep(db: sqlite3.Connection, message: int, reply: Reply) -> None:
    """Record the photos and the language of `message`, and how the pictures of its answer were painted."""
    kept = "UPDATE message SET photos = ?, language = ? WHERE id = ?"
    db.execute(kept, (reply.photos, reply.language, message))
    rows = [
        {"message": message, "number": number, "source": each.source, "photo": each.photo}
        | asdict(each.recipe)
        for number, each in enumerate(reply.recipes)
    ]
    insert = """INSERT INTO recipe VALUES (
        :message, :number, :source, :photo, :style, :version, :strength, :size, :keep_colors)"""
    db.executemany(insert, rows)


def is_kept(db: sqlite3.Connection, message: int) -> bool:
    """Tell whether the file of a mail stays: it has not ended, or its photos are kept."""
    query = """SELECT 1 FROM message WHERE id = ? AND (state IN ('accepted', 'working', 'quarantined')
        OR (photos > 0 AND (state = 'done' OR erase_at IS NULL)))"""
    return db.execute(query, (message,)).fetchone() is not None


def recall(db: sqlite3.Connection, message: Message, references: Sequence[str]) -> Remembered | None:
    """Return the newest photos of the thread; None if it has none.

    `references` are the ids of the thread, oldest first. The author of `message` must be known (`noted`).
    """
    (author,) = db.execute("SELECT author FROM message WHERE id = ?", (message.id,)).fetchone()
    for id in reversed(references):
        values = {"id": id, "letter_id": hashed_id(db, id), "author": author, "before": message.id}
        if (row := _found(db, values)) is None:
            continue
        if row["erased_at"] is not None:
            return Remembered(is_gone=True)
        painted = _painted(db, row["id"])
        if painted:
            return _of_sources(db, painted)
        is_open = row["state"] in ("accepted", "working") and not row["oversized"]
        if row["photos"] or is_open:  # the answer to it may not be written yet
            kept = KeptMail(message=row["id"], channel=row["channel"], spool=row["spool"])
            return Remembered(mails=(kept,), count=max(1, row["photos"]))
    return None


def of_thread(
    db: sqlite3.Connection, message: Message, references: Sequence[str], *, is_whole: bool = False
) -> Remembered:
    """Return all photos of the thread, oldest first, and how each picture of it was painted last.

    A picture in another style takes the place of the only one of its photo, unless the thread is to be whole.
    """
    (author,) = db.execute("SELECT author FROM message WHERE id = ?", (message.id,)).fetchone()
    values = ({"id": id, "letter_id": hashed_id(db, id), "author": author} for id in references if id != CHAT)
    rows = [_found(db, {**each, "before": message.id}) for each in values]
    pictures: list[PaintedFrom] = []
    for id in sorted({row["id"] for row in rows if row and row["erased_at"] is None}):
        pictures = _with_newer(pictures, _painted(db, id), is_whole=is_whole)
    return _of_sources(db, pictures)


def of_message(db: sqlite3.Connection, message: int) -> Remembered:
    """Return the photos of the answer to `message`, and how they were painted."""
    return _of_sources(db, _painted(db, message))


def language(db: sqlite3.Connection, message: Message, references: Sequence[str]) -> str:
    """Return the language that was clear in the newest mail of the thread, "" if it was in none."""
    (author,) = db.execute("SELECT author FROM message WHERE id = ?", (message.id,)).fetchone()
    for id in reversed(references):
        values = {"id": id, "letter_id": hashed_id(db, id), "author": author, "before": message.id}
        row = _found(db, values)
        if row and row["language"]:
            return str(row["language"])
    return ""


def note_language(db: sqlite3.Connection, message: Message, references: Sequence[str], clear: str) -> str:
    """Record the language that is clear in a mail, for answers to its thread that are still to be written.

    `clear` is "" where none is. Return the language of the answer to the mail itself: a newer mail of the
    thread may have another one.
    """
    author, before = db.execute("SELECT author, language FROM message WHERE id = ?", (message.id,)).fetchone()
    if not (clear or before):
        return ""
    note = "UPDATE message SET language = ? WHERE id = ? AND state IN ('accepted', 'working')"
    if not before:
        db.execute(note, (clear, message.id))
    for id in references if clear else ():
        values = {"id": id, "letter_id": hashed_id(db, id), "author": author, "before": message.id}
        if row := _found(db, values):
            db.execute(note, (clear, row["id"]))
    return str(before or clear)


def newest_language(db: sqlite3.Connection, message: Message) -> str:
    """Return the language of the newest other mail by the author of `message` that had a clear one.

    A newer one counts too: a painting is learnt for minutes, and its author may write meanwhile.
    """
    newest = """SELECT language FROM message WHERE id <> ? AND language <> ''
        AND author = (SELECT author FROM message WHERE id = ?) AND author <> '' ORDER BY id DESC LIMIT 1"""
    row = db.execute(newest, (message.id, message.id)).fetchone()
    return str(row["language"]) if row else ""


def last(db: sqlite3.Connection, message: Message) -> tuple[PaintedFrom, ...]:
    """Return how the author of `message` had photos painted last; empty if unknown."""
    (author,) = db.execute("SELECT author FROM message WHERE id = ?", (message.id,)).fetchone()
    rows = db.execute(_LAST, {"author": author, "before": message.id})
    return tuple(PaintedFrom.from_row(row) for row in rows)


def _found(db: sqlite3.Connection, values: Mapping[str, object]) -> sqlite3.Row | None:
    query = _BY_CHAT if values["id"] == CHAT else _BY_ID
    row: sqlite3.Row | None = db.execute(query, {**values, "least": _LEAST_PHOTO}).fetchone()
    return row


def _painted(db: sqlite3.Connection, message: int) -> tuple[PaintedFrom, ...]:
    rows = db.execute("SELECT * FROM recipe WHERE message = ? ORDER BY number", (message,))
    return tuple(PaintedFrom.from_row(row) for row in rows)


def _with_newer(
    pictures: Sequence[PaintedFrom], newer: Sequence[PaintedFrom], *, is_whole: bool
) -> list[PaintedFrom]:
    """Return pictures with those of a newer answer in the place of the ones that they were painted from.

    These are of the same photo and in the same style, or the only one of their photo.
    """
    found, free = [*pictures], set(range(len(pictures)))
    for each in newer:
        own = [at for at, one in enumerate(pictures) if one.photo == each.photo]
        alike = [at for at in own if at in free and pictures[at].recipe.style == each.recipe.style]
        is_only = not is_whole and len(own) == 1 == sum(one.photo == each.photo for one in newer)
        if place := alike or own * is_only:
            found[place[0]] = each
            free.discard(place[0])
        else:
            found.append(each)
    return found


def _of_sources(db: sqlite3.Connection, painted: Sequence[PaintedFrom]) -> Remembered:
    photos: dict[int, dict[str, None]] = {}
    for each in painted:
        photos.setdefault(each.source, {})[each.photo] = None
    query = "SELECT channel, spool FROM message WHERE id = ? AND erased_at IS NULL AND photos > 0"
    found = {source: db.execute(query, (source,)).fetchone() for source in photos}
    mails = tuple(
        KeptMail(message=source, photos=tuple(wanted), **found[source])
        for source, wanted in photos.items()
        if found[source]
    )
    kept = {mail.message for mail in mails}
    return Remembered(
        mails=mails,
        count=sum(len(mail.photos) for mail in mails),
        painted=tuple(each for each in painted if each.source in kept),
        is_gone=not mails,
    )


def hashed_id(db: sqlite3.Connection, message_id: str) -> str:
    """Return the keyed hash by which the ledger knows a Message-ID; "" for ""."""
    return keyed_hash(secret_of(db), "letter", message_id) if message_id else ""
