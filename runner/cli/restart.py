"""Replace the runners of a running balancer, and wait until all are replaced.

The balancer gets a signal. The kernel checks who may send it, so no port, password or web page can. The
signal is SIGUSR1, since a terminal that closes sends SIGHUP, which should end the balancer. systemd does the
same by `ExecReload=kill -USR1 $MAINPID`.
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

#: Seconds between two looks at the balancer.
EVERY = 0.1
#: Seconds within which it must begin; a signal arrives at once.
BEGIN_SECONDS = 5.0
NONE_RUNS = "no balancer with this config runs on this machine"

#: Process ids by the runners' names.
Pids = Mapping[str, int]


async def restart(config: RunnerConfigFile, say: Callable[[str], None]) -> None:
    """Return when each runner has a fresh process, and `say` so of each.

    Raises `BalancerUnavailable` if no balancer runs here, `RunnerDied` if a runner kept its old process.
    """
    file = pid_file.path_of(config)
    if pid_file.holder(file) is None:
        raise BalancerUnavailable(NONE_RUNS)
    async with RunnerClient(config.balancer.url) as client:
        before = _pids(await client.status())
        if not pid_file.send_signal(file, signal.SIGUSR1):  # the balancer may have ended meanwhile
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
            elif (
                begins.when() is None or said != before or not before
            ):  # if all are down, fresh ones start anyway
                break
            await asyncio.sleep(EVERY)
    staying = [r for r in status["runners"] if r["state"] != "draining"]  # one that leaves needs no successor
    if kept := [r["name"] for r in staying if r["pid"] and before.get(r["name"]) == r["pid"]]:
        raise RunnerDied(f"{', '.join(kept)}: no fresh process came up, so the old one stays; see the log")


def _pids(status: Mapping[str, Any]) -> dict[str, int]:
    """Return the process ids of runners that take work, without those that start or finish beside them."""
    return {r["name"]: r["pid"] for r in status["runners"] if r["credits"] and r["pid"]}
