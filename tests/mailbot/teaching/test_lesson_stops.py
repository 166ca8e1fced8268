"""Stops in the words of people, while the balancer is away too, and what can be taught after one."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from mailbot.retention import retention
from mailbot.storage.ledger import Ledger
from mailbot.teaching import lessons
from mailbot.teaching.lesson_stops import LessonStops
from mailbot.teaching.teaching import MOST_HOURS
from registry.client import LearningClient, PaintingToLearn
from styles.errors import Permanent
from styles.service.units import HOUR
from tests.fakes.mailbot.bot import Folder, until_census
from tests.fakes.mailbot.ledger import accept, variant
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import ANN, School, lesson, reply, said
from tests.fakes.registry.service import BOT_TOKEN
from tests.fakes.runner.balancer import FakeBalancer
from tests.fakes.waiting import until

STOPPED = "I have stopped, and kept nothing of it."


@pytest.mark.parametrize(
    ("mail", "is_swapped"),
    [
        (reply("<unknown@x>", "stop learning", subject="please"), False),
        (reply("<unknown@x>", "delete my photos", subject="please"), False),
        (lesson("oops", 2, text="Sorry, wrong photo, here is the right one"), True),
    ],
)
async def test_a_job_is_cancelled_when_the_balancer_is_back(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School,
    monkeypatch: pytest.MonkeyPatch, mail: bytes, is_swapped: bool,
) -> None:  # fmt: skip
    tries: list[str] = []
    cancel = LearningClient.cancel

    async def counted(client: LearningClient, id: str, **how: bool) -> None:
        tries.append(id)
        await cancel(client, id, **how)

    monkeypatch.setattr(LearningClient, "cancel", counted)
    monkeypatch.setattr(retention, "DELETION_PAUSE", 0.05)
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink):
        job = school.learner.only
        await school.learner.__aexit__()
        folder.put(mail)
        await until(lambda: len(tries) > 2)  # by the mail that asks, and by the lesson's own
        assert not job.cancelled
        async with school.learner:
            await until(lambda: job.cancelled)
    assert job.is_swapped is is_swapped


async def test_a_lesson_that_is_given_up_is_told_once_and_leaves_nothing(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "LONGEST_PAUSE", 0.05)
    monkeypatch.setattr(retention, "DELETION_PAUSE", 0.05)
    late, folder = [0.0], Folder(lesson())
    school.learner.may_finish.clear()
    async with school.answering(folder, ledger, balancer, sink, clock=lambda: time.time() + late[0]):
        (notice,) = await sink.wait_for(1)
        first = school.learner.only
        await school.learner.__aexit__()
        late[0] = MOST_HOURS * HOUR + 1
        given_up = (await sink.wait_for(2))[1]
        assert "had to give up. Please send it again." in said(given_up)
        async with school.learner:
            await until(lambda: first.cancelled)
            late[0] = 0.0
            school.learner.may_finish.set()
            again = lesson("Re: learn: my garden", 2, In_Reply_To=str(notice["Message-ID"]))
            folder.put(again)
            learnt = (await sink.wait_for(3))[2]
    assert "I have learnt “My garden” from your painting." in said(learnt)
    assert learnt["In-Reply-To"] == "<2@example.org>"
    count = "SELECT count(*) FROM lesson WHERE begun_at > 0"
    assert await ledger.read(lambda db: db.execute(count).fetchone()[0]) == 1


async def test_what_a_bot_has_published_before_it_died_is_taken_back(ledger: Ledger, school: School) -> None:
    client = LearningClient(school.url, BOT_TOKEN)
    mail = await accept(ledger, variant(1))
    job = (await client.begin(PaintingToLearn(painting=b"oil", key="key-1", name="hills", address=ANN))).id
    await client.accept(job, address=ANN)  # and nobody hears of it
    under_way = await ledger.transact(lambda db: lessons.begin(db, mail.id, "ann", 1.0))
    assert under_way
    stops = LessonStops(client, ledger, time.time)
    assert await stops.one(replace(under_way, job=job))
    assert school.store.styles_of(ANN) == []
    assert school.learner.only.cancelled
    with pytest.raises(Permanent, match="This was stopped"):
        await client.accept(job, address=ANN)
    await client.cancel(job, withdraws=True)  # a second time changes nothing


@pytest.mark.parametrize(
    ("text", "stopped"),
    [
        ("やっぱりやめてください", "やめました。何も残していません。"),
        ("Non, arrête finalement", "J’ai arrêté, et je n’en ai rien gardé."),
        ("non lo voglio più", "Ho smesso, e non ne ho tenuto niente."),
        ("I changed my mind", STOPPED),
    ],
)
async def test_a_lesson_is_stopped_in_the_words_of_people(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str, stopped: str
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(reply(str(notice["Message-ID"]), text))
        answer = (await sink.wait_for(2))[1]
    assert stopped in said(answer)
    assert school.learner.only.cancelled


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("これでいいです。", "「My garden」の学習をやめますか？"),
        ("Ich lass es so", "Soll ich aufhören, „My garden“ zu lernen?"),
    ],
)
async def test_content_with_a_lesson_is_asked_back(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str, question: str
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(reply(str(notice["Message-ID"]), text))
        asked = (await sink.wait_for(2))[1]
        assert not school.learner.only.cancelled
    assert question in said(asked)


@pytest.mark.parametrize(
    ("text", "late"),
    [
        ("やっぱりやめて", "やめるものはありません。"),
        ("stop it please", "There is nothing to stop"),
        ("I don't want it any more", "There is nothing to stop"),
    ],
)
async def test_a_stop_that_comes_too_late_renames_nothing(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str, late: str
) -> None:
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (learnt,) = await sink.wait_for(1)
        folder.put(reply(str(learnt["Message-ID"]), text))
        answer = (await sink.wait_for(2))[1]
    assert late in said(answer)
    assert [style.name for style in school.store.styles_of(ANN)] == ["my-garden"]
    assert school.store.card("my-garden").title == "My garden"


async def test_after_a_stop_another_name_asks_for_the_painting_and_is_kept_for_it(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(reply(str(notice["Message-ID"]), "stop", 2))
        assert STOPPED in said((await sink.wait_for(2))[1])
        await until_census(ledger, "message.silent")  # until then its painting is kept
        folder.put(reply(str(notice["Message-ID"]), "learn: late bloom", 3))
        asked = (await sink.wait_for(3))[2]
        assert "Please answer with a photo of it." in said(asked)
        to = str(asked["Message-ID"])
        folder.put(lesson("Re: learn: my garden", 4, text="Here it is", In_Reply_To=to, References=to))
        await sink.wait_for(4)
    assert [job.form["name"] for job in school.learner.jobs.values()] == ["my-garden", "late-bloom"]


async def test_an_offer_that_was_declined_is_taken_up_again_by_its_name(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson("Learn my orchard"))
    async with school.answering(folder, ledger, balancer, sink):
        (painted,) = await sink.wait_for(1)
        folder.put(reply(str(painted["Message-ID"]), "stop", 2, subject="Re: Learn my orchard"))
        declined = (await sink.wait_for(2))[1]
        to = f"{painted['Message-ID']} {declined['Message-ID']}"
        folder.put(reply(to, "learn: late bloom", 3, subject="Re: Learn my orchard"))
        learnt = (await sink.wait_for(3))[2]
    assert "I have learnt “Late bloom” from your painting." in said(learnt)
