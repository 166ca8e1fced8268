"""Describe a runner that may take batches, and what it would cost a photo to go there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

from runner.balancer.assigned_batch import Batch
from runner.balancer.indexes.holdings import Holder
from runner.balancer.queue import QueuedJob
from runner.fleet.fleet import RunnerState

#: Seconds past its estimate, and past twice the estimate, after which a runner gets no further batch: if
#: it hangs, every photo that it holds is suspected.
LATE = 2.0

W = TypeVar("W", bound=QueuedJob)
#: A number that grows with the time at which a runner is free, its resident styles, its position, itself.
Standing = tuple[float, int, int, Any]


@dataclass(slots=True, kw_only=True, eq=False)
class Taker(Holder, Generic[W]):
    """Hold one runner, with what it has."""

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
        """All that it has: its batches, and its large photo."""
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
    taker: Taker[W]


class Loading(NamedTuple):
    """Hold what a runner has to load; the least is the best."""

    seconds: float
    missing: int  #: styles
    network: bool = False


#: What a runner loads that holds all styles.
NOTHING = Loading(0.0, 0)
