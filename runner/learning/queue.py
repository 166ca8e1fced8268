"""Queue the paintings that are to be learnt from, and have them learnt one after the other on each device.

Learning comes below painting: on a CPU a style has the lowest priority, and one picture a low one. If a
process dies, another takes its job over from the last checkpoint. A balancer that starts finds its jobs in
their folders. People take turns (`waiting_jobs.py`). A picture that teaches nothing is refused before its
turn (`early_refusals.py`).
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from runner.config import RunnerConfig
from runner.fleet.devices import devices
from runner.learning import expected_times
from runner.learning.attempt import LearningAttempt
from runner.learning.corners import CornersFinder
from runner.learning.early_refusals import EarlyRefusals
from runner.learning.job import JobRecord, LearningJob
from runner.learning.job_store import LearningStore
from runner.learning.loss_network_file import FeaturesFile
from runner.learning.messages import LearningOrder
from runner.learning.pauses import LearningPauses
from runner.learning.process_command import WORKER, learning_command
from runner.learning.quota import LearningQuota
from runner.learning.waiting_jobs import WaitingJobs
from runner.learning.worker.settings import Rank
from styles.errors import BalancerUnavailable, PainterError, RunnerDied
from styles.learning_errors import FeaturesAway, LearningFailed, LearningOff
from styles.service.asyncio_tasks import cancel, start
from styles.service.optional_libraries import require
from styles.service.units import HOUR

log = logging.getLogger(__name__)

#: Jobs that may wait: at five minutes each, the last one has its turn after 100 minutes.
MOST_WAITING = 20
#: Seconds between two looks for jobs to forget.
LOOK_SECONDS = 60.0
#: Seconds after which a folder that another balancer has is tried again, and what a job waits for.
TAKEN_SECONDS, AWAY_SECONDS = 2.0, 60.0
#: Seconds from a job's coming after which is given up what it waits for: room on a disk, and the download of
#: the loss network, for which a person would wait at a first start for hours in vain.
LONGEST_FULL, LONGEST_AWAY = 12 * HOUR, 600.0


class LearningQueue:
    """Hold the jobs of a balancer."""

    def __init__(self, config: RunnerConfig, *, module: str = WORKER) -> None:
        """Take `module`, which is what a learning process runs."""
        self._config, self._module = config, module
        self.store = LearningStore(config.cache / "learning")
        self.finder = CornersFinder(learning_command(module, "cpu", Rank.USUAL))
        self._features = FeaturesFile(config.features, self.store.folder)
        self.quota = LearningQuota(self.store, config.learn_in_a_day)
        self._jobs: dict[str, LearningJob] = {}
        self._waiting = WaitingJobs(self.quota.of)
        self._looks = EarlyRefusals(self._waiting, self.store, self.finder, self._refuse)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._accepting = asyncio.Lock()
        self.pauses = LearningPauses()
        self._tasks: list[asyncio.Task[None]] = []
        self._devices: Sequence[str] = ()
        self.is_open = False
        self.ended: Counter[str] = Counter()  #: jobs by their final state

    async def startup(self) -> None:
        """Begin to learn, if the config has it so and the libraries are there."""
        if not self._config.learn:
            return
        try:
            require("train", "Learning from a painting")
        except PainterError as error:
            log.info("no painting is learnt from: %s", error)
            return
        self._tasks.append(start(self._serve(), "learning"))

    async def shutdown(self) -> None:
        """End all processes. Their jobs stay in their folders."""
        self.is_open = False
        await cancel(*self._tasks)
        await cancel(*self._running.values())
        self.store.close()

    def require(self) -> None:
        """Raise `LearningOff`, `MissingExtra` or a `Temporary` error where nothing can be learnt here."""
        if not self._config.learn:
            raise LearningOff("Switch it on by learn = true below [runner] in config.toml.")
        require("train", "Learning from a painting")
        self._features.require()
        self.store.require()
        if not self.is_open:
            raise BalancerUnavailable("another balancer has the folder of the jobs, or it is stopping")

    async def submit(self, order: LearningOrder, painting: bytes, photo: bytes = b"") -> LearningJob:
        """Accept a job, which is on the disk then. A known key of the same owner returns its job.

        Raises as `require` does, `LearningQueueFull` and `EnoughForToday`.
        """
        self.require()
        async with self._accepting:
            if known := next((job for job in self._jobs.values() if job.record.order.repeats(order)), None):
                return known
            record = JobRecord(id=secrets.token_hex(16), order=order, came=time.time())
            if len(self._waiting) >= MOST_WAITING:
                raise expected_times.refusal(
                    LearningJob(record=record), self.running, self._waiting, self._devices
                )
            try:
                await self.quota.take(record.id, order.owner, order.key)
                await asyncio.to_thread(self.store.accept, record, painting, photo)
            except OSError as error:
                await self.quota.give_back(record.id)
                await asyncio.to_thread(self.store.forget, record.id)
                raise BalancerUnavailable(f"a job to learn cannot be kept: {error}") from error
            job = self._jobs[record.id] = LearningJob(record=record)
            self._waiting.put(job)
            return job

    def job(self, id: str) -> LearningJob | None:
        """Return a job by its id."""
        return self._jobs.get(id)

    def status(self, job: LearningJob) -> dict[str, Any]:
        """Describe a job, with the seconds until it has ended."""
        return expected_times.status(job, self.running, self._waiting, self._devices)

    @property
    def waiting(self) -> int:
        """The number of jobs that wait."""
        return len(self._waiting)

    @property
    def running(self) -> Sequence[LearningJob]:
        """The jobs that are being learnt."""
        return [job for job in self._jobs.values() if job.record.state == "running"]

    async def remove(self, job: LearningJob) -> None:
        """Cancel a job, or forget it where it has ended. Raises `BalancerUnavailable` if it stays."""
        if job.is_final:
            self._jobs.pop(job.id, None)  # it may be forgotten twice at once
            await asyncio.to_thread(self.store.forget, job.id)
            return
        self._waiting.take_out(job)
        job.end("cancelled")
        if task := self._running.get(job.id):
            await cancel(task)
        await self._ended(job)

    async def _refuse(self, job: LearningJob, error: PainterError) -> None:
        """End a job that waits, for what was seen of its picture."""
        if self._waiting.take_out(job):
            log.info("a painting is refused before its turn: %s", error)
            job.end("failed", error)
            await self._ended(job)

    async def _serve(self) -> None:
        """Take the folder and its jobs over, and begin."""
        await self.store.take(TAKEN_SECONDS)
        await self.quota.load()
        for record in await asyncio.to_thread(self.store.records):
            job = self._jobs[record.id] = LearningJob(record=record)
            if not job.is_final:
                self._waiting.put(job)
        self.is_open = True
        self._devices = devices(self._config.device) if self._config.fleet == "local" else ["cpu"]
        self._tasks += [start(self._learn(each), f"learning on {each}") for each in self._devices]
        self._tasks.append(start(self._looks.run(), "looking at paintings that wait"))
        while True:
            await self._forget_old()
            await self._features.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def _learn(self, device: str) -> None:
        """Have one job after the other learnt on a device."""
        while True:
            job = await self._waiting.next()
            task = self._running[job.id] = asyncio.create_task(self._attempt(job, device))
            try:
                await asyncio.wait({task})
            finally:
                await cancel(task)
                if self._running.get(job.id) is task:  # another device may have taken the job over
                    del self._running[job.id]

    async def _attempt(self, job: LearningJob, device: str) -> None:
        """Have a job learnt, or noted as failed, or queued again."""
        command = learning_command(self._module, device, job.record.order.rank)
        pauses = self.pauses if device == "cpu" else LearningPauses()  # a GPU takes turns by itself
        attempt = LearningAttempt(job, self.store, command, self._features, pauses)
        try:
            await attempt.run()
            job.end("done")
        except RunnerDied as error:
            self._died(job, attempt, error)
        except FeaturesAway as error:
            await self._wait_a_while(job, error.detail, LONGEST_AWAY)
        except PainterError as error:
            log.info("a painting is not learnt from: %s", error)
            job.end("failed", error)
        except OSError as error:  # a full disk, for which no picture is to blame
            await self._wait_a_while(job, f"What is learnt cannot be kept: {error}.", LONGEST_FULL)
        except Exception as error:  # the job may not be lost by any error: the next attempt may succeed
            log.exception("learning failed")
            self._died(job, attempt, error)
        await self._ended(job)

    def _died(self, job: LearningJob, attempt: LearningAttempt, error: Exception) -> None:
        """Queue a job again before all others, or give it up."""
        log.warning("a learning process has died at step %d: %s", job.step, error)
        if job.died(has_gone_on=attempt.has_gone_on):
            self._waiting.put(job)
        else:
            job.end("failed", LearningFailed(f"{job.record.deaths} processes died: {error}"))

    async def _wait_a_while(self, job: LearningJob, reason: str, longest: float) -> None:
        """Have a job tried again: the site of the loss network may be away, or the disk full."""
        log.warning("a job to learn waits: %s", reason)
        if time.time() > job.record.came + longest:
            job.end("failed", LearningOff(reason))
        else:
            await asyncio.sleep(AWAY_SECONDS)
            self._waiting.put(job)

    async def _ended(self, job: LearningJob) -> None:
        """Write down the state of a job after an attempt; drop what it needs no more."""
        if job.is_final:
            self.ended[job.record.state] += 1
            if not job.counts:
                await self.quota.give_back(job.id)
        try:
            await asyncio.to_thread(self.store.end if job.is_final else self.store.write_record, job.record)
        except OSError as error:
            if job.record.state == "cancelled":  # else a restart would learn it in silence
                raise BalancerUnavailable(f"a job cannot be cancelled: {error}") from error
            log.warning("the state of a job to learn cannot be kept: %s", error)

    async def _forget_old(self) -> None:
        for job in list(self._jobs.values()):
            if job.is_outdated:
                if job.record.state == "done":
                    await self.quota.let_come_again(job.id, job.record.order.key)
                await self.remove(job)
