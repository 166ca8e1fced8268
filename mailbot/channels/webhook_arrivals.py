"""Keep what a webhook was told until its message is in the ledger.

A provider that calls a webhook waits some seconds and may never call again. So its words are on the disk
before it is answered, and the photos are fetched afterwards.

All functions work within a transaction of the ledger's connection.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import msgspec

from mailbot.storage.ledger_rows import of_row
from mailbot.storage.mail_keys import channel_key
from styles.service.units import DAY, HOUR

#: Seconds before a list's last reading that the next one begins at: the provider's clock may differ, and a
#: message may be listed late. Then the seconds for the first reading, and the most: who was not answered for
#: a week does not wait any more.
OVERLAP, FIRST, MOST = HOUR / 4, HOUR, 7 * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookArrival:
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


def waiting(db: sqlite3.Connection, channel: str) -> list[WebhookArrival]:
    """Return the calls whose messages are not in the ledger yet, the oldest first."""
    query = "SELECT id, form, arrived_at FROM arrival WHERE channel = ? ORDER BY id"
    return [of_row(WebhookArrival, row) for row in db.execute(query, (channel,))]


def remove(db: sqlite3.Connection, id: int) -> None:
    """Forget a call, whose message is in the ledger."""
    db.execute("DELETE FROM arrival WHERE id = ?", (id,))


def of_others(db: sqlite3.Connection, channels: Collection[str]) -> list[int]:
    """Return the ids of calls of all channels but these."""
    rows = db.execute("SELECT id, channel FROM arrival")
    return [row["id"] for row in rows if row["channel"] not in channels]


def leave(db: sqlite3.Connection, ids: Sequence[int]) -> None:
    """Forget calls of a channel that is switched off, so that the provider's list gives them again.

    It does so if the channel is switched on within `MOST` seconds.
    """
    for id in ids:
        row = db.execute("DELETE FROM arrival WHERE id = ? RETURNING *", (id,)).fetchone()
        key = f"listed {row['channel']} {of_row(WebhookArrival, row).fields.get('To', '')}"
        db.execute("UPDATE meta SET value = min(value, ?) WHERE key = ?", (row["arrived_at"], key))


def listed_since(db: sqlite3.Connection, channel: str, account: str, now: float) -> float:
    """Return the moment from which the provider's list of messages is to be read."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (f"listed {channel} {account}",)).fetchone()
    return max(float(row["value"]) - OVERLAP, now - MOST) if row else now - FIRST


def listed(db: sqlite3.Connection, channel: str, account: str, until: float) -> None:
    """Note that the provider's list was read up to a moment."""
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (f"listed {channel} {account}", until))
