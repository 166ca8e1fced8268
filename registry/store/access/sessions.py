"""Keep the sessions of people who signed in on the pages.

The browser has a session's secret as a cookie, and the database its hash (`tokens.py`). The
pages' own forms and scripts also send `csrf`. Another site cannot send it, since it cannot read these pages.
A session reaches as far as the token that opened it, and ends with that token.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from registry.database import dialect
from registry.database.dialect import StateDatabase, ascii_lower
from registry.store.access.roles import OPERATOR, UnknownPerson, Writer
from registry.store.access.tokens import SECRET_BYTES, digest

#: Seconds that a session lasts: a working day.
SESSION_SECONDS = 12 * 3600
#: Random bytes that are hashed with the environment's token.
SALT_BYTES = 16

#: A session whose token still holds. The environment's token has the number 0 and no row.
_FIND = """
    SELECT session.person, csrf, session.expires, token.scope, token.id, token.expires AS ends
    FROM session LEFT JOIN token ON token.id = session.token
    WHERE session.hash = ? AND session.expires > ?
      AND (session.token = 0
           OR token.id IS NOT NULL AND token.revoked IS NULL
              AND (token.expires IS NULL OR token.expires > ?))"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Describe a login of a person."""

    writer: Writer  #: as the token makes it that opened the session
    csrf: str  #: sent with every write that the cookie allows
    expires: str  #: ISO 8601, UTC

    @property
    def person(self) -> str:
        """The person who signed in."""
        return self.writer.person


class Sessions:
    """Hold the sessions of a registry."""

    def __init__(self, database: StateDatabase) -> None:
        self._database = database
        self._environment: list[dict[str, object]] = []  #: the row of the environment's token at this start

    def begin(self, token: str) -> None:
        """End the operator's sessions unless `token`, from the environment, is that of the last start.

        Called at the start. `token` is "" if the environment has none.
        """
        with self._database.writing() as db:
            last = db.rows("SELECT salt, hash FROM environment")
            if token and last and hmac.compare_digest(_slow(token, last[0]["salt"]), last[0]["hash"]):
                self._environment = last
                return
            db.execute("DELETE FROM session WHERE lower(person) = ?", OPERATOR)
            db.execute("DELETE FROM environment")
            if token:
                salt = secrets.token_bytes(SALT_BYTES)
                db.insert("environment", {"salt": salt, "hash": _slow(token, salt)})
            self._environment = db.rows("SELECT salt, hash FROM environment")

    def open(self, writer: Writer) -> tuple[str, Session]:
        """Open a session after a login, and return its secret, which is not kept, and the session.

        Raises `UnknownPerson` if the token was revoked after its check. It also raises it for the operator if
        another registry has started with a new token. This one's token is then an old one, and a session by
        it would outlive it.
        """
        secret, csrf = secrets.token_urlsafe(SECRET_BYTES), secrets.token_urlsafe(SECRET_BYTES)
        expires = dialect.moment(datetime.now(UTC) + timedelta(seconds=SESSION_SECONDS))
        with self._database.writing() as db:
            query = "SELECT 1 FROM token WHERE id = ? AND revoked IS NULL"
            if writer.token and not db.rows(query, writer.token):
                raise UnknownPerson(writer.person)
            is_operator = ascii_lower(writer.person) == OPERATOR
            if is_operator and db.rows("SELECT salt, hash FROM environment") != self._environment:
                raise UnknownPerson(writer.person)
            db.execute("DELETE FROM session WHERE expires <= ?", dialect.now())
            row = {"hash": digest(secret), "person": writer.person, "csrf": csrf, "expires": expires}
            db.insert("session", row | {"token": writer.token})
        return secret, Session(writer=writer, csrf=csrf, expires=expires)

    def find(self, secret: str) -> Session | None:
        """Return the open session of a secret, or None."""
        at = dialect.now()
        with self._database.reading() as db:
            found = db.rows(_FIND, digest(secret), at, at)
        if not found:
            return None
        row = found[0]
        writer = Writer(row["person"], row["scope"] or "registry", row["id"] or 0, row["ends"] or "")
        return Session(writer=writer, csrf=row["csrf"], expires=row["expires"])

    def close(self, secret: str) -> None:
        """End a session. One that ended already is no error."""
        with self._database.writing() as db:
            db.execute("DELETE FROM session WHERE hash = ?", digest(secret))


def _slow(token: str, salt: bytes) -> bytes:
    """Hash the environment's token, which a person may have chosen: 50 ms for every guess."""
    return hashlib.scrypt(token.encode(errors="surrogateescape"), salt=salt, n=2**14, r=8, p=1)
