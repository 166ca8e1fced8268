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

There is no asyncio, and the clock is passed in; `wake` is the time of the next decision. No decision looks at
all photos and all runners: `runner.balancer.indexes` keeps both sorted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Generic

from runner.balancer.batch_in_flight import Batch
from runner.balancer.batching import W
from runner.balancer.cost_model import CostModel
from runner.balancer.indexes.candidate import IDLE, WITH_CREDIT, Candidate, begins
from runner.balancer.indexes.candidate_index import CandidateIndex
from runner.balancer.indexes.resident_styles import ResidentStyles
from runner.balancer.indexes.waiting_photos import WaitingPhotos
from runner.balancer.queue import Queue
from runner.balancer.render_plan import SHEET
from runner.fleet.fleet import RunnerState, painting

#: Seconds before a runner is free at which it gets its next batch, at most half of the time of the current
#: one. A batch has four photos, and one from a phone takes up to 28 ms to decode beside the engine.
LEAD = 0.1
#: Runners up to which a photo that waits for one of them is compared with all of them at each decision.
MANY = 16
#: With more runners, share of its longest wait after which it is compared again, if nothing has happened.
#: At an eighth, as many photos were painted as by comparing each time (simulated, 48 runners).
LOOK_AGAIN = 1 / 8
#: Seconds that a large suspect is held back, so that the photos that were beside it are tried first.
SUSPECT_SECONDS = 5.0
#: Most styles whose base is remembered; each takes some 200 bytes.
MAX_BASES = 10_000


