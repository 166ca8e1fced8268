"""Decide who may read a blob: everybody, or those who may see the versions that name it.

A file is everybody's if a version names it that everybody may ask for (registry/store/queries.py). So the
weights of a retired style are not, once the photos that were under way are painted. Nor is any file of
private versions. Those who may change the style read it, and the bot does. The balancer and the runners have
no token: where the bot asks them for a private style by its secret alias, they get a key for its weights.
"""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

from registry.database.dialect import Transaction, moment
from registry.store import queries
from registry.store.access import roles
from registry.store.access.roles import BOT, Writer
from registry.store.queries import ENDS_WITHIN
from styles.contract import PRIVATE, ResolvedStyle, keyed_digest

#: Hex digits of a key: 128 bits.
KEY_DIGITS = 32

_USES = """
    SELECT used.style, used.version, hidden.version AS hidden, style.retired, used.ends
    FROM (
        SELECT style, version, 1 AS ends FROM version WHERE digest = ?
        UNION ALL SELECT style, version, 0 FROM version WHERE preview = ?
        UNION ALL SELECT style, version, 0 FROM version JOIN thumbnail USING (preview)
            WHERE small = ? OR medium = ? OR large = ?
        UNION ALL SELECT style, version, 0 FROM proof WHERE digest = ?
    ) AS used
    JOIN style ON style.name = used.style
    LEFT JOIN private_version AS hidden ON hidden.style = used.style AND hidden.version = used.version"""
_SECRETS = """
    SELECT alias.alias FROM version JOIN alias USING (style, version)
    WHERE version.digest = ? AND alias.alias LIKE ?"""


def is_open(db: Transaction, digest: str) -> bool:
    """Tell whether everybody may read a blob."""
    since = moment(datetime.now(UTC) - ENDS_WITHIN)
    uses = db.rows(_USES, *[digest] * 6)
    ended = (row["ends"] and row["retired"] and row["retired"] < since for row in uses)
    return any(not row["hidden"] and not is_ended for row, is_ended in zip(uses, ended, strict=True))


def may_read(db: Transaction, digest: str, key: str, by: Writer | None) -> bool:
    """Tell whether a blob that is not open may be read with a key, or by a writer."""
    secrets = db.rows(_SECRETS, digest, f"{PRIVATE}%")
    if any(hmac.compare_digest(_key(row["alias"]), key.encode(errors="replace")) for row in secrets):
        return True
    if by is None:
        return False
    styles = {row["style"] for row in db.rows(_USES, *[digest] * 6)}
    return by.person == BOT or any(roles.may(db, style, by) for style in styles)


def resolve(db: Transaction, name: str, ref: str | int = "live") -> ResolvedStyle:
    """Return the version that `ref` means, for the balancer: by a secret alias with the key of its weights.

    Raises `UnknownStyle`.
    """
    found = queries.resolve(db, name, ref)
    if not str(ref).startswith(PRIVATE):
        return found
    digest = keyed_digest(found.digest, _key(str(ref)).decode())
    return replace(found, digest=digest, base=digest if found.base == found.digest else found.base)


def _key(alias: str) -> bytes:
    return sha256(f"weights\n{alias}".encode()).hexdigest()[:KEY_DIGITS].encode()
