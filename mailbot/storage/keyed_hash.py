"""Make keyed hashes by the ledger's secret: of addresses, pictures and Message-IDs.

Without the secret the hashed words cannot be found, so a hash may stay when its mail is erased.
"""

from __future__ import annotations

import hashlib
import hmac
import sqlite3

from mailbot.parsing.headers import without_tag


def secret_of(db: sqlite3.Connection) -> bytes:
    """Return the secret of this ledger, which its first migration made."""
    secret: bytes = db.execute("SELECT value FROM meta WHERE key = 'secret'").fetchone()["value"]
    return secret


def keyed_hash(secret: bytes, kind: str, text: str, digits: int = 32) -> str:
    """Return the first hex digits of the hash of a text; texts of different kinds never have the same."""
    return hmac.new(secret, f"{kind} {text}".encode(), hashlib.sha256).hexdigest()[:digits]


def trace_of(secret: bytes, dedupe: str) -> str:
    """Return the trace of a mail (`styles/service/logs.py`) by its `dedupe`: it says nothing of the mail."""
    return keyed_hash(secret, "trace", dedupe)


def pseudonym(secret: bytes, address: str) -> str:
    """Return a keyed hash of an address behind a `#`, or "" for "". A pseudonym is returned unchanged.

    Its tag does not count: who mails from ann+art@ asks from ann@ for all of it to be deleted.
    """
    if not address or address.startswith("#"):
        return address
    return _pseudonym(secret, without_tag(address))


def tagged_pseudonym(secret: bytes, address: str) -> str:
    """Return the pseudonym that an address had in ledgers of before, with its tag."""
    return _pseudonym(secret, address.lower())


def _pseudonym(secret: bytes, address: str) -> str:
    return "#" + keyed_hash(secret, "address", address)
