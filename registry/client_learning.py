"""Have the registry learn styles from paintings, for `registry learn` and for the bot.

registry/http/learning/routes.py answers.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import aiohttp
from aiohttp import ClientTimeout

from registry.client_learning_values import (
    LearningStatus,
    PaintingToLearn,
    problem_in,
)
from registry.client_upload import PUBLISHING, Published
from registry.values import LearntStyle, NameChoice
from styles.errors import PainterError, RegistryUnavailable
from styles.service.http.whole_body import read_whole
from styles.service.sanitize import plain

#: Timeouts of a question, of a painting on its way, of a trial, and of events, seconds.
ASK, SEND = ClientTimeout(total=15, sock_connect=3), ClientTimeout(total=300, sock_connect=3)
TRIAL = ClientTimeout(total=PUBLISHING, sock_connect=3)
EVENTS = ClientTimeout(total=None, sock_connect=3, sock_read=300)
#: Most bytes of a picture.
LARGEST_PICTURE = 32 << 20


@dataclass(slots=True)
class LearningClient:
    """Ask a registry at a URL, with a token that may publish or with the bot's."""

    url: str
    token: str = field(repr=False)
    headers: dict[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.url = self.url.rstrip("/")
        self.headers = {"Authorization": f"Bearer {self.token}"}

    async def name_for(self, phrase: str, address: str = "", instead_of: str = "") -> NameChoice:
        """Return the name that words make, for the style `instead_of` if it has another one so far.

        Raises `RegistryUnavailable` and `Permanent`.
        """
        query = {"name": phrase[:200], "address": address, "instead_of": instead_of}
        answer = await self._json("GET", "/api/paintings/name", ASK, params=query)
        texts = {key: plain(answer[key]) for key in ("name", "flaw", "free")}
        return NameChoice(**texts, exists=answer["exists"] is True)

    async def begin(self, wanted: PaintingToLearn) -> LearningStatus:
        """Send a painting, and return the status of its job. Raises like `name_for`."""
        form = aiohttp.FormData(wanted.fields, default_to_multipart=True)
        for name, content in (("painting", wanted.painting), ("photo", wanted.photo)):
            if content:
                form.add_field(name, content, filename=name, content_type="application/octet-stream")
        return _status(await self._json("POST", "/api/learn", SEND, data=form))

    async def status(self, id: str, address: str = "") -> LearningStatus | None:
        """Return the status of a job; None for one that is forgotten, or not of the author at the address."""
        path = f"/api/learn/{quote(id, safe='')}"
        async with self._ask("GET", path, ASK, ok=404, params=_of(address)) as answer:
            return None if answer.status == 404 else _status(await answer.json(content_type=None))

    async def events(self, id: str) -> AsyncIterator[LearningStatus]:
        """Yield the status of a job as it changes, until it has ended."""
        async with self._ask("GET", f"/api/learn/{quote(id, safe='')}/events", EVENTS) as answer:
            async for line in answer.content:
                if line.startswith(b"data:"):
                    yield _status(json.loads(line[5:]))

    async def picture(self, id: str, which: str, address: str = "") -> bytes:
        """Return a JPEG of a job: its newest `preview`, the flat `painting`, or the finished `picture`."""
        path = f"/api/learn/{quote(id, safe='')}/{which}"
        async with self._ask("GET", path, ASK, params=_of(address)) as answer:
            return await read_whole(answer, LARGEST_PICTURE)

    async def blob(self, path: str) -> bytes:
        """Return a picture of a published version, by its path below the registry's address."""
        async with self._ask("GET", path, ASK) as answer:
            return await read_whole(answer, LARGEST_PICTURE)

    async def accept(self, id: str, **card: str) -> Published:
        """Publish what a job has learnt; `card` may have a name, a title, other texts, and an address."""
        answer = await self._json("POST", f"/api/learn/{quote(id, safe='')}/accept", TRIAL, json=card)
        return _publication(answer)

    async def cancel(self, id: str, *, withdraws: bool = False, is_swapped: bool = False) -> None:
        """Cancel a job, or throw away what it has learnt; the bot may undo its publication, too.

        `is_swapped`, for the bot: another picture takes its place, also among those of the day.
        """
        query = {name: "" for name, is_so in (("withdraw", withdraws), ("swapped", is_swapped)) if is_so}
        async with self._ask("DELETE", f"/api/learn/{quote(id, safe='')}", ASK, ok=404, params=query):
            pass

    async def styles_of(self, address: str) -> Sequence[LearntStyle]:
        """Return the styles of an author that are not retired."""
        answer = await self._json("GET", "/api/authors/styles", ASK, params={"address": address})
        return [LearntStyle(**row) for row in answer]

    async def rename(self, address: str, name: str, to: str, title: str) -> Published:
        """Give a style of an author another name. Asked a second time, it is answered as the first."""
        body = {"address": address, "name": name, "to": to, "title": title}
        return _publication(await self._json("PATCH", "/api/authors/styles", ASK, json=body))

    async def retire(self, address: str, name: str = "") -> Sequence[str]:
        """Retire the styles of an author, or one of them, and return their names."""
        body = {"address": address, "name": name}
        return [plain(each) for each in await self._json("DELETE", "/api/authors/styles", ASK, json=body)]

    async def _json(self, method: str, path: str, limits: ClientTimeout, **options: Any) -> Any:
        async with self._ask(method, path, limits, **options) as answer:
            return await answer.json(content_type=None)

    @asynccontextmanager
    async def _ask(
        self, method: str, path: str, limits: ClientTimeout, ok: int = 0, **options: Any
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Ask, and raise the error of an answer, unless it has the status `ok`."""
        try:
            async with (
                aiohttp.ClientSession(timeout=limits, headers=self.headers) as session,
                session.request(method, self.url + path, allow_redirects=False, **options) as answer,
            ):
                if answer.status >= 300 and answer.status != ok:
                    raise _refusal(await answer.read(), answer.status)
                yield answer
        except (aiohttp.ClientError, TimeoutError, json.JSONDecodeError) as error:
            raise RegistryUnavailable(f"{path}: {error or type(error).__name__}") from error


def _of(address: str) -> Mapping[str, str]:
    """Return the query by which the bot asks for a job of one author."""
    return {"address": address} if address else {}


def _publication(answer: Mapping[str, Any]) -> Published:
    try:
        return Published.from_mapping(answer)
    except (KeyError, TypeError, ValueError) as error:
        raise RegistryUnavailable("a malformed answer") from error


def _status(answer: Mapping[str, Any]) -> LearningStatus:
    try:
        return LearningStatus.from_mapping(answer)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RegistryUnavailable(f"a malformed answer: {error!r}") from error


def _refusal(body: bytes, status: int) -> PainterError:
    """Return the error that an answer describes."""
    try:
        problem = json.loads(body)
        if status < 500 or status == 501 or problem.get("type") != "about:blank":
            return problem_in(problem, status)
    except (ValueError, AttributeError):
        pass
    return RegistryUnavailable(f"status {status}")
