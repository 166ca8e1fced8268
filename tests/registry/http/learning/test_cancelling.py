"""A job is thrown away, and who did not hear the answer asks again."""

from __future__ import annotations

import asyncio

import aiohttp

from registry.client import LearningClient, PaintingToLearn
from tests.fakes.mailbot.mails import photo
from tests.fakes.registry.service import BOT_TOKEN, TOKEN, Service
from tests.fakes.runner.learner import FakeLearner

ANN = "ann@example.org"
UNKNOWN = "0" * 32


def wanted(address: str = "") -> PaintingToLearn:
    return PaintingToLearn(painting=photo(seed=7), name="my garden", key="key-0001", address=address)


async def deleted(service: Service, id: str, token: str = TOKEN) -> int:
    """The status that a request to throw a job away is answered with."""
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession(service.url, headers=headers) as session,
        session.delete(f"/api/learn/{id}") as answer,
    ):
        return answer.status


def token_of(service: Service, person: str) -> str:
    """A token of a person who is no maintainer."""
    with service.second_store() as store:
        return store.tokens.add(person, scope="publish")


def note_stopped(service: Service, id: str) -> None:
    """Stop a job in the store alone, as while the balancer is away."""
    with service.second_store() as store:
        store.stop_job(id)


async def test_a_second_request_is_answered_as_the_first_whose_answer_was_lost(
    service: Service, learner: FakeLearner
) -> None:
    ada = await asyncio.to_thread(token_of, service, "Ada")
    for token in (ada, TOKEN):
        begun = await LearningClient(service.url, token).begin(wanted())
        learner.forgets_unheard = 1
        assert [await deleted(service, begun.id, token) for _ in range(3)] == [204] * 3
        assert not learner.jobs
    assert await deleted(service, UNKNOWN, ada) == 404


async def test_a_stopped_job_is_thrown_away_by_nobody_but_its_owner(
    service: Service, learner: FakeLearner
) -> None:
    ada, bo = [await asyncio.to_thread(token_of, service, person) for person in ("Ada", "Bo")]
    begun = await LearningClient(service.url, ada).begin(wanted())
    assert await deleted(service, begun.id, bo) == 404
    await asyncio.to_thread(note_stopped, service, begun.id)
    assert await deleted(service, begun.id, bo) == 404
    assert not learner.only.cancelled
    assert await deleted(service, begun.id, ada) == 204
    assert learner.only.cancelled


async def test_what_was_published_is_not_thrown_away_a_second_time(
    service: Service, learner: FakeLearner
) -> None:
    bot = LearningClient(service.url, BOT_TOKEN)
    begun = await bot.begin(wanted(ANN))
    await bot.accept(begun.id, address=ANN)
    learner.jobs.clear()
    assert await deleted(service, begun.id, BOT_TOKEN) == 204  # the job is gone
    assert [style.name for style in await bot.styles_of(ANN)] == ["my-garden"]


async def test_the_bot_says_that_another_picture_takes_the_place(
    service: Service, learner: FakeLearner
) -> None:
    for token, is_swapped in ((BOT_TOKEN, True), (TOKEN, False)):
        client = LearningClient(service.url, token)
        begun = await client.begin(wanted(ANN if token == BOT_TOKEN else ""))
        await client.cancel(begun.id, is_swapped=True)
        assert (learner.jobs[begun.id].cancelled, learner.jobs[begun.id].is_swapped) == (True, is_swapped)
        learner.jobs.clear()
