"""Find the runner that would begin a photo first, without looking at all of them.

The ready runners stand in five lines, each sorted by when its runners are free. A late runner may take as
long again as it is late, so late ones have lines of their own. A runner changes its line when it gets or ends
a batch, and when its batch becomes late or seems to hang.

A search goes along a line, the soonest first. It stops at a runner that holds all styles, or where the wait
alone is longer than the best offer. Where few runners hold a style, these are looked at beforehand.
"""

from __future__ import annotations

import heapq
import itertools
import math
from bisect import bisect_left, insort
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from itertools import compress, islice, starmap, zip_longest
from operator import is_not

from runner.balancer.batching import W
from runner.balancer.cost_model import CostModel
from runner.balancer.indexes.candidate import (
    FREE,
    FULL,
    IDLE,
    LATE_LINES,
    LINES,
    LOOKS,
    NOTHING,
    ROUNDING,
    WITH_CREDIT,
    WITHOUT_CREDIT,
    Candidate,
    Loading,
    Offer,
    Standing,
    better,
    loading_of,
)
from runner.balancer.indexes.resident_styles import ResidentStyles
from runner.balancer.render_plan import RenderPlan
from runner.fleet.fleet import RunnerState

#: Tells whether a runner is suitable.
Accept = Callable[[Candidate[W]], bool]


