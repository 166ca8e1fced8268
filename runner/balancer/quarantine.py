"""Photos that were in a runner's hands when it died.

The first time such a photo is suspected, and painted alone from then on; if a runner dies with it alone, it
is in quarantine, and whoever sends it again is told so at once. More deaths in company prove no more than the
first: one photo may have come from four people, and to two runners that were killed from outside.

A photo is known by the SHA-256 of its bytes and its style's name, so that it keeps its record from one
submission to the next. That mark is worked out only where it is needed: when a runner died, and while there
are records. Else hashing 200 kB would take as long (0.1 to 0.5 ms) as all else that the balancer does for it.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from styles.contract import StyleJob
from styles.service.bounded_dict import BoundedDict

#: How long a record is kept. A runner that was killed from outside must not brand a photo for ever.
QUARANTINE_SECONDS = 3600.0
#: Records that are kept; each takes some 200 bytes.
MAX_RECORDS = 10_000
#: Bytes of a photo from which on its fingerprint is worked out in a thread: 1 MiB takes a millisecond.
HASH_ASIDE = 1 << 20


def fingerprint(job: StyleJob) -> str:
    """The SHA-256 of photo and style's name, hex. A photo of 36 MiB takes some tens of milliseconds."""
    digest = hashlib.sha256(job.style.encode() + b"\0")
    digest.update(job.image)
    return digest.hexdigest()


async def mark(job: StyleJob) -> str:
    """The same; a large photo keeps nobody waiting."""
    return fingerprint(job) if len(job.image) < HASH_ASIDE else await asyncio.to_thread(fingerprint, job)


@dataclass(frozen=True, slots=True)
class _Record:
    deaths: int
    until: float


class Quarantine:
    """Counts the deaths by fingerprint."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._records = BoundedDict[str, _Record](MAX_RECORDS)  # the oldest first

    def __bool__(self) -> bool:
        """If there is any record."""
        now = self._clock()
        while self._records and next(iter(self._records.values())).until <= now:
            self._records.popitem(last=False)
        return bool(self._records)

    def died(self, fingerprint: str, *, alone: bool) -> None:
        """A runner died with this photo in its hands; `alone` if that was to tell whether it is to blame."""
        deaths = 2 if alone else max(1, self._deaths(fingerprint))
        self._records[fingerprint] = _Record(deaths, self._clock() + QUARANTINE_SECONDS)

    def survived(self, fingerprint: str) -> None:
        """A runner lived through this photo: it is no suspect."""
        self._records.pop(fingerprint, None)

    def is_suspect(self, fingerprint: str) -> bool:
        """It is to be painted alone."""
        return self._deaths(fingerprint) >= 1

    def is_quarantined(self, fingerprint: str) -> bool:
        """It is not to be painted."""
        return self._deaths(fingerprint) >= 2

    @property
    def quarantined(self) -> int:
        """How many are in quarantine."""
        now = self._clock()
        return sum(record.deaths >= 2 and record.until > now for record in self._records.values())

    def _deaths(self, fingerprint: str) -> int:
        record = self._records.get(fingerprint)
        if record is None:
            return 0
        if record.until <= self._clock():
            del self._records[fingerprint]
            return 0
        return record.deaths
