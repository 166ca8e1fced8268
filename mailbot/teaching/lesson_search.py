"""Find a lesson: by the thread of a mail, by the name of its style, or as the newest one of its author.

All functions read within a transaction of the ledger's connection. Only earlier lessons of the same author
are found.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from mailbot.storage.conversations import hashed_id
from mailbot.storage.ledger_rows import Message, of_row
from mailbot.teaching.lessons import Lesson

#: By the lesson's mail, a later one about it, the one that says when its answer comes, or an answer.
_OF_THREAD = """SELECT lesson.* FROM message LEFT JOIN lesson_mail ON lesson_mail.message = message.id
    JOIN lesson ON lesson.message IN (message.id, lesson_mail.lesson)
    WHERE who = :who AND who <> '' AND message.id < :before AND (
        letter_id = :letter_id OR word_id = :id
        OR message.id IN (SELECT message FROM outbox WHERE message_id = :id))
    ORDER BY message.id DESC, lesson.message DESC LIMIT 1"""
#: The lesson of another mail that took the place of one.
_SUCCESSOR = """SELECT lesson.* FROM lesson_mail JOIN lesson ON lesson.message = lesson_mail.message
    WHERE lesson_mail.lesson = :lesson AND lesson.message NOT IN (:lesson, :message)
    ORDER BY lesson.begun_at DESC, lesson.message DESC LIMIT 1"""
#: A mail of the same author that `lessons.note_topic` has recorded, found in the same ways.
_TOPIC = """SELECT 1 FROM lesson_mail JOIN message ON message.id = lesson_mail.message
    WHERE author <> '' AND author = (SELECT author FROM message WHERE id = :before) AND message.id < :before
    AND (letter_id = :letter_id OR (word_id = :id AND word_id <> '')
        OR message.id IN (SELECT message FROM outbox WHERE message_id = :id)) LIMIT 1"""
#: The order that the answer to such a mail asks back.
_ASKED = _TOPIC.replace("SELECT 1", "SELECT asked", 1)
_OPEN = """SELECT 1 FROM lesson JOIN message ON message.id = lesson.message
    WHERE lesson.message = :message AND cancelled_at IS NULL AND message.state IN ('accepted', 'working')"""
#: A mail of a lesson that has none of its own.
_KEPT = """SELECT 1 FROM lesson_mail WHERE message = :message AND lesson <> message
    AND message NOT IN (SELECT message FROM lesson)"""
_NEWEST = """SELECT lesson.* FROM lesson JOIN message ON message.id = lesson.message
    WHERE who = :who AND who <> '' AND message.id < :before AND (cancelled_at >= :since
        OR (cancelled_at IS NULL AND message.state IN ('accepted', 'working')))
    ORDER BY message.id DESC LIMIT 1"""
#: Those of the author of a lesson, but for that lesson.
_BESIDE = """SELECT lesson.* FROM lesson JOIN message ON message.id = lesson.message
    WHERE who <> '' AND who = (SELECT who FROM lesson WHERE message = :message) AND message.id <> :message
    AND cancelled_at IS NULL AND message.state IN ('accepted', 'working')"""
#: A mail of a lesson of its own, which took the place of another one.
_REPLACED = """SELECT 1 FROM lesson_mail JOIN lesson ON lesson.message = lesson_mail.message
    WHERE lesson_mail.message = :message AND lesson_mail.lesson = :lesson"""
_UNDER_WAY = """SELECT lesson.* FROM lesson JOIN message ON message.id = lesson.message
    WHERE who = :who AND who <> '' AND message.id < :before AND cancelled_at IS NULL
    AND message.state IN ('accepted', 'working') ORDER BY message.id"""
#: Lessons whose style can be asked for, or is to be: the newest first.
_WITH_STYLE = """SELECT lesson.* FROM lesson JOIN message ON message.id = lesson.message
    WHERE who = :who AND who <> '' AND message.id < :before AND cancelled_at IS NULL
    AND (style <> '' OR message.state IN ('accepted', 'working')) ORDER BY message.id DESC"""


def find(db: sqlite3.Connection, message: int, who: str, references: Sequence[str]) -> Lesson | None:
    """Return the lesson about which a mail is a reply; None if it is a reply to no lesson."""
    for id in reversed(references):
        values = {"id": id, "letter_id": hashed_id(db, id), "who": who, "before": message}
        if row := db.execute(_OF_THREAD, values).fetchone():
            return of_row(Lesson, row)
    return None


def successor(db: sqlite3.Connection, lesson: Lesson, message: int) -> Lesson:
    """Return the lesson that has the place of another one by now, but for that of `message` itself."""
    while row := db.execute(_SUCCESSOR, {"lesson": lesson.message, "message": message}).fetchone():
        lesson = of_row(Lesson, row)
    return lesson


def is_replaced(db: sqlite3.Connection, lesson: Lesson) -> bool:
    """Tell whether a lesson of another mail has the place of one."""
    return successor(db, lesson, lesson.message).message != lesson.message


def is_about_learning(db: sqlite3.Connection, message: int, references: Sequence[str]) -> bool:
    """Tell whether an earlier mail of a thread was about learning. The author must be known (`noted`)."""
    values = ({"id": id, "letter_id": hashed_id(db, id), "before": message} for id in references)
    return any(db.execute(_TOPIC, each).fetchone() for each in values)


def asked(db: sqlite3.Connection, message: int, references: Sequence[str]) -> str:
    """Return the order that the very mail asks back to which another one replies, "" for none.

    What was asked back earlier in the thread has been answered, or was left open.
    """
    for id in references[-1:]:
        values = {"id": id, "letter_id": hashed_id(db, id), "before": message}
        if row := db.execute(_ASKED, values).fetchone():
            return str(row["asked"])
    return ""


def newest(db: sqlite3.Connection, message: Message, who: str) -> Lesson | None:
    """Return the newest lesson of the author of a mail that has not ended, or that the mail ended."""
    values = {"since": message.accepted_at, "who": who, "before": message.id}
    row = db.execute(_NEWEST, values).fetchone()
    return of_row(Lesson, row) if row else None


def is_open(db: sqlite3.Connection, lesson: Lesson) -> bool:
    """Tell whether a lesson is under way, of an earlier mail or a later one."""
    return db.execute(_OPEN, {"message": lesson.message}).fetchone() is not None


def is_kept(db: sqlite3.Connection, message: int) -> bool:
    """Tell whether a mail was noted as one about the lesson of another mail, while it waits itself."""
    return db.execute(_KEPT, {"message": message}).fetchone() is not None


def under_way(db: sqlite3.Connection, message: int, who: str) -> Sequence[Lesson]:
    """Return the lessons of the author of a mail that go on, the newest last."""
    values = {"who": who, "before": message}
    return [of_row(Lesson, row) for row in db.execute(_UNDER_WAY, values).fetchall()]


def beside(db: sqlite3.Connection, lesson: Lesson) -> Sequence[Lesson]:
    """Return the other lessons of the author of a lesson that go on."""
    return [of_row(Lesson, row) for row in db.execute(_BESIDE, {"message": lesson.message}).fetchall()]


def has_replaced(db: sqlite3.Connection, message: int, lesson: Lesson) -> bool:
    """Tell whether the lesson of a mail has taken the place of another one."""
    return db.execute(_REPLACED, {"message": message, "lesson": lesson.message}).fetchone() is not None


def newest_learnt(db: sqlite3.Connection, message: int, who: str) -> Lesson | None:
    """Return the newest lesson of the author of a mail that has become a style."""
    rows = db.execute(_WITH_STYLE, {"who": who, "before": message})
    return next((of_row(Lesson, row) for row in rows if row["style"]), None)


def named(db: sqlite3.Connection, message: int, who: str, name: str) -> Lesson | None:
    """Return the newest lesson of the author of a mail whose style has a name, None if none has."""
    found = (of_row(Lesson, row) for row in db.execute(_WITH_STYLE, {"who": who, "before": message}))
    return next((lesson for lesson in found if lesson.has_name(name)), None)
