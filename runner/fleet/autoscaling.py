"""Decide how many runner processes the load needs, within the configured limits.

A process is added after the queue has been longer than a start for some seconds: one that is ready only when
the queue is empty is useless. A process is ended after the others would have had time to spare for minutes.
The gap between both is wide, and one change is complete before the next one.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from runner.fleet.fleet import FleetSnapshot
from runner.fleet.slot_fleet import SlotFleet

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
class LoadTrend:
    """Summarize the load at the looks until now, for the next decision; times are seconds."""

    seen: float = -math.inf  #: time of the last look
    busy: float = 0.0  #: processes at work, on average
    long_since: float = math.inf  #: since when the queue is too long; infinite: it is not
    slack_since: float = math.inf  #: since when one process fewer is enough; infinite: it is not


def decide(
    trend: LoadTrend, snapshot: FleetSnapshot, now: float, wait: float, least: int, most: int
) -> tuple[LoadTrend, int]:
    """Return the next trend, and the processes for each device: one more or one fewer at most.

    `wait`: seconds until the queue is painted.
    """
    share = min(1.0, (now - trend.seen) / AVERAGED_SECONDS)
    busy = trend.busy + share * (snapshot.busy - trend.busy)
    if not snapshot.settled:
        return LoadTrend(seen=now, busy=busy), snapshot.size
    long = wait > max(snapshot.start_seconds, START_SECONDS)
    slack = not long and busy < ENOUGH * (snapshot.size - 1)
    trend = LoadTrend(
        seen=now,
        busy=busy,
        long_since=min(trend.long_since, now) if long else math.inf,
        slack_since=min(trend.slack_since, now) if slack else math.inf,
    )
    if snapshot.size < most and snapshot.can_grow and now - trend.long_since >= UP_SECONDS:
        return replace(trend, long_since=math.inf), snapshot.size + 1
    if snapshot.size > least and now - trend.slack_since >= DOWN_SECONDS:
        return replace(trend, slack_since=math.inf), snapshot.size - 1
    return trend, snapshot.size


async def follow(wait: Callable[[], float], fleet: SlotFleet) -> None:
    """Keep a fleet at the size that its load needs, until cancelled; `wait` as in `decide`."""
    clock = asyncio.get_running_loop().time
    trend = LoadTrend()
    while True:
        await asyncio.sleep(EVERY)
        snapshot, seconds = fleet.snapshot(), wait()
        trend, size = decide(trend, snapshot, clock(), seconds, fleet.least, fleet.most)
        if size != snapshot.size:
            log.info(
                "%d runners on each device instead of %d: the queue takes %.1f s, %.1f are at work",
                *(size, snapshot.size, seconds, trend.busy),
            )
            fleet.resize(size)
