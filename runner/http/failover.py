"""Send jobs to one of several balancers, and to the next one if it is away.

The jobs of a sender go to one balancer, so that its turns, job ids and quarantine hold for all of them. It is
chosen by rendezvous hashing: when a balancer leaves or joins, only the senders of that one move.

A balancer that is full is not away. One without a runner is, once a photo has reached its deadline there.

If a balancer vanishes while it holds a photo, that photo may have killed a runner there. So the next balancer
gets it as a suspect, paints it alone, and refuses it for good after its first death. Such refusals are
remembered for an hour, as a balancer does, and the photo is sent to no other balancer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Any

import aiohttp

from runner.balancer.quarantine import Quarantine, fingerprint_of
from runner.http.balancer_connection import BalancerConnection, BalancerLost
from styles.contract import StyleJob, StyleResult
from styles.errors import BalancerUnavailable, DeadlineExceeded, PainterError, Unpaintable


class BalancerGroup:
    """Talk to the balancers at one or more URLs, over a session that the caller opens and closes."""

    def __init__(self, urls: Sequence[str]) -> None:
        self._balancers = {url: BalancerConnection(url) for url in urls}
        self._quarantine = Quarantine()
        self._holders: dict[str, BalancerConnection] = {}  # of the pending jobs, by id

    async def run(self, session: aiohttp.ClientSession, job: StyleJob, seconds: float) -> StyleResult:
        """Return the painted photo, or the sheet. Raises the `PainterError` of the balancer.

        Raises `DeadlineExceeded` after `seconds`, and `BalancerUnavailable` if no balancer answers.
        """
        known = await self._quarantine.recognize(job)
        if self._quarantine.is_quarantined(known):
            raise Unpaintable("it has killed the runners of a balancer", kills=True)
        job = replace(job, suspect=self._quarantine.is_suspect(known))
        try:
            result = await self._painted(session, job, asyncio.get_running_loop().time() + seconds)
        except Unpaintable as error:
            if error.kills:
                self._quarantine.died(await fingerprint_of(job), alone=True)
            raise
        finally:
            self._holders.pop(job.id, None)
        self._quarantine.survived(await self._quarantine.recognize(job))
        return result

    async def seconds_until_painted(self, session: aiohttp.ClientSession, job_id: str) -> float | None:
        """Return the estimate of the balancer that holds a job; None if no balancer is known to hold it.

        Raises `BalancerUnavailable`, `DeadlineExceeded`.
        """
        holder = self._holders.get(job_id)
        return await holder.seconds_until_painted(session, job_id) if holder else None

    async def status(self, session: aiohttp.ClientSession) -> dict[str, Any]:
        """Return /v1/status of the first balancer. Raises `BalancerUnavailable`."""
        return await next(iter(self._balancers.values())).status(session)

    async def _painted(self, session: aiohttp.ClientSession, job: StyleJob, deadline: float) -> StyleResult:
        """Return the result of the first balancer that is not away. Raises as `run` does."""
        clock, is_alone = asyncio.get_running_loop().time, len(self._balancers) == 1
        missing: PainterError = BalancerUnavailable("all balancers are away")
        for balancer in self._order(job.sender):
            if not is_alone and not await balancer.is_back(session):
                continue
            if (seconds := deadline - clock()) <= 0:
                break
            self._holders[job.id] = balancer
            try:
                return await balancer.run(session, job, seconds)
            except DeadlineExceeded as error:
                if is_alone or await balancer.is_ready(session):
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


def ranked(urls: Sequence[str], sender: str) -> list[str]:
    """Return the URLs in the order in which they are tried for a sender (rendezvous hashing)."""

    def weight(url: str) -> bytes:
        return blake2b(f"{url}\0{sender}".encode(), digest_size=8).digest()

    return sorted(urls, key=weight, reverse=True)
