"""What becomes of photos whose batch was not answered.

require    an answer that is none is as bad as a death
verdicts   each photo's error, or that it is tried once more

NotDelivered   once more: no photo is to blame
WireError      once more, alone; what cannot be sent even so is given up
RunnerDied     once more, alone; if its runner dies of that too, it is in quarantine
what else      the fleet is at fault, and its error is passed on
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from runner.balancer.pending_job import Ticket
from runner.balancer.quarantine import Suspects, mark
from runner.balancer.scheduler import Batch
from runner.fleet.fleet import NotDelivered
from runner.protocol.framing import WireError
from runner.protocol.messages import Painting
from styles.errors import BalancerUnavailable, PainterError, RunnerDied, Unpaintable

log = logging.getLogger(__name__)

#: A photo, and its error; None: it is tried once more.
Verdict = tuple[Ticket, PainterError | None]


def require(outcomes: Sequence[object], photos: int) -> None:
    """Raises `RunnerDied` for an answer that is none: a runner that lies is of no use."""
    if len(outcomes) != photos:
        raise RunnerDied(f"{len(outcomes)} outcomes for {photos} photos")
    if not all(isinstance(outcome, Painting | PainterError) for outcome in outcomes):
        raise RunnerDied("an outcome that is neither a painting nor an error")


async def verdicts(
    batch: Batch[Ticket], error: Exception, suspects: Suspects, held: Sequence[Batch[Ticket]]
) -> list[Verdict]:
    """What becomes of each photo; `held` are the batches that the runner had when it failed."""
    runner, tickets = batch.runner.name, batch.photos
    match error:
        case NotDelivered():
            log.info("runner %s: %s", runner, error)
            return [(ticket, None) for ticket in tickets]
        case WireError():
            log.warning("%d photos cannot be sent together: %s", len(tickets), error)
            return [_apart(ticket, error) for ticket in tickets]
        case RunnerDied():
            log.warning("runner %s died with %d photos: %s", runner, len(tickets), error.detail)
            await _count(batch, suspects, held)
            return [_mourn(ticket, error, suspects) for ticket in tickets]
        case _:
            log.error("runner %s could not be given a batch", runner, exc_info=error)
            return [(ticket, RunnerDied(repr(error))) for ticket in tickets]


def _apart(ticket: Ticket, error: WireError) -> Verdict:
    if ticket.alone:
        return ticket, BalancerUnavailable(f"it cannot be sent to a runner: {error}")
    ticket.alone = True
    return ticket, None


async def _count(batch: Batch[Ticket], suspects: Suspects, held: Sequence[Batch[Ticket]]) -> None:
    """Counts the death for each photo: once, in however many batches of the runner it was."""
    for other in held:
        other.counted = batch.counted
    for ticket in batch.photos:
        ticket.mark = ticket.mark or await mark(ticket.job)
        if ticket.mark not in batch.counted:
            batch.counted.add(ticket.mark)
            suspects.died(ticket.mark, alone=ticket.alone)


def _mourn(ticket: Ticket, error: RunnerDied, suspects: Suspects) -> Verdict:
    if suspects.is_quarantined(ticket.mark):
        log.warning("a photo is in quarantine, job %s", ticket.job.id)
        return ticket, Unpaintable(f"it has killed its runners: {error.detail}")
    ticket.alone = True
    return ticket, None
