"""Record the photos that kill runners, so that no photo kills another one.

After its first death a photo is a suspect and is painted alone. If a runner dies with it alone, the photo is
in quarantine for an hour, and is refused when it is sent again.

A photo is known by the SHA-256 of its bytes and its style's name, so that a second submission is recognized.
This fingerprint is computed only after a death and while there are records. Hashing 200 kB takes as long
(0.1 to 0.5 ms) as everything else that the balancer does for a photo.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from styles.contract import StyleJob
from styles.service.bounded_dict import BoundedDict

#: Seconds for which a record is kept. A death may have come from outside, and must not blame a photo for
#: ever.
QUARANTINE_SECONDS = 3600.0
#: Records that are kept; each takes some 200 bytes.
MAX_RECORDS = 10_000
#: Bytes of a photo from which it is hashed in a thread: 1 MiB takes a millisecond.
HASH_ASIDE = 1 << 20


def fingerprint(job: StyleJob) -> str:
    """Return the SHA-256 of style name and photo, hex. A photo of 36 MiB takes some tens of milliseconds."""
    digest = hashlib.sha256(job.style.encode() + b"\0")
    digest.update(job.image)
    return digest.hexdigest()


async def fingerprint_of(job: StyleJob) -> str:
    """Return the fingerprint; a large photo does not block the event loop."""
    return fingerprint(job) if len(job.image) < HASH_ASIDE else await asyncio.to_thread(fingerprint, job)


@dataclass(frozen=True, slots=True)
class _Record:
    deaths: int
    until: float


class Quarantine:
    """Count the deaths by fingerprint."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._records = BoundedDict[str, _Record](MAX_RECORDS)  # the oldest first

    @property
    def is_empty(self) -> bool:
        """Whether there is no record."""
        return not self._current()

    async def recognize(self, job: StyleJob) -> str:
        """Return the fingerprint of a job, or "" while there is no record. A suspect job is recorded."""
        known = await fingerprint_of(job) if job.suspect or not self.is_empty else ""
        if job.suspect:
            self.died(known, alone=False)
        return known

    def died(self, fingerprint: str, *, alone: bool) -> None:
        """Count a death; `alone`: the photo was alone in its runner, so it is to blame."""
        deaths = 2 if alone else max(1, self._deaths(fingerprint))
        self._records[fingerprint] = _Record(deaths, self._clock() + QUARANTINE_SECONDS)

    def survived(self, fingerprint: str) -> None:
        """Clear the record of a photo that a runner survived."""
        self._records.pop(fingerprint, None)

    def is_suspect(self, fingerprint: str) -> bool:
        """Tell whether a photo must be painted alone."""
        return self._deaths(fingerprint) >= 1

    def is_quarantined(self, fingerprint: str) -> bool:
        """Tell whether a photo must not be painted."""
        return self._deaths(fingerprint) >= 2

    @property
    def quarantined(self) -> int:
        """Photos in quarantine."""
        return sum(record.deaths >= 2 for record in self._current().values())

    def _deaths(self, fingerprint: str) -> int:
        record = self._current().get(fingerprint)
        return record.deaths if record else 0

    def _current(self) -> BoundedDict[str, _Record]:
        """Return the records without the expired ones."""
        while self._records and next(iter(self._records.values())).until <= self._clock():
            self._records.popitem(last=False)
        return self._records
