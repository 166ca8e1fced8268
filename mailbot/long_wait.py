"""Find out whether a sender will wait long for an answer, so that one short mail says when to expect it.

The balancer knows its queue and the size of each photo, so the estimate is its own. It is asked while the
photos of a mail are painted, and not at all where they come within seconds.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

from runner.client import RunnerClient
from styles.contract import StyleJob
from styles.errors import Busy, PainterError

#: Seconds from which a wait is long.
LONG_SECONDS = 60.0
#: Seconds until the balancer is asked first, and between two questions: the estimate of a queue may grow.
FIRST_SECONDS, EVERY_SECONDS = 3.0, 15.0


async def until_long(
    client: RunnerClient, jobs: Sequence[StyleJob], clock: Callable[[], float] = time.monotonic
) -> float:
    """Ask until the wait turns out to be long, and return the seconds that are left of it.

    Never returns while the wait is short; the caller cancels it when the photos are painted.
    """
    began = clock()
    await asyncio.sleep(FIRST_SECONDS)
    while True:
        left = await _seconds_left(client, jobs)
        if left > 0 and clock() - began + left > LONG_SECONDS:
            return left
        await asyncio.sleep(EVERY_SECONDS)


async def _seconds_left(client: RunnerClient, jobs: Sequence[StyleJob]) -> float:
    """Return the seconds until the last of the jobs is painted; 0 where the balancer does not know."""
    try:
        found = [await client.seconds_until_painted(job.id) for job in jobs]
    except PainterError:  # it is not the mail's fault, and the next question may be answered
        return 0.0
    return max((seconds for seconds in found if seconds is not None), default=0.0)


def postponed_for(results: Sequence[object]) -> float:
    """Return the seconds after which a full queue lets the photos in, 0 where that is not long."""
    refusals = [result.retry_after for result in results if isinstance(result, Busy)]
    return max((seconds for seconds in refusals if seconds > LONG_SECONDS), default=0.0)
