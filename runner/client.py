"""Have photos painted by a balancer, and by the next one if it is away.

    async with RunnerClient("http://127.0.0.1:8481") as client:
        painting = await client.paint(photo, "great-wave", StyleOptions(size=2048))

This is the way for other programs too, which import from here alone; docs/applications.md shows it.
`runner/http/failover.py` chooses among several balancers.
"""

from __future__ import annotations

import asyncio
import uuid
from typing import Any, Self

import aiohttp

from runner.http.balancer_connection import JOB_SECONDS
from runner.http.failover import BalancerGroup
from styles.contract import StyleJob, StyleOptions, StyleResult
from styles.errors import Busy, PainterError
from styles.service.keepalive import watched_socket

__all__ = ["PainterError", "RunnerClient", "StyleJob", "StyleOptions", "StyleResult"]

#: Options where a caller gives none.
USUAL = StyleOptions()


class RunnerClient:
    """Talk to the balancers at one or more URLs, as an async context manager."""

    def __init__(self, url: str, *further: str) -> None:
        self._balancers = BalancerGroup((url, *further))
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        # No limit on connections: a job holds one while it is queued.
        connector = aiohttp.TCPConnector(limit=0, socket_factory=watched_socket)
        self._session = aiohttp.ClientSession(connector=connector)
        return self

    async def __aexit__(self, *_exception: object) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def paint(
        self,
        photo: bytes,
        style: str,
        options: StyleOptions = USUAL,
        *,
        sender: str = "",
        timeout: float = JOB_SECONDS,  # noqa: ASYNC109 - for aiohttp
    ) -> StyleResult:
        """Return a photo painted in a style or blend, as soon as a full queue has room for it.

        `photo` is a file, `style` what `style=` may be over HTTP, `sender` on whose behalf it is painted, and
        `timeout` in seconds. Raises a `PainterError`, whose `message` is for the person, and whose `retry`
        tells whether a later call may succeed.
        """
        return await self._retry_while_full(_job(photo, style, options, sender), timeout)

    async def sheet(
        self,
        photo: bytes,
        options: StyleOptions = USUAL,
        *,
        sender: str = "",
        timeout: float = JOB_SECONDS,  # noqa: ASYNC109 - for aiohttp
    ) -> StyleResult:
        """Return a photo in every style, as one picture. The arguments and errors are those of `paint`."""
        return await self._retry_while_full(_job(photo, "", options, sender, sheet=True), timeout)

    async def run(self, job: StyleJob, timeout: float = JOB_SECONDS) -> StyleResult:  # noqa: ASYNC109 - for aiohttp
        """Return the painted photo, or the sheet. Raises the `PainterError` of the balancer.

        Raises `DeadlineExceeded` after `timeout` seconds, and `BalancerUnavailable` if no balancer answers.
        """
        return await self._balancers.run(self._opened, job, timeout)

    async def seconds_until_painted(self, job_id: str) -> float | None:
        """Return the estimate of the balancer that holds a job; None if no balancer is known to hold it."""
        return await self._balancers.seconds_until_painted(self._opened, job_id)

    async def status(self) -> dict[str, Any]:
        """Return /v1/status of the first balancer. Raises `BalancerUnavailable`."""
        return await self._balancers.status(self._opened)

    async def _retry_while_full(self, job: StyleJob, seconds: float) -> StyleResult:
        """Run a job again whenever a full queue says so, while there is time. Raises as `run` does."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + seconds
        while True:
            try:
                return await self.run(job, deadline - clock())
            except Busy as full:
                if clock() + full.retry_after >= deadline:
                    raise
                await asyncio.sleep(full.retry_after)

    @property
    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("RunnerClient is used outside of `async with`")
        return self._session


def _job(photo: bytes, style: str, options: StyleOptions, sender: str, *, sheet: bool = False) -> StyleJob:
    return StyleJob(
        id=uuid.uuid4().hex, style=style, image=photo, options=options, sender=sender, sheet=sheet
    )
