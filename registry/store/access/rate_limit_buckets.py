"""Remember the buckets of registry/http/rate_limit.py, which limits wrong tokens.

One registry remembers them in memory. Registries that share a database remember them in it, so that an
attacker gains nothing by asking each of them. What is remembered of a key, such as an address, is one moment:
when all of its attempts are back.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from registry.database.dialect import StateDatabase, Transaction
from styles.service.bounded_dict import BoundedDict

#: Keys that are remembered, of some 200 bytes each. The one that failed longest ago is dropped first.
MOST_KEYS = 10_000

_NOW = "SELECT CAST(extract(epoch FROM clock_timestamp()) AS DOUBLE PRECISION) AS now"
_SET = "INSERT INTO attempt (key, until) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET until = excluded.until"
_DROP = """
    DELETE FROM attempt WHERE until <= ? OR until < (SELECT until FROM attempt ORDER BY until DESC
    OFFSET ? LIMIT 1)"""


class RateLimitBuckets(Protocol):
    """Remember how many seconds it takes until all attempts of a key are back. The calls may block."""

    def left(self, key: str) -> float:
        """Return the seconds that are left of a key; 0 for a key without failures of late."""

    def charge(self, key: str, seconds: float, most: float) -> None:
        """Add `seconds` to a key, which then has `most` at most."""


class LocalBuckets:
    """Remember the buckets of one process. See `RateLimitBuckets`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: BoundedDict[str, float] = BoundedDict(MOST_KEYS)

    def left(self, key: str) -> float:
        """See `RateLimitBuckets`."""
        return max(self._until.get(key, 0.0) - self._clock(), 0.0)

    def charge(self, key: str, seconds: float, most: float) -> None:
        """See `RateLimitBuckets`."""
        self._until[key] = self._clock() + min(self.left(key) + seconds, most)


class SharedBuckets:
    """Remember the buckets of all registries that share a database, by its clock. See `RateLimitBuckets`."""

    def __init__(self, database: StateDatabase) -> None:
        self._database = database

    def left(self, key: str) -> float:
        """See `RateLimitBuckets`."""
        with self._database.reading() as db:
            return max(_until(db, key) - _now(db), 0.0)

    def charge(self, key: str, seconds: float, most: float) -> None:
        """See `RateLimitBuckets`. What is past or too much is dropped."""
        with self._database.writing() as db:
            now = _now(db)
            left = max(_until(db, key) - now, 0.0)
            db.execute(_SET, key, now + min(left + seconds, most))
            db.execute(_DROP, now, MOST_KEYS - 1)


def _now(db: Transaction) -> float:
    return float(db.rows(_NOW)[0]["now"])


def _until(db: Transaction, key: str) -> float:
    found = db.rows("SELECT until FROM attempt WHERE key = ?", key)
    return float(found[0]["until"]) if found else 0.0
