"""Record the photos that kill runners, so that no photo kills another one.

After its first death a photo is a suspect and is painted alone. If a runner dies with it alone, the photo is
in quarantine for an hour, and is refused when it is sent again.

A machine that is lost with its photos proves less, since machines and networks fail by themselves. The first
loss has no effect. Each further one within the hour counts as a death. So a photo takes three machines at
most.

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
#: Machines that may be lost with a photo before a loss counts as a death. A photo that is in flight at two
#: failures within the hour is rare, and is then merely painted alone.
INNOCENT_LOSSES = 1
#: Bytes of a photo from which it is hashed in a thread: 1 MiB takes a millisecond.
HASH_ASIDE = 1 << 20


def fingerprint(job: StyleJob) -> str:
    """Return the SHA-256 of style name and photo, hex. A photo of 36 MiB takes some tens of milliseconds."""
    digest = hashlib.sha256(job.style.encode() + b"\0")
    digest.update(job.image)
    return digest.hexdigest()


async def fingerprint_of(job: StyleJob) -> str:
    """Return the fingerprint of a job. A large photo is hashed in a thread: the event loop goes on."""
    return fingerprint(job) if len(job.image) < HASH_ASIDE else await asyncio.to_thread(fingerprint, job)


@dataclass(frozen=True, slots=True)
class _Record:
    deaths: int
    lost: int  #: machines
    until: float


#: Record of a photo that has none.
NO_RECORD = _Record(0, 0, 0.0)


class Quarantine:
    """Count deaths and lost machines by fingerprint."""

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
        before = self._record(fingerprint)
        self._note(fingerprint, 2 if alone else max(1, before.deaths), before.lost)

    def lost(self, fingerprint: str, *, alone: bool) -> None:
        """Count a machine that was lost with a photo; `alone` as in `died`."""
        before = self._record(fingerprint)
        self._note(fingerprint, before.deaths, before.lost + 1)
        if before.lost >= INNOCENT_LOSSES:
            self.died(fingerprint, alone=alone)

    def survived(self, fingerprint: str) -> None:
        """Clear the record of a photo that a runner survived."""
        self._records.pop(fingerprint, None)

    def is_suspect(self, fingerprint: str) -> bool:
        """Tell whether a photo must be painted alone."""
        return self._record(fingerprint).deaths >= 1

    def is_quarantined(self, fingerprint: str) -> bool:
        """Tell whether a photo must not be painted."""
        return self._record(fingerprint).deaths >= 2

    @property
    def quarantined(self) -> int:
        """Photos in quarantine."""
        return sum(record.deaths >= 2 for record in self._current().values())

    def _record(self, fingerprint: str) -> _Record:
        return self._current().get(fingerprint, NO_RECORD)

    def _note(self, fingerprint: str, deaths: int, lost: int) -> None:
        self._records[fingerprint] = _Record(deaths, lost, self._clock() + QUARANTINE_SECONDS)

    def _current(self) -> BoundedDict[str, _Record]:
        """Return the records without the expired ones."""
        while self._records and next(iter(self._records.values())).until <= self._clock():
            self._records.popitem(last=False)
        return self._records
