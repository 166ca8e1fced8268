"""Who is given what, and when: the queue on one side, the runners and what they hold on the other.

    Batch       photos that are with a runner
    Scheduler   .place takes batches out of the queue for runners, .ended learns from what became of one

A photo goes where it would be begun first: a runner that holds its styles may take longer to be free than
another takes to load them. That is an estimate, so nobody waits for a runner longer than another would have
taken. A runner that is idle is given whatever there is. One that paints has credit for a second batch, of
which the photos are decoded meanwhile: a full one at once. One that is not full goes at the last moment that
leaves time to decode it, since others may join it until then; but at once where several small batches take no
longer than a full one, as was measured. A suspect is with its runner alone.

No asyncio, and the clock is handed in; `wake` is the moment that somebody waits for, if not for a runner.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Generic

from runner.balancer.cost_model import CostModel, Kind
from runner.balancer.plan import RenderPlan
from runner.balancer.queue import Queue, W
from runner.fleet.fleet import RunnerState
from styles.service.bounded_dict import BoundedDict

#: How long before a runner is free it gets what there is for it, seconds: a batch has four photos, and one
#: from a phone takes up to 28 ms to decode beside the engine. At most half of the time of the batch before.
LEAD = 0.1
#: A runner that is later with a batch than that, seconds, and than the time expected, is given nothing more:
#: if it hangs, whatever it holds is suspected.
LATE = 2.0
#: Styles of which the base is known; each takes some 200 bytes.
MAX_BASES = 10_000


@dataclass(slots=True, kw_only=True, eq=False)
class Batch(Generic[W]):
    """Photos that are with a runner."""

    photos: Sequence[W]
    runner: RunnerState  #: as it was when it was given them
    began: float  #: since when it is the first that its runner holds
    missing: frozenset[str]  #: styles that its runner had to load
    network: bool  #: and of a base that it had to load as well
    seconds: float = 0.0  #: expected, from `began`
    #: Marks of photos that were counted when its runner died; batches that died together have one set.
    counted: set[str] = field(default_factory=set)

    @property
    def pictures(self) -> int:
        """So many are painted for its photos."""
        return sum(photo.plan.pictures for photo in self.photos)

    @property
    def pixels(self) -> int:
        """Of all its photos."""
        return sum(photo.pixels for photo in self.photos)

    @property
    def kind(self) -> Kind:
        """Batches of one kind take a time that goes with their pixels."""
        return self.runner.device, self.photos[0].key


class Scheduler(Generic[W]):
    """What every runner holds, and what it gets next."""

    def __init__(self, queue: Queue[W], max_pixels: int) -> None:
        self._queue = queue
        self._max_pixels = max_pixels
        self._held: dict[str, list[Batch[W]]] = {}  # by runner; the first is being painted
        self._bases = BoundedDict[str, str](MAX_BASES)  # by digest
        #: How long things take.
        self.cost_model = CostModel()
        #: When to place again though nothing happens, on the clock that is handed in.
        self.wake = math.inf

    def held(self, runner: str) -> Sequence[Batch[W]]:
        """The batches that are with a runner, in its order."""
        return self._held.get(runner, ())

    @property
    def in_flight(self) -> int:
        """Photos that are with a runner."""
        return sum(len(batch.photos) for held in self._held.values() for batch in held)

    def know(self, digest: str, base: str) -> None:
        """A style stands on this base."""
        self._bases[digest] = base

    def place(self, runners: Sequence[RunnerState], now: float) -> list[Batch[W]]:
        """Takes out of the queue what goes to the runners now."""
        self.wake = math.inf
        takers = [runner for runner in runners if runner.state == "ready"]
        placed = []
        while batch := self._next(takers, now):
            placed.append(batch)
        return placed

    def seconds_for(self, pictures: float, runners: Sequence[RunnerState]) -> float:
        """How long the runners take for so many pictures; those that are starting are counted in."""
        up = sum(runner.state in ("starting", "ready") and runner.credits > 0 for runner in runners)
        return pictures * self.cost_model.photo / max(up, 1)

    def ended(self, batch: Batch[W], now: float, loading: float | None) -> None:
        """A batch is with its runner no more. `loading`: seconds that it says, if all were painted."""
        held = self._held[batch.runner.name]
        first = held[0] is batch
        held.remove(batch)
        self._queue.done(batch.photos)
        if not held:
            del self._held[batch.runner.name]
        elif first:
            held[0].began = now
        if first and loading is not None:
            self._learn(batch, now - batch.began, loading)

    # Who is next

    def _next(self, takers: list[RunnerState], now: float) -> Batch[W] | None:
        """The next batch for one of the takers; who is to wait for something is no taker any more."""
        seen: set[tuple[str, int]] = set()
        for first in self._queue.fronts():
            if not any(self._has_credit(runner, now) for runner in takers):
                return None
            if first.shares:
                if first.key in seen:
                    continue
                seen.add(first.key)
            runner = self._alone(first, takers, now) if first.alone else self._together(first, takers, now)
            if runner is not None:
                return self._give(first, runner, now)
        return None

    def _alone(self, first: W, takers: list[RunnerState], now: float) -> RunnerState | None:
        """The runner for a suspect. Where all hold something, one is left to finish it."""
        idle = [runner for runner in takers if not self.held(runner.name)]
        if idle:
            return min(idle, key=lambda runner: self._cost(runner, first.plan, now))
        takers.remove(min(takers, key=lambda runner: self._wait(runner, now)))
        return None

    def _together(self, first: W, takers: list[RunnerState], now: float) -> RunnerState | None:
        """The runner that would have painted it first, if it is time."""
        costs = {runner.name: self._cost(runner, first.plan, now) for runner in takers}
        best = min(takers, key=lambda r: (costs[r.name], not self._has_credit(r, now)))
        if not self._has_credit(best, now):
            other = min((r for r in takers if self._has_credit(r, now)), key=lambda r: costs[r.name])
            if first.passed is None:
                first.passed = now
            if (until := first.passed + costs[other.name][0]) > now:
                self.wake = min(self.wake, until)
                return None
            best = other
        if (until := self._due(first, best)) > now:
            self.wake = min(self.wake, until)
            takers.remove(best)  # who comes behind must not get before it
            return None
        return best

    def _due(self, first: W, runner: RunnerState) -> float:
        """When a runner is to be given a photo and what goes with it."""
        held = self.held(runner.name)
        places = first.places(self._max_pixels)
        if not held or len(self._queue.batch(first, self._max_pixels)) == places:
            return -math.inf
        if not self.cost_model.worth_filling((runner.device, first.key), places * first.pixels):
            return -math.inf
        free = held[0].began + sum(batch.seconds for batch in held)
        return free - min(LEAD, held[0].seconds / 2)

    def _give(self, first: W, runner: RunnerState, now: float) -> Batch[W]:
        photos = self._queue.batch(first, self._max_pixels)
        self._queue.take(photos)
        for photo in photos:
            if not photo.plan.sheet:
                for digest in photo.plan.digests:
                    self.know(digest, photo.plan.base)
        digests = frozenset().union(*(photo.plan.digests for photo in photos))
        missing = digests - self._holds(runner)
        network = bool(missing) and not self._holds_base(runner, first.plan)
        batch = Batch(photos=photos, runner=runner, began=now, missing=missing, network=network)
        batch.seconds = self.cost_model.seconds(batch.kind, batch.pixels) + self._loading(
            missing, network=network
        )
        self._held.setdefault(runner.name, []).append(batch)
        return batch

    # What it would take

    def _has_credit(self, runner: RunnerState, now: float) -> bool:
        held = self.held(runner.name)
        if not held:
            return True
        late = now > held[0].began + max(2 * held[0].seconds, held[0].seconds + LATE)
        return len(held) < runner.credits and not late and not any(b.photos[0].alone for b in held)

    def _cost(self, runner: RunnerState, plan: RenderPlan, now: float) -> tuple[float, int, int]:
        """Seconds until a runner would begin; of runners alike, the one that has to evict the least."""
        missing = plan.digests - self._holds(runner)
        loading = self._loading(missing, network=not self._holds_base(runner, plan)) if missing else 0.0
        return self._wait(runner, now) + loading, len(missing), len(runner.report.resident)

    def _wait(self, runner: RunnerState, now: float) -> float:
        """Seconds until it has painted what it holds. What is late may take as long again as it is late."""
        held = self.held(runner.name)
        if not held:
            return 0.0
        return abs(held[0].began + held[0].seconds - now) + sum(batch.seconds for batch in held[1:])

    def _holds(self, runner: RunnerState) -> frozenset[str]:
        """The styles that it has in memory, or will have when it has begun what it holds."""
        held = (photo.plan.digests for batch in self.held(runner.name) for photo in batch.photos)
        return runner.report.resident.union(*held)

    def _holds_base(self, runner: RunnerState, plan: RenderPlan) -> bool:
        return plan.sheet or any(self._bases.get(digest) == plan.base for digest in self._holds(runner))

    def _loading(self, missing: Collection[str], *, network: bool) -> float:
        rows = self.cost_model.row * len(missing)
        return self.cost_model.network - self.cost_model.row + rows if network else rows

    def _learn(self, batch: Batch[W], seconds: float, loading: float) -> None:
        """What a batch took from when it was the first in its runner, and how much of that was loading."""
        self.cost_model.ended(batch.pictures, seconds)
        if batch.missing and not batch.photos[0].plan.sheet:
            loading = min(loading, seconds)
            self.cost_model.loaded(len(batch.missing), loading, network=batch.network)
            seconds -= loading
        self.cost_model.painted(batch.kind, batch.pixels, seconds)
