"""Decide which photos of a failed batch are retried, which fail, and which are quarantined.

NotDelivered   retried: no photo is to blame
WireError      retried alone; fails if it cannot be sent alone either
RunnerDied     retried alone; quarantined if a runner dies with it alone
other errors   the fleet is at fault, and the photos fail

After its first death a photo is suspected and painted alone. If a runner dies with it alone, the photo is
quarantined, and is refused when it is sent again. Further deaths in company prove no more than the first: one
photo may come from four people, and reach two runners that were killed from outside.

A photo is known by the SHA-256 of its bytes and its style's name, so that a second submission is recognized.
It is computed only after a death and while there are records. Hashing 200 kB takes as long (0.1 to 0.5 ms) as
everything else that the balancer does for a photo.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from runner.balancer.pending_job import PendingJob
from runner.balancer.scheduler import Batch
from runner.fleet.fleet import NotDelivered
from runner.protocol.framing import WireError
from runner.protocol.messages import PaintedPhoto
from styles.contract import StyleJob
from styles.errors import BalancerUnavailable, PainterError, RunnerDied, Unpaintable
from styles.service.bounded_dict import BoundedDict

log = logging.getLogger(__name__)

#: Seconds for which a record is kept. A death may have come from outside, and must not blame a photo for
#: ever.
QUARANTINE_SECONDS = 3600.0
#: Records that are kept; each takes some 200 bytes.
MAX_RECORDS = 10_000
#: Bytes of a photo from which it is hashed in a thread: 1 MiB takes a millisecond.
HASH_ASIDE = 1 << 20

#: A photo and its error; None means a retry.
Verdict = tuple[PendingJob, PainterError | None]


def fingerprint(job: StyleJob) -> str:
    """Return the SHA-256 of style name and photo, hex. A photo of 36 MiB takes some tens of milliseconds."""
    digest = hashlib.sha256(job.style.encode() + b"\0")
    digest.update(job.image)
    return digest.hexdigest()


async def mark(job: StyleJob) -> str:
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

    def __bool__(self) -> bool:
        """Tell whether there is any record."""
        return bool(self._current())

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
        now = self._clock()
        while self._records and next(iter(self._records.values())).until <= now:
            self._records.popitem(last=False)
        return self._records


def require(outcomes: Sequence[object], photos: int) -> None:
    """Raise `RunnerDied` for an invalid answer, since that runner cannot be trusted."""
    if len(outcomes) != photos:
        raise RunnerDied(f"{len(outcomes)} outcomes for {photos} photos")
    if not all(isinstance(outcome, PaintedPhoto | PainterError) for outcome in outcomes):
        raise RunnerDied("an outcome that is neither a painting nor an error")


async def verdicts(
    batch: Batch[PendingJob], error: Exception, quarantine: Quarantine, held: Sequence[Batch[PendingJob]]
) -> list[Verdict]:
    """Return the verdict on each photo; `held` are the batches of the runner when it failed."""
    runner, pending_jobs = batch.runner.name, batch.photos
    match error:
        case NotDelivered():
            log.info("runner %s: %s", runner, error)
            return [(pending, None) for pending in pending_jobs]
        case WireError():
            log.warning("%d photos cannot be sent together: %s", len(pending_jobs), error)
            failed = [pending for pending in pending_jobs if pending.alone]
            refusal: PainterError = BalancerUnavailable(f"it cannot be sent to a runner: {error}")
        case RunnerDied():
            log.warning("runner %s died with %d photos: %s", runner, len(pending_jobs), error.detail)
            await _count_death(batch, quarantine, held)
            failed = [pending for pending in pending_jobs if quarantine.is_quarantined(pending.mark)]
            for pending in failed:
                log.warning("a photo is in quarantine, job %s", pending.job.id)
            refusal = Unpaintable(f"it has killed its runners: {error.detail}")
        case _:
            log.error("runner %s could not be given a batch", runner, exc_info=error)
            return [(pending, RunnerDied(repr(error))) for pending in pending_jobs]
    for pending in pending_jobs:
        pending.alone = True
    return [(pending, refusal if pending in failed else None) for pending in pending_jobs]


async def _count_death(
    batch: Batch[PendingJob], quarantine: Quarantine, held: Sequence[Batch[PendingJob]]
) -> None:
    """Count a runner's death once for each photo, even if it was in several of its batches."""
    for other in held:
        other.counted = batch.counted
    for pending in batch.photos:
        pending.mark = pending.mark or await mark(pending.job)
        if pending.mark not in batch.counted:
            batch.counted.add(pending.mark)
            quarantine.died(pending.mark, alone=pending.alone)
