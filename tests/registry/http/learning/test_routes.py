"""Learning over HTTP, through the registry, by its own client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import aiohttp
import pytest

from registry.client import BLOB_KEY, LearningClient, LearningStatus, PaintingToLearn, RegistryClient
from registry.config import RegistryConfigFile
from registry.store.authors import private_alias
from registry.store.style_versions import blob_path
from styles.contract import PRIVATE, keyed_digest, split_digest
from styles.errors import BalancerUnavailable, Permanent, RegistryUnavailable, UnknownStyle
from styles.learning_errors import LearningOff
from tests.fakes.mailbot.mails import photo
from tests.fakes.registry.service import BOT_TOKEN, TOKEN, Service, serving
from tests.fakes.registry.versions import publish
from tests.fakes.runner.learner import FakeLearner

ANN, BOB = "ann@example.org", "bob@example.org"
PAINTING = photo(seed=7)


async def token(service: Service, person: str, scope: str = "publish", address: str = "") -> str:
    def work() -> str:
        with service.second_store() as store:
            secret = store.tokens.add(person, scope=scope)  # type: ignore[arg-type]
            store.set_address(person, address)
            return secret

    return await asyncio.to_thread(work)


@pytest.fixture
async def ada(service: Service) -> LearningClient:
    return LearningClient(service.url, await token(service, "Ada"))


@pytest.fixture
async def bot(service: Service) -> LearningClient:
    return LearningClient(service.url, BOT_TOKEN)


@pytest.fixture
async def reader(service: Service) -> AsyncIterator[RegistryClient]:
    async with RegistryClient(service.url) as client:
        yield client


def wanted(name: str = "My garden", key: str = "key-0001", address: str = "") -> PaintingToLearn:
    return PaintingToLearn(painting=PAINTING, name=name, key=key, address=address)


async def learnt(client: LearningClient, name: str, address: str = "", key: str = "") -> str:
    """Learn and publish a painting; return the job."""
    status = await client.begin(wanted(name, key or f"key-{name}", address))
    await client.accept(status.id, address=address)
    return status.id


async def test_a_painting_becomes_a_style_of_the_person_who_sent_it(
    service: Service, ada: LearningClient, reader: RegistryClient, learner: FakeLearner
) -> None:
    learner.may_finish.clear()
    begun = await ada.begin(wanted())
    assert (begun.name, begun.state, begun.phase, begun.is_final) == (
        "my-garden",
        "running",
        "training",
        False,
    )
    assert learner.only.form["painting"] == PAINTING
    seen: list[LearningStatus] = []
    async for status in ada.events(begun.id):
        seen.append(status)
        learner.may_finish.set()
    assert [seen[0].state, seen[-1].state, seen[-1].steps] == ["running", "done", 420]
    assert (await ada.picture(begun.id, "preview")).startswith(b"\xff\xd8")

    published = await ada.accept(begun.id, title="My garden")
    assert (published.name, published.version, published.alias) == ("my-garden", 1, "live")
    card = await reader.card("my-garden")
    assert (card.title, card.trained) == (
        "My garden",
        "learnt from a photo of a painting: 420 steps in 4.9 min",
    )
    with service.second_store() as store:
        assert store.ownership("my-garden").owner == "Ada"
    assert learner.only.published == "my-garden"
    again = await ada.accept(begun.id, name="Another one", title="My garden")  # its answer was lost
    assert (again.name, again.version) == ("my-garden", 1)
    await ada.cancel(begun.id)
    assert await ada.status("unknown") is None


async def test_no_proxy_is_to_collect_events(service: Service, ada: LearningClient) -> None:
    job = (await ada.begin(wanted())).id
    async with service.client.get(f"/api/learn/{job}/events", headers=ada.headers) as answer:
        assert answer.headers["X-Accel-Buffering"] == "no"
        assert answer.content_type == "text/event-stream"


@pytest.mark.parametrize(
    ("names", "version"), [(("meadow", "orchard"), 1), (("tree", "tree"), 1), (("my-garden", "my-garden"), 2)]
)
async def test_a_job_that_is_accepted_twice_at_once_makes_one_version(
    config: RegistryConfigFile,
    builtin: Path,
    service: Service,
    bot: LearningClient,
    names: tuple[str, str],
    version: int,
) -> None:
    await learnt(bot, "my garden", ANN)
    job = (await bot.begin(wanted("my garden", "key-0002", ANN))).id
    async with serving(config, builtin) as other:  # another registry over the same store
        both = (service, bot), (other, LearningClient(other.url, BOT_TOKEN))
        for registry, _ in both:
            registry.validator.go_on.clear()
            registry.validator.begun.clear()
        accepts = [
            asyncio.create_task(client.accept(job, address=ANN, name=name))
            for name, (_, client) in zip(names, both, strict=True)
        ]
        for registry, _ in both:
            await registry.validator.begun.wait()
            registry.validator.go_on.set()
        first, second = await asyncio.gather(*accepts)
    assert (first.name, first.version, first.alias) == (second.name, second.version, second.alias)
    assert (first.name in names, first.version) == (True, version)
    assert {style.name for style in await bot.styles_of(ANN)} == {"my-garden", first.name}
    with service.second_store() as store:
        assert len(store.kept(first.name).versions) == version
    await bot.retire(ANN, first.name)  # as a lesson that was stopped: a late request brings nothing back
    with pytest.raises(Permanent, match="taken back or replaced"):
        await bot.accept(job, address=ANN)


async def test_one_key_begins_one_job_and_two_people_may_choose_the_same(
    service: Service, ada: LearningClient, learner: FakeLearner
) -> None:
    other = LearningClient(service.url, await token(service, "Bo"))
    jobs = [(await client.begin(wanted())).id for client in (ada, ada, other)]
    assert jobs[0] == jobs[1] != jobs[2]
    assert learner.posts == 3
    owners = [job.form["owner"] for job in learner.jobs.values()]
    assert owners[0] != owners[1]  # each has a limit of their own


async def test_a_person_has_one_limit_by_mail_and_by_token(
    service: Service, bot: LearningClient, learner: FakeLearner
) -> None:
    ann = LearningClient(service.url, await token(service, "Ann", address=ANN))
    await ann.begin(wanted("by token", "key-by-token"))
    for number, address in enumerate((ANN, ANN.title(), BOB)):
        await bot.begin(wanted(f"by mail {number}", f"key-by-mail-{number}", address))
    first, *mailed = [job.form["owner"] for job in learner.jobs.values()]
    assert [owner == first for owner in mailed] == [True, True, False]


async def test_nobody_but_the_bot_orders_many_minutes(ada: LearningClient, bot: LearningClient) -> None:
    long = replace(wanted(), minutes=31)
    with pytest.raises(Permanent, match="for at most 30 minutes"):
        await ada.begin(long)
    assert (await ada.begin(replace(long, minutes=30))).state == "done"
    assert (await bot.begin(replace(long, address=ANN))).state == "done"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("help", "“help” means something else when it stands in a mail.*“help-easel” is free"),
        ("Great Wave", "belongs to the registry itself.*“great-wave-2” is free"),
        ("—", "A name has letters, or digits"),
    ],
)
async def test_a_name_that_cannot_be_had_is_refused_with_a_free_one(
    ada: LearningClient, learner: FakeLearner, name: str, reason: str
) -> None:
    with pytest.raises(Permanent, match=reason):
        await ada.begin(wanted(name))
    assert learner.jobs == {}


async def test_a_name_in_other_letters_is_one_beside_a_name_of_the_persons(
    service: Service, ada: LearningClient, learner: FakeLearner, reader: RegistryClient
) -> None:
    assert (await ada.name_for("我的花园")).name == "ada-canvas"
    for key, name in (("key-0001", "ada-canvas"), ("key-0002", "ada-canvas-2")):
        status = await ada.begin(wanted("我的花园", key))
        published = await ada.accept(status.id, name="我的花园", title="我的花园")
        assert (status.name, published.name) == (name, name)
        card = await reader.card(name)
        assert (card.title, card.other_names) == ("我的花园", ("我的花园",))


async def test_who_is_asked_says_whether_paintings_are_learnt_from(
    service: Service, ada: LearningClient, learner: FakeLearner
) -> None:
    for learner.missing in (None, LearningOff("Switch it on.")):
        async with service.client.get("/api/learn", headers=ada.headers) as answer:
            told = await answer.json()
        assert told["learns"] == (learner.missing is None)
        assert (told["problem"] or {}).get("detail") == (learner.missing and "Switch it on.")


async def test_who_may_not_publish_learns_nothing(service: Service, learner: FakeLearner) -> None:
    for secret in ("", await token(service, "Stager", "stage")):
        with pytest.raises(Permanent):
            await LearningClient(service.url, secret).begin(wanted())
    with pytest.raises(Permanent, match="Only the bot"):
        await LearningClient(service.url, await token(service, "Bo")).begin(wanted(address=ANN))
    assert learner.jobs == {}


async def test_what_the_balancer_refuses_is_told_in_its_words(
    ada: LearningClient, learner: FakeLearner
) -> None:
    learner.refusal = (501, "Nothing can be learnt here.")
    with pytest.raises(Permanent, match=r"Nothing can be learnt here\."):
        await ada.begin(wanted())
    learner.problem = {"type": "about:blank", "detail": "The picture is of one colour."}
    status = await ada.begin(wanted())
    assert status.state == "failed"
    assert str(status.problem) == "The picture is of one colour."
    with pytest.raises(Permanent, match="has learnt no style"):
        await ada.accept(status.id)


async def test_a_balancer_that_is_away_is_a_reason_to_try_again(
    service: Service, ada: LearningClient, learner: FakeLearner
) -> None:
    await learner.__aexit__()
    with pytest.raises(BalancerUnavailable):
        await ada.begin(wanted())
    with pytest.raises(RegistryUnavailable):
        await LearningClient("http://127.0.0.1:1", "x").begin(wanted())


async def test_the_author_of_a_mail_owns_what_was_learnt_for_them(
    service: Service, bot: LearningClient, reader: RegistryClient
) -> None:
    await learnt(bot, "garden path", ANN)
    with service.second_store() as store:
        assert store.ownership("garden-path").whose == "the person who mailed its painting"
        assert ANN not in str(store.audit(20))
    assert [style.name for style in await bot.styles_of("Ann@Example.org")] == ["garden-path"]
    with pytest.raises(Permanent, match="“garden-path-2” is free"):
        await bot.begin(wanted("garden path", "key-of-bob", BOB))
    assert (await bot.begin(wanted("garden path", "another-key", ANN))).name == "garden-path"  # a new version
    assert await bot.retire(BOB) == []
    assert await bot.retire(ANN) == ["garden-path"]
    with pytest.raises(UnknownStyle):
        await reader.resolve("garden-path")


async def test_an_author_with_a_token_owns_it_as_that_person(service: Service, bot: LearningClient) -> None:
    await token(service, "Ann", address=ANN)
    await learnt(bot, "garden path", ANN)
    with service.second_store() as store:
        assert store.ownership("garden-path").owner == "Ann"
    assert await bot.retire(ANN, "garden-path") == ["garden-path"]


async def test_an_author_with_a_token_is_shown_their_private_styles(service: Service) -> None:
    secrets = {name: await token(service, name, address=at) for name, at in (("Ann", ANN), ("Bob", BOB))}
    with service.second_store() as store:
        publish(store, "zephyrine", alias=private_alias(), author=ANN)
    own = [{"name": "zephyrine", "title": "Zephyrine", "ref": "private", "version": 1, "may_retire": True}]
    jar = aiohttp.CookieJar(unsafe=True)  # 127.0.0.1 is no name
    async with aiohttp.ClientSession(service.url, cookie_jar=jar) as session:
        for person, shown in (("Ann", own), ("Bob", [])):
            bearer = {"Authorization": f"Bearer {secrets[person]}"}
            async with session.get("/api/authors/styles", headers=bearer) as answer:
                assert await answer.json() == shown
            async with session.post("/login", data={"token": secrets[person], "next": "/learn"}) as page:
                text = await page.text()
            assert ('<a href="/styles/zephyrine">Zephyrine</a> (private)' in text) == bool(shown)
            async with session.get("/styles/zephyrine") as page:  # learnt before there was a token
                assert page.status == (200 if shown else 404)


async def test_what_is_no_id_of_a_job_is_not_noted(service: Service) -> None:
    bearer = {"Authorization": f"Bearer {await token(service, 'Ann')}"}
    async with (
        aiohttp.ClientSession(service.url, headers=bearer) as session,
        session.delete("/api/learn/no.id") as answer,
    ):
        assert answer.status == 404
    with service.second_store() as store:
        assert store.made_by("no.id") is None  # which raises for a job that was stopped


def with_learnt(config: RegistryConfigFile, learnt: str) -> RegistryConfigFile:
    return config.model_copy(update={"registry": config.registry.model_copy(update={"learnt": learnt})})


@pytest.mark.parametrize("ways", [("private", "live"), ("live", "private")])
async def test_a_version_stays_private_when_the_config_changes(
    config: RegistryConfigFile, builtin: Path, ways: tuple[str, str]
) -> None:
    for number, way in enumerate(ways, start=1):
        async with (
            serving(with_learnt(config, way), builtin) as service,
            RegistryClient(service.url) as everybody,
        ):
            bot = LearningClient(service.url, BOT_TOKEN)
            painting = b"painting %d" % number
            other = replace(wanted("garden path", f"key-of-{number}", ANN), painting=painting)
            job = (await bot.begin(other)).id
            answers = [await bot.accept(job, address=ANN) for _ in range(2)]  # the first one was lost
            (own,) = await bot.styles_of(ANN)
            assert [(each.version, each.alias) for each in answers] == [(number, own.ref)] * 2
            assert (own.version, own.ref.startswith(PRIVATE)) == (number, way == "private")
            assert (await everybody.resolve("garden-path", own.ref)).version == number
    live, secret = (ways.index(way) + 1 for way in ("live", "private"))
    async with serving(config, builtin) as service, RegistryClient(service.url) as everybody:
        assert (await everybody.resolve("garden-path")).version == live
        with pytest.raises(UnknownStyle):
            await everybody.resolve("garden-path", str(secret))
        async with service.client.get("/api/styles/garden-path") as answer:
            shown = await answer.text()
        assert PRIVATE not in shown
        assert f'"version": {secret}' not in shown


async def fetched(service: Service, path: str, headers: dict[str, str] | None) -> tuple[int, str]:
    """Status and Cache-Control of an answer."""
    async with service.client.get(path, headers=headers) as answer:
        return answer.status, answer.headers["Cache-Control"]


class TestStaged:
    @pytest.fixture
    def config(self, config: RegistryConfigFile) -> RegistryConfigFile:
        return with_learnt(config, "staged")

    async def test_it_waits_for_a_maintainer(self, bot: LearningClient, reader: RegistryClient) -> None:
        await learnt(bot, "garden path", ANN)
        assert (await reader.resolve("garden-path", "staged")).version == 1
        with pytest.raises(UnknownStyle):
            await reader.resolve("garden-path")
        (style,) = await bot.styles_of(ANN)
        assert (style.name, style.ref) == ("garden-path", "staged")


class TestPrivate:
    @pytest.fixture
    def config(self, config: RegistryConfigFile) -> RegistryConfigFile:
        return with_learnt(config, "private")

    async def test_only_who_knows_its_secret_finds_it(
        self, service: Service, bot: LearningClient, reader: RegistryClient, tmp_path: Path
    ) -> None:
        await learnt(bot, "garden path", ANN)
        (style,) = await bot.styles_of(ANN)
        assert style.ref.startswith(PRIVATE)
        assert (await reader.resolve("garden-path", style.ref)).version == 1
        for ref in ("live", "1", "staged", PRIVATE + "0" * 24):
            with pytest.raises(UnknownStyle):
                await reader.resolve("garden-path", ref)
            with pytest.raises(UnknownStyle):
                await reader.card("garden-path", ref)
        assert "garden-path" not in [each.name for each in await reader.styles()]
        digest, key = split_digest((await reader.resolve("garden-path", style.ref)).digest)
        with service.second_store() as store:
            version = store.kept("garden-path").versions[0]
            assert style.ref not in str(store.audit(20))
        keyed, weights = keyed_digest(digest, key), tmp_path / "weights"
        await reader.download(keyed, weights)  # as balancers do
        assert digest == version.digest == f"sha256:{sha256(weights.read_bytes()).hexdigest()}"
        stranger = {"Authorization": f"Bearer {await token(service, 'Bo')}"}
        for path in (blob_path(version.digest), blob_path(version.preview)):
            for headers in (None, stranger, {BLOB_KEY: "0" * 32}):
                assert await fetched(service, path, headers) == (404, "no-store")
            for headers in (bot.headers, {"Authorization": f"Bearer {TOKEN}"}):
                assert await fetched(service, path, headers) == (200, "private, no-store")
        with service.second_store() as store:
            assert store.proofs_wanted() == []
        await bot.retire(ANN)
        with pytest.raises(RegistryUnavailable, match="404"):
            await reader.download(keyed, weights)
        for ref in ("1", style.ref):
            with pytest.raises(UnknownStyle):
                await reader.resolve("garden-path", ref)
        assert "garden-path" not in [event.style for event in (await reader.events()).events]
