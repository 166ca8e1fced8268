"""Kill a random runner every few seconds, and now and then stop one.

A stopped runner is a process that hangs: its only sign is that its batch takes too long. Once in a while
all are replaced, one by one, as at a `runner restart`, and some die meanwhile.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
from dataclasses import dataclass

from benchmarks.soak.system import System
from styles.errors import PainterError

#: Seconds between two blows, and the share of blows that stop instead of killing.
EVERY, STOPPING = 5.0, 0.2
#: Blows between two rolling restarts.
RESTARTING = 8


@dataclass(slots=True)
class Blows:
    """Count the blows by kind."""

    killed: int = 0
    stopped: int = 0
    restarted: int = 0  #: all of them, one by one


async def strike(system: System, until: asyncio.Event, seed: int, every: float = EVERY) -> Blows:
    """Strike runners until the event `until` is set."""
    dice, blows = random.Random(seed), Blows()
    while not until.is_set():
        try:
            async with asyncio.timeout(every):
                await until.wait()
        except TimeoutError:
            await blow(system, dice, blows, STOPPING)
            if (blows.killed + blows.stopped) % RESTARTING == RESTARTING // 2:
                system.restart()
                blows.restarted += 1
    return blows


async def blow(system: System, dice: random.Random, blows: Blows, stopping: float) -> None:
    """Kill one of the runners that are up, or stop it with this probability."""
    try:
        up = [runner["pid"] for runner in (await system.status())["runners"] if runner["pid"]]
    except PainterError:  # the balancer does not answer: what is sent to it will tell
        up = []
    if not up:
        return
    stops = dice.random() < stopping
    try:
        os.kill(dice.choice(up), signal.SIGSTOP if stops else signal.SIGKILL)
    except ProcessLookupError:  # it has died meanwhile
        return
    if stops:
        blows.stopped += 1
    else:
        blows.killed += 1
