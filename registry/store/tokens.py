"""Keep the tokens of people who may write: a name and the hash of a secret.

A secret has 256 random bits. The file keeps only its SHA-256, so that a reader of the file or of a backup
cannot write. Salt and a slow hash are for passwords, which can be guessed from a list; 2^256 possibilities
cannot. For the same reason an index may find the digest: its timing reveals only digests, and nobody can
choose a secret by its digest.

Nothing is deleted, so the audit trail can name former people. A revoked name may get a new token.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from registry.store import schema
from registry.store.audit import note
from registry.store.database import DatabaseFile, rows
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

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> TokenInfo:
        """Build a token from a row of `token`."""
        return cls(**{key: row[key] or "" for key in cls.__slots__})


class Tokens:
    """Hold the tokens of a registry."""

    def __init__(self, database: DatabaseFile) -> None:
        self._database = database

    def add(self, name: str, *, by: str = "") -> str:
        """Make a token for a person and return its secret, which is shown only here. Raises `BadOption`."""
        _check(name)
        secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
        with self._database.writing() as db:
            if rows(db, "SELECT 1 FROM token WHERE name = ? AND revoked IS NULL", name):
                raise BadOption(f"“{name}” has a token already. Revoke it first, or choose another name.")
            db.table("token").insert({"name": name, "hash": digest(secret), "created": schema.now()})
            note(db, "token added", by=by, detail=name)
        return secret

    def list(self) -> list[TokenInfo]:
        """Return all tokens there ever were, by name, valid ones before revoked ones."""
        with self._database.reading() as db:
            query = "SELECT * FROM token ORDER BY revoked IS NOT NULL, name, id"
            return [TokenInfo.from_row(row) for row in rows(db, query)]

    def revoke(self, name: str, *, by: str = "") -> None:
        """End a person's token and sessions, for every process at once. Raises `UnknownPerson`."""
        with self._database.writing() as db:
            query = "SELECT id, name FROM token WHERE name = ? AND revoked IS NULL"
            found = rows(db, query, name)
            if not found:
                raise UnknownPerson(name)
            db.execute("UPDATE token SET revoked = ? WHERE id = ?", [schema.now(), found[0]["id"]])
            db.execute("DELETE FROM session WHERE person = ?", [name])
            note(db, "token revoked", by=by, detail=found[0]["name"])

    def person(self, secret: str) -> str | None:
        """Return the person of a secret; None for an unknown or revoked one."""
        with self._database.reading() as db:
            query = "SELECT id, name, used FROM token WHERE hash = ? AND revoked IS NULL"
            found = rows(db, query, digest(secret))
        if not found:
            return None
        if (found[0]["used"] or "") < schema.moment(datetime.now(UTC) - timedelta(seconds=USE_NOTED_SECONDS)):
            with self._database.writing() as db:
                db.execute("UPDATE token SET used = ? WHERE id = ?", [schema.now(), found[0]["id"]])
        return str(found[0]["name"])


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
