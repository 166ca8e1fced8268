"""Queue photo jobs, batch them for the runners, and handle runner failures.

`submit` checks a job, resolves its styles and queues it; a retry keeps these versions. `_pump` runs after
each new photo, finished batch or change of a runner, and sends the batches that `runner.balancer.scheduler`
forms. If a runner dies, its photos are retried alone. A photo that kills a second runner is quarantined.
Nothing here is durable: after a crash, clients submit again by job id.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from contextvars import Context

from runner.balancer.admission import AdmissionControl
from runner.balancer.batch_in_flight import Batch
from runner.balancer.failed_batches import require, verdicts
from runner.balancer.forecast import Forecast, large_pixels
from runner.balancer.pending_job import JobKey, PaintingWatch, PendingJob, PendingJobs, unwatched
from runner.balancer.picture_metadata import packet_of
from runner.balancer.quarantine import Quarantine
from runner.balancer.queue import Queue
from runner.balancer.render_plan import RenderPlan, Resolver, find
from runner.balancer.scheduler import Scheduler
from runner.balancer.stats import Stats
from runner.config import BalancerConfig
from runner.fleet.fleet import Fleet, RunnerState
from runner.protocol.messages import Outcome, PaintedPhoto
from styles.contract import ResolvedStyle, StyleJob, StyleResult
from styles.errors import BalancerUnavailable, Permanent, Unpaintable
from styles.service.asyncio_tasks import TaskSet, cancel

log = logging.getLogger(__name__)


class Balancer:
    """Spread jobs over the runners of a fleet."""

    def __init__(
        self,
        fleet: Fleet,
        resolver: Resolver,
        config: BalancerConfig,
        *,
        quarantine: Quarantine | None = None,
        stats: Stats | None = None,
        mark_paintings: bool = False,
        watch: PaintingWatch = unwatched,
    ) -> None:
        """Take over a fleet. `mark_paintings`: write into each painting how; `watch`: see `PendingJobs`."""
        self.fleet = fleet
        self._resolver = resolver
        self._mark_paintings = mark_paintings
        self._config = config
        self.quarantine, self.stats = quarantine or Quarantine(), stats or Stats()
        self.queue: Queue[PendingJob] = Queue()
        self.scheduler = Scheduler(self.queue, config.batch_pixels)
        self._pending = PendingJobs(self.queue, watch, self.scheduler.too_slow)
        self._forecast = Forecast(fleet, self.queue, self.scheduler, config)
        self._painting = TaskSet()
        self._next_pump: asyncio.Handle | None = None
        self.admission = AdmissionControl(
            self.queue, config, self._seconds_for, lambda: asyncio.get_running_loop().time()
        )
        self.draining = False

    async def startup(self) -> None:
        """Start the fleet."""
        await self.fleet.startup(self._runners_changed)
        self.stats.saw(self.fleet.runners())

    def expected_wait(self) -> float:
        """Return the seconds until the runners have painted the queue."""
        return self._seconds_for(self.queue.pictures)

    def seconds_until_painted(self, job_id: str) -> float | None:
        """Return the seconds until a pending job will be painted, or None where no such job is pending."""
        pending = self._pending.by_id(job_id)
        if pending is None:
            return None
        return self._forecast.seconds(pending, asyncio.get_running_loop().time())

    def _seconds_for(self, pictures: float) -> float:
        return self.scheduler.seconds_for(pictures, self.fleet.runners())

    def warm(self, style: ResolvedStyle) -> None:
        """Have the runners load a version that went live, before or while photos ask for it."""
        self.scheduler.bases[style.digest] = style.base
        self.fleet.warm(style.digest)

    async def submit(self, job: StyleJob) -> StyleResult:
        """Paint a photo. A job that is submitted twice is painted once while it is pending.

        Raises a `PainterError`. If its last caller is cancelled, a queued job is dropped.
        """
        clock = asyncio.get_running_loop().time
        came = clock()
        with self.stats.counting():
            result = await self._pending.result(await self._pending_job(job))
        self.stats.answers.add(clock() - came)
        return result

    def receiving(self, sender: str, size: int) -> AbstractContextManager[Callable[[int], None]]:
        """Reserve memory for a photo, see `AdmissionControl.receiving`."""
        if self.draining:
            raise BalancerUnavailable("it is shutting down")
        return self.admission.receiving(sender, size)

    async def drain(self, seconds: float) -> None:
        """Refuse new jobs, fail queued ones, and wait up to `seconds` for those in flight."""
        self.draining = True
        for pending in list(self.queue):
            self._pending.give_up(pending)
        if self._painting:
            await asyncio.wait(self._painting, timeout=seconds)

    async def shutdown(self) -> None:
        """Stop at once; pending jobs fail."""
        self.draining = True
        self._pump_at(None)
        await cancel(*self._painting)
        for pending in list(self._pending.values()):
            self._pending.give_up(pending)
        await self.fleet.shutdown()

    async def _pending_job(self, job: StyleJob) -> PendingJob:
        identity = JobKey.of(job)
        if identity not in self._pending:
            self._refuse()
            self.admission.arriving += len(job.image)
            try:
                plan = await find(job, self._resolver)
                xmp = await packet_of(job, plan, self._resolver) if self._mark_paintings else ""
                known = await self.quarantine.recognize(job)
            finally:
                self.admission.arriving -= len(job.image)
            self._refuse(known)
            if identity not in self._pending:
                return self._enqueue(job, identity, plan, known, xmp)
        return self._pending[identity]

    def _refuse(self, fingerprint: str = "") -> None:
        if self.draining:
            raise BalancerUnavailable("it is shutting down")
        if self.quarantine.is_quarantined(fingerprint):
            raise Unpaintable("it is in quarantine, since it has killed its runners", kills=True)

    def _enqueue(self, job: StyleJob, identity: JobKey, plan: RenderPlan, known: str, xmp: str) -> PendingJob:
        for pending in self.admission.make_room(job):
            self._pending.settle(pending, self.admission.busy(pending.job.sender))
        loop = asyncio.get_running_loop()
        pixels = large_pixels(job, self._config.batch_pixels)
        pending = PendingJob(
            job=job,
            plan=plan,
            alone=self.quarantine.is_suspect(known),
            large_pixels=pixels,
            identity=identity,
            fingerprint=known,
            xmp=xmp,
            seconds=self._forecast.deadline(pixels, loop.time()),
            came=loop.time(),
            since=loop.time(),
        )
        self._pending.add(pending)
        # Soon: jobs that arrive together may share a batch. In a context of its own: a batch has many traces.
        self._pump_at(loop.call_soon(self._pump, context=Context()))
        return pending

    # From the queue to the runners and back

    def _runners_changed(self) -> None:
        self.stats.saw(self.fleet.runners())
        self._pump()

    def _pump_at(self, handle: asyncio.Handle | None) -> None:
        if self._next_pump is not None:
            self._next_pump.cancel()
        self._next_pump = handle

    def _pump(self) -> None:
        """Send the batches that are due now."""
        self._pump_at(None)
        if self.draining or not self.queue:
            return
        loop = asyncio.get_running_loop()
        for batch in self.scheduler.assign(self.fleet.runners(), loop.time()):
            self._painting.start(self._paint(batch), Context())
        wake = self.scheduler.wake
        if wake < math.inf:
            self._pump_at(loop.call_at(wake, self._pump, context=Context()))

    async def _paint(self, batch: Batch[PendingJob]) -> None:
        """Have a batch painted, and settle or retry its jobs."""
        loop, runner = asyncio.get_running_loop(), batch.runner
        loading: float | None = None
        try:
            outcomes = await self._run(batch)
        except Exception as error:  # no caller may be left waiting by any error
            held = self.scheduler.batches(runner.name)
            for pending, refusal in await verdicts(batch, error, self.quarantine, held):
                if refusal is not None:
                    self._pending.settle(pending, refusal)
                elif self.draining:
                    self._pending.give_up(pending)
                else:
                    self._pending.retry(pending, loop.time())
        else:
            paintings = [outcome.loading for outcome in outcomes if isinstance(outcome, PaintedPhoto)]
            loading = max(paintings) if len(paintings) == len(outcomes) else None
            for pending, outcome in zip(batch.photos, outcomes, strict=True):
                self._finish(pending, outcome, runner)
        finally:
            self.scheduler.ended(batch, loop.time(), loading)
        self._pump()

    async def _run(self, batch: Batch[PendingJob]) -> Sequence[Outcome]:
        places = batch.photos[0].batch_capacity(self._config.batch_pixels)
        # Soon: the runner has the batch by then, and need not wait for the histograms.
        asyncio.get_running_loop().call_soon(self.stats.dispatched, len(batch.photos), places)
        try:
            most_pixels = self.scheduler.cost_model.most_pixels(batch.runner.device)
            tasks = [pending.task(most_pixels) for pending in batch.photos]
            outcomes = await self.fleet.run(batch.runner.name, tasks)
        finally:  # only now the end of the batch before it is known
            for pending in batch.photos:
                self.stats.waits.add(batch.began - pending.since)
        require(outcomes, len(batch.photos))
        return outcomes

    def _finish(self, pending: PendingJob, outcome: Outcome, runner: RunnerState) -> None:
        if isinstance(outcome, PaintedPhoto):
            self.stats.finished(outcome.seconds, runner)
            if outcome.pixels:
                self.scheduler.cost_model.painted_large(runner.device, outcome.pixels, outcome.seconds)
            self._pending.settle(pending, pending.result(outcome, runner.name))
        else:
            self._pending.settle(pending, outcome)
        if isinstance(outcome, PaintedPhoto | Permanent):  # after other errors it was not tried
            self.quarantine.survived(pending.fingerprint)
