"""Registries in processes of their own on one database, which pause before each commit.

Each accepts every upload, since what a validation costs is no part of what is tried with them.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

from tests.fakes.registry.service import TOKEN

#: Seconds that a publication pauses at most, after all that it writes and before it is committed.
PAUSE = 0.02
#: Serves until its input ends, as it does when the test's process is gone.
PROGRAM = """
import asyncio, json, random, sys, time
from pathlib import Path
from registry.app import running
from registry.config import RegistryConfigFile
from registry.store import version_aliases
from tests.fakes.registry.validator import FakeValidator

document, token, pause = json.loads(sys.argv[1]), sys.argv[2], float(sys.argv[3])
record = version_aliases.record

def record_slowly(*values, **named):
    record(*values, **named)
    time.sleep(random.random() * pause)

async def main():
    version_aliases.record = record_slowly
    config = RegistryConfigFile.model_validate(document)
    async with running(config, Path("/nonexistent"), token=token, validator=FakeValidator()) as url:
        print(url, flush=True)
        await asyncio.to_thread(sys.stdin.read)

asyncio.run(main())
"""


class Replica:
    """One registry, which can be killed and started again; its address changes then."""

    def __init__(self, data: Path, database: str) -> None:
        self._document = {"registry": {"port": 0, "data": str(data), "database": database}}
        self.url = ""

    async def start(self) -> None:
        """Starts it, and waits until it listens."""
        arguments = (json.dumps(self._document), TOKEN, str(PAUSE))
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", PROGRAM, *arguments),
            stdin=pipe, stdout=pipe, env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
        assert self._process.stdout is not None
        self.url = (await self._process.stdout.readline()).decode().strip()
        assert self.url, "it did not start"

    async def kill(self) -> None:
        """SIGKILL, and its end."""
        self._process.kill()
        await self._process.wait()
