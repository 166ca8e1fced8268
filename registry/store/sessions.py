"""Keep the sessions of people who are logged in on the pages.

A session's secret has 256 random bits. The browser has it as a cookie, and the file has its SHA-256, which is
enough for the reason in registry/store/tokens.py. The pages' own forms and scripts also send `csrf`. Another
site cannot send it, since it cannot read these pages.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from registry.store import schema
from registry.store.database import DatabaseFile, rows
from registry.store.tokens import OPERATOR, SECRET_BYTES, UnknownPerson, digest

#: Seconds that a session lasts: a working day.
SESSION_SECONDS = 12 * 3600
#: Random bytes that are hashed with the environment's token.
SALT_BYTES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Describe a login of a person."""

    person: str
    csrf: str  #: sent with every write that the cookie allows
    expires: str  #: ISO 8601, UTC


class Sessions:
    """Hold the sessions of a registry."""

    def __init__(self, database: DatabaseFile) -> None:
        self._database = database

    def begin(self, token: str) -> None:
        """End the operator's sessions unless `token`, from the environment, is that of the last start.

        Called at the start. `token` is "" if the environment has none.
        """
        with self._database.writing() as db:
            last = rows(db, "SELECT salt, hash FROM environment")
            if token and last and hmac.compare_digest(_slow(token, last[0]["salt"]), last[0]["hash"]):
                return
            db.execute("DELETE FROM session WHERE person = ?", [OPERATOR])
            db.execute("DELETE FROM environment")
            if token:
                salt = secrets.token_bytes(SALT_BYTES)
                db.table("environment").insert({"salt": salt, "hash": _slow(token, salt)})

    def open(self, person: str) -> tuple[str, Session]:
        """Open a session after a login, and return its secret, which is not kept, and the session.

        Raises `UnknownPerson` if the token was revoked meanwhile.
        """
        secret, csrf = secrets.token_urlsafe(SECRET_BYTES), secrets.token_urlsafe(SECRET_BYTES)
        expires = schema.moment(datetime.now(UTC) + timedelta(seconds=SESSION_SECONDS))
        with self._database.writing() as db:
            # A person without a token here holds the environment's, which cannot be revoked here.
            query = "SELECT max(revoked IS NULL) AS holds FROM token WHERE name = ?"
            if rows(db, query, person)[0]["holds"] == 0:
                raise UnknownPerson(person)
            db.execute("DELETE FROM session WHERE expires <= ?", [schema.now()])
            row = {"hash": digest(secret), "person": person, "csrf": csrf, "expires": expires}
            db.table("session").insert(row)
        return secret, Session(person=person, csrf=csrf, expires=expires)

    def find(self, secret: str) -> Session | None:
        """Return the open session of a secret, or None."""
        query = "SELECT person, csrf, expires FROM session WHERE hash = ? AND expires > ?"
        with self._database.reading() as db:
            found = rows(db, query, digest(secret), schema.now())
        return Session(**found[0]) if found else None

    def close(self, secret: str) -> None:
        """End a session. One that ended already is no error."""
        with self._database.writing() as db:
            db.execute("DELETE FROM session WHERE hash = ?", [digest(secret)])


def _slow(token: str, salt: bytes) -> bytes:
    """Hash the environment's token, which a person may have chosen: 50 ms for every guess."""
    return hashlib.scrypt(token.encode(errors="surrogateescape"), salt=salt, n=2**14, r=8, p=1)
