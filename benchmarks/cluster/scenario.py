"""Run one scenario: senders, balancers and simulated runners on a virtual clock, with bursts and deaths.

A mail goes to the balancer of its sender, and to the next one where that is away. A refused photo is sent
again when the balancer said so, as the bot does. Everything is drawn from the seed.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field

from benchmarks.cluster.fleet import RunnerSpeed, SimulatedFleet
from benchmarks.cluster.senders import PER_HOUR, Senders
from benchmarks.cluster.workload import Gallery, SimulatedMail, Workload
from runner.balancer.balancer import Balancer
from runner.balancer.quarantine import Quarantine
from runner.balancer.stats import Stats, mean
from runner.config import BalancerConfig
from runner.http.failover import ranked
from styles.contract import StyleJob
from styles.errors import BalancerUnavailable, Busy, PainterError

#: Photos in the queue of a balancer for each of its runners, and at least; its default suits one machine.
QUEUED, LEAST_QUEUED = 32, 256
#: Runners of a machine, which die together.
NODE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Describe what is simulated; times are seconds from the start."""

    name: str
    runners: int  #: of all balancers
    balancers: int = 1
    mails: float  #: a second
    seconds: float
    speed: RunnerSpeed = RunnerSpeed()
    burst: float = 1.0  #: factor of the mails in the second quarter of the time
    deaths: int = 0  #: machines that die at once in the middle, and are back after `away`
    per_hour: float = PER_HOUR  #: mails that a sender is answered
    spot: float = 0.0  #: share of the runners that leave in the third quarter, with a warning before
    balancer_dies: bool = False  #: whether the first balancer is away for `away` in the last quarter
    away: float = 15.0
    warning: float = 10.0  #: before a spot machine leaves


@dataclass(slots=True, kw_only=True)
class ScenarioResult:
    """Hold what a scenario showed."""

    scenario: Scenario
    mails: int = 0
    waits: list[float] = field(default_factory=list)  #: of photos, until their batch began; seconds
    by_balancer: dict[str, list[float]] = field(default_factory=dict)  #: the same
    failed: Counter[str] = field(default_factory=Counter)  #: photos, by the error's class
    refused: int = 0  #: times that a photo was sent away and came again
    fill: float = 0.0  #: of the batches, from 0 to 1
    busy: float = 0.0  #: share of the time that runners worked
    deaths: int = 0  #: runners that died with what they held
    work: float = 0.0  #: seconds of a runner for a photo, loading included


