"""Keep the paintings of an answer by mail that did not arrive under a code, which is redeemed once.

A code stands for the message whose photos were painted. Whoever writes it gets them painted again as they
were, while `keep_days` keep the photos. So nothing more is stored, and what its sender has deleted is gone.

A message that writes the code holds it while it is worked on, and while its answer is on its way. The code is
redeemed when paintings were handed over. Until then it is free again if the painting failed, the answer came
back, or the message went to quarantine.

A code has eight of 31 characters, digits and letters both: 7.7e11 codes. Of one sender, `MOST_GUESSES` mails
a day with wrong ones are looked up.

All functions work within a transaction of the ledger's connection.
"""

from __future__ import annotations

import re
import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from styles.errors import Permanent
from styles.service.units import DAY
from styles.translatable import gettext_noop

#: Without 0, 1, I, L and O, which look alike.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
#: Mails of one sender with wrong codes in a day, after which theirs are not looked up.
MOST_GUESSES = 5
#: Codes of one mail that are looked up.
MOST_CODES = 3

#: The word in the bot's languages, and the code behind it, as people type it.
_BEFORE = r"[\s:：„“”\"'«]"
_CODE = re.compile(
    rf"(?:\b(?:codes?|códigos?|codigos?|codice|codici){_BEFORE}{{1,5}}|(?:コード|代码|代碼|取件码){_BEFORE}{{0,5}})"
    rf"([{ALPHABET}]{{4}})([\s‐–-]?)([{ALPHABET}]{{4}})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
#: A code has both, so that neither “code breakers” nor “area code 2345 6789” is one. A slip of it may have
#: letters alone, which are taken for one in capitals with a hyphen.
_MIXED = re.compile(r"(?=.*[0-9])(?=.*[A-Z])")
#: Whether paintings went to `redeemed_by`, or still may, with the states of the answer in which they do.
_GOES = """EXISTS (SELECT 1 FROM message AS redeemer JOIN outbox ON outbox.message = redeemer.id
    WHERE redeemer.id = redeemed_by AND redeemer.painted_at IS NOT NULL AND outbox.kind = 'results'
    AND outbox.bounced_at IS NULL AND outbox.state IN {})"""
_IS_REDEEMED = _GOES.format("('sent')")
_IS_HELD = f"""({_GOES.format("('pending', 'sending', 'sent')")} OR EXISTS (SELECT 1 FROM message AS redeemer
    WHERE redeemer.id = redeemed_by AND redeemer.state IN ('accepted', 'working')))"""  # noqa: S608 - a constant


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
    """Return the codes in some texts, as `ABC2-EFGH`."""
    found = (
        f"{one}-{other}".upper()
        for text in texts
        for one, between, other in _CODE.findall(text)
        if _MIXED.match((one + other).upper()) or (between == "-" and (one + other).isupper())
    )
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
        if not _MIXED.match(word):
            continue
        code = f"{word[:4]}-{word[4:]}"
        insert = "INSERT OR IGNORE INTO code (message, code, reason, made_at) VALUES (?, ?, ?, ?)"
        if db.execute(insert, (message, code, reason, now)).rowcount:
            return code


def claim(db: sqlite3.Connection, codes: Sequence[str], message: int, who: str, now: float) -> int | None:
    """Let `message` hold one of these codes; return the message whose paintings it gets.

    That is None if no code is known. A second claim of the same message, after a retry or a crash, returns
    the same, and counts as one guess. `who` is the sender's keyed hash.
    Raises `UnknownCode` where too many were wrong.
    """
    own = "SELECT message FROM code WHERE code = ? AND redeemed_by = ?"
    for code in codes:
        if row := db.execute(own, (code, message)).fetchone():
            return int(row["message"])
    # By the moment when it came in, a message is known among the guesses.
    came_at = db.execute("SELECT accepted_at FROM message WHERE id = ?", (message,)).fetchone()["accepted_at"]
    if _wrong(db, who, came_at, now) >= MOST_GUESSES:
        raise UnknownCode(codes[0], is_late=True)
    take = f"""UPDATE code SET redeemed_by = ? WHERE code = ? AND (redeemed_by IS NULL OR NOT {_IS_HELD})
        RETURNING message"""  # noqa: S608 - a constant
    for code in codes:
        if rows := db.execute(take, (message, code)).fetchall():
            return int(rows[0]["message"])
    guess = """INSERT INTO guess SELECT :who, :at
        WHERE NOT EXISTS (SELECT 1 FROM guess WHERE (correspondent, at) = (:who, :at))"""
    db.execute(guess, {"who": who, "at": came_at})
    return None


def waiting(db: sqlite3.Connection) -> list[WaitingCode]:
    """Return the codes that are not redeemed, the oldest first."""
    query = f"""SELECT code.message, code, code.reason, made_at,
        (SELECT max(recipient) FROM outbox WHERE outbox.message = code.message) AS recipient,
        EXISTS (SELECT 1 FROM outbox WHERE kind = 'code' AND state <> 'failed' AND bounced_at IS NULL
            AND (outbox.message = code.message OR message_id = code.notice)) AS is_told
        FROM code WHERE code IS NOT NULL AND NOT {_IS_REDEEMED} ORDER BY made_at"""  # noqa: S608 - a constant
    return [WaitingCode(**{**row, "is_told": bool(row["is_told"])}) for row in map(dict, db.execute(query))]


def counts(db: sqlite3.Connection) -> dict[str, int]:
    """Return how many codes wait, were redeemed, and have expired with their paintings."""
    query = f"""SELECT CASE WHEN {_IS_REDEEMED} THEN 'redeemed' WHEN code IS NULL THEN 'expired'
        ELSE 'waiting' END AS state, count(*) FROM code GROUP BY state"""  # noqa: S608 - a constant
    return {"waiting": 0, "redeemed": 0, "expired": 0} | dict(db.execute(query).fetchall())


def _wrong(db: sqlite3.Connection, who: str, came_at: float, now: float) -> int:
    """Return the number of a sender's other mails with wrong codes."""
    db.execute("DELETE FROM guess WHERE at < ?", (now - DAY,))
    query = "SELECT count(*) AS wrong FROM guess WHERE correspondent = ? AND at <> ?"
    return int(db.execute(query, (who, came_at)).fetchone()["wrong"])
