"""Keep the paintings of an answer that did not arrive under a code, which is redeemed once.

A code stands for the message whose photos were painted. Whoever writes it gets them painted again as they
were, while `keep_days` keep the photos. So nothing more is stored, and what its sender has deleted is gone.

A code has eight of 31 characters: 8.5e11 codes. `MOST_GUESSES` wrong ones a day are looked up for one sender.

All functions work within a transaction of the ledger's connection.
"""

from __future__ import annotations

import re
import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from styles.errors import Permanent
from styles.messages import gettext_noop
from styles.service.units import DAY

#: Without 0, 1, I, L and O, which look alike.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
#: Wrong codes of one sender in a day, after which theirs are not looked up.
MOST_GUESSES = 5
#: Codes of one mail that are looked up.
MOST_CODES = 3

#: The word in the bot's languages, and the code behind it, as people type it.
_CODE = re.compile(
    rf"(?:codes?|códigos?|codigos?|codice|codici|コード|代码|代碼|取件码)[\s:：„“”\"'«]{{0,5}}"
    rf"([{ALPHABET}]{{4}})[\s‐–-]?([{ALPHABET}]{{4}})(?![0-9A-Za-z])",
    re.IGNORECASE,
)


class UnknownCode(Permanent):
    """Report a code that is wrong, used or too old, or that is not looked up any more."""

    def __init__(self, code: str, *, is_late: bool) -> None:
        late = gettext_noop("Too many codes were wrong. Please try “{code}” again tomorrow.")
        unknown = gettext_noop("I have nothing under the code “{code}”: it is wrong, used, or too old.")
        super().__init__(late if is_late else unknown, code=code)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingCode:
    """Hold a code that nobody has redeemed."""

    message: int
    code: str
    recipient: str
    reason: str
    made_at: float
    is_told: bool  #: a mail with it went out, and did not come back


def codes_in(*texts: str) -> tuple[str, ...]:
    """Return the codes in some texts, as `ABCD-EFGH`."""
    found = (f"{one}-{other}".upper() for text in texts for one, other in _CODE.findall(text))
    return tuple(dict.fromkeys(found))[:MOST_CODES]


def make(db: sqlite3.Connection, message: int, reason: str, now: float) -> str | None:
    """Return the code for the paintings of `message`, always the same; None if they are not kept."""
    row = db.execute("SELECT code FROM code WHERE message = ?", (message,)).fetchone()
    if row is not None:
        return str(row["code"]) if row["code"] else None
    kept = "SELECT 1 FROM message WHERE id = ? AND erased_at IS NULL AND erase_at IS NULL"
    if db.execute(kept, (message,)).fetchone() is None:
        return None
    while True:
        word = "".join(secrets.choice(ALPHABET) for _ in range(8))
        code = f"{word[:4]}-{word[4:]}"
        insert = "INSERT OR IGNORE INTO code (message, code, reason, made_at) VALUES (?, ?, ?, ?)"
        if db.execute(insert, (message, code, reason, now)).rowcount:
            return code


def claim(db: sqlite3.Connection, codes: Sequence[str], message: int, who: str, now: float) -> int | None:
    """Let `message` redeem one of these codes; return the message whose paintings it gets.

    That is None if no code is known. A second claim of the same message, after a crash, succeeds again.
    `who` is the sender's keyed hash.
    Raises `UnknownCode` where too many were wrong.
    """
    if _wrong(db, who, now) >= MOST_GUESSES:
        raise UnknownCode(codes[0], is_late=True)
    for code in codes:
        values = {"code": code, "message": message}
        free = "code = :code AND coalesce(redeemed_by, :message) = :message"
        if db.execute(f"UPDATE code SET redeemed_by = :message WHERE {free}", values).rowcount:  # noqa: S608
            row = db.execute("SELECT message FROM code WHERE code = :code", values).fetchone()
            return int(row["message"])
    db.execute("INSERT INTO guess VALUES (?, ?)", (who, now))
    return None


def waiting(db: sqlite3.Connection) -> list[WaitingCode]:
    """Return the codes that can be redeemed, the oldest first."""
    query = """SELECT code.message, code, code.reason, made_at,
        (SELECT max(recipient) FROM outbox WHERE outbox.message = code.message) AS recipient,
        EXISTS (SELECT 1 FROM outbox WHERE kind = 'code' AND state <> 'failed' AND bounced_at IS NULL
            AND (outbox.message = code.message OR message_id = code.notice)) AS is_told
        FROM code WHERE code IS NOT NULL AND redeemed_by IS NULL ORDER BY made_at"""
    return [WaitingCode(**{**row, "is_told": bool(row["is_told"])}) for row in map(dict, db.execute(query))]


def counts(db: sqlite3.Connection) -> dict[str, int]:
    """Return how many codes wait, were redeemed, and are gone with what they stood for."""
    query = """SELECT CASE WHEN redeemed_by IS NOT NULL THEN 'redeemed' WHEN code IS NULL THEN 'expired'
        ELSE 'waiting' END AS state, count(*) FROM code GROUP BY state"""
    return {"waiting": 0, "redeemed": 0, "expired": 0} | dict(db.execute(query).fetchall())


def _wrong(db: sqlite3.Connection, who: str, now: float) -> int:
    db.execute("DELETE FROM guess WHERE at < ?", (now - DAY,))
    query = "SELECT count(*) AS wrong FROM guess WHERE correspondent = ?"
    return int(db.execute(query, (who,)).fetchone()["wrong"])
