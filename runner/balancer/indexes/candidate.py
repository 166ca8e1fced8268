"""Describe a runner that may take batches, and what it would cost a photo to go there."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

from runner.balancer.batch_in_flight import Batch
from runner.balancer.batching import QueuedJob
from runner.balancer.cost_model import CostModel
from runner.balancer.indexes.resident_styles import Holder
from runner.balancer.render_plan import RenderPlan
from runner.fleet.fleet import RunnerState

#: Seconds past its estimate, and past twice the estimate, after which a runner gets no further batch: if
#: it hangs, every photo that it holds is suspected.
LATE = 2.0
#: Busy runners of a line that are looked at for a plan of several styles. A sheet has 24, of which each
#: runner holds others, so a search could not stop early.
LOOKS = 16
#: The lines: runners without a batch; those with a credit, in time or late; those without, in time or late.
IDLE, FREE, FREE_LATE, FULL, FULL_LATE = LINES = range(5)
#: Those whose runners may get a batch now.
WITH_CREDIT = (IDLE, FREE, FREE_LATE)
#: The others.
WITHOUT_CREDIT = (FULL, FULL_LATE)
#: Those whose runners are late.
LATE_LINES = (FREE_LATE, FULL_LATE)
#: Seconds that cover the rounding of a difference of times; a runner that is looked at in vain does no harm.
ROUNDING = 1e-6

W = TypeVar("W", bound=QueuedJob)
#: A number that grows with the time at which a runner is free, its resident styles, its position, itself.
Standing = tuple[float, int, int, Any]


@dataclass(slots=True, kw_only=True, eq=False)
class Candidate(Holder, Generic[W]):
    """Hold one runner, with the batches that it has."""

    state: RunnerState
    position: int = 0  #: among all runners
    held: list[Batch[W]] = field(default_factory=list)  #: the first is being painted
    large: Batch[W] | None = None  #: a large photo, beside those
    line: int | None = None  #: in which it stands; None if it takes nothing now
    entry: Standing = (0.0, 0, 0, None)  #: in that line
    ends: float = 0.0  #: when its first batch should end
    rest: float = 0.0  #: seconds that its other batches should take

    def wait(self, now: float) -> float:
        """Return the seconds until it is free. A late batch may take as long again as it is late."""
        return abs(self.ends - now) + self.rest if self.held else 0.0

    @property
    def batches(self) -> list[Batch[W]]:
        """All batches that the runner holds, with that of its large photo."""
        return [*self.held, *([self.large] if self.large else [])]

    @property
    def hangs_after(self) -> float:
        """When its first batch seems to hang."""
        first = self.held[0]
        return first.began + max(2 * first.seconds, first.seconds + LATE)

    def has_credit(self, now: float) -> bool:
        """Tell whether it may get another batch now."""
        if not self.held:
            return True
        few = len(self.held) < self.state.credits
        return few and now <= self.hangs_after and not any(batch.photos[0].alone for batch in self.held)


class Offer(NamedTuple, Generic[W]):
    """Hold what a photo would have to expect of a runner; the least offer is the best."""

    seconds: float  #: until it would begin
    missing: int  #: styles that the runner has to load
    resident: int  #: styles that it holds, of which it may have to evict some
    full: bool  #: whether it has no credit now
    position: int
    candidate: Candidate[W]


class Loading(NamedTuple):
    """Hold what a runner has to load; the least is the best."""

    seconds: float
    missing: int  #: styles
    network: bool = False


#: What a runner loads that holds all styles.
NOTHING = Loading(0.0, 0)


def loading_of(candidate: Candidate[W], plan: RenderPlan, cost_model: CostModel) -> Loading:
    """Return the styles that a runner lacks for a plan, and the seconds to load them."""
    if plan.digests <= candidate.styles:
        return NOTHING
    missing = len(plan.digests - candidate.styles)
    network = not plan.sheet and plan.base not in candidate.bases
    return Loading(cost_model.loading(missing, network=network), missing, network)


def begins(candidate: Candidate[W], plan: RenderPlan, cost_model: CostModel, now: float) -> float:
    """Return when a runner would begin a photo; infinite if it has no credit."""
    if candidate.line not in WITH_CREDIT:
        return math.inf
    return now + candidate.wait(now) + loading_of(candidate, plan, cost_model).seconds


def better(best: Offer[W] | None, candidate: Candidate[W], loading: Loading, now: float) -> Offer[W]:
    """Return the better one of an offer and a runner's."""
    seconds = candidate.wait(now) + loading.seconds
    if best is not None and seconds > best.seconds:
        return best
    offer = Offer(
        seconds=seconds,
        missing=loading.missing,
        resident=candidate.entry[1],
        full=candidate.line not in WITH_CREDIT,
        position=candidate.position,
        candidate=candidate,
    )
    return offer if best is None else min(best, offer)
