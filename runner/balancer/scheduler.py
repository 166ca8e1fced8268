"""Assign batches from the queue to runners.

A photo goes to the runner that would begin it first: one that holds its styles may be busy for longer than
another one takes to load them. This is an estimate, so no photo waits for a runner longer than the other one
would have taken.

An idle runner gets a batch at once. A busy one has credit for a second batch, whose photos it decodes
meanwhile. A full batch goes at once. Another one goes at the last moment that leaves time to decode it, since
more photos may join. It goes at once too where several small batches take no longer than a full one. A
suspect is alone in its runner.

A large photo takes no credit. Each runner has one at most, and paints it between its batches. So no batch
waits for a large photo; only large ones wait for each other. A large suspect begins in an idle runner, and
batches follow it there.

There is no asyncio, and the clock is passed in; `wake` is the time of the next decision.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Generic

from runner.balancer.assigned_batch import Batch
from runner.balancer.cost_model import CostModel
from runner.balancer.plan import RenderPlan
from runner.balancer.queue import Queue, W
from runner.fleet.fleet import RunnerState
from styles.service.bounded_dict import BoundedDict

#: Seconds before a runner is free at which it gets its next batch, at most half of the time of the current
#: one. A batch has four photos, and one from a phone takes up to 28 ms to decode beside the engine.
LEAD = 0.1
#: Seconds past its estimate, and past twice the estimate, after which a runner gets no further batch: if
#: it hangs, every photo that it holds is suspected.
LATE = 2.0
#: Seconds that a large suspect is held back, so that the photos that were beside it are tried first.
SUSPECT_SECONDS = 5.0
#: Most styles whose base is remembered; each takes some 200 bytes.
MAX_BASES = 10_000


class Scheduler(Generic[W]):
    """Know what each runner holds, and decide what it gets next."""

    def __init__(self, queue: Queue[W], max_pixels: int) -> None:
        self._queue = queue
        self._max_pixels = max_pixels
        self._held: dict[str, list[Batch[W]]] = {}  # by runner; the first is being painted
        self._large: dict[str, Batch[W]] = {}  # by runner; beside those
        #: Digest of the base of each known style, by the style's digest.
        self.bases = BoundedDict[str, str](MAX_BASES)
        #: The estimates of times.
        self.cost_model = CostModel()
        #: When to place again if nothing else happens, on the clock that is passed in.
        self.wake = math.inf

    def held(self, runner: str) -> Sequence[Batch[W]]:
        """Return the batches of a runner, in its order, without a large photo."""
        return self._held.get(runner, ())

    def large(self, runner: str) -> Batch[W] | None:
        """Return the large photo that a runner has."""
        return self._large.get(runner)

    def batches(self, runner: str) -> list[Batch[W]]:
        """Return all that a runner has: its batches, and its large photo."""
        return [*self.held(runner), *([self._large[runner]] if runner in self._large else [])]

    @property
    def in_flight(self) -> int:
        """Photos that runners hold."""
        return sum(len(batch.photos) for held in self._held.values() for batch in held) + len(self._large)

    def assign(self, runners: Sequence[RunnerState], now: float) -> list[Batch[W]]:
        """Take batches out of the queue for the runners."""
        self.wake = math.inf
        takers = [runner for runner in runners if runner.state == "ready"]
        placed = []
        while batch := self._next(takers, now):
            placed.append(batch)
        return placed

    def seconds_for(self, pictures: float, runners: Sequence[RunnerState]) -> float:
        """Return the seconds that the runners, starting ones too, take for `pictures`."""
        up = sum(runner.state in ("starting", "ready") and runner.credits > 0 for runner in runners)
        return pictures * self.cost_model.photo / max(up, 1)

    def ended(self, batch: Batch[W], now: float, loading: float | None) -> None:
        """Note that a batch has left its runner.

        `loading`: the seconds of loading that it reports; None unless all photos were painted.
        """
        self._queue.done(batch.photos)
        if batch.large:
            del self._large[batch.runner.name]
            return
        held = self._held[batch.runner.name]
        first = held[0] is batch
        held.remove(batch)
        if not held:
            del self._held[batch.runner.name]
        elif first:
            held[0].began = now
        if first and loading is not None:
            self._learn(batch, now - batch.began, loading)

    def too_slow(self, photo: W, now: float) -> None:
        """Note that a large photo which a runner still paints has reached its deadline."""
        for batch in self._large.values():
            if photo in batch.photos:
                self.cost_model.painted_large(batch.runner.device, batch.pixels, 2 * (now - batch.began))

    def _next(self, takers: list[RunnerState], now: float) -> Batch[W] | None:
        """Return the next batch for one of the takers; a runner that must wait is removed from them."""
        seen: set[tuple[str, int]] = set()
        for first in self._queue.fronts():
            if first.large:
                if (runner := self._beside(first, takers, now)) is not None:
                    return self._give(first, runner, now)
                continue
            free = {runner.name for runner in takers if self._has_credit(runner, now)}
            if not free:
                continue  # a large photo behind it needs no credit
            if first.shares:
                if first.key in seen:
                    continue
                seen.add(first.key)
            if first.alone:
                runner = self._alone(first, takers, now)
            else:
                runner = self._together(first, takers, free, now)
            if runner is not None:
                return self._give(first, runner, now)
        return None

    def _beside(self, first: W, takers: list[RunnerState], now: float) -> RunnerState | None:
        """Return the runner for a large photo: one that has no other."""
        free = [runner for runner in takers if runner.name not in self._large]
        if first.alone and free:
            return None if self._waits(first, SUSPECT_SECONDS, now) else self._alone(first, takers, now)
        return min(free, key=lambda runner: self._cost(runner, first.plan, now), default=None)

    def _alone(self, first: W, takers: list[RunnerState], now: float) -> RunnerState | None:
        """Return the runner for a suspect. If all hold batches, one of them gets no more until it is idle."""
        idle = [runner for runner in takers if not self.held(runner.name) and self._is_trusted(runner, first)]
        if idle:
            return min(idle, key=lambda runner: self._cost(runner, first.plan, now))
        busy = [runner for runner in takers if self._is_trusted(runner, first)]
        if busy:
            takers.remove(min(busy, key=lambda runner: self._wait(runner, now)))
        return None

    def _is_trusted(self, runner: RunnerState, suspect: W) -> bool:
        """Tell whether no large photo of the runner can be to blame if it dies with the suspect."""
        large = self._large.get(runner.name)
        return large is None or not (suspect.large or large.photos[0].alone)

    def _together(
        self, first: W, takers: list[RunnerState], free: set[str], now: float
    ) -> RunnerState | None:
        """Return the runner that would paint a photo first, if it is time; `free` have a credit."""
        costs = {runner.name: self._cost(runner, first.plan, now) for runner in takers}
        best = min(takers, key=lambda r: (costs[r.name], r.name not in free))
        if best.name not in free:
            other = min((r for r in takers if r.name in free), key=lambda r: costs[r.name])
            if self._waits(first, costs[other.name][0], now):
                return None
            best = other
        if (until := self._due(first, best)) > now:
            self.wake = min(self.wake, until)
            takers.remove(best)  # photos behind it must not overtake it
            return None
        return best

    def _waits(self, first: W, seconds: float, now: float) -> bool:
        """Tell whether a photo waits on for another runner, `seconds` from when it was first passed over."""
        first.passed = now if first.passed is None else first.passed
        if (until := first.passed + seconds) > now:
            self.wake = min(self.wake, until)
        return until > now

    def _due(self, first: W, runner: RunnerState) -> float:
        """Return when a runner should get a photo and its batch."""
        held = self.held(runner.name)
        places = first.batch_capacity(self._max_pixels)
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
                    self.bases[digest] = photo.plan.base
        missing = frozenset().union(*(photo.plan.digests for photo in photos)) - self._holds(runner)
        network = bool(missing) and not self._holds_base(runner, first.plan)
        batch = Batch(photos=photos, runner=runner, began=now, missing=missing, network=network)
        if first.large:
            batch.seconds = self.cost_model.large_seconds(runner.device, batch.pixels)
            self._large[runner.name] = batch
        else:
            loading = self.cost_model.loading(len(missing), network=network)
            batch.seconds = self.cost_model.seconds(batch.kind, batch.pixels) + loading
            self._held.setdefault(runner.name, []).append(batch)
        return batch

    def _has_credit(self, runner: RunnerState, now: float) -> bool:
        held = self.held(runner.name)
        if not held:
            return True
        late = now > held[0].began + max(2 * held[0].seconds, held[0].seconds + LATE)
        return len(held) < runner.credits and not late and not any(b.photos[0].alone for b in held)

    def _cost(self, runner: RunnerState, plan: RenderPlan, now: float) -> tuple[float, int, int]:
        """Return the seconds until a runner would begin; among equals, the one that evicts least is first."""
        missing = plan.digests - self._holds(runner)
        network = bool(missing) and not self._holds_base(runner, plan)
        loading = self.cost_model.loading(len(missing), network=network)
        return self._wait(runner, now) + loading, len(missing), len(runner.report.resident)

    def _wait(self, runner: RunnerState, now: float) -> float:
        """Return the seconds until a runner is free. A late batch may take as long again as it is late."""
        held = self.held(runner.name)
        if not held:
            return 0.0
        return abs(held[0].began + held[0].seconds - now) + sum(batch.seconds for batch in held[1:])

    def _holds(self, runner: RunnerState) -> frozenset[str]:
        """Return the styles that a runner has in memory once it has begun its batches."""
        held = (photo.plan.digests for batch in self.batches(runner.name) for photo in batch.photos)
        return runner.report.resident.union(*held)

    def _holds_base(self, runner: RunnerState, plan: RenderPlan) -> bool:
        return plan.sheet or any(self.bases.get(digest) == plan.base for digest in self._holds(runner))

    def _learn(self, batch: Batch[W], seconds: float, loading: float) -> None:
        """Add a batch to the cost model: its seconds as the first of its runner, and its loading."""
        self.cost_model.ended(batch.pictures, seconds)
        if batch.missing and not batch.photos[0].plan.sheet:
            loading = min(loading, seconds)
            self.cost_model.loaded(len(batch.missing), loading, network=batch.network)
            seconds -= loading
        self.cost_model.painted(batch.kind, batch.pixels, seconds)