class CandidateIndex(dict[str, Candidate[W]]):
    """Hold all runners by name, and in lines those that take batches.

    A runner that is gone belongs to them while a batch of it has not ended.
    """

    def __init__(
        self,
        cost_model: CostModel,
        bases: ResidentStyles[Candidate[W]],
        moved: Callable[[Candidate[W], bool], None],
    ) -> None:
        """`bases` hold the base of each style, and learn here which runners hold it.

        `moved` is called when a runner has changed its line, and with True if it has more credit than before.
        """
        super().__init__()
        self._cost_model = cost_model
        self._bases = bases
        self._moved = moved
        self._seen: Sequence[RunnerState] = ()
        self._lines: list[list[Standing]] = [[] for _ in LINES]
        self._changed: dict[Candidate[W], None] = {}  # to be put into line anew
        self._aside: list[tuple[Candidate[W], int]] = []  # to be put back into their lines
        self._turning: list[
            tuple[float, int, Candidate[W], Standing]
        ] = []  # when each leaves its line by itself
        self._count = itertools.count()

    def has_credit(self) -> bool:
        """Tell whether any runner may get a batch now."""
        return any(self._lines[line] for line in WITH_CREDIT)

    def refresh(self, runners: Sequence[RunnerState], now: float) -> None:
        """Bring the lines up to date with all runners; the same object says that nothing has changed."""
        if runners is not self._seen:
            self._compare(self._seen, runners)
            self._seen = runners
        for candidate, line in self._aside:
            if candidate not in self._changed and candidate.line is None:
                self._enter(candidate, line)
        self._aside.clear()
        while self._turning and self._turning[0][0] < now:
            _, _, candidate, entry = heapq.heappop(self._turning)
            if candidate.entry is entry:
                self._changed[candidate] = None
        for candidate in self._changed:
            self.place(candidate, now)
        self._changed.clear()

    def set_aside(self, candidate: Candidate[W]) -> None:
        """Leave a runner out until the next refresh."""
        if candidate.line is not None:
            self._aside.append((candidate, candidate.line))
            self._leave(candidate)

    def ended(self, candidate: Candidate[W]) -> None:
        """Note that a batch has left its runner."""
        if candidate.position >= 0:
            self._changed[candidate] = None
        elif not candidate.batches:
            self._forget(candidate)

    def place(self, candidate: Candidate[W], now: float) -> None:
        """Put a runner into its line, by what it has now."""
        before = candidate.line
        self._leave(candidate)
        resident, digests = candidate.state.report.resident, [batch.digests for batch in candidate.batches]
        is_all = all(each <= resident for each in digests)
        self._bases.hold(candidate, resident if is_all else resident.union(*digests))
        if candidate.state.state != "ready" or candidate.position < 0:
            return
        line, free = IDLE, 0.0
        if candidate.held:
            first, *others = candidate.held
            candidate.ends = first.began + first.seconds
            candidate.rest = sum(batch.seconds for batch in others)
            late, credit = candidate.ends < now, candidate.has_credit(now)
            line = (FREE if credit else FULL) + late
            free = candidate.rest - candidate.ends if late else candidate.rest + candidate.ends
            turns = math.inf if late and not credit else candidate.hangs_after if late else candidate.ends
        candidate.entry = (free, len(candidate.state.report.resident), candidate.position, candidate)
        self._enter(candidate, line)
        self._moved(candidate, line in WITH_CREDIT and (before not in WITH_CREDIT or line < before))
        if candidate.held and turns < math.inf:
            heapq.heappush(self._turning, (turns, next(self._count), candidate, candidate.entry))

    def cheapest(
        self,
        plan: RenderPlan,
        now: float,
        lines: Sequence[int] = LINES,
        accept: Accept[W] | None = None,
        best: Offer[W] | None = None,
    ) -> Offer[W] | None:
        """Return the earliest offer of the runners in some lines that `accept` allows, or else `best`."""
        known, least = self._few(plan)
        for candidate in known:
            if candidate.line in lines and (accept is None or accept(candidate)):
                best = better(best, candidate, loading_of(candidate, plan, self._cost_model), now)
        for line in lines:
            best = self._along(line, plan, now, least, accept, best)
        return best

    def rival(self, offer: Offer[W], plan: RenderPlan, now: float) -> Offer[W] | None:
        """Return the best offer of the runners without a credit, if that is a better one."""
        if not any(self._lines[line] for line in WITHOUT_CREDIT):
            return None
        best = self.cheapest(plan, now, WITHOUT_CREDIT, best=offer)
        return None if best is offer else best

    def soonest(self, now: float, accept: Accept[W]) -> Candidate[W] | None:
        """Return the accepted runner that is free first."""
        firsts = (next((e[3] for e in line if accept(e[3])), None) for line in self._lines)
        return min(filter(None, firsts), key=lambda each: (each.wait(now), each.position), default=None)

    def _along(
        self,
        line: int,
        plan: RenderPlan,
        now: float,
        least: Loading,
        accept: Accept[W] | None,
        best: Offer[W] | None,
    ) -> Offer[W] | None:
        """Return the best offer of a line, or `best`; for several styles, of `LOOKS` of the busy runners.

        Most runners hold no more than one that is free sooner, which is decided in one expression.
        """
        # From the first number of an entry.
        wait = 0.0 if line == IDLE else now if line in LATE_LINES else -now
        digests, base, lowest = plan.digests, plan.base, Loading(math.inf, 0)
        limit = math.inf if best is None else best.seconds - least.seconds - wait + ROUNDING
        looks = None if line == IDLE or len(digests) == 1 else LOOKS
        for free, _, _, candidate in islice(self._lines[line], looks):
            if free > limit:
                break
            if lowest.missing == 1 and not (
                digests <= candidate.styles or (lowest.network and base in candidate.bases)
            ):
                continue
            if accept is not None and not accept(candidate):
                continue
            loading = loading_of(candidate, plan, self._cost_model)
            if loading >= lowest:
                continue
            lowest, best = loading, better(best, candidate, loading, now)
            limit = best.seconds - least.seconds - wait + ROUNDING
            if lowest <= least:
                break
        return best

    def _compare(self, before: Sequence[RunnerState], runners: Sequence[RunnerState]) -> None:
        """Note which runners have changed, have come, or are gone."""
        left: set[str] = set()
        # By the interpreter: nearly all are the same.
        is_changed = starmap(is_not, zip_longest(before, runners))
        for position in compress(itertools.count(), is_changed):
            old = before[position] if position < len(before) else None
            new = runners[position] if position < len(runners) else None
            if old is not None and (new is None or new.name != old.name):
                left.add(old.name)
            if new is not None:
                candidate = self.setdefault(new.name, Candidate(state=new))
                candidate.state, candidate.position = new, position
                self._changed[candidate] = None
        if left:
            for name in left.difference(runner.name for runner in runners):
                self._forget(self[name])

    def _forget(self, candidate: Candidate[W]) -> None:
        """Take a runner that is gone out of its line, and forget it when all its batches have ended."""
        self._leave(candidate)
        self._changed.pop(candidate, None)
        candidate.position = -1
        self._bases.hold(candidate, frozenset())
        if not candidate.batches:
            del self[candidate.state.name]

    def _enter(self, candidate: Candidate[W], line: int) -> None:
        candidate.line = line
        insort(self._lines[line], candidate.entry)

    def _leave(self, candidate: Candidate[W]) -> None:
        if candidate.line is not None:
            line = self._lines[candidate.line]
            del line[bisect_left(line, candidate.entry[:3])]
            candidate.line = None

    def _few(self, plan: RenderPlan) -> tuple[AbstractSet[Candidate[W]], Loading]:
        """Return the runners that hold anything of a plan if they are few, and the least that others load."""
        few = math.isqrt(len(self))
        holders = [self._bases.with_style(digest) for digest in plan.digests]
        if sum(map(len, holders)) > few:
            return frozenset(), NOTHING
        based = self._bases.with_base(plan.base)
        network = not plan.sheet and len(based) <= few
        missing = len(plan.digests)
        seconds = self._cost_model.loading(missing, network=network)
        known = frozenset[Candidate[W]]().union(*holders, based if network else ())
        return known, Loading(seconds, missing, network)
