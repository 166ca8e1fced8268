"""Run LitServe in processes of its own, with an API that gives every photo back over HTTP.

    LitServe     the server (`benchmarks.serving.litserve_api`), ready, and its URL, until the block ends
    post         a photo there and back

The project does not need LitServe: `pip install '.[benchmark]'` installs it. It takes files as a form.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import signal
import sys
from typing import Self

import aiohttp

from benchmarks.reporting.findings import PeerUnavailable
from tests.fakes.mailbot.servers.dovecot import free_port

#: Seconds for its start, which takes a few.
START_SECONDS = 60.0


class LitServe:
    """Run the server in a process group of its own. Raises `PeerUnavailable` as it begins."""

    async def __aenter__(self) -> Self:
        if importlib.util.find_spec("litserve") is None:
            raise PeerUnavailable("it is not installed")
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/predict"
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.serving.litserve_api", str(port),
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            async with asyncio.timeout(START_SECONDS), aiohttp.ClientSession() as session:
                while not await _answers(session, self.url):
                    if self._process.returncode is not None:
                        raise PeerUnavailable(f"it ended, exit status {self._process.returncode}")
                    await asyncio.sleep(0.1)
        except BaseException as error:
            await self._end()
            if isinstance(error, TimeoutError):
                raise PeerUnavailable(f"it did not start within {START_SECONDS:g} s") from error
            raise
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self._end()

    async def _end(self) -> None:
        """Stop the server with its workers, which are in its process group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()


async def post(session: aiohttp.ClientSession, url: str, photo: bytes) -> bytes:
    """Send a photo and return the reply's body."""
    form = aiohttp.FormData()
    form.add_field("photo", photo, filename="photo.jpg", content_type="image/jpeg")
    async with session.post(url, data=form) as response:
        response.raise_for_status()
        return await response.read()


async def _answers(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        return await post(session, url, b"photo") == b"photo"
    except aiohttp.ClientError:
        return False
