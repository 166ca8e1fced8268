"""Estimate when a job has ended, on a machine that does something else besides.

A process that learns a style counts its seconds by a clock that goes slower while others have the processor
(`worker/machine_time.py`). So the time that is left by its clock is shorter than what a person waits. The
pace that a job has met tells how much; in its first half minute, the pace that its process tried at its
start. In the second before that there is only the load of the machine, which tells little where it is full.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from typing import Any

from runner.learning.job import LearningJob
from runner.learning.waiting_jobs import WaitingJobs
from runner.learning.worker.machine_time import MOST_TIMES, pace_of
from styles.learning_errors import LearningQueueFull

#: Pace beside a load that leaves no core free. It is as far from 1 as from the slowest: processes that are
#: busy now and then, or learn as well, leave much, and others hardly anything.
FULL_PACE = math.sqrt(MOST_TIMES)


def status(
    job: LearningJob, running: Sequence[LearningJob], waiting: WaitingJobs, devices: Sequence[str]
) -> dict[str, Any]:
    """Describe a job, with the seconds until it has ended, those of the jobs before it included."""
    position = waiting.position(job)
    if job.is_final:
        return job.status(None, None)
    before = () if position is None else (*running, *waiting.before(job))
    return job.status(position, _seconds_until_end(job, before, running, devices))


def refusal(
    job: LearningJob, running: Sequence[LearningJob], waiting: WaitingJobs, devices: Sequence[str]
) -> LearningQueueFull:
    """Return the refusal of one job too many, with what it is to expect behind all others."""
    return LearningQueueFull(
        min(_seconds_until_end(each, (), running, devices) for each in (job, *running)),
        f"{len(waiting)} jobs wait",
        place=len(waiting) + 1,
        seconds_left=_seconds_until_end(job, (*running, *waiting.before(job)), running, devices),
    )


def _seconds_until_end(
    job: LearningJob, before: Sequence[LearningJob], running: Sequence[LearningJob], devices: Sequence[str]
) -> float:
    styles = [each for each in (job, *running) if not each.record.order.is_picture]
    paces = [pace for each in styles if (pace := each.pace.met) is not None]
    usual = pace_at(_load(), os.cpu_count() or 1) if "cpu" in devices else 1.0
    pace = next(iter(paces), usual)
    waits = sum(_seconds_left(each, pace) for each in before) / max(1, len(devices))
    return waits + _seconds_left(job, pace)


def _seconds_left(job: LearningJob, pace: float) -> float:
    """Return the seconds that a job takes; a picture is done when its minutes are over."""
    return job.clock_seconds_left * (1.0 if job.record.order.is_picture else pace)


def pace_at(load: float, cores: int) -> float:
    """Return the pace to expect beside a load, in processes that want one of the machine's `cores`."""
    return min(FULL_PACE, pace_of(1.0 - load / cores))


def _load() -> float:
    """Return the load of the last minute; 0 where the system does not know it."""
    try:
        return os.getloadavg()[0]
    except (AttributeError, OSError):
        return 0.0
