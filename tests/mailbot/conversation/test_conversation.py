"""A reply without a photo means the photo of its thread: whose, how long, and painted how."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from mailbot.providers import PROVIDERS
from mailbot.storage import erasure
from mailbot.storage.ledger import Ledger
from styles.contract import PaintingRecipe
from styles.imaging.xmp import embedded, packet
from tests.fakes.mailbot.bot import pictures_of, text_of, until_census, until_settled
from tests.fakes.mailbot.ledger import spooled
from tests.fakes.mailbot.mails import mail, photo
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.talk import ANN, Talk
from tests.fakes.runner.balancer import FakeBalancer, painted
from tests.fakes.waiting import until

BEN = "Ben <ben@example.org>"
PASS = "mx.example; dmarc=pass header.from=example.org"
BEACH = photo(seed=1)


async def test_the_original_is_painted_again(talk: Talk) -> None:
    first = await talk.says("mosaic 60% please", BEACH)
    second = await talk.says("now in the scream please", to=first)
    assert second is not None
    assert pictures_of(second) == [painted(BEACH)]
    assert talk.last == {"style": "the-scream", "strength": "0.6"}
    third = await talk.says("again but bigger, and stronger", to=second)
    assert talk.last == {"style": "the-scream", "strength": "0.86", "size": "2048"}
    await talk.says("keep the colors", to=third)
    assert talk.last == {
        "style": "the-scream",
        "strength": "0.86",
        "size": "2048",
        "keep_colors": "true",
    }
    assert talk.balancer.photos == [BEACH] * 4


async def test_an_answer_further_up_the_thread_is_about_its_own_painting(talk: Talk) -> None:
    first = await talk.says("mosaic", BEACH)
    await talk.says("now in the scream please", to=first)
    await talk.says("bigger", to=first)
    assert talk.last == {"style": "mosaic", "size": "2048"}


async def test_a_photo_that_could_not_be_painted_is_remembered_too(talk: Talk) -> None:
    first = await talk.says("picasso", BEACH)
    assert first is not None
    assert "no style called" in text_of(first)
    await talk.says("mosaic please", to=first)
    assert talk.last == {"style": "mosaic"}
    assert talk.balancer.photos == [BEACH]


@pytest.mark.parametrize(
    "text",
    [
        "My uncle says hello, and he would like to know where you live.",
        *("back to the first one", "brighter please"),
    ],
)
async def test_a_reply_that_asks_for_nothing_known_is_not_painted(talk: Talk, text: str) -> None:
    first = await talk.says("mosaic", BEACH)
    answer = await talk.says(text, to=first)
    assert answer is not None
    assert f"I still have your photo, but I did not understand: “{text[:30]}" in text_of(answer)
    assert "“bigger” or “more subtle”" in text_of(answer)
    assert len(talk.balancer.jobs) == 1


async def test_questions_in_a_thread_are_answered_as_ever(talk: Talk) -> None:
    first = await talk.says("mosaic", BEACH)
    answer = await talk.says("styles", to=first)
    assert answer is not None
    assert "I paint in 3 styles." in text_of(answer)


async def test_nobody_gets_the_photo_of_another_person(talk: Talk) -> None:
    first = await talk.says("mosaic", BEACH)
    answer = await talk.says("now in the scream please", to=first, sender=BEN)
    assert answer is not None
    assert "no photo" in text_of(answer)
    assert len(talk.balancer.jobs) == 1


async def test_no_earlier_photo_goes_to_the_reply_to_of_another(talk: Talk) -> None:
    first = await talk.says("mosaic", BEACH)
    answer = await talk.says("now in the scream please", to=first, Reply_To="mallory@evil.example")
    assert answer is not None
    assert "mallory@evil.example" in answer["To"]
    assert "no photo" in text_of(answer)
    await talk.says("now in the scream please", to=first, Reply_To="ann+own@Example.org")
    assert [job["style"] for job in talk.balancer.jobs] == ["mosaic", "the-scream"]


async def test_an_unproven_sender_has_no_memory(ledger: Ledger, balancer: FakeBalancer, sink: Sink) -> None:
    async with Talk(ledger, balancer, sink, authserv_id=["mx.example"]) as talk:
        first = await talk.says("mosaic", BEACH, Authentication_Results=PASS)
        answer = await talk.says("now in the scream please", to=first)
        assert answer is not None
        assert "no photo" in text_of(answer)
        await talk.says("now in the scream please", to=first, Authentication_Results=PASS)
        assert [job["style"] for job in balancer.jobs] == ["mosaic", "the-scream"]


async def test_after_a_deletion_the_photo_has_to_come_again(talk: Talk) -> None:
    first = await talk.says("mosaic", BEACH)
    assert len(spooled(talk.ledger._file)) == 1
    await talk.says("", subject="delete my photos")
    assert spooled(talk.ledger._file) == []
    answer = await talk.says("now in the scream please", to=first)
    assert answer is not None
    assert "I no longer have the photo that you mean." in text_of(answer)
    assert "attach it again" in text_of(answer)
    assert len(talk.balancer.jobs) == 1


async def test_after_keep_days_the_photo_has_to_come_again(talk: Talk) -> None:
    first = await talk.says("mosaic", BEACH)
    files = await talk.ledger.transact(lambda db: erasure.erase_due(db, 9e9, 86_400.0, 10))
    for name in files:
        talk.ledger.spool.remove(name)
    answer = await talk.says("bigger", to=first)
    assert answer is not None
    assert "I no longer have the photo that you mean." in text_of(answer)


async def test_like_last_time(talk: Talk) -> None:
    harbour = photo(seed=2)
    await talk.says("mosaic 60%, small", BEACH)
    await talk.says("like last time please", harbour)
    assert talk.last == {"style": "mosaic", "strength": "0.6", "size": "512"}
    assert talk.balancer.photos[-1] == harbour
    await talk.says("the same in the scream", harbour)
    assert talk.last == {"style": "the-scream", "strength": "0.6", "size": "512"}
    await talk.says("like last time please", harbour, sender=BEN)
    assert talk.last == {"style": "starry-night"}  # the default: he has no last time


async def test_a_painting_beside_a_photo_is_its_recipe(talk: Talk) -> None:
    recipe = PaintingRecipe(style="the-scream", strength=0.4, size=512, keep_colors=True)
    painting = embedded(photo(seed=5), "jpeg", packet(recipe, "In the style of The Scream"))
    answer = await talk.says("", painting, BEACH)
    assert answer is not None
    assert talk.balancer.photos == [BEACH]
    assert talk.last == {
        "style": "the-scream",
        "strength": "0.4",
        "size": "512",
        "keep_colors": "true",
    }
    await talk.says("mosaic", painting, BEACH)
    assert talk.last["style"] == "mosaic"


async def test_a_painting_alone_is_no_photo(talk: Talk) -> None:
    painting = embedded(BEACH, "jpeg", packet(PaintingRecipe(style="mosaic"), ""))
    answer = await talk.says("the scream", painting)
    assert answer is not None
    assert "a painting of mine" in text_of(answer)
    assert talk.balancer.jobs == []


async def test_both_photos_of_a_mail_are_meant(talk: Talk) -> None:
    harbour = photo(seed=2)
    first = await talk.says("mosaic", BEACH, harbour)
    await talk.says("now in the scream", to=first)
    assert sorted(talk.balancer.photos[2:]) == sorted([BEACH, harbour])
    assert {job["style"] for job in talk.balancer.jobs[2:]} == {"the-scream"}


async def test_a_photo_that_is_still_being_painted_is_meant_too(talk: Talk) -> None:
    talk.balancer.may_paint.clear()
    talk.folder.put(mail("mosaic", images=[("beach.jpg", BEACH)], sender=ANN, message_id="<a@example.org>"))
    await talk.balancer.asked.wait()
    fields = {"References": "<a@example.org>"}
    talk.folder.put(mail("", "the scream too please", [], ANN, message_id="<b@example.org>", **fields))
    await until(lambda: len(talk.balancer.jobs) == 2)
    talk.balancer.may_paint.set()
    await until_settled(talk.ledger, 2)
    assert talk.balancer.photos == [BEACH, BEACH]
    assert talk.last == {"style": "the-scream"}


async def test_a_stop_while_a_reply_is_painted_ends_in_one_answer(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    async with Talk(ledger, balancer, sink) as talk:
        first = await talk.says("mosaic", BEACH)
        balancer.may_paint.clear()
        waiting = asyncio.create_task(talk.says("now in the scream please", to=first))
        await until(lambda: len(balancer.jobs) == 2)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    balancer.may_paint.set()
    async with Talk(ledger, balancer, sink):
        await until_settled(ledger, 2)
        answers = await sink.wait_for(2)
        await until_census(ledger, "outbox.sent", 2)
    assert len(answers) == 2
    assert pictures_of(answers[1]) == [painted(BEACH)]
    assert balancer.jobs[1]["job"] == balancer.jobs[2]["job"]


async def test_a_part_that_is_refused_for_now_is_sent_again_with_its_id(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    photos = [photo(2000, 1500, seed=n) for n in range(4)]
    sink.faults.extend(["451 later", "drop"])
    async with Talk(ledger, balancer, sink, max_reply_bytes=700_000) as talk:
        await talk.says("mosaic", *photos)
        await until_census(ledger, "outbox.sent", 2)
    ids = {str(answer["Message-ID"]) for answer in sink.messages}
    assert len(ids) == 2
    assert sorted({p for answer in sink.messages for p in pictures_of(answer)}) == sorted(
        map(painted, photos)
    )


async def test_more_pictures_than_fit_come_in_further_answers(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    photos = [photo(2000, 1500, seed=n) for n in range(5)]
    async with Talk(ledger, balancer, sink, max_reply_bytes=700_000) as talk:
        await talk.says("mosaic", *photos)
        answers = await sink.wait_for(3)
    rows = await ledger.read(lambda db: db.execute("SELECT message, message_id FROM outbox").fetchall())
    assert len(rows) == len({row["message_id"] for row in rows}) == 3
    assert {row["message"] for row in rows} == {1}
    assert sorted(p for answer in answers for p in pictures_of(answer)) == sorted(map(painted, photos))
    texts = sorted(text_of(answer) for answer in answers)
    assert ["This is answer 1 of 3" in texts[0], "send it again" in "".join(texts)] == [True, False]
    assert {str(answer["In-Reply-To"]) for answer in answers} == {"<1@example.org>"}


async def test_where_nothing_could_be_painted_one_answer_says_so(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    photos = [photo(2000, 1500, seed=n) for n in range(5)]
    balancer.faults += [(400, "This is no picture.", "NotAnImage")] * 5
    async with Talk(ledger, balancer, sink, max_reply_bytes=700_000) as talk:
        await talk.says("mosaic", *photos)
    rows = await ledger.read(lambda db: db.execute("SELECT message_id FROM outbox").fetchall())
    assert len(rows) == 1


async def test_a_provider_that_takes_less_gets_smaller_answers(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = replace(PROVIDERS["icloud"], message_bytes=200_000)
    monkeypatch.setitem(PROVIDERS, "icloud", small)
    async with Talk(ledger, balancer, sink, provider="icloud") as talk:
        answer = await talk.says("mosaic", photo(2000, 1500))  # 87 kB, and a preview as large
    assert answer is not None
    assert len(answer.as_bytes()) < small.message_bytes
