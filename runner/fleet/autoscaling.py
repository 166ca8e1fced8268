"""How many runner processes the load wants, between the least and the most that are allowed.

    FleetSnapshot     the processes just now
    FleetLoad     the same, and how long what waits will wait
    LoadTrend    what is kept from one look to the next
    decide   the number of processes, and the next trend; no clock and no asyncio
    follow   looks once a second, and tells the fleet

One more is started where the queue has been longer than a start for some seconds: a process that is ready
only when the queue is gone is of no use. One is ended where the others have had time to spare for minutes.
Between both lies a wide gap, and what was decided must have happened before anything else is.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

log = logging.getLogger(__name__)

#: How often it is looked, seconds.
EVERY = 1.0
#: So long the queue must have been too long without a break, seconds. A burst of photos from one mail is
#: painted by then.
UP_SECONDS = 4.0
#: What a start is taken to cost at the least, seconds; on two busy cores a process was ready after 1.5.
START_SECONDS = 2.0
#: So long one process fewer must have been enough, seconds. A start costs as much as thirty photos, so it
#: pays to keep a process through a lull.
DOWN_SECONDS = 120.0
#: One fewer is enough where the others would work less than this share of the time. At more, photos that come
#: at random wait for each other, and the process would soon be missed.
ENOUGH = 0.6
#: Of how many seconds the work is averaged; each look sees only what is at work in that moment.
AVERAGED_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetSnapshot:
    """The runner processes of a fleet; numbers are of each device."""

    size: int  #: processes, starting ones too
    busy: int  #: of these at work, on the device where most are
    start_seconds: float  #: what the slowest took to start
    settled: bool  #: none is starting or ending
    can_grow: bool  #: there is memory for one more


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetLoad:
    """How it is in one moment."""

    now: float  #: seconds
    wait: float  #: seconds until what waits will be begun
    snapshot: FleetSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadTrend:
    """What was seen before."""

    seen: float | None = None  #: when
    busy: float = 0.0  #: processes at work, on average
    long_since: float | None = None  #: the queue is too long since then
    slack_since: float | None = None  #: one process fewer is enough since then


@runtime_checkable
class ScalableFleet(Protocol):
    """A fleet whose size may change."""

    least: int
    most: int

    def snapshot(self) -> FleetSnapshot:
        """Its processes just now."""

    def resize(self, size: int) -> None:
        """Begins to have so many on each device; those that are too many first finish what they hold."""


def decide(trend: LoadTrend, load: FleetLoad, least: int, most: int) -> tuple[LoadTrend, int]:
    """The processes wanted on each device, one more or one fewer at the most, and the next trend."""
    snapshot, now = load.snapshot, load.now
    busy = _average(trend, load)
    if not snapshot.settled:
        return LoadTrend(seen=now, busy=busy), snapshot.size
    long = load.wait > max(snapshot.start_seconds, START_SECONDS)
    slack = not long and busy < ENOUGH * (snapshot.size - 1)
    trend = LoadTrend(
        seen=now,
        busy=busy,
        long_since=_since(trend.long_since, now) if long else None,
        slack_since=_since(trend.slack_since, now) if slack else None,
    )
    if snapshot.size < most and snapshot.can_grow and _lasts(trend.long_since, now, UP_SECONDS):
        return replace(trend, long_since=None), snapshot.size + 1
    if snapshot.size > least and _lasts(trend.slack_since, now, DOWN_SECONDS):
        return replace(trend, slack_since=None), snapshot.size - 1
    return trend, snapshot.size


async def follow(wait: Callable[[], float], fleet: ScalableFleet) -> None:
    """Keeps a fleet at the size that its load wants, until cancelled. `wait` is that of `FleetLoad`."""
    clock = asyncio.get_running_loop().time
    trend = LoadTrend()
    while True:
        await asyncio.sleep(EVERY)
        load = FleetLoad(now=clock(), wait=wait(), snapshot=fleet.snapshot())
        trend, size = decide(trend, load, fleet.least, fleet.most)
        if size != load.snapshot.size:
            log.info(
                "%d runners on each device instead of %d: what waits takes %.1f s, %.1f are at work",
                *(size, load.snapshot.size, load.wait, trend.busy),
            )
            fleet.resize(size)


def _average(trend: LoadTrend, load: FleetLoad) -> float:
    if trend.seen is None:
        return float(load.snapshot.busy)
    share = min(1.0, (load.now - trend.seen) / AVERAGED_SECONDS)
    return trend.busy + share * (load.snapshot.busy - trend.busy)


def _since(since: float | None, now: float) -> float:
    return now if since is None else since


def _lasts(since: float | None, now: float, seconds: float) -> bool:
    return since is not None and now - since >= seconds