class Scheduler(Generic[W]):
    """Track the batches of each runner, and decide which batch it gets next."""

    def __init__(self, queue: Queue[W], max_pixels: int) -> None:
        self._queue = queue
        self._max_pixels = max_pixels
        #: Digest of the base of each known style, by the style's digest.
        self.bases: ResidentStyles[Candidate[W]] = ResidentStyles(MAX_BASES)
        #: The estimates of times.
        self.cost_model = CostModel()
        self._candidates: CandidateIndex[W] = CandidateIndex(self.cost_model, self.bases, self._moved)
        self._waiting: WaitingPhotos[W, Candidate[W]] = WaitingPhotos()
        #: When to place again if nothing else happens, on the clock that is passed in.
        self.wake = math.inf

    def held(self, runner: str) -> Sequence[Batch[W]]:
        """Return the batches of a runner, in its order, without a large photo."""
        return self._candidates[runner].held if runner in self._candidates else ()

    def large(self, runner: str) -> Batch[W] | None:
        """Return the large photo that a runner has."""
        return self._candidates[runner].large if runner in self._candidates else None

    @property
    def larges(self) -> list[Batch[W]]:
        """The large photos that runners have."""
        return [candidate.large for candidate in self._candidates.values() if candidate.large]

    def batches(self, runner: str) -> list[Batch[W]]:
        """Return all that a runner has: its batches, and its large photo."""
        return self._candidates[runner].batches if runner in self._candidates else []

    @property
    def in_flight(self) -> int:
        """Photos that runners hold."""
        return sum(len(batch.photos) for each in self._candidates.values() for batch in each.batches)

    def assign(self, runners: Sequence[RunnerState], now: float) -> list[Batch[W]]:
        """Take batches out of the queue for the runners."""
        self._candidates.refresh(runners, now)
        self.wake = self._waiting.expire(now)
        placed = []
        while batch := self._next(now):
            placed.append(batch)
        return placed

    def seconds_for(self, pictures: float, runners: Sequence[RunnerState]) -> float:
        """Return the seconds that the runners, starting ones too, take for `pictures`."""
        return pictures * self.cost_model.photo / painting(runners)

    def ended(self, batch: Batch[W], now: float, loading: float | None) -> None:
        """Note that a batch has left its runner.

        `loading`: the seconds of loading that it reports; None unless all photos were painted.
        """
        self._queue.done(batch.photos)
        candidate = self._candidates[batch.runner.name]
        if batch.large:
            candidate.large = None
        else:
            first = candidate.held[0] is batch
            candidate.held.remove(batch)
            if candidate.held and first:
                candidate.held[0].began = now
            if first and loading is not None:
                self._learn(batch, now - batch.began, loading)
        self._candidates.ended(candidate)

    def too_slow(self, photo: W, now: float) -> None:
        """Note that a large photo which a runner still paints has reached its deadline."""
        for candidate in self._candidates.values():
            if (batch := candidate.large) is not None and photo in batch.photos:
                self.cost_model.painted_large(batch.runner.device, batch.pixels, 2 * (now - batch.began))

    def _moved(self, candidate: Candidate[W], has_more_credit: bool) -> None:
        """Look again at the photos that wait for a runner, or that may have found a better one."""
        self._waiting.disturb(candidate)
        if has_more_credit:
            for base in candidate.bases:
                self._waiting.offer(base, candidate)
        if candidate.line == IDLE:
            self._waiting.offer(SHEET, candidate)

    def _next(self, now: float) -> Batch[W] | None:
        """Return the next batch for a runner; a runner that must wait is set aside."""
        for first in self._queue.fronts():
            if first in self._waiting.quiet:
                continue
            if first.large:
                candidate = self._beside(first, now)
            elif self._waits(first, now) or not self._candidates.has_credit():
                continue  # a large photo behind it needs no credit
            elif first.alone:
                candidate = self._alone(first, now)
            else:
                candidate = self._together(first, now)
            if candidate is not None:
                return self._give(first, candidate, now)
        return None

    def _waits(self, first: W, now: float) -> bool:
        """Tell whether a photo still waits for a busy runner."""
        return self._waiting.waits(first, lambda each: begins(each, first.plan, self.cost_model, now))

    def _beside(self, first: W, now: float) -> Candidate[W] | None:
        """Return the runner for a large photo: one that has no other."""
        offer = self._candidates.cheapest(first.plan, now, accept=lambda candidate: candidate.large is None)
        if offer is None or not first.alone:
            return offer and offer.candidate
        return None if self._waits_until(first, SUSPECT_SECONDS, now) > now else self._alone(first, now)

    def _alone(self, first: W, now: float) -> Candidate[W] | None:
        """Return the runner for a suspect. If all hold batches, one of them gets no more until it is idle."""

        def is_trusted(candidate: Candidate[W]) -> bool:
            """Tell whether no large photo of the runner can be to blame if it dies with the suspect."""
            return candidate.large is None or not (first.large or candidate.large.photos[0].alone)

        if idle := self._candidates.cheapest(first.plan, now, (IDLE,), is_trusted):
            return idle.candidate
        if busy := self._candidates.soonest(now, is_trusted):
            self._candidates.set_aside(busy)
        return None

    def _together(self, first: W, now: float) -> Candidate[W] | None:
        """Return the runner with a credit that would paint a photo first, if it is time.

        It waits for one without a credit that would still be sooner, for a limited time.
        """
        best = self._candidates.cheapest(first.plan, now, WITH_CREDIT)
        if best is None:
            return None
        may_wait = first.passed is None or first.passed + best.seconds > now
        rival = self._candidates.rival(best, first.plan, now) if may_wait else None
        if rival is not None and (until := self._waits_until(first, best.seconds, now)) > now:
            if len(self._candidates) > MANY:
                look = min(until, now + LOOK_AGAIN * best.seconds)
                self._waiting.add(first, look, now + rival.seconds, (rival.candidate, first.plan.base))
            return None
        if (until := self._due(first, best.candidate)) > now:
            self.wake = min(self.wake, until)
            self._candidates.set_aside(best.candidate)  # photos behind it must not overtake it
            return None
        return best.candidate

    def _waits_until(self, first: W, seconds: float, now: float) -> float:
        """Return when a photo stops waiting for another runner, `seconds` after it was first passed over."""
        first.passed = now if first.passed is None else first.passed
        until = first.passed + seconds
        if until > now:
            self.wake = min(self.wake, until)
        return until

    def _due(self, first: W, candidate: Candidate[W]) -> float:
        """Return when a runner should get a photo and its batch."""
        places = first.batch_capacity(self._max_pixels)
        if not candidate.held or len(self._queue.batch(first, self._max_pixels)) == places:
            return -math.inf
        if not self.cost_model.worth_filling((candidate.state.device, first.key), places * first.pixels):
            return -math.inf
        free = candidate.held[0].began + sum(batch.seconds for batch in candidate.held)
        return free - min(LEAD, candidate.held[0].seconds / 2)

    def _give(self, first: W, candidate: Candidate[W], now: float) -> Batch[W]:
        photos = self._queue.batch(first, self._max_pixels)
        self._queue.take(photos)
        for photo in photos:
            if not photo.plan.sheet:
                for digest in photo.plan.digests:
                    self.bases[digest] = photo.plan.base
        digests = frozenset().union(*(photo.plan.digests for photo in photos))
        missing = digests - candidate.styles
        network = bool(missing) and not first.plan.sheet and first.plan.base not in candidate.bases
        batch = Batch(
            photos=photos,
            runner=candidate.state,
            began=now,
            digests=digests,
            missing=missing,
            network=network,
        )
        if first.large:
            batch.seconds = self.cost_model.large_seconds(candidate.state.device, batch.pixels)
            candidate.large = batch
        else:
            loading = self.cost_model.loading(len(missing), network=network)
            batch.seconds = self.cost_model.seconds(batch.kind, batch.pixels) + loading
            candidate.held.append(batch)
        self._candidates.place(candidate, now)
        return batch

    def _learn(self, batch: Batch[W], seconds: float, loading: float) -> None:
        """Add to the cost model how long a batch took, and apart from that the loading of its styles."""
        self.cost_model.ended(batch.pictures, seconds)
        if batch.missing and not batch.photos[0].plan.sheet:
            loading = min(loading, seconds)
            self.cost_model.loaded(len(batch.missing), loading, network=batch.network)
            seconds -= loading
        self.cost_model.painted(batch.kind, batch.pixels, seconds)
