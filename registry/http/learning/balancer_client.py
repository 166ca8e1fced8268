"""Ask the balancer to learn, and pass on its answers.

A balancer keeps its jobs itself, on its disk. So nothing about them is kept here, and each of several
registries answers alike. It also compares the owner of a job with those that a request names
(`job_owners.py`).
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
from collections.abc import AsyncIterator, Sequence
from typing import Any

import aiohttp
from aiohttp import ClientTimeout, FormData, web

from styles.errors import BalancerUnavailable, PainterError, Permanent
from styles.service.http.whole_body import read_whole
from styles.service.problems import from_problem
from styles.service.sanitize import plain

log = logging.getLogger(__name__)

#: Timeouts of a question, seconds, and of a painting on its way until its frame is found.
ASK, SEND = ClientTimeout(total=10, sock_connect=5), ClientTimeout(total=180, sock_connect=5)
#: The same of events: one comes every second while a job runs, and fewer while it waits.
EVENTS = ClientTimeout(total=None, sock_connect=5, sock_read=300)
#: Headers of events. The last one keeps nginx from collecting them: an event has 400 bytes.
EVENT_HEADERS = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
}
#: Pattern of a job's id, as far as it goes into a path.
ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
#: Most bytes of a picture, of a style file, and of another answer.
LARGEST_PICTURE, LARGEST_STYLE, LARGEST_ANSWER = 32 << 20, 64 << 20, 1 << 20
#: The files of a job that are pictures.
PICTURES = ("thumbnail", "preview", "painting", "picture")


class NothingLearns(Permanent):
    """Report that this balancer has no runner that learns from paintings."""

    status = 501

    def __init__(self, detail: str = "") -> None:
        super().__init__("Nothing can be learnt from paintings here: no runner does it.", detail)


class BalancerLearner:
    """Call the balancer at a URL."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    async def problem(self) -> dict[str, Any] | None:
        """Return why nothing can be learnt, as the balancer's problem; None if paintings are learnt from."""
        learning = (await self._json("GET", "/v1/status", ASK)).get("learning")
        problem = learning.get("problem") if isinstance(learning, dict) else None
        return problem if isinstance(problem, dict) else None

    async def begin(self, form: FormData) -> dict[str, Any]:
        """Send a painting; return the job's status."""
        return await self._sent("/learn", form)

    async def corners(self, form: FormData) -> dict[str, Any]:
        """Send a painting; return where its corners were found."""
        return await self._sent("/learn/corners", form)

    async def status(self, id: str, owners: Sequence[str] = ()) -> dict[str, Any]:
        """Return the status of a job. Raises 404 for an unknown one, and for one of none of the `owners`."""
        return await self._json("GET", path_of(id), ASK, params=_of(owners))

    async def forget(self, id: str, *, is_swapped: bool = False) -> None:
        """Cancel a job, or forget one that has ended. Swapped for another, it does not count in the day."""
        async with self._ask("DELETE", path_of(id), ASK, params={"swapped": ""} if is_swapped else {}):
            pass

    async def note_style(self, id: str, name: str) -> None:
        """Say under which name what a job has learnt is published. It stays so where nobody hears of it."""
        try:
            async with self._ask("PUT", f"{path_of(id)}/published", ASK, params={"name": name}):
                pass
        except (PainterError, web.HTTPNotFound) as error:
            log.warning("the balancer does not know that %s is published: %s", name, error)

    async def file(self, id: str, what: str, owners: Sequence[str] = ()) -> bytes:
        """Return a picture of a job, or its style. Raises as `status`."""
        most = LARGEST_PICTURE if what in PICTURES else LARGEST_STYLE
        async with self._ask("GET", f"{path_of(id)}/{what}", SEND, params=_of(owners)) as answer:
            return await read_whole(answer, most)

    async def pass_events(
        self, id: str, request: web.Request, owners: Sequence[str] = ()
    ) -> web.StreamResponse:
        """Pass on the server-sent events of a job as they come. Raises as `status`."""
        async with self._ask("GET", f"{path_of(id)}/events", EVENTS, params=_of(owners)) as answer:
            response = web.StreamResponse(headers=EVENT_HEADERS)
            await response.prepare(request)
            # If either side goes away the stream ends, and a browser asks again by itself.
            with contextlib.suppress(aiohttp.ClientError, ConnectionError, TimeoutError):
                async for chunk in answer.content.iter_any():
                    await response.write(chunk)
                await response.write_eof()
            return response

    async def _sent(self, path: str, form: FormData) -> dict[str, Any]:
        try:
            return await self._json("POST", path, SEND, data=form)
        except web.HTTPNotFound as error:  # an older balancer
            raise NothingLearns("the balancer has no /learn") from error

    async def _json(self, method: str, path: str, limits: ClientTimeout, **options: Any) -> dict[str, Any]:
        async with self._ask(method, path, limits, **options) as answer:
            body = await read_whole(answer, LARGEST_ANSWER)
        try:
            found = json.loads(body)
        except ValueError as error:
            raise BalancerUnavailable("an answer that is no JSON") from error
        if not isinstance(found, dict):
            raise BalancerUnavailable("an answer that is no object")
        return found

    @contextlib.asynccontextmanager
    async def _ask(
        self, method: str, path: str, limits: ClientTimeout, **options: Any
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        try:
            async with (
                aiohttp.ClientSession(timeout=limits) as session,
                session.request(method, self._url + path, allow_redirects=False, **options) as answer,
            ):
                if answer.status >= 300:
                    raise refusal(await read_whole(answer, LARGEST_ANSWER), answer.status)
                yield answer
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("the balancer gives no answer: %s: %s", type(error).__name__, plain(str(error)))
            raise BalancerUnavailable(type(error).__name__) from error


def refusal(body: bytes, status: int) -> PainterError | web.HTTPException:
    """Return the error of a balancer's answer; a sentence that is of no known class stays as it is."""
    if status == 404:
        return web.HTTPNotFound(text="There is no such job, or it ended over an hour ago.")
    try:
        problem = json.loads(body)
    except ValueError:
        problem = None
    if not isinstance(problem, dict):
        return BalancerUnavailable(f"status {status} without a reason")
    if status != 501:  # whose detail says what to switch on; another one is for engineers
        log.info("the balancer refuses: %s", plain(str(problem.get("detail", ""))))
        problem = {**problem, "detail": ""} if problem.get("title") else problem
    try:
        return from_problem(problem)
    except ValueError:
        pass
    if 400 <= status < 500 or status == 501:
        error = Permanent(plain(problem.get("title") or problem.get("detail") or "It cannot be learnt."))
        error.status = status
        return error
    return BalancerUnavailable(f"status {status}")


def _of(owners: Sequence[str]) -> Sequence[tuple[str, str]]:
    """Return the query that asks for a job of these owners alone; without any, for everybody's."""
    return [("owner", owner) for owner in owners]


def path_of(id: str) -> str:
    """Return the path of a job. Raises 404 for what cannot be the id of one."""
    if not ID.fullmatch(id):
        raise web.HTTPNotFound(text="There is no such job.")
    return f"/learn/{id}"
