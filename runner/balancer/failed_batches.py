"""Decide which photos of a failed batch are retried, which fail, and which are quarantined.

NotDelivered   retried: no photo is to blame
WireError      retried alone; fails if it cannot be sent alone either
RunnerDied     retried alone; quarantined if a runner dies with it alone
MachineLost    retried; after the second time in an hour as after a death
other errors   the fleet is at fault, and the photos fail

After its first death a photo is suspected and painted alone. If a runner dies with it alone, the photo is
quarantined, and is refused when it is sent again. `quarantine.py` keeps the records. Further deaths in
company prove no more than the first: one photo may come from four people, and reach two runners that were
killed from outside.

If a runner dies while it paints a large photo, only that photo is suspected. The others are retried at
once, and need not be alone. The suspect begins in an idle runner, after the others. A
second death puts it into quarantine. If the runner held a suspect already, only that one is to blame.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from runner.balancer.batch_in_flight import Batch
from runner.balancer.pending_job import PendingJob
from runner.balancer.quarantine import Quarantine, fingerprint_of
from runner.fleet.fleet import MachineLost, NotDelivered
from runner.protocol.framing import WireError
from runner.protocol.messages import PaintedPhoto
from styles.errors import BalancerUnavailable, PainterError, RunnerDied, Unpaintable
from styles.service.logs import tracing

log = logging.getLogger(__name__)

#: A photo and its error; None means a retry.
PhotoVerdict = tuple[PendingJob, PainterError | None]


def require(outcomes: Sequence[object], photos: int) -> None:
    """Raise `RunnerDied` for an invalid answer, since that runner cannot be trusted."""
    if len(outcomes) != photos:
        raise RunnerDied(f"{len(outcomes)} outcomes for {photos} photos")
    if not all(isinstance(outcome, PaintedPhoto | PainterError) for outcome in outcomes):
        raise RunnerDied("an outcome that is neither a painting nor an error")


async def verdicts(
    batch: Batch[PendingJob], error: Exception, quarantine: Quarantine, held: Sequence[Batch[PendingJob]]
) -> list[PhotoVerdict]:
    """Return the verdict on each photo; `held` are the batches of the runner when it failed."""
    runner, pending_jobs = batch.runner.name, batch.photos
    photos = f"{len(pending_jobs)} photos"
    match error:
        case NotDelivered():
            _log(logging.INFO, pending_jobs, f"runner {runner}: {error}")
            return [(pending, None) for pending in pending_jobs]
        case WireError():
            _log(logging.WARNING, pending_jobs, f"{photos} cannot be sent together: {error}")
            failed = [pending for pending in pending_jobs if pending.alone]
            refusal: PainterError = BalancerUnavailable(f"it cannot be sent to a runner: {error}")
        case RunnerDied() if _is_innocent(batch, held):
            _log(logging.INFO, pending_jobs, f"runner {runner} died beside {photos}, not to blame")
            return [(pending, None) for pending in pending_jobs]
        case RunnerDied():
            _log(logging.WARNING, pending_jobs, f"runner {runner} died with {photos}: {error.detail}")
            await _count(quarantine.lost if isinstance(error, MachineLost) else quarantine.died, batch, held)
            failed = [pending for pending in pending_jobs if quarantine.is_quarantined(pending.fingerprint)]
            for pending in failed:
                _log(logging.WARNING, [pending], f"a photo is in quarantine, job {pending.job.id}")
            refusal = Unpaintable(f"it has killed its runners: {error.detail}", kills=True)
        case _:
            _log(logging.ERROR, pending_jobs, f"runner {runner} could not be given a batch", error)
            return [(pending, RunnerDied(repr(error))) for pending in pending_jobs]
    for pending in pending_jobs:
        pending.alone = (
            pending.alone or isinstance(error, WireError) or quarantine.is_suspect(pending.fingerprint)
        )
    return [(pending, refusal if pending in failed else None) for pending in pending_jobs]


def _log(level: int, photos: Sequence[PendingJob], line: str, error: Exception | None = None) -> None:
    """Log a line for each photo, with its trace."""
    for pending in photos:
        with tracing(pending.job.trace):
            log.log(level, "%s", line, exc_info=error)


def _is_innocent(batch: Batch[PendingJob], held: Sequence[Batch[PendingJob]]) -> bool:
    """Tell whether another batch is to blame for the death of the runner that held these."""
    blamed = [other for other in held if other.photos[0].alone] or [other for other in held if other.large]
    if blamed:
        for other in held:  # their verdicts may come when the blamed batch has left the runner
            other.innocent = other.innocent or other not in blamed
    return batch.innocent


async def _count(
    failure: Callable[..., None], batch: Batch[PendingJob], held: Sequence[Batch[PendingJob]]
) -> None:
    """Count a failed runner once for each photo, even if it was in several of its batches.

    `failure` is `Quarantine.died` or `Quarantine.lost`.
    """
    for other in held:
        other.counted = batch.counted
    for pending in batch.photos:
        pending.fingerprint = pending.fingerprint or await fingerprint_of(pending.job)
        if pending.fingerprint not in batch.counted:
            batch.counted.add(pending.fingerprint)
            failure(pending.fingerprint, alone=pending.alone)
