"""Whoever has the id of somebody else's job gets what they would for an id of no job."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from registry.client import LearningClient, PaintingToLearn
from registry.store.authors import private_alias
from styles.errors import Permanent
from tests.fakes.mailbot.mails import photo
from tests.fakes.registry.service import BOT_TOKEN, TOKEN, Service
from tests.fakes.registry.versions import publish
from tests.fakes.runner.learner import FakeLearner

ANN, BOB = "ann@example.org", "bob@example.org"
UNKNOWN = "0" * 32
#: What people may ask of a job: method, rest of its path, and body.
REQUESTS: tuple[tuple[str, str, dict[str, str] | None], ...] = (
    ("GET", "", None),
    ("GET", "/events", None),
    ("GET", "/preview", None),
    ("GET", "/painting", None),
    ("GET", "/picture", None),
    ("GET", "/thumbnail", None),
    ("POST", "/accept", {}),
    ("DELETE", "", None),
)


async def token(service: Service, person: str, address: str = "", scope: str = "publish") -> dict[str, str]:
    """Headers with a new token of a person."""

    def work() -> str:
        with service.second_store() as store:
            secret = store.tokens.add(person, scope=scope)  # type: ignore[arg-type]
            store.set_address(person, address)
            return secret

    return {"Authorization": f"Bearer {await asyncio.to_thread(work)}"}


def client_of(service: Service, headers: dict[str, str]) -> LearningClient:
    return LearningClient(service.url, headers["Authorization"].removeprefix("Bearer "))


def bot_of(service: Service) -> LearningClient:
    return LearningClient(service.url, BOT_TOKEN)


def wanted(name: str = "my garden", address: str = "", key: str = "key-0001") -> PaintingToLearn:
    return PaintingToLearn(painting=photo(seed=7), name=name, key=key, address=address)


async def answers(
    service: Service, headers: dict[str, str], id: str, address: str = ""
) -> list[tuple[int, bytes]]:
    """Status and body of each answer; the bot asks on behalf of the author at an address."""
    query, named, found = {"address": address} if address else {}, {"address": address}, []
    async with aiohttp.ClientSession(service.url, headers=headers) as session:
        for method, path, body in REQUESTS:
            json = named if address and body is not None else body
            params = query if body is None else {}
            async with session.request(method, f"/api/learn/{id}{path}", json=json, params=params) as answer:
                found.append((answer.status, await answer.read()))
    return found


@pytest.mark.parametrize("state", ["running", "done", "published", "forgotten"])
async def test_a_job_of_somebody_else_is_answered_as_an_unknown_one(
    service: Service, learner: FakeLearner, state: str
) -> None:
    ann, bo = await token(service, "Ann"), await token(service, "Bo")
    if state == "running":
        learner.may_finish.clear()
    job = (await client_of(service, ann).begin(wanted())).id
    is_published = state in ("published", "forgotten")
    if is_published:
        await client_of(service, ann).accept(job)
    if state == "forgotten":
        learner.jobs.clear()

    unknown = await answers(service, bo, UNKNOWN)
    assert {status for status, _ in unknown} == {404}
    assert await answers(service, bo, job) == unknown
    if state != "forgotten":
        assert not learner.only.cancelled
    with service.second_store() as store:
        assert (store.made_by(job) is not None) == is_published  # raises if it was stopped

    assert await client_of(service, ann).status(job)


async def test_a_maintainer_of_the_registry_gets_at_every_job(service: Service, learner: FakeLearner) -> None:
    job = (await client_of(service, await token(service, "Ann")).begin(wanted())).id
    for headers in (await token(service, "Mia", scope="registry"), {"Authorization": f"Bearer {TOKEN}"}):
        maintainer = client_of(service, headers)
        status = await maintainer.status(job)
        assert status
        assert status.name == "my-garden"
        assert (await maintainer.picture(job, "preview")).startswith(b"\xff\xd8")
    await maintainer.cancel(job)
    assert learner.only.cancelled


async def test_the_bot_gets_at_the_jobs_of_the_author_whom_it_names(
    service: Service, learner: FakeLearner
) -> None:
    bot, headers = bot_of(service), {"Authorization": f"Bearer {BOT_TOKEN}"}
    job = (await bot.begin(wanted(address=ANN))).id
    assert await bot.status(job, BOB) is None
    assert await answers(service, headers, job, BOB) == await answers(service, headers, UNKNOWN, BOB)
    with pytest.raises(Permanent, match="no such job"):
        await bot.picture(job, "preview", BOB)
    assert await bot.status(job, "Ann@Example.org")
    assert await bot.picture(job, "preview", ANN)
    await bot.accept(job, address=ANN)
    await bot.cancel(job, withdraws=True)  # of a mail that was erased, so that nobody knows its author
    assert learner.only.cancelled
    with service.second_store() as store:
        assert store.styles_of(ANN) == []


async def test_a_person_gets_at_what_was_begun_by_their_mails(service: Service, learner: FakeLearner) -> None:
    bot = bot_of(service)
    before = (await bot.begin(wanted("old hills", ANN, "key-0001"))).id
    ann, bob = await token(service, "Ann", ANN), await token(service, "Bob", BOB)
    after = (await bot.begin(wanted("new hills", ANN, "key-0002"))).id
    by_token = (await client_of(service, ann).begin(wanted("by token"))).id
    for job in (before, after, by_token):
        assert await client_of(service, ann).status(job)
        assert await bot.status(job, ANN)
        assert await client_of(service, bob).status(job) is None
    await token(service, "Anna", ANN)  # of two people at one address nobody knows who mailed
    assert await client_of(service, ann).status(before) is None
    assert await client_of(service, ann).status(by_token)


async def test_nobody_but_the_bot_asks_for_an_author(service: Service) -> None:
    ann = client_of(service, await token(service, "Ann"))
    job = (await ann.begin(wanted())).id
    with pytest.raises(Permanent, match="Only the bot"):
        await ann.status(job, ANN)


async def test_who_may_change_the_style_gets_at_the_job_that_made_it(
    service: Service, learner: FakeLearner
) -> None:
    ann, bo = await token(service, "Ann"), await token(service, "Bo")
    job = (await client_of(service, ann).begin(wanted())).id
    await client_of(service, ann).accept(job)
    with service.second_store() as store:
        store.add_maintainer("my-garden", "Bo")
        publish(store, "zephyrine", alias=private_alias(), author=ANN, job="of-ann")
    found = [status for status, _ in await answers(service, bo, job)]
    assert (found[0], found[2], found[6]) == (200, 404, 201)  # how far it is and its style, not its pictures
    assert await client_of(service, bo).status("of-ann") is None
    assert await bot_of(service).status("of-ann", ANN)
    assert await bot_of(service).status("of-ann", BOB) is None
