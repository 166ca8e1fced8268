"""Decide how many runner processes the load needs, within the configured limits.

    FleetSnapshot   the processes now
    FleetLoad       the processes, and how long the queue will wait
    LoadTrend       what is kept from one look to the next
    decide          the number of processes, and the next trend; no clock, no asyncio
    follow          looks once a second, and resizes the fleet

A process is added after the queue has been longer than a start for some seconds: one that is ready only when
the queue is empty is useless. A process is ended after the others would have had time to spare for minutes.
The gap between both is wide, and one change is complete before the next one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

log = logging.getLogger(__name__)

#: Seconds between two looks.
EVERY = 1.0
#: Seconds for which the queue must be too long without a break. The photos of one mail are painted by
#: then.
UP_SECONDS = 4.0
#: Seconds that a start is expected to take at least; on two busy cores a process was ready after 1.5.
START_SECONDS = 2.0
#: Seconds for which one process fewer must be enough. A start costs as much as thirty photos.
DOWN_SECONDS = 120.0
#: Share of the time that the others may work if one process ends. Above it, photos that come at random
#: wait for each other, and the process would soon be started again.
ENOUGH = 0.6
#: Seconds over which busy processes are averaged, since each look sees one moment.
AVERAGED_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetSnapshot:
    """Describe the runner processes of a fleet; numbers are of each device."""

    size: int  #: processes, with starting ones
    busy: int  #: processes at work, on the busiest device
    start_seconds: float  #: of the slowest start
    settled: bool  #: no process is starting or ending
    can_grow: bool  #: there is memory for another process


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetLoad:
    """Describe the load at one moment."""

    now: float  #: seconds
    wait: float  #: seconds until the queue is painted
    snapshot: FleetSnapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadTrend:
    """Keep what the looks have shown until now."""

    seen: float | None = None  #: time of the last look
    busy: float = 0.0  #: processes at work, on average
    long_since: float | None = None  #: since when the queue is too long
    slack_since: float | None = None  #: since when one process fewer is enough


@runtime_checkable
class ScalableFleet(Protocol):
    """Describe a fleet whose size may change."""

    least: int
    most: int

    def snapshot(self) -> FleetSnapshot:
        """Return its processes now."""

    def resize(self, size: int) -> None:
        """Begin to have `size` processes on each device; surplus ones first finish their batches."""


def decide(trend: LoadTrend, load: FleetLoad, least: int, most: int) -> tuple[LoadTrend, int]:
    """Return the next trend, and the processes for each device: one more or one fewer at most."""
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
    """Keep a fleet at the size that its load needs, until cancelled; `wait` is `FleetLoad.wait`."""
    clock = asyncio.get_running_loop().time
    trend = LoadTrend()
    while True:
        await asyncio.sleep(EVERY)
        load = FleetLoad(now=clock(), wait=wait(), snapshot=fleet.snapshot())
        trend, size = decide(trend, load, fleet.least, fleet.most)
        if size != load.snapshot.size:
            log.info(
                "%d runners on each device instead of %d: the queue takes %.1f s, %.1f are at work",
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