class World:
    """Hold the balancers and runners of a scenario."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self._scenario = scenario
        self._dice = random.Random(seed)  # for arrivals
        self._noise = random.Random(seed + 3)
        self._gallery = Gallery()
        self._loop = asyncio.get_running_loop()
        self._workload = Workload(random.Random(seed + 1))
        self._senders = Senders(random.Random(seed + 2))
        self._fleets: dict[str, SimulatedFleet] = {}
        self._balancers: dict[str, Balancer] = {}
        self._fills: list[float] = []  # of closed balancers
        self._worked = 0.0  # seconds of their runners
        self._away: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.result = ScenarioResult(scenario=scenario)

    async def run(self) -> ScenarioResult:
        """Simulate it all, and return what it showed."""
        scenario, each = self._scenario, self._scenario.runners // self._scenario.balancers
        for number in range(scenario.balancers):
            await self._open(f"http://balancer-{number}", each)
        events = [asyncio.create_task(event) for event in (self._die(), self._leave(), self._fail_over())]
        await self._send()
        while self._tasks:
            await asyncio.wait(self._tasks)
        for event in events:
            event.cancel()
        await asyncio.gather(*events, return_exceptions=True)
        for url in list(self._balancers):
            await self._close(url)
        self.result.busy = self._worked / (scenario.runners * max(self._loop.time(), scenario.seconds))
        self.result.work = self._worked / max(1, len(self.result.waits))
        self.result.fill = mean(self._fills) or 0.0
        return self.result

    async def _open(self, url: str, runners: int) -> None:
        """Start a balancer with its runners."""
        fleet = SimulatedFleet(runners, self._gallery.bases, self._scenario.speed, self._noise)
        queued = max(LEAST_QUEUED, QUEUED * runners)
        config = BalancerConfig(max_queued=queued, max_queued_bytes=queued * 4_000_000)
        clock = self._loop.time
        balancer = Balancer(fleet, self._gallery, config, quarantine=Quarantine(clock), stats=Stats(clock))
        self._fleets[url], self._balancers[url] = fleet, balancer
        await balancer.startup()

    async def _close(self, url: str) -> None:
        balancer = self._balancers[url]
        self._fills += balancer.stats.fills.values()
        self._worked += self._fleets[url].busy
        self.result.deaths += self._fleets[url].deaths
        await balancer.shutdown()

    async def _send(self) -> None:
        """Send mails at random times, as many as the scenario says."""
        scenario = self._scenario
        most = max(1.0, scenario.per_hour * scenario.seconds / 3600)
        while (now := self._loop.time()) < scenario.seconds:
            is_burst = scenario.seconds / 4 <= now < scenario.seconds / 2
            await asyncio.sleep(self._dice.expovariate(scenario.mails * (scenario.burst if is_burst else 1)))
            mail = self._workload.mail(self._senders.draw(most))
            self.result.mails += 1
            for job in mail.jobs:
                task = asyncio.create_task(self._paint(mail, job))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _paint(self, mail: SimulatedMail, job: StyleJob) -> None:
        """Have a photo painted, however often it is refused."""
        began, urls = self._loop.time(), ranked(list(self._balancers), mail.sender)
        while True:
            url = next(url for url in urls if url not in self._away)
            try:
                result = await self._balancers[url].submit(job)
            except Busy as busy:
                self.result.refused += 1
                await asyncio.sleep(busy.retry_after)
            except BalancerUnavailable:
                self.result.refused += 1
                await asyncio.sleep(0.1)
            except PainterError as error:
                self.result.failed[type(error).__name__] += 1
                return
            else:
                wait = max(0.0, self._loop.time() - began - result.seconds)
                self.result.waits.append(wait)
                self.result.by_balancer.setdefault(url, []).append(wait)
                return

    async def _die(self) -> None:
        """End machines at once, and start them again later."""
        await asyncio.sleep(self._scenario.seconds / 2)
        for fleet in list(self._fleets.values())[: self._scenario.deaths]:
            fleet.kill(_machine(fleet))
        await asyncio.sleep(self._scenario.away)
        for fleet in list(self._fleets.values())[: self._scenario.deaths]:
            fleet.add(_machine(fleet))

    async def _leave(self) -> None:
        """Have spot machines leave, with a warning."""
        await asyncio.sleep(self._scenario.seconds * 5 / 8)
        leaving = {}
        for fleet in self._fleets.values():
            names = [runner.name for runner in fleet.runners()]
            leaving[fleet] = names[len(names) - round(self._scenario.spot * len(names)) :]
            fleet.drain(leaving[fleet])
        await asyncio.sleep(self._scenario.warning)
        for fleet, names in leaving.items():
            fleet.kill(names)

    async def _fail_over(self) -> None:
        """Have the first balancer away for some time; its runners are without work."""
        await asyncio.sleep(self._scenario.seconds * 3 / 4)
        if not self._scenario.balancer_dies:
            return
        url = next(iter(self._balancers))
        runners = len(self._fleets[url].runners())
        self._away.add(url)
        await self._close(url)
        await asyncio.sleep(self._scenario.away)
        await self._open(url, runners)
        self._away.discard(url)


def _machine(fleet: SimulatedFleet) -> list[str]:
    """Return the names of the runners of a machine."""
    return [runner.name for runner in fleet.runners()[:NODE]]
