"""What `runner restart` does: tells a running balancer to replace its runners, and watches until it has.

It tells it by a signal. Whose process that may reach, the kernel knows: no port, no password and no page
in a browser can do it. SIGUSR1 and not SIGHUP, which a terminal sends when it is closed: that shall end what
runs in it. systemd does the same by `ExecReload=kill -USR1 $MAINPID`.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Mapping
from typing import Any

from runner import pid_file
from runner.client import RunnerClient
from runner.config import RunnerConfigFile
from styles.errors import BalancerUnavailable, RunnerDied

#: How often the balancer is asked how far it is, seconds.
EVERY = 0.1
#: It has begun by then, seconds: a signal comes at once.
BEGIN_SECONDS = 5.0
NONE_RUNS = "no balancer with this config runs on this machine"

#: The process of each runner, by the runner's name.
Pids = Mapping[str, int]


async def restart(config: RunnerConfigFile, say: Callable[[str], None]) -> None:
    """Returns when every runner has a fresh process; says so of each.

    Raises `BalancerUnavailable` where none runs here, `RunnerDied` where a runner kept its old process.
    """
    file = pid_file.place(config)
    if pid_file.holder(file) is None:
        raise BalancerUnavailable(NONE_RUNS)
    async with RunnerClient(config.balancer.url) as client:
        before = _pids(await client.status())
        if not pid_file.tell(file, signal.SIGUSR1):  # the status may have taken seconds
            raise BalancerUnavailable(NONE_RUNS)
        try:
            await _watch(client, before, say)
        except TimeoutError as error:
            raise BalancerUnavailable(f"it did not begin within {BEGIN_SECONDS:g} s") from error


async def _watch(client: RunnerClient, before: Pids, say: Callable[[str], None]) -> None:
    said = dict(before)
    async with asyncio.timeout(BEGIN_SECONDS) as begins:
        while True:
            status = await client.status()
            for name, pid in _pids(status).items():
                if said.get(name) != pid:
                    say(f"{name}: process {pid} in place of {said.get(name, 'none')}")
                    said[name] = pid
            if any(runner["replacing"] for runner in status["runners"]):
                begins.reschedule(None)
            elif begins.when() is None or said != before or not before:  # where all are down, fresh ones come
                break
            await asyncio.sleep(EVERY)
    staying = [r for r in status["runners"] if r["state"] != "draining"]  # who leaves needs no other one
    if kept := [r["name"] for r in staying if r["pid"] and before.get(r["name"]) == r["pid"]]:
        raise RunnerDied(f"{', '.join(kept)}: no fresh process came up, so the old one stays; see the log")


def _pids(status: Mapping[str, Any]) -> dict[str, int]:
    """Of those that take work: beside a runner, while it is replaced, stand others that do not."""
    return {r["name"]: r["pid"] for r in status["runners"] if r["credits"] and r["pid"]}
