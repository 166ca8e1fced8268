"""Several registries behind one address: what they must share, and what holds while they die."""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from registry.config import RegistryConfigFile
from registry.http.auth import COOKIE
from registry.http.rate_limit import BURST
from registry.store.location import StoreLocation
from registry.store.store import Store
from tests.fakes.registry.databases import contents, sound
from tests.fakes.registry.replicas import Replica
from tests.fakes.registry.service import Service, serving
from tests.fakes.registry.uploads import BEARER, form, published

NAMES = [f"print-{number}" for number in range(8)]
#: Seconds before a client that was sent away asks again.
PAUSE = 0.05
#: What a client of a registry that is killed meets; it asks another one then.
AWAY = (aiohttp.ClientError, ConnectionError, TimeoutError)


@pytest.fixture
def database() -> str:
    return "postgres"


@pytest.fixture
async def two(
    no_polls: None, config: RegistryConfigFile, builtin: Path, tmp_path: Path
) -> AsyncIterator[tuple[Service, Service]]:
    """Two on one database, each with a folder of its own, as on two machines."""
    table = config.registry.model_copy(update={"data": tmp_path / "second"})
    second = config.model_copy(update={"registry": table})
    async with serving(config, builtin) as one, serving(second, builtin) as two:
        yield one, two


async def test_an_event_of_one_wakes_who_waits_at_the_other(two: tuple[Service, Service]) -> None:
    waiting = asyncio.create_task(two[0].client.get("/api/events?since=3"))
    done, _ = await asyncio.wait([waiting], timeout=0.1)
    assert not done
    assert (await published(two[1]))[0] == 201
    answer = await (await asyncio.wait_for(waiting, 20)).json()
    assert [event["style"] for event in answer["events"]] == ["mosaic"]


async def test_what_one_published_the_other_serves(two: tuple[Service, Service]) -> None:
    _, answer = await published(two[0])
    async with two[1].client.get(f"/blobs/{answer['digest']}") as response:
        assert await response.read() == b"weights"


async def test_who_logged_in_at_one_is_known_at_the_other(two: tuple[Service, Service]) -> None:
    with two[0].second_store() as store:
        secret = store.tokens.add("Ada")
    data = {"token": secret}
    async with two[0].client.post("/login", data=data, allow_redirects=False) as response:
        cookie = response.cookies[COOKIE].value
    async with two[1].client.get("/upload", headers={"Cookie": f"{COOKIE}={cookie}"}) as response:
        assert "Ada" in await response.text()
    with two[0].second_store() as store:
        store.tokens.revoke("Ada")
    async with two[1].client.get("/upload", headers={"Cookie": f"{COOKIE}={cookie}"}) as response:
        assert "Ada" not in await response.text()


async def test_wrong_tokens_count_at_both(two: tuple[Service, Service]) -> None:
    found = []
    for attempt in range(BURST + 2):
        headers = {"Authorization": "Bearer wrong"}
        async with two[attempt % 2].client.get("/api/audit", headers=headers) as response:
            found.append(response.status)
    assert found == [401] * BURST + [429] * 2


