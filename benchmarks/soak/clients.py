"""Send photos as many clients do, and judge every answer.

    Crowd     many clients, each sending one photo after the other until `stopping`
    KINDS     the kinds of requests, their frequency, and the reasons for which each may be refused
    HARMLESS  the kinds that must be painted in the end

A refused client sends the same photo again, as the bot would: after its Retry-After, or after a while without
one.

A comment in its JPEG makes each request's photo unique. A photo that a killed runner held is a suspect by its
bytes for an hour.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from benchmarks.soak.counts import Counts, Fate
from benchmarks.soak.engine import PREFIX, marked
from benchmarks.soak.photos import Pool, PoolPhoto, Truths
from styles.service.problems import PREFIX as PROBLEM

#: Seconds, more than the balancer's deadline, after which a photo counts as lost.
TIMEOUT = 90.0
#: Most seconds after which a client sends a refused photo again, if the refusal has no Retry-After.
SOON = 1.0
#: Temporary reasons, such as a full queue, and the number of times that a photo is sent.
FOR_NOW, TRIES = frozenset({"DeadlineExceeded", "RunnerDied"}), 20
#: Most seconds that a leaving client waits.
LEAVING = 0.1
#: Long sides asked for, pixels: no photo is so large, but batches of 256 have room for 64.
SIZES = (256, 1024)

#: Reasons for which any photo may be refused while runners die: time is up, no runner has lived, or it was in
#: the hands of two that were killed. That the queue is full is one for everybody.
ALWAYS = frozenset({"DeadlineExceeded", "RunnerDied", "Unpaintable"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Describe one kind of request."""

    weight: float  #: how often, among all
    because: frozenset[str] = ALWAYS  #: reasons for which it may be refused
    paintable: bool = True


KINDS: Mapping[str, Kind] = {
    "a photo": Kind(weight=80),
    "a photo sent twice at once": Kind(weight=5),
    "a photo whose sender leaves": Kind(weight=5),
    "a photo sent again by who left": Kind(weight=0),  # by half of those who left
    "no image": Kind(weight=3, because=ALWAYS | {"NotAnImage"}, paintable=False),
    "a style that nobody knows": Kind(weight=3, because=frozenset({"UnknownStyle"}), paintable=False),
    "a photo that kills": Kind(weight=0.2, paintable=False),
    "a photo that kills as it is opened": Kind(weight=0.2, paintable=False),
    "a photo that hangs": Kind(weight=0.1, paintable=False),
    "a photo that breaks the device": Kind(weight=0.2, paintable=False),
    "one of these again": Kind(weight=0, because=frozenset({"Unpaintable"}), paintable=False),
}
#: Kinds that must be painted, even if runners die.
HARMLESS = tuple(name for name, kind in KINDS.items() if kind.paintable)
#: The mark of each harmful kind.
HARM = {
    "a photo that kills": "DIE",
    "a photo that kills as it is opened": "OPEN",
    "a photo that hangs": "HANG",
    "a photo that breaks the device": "RAISE",
}


