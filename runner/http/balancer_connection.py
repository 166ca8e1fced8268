"""Send jobs to one balancer over HTTP, and raise its errors as this project's own."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator, Container, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

import aiohttp

from runner.http import multipart
from styles.contract import StyleJob, StyleOptions, StyleResult
from styles.errors import BalancerUnavailable, DeadlineExceeded, PainterError
from styles.service.logs import HEADER, current_trace, traceparent
from styles.service.problems import error_in

#: Seconds for a job: more than any deadline of the balancer, so that the balancer reports it. Only the
#: balancer knows which photos are large, and how long they may take.
JOB_SECONDS = 3600.0
#: Seconds for a question about its state.
ASK_SECONDS = 5.0
#: Seconds to open a connection.
CONNECT_SECONDS = 5.0
#: Seconds after which a balancer that was away is asked again. Without them each photo would wait
#: `CONNECT_SECONDS` for a machine without power.
AWAY_SECONDS = 10.0

#: The engine's milliseconds in Server-Timing: `engine;dur=84.1`.
ENGINE = re.compile(r"\bengine;dur=([0-9.]+)")
#: Width and height in X-Reduced-From: `8064x6048`.
SIZE = re.compile(r"(\d{1,5})x(\d{1,5})")


class BalancerLost(BalancerUnavailable):
    """Report a balancer that vanished while it held a job: the photo may be to blame."""


class BalancerConnection:
    """Talk to the balancer at one URL, over a session that the caller opens and closes."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._away_until = 0.0  # on the loop's clock

    def is_away(self) -> bool:
        """Return whether the balancer took no job, or was not ready, in the last `AWAY_SECONDS`."""
        return asyncio.get_running_loop().time() < self._away_until

    async def is_back(self, session: aiohttp.ClientSession) -> bool:
        """Return whether a balancer that was away paints again; True for one that was not away."""
        return not self._away_until or await self.is_ready(session)

    async def is_ready(self, session: aiohttp.ClientSession) -> bool:
        """Return whether the balancer says that it paints. If it does not, it counts as away."""
        self._leave_alone()  # so that one job asks, and the others do not wait
        try:
            async with self._ask(session, "GET", "/health/ready", ASK_SECONDS):
                self._away_until = 0.0
                return True
        except PainterError:
            self._leave_alone()
            return False

    async def run(self, session: aiohttp.ClientSession, job: StyleJob, seconds: float) -> StyleResult:
        """Return the painted photo, or the sheet. Raises the `PainterError` of the balancer.

        Raises `DeadlineExceeded` after `seconds`, `BalancerUnavailable` if no balancer answers, and
        `BalancerLost` if it had taken the job.
        """
        photo = io.BytesIO(job.image)  # aiohttp sends a file in pieces, but bytes at once
        path = "/v1/sheet" if job.sheet else "/v1/stylize"
        trace = current_trace()
        headers = {HEADER: traceparent(trace)} if trace else {}
        asking = self._ask(session, "POST", path, seconds, params=_query(job), data=photo, headers=headers)
        try:
            async with asking as response:
                picture, preview = await multipart.read(response, job.options.format)
                return _result(job, response.headers, picture, preview)
        except BalancerUnavailable:
            self._leave_alone()
            raise

    async def seconds_until_painted(self, session: aiohttp.ClientSession, job_id: str) -> float | None:
        """Return the balancer's estimate for a job on its way; None if it knows no such job.

        Raises `BalancerUnavailable`, `DeadlineExceeded`.
        """
        path = f"/v1/jobs/{quote(job_id, safe='')}"
        async with self._ask(session, "GET", path, ASK_SECONDS, ok=(200, 404)) as response:
            if response.status == 404:  # an older balancer does not know the route either
                return None
            return float((await response.json())["seconds"])

    async def status(self, session: aiohttp.ClientSession) -> dict[str, Any]:
        """Return /v1/status. Raises `BalancerUnavailable`."""
        async with self._ask(session, "GET", "/v1/status", ASK_SECONDS) as response:
            status = await response.json()
            if not isinstance(status, dict):
                raise BalancerUnavailable("a status that is not from a balancer")
            return status

    def _leave_alone(self) -> None:
        self._away_until = asyncio.get_running_loop().time() + AWAY_SECONDS

    @asynccontextmanager
    async def _ask(
        self,
        session: aiohttp.ClientSession,
        method: str,
        path: str,
        seconds: float,
        ok: Container[int] = (200,),
        **options: Any,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        timeout = aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)
        try:
            async with session.request(method, self.url + path, timeout=timeout, **options) as response:
                if response.status not in ok:
                    raise error_in(await response.read(), response.status)
                yield response
        except PainterError:
            raise
        except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError) as error:
            raise BalancerUnavailable(_connecting(error)) from error
        except TimeoutError as error:
            raise DeadlineExceeded(f"no answer within {seconds:g} s") from error
        except aiohttp.ClientConnectionError as error:
            raise BalancerLost(f"{type(error).__name__}: {error}") from error
        except (aiohttp.ClientError, ValueError) as error:
            raise BalancerUnavailable(f"{type(error).__name__}: {error}") from error


def _connecting(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"no connection within {CONNECT_SECONDS:g} s"
    return f"{type(error).__name__}: {error}"


def _query(job: StyleJob) -> dict[str, str]:
    """Return the parameters of a job, without those that have their default value."""
    query = {"job": job.id, "sender": job.sender} | ({} if job.sheet else {"style": job.style})
    for name, default in asdict(StyleOptions()).items():
        if (value := getattr(job.options, name)) != default:
            query[name] = str(value).lower()  # True is "true"
    return query | ({"suspect": "true"} if job.suspect else {})


def _result(job: StyleJob, headers: Mapping[str, str], image: bytes, preview: bytes) -> StyleResult:
    timing = ENGINE.search(headers.get("Server-Timing", ""))
    version = headers.get("X-Style-Version", "")
    reduced = SIZE.fullmatch(headers.get("X-Reduced-From", ""))
    if timing is None or not version.isdecimal():
        raise BalancerUnavailable("an answer that is not from a balancer")
    return StyleResult(
        job_id=job.id,
        image=image,
        format=job.options.format,
        style=job.style,
        version=int(version),
        seconds=float(timing[1]) / 1000,
        runner=headers.get("X-Runner", ""),
        preview=preview,
        reduced_from=(int(reduced[1]), int(reduced[2])) if reduced else None,
    )