@dataclass
class Storm:
    """Clients of replicas, and what they were answered."""

    replicas: list[Replica]
    session: aiohttp.ClientSession
    chance: random.Random
    sent: Counter[str] = field(default_factory=Counter)  #: how often each file may have arrived
    told: dict[tuple[str, int], str] = field(default_factory=dict)  #: digests by style and version
    news: asyncio.Event = field(default_factory=asyncio.Event)  #: set when one more is published
    pulls: int = 0
    kills: int = 0
    over: bool = False

    def url(self, path: str) -> str:
        return self.chance.choice(self.replicas).url + path

    async def get(self, path: str) -> Any:
        """JSON, or bytes; None from one that has just been killed."""
        try:
            async with self.session.get(self.url(path)) as response:
                assert response.status in (200, 404), (path, response.status)
                return await (response.json() if response.content_type.endswith("json") else response.read())
        except AWAY:
            await asyncio.sleep(PAUSE)
            return None

    async def publish(self, number: int) -> None:
        """Sends it until a registry answers that it is published."""
        weights = self.chance.randbytes(2000)
        digest = f"sha256:{hashlib.sha256(weights).hexdigest()}"
        path = f"/api/styles/{NAMES[number % len(NAMES)]}/versions"
        while True:
            self.sent[digest] += 1
            try:
                url = self.url(path)
                async with self.session.post(url, data=form(weights, title="x"), headers=BEARER) as response:
                    answer = await response.json(content_type=None)
            except AWAY as error:
                self.sent[digest] -= isinstance(error, aiohttp.ClientConnectorError)
                await asyncio.sleep(PAUSE)
                continue
            if response.status == 429:  # as many as it takes at once
                self.sent[digest] -= 1
                await asyncio.sleep(PAUSE)
                continue
            assert response.status == 201, answer
            assert answer["digest"] == digest
            assert (answer["name"], answer["version"]) not in self.told
            self.told[answer["name"], answer["version"]] = digest
            self.news.set()
            return

    async def pull(self) -> None:
        """A style, whole at every moment, and the files of its live version."""
        while not self.over:
            style = await self.get(f"/api/styles/{self.chance.choice(NAMES)}")
            if not style or "versions" not in style:
                continue
            versions = [version["version"] for version in style["versions"]]
            assert versions == list(range(len(versions), 0, -1))
            expected = {"live": versions[0]} | ({"previous": versions[1]} if versions[1:] else {})
            assert style["aliases"] == expected
            for path in (style["versions"][0]["weights"], style["versions"][0]["preview"]):
                if (blob := await self.get(path)) is not None:
                    assert hashlib.sha256(blob).hexdigest() == path.rpartition("/")[2]
                    self.pulls += 1

    async def listen(self) -> list[int]:
        """The numbers of all events, as the balancer asks for them."""
        heard = [0]
        while True:
            last = self.over
            changes = await self.get(f"/api/events?since={heard[-1]}&wait=1")
            heard += [event["seq"] for event in changes["events"]] if changes else []
            if last and changes and not changes["events"]:
                return heard[1:]

    async def kill(self, times: int) -> None:
        """One of them at random, after some more publications, and starts it again."""
        for _ in range(times):
            for _ in range(self.chance.randint(1, 10)):
                await self.news.wait()
                if self.over:
                    return
                self.news.clear()
            replica = self.chance.choice(self.replicas)
            await replica.kill()
            self.kills += 1
            await replica.start()


@asynccontextmanager
async def replicas(folder: Path, database: str, count: int) -> AsyncIterator[list[Replica]]:
    async with AsyncExitStack() as stack:
        running = [Replica(folder / str(number), database) for number in range(count)]
        for replica in running:
            await replica.start()
            stack.push_async_callback(replica.kill)
        yield running


async def storm(location: StoreLocation, *, count: int, versions: int, clients: int, kills: int) -> None:
    """Publishes, pulls, listens and kills at once, and looks at what is left."""
    async with (
        replicas(location.folder, location.database, count) as running,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
    ):
        storm = Storm(running, session, random.Random(4))
        async with asyncio.TaskGroup() as group:
            listening = [group.create_task(storm.listen()) for _ in range(count)]
            for _ in range(clients):
                group.create_task(storm.pull())
            group.create_task(storm.kill(kills))
            await asyncio.gather(*(storm.publish(number) for number in range(versions)))
            storm.over = True
            storm.news.set()
    assert storm.pulls > clients
    assert storm.kills > 0
    check(location, storm, versions, [task.result() for task in listening])


def check(location: StoreLocation, storm: Storm, versions: int, heard: list[list[int]]) -> None:
    with Store(location, sweep=False) as store:
        events = store.changes(0).events
        while (more := store.changes(events[-1].seq)).events:
            events += more.events
        numbers = [event.seq for event in events]
        assert numbers == list(range(1, len(events) + 1))
        assert heard == [numbers] * len(heard)  # no listener missed one or heard one twice
        found = {(e.style, e.version): store.resolve(e.style, e.version).digest for e in events}
    assert len(found) == len(events)  # no version twice
    assert storm.told.items() <= found.items()
    assert len(storm.told) == versions
    sent = Counter(found.values())
    assert all(1 <= sent[digest] <= times for digest, times in storm.sent.items())
    assert sent.keys() == storm.sent.keys()
    blobs = contents(location)
    assert sound(blobs)
    assert sent.keys() <= blobs.keys()


async def test_two_registries_of_which_one_is_killed_miss_nothing(location: StoreLocation) -> None:
    await storm(location, count=2, versions=40, clients=4, kills=2)


@pytest.mark.cluster
async def test_four_registries_that_are_killed_at_random_miss_nothing(location: StoreLocation) -> None:
    await storm(location, count=4, versions=800, clients=50, kills=1000)
