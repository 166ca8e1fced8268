"""Publications that go on without their client, are joined, and stopped."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from registry.client import LearningClient, PaintingToLearn
from registry.http.publish import OF_A_PERSON
from styles.errors import BadCheckpoint, Permanent, RegistryUnavailable, Temporary
from tests.fakes.mailbot.mails import photo
from tests.fakes.registry.service import BOT_TOKEN, TOKEN, Service, serving
from tests.fakes.runner.learner import FakeLearner
from tests.fakes.waiting import until


@pytest.fixture
def person(service: Service) -> LearningClient:
    service.validator.go_on.clear()
    return LearningClient(service.url, TOKEN)


async def on_trial(service: Service, person: LearningClient) -> tuple[str, asyncio.Task[object]]:
    """A job whose style is on trial, and the request for that."""
    job = (await person.begin(PaintingToLearn(painting=photo(seed=7), key="key-0001", name="hills"))).id
    accepting = asyncio.create_task(person.accept(job))
    await service.validator.begun.wait()
    return job, accepting


async def is_publishing(service: Service, person: LearningClient, job: str) -> bool:
    async with service.client.get(f"/api/learn/{job}", headers=person.headers) as answer:
        return bool((await answer.json())["publishing"])


async def test_a_publication_goes_on_without_its_client(
    service: Service, person: LearningClient, learner: FakeLearner
) -> None:
    job, accepting = await on_trial(service, person)
    accepting.cancel()
    with suppress(asyncio.CancelledError):
        await accepting
    assert await is_publishing(service, person, job)
    assert not service.validator.cancelled.is_set()
    joining = asyncio.create_task(person.accept(job, name="Another one"))
    service.validator.go_on.set()
    published = await joining
    assert (published.name, published.version, len(service.validator.asked)) == ("hills", 1, 1)
    assert learner.only.published == "hills"
    assert not await is_publishing(service, person, job)


@pytest.mark.parametrize("is_mailed", [False, True])
async def test_a_person_has_as_many_on_trial_at_once_as_uploads(
    service: Service, person: LearningClient, is_mailed: bool
) -> None:
    client = LearningClient(service.url, BOT_TOKEN) if is_mailed else person
    address = "ann@example.org" if is_mailed else ""

    async def begun(number: int, address: str) -> str:
        sent = PaintingToLearn(
            painting=photo(seed=number), key=f"key-000{number}", name=f"hills {number}", address=address
        )
        return (await client.begin(sent)).id

    async with asyncio.TaskGroup() as group:
        for number in range(OF_A_PERSON):
            job = await begun(number, address)
            group.create_task(client.accept(job, address=address))
        await until(lambda: len(service.validator.asked) == OF_A_PERSON)
        with pytest.raises(Temporary, match="Too Many Requests"):
            async with asyncio.timeout(60):  # as a trial it would wait with the others
                await client.accept(await begun(7, address), address=address)
        if is_mailed:  # of another author
            other = await begun(8, "bo@example.org")
            group.create_task(client.accept(other, address="bo@example.org"))
            await until(lambda: len(service.validator.asked) == OF_A_PERSON + 1)
        service.validator.go_on.set()


async def test_who_joins_hears_why_it_is_refused(service: Service, person: LearningClient) -> None:
    service.validator.error = BadCheckpoint("It paints nothing.")
    job, accepting = await on_trial(service, person)
    joining = asyncio.create_task(person.accept(job))
    await until(lambda: len(service.validator.asked) == 1)
    service.validator.go_on.set()
    for request in (accepting, joining):
        with pytest.raises(Permanent, match="It paints nothing"):
            await request


async def test_what_is_thrown_away_on_its_trial_is_not_published(
    service: Service, person: LearningClient, learner: FakeLearner
) -> None:
    job, accepting = await on_trial(service, person)
    await person.cancel(job)
    with pytest.raises(Permanent, match="This was stopped"):
        await accepting
    assert service.validator.cancelled.is_set()
    assert learner.only.cancelled
    learner.jobs.clear()
    assert await person.status(job) is None  # as of every job that is forgotten


async def test_what_is_thrown_away_at_one_registry_is_not_published_by_another(
    service: Service, person: LearningClient, learner: FakeLearner
) -> None:
    job, accepting = await on_trial(service, person)
    async with serving(service.config, service.builtin) as other:
        await LearningClient(other.url, TOKEN).cancel(job)
        assert learner.only.cancelled
        service.validator.go_on.set()
        with pytest.raises(Permanent, match="This was stopped"):
            await accepting
    async with service.client.get("/api/styles/hills") as answer:
        assert answer.status == 404


async def test_a_job_that_is_published_is_forgotten_and_its_style_stays(
    service: Service, person: LearningClient
) -> None:
    job, accepting = await on_trial(service, person)
    service.validator.go_on.set()
    await accepting
    await person.cancel(job)
    with service.second_store() as store:
        made = store.made_by(job)
    assert made
    assert made[0].name == "hills"


async def test_a_registry_that_stops_ends_its_publications(service: Service, person: LearningClient) -> None:
    _, accepting = await on_trial(service, person)
    await service.client.close()
    with pytest.raises(RegistryUnavailable):
        await accepting
    assert service.validator.cancelled.is_set()
    assert list(service.config.registry.data.glob("incoming/*")) == []


async def test_the_bot_withdraws_what_is_on_trial(service: Service, person: LearningClient) -> None:
    job, accepting = await on_trial(service, person)
    with pytest.raises(Permanent, match="Only the bot"):
        await person.cancel(job, withdraws=True)
    await LearningClient(service.url, BOT_TOKEN).cancel(job, withdraws=True)
    for request in (accepting, person.accept(job)):
        with pytest.raises(Permanent, match="This was stopped"):
            await request


async def test_that_a_job_is_published_is_known_where_the_balancer_has_forgotten_it(
    service: Service, person: LearningClient, learner: FakeLearner
) -> None:
    job, accepting = await on_trial(service, person)
    service.validator.go_on.set()
    await accepting
    learner.jobs.clear()
    status = await person.status(job)
    assert status
    assert (status.state, status.name) == ("done", "hills")
    assert await person.status("unknown") is None
