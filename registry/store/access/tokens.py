"""Keep the tokens of people who may write.

The secret of a token has 256 random bits. The database keeps only its SHA-256, so that a reader of the
database or of a backup cannot write. Salt and a slow hash are for passwords, which can be guessed from a
list; 2^256 possibilities cannot. For the same reason an index may find the digest: its timing reveals only
digests, and nobody can choose a secret by its digest.

No token is deleted, so the audit trail can name former people. A person may have several, told apart by
their labels. A revoked label may be given again.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import secrets
import sqlite3
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from registry.database import dialect
from registry.database.dialect import StateDatabase, StateUnavailable, Transaction, ascii_lower
from registry.store.access.roles import RESERVED, SCOPES, SYSTEM, NotAllowed, Scope, UnknownPerson, Writer
from registry.store.audit import note
from styles.errors import BadOption

#: First characters of a secret, by which people and scanners recognise a leaked one.
PREFIX = "mb_"
#: Random bytes in a secret.
SECRET_BYTES = 32
#: Pattern of a person's name and of a label: letters of any script, digits, the signs of names and addresses.
NAME = re.compile(r"\w(?:[\w .@'+-]{0,62}[\w.])?")
#: Seconds between two notes of a token's last use, since each is a write.
USE_NOTED_SECONDS = 60.0
#: Most days of a token that has an end: ten years.
MOST_DAYS = 3650
#: Most tokens of a person that hold at once.
MOST_OF_A_PERSON = 50

_WRITER = """
    SELECT id, name, scope, expires, used FROM token
    WHERE hash = ? AND revoked IS NULL AND (expires IS NULL OR expires > ?)"""
_LIST = """
    SELECT id, name, label, scope, created, coalesce(used, '') AS used, coalesce(expires, '') AS expires,
           coalesce(revoked, '') AS revoked
    FROM token"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenInfo:
    """Describe a token without its secret."""

    id: int
    name: str  #: the person
    label: str  #: tells the person's tokens apart, such as "ci"; mostly ""
    scope: Scope
    created: str  #: ISO 8601, UTC
    used: str  #: ISO 8601, UTC, to about a minute; "" for never
    expires: str  #: ISO 8601, UTC; "" for a token without an end
    revoked: str  #: ISO 8601, UTC; "" while it is not revoked

    @property
    def holds(self) -> bool:
        """Whether it is neither revoked nor past its end."""
        return not self.revoked and (not self.expires or self.expires > dialect.now())


class Tokens:
    """Hold the tokens of a registry."""

    def __init__(self, database: StateDatabase) -> None:
        self._database = database

    def add(
        self,
        name: str,
        *,
        label: str = "",
        scope: Scope = "publish",
        days: float | None = None,
        by: Writer = SYSTEM,
    ) -> str:
        """Make a token for a person and return its secret, which is shown only here.

        `days` is the time until its end. Only a maintainer of the registry makes tokens for others. A token
        makes none that reaches further or lasts longer than itself. Raises `BadOption` and `NotAllowed`.
        """
        _check(name, label, days)
        ends = dialect.moment(datetime.now(UTC) + timedelta(days=days)) if days is not None else ""
        _require(by, name, scope, ends)
        secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
        with self._database.writing() as db:
            _make_room(db, name, label)
            row = {"name": name, "label": label, "scope": scope, "expires": ends or None}
            db.insert("token", row | {"hash": digest(secret), "created": dialect.now()})
            note(db, "token added", by=by.person, detail=_called(name, label, scope))
        return secret

    def list(self, person: str | None = None) -> list[TokenInfo]:
        """Return all tokens there ever were, or a person's, by name, valid ones before revoked ones."""
        where, values = ("WHERE lower(name) = ?", (ascii_lower(person),)) if person is not None else ("", ())
        query = f"{_LIST} {where} ORDER BY token.revoked IS NOT NULL, lower(name), id"
        with self._database.reading() as db:
            return [TokenInfo(**row) for row in db.rows(query, *values)]

    def revoke(self, name: str, *, label: str | None = None, by: Writer = SYSTEM) -> None:
        """End a person's tokens, or that of a label, and the sessions opened with them, for every process.

        Raises `UnknownPerson`.
        """
        query = f"{_LIST} WHERE lower(name) = ? AND revoked IS NULL"
        with self._database.writing() as db:
            found = [TokenInfo(**row) for row in db.rows(query, ascii_lower(name))]
            found = [
                token for token in found if label is None or ascii_lower(token.label) == ascii_lower(label)
            ]
            if not found:
                raise UnknownPerson(f"{name} {label}" if label else name)
            for token in found:
                _revoke(db, token, by)

    def revoke_one(self, number: int, *, by: Writer = SYSTEM) -> TokenInfo:
        """End the token of a number, one's own or as a maintainer of the registry any, and return it.

        Raises `UnknownPerson`, also for a token of somebody else, which a person does not see.
        """
        with self._database.writing() as db:
            rows = db.rows(f"{_LIST} WHERE id = ? AND revoked IS NULL", number)
            token = TokenInfo(**rows[0]) if rows else None
            if token is None or not (by.reaches("registry") or by.is_called(token.name)):
                raise UnknownPerson(f"number {number}")
            _revoke(db, token, by)
        return token

    def writer(self, secret: str) -> Writer | None:
        """Return the writer of a secret; None for one that is unknown, revoked, or past its end."""
        with self._database.reading() as db:
            found = db.rows(_WRITER, digest(secret), dialect.now())
        if not found:
            return None
        token = found[0]
        if (token["used"] or "") < dialect.moment(datetime.now(UTC) - timedelta(seconds=USE_NOTED_SECONDS)):
            # A valid token is valid beside another process that writes for long, and on a full disk.
            busy = (sqlite3.OperationalError, StateUnavailable)
            with contextlib.suppress(*busy), self._database.writing() as db:
                db.execute("UPDATE token SET used = ? WHERE id = ?", dialect.now(), token["id"])
        return Writer(token["name"], token["scope"], token["id"], token["expires"] or "")


