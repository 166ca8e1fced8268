"""Tokens: who may write, as a person's name and a secret that is told once.

A secret is 256 random bits. What the file keeps of it is its SHA-256 and no more, so that who reads the
file, or a backup of it, cannot write. Salt and a slow hash are for passwords, which can be guessed from a
list; 2^256 possibilities cannot, however fast each is tried. For the same reason the digest may be looked
up in an index: how long that takes tells at most of digests, and nobody can choose a secret by its digest.

Nothing is deleted: the audit trail goes on naming who is gone. A revoked name may be given a new token.
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

#: What a secret begins with: who finds one, or a scanner that looks for such, knows what it opens.
PREFIX = "mb_"
#: Random bytes in a secret.
SECRET_BYTES = 32
#: The person whose token is REGISTRY_UPLOAD_TOKEN of the environment; no token here has that name.
OPERATOR = "operator"
#: A person's name: letters of any script, digits, and what stands in names and addresses.
NAME = re.compile(r"\w(?:[\w .@'+-]{0,62}[\w.])?")
#: The last use of a token is noted at most that often, seconds: it is for people, and costs a write.
NOTED_EVERY = 60.0


class UnknownPerson(Permanent):
    """Nobody of that name has a token that holds."""

    status = 404

    def __init__(self, name: str) -> None:
        super().__init__(f"No token is named “{name[:100]}”, or it was revoked before.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenInfo:
    """What is known of a token; its secret is not."""

    name: str
    created: str  #: ISO 8601, UTC
    used: str  #: ISO 8601, UTC, to about a minute; "" for never
    revoked: str  #: ISO 8601, UTC; "" while it holds

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> TokenInfo:
        """From a row of `token`."""
        return cls(**{key: row[key] or "" for key in cls.__slots__})


class Tokens:
    """The tokens of a registry."""

    def __init__(self, database: DatabaseFile) -> None:
        self._database = database

    def add(self, name: str, *, by: str = "") -> str:
        """A new token for a person: its secret, which is told only here. Raises `BadOption`."""
        _check(name)
        secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
        with self._database.writing() as db:
            if rows(db, "SELECT 1 FROM token WHERE name = ? AND revoked IS NULL", name):
                raise BadOption(f"“{name}” has a token already. Revoke it first, or choose another name.")
            db.table("token").insert({"name": name, "hash": digest(secret), "created": schema.now()})
            note(db, "token added", by=by, detail=name)
        return secret

    def list(self) -> list[TokenInfo]:
        """All tokens there ever were, by name, those that hold before revoked ones."""
        with self._database.reading() as db:
            query = "SELECT * FROM token ORDER BY revoked IS NOT NULL, name, id"
            return [TokenInfo.from_row(row) for row in rows(db, query)]

    def revoke(self, name: str, *, by: str = "") -> None:
        """Ends a person's token and sessions, for every process at once. Raises `UnknownPerson`."""
        with self._database.writing() as db:
            query = "SELECT id, name FROM token WHERE name = ? AND revoked IS NULL"
            found = rows(db, query, name)
            if not found:
                raise UnknownPerson(name)
            db.execute("UPDATE token SET revoked = ? WHERE id = ?", [schema.now(), found[0]["id"]])
            db.execute("DELETE FROM session WHERE person = ?", [name])
            note(db, "token revoked", by=by, detail=found[0]["name"])

    def person(self, secret: str) -> str | None:
        """Whose secret that is; None for nobody's, or one that was revoked."""
        with self._database.reading() as db:
            query = "SELECT id, name, used FROM token WHERE hash = ? AND revoked IS NULL"
            found = rows(db, query, digest(secret))
        if not found:
            return None
        if (found[0]["used"] or "") < schema.moment(datetime.now(UTC) - timedelta(seconds=NOTED_EVERY)):
            with self._database.writing() as db:
                db.execute("UPDATE token SET used = ? WHERE id = ?", [schema.now(), found[0]["id"]])
        return str(found[0]["name"])


def digest(secret: str) -> str:
    """What is kept of a secret, of a token or a session: 64 hex digits."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def _check(name: str) -> None:
    if not NAME.fullmatch(name):
        raise BadOption(
            f"{name[:100]!r} cannot be the name of a token: "
            "that is up to 64 letters, digits, spaces and . @ ' + - _, a letter or digit first and last."
        )
    if name.casefold() == OPERATOR:
        raise BadOption(f"“{OPERATOR}” is who holds REGISTRY_UPLOAD_TOKEN. Choose a person's name.")
