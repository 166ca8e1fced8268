"""Decide which photos of a failed batch are retried, and which fail.

require    turns an invalid answer into a `RunnerDied`
verdicts   the error of each photo, or its retry

NotDelivered   retried: no photo is to blame
WireError      retried alone; fails if it cannot be sent alone either
RunnerDied     retried alone; quarantined if a runner dies with it alone
other errors   the fleet is at fault, and the photos fail
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from runner.balancer.pending_job import PendingJob
from runner.balancer.quarantine import Quarantine, mark
from runner.balancer.scheduler import Batch
from runner.fleet.fleet import NotDelivered
from runner.protocol.framing import WireError
from runner.protocol.messages import PaintedPhoto
from styles.errors import BalancerUnavailable, PainterError, RunnerDied, Unpaintable

log = logging.getLogger(__name__)

#: A photo and its error; None means a retry.
Verdict = tuple[PendingJob, PainterError | None]


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
            return [_apart(pending, error) for pending in pending_jobs]
        case RunnerDied():
            log.warning("runner %s died with %d photos: %s", runner, len(pending_jobs), error.detail)
            await _count(batch, quarantine, held)
            return [_mourn(pending, error, quarantine) for pending in pending_jobs]
        case _:
            log.error("runner %s could not be given a batch", runner, exc_info=error)
            return [(pending, RunnerDied(repr(error))) for pending in pending_jobs]


def _apart(pending: PendingJob, error: WireError) -> Verdict:
    if pending.alone:
        return pending, BalancerUnavailable(f"it cannot be sent to a runner: {error}")
    pending.alone = True
    return pending, None


async def _count(batch: Batch[PendingJob], quarantine: Quarantine, held: Sequence[Batch[PendingJob]]) -> None:
    """Count a runner's death once for each photo, even if it was in several of its batches."""
    for other in held:
        other.counted = batch.counted
    for pending in batch.photos:
        pending.mark = pending.mark or await mark(pending.job)
        if pending.mark not in batch.counted:
            batch.counted.add(pending.mark)
            quarantine.died(pending.mark, alone=pending.alone)


def _mourn(pending: PendingJob, error: RunnerDied, quarantine: Quarantine) -> Verdict:
    if quarantine.is_quarantined(pending.mark):
        log.warning("a photo is in quarantine, job %s", pending.job.id)
        return pending, Unpaintable(f"it has killed its runners: {error.detail}")
    pending.alone = True
    return pending, None