def digest(secret: str) -> str:
    """Hash the secret of a token or a session: 64 hex digits."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def _revoke(db: Transaction, token: TokenInfo, by: Writer) -> None:
    db.execute("UPDATE token SET revoked = ? WHERE id = ?", dialect.now(), token.id)
    db.execute("DELETE FROM session WHERE token = ?", token.id)
    note(db, "token revoked", by=by.person, detail=_called(token.name, token.label, token.scope))


def _make_room(db: Transaction, name: str, label: str) -> None:
    """Revoke a token that is past its end, so that its label is free. Raises `BadOption` for another one."""
    query = f"{_LIST} WHERE lower(name) = ? AND revoked IS NULL"
    found = [TokenInfo(**row) for row in db.rows(query, ascii_lower(name))]
    for token in found:
        if not token.holds:
            _revoke(db, token, SYSTEM)
        elif ascii_lower(token.label) == ascii_lower(label):
            which = f" labelled “{label}”" if label else ""
            raise BadOption(
                f"“{name}” has a token{which} already. Revoke it first, or choose another label or name."
            )
    if len(found) >= MOST_OF_A_PERSON:
        raise BadOption(f"“{name}” has {len(found)} tokens already: revoke one that is not used any more.")


def _require(by: Writer, name: str, scope: Scope, ends: str) -> None:
    """Raise `NotAllowed` if a writer may not make such a token."""
    by.require("publish")
    by.require(scope)
    if not by.reaches("registry") and not by.is_called(name):
        raise NotAllowed("Only a maintainer of the registry makes tokens for others.")
    if by.expires and not by.reaches("registry") and (not ends or ends > by.expires):
        raise NotAllowed(
            f"A token makes none that lasts longer than itself: yours ends on {by.expires[:10]}."
        )


def _called(name: str, label: str, scope: Scope) -> str:
    return name + (f", {label}" if label else "") + (f" ({scope})" if scope != SCOPES[1] else "")


def _check(name: str, label: str, days: float | None) -> None:
    for kind, text in (("name", name), ("label", label)):
        if not NAME.fullmatch(text) and (kind == "name" or text):
            raise BadOption(
                f"{text[:100]!r} cannot be the {kind} of a token: "
                "that is up to 64 letters, digits, spaces and . @ ' + - _, a letter or digit first and last."
            )
    if unicodedata.normalize("NFKC", name).casefold() in RESERVED:
        raise BadOption(f"“{name}” is no person here. Choose a person's name.")
    if days is not None and not 0 < days <= MOST_DAYS:
        raise BadOption(f"A token lasts for 1 to {MOST_DAYS} days, or has no end.")
