"""Run a registry and a balancer in processes of their own, as in service.

System    starts them in a folder, asks for the balancer's state, and ends them
main      what `python -m benchmarks.soak.system CONFIG PARENT` does: the balancer, with runners of the soak
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mailbot.admin.status import readiness
from runner.app import serve
from runner.client import RunnerClient
from runner.config import RunnerConfigFile
from runner.fleet.local_fleet import LocalFleet
from styles.errors import PainterError
from styles.service.child_processes import die_with_parent
from styles.service.config import load
from tests.fakes.mailbot.servers.dovecot import free_port

#: Runners, and settings under which the soak's load meets every limit: queue, deadline, hanging.
RUNNERS = 3
SETTINGS = "max_queued = 16\nbatch_seconds = 5\ndeadline_seconds = 60\ndrain_seconds = 20"
#: All is up by then, and down again, seconds.
TIMEOUT = 120.0
#: In the balancer's log, what nobody should ever read.
FAULTS = ("was never retrieved", "never awaited", "could not be given a batch", " failed\n", "Unhandled")
#: And what it says of photos whose runner died.
DIED = re.compile(r"died with (\d+) photos")
#: Lines of it that are shown where the soak fails.
TOLD = 60


class System:
    """Run both processes until the block ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._log = folder / "soak.log"
        registry, balancer = free_port(), free_port()
        self.url = f"http://127.0.0.1:{balancer}"
        self._config = folder / "config.toml"
        self._config.write_text(
            f'[registry]\nhost = "127.0.0.1"\nport = {registry}\ndata = "registry"\n'
            f'[balancer]\nhost = "127.0.0.1"\nport = {balancer}\n{SETTINGS}\n'
            f'[runner]\ndevice = "cpu"\nprocesses = {RUNNERS}\ncache = "cache"\n'
        )
        self._processes: list[asyncio.subprocess.Process] = []
        self._client = RunnerClient(self.url)
        #: Every runner process that was seen.
        self.pids: set[int] = set()

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        await self._start("registry", "serve", "--config", str(self._config))
        await self._start("benchmarks.soak.system", str(self._config), str(os.getpid()))
        await self.settled()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.__aexit__(kind, error, trace)
        if error is not None:
            print(*self._log.read_text(errors="replace").splitlines()[-TOLD:], sep="\n", file=sys.stderr)
        for process in reversed(self._processes):
            if process.returncode is None:
                process.terminate()
                await asyncio.wait_for(process.wait(), TIMEOUT)

    async def status(self) -> dict[str, Any]:
        """Return the balancer's status, and note its runners' pids."""
        status = await self._client.status()
        self.pids |= {runner["pid"] for runner in status["runners"] if runner["pid"]}
        return status

    async def settled(self) -> dict[str, Any]:
        """Wait until registry and runners are up and the queue is empty. Raises TimeoutError."""
        async with asyncio.timeout(TIMEOUT):
            while True:
                try:
                    status = await self.status()
                except PainterError:
                    status = {"runners": [], "queued": 1, "in_flight": 0}
                idle = status["queued"] == status["in_flight"] == 0 and await readiness(self.url) == "ready"
                if idle and [r["state"] for r in status["runners"]] == ["ready"] * RUNNERS:
                    return status
                await asyncio.sleep(0.1)

    async def stop_balancer(self) -> int:
        """Send SIGTERM and return the exit status."""
        self._processes[1].terminate()
        return await asyncio.wait_for(self._processes[1].wait(), TIMEOUT)

    def restart(self) -> None:
        """Have all runners replaced one by one, as `runner restart` does."""
        self._processes[1].send_signal(signal.SIGUSR1)

    @property
    def balancer_memory(self) -> int:
        """Return its resident set in bytes."""
        pages = int(Path(f"/proc/{self._processes[1].pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def left_behind(self) -> Sequence[int]:
        """Return runner processes that live although the balancer has ended."""
        return [pid for pid in self.pids if _lives(pid)]

    def caught(self) -> int:
        """Count the photos that dying runners held, each time."""
        return sum(map(int, DIED.findall(self._log.read_text(errors="replace"))))

    def faults(self) -> list[str]:
        """Return lines of the log that report a fault in the balancer."""
        lines = self._log.read_text(errors="replace").splitlines(keepends=True)
        return [line.strip() for line in lines if any(fault in line for fault in FAULTS)]

    async def _start(self, *module_and_arguments: str) -> None:
        with self._log.open("ab") as log:
            self._processes.append(
                await asyncio.create_subprocess_exec(
                    sys.executable, "-m", *module_and_arguments, stdout=log, stderr=log
                )
            )


def _lives(pid: int) -> bool:
    """Return whether a process lives; a zombie, which nobody has reaped yet, does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def main(config: str) -> None:
    """Run the balancer until SIGTERM."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s balancer %(message)s")
    settings = load(Path(config), RunnerConfigFile)
    fleet = LocalFleet(
        settings.runner,
        settings.registry.url,
        batch_seconds=settings.balancer.batch_seconds,
        sheet_seconds=settings.balancer.deadline_seconds,
        module="benchmarks.soak.runner",
    )
    asyncio.run(serve(settings, fleet))


if __name__ == "__main__":
    die_with_parent(int(sys.argv[2]))
    main(sys.argv[1])
