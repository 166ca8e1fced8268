"""Keep the tokens of people who may write, and their sessions on the pages.

The secret of a token or a session has 256 random bits. The file keeps only its SHA-256, so that a reader of
the file or of a backup cannot write. Salt and a slow hash are for passwords, which can be guessed from a
list; 2^256 possibilities cannot. For the same reason an index may find the digest: its timing reveals only
digests, and nobody can choose a secret by its digest.

No token is deleted, so the audit trail can name former people. A revoked name may get a new token.

The browser has a session's secret as a cookie. The pages' own forms and scripts also send `csrf`. Another
site cannot send it, since it cannot read these pages.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import re
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from registry.database import dialect
from registry.database.dialect import StateDatabase, StateUnavailable, folded
from registry.store.audit import note
from styles.errors import BadOption, Permanent

#: First characters of a secret, by which people and scanners recognise a leaked one.
PREFIX = "mb_"
#: Random bytes in a secret.
SECRET_BYTES = 32
#: Person of the token in the environment, REGISTRY_UPLOAD_TOKEN. No token here has that name.
OPERATOR = "operator"
#: Pattern of a person's name: letters of any script, digits, and the signs of names and addresses.
NAME = re.compile(r"\w(?:[\w .@'+-]{0,62}[\w.])?")
#: Seconds between two notes of a token's last use, since each is a write.
USE_NOTED_SECONDS = 60.0
#: Seconds that a session lasts: a working day.
SESSION_SECONDS = 12 * 3600
#: Random bytes that are hashed with the environment's token.
SALT_BYTES = 16


class UnknownPerson(Permanent):
    """Report that a person has no valid token."""

    status = 404

    def __init__(self, name: str) -> None:
        super().__init__(f"No token is named “{name[:100]}”, or it was revoked before.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenInfo:
    """Describe a token without its secret."""

    name: str
    created: str  #: ISO 8601, UTC
    used: str  #: ISO 8601, UTC, to about a minute; "" for never
    revoked: str  #: ISO 8601, UTC; "" while it is valid


class Tokens:
    """Hold the tokens of a registry."""

    def __init__(self, database: StateDatabase) -> None:
        self._database = database

    def add(self, name: str, *, by: str = "") -> str:
        """Make a token for a person and return its secret, which is shown only here. Raises `BadOption`."""
        _check(name)
        secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
        with self._database.writing() as db:
            if db.rows("SELECT 1 FROM token WHERE lower(name) = ? AND revoked IS NULL", folded(name)):
                raise BadOption(f"“{name}” has a token already. Revoke it first, or choose another name.")
            db.insert("token", {"name": name, "hash": digest(secret), "created": dialect.now()})
            note(db, "token added", by=by, detail=name)
        return secret

    def list(self) -> list[TokenInfo]:
        """Return all tokens there ever were, by name, valid ones before revoked ones."""
        with self._database.reading() as db:
            query = """
                SELECT name, created, coalesce(used, '') AS used, coalesce(revoked, '') AS revoked
                FROM token ORDER BY token.revoked IS NOT NULL, lower(name), id"""
            return [TokenInfo(**row) for row in db.rows(query)]

    def revoke(self, name: str, *, by: str = "") -> None:
        """End a person's token and sessions, for every process at once. Raises `UnknownPerson`."""
        with self._database.writing() as db:
            query = "SELECT id, name FROM token WHERE lower(name) = ? AND revoked IS NULL"
            found = db.rows(query, folded(name))
            if not found:
                raise UnknownPerson(name)
            db.execute("UPDATE token SET revoked = ? WHERE id = ?", dialect.now(), found[0]["id"])
            db.execute("DELETE FROM session WHERE lower(person) = ?", folded(name))
            note(db, "token revoked", by=by, detail=found[0]["name"])

    def person(self, secret: str) -> str | None:
        """Return the person of a secret; None for an unknown or revoked one."""
        with self._database.reading() as db:
            query = "SELECT id, name, used FROM token WHERE hash = ? AND revoked IS NULL"
            found = db.rows(query, digest(secret))
        if not found:
            return None
        if (found[0]["used"] or "") < dialect.moment(
            datetime.now(UTC) - timedelta(seconds=USE_NOTED_SECONDS)
        ):
            # A valid token is valid beside another process that writes for long, and on a full disk.
            busy = (sqlite3.OperationalError, StateUnavailable)
            with contextlib.suppress(*busy), self._database.writing() as db:
                db.execute("UPDATE token SET used = ? WHERE id = ?", dialect.now(), found[0]["id"])
        return str(found[0]["name"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Describe a login of a person."""

    person: str
    csrf: str  #: sent with every write that the cookie allows
    expires: str  #: ISO 8601, UTC


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

    def open(self, person: str) -> tuple[str, Session]:
        """Open a session after a login, and return its secret, which is not kept, and the session.

        Raises `UnknownPerson` if the token was revoked after its check, or for the operator if another
        registry has started with a new token: this one's is an old one, and a session by it would outlive it.
        """
        secret, csrf = secrets.token_urlsafe(SECRET_BYTES), secrets.token_urlsafe(SECRET_BYTES)
        expires = dialect.moment(datetime.now(UTC) + timedelta(seconds=SESSION_SECONDS))
        with self._database.writing() as db:
            # A person without a token here holds the environment's, which cannot be revoked here.
            held = db.rows("SELECT revoked FROM token WHERE lower(name) = ?", folded(person))
            if held and all(token["revoked"] for token in held):
                raise UnknownPerson(person)
            is_operator = folded(person) == OPERATOR
            if is_operator and db.rows("SELECT salt, hash FROM environment") != self._environment:
                raise UnknownPerson(person)
            db.execute("DELETE FROM session WHERE expires <= ?", dialect.now())
            row = {"hash": digest(secret), "person": person, "csrf": csrf, "expires": expires}
            db.insert("session", row)
        return secret, Session(person=person, csrf=csrf, expires=expires)

    def find(self, secret: str) -> Session | None:
        """Return the open session of a secret, or None."""
        query = "SELECT person, csrf, expires FROM session WHERE hash = ? AND expires > ?"
        with self._database.reading() as db:
            found = db.rows(query, digest(secret), dialect.now())
        return Session(**found[0]) if found else None

    def close(self, secret: str) -> None:
        """End a session. One that ended already is no error."""
        with self._database.writing() as db:
            db.execute("DELETE FROM session WHERE hash = ?", digest(secret))


def digest(secret: str) -> str:
    """Hash the secret of a token or a session: 64 hex digits."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def _check(name: str) -> None:
    if not NAME.fullmatch(name):
        raise BadOption(
            f"{name[:100]!r} cannot be the name of a token: "
            "that is up to 64 letters, digits, spaces and . @ ' + - _, a letter or digit first and last."
        )
    if name.casefold() == OPERATOR:
        raise BadOption(f"“{OPERATOR}” is who holds REGISTRY_UPLOAD_TOKEN. Choose a person's name.")


def _slow(token: str, salt: bytes) -> bytes:
    """Hash the environment's token, which a person may have chosen: 50 ms for every guess."""
    return hashlib.scrypt(token.encode(errors="surrogateescape"), salt=salt, n=2**14, r=8, p=1)
