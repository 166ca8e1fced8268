"""Have Ray place launchers, by a client of Ray in a child process.

A client of Ray ends its whole process when Ray's head has been away for a minute. So it is not the balancer's
process, and is started again until Ray is back. Each client is given the whole list of launchers that are
needed, so nothing is lost with one. Ray ends a client's actors with it; their launcher processes go on.

    balancer -> client   {"wanted": {ticket: settings}}, the whole list, at each change
    client -> balancer   {"event": words}, a sentence for the log
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from runner.cluster.relay_messages import LauncherSettings
from runner.config import RunnerConfig
from styles.service.asyncio_tasks import cancel, start
from styles.service.backoff import RestartPauses
from styles.service.child_processes import allowed_environment, python_command
from styles.service.optional_libraries import require

log = logging.getLogger(__name__)

#: Variables that the client may see besides the harmless ones: Ray's own, with its credentials.
ENVIRONMENT = r"HOME|USER|TMPDIR|(RAY|GRPC)_\w+"
#: Seconds before another client starts after the second end in a row, and at most.
FIRST_PAUSE, LAST_PAUSE = 1.0, 15.0
#: Seconds of life after which the pauses begin anew.
STEADY_SECONDS = 120.0
#: Seconds that a client has to give its actors back.
STOP_SECONDS = 10.0


class RayPlacement:
    """Keep a client of Ray running, and tell it which launchers are needed."""

    def __init__(self, config: RunnerConfig) -> None:
        """Take the config; raises `MissingExtra` where Ray is not installed."""
        require("ray", 'fleet = "ray"')
        self._config = config
        self._wanted: dict[str, dict[str, Any]] = {}  # settings by ticket, as they are sent
        self._process: asyncio.subprocess.Process | None = None
        self._keeping: asyncio.Task[None] | None = None

    async def startup(self) -> None:
        """Begin to start a client, and start another one after each end."""
        self._keeping = start(self._keep(), "keeping a client of Ray")

    def want(self, settings: LauncherSettings) -> None:
        """Have a launcher with these settings run, until `drop`."""
        self._wanted[settings.ticket] = asdict(settings)
        self._tell()

    def drop(self, ticket: str) -> None:
        """Give the device of a launcher back."""
        self._wanted.pop(ticket, None)
        self._tell()

    async def shutdown(self) -> None:
        """Give all devices back."""
        if self._keeping is not None:
            await cancel(self._keeping)
        process = self._process
        if process is None or process.stdin is None:
            return
        process.stdin.close()  # it ends by that
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _keep(self) -> None:
        pauses = RestartPauses(FIRST_PAUSE, LAST_PAUSE, STEADY_SECONDS)
        while True:
            began = time.monotonic()
            try:
                end = f"ended with exit status {await self._run()}"
            except OSError as error:  # no memory for another process, or no descriptor
                end = f"did not start: {error}"
            pause = pauses.after(time.monotonic() - began)
            log.warning(
                "the client of Ray %s; another one starts in %.0f s; "
                "runners that are connected go on painting",
                *(end, pause),
            )
            await asyncio.sleep(pause)

    async def _run(self) -> int:
        """Run a client until it ends; return its exit status."""
        self._process = process = await asyncio.create_subprocess_exec(
            *self._command(),
            env=allowed_environment(os.environ, ENVIRONMENT),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        self._tell()
        assert process.stdout is not None  # noqa: S101 - asked for by PIPE
        async for line in process.stdout:
            _log(line)
        return await process.wait()

    def _command(self) -> list[str]:
        ray = self._config.ray
        arguments = {
            "--parent": os.getpid(),
            "--address": ray.address,
            "--device": self._config.device,
            "--cores": ray.cores,
        }
        words = (str(part) for argument in arguments.items() for part in argument)
        return python_command("runner.cluster.ray_client", *words)

    def _tell(self) -> None:
        """Send the client the whole list; one that has ended gets it after its restart."""
        if self._process is not None and self._process.stdin is not None:
            line = json.dumps({"wanted": self._wanted}).encode() + b"\n"
            with contextlib.suppress(OSError):
                self._process.stdin.write(line)


def _log(line: bytes) -> None:
    """Log the event in a line of the client."""
    with contextlib.suppress(ValueError):
        event: Mapping[str, Any] = json.loads(line)
        log.info("Ray: %s", event["event"])
