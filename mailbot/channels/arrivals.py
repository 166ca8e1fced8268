"""Keep what a webhook was told until its message is in the ledger.

A provider that calls a webhook waits some seconds and may never call again. So its words are on the disk
before it is answered, and the photos are fetched afterwards.

All functions work within a transaction of the ledger's connection.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import msgspec

from mailbot.storage.mail_keys import channel_key
from mailbot.storage.models import of_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Hold one call of a webhook."""

    id: int  #: never used again
    form: bytes  #: its fields, in msgpack
    arrived_at: float

    @property
    def fields(self) -> dict[str, str]:
        """The fields of its form."""
        return msgspec.msgpack.decode(self.form, type=dict[str, str])


def add(db: sqlite3.Connection, channel: str, key: str, fields: dict[str, str], now: float) -> bool:
    """Keep a call, unless its message was told before: `key` is the provider's name of it."""
    insert = """INSERT OR IGNORE INTO arrival (channel, key, form, arrived_at)
        SELECT ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM message WHERE dedupe = ?)"""
    values = (channel, key, msgspec.msgpack.encode(fields), now, channel_key(channel, key))
    return db.execute(insert, values).rowcount > 0


def waiting(db: sqlite3.Connection, channel: str) -> list[Arrival]:
    """Return the calls whose messages are not in the ledger yet, the oldest first."""
    query = "SELECT id, form, arrived_at FROM arrival WHERE channel = ? ORDER BY id"
    return [of_row(Arrival, row) for row in db.execute(query, (channel,))]


def remove(db: sqlite3.Connection, id: int) -> None:
    """Forget a call, whose message is in the ledger."""
    db.execute("DELETE FROM arrival WHERE id = ?", (id,))
