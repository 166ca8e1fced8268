"""Keep in the ledger which mail has which painting learnt, so that a restart goes on with the same job.

A row is written before the painting is sent; the balancer counts it in the limit of a day. By the thread of a
later mail the row tells which lesson is to be stopped, or which style is to be deleted. It holds keyed hashes
and names of styles, and stays when its mail is erased. Its `who` is the author's address without a tag: who
mails from ann+art@ answers from ann@.

All functions work within a transaction of the ledger's connection.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from mailbot.storage.ledger_rows import Message, of_row
from styles.language.tokens import key, words
from styles.service.units import DAY

_NOT_FORGOTTEN = """SELECT lesson.* FROM lesson JOIN message ON message.id = lesson.message
    WHERE who = :who AND who <> '' AND message.id < :before
    AND (message.state IN ('accepted', 'working') OR message.accepted_at > :since)"""

#: Of a lesson that was dropped, or stopped without an answer, the author has heard of no style.
_TO_FORGET = """SELECT lesson.*, CASE WHEN cancelled_at IS NULL THEN begun_at = 0 ELSE NOT EXISTS (
        SELECT 1 FROM outbox WHERE outbox.message = lesson.message) END AS withdraws
    FROM lesson JOIN message ON message.id = lesson.message
    WHERE job <> '' AND (cancelled_at > :since OR erased_at > :since OR (
        begun_at = 0 AND cancelled_at IS NULL AND state = 'done' AND accepted_at > :since))"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """Hold what is known of one lesson."""

    message: int  #: the mail with the painting
    name: str = ""  #: of the style, as it is written; "" for a picture
    job: str = ""  #: at the registry; "" before it was sent
    style: str = ""  #: what was learnt; "" before that, and for a picture
    version: int = 0
    alias: str = ""  #: what moved to the version
    preview: str = ""  #: path of a photo in the new style, below the registry's address
    cancelled_at: float | None = None  #: or when its style was deleted
    painting: int | None = None  #: which picture its sender says is the painting, 0 for the first one
    is_swapped: int = 0  #: photo and painting are the other way round than told or guessed
    is_exact: int = 0  #: one perfect picture is painted, and no style learnt
    begun_at: float = 0.0  #: 0 once it has taught nothing
    called: str = ""  #: what a later mail of its author calls the style; "" where none did
    title: str = ""  #: what its mail calls the style, where that has no letter for a name
    asked: str = ""  #: a name that the author wanted since, and that is not free

    @property
    def is_refused(self) -> bool:
        """Whether it has taught nothing: another picture or another name may complete it."""
        return not (self.begun_at or self.style)

    @property
    def is_unmet(self) -> bool:
        """Whether it was refused and not declined since, and waits for another picture or another name."""
        return self.is_refused and self.cancelled_at is None

    @property
    def written(self) -> str:
        """What its author calls its style, or else its name, which was made."""
        return self.called or self.title or self.name

    def has_name(self, written: str) -> bool:
        """Tell whether its style has a name, as it is written or as others write it."""
        return key(written) in {key(each.replace("-", " ")) for each in (self.name, self.style, self.called)}

    def is_named(self, said: str) -> bool:
        """Tell whether folded words are no other ones than those of its name."""
        named = f"{self.name} {self.title} {self.called} {self.style.replace('-', ' ')}"
        return {*words(named)}.issuperset(words(said))


def begin(
    db: sqlite3.Connection,
    message: int,
    who: str,
    now: float,
    *,
    is_exact: bool = False,
    painting: int | None = None,
    is_swapped: bool = False,
) -> Lesson:
    """Return the lesson of a mail, a new one if it has none."""
    if lesson := of_message(db, message):
        return lesson
    insert = """INSERT INTO lesson (message, who, begun_at, is_exact, painting, is_swapped)
        VALUES (?, ?, ?, ?, ?, ?)"""
    db.execute(insert, (message, who, now, is_exact, painting, is_swapped))
    return Lesson(message=message, is_exact=is_exact, painting=painting, is_swapped=is_swapped, begun_at=now)


def of_message(db: sqlite3.Connection, message: int) -> Lesson | None:
    """Return the lesson of a mail, None if it has none yet."""
    row = db.execute("SELECT * FROM lesson WHERE message = ?", (message,)).fetchone()
    return of_row(Lesson, row) if row else None


def note_mail(db: sqlite3.Connection, message: int, lesson: int, asked: str = "") -> None:
    """Record that a mail is about the lesson of another one, and what order its answer asks back."""
    insert = "INSERT OR REPLACE INTO lesson_mail (message, lesson, asked) VALUES (?, ?, ?)"
    db.execute(insert, (message, lesson, asked))


def note_topic(db: sqlite3.Connection, message: int) -> None:
    """Record that a mail is about learning, of whichever lesson, or of none."""
    db.execute("INSERT OR IGNORE INTO lesson_mail (message, lesson) VALUES (?, ?)", (message, message))


def note_name(db: sqlite3.Connection, message: int, name: str) -> None:
    """Record under which name a style is learnt."""
    db.execute("UPDATE lesson SET name = ? WHERE message = ?", (name, message))


def note_title(db: sqlite3.Connection, message: int, title: str) -> None:
    """Record what a mail calls a style whose name is made."""
    db.execute("UPDATE lesson SET title = ? WHERE message = ?", (title, message))


def claim(db: sqlite3.Connection, message: int, name: str) -> bool:
    """Record a name that was made for a style; return False if a lesson that has not ended has it."""
    query = """SELECT 1 FROM lesson JOIN message ON message.id = lesson.message
        WHERE name = ? AND lesson.message <> ? AND message.state IN ('accepted', 'working')"""
    if db.execute(query, (name, message)).fetchone():
        return False
    note_name(db, message, name)
    return True


def rename(db: sqlite3.Connection, message: int, called: str, name: str) -> bool:
    """Record what a style is called from now on; return False if its lesson has ended, or it is published.

    Where `called` has no letter that a name can have, `name` is "", and the lesson keeps the one it has.
    """
    query = """UPDATE lesson SET called = ?, name = coalesce(nullif(?, ''), name), asked = '', title = ''
        WHERE message = ? AND style = '' AND cancelled_at IS NULL
        AND message IN (SELECT id FROM message WHERE state IN ('accepted', 'working'))"""
    return db.execute(query, (called, name, message)).rowcount > 0


def note_asked(db: sqlite3.Connection, message: int, asked: str) -> None:
    """Record a name that a style was to get and cannot have, for a “yes” to the free one."""
    db.execute("UPDATE lesson SET asked = ? WHERE message = ?", (asked, message))


def note_renamed(db: sqlite3.Connection, lesson: Lesson) -> None:
    """Record what a published style has got with its new name; the name also for its other versions."""
    query = """UPDATE lesson SET style = ? WHERE who <> '' AND cancelled_at IS NULL
        AND (who, style) IN (SELECT who, style FROM lesson WHERE message = ? AND style <> '')"""
    db.execute(query, (lesson.style, lesson.message))
    note_style(db, lesson.message, lesson.style, lesson.version, lesson.alias, lesson.preview)
    query = "UPDATE lesson SET called = ?, name = ?, asked = '', title = '' WHERE message = ?"
    db.execute(query, (lesson.called, lesson.name, lesson.message))


def note_job(db: sqlite3.Connection, message: int, job: str) -> None:
    """Record the job of a lesson."""
    db.execute("UPDATE lesson SET job = ? WHERE message = ?", (job, message))


def count_unsent(db: sqlite3.Connection, before: int) -> int:
    """Return how many mails `before` one have lessons that go on, and of which no job has begun."""
    query = """SELECT count(*) FROM lesson JOIN message ON message.id = lesson.message
        WHERE job = '' AND cancelled_at IS NULL AND state IN ('accepted', 'working') AND message.id < ?"""
    return int(db.execute(query, (before,)).fetchone()[0])


def note_style(
    db: sqlite3.Connection, message: int, style: str, version: int, alias: str, preview: str
) -> None:
    """Record the style of a lesson, before its answer is written."""
    query = "UPDATE lesson SET style = ?, version = ?, alias = ?, preview = ? WHERE message = ?"
    db.execute(query, (style, version, alias, preview, message))


def drop(db: sqlite3.Connection, message: int, called: str) -> None:
    """Note that a lesson has taught nothing. What it was to be `called` is kept for a reply."""
    query = "UPDATE lesson SET begun_at = 0, name = coalesce(nullif(name, ''), ?) WHERE message = ?"
    db.execute(query, (called, message))


def not_forgotten(db: sqlite3.Connection, message: int, who: str, now: float) -> Sequence[Lesson]:
    """Return the lessons of the author of a mail whose pictures may be kept: a job is, for an hour."""
    values = {"since": now - DAY, "who": who, "before": message}
    return [of_row(Lesson, row) for row in db.execute(_NOT_FORGOTTEN, values).fetchall()]


def to_forget(db: sqlite3.Connection, now: float) -> Sequence[tuple[Lesson, bool]]:
    """Return the lessons of which no job may be left: cancelled, dropped, or their mails erased, in a day.

    With each comes whether what was published of it is to be undone.
    """
    rows = db.execute(_TO_FORGET, {"since": now - DAY}).fetchall()
    return [(of_row(Lesson, row), bool(row["withdraws"])) for row in rows]


def is_cancelled(db: sqlite3.Connection, message: int) -> bool:
    """Tell whether the lesson of a mail was cancelled."""
    query = "SELECT 1 FROM lesson WHERE message = ? AND cancelled_at IS NOT NULL"
    return db.execute(query, (message,)).fetchone() is not None


def cancel(db: sqlite3.Connection, lesson: Lesson, now: float) -> bool:
    """Cancel a lesson; its mail is due at once, and gets no answer. Return False if it was over before.

    A lesson whose answer was deleted before it was sent has not ended: its author knows of no style.
    """
    query = """UPDATE lesson SET cancelled_at = ? WHERE message = ? AND cancelled_at IS NULL AND message IN (
        SELECT id FROM message WHERE state IN ('accepted', 'working')
            OR (state = 'done' AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.message = message.id)))"""
    is_running = db.execute(query, (now, lesson.message)).rowcount > 0
    db.execute("UPDATE message SET next_at = 0 WHERE id = ? AND state = 'accepted'", (lesson.message,))
    return is_running


def close(db: sqlite3.Connection, lesson: Lesson, now: float) -> None:
    """Record that a lesson which was refused is declined: no picture of a later mail completes it."""
    query = "UPDATE lesson SET cancelled_at = ? WHERE message = ? AND cancelled_at IS NULL AND begun_at = 0"
    db.execute(query, (now, lesson.message))


def keep_photos(db: sqlite3.Connection, message: int, count: int) -> None:
    """Have the photos of a mail kept that is to end without an answer: a later mail needs them."""
    query = "UPDATE message SET photos = ? WHERE id = ? AND state IN ('accepted', 'working')"
    db.execute(query, (count, message))


def note_retired(
    db: sqlite3.Connection, message: Message, who: str, styles: Sequence[str], now: float
) -> Sequence[str]:
    """Record that the author of a mail has these styles deleted by it; return all that it deletes.

    It comes before they are deleted, so that after a crash the answer still names them.
    """
    values = {"who": who, "before": message.id}
    db.executemany(
        """UPDATE lesson SET cancelled_at = :now WHERE style = :style AND cancelled_at IS NULL
            AND who = :who AND who <> '' AND message < :before""",
        [{"style": style, "now": now, **values} for style in styles],
    )
    query = """SELECT DISTINCT style FROM lesson WHERE who = :who AND who <> '' AND message < :before
        AND style <> '' AND cancelled_at >= :since ORDER BY style"""
    return [style for (style,) in db.execute(query, {"since": message.accepted_at, **values}).fetchall()]
