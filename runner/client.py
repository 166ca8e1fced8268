"""Have photos painted by a balancer, and by the next one if it is away.

    async with RunnerClient("http://127.0.0.1:8481") as client:
        painting = await client.paint(photo, "great-wave", StyleOptions(size=2048))

This is the way for other programs too, which import from here alone; docs/applications.md shows it.

The jobs of a sender go to one balancer, so that its turns, job ids and quarantine hold for all of them. It is
chosen by rendezvous hashing: when a balancer leaves or joins, only the senders of that one move.

A balancer that is full is not away. One without a runner is, once a photo has reached its deadline there.

If a balancer vanishes while it holds a photo, that photo may have killed a runner there. So the next balancer
gets it as a suspect, paints it alone, and refuses it for good after its first death. The client remembers
such refusals for an hour, as a balancer does, and sends the photo to no other balancer.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Any, Self

import aiohttp

from runner.balancer.quarantine import Quarantine, fingerprint_of
from runner.http.connection import JOB_SECONDS, BalancerConnection, BalancerLost
from styles.contract import StyleJob, StyleOptions, StyleResult
from styles.errors import BalancerUnavailable, Busy, DeadlineExceeded, PainterError, Unpaintable
from styles.service.keepalive import watched_socket

__all__ = ["PainterError", "RunnerClient", "StyleJob", "StyleOptions", "StyleResult", "ranked"]

#: Options where a caller gives none.
USUAL = StyleOptions()


class RunnerClient:
    """Talk to the balancers at one or more URLs, as an async context manager."""

    def __init__(self, url: str, *further: str) -> None:
        self._balancers = {each: BalancerConnection(each) for each in (url, *further)}
        self._session: aiohttp.ClientSession | None = None
        self._quarantine = Quarantine()
        self._holders: dict[str, BalancerConnection] = {}  # of the pending jobs, by id

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
        job = StyleJob(id=uuid.uuid4().hex, style=style, image=photo, options=options, sender=sender)
        return await self._run_patiently(job, timeout)

    async def sheet(
        self,
        photo: bytes,
        options: StyleOptions = USUAL,
        *,
        sender: str = "",
        timeout: float = JOB_SECONDS,  # noqa: ASYNC109 - for aiohttp
    ) -> StyleResult:
        """Return a photo in every style, as one picture. The arguments and errors are those of `paint`."""
        job = StyleJob(id=uuid.uuid4().hex, style="", image=photo, options=options, sender=sender, sheet=True)
        return await self._run_patiently(job, timeout)

    async def run(self, job: StyleJob, timeout: float = JOB_SECONDS) -> StyleResult:  # noqa: ASYNC109 - for aiohttp
        """Return the painted photo, or the sheet. Raises the `PainterError` of the balancer.

        Raises `DeadlineExceeded` after `timeout` seconds, and `BalancerUnavailable` if no balancer answers.
        """
        known = await self._quarantine.recognize(job)
        if self._quarantine.is_quarantined(known):
            raise Unpaintable("it has killed the runners of a balancer", kills=True)
        job = replace(job, suspect=self._quarantine.is_suspect(known))
        try:
            result = await self._painted(job, asyncio.get_running_loop().time() + timeout)
        except Unpaintable as error:
            if error.kills:
                self._quarantine.died(await fingerprint_of(job), alone=True)
            raise
        finally:
            self._holders.pop(job.id, None)
        self._quarantine.survived(await self._quarantine.recognize(job))
        return result

    async def seconds_until_painted(self, job_id: str) -> float | None:
        """Return the estimate of the balancer that holds a job; None if no balancer is known to hold it.

        Raises `BalancerUnavailable`, `DeadlineExceeded`.
        """
        holder = self._holders.get(job_id)
        return await holder.seconds_until_painted(self._opened, job_id) if holder else None

    async def status(self) -> dict[str, Any]:
        """Return /v1/status of the first balancer. Raises `BalancerUnavailable`."""
        return await next(iter(self._balancers.values())).status(self._opened)

    async def _run_patiently(self, job: StyleJob, seconds: float) -> StyleResult:
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

    async def _painted(self, job: StyleJob, deadline: float) -> StyleResult:
        """Return the result of the first balancer that is not away. Raises as `run` does."""
        clock, is_alone = asyncio.get_running_loop().time, len(self._balancers) == 1
        missing: PainterError = BalancerUnavailable("all balancers are away")
        for balancer in self._order(job.sender):
            if not is_alone and not await balancer.is_back(self._opened):
                continue
            if (seconds := deadline - clock()) <= 0:
                break
            self._holders[job.id] = balancer
            try:
                return await balancer.run(self._opened, job, seconds)
            except DeadlineExceeded as error:
                if is_alone or await balancer.is_ready(self._opened):
                    raise
                missing = error  # since it has no runner
            except BalancerUnavailable as error:
                missing = error
                if isinstance(error, BalancerLost):
                    self._quarantine.died(await fingerprint_of(job), alone=False)
                    job = replace(job, suspect=True)
        raise missing

    def _order(self, sender: str) -> list[BalancerConnection]:
        """Return the balancers for a sender, the preferred one first and those that are away last."""
        order = [self._balancers[url] for url in ranked(list(self._balancers), sender)]
        return sorted(order, key=BalancerConnection.is_away)

    @property
    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("RunnerClient is used outside of `async with`")
        return self._session


def ranked(urls: Sequence[str], sender: str) -> list[str]:
    """Return the URLs in the order in which they are tried for a sender (rendezvous hashing)."""

    def weight(url: str) -> bytes:
        return blake2b(f"{url}\0{sender}".encode(), digest_size=8).digest()

    return sorted(urls, key=weight, reverse=True)