class Crowd:
    """Run clients on their own connections."""

    def __init__(self, url: str, pool: Pool, truths: Truths, seed: int) -> None:
        self._url, self._pool, self._truths = f"{url}/v1/stylize", pool, truths
        self._dice = random.Random(seed)
        self._numbers = itertools.count()
        self.counts = Counts()
        self.stopping = asyncio.Event()

    async def run(self, clients: int) -> None:
        """Run until `stopping`, and then until everything under way is answered."""
        connector = aiohttp.TCPConnector(limit=0)
        timeout = aiohttp.ClientTimeout(total=TIMEOUT)
        async with (
            aiohttp.ClientSession(connector=connector, timeout=timeout) as self._session,
            asyncio.TaskGroup() as group,
        ):
            for number in range(clients):
                group.create_task(self._client(f"client{number}"))

    async def _client(self, sender: str) -> None:
        names = list(KINDS)
        weights = [kind.weight for kind in KINDS.values()]
        while not self.stopping.is_set():
            (kind,) = self._dice.choices(names, weights)
            async with self._pool.one() as photo:
                await self._send(kind, self._request(kind, photo, sender))

    def _request(self, kind: str, photo: PoolPhoto, sender: str) -> _Request:
        number = next(self._numbers)
        mark = f"{PREFIX.decode()}{HARM[kind]} " if kind in HARM else ""
        unknown, broken = kind == "a style that nobody knows", kind == "no image"
        return _Request(
            photo=photo,
            body=b"no image %d" % number if broken else marked(photo.jpeg, f"{mark}{number}"),
            query={
                "style": "nobody-knows-it" if unknown else self._dice.choice(self._truths.styles),
                "size": str(self._dice.choice(SIZES)),
                "sender": sender,
                "job": str(number),
            },
        )

    async def _send(self, kind: str, request: _Request) -> None:
        """Send one photo, or what its kind asks for."""
        match kind:
            case "a photo sent twice at once":
                await asyncio.gather(self._ask(kind, request), self._ask(kind, request))
            case "a photo whose sender leaves":
                await self._leave(kind, request)
            case _:
                reason = await self._ask(kind, request)
                if kind in HARM and reason == "Unpaintable":
                    await self._ask("one of these again", request)

    async def _leave(self, kind: str, request: _Request) -> None:
        try:
            async with asyncio.timeout(self._dice.uniform(0, LEAVING)):
                await self._ask(kind, request)
        except TimeoutError:
            self.counts.add(kind, Fate.LEFT)
            if self._dice.random() < 0.5:
                await self._ask("a photo sent again by who left", request)

    async def _ask(self, kind: str, request: _Request) -> str:
        """Send a photo, again after a temporary refusal; judge the answer, return a refusal's reason."""
        started = time.perf_counter()
        for _ in range(TRIES):
            answer = await self._answer(kind, request)
            if answer is None or (later := self._later(kind, answer)) is None:
                break
            self.counts.again += 1
            await asyncio.sleep(later)
        if answer is None:
            return ""
        if answer.status == 200:
            self.counts.seconds.append(time.perf_counter() - started)
            self._judge(kind, request, answer)
            return ""
        return self._refused(kind, answer)

    async def _answer(self, kind: str, request: _Request) -> _Answer | None:
        """Return the response; without one note the loss and return None."""
        started = time.perf_counter()
        try:
            async with self._session.post(self._url, params=request.query, data=request.body) as response:
                body = await response.read()
                return _Answer(status=response.status, headers=response.headers, body=body)
        except aiohttp.ClientError as error:
            self.counts.add(kind, Fate.LOST, repr(error))
        except TimeoutError:
            if time.perf_counter() - started < TIMEOUT:
                raise  # one who leaves
            self.counts.add(kind, Fate.LOST, f"no answer within {TIMEOUT:g} s, job {request.query['job']}")
        return None

    def _later(self, kind: str, answer: _Answer) -> float | None:
        """Return the seconds until it is sent again; None if it is painted, or refused for good."""
        reason = "" if answer.status == 200 else answer.reason
        if reason == "Busy" and (after := answer.headers.get("Retry-After")):
            return float(after)
        return self._dice.uniform(0, SOON) if reason in FOR_NOW & KINDS[kind].because else None

    def _judge(self, kind: str, request: _Request, answer: _Answer) -> None:
        if not KINDS[kind].paintable:
            self.counts.add(kind, Fate.UNDUE, "it was painted")
            return
        try:
            wrong = self._truths.judge(request.photo, request.query["style"], answer.body)
        except OSError as error:  # no picture at all
            wrong = repr(error)
        self.counts.add(kind, Fate.WRONG if wrong else Fate.PAINTED, wrong)

    def _refused(self, kind: str, answer: _Answer) -> str:
        reason = answer.reason
        if not reason:
            self.counts.add(kind, Fate.LOST, f"{answer.status}: {answer.body[:100]!r}")
        elif reason not in KINDS[kind].because | {"Busy"}:
            self.counts.add(kind, Fate.UNDUE, f"{reason}: {answer.body[:100]!r}")
        elif reason == "Busy" and "Retry-After" not in answer.headers:
            self.counts.add(kind, Fate.UNDUE, "too busy, and no word of when not")
        else:
            self.counts.add(kind, Fate.REFUSED, reason)
        return reason


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    photo: PoolPhoto
    body: bytes
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def reason(self) -> str:
        """Return the error's class that a refusal names, or "" for an unknown one."""
        try:
            kind = json.loads(self.body)["type"]
        except (ValueError, KeyError, TypeError):
            return ""
        return str(kind).removeprefix(PROBLEM) if str(kind).startswith(PROBLEM) else ""
