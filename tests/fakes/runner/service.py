"""`runner serve` as a process of its own."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from mailbot.admin.status import readiness
from runner.client import RunnerClient
from tests.fakes.registry.registry import FakeRegistry

#: `runner serve` as it is, but for the engine.
OBEDIENT = """
import asyncio, logging, sys
from pathlib import Path
from runner.app import serve
from runner.config import RunnerConfigFile
from runner.fleet.local_fleet import LocalFleet
from styles.service.config import load

logging.basicConfig(level=logging.INFO)
config = load(Path(sys.argv[1]), RunnerConfigFile)
module = "tests.fakes.runner.process.engine_process"
fleet = LocalFleet(config.runner, config.registry.url, batch_seconds=30, module=module)
asyncio.run(serve(config, fleet))
"""


class Service:
    """A running balancer process."""

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        self.process = process
        self.url = url
        self.client = RunnerClient(url)

    async def until(self, key: str) -> None:
        """Waits until the status says so."""
        async with asyncio.timeout(60):
            while not (await self.client.status())[key]:  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(0.01)

    async def pids(self) -> list[int]:
        return [runner["pid"] for runner in (await self.client.status())["runners"]]


@asynccontextmanager
async def served(
    registry: FakeRegistry, folder: Path, *command: str, port: int = 0, more: str = ""
) -> AsyncIterator[Service]:
    config = folder / "config.toml"
    config.write_text(
        f'[registry]\nhost = "127.0.0.1"\nport = {registry.port}\n'
        f'[balancer]\nport = {port}\ndrain_seconds = 30\n[runner]\ndevice = "cpu"\n{more}'
    )
    command = tuple(word.replace("CONFIG", str(config)) for word in command)
    process = await asyncio.create_subprocess_exec(sys.executable, *command, stderr=asyncio.subprocess.PIPE)
    assert process.stderr is not None
    lines = process.stderr
    async with asyncio.timeout(60):
        while not (found := re.search(r"listening on (http://\S+)", (await lines.readline()).decode())):
            assert not lines.at_eof()
    reading = asyncio.create_task(lines.read())
    service = Service(process, found[1])
    try:
        async with service.client:
            async with asyncio.timeout(60):
                while await readiness(found[1]) != "ready":  # noqa: ASYNC110 - it is another process
                    await asyncio.sleep(0.02)
            yield service
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await reading
