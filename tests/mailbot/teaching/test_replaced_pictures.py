"""The right picture, which comes while the wrong one waits or is learnt."""

from __future__ import annotations

import asyncio

import pytest

from mailbot.storage.ledger import Ledger
from mailbot.teaching import lessons
from registry.client import LearningClient
from styles.learning_errors import EnoughForToday
from tests.fakes.mailbot.bot import Folder, pictures_of, until_census
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import ANN, School, lesson, reply, said
from tests.fakes.runner.balancer import FakeBalancer
from tests.fakes.waiting import until

SORRY = "Sorry, wrong photo, here is the right one"


def again(to: str, text: str, number: int = 2, *names: str, subject: str = "Re: learn: my garden") -> bytes:
    """A reply of Ann's with another picture, or with pictures of these names."""
    return lesson(subject, number, *names, text=text, In_Reply_To=to, References=to)


@pytest.mark.parametrize(
    "text",
    [SORRY, "", "Please learn this one instead", "Perdón, foto equivocada, aquí está la correcta.\n\nAna"],
)
async def test_the_right_picture_is_learnt_under_the_name_of_the_wrong_one(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(again(str(notice["Message-ID"]), text))
        replaced = (await sink.wait_for(2))[1]
        wrong, right = school.learner.jobs.values()
        assert (wrong.cancelled, right.cancelled) == (True, False)
        await until_census(ledger, "message.silent")
        school.learner.may_finish.set()
        answer = (await sink.wait_for(3))[2]
    assert right.form["name"] == "my-garden"
    assert right.form["painting"] != wrong.form["painting"]
    assert replaced["In-Reply-To"] == answer["In-Reply-To"] == "<2@example.org>"
    if "foto" not in text:
        told = "This picture took the place of the one before, of which I have kept nothing."
        assert told in said(replaced)
        assert told in said(answer)
        assert "I have learnt “My garden” from your painting." in said(answer)
    assert [style.name for style in school.store.styles_of(ANN)] == ["my-garden"]
    assert len(sink.received) == 3


async def test_a_bot_that_was_stopped_goes_on_with_the_right_picture(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(again(str(notice["Message-ID"]), SORRY))
        await sink.wait_for(2)
        await until_census(ledger, "message.silent")
    school.learner.may_finish.set()
    async with school.answering(Folder(), ledger, balancer, sink):
        answer = (await sink.wait_for(3))[2]
    assert "This picture took the place of the one before" in said(answer)
    assert len(school.learner.jobs) == 2


@pytest.mark.parametrize("state", ["queued", "running"])
async def test_a_wrong_picture_takes_no_place_of_the_day(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, state: str
) -> None:
    folder = Folder(lesson())
    school.learner.began = lambda: setattr(next(iter(school.learner.jobs.values())), "state", state)
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(again(str(notice["Message-ID"]), SORRY))
        replaced = (await sink.wait_for(2))[1]
        folder.put(reply(str(replaced["Message-ID"]), "stop"))
        await sink.wait_for(3)
    # The balancer counts, and is told which of them another picture has taken the place of.
    jobs = [(job.cancelled, job.is_swapped) for job in school.learner.jobs.values()]
    assert jobs == [(True, True), (True, False)]


async def test_who_has_had_enough_today_hears_how_many_may_be_learnt(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    school.learner.refusal = EnoughForToday(3)
    mail = lesson("Lerne: Mein Garten", text="Lerne bitte dieses Bild. Vielen Dank und schöne Grüße")
    async with school.answering(Folder(mail), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert "3 Gemälden" in said(answer)
    assert not school.learner.jobs


async def test_both_pictures_of_one_perfect_picture_are_replaced(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson("our dog", 1, "dog.jpg", "oil.jpg", text="paint it exactly like this"))
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(again(str(notice["Message-ID"]), SORRY, 2, "cat.jpg", "oil.jpg", subject="Re: our dog"))
        replaced = (await sink.wait_for(2))[1]
        school.learner.may_finish.set()
        answer = (await sink.wait_for(3))[2]
    assert [job.cancelled for job in school.learner.jobs.values()] == [True, False]
    assert "These pictures took the place of those before" in said(replaced)
    assert "Here is your photo, painted exactly like the painting." in said(answer)


async def until_begun(ledger: Ledger) -> None:
    """Until the row of the first lesson is written, which nobody announces."""
    async with asyncio.timeout(40):
        while await ledger.read(lambda db: lessons.of_message(db, 1)) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("is_deletion", [False, True])
async def test_one_perfect_picture_becomes_no_style_before_its_job_is_known(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, is_deletion: bool
) -> None:
    """Neither one picture nor the deletion of all styles ends the lesson while the balancer is away."""
    await school.learner.__aexit__()
    folder = Folder(lesson("our dog", 1, "dog.jpg", "oil.jpg", text="paint it exactly like this"))
    one, deletion = again("<1@example.org>", SORRY, subject="Re: our dog"), "delete my styles"
    async with school.answering(folder, ledger, balancer, sink):
        await until_begun(ledger)
        folder.put(reply("<unknown@x>", deletion, subject="please") if is_deletion else one)
        await sink.wait_for(1)
        async with school.learner:
            answer = (await sink.wait_for(2))[1]
    assert "Here is your photo, painted exactly like the painting." in said(answer)
    assert school.learner.only.kind == "picture"


@pytest.mark.parametrize(
    ("text", "jobs"),
    [
        ("Sorry, this one in mosaic please", 1),  # a photo to paint
        ("learn: blue hills", 2),  # another lesson beside the first
    ],
)
async def test_another_picture_with_other_words_replaces_nothing(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str, jobs: int
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(again(str(notice["Message-ID"]), text))
        answer = (await sink.wait_for(2))[1]
    assert not any(job.cancelled for job in school.learner.jobs.values())
    assert len(school.learner.jobs) == jobs
    assert bool(pictures_of(answer)) is (jobs == 1)


async def test_the_right_picture_can_be_stopped_too(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(again(str(notice["Message-ID"]), SORRY))
        replaced = (await sink.wait_for(2))[1]
        folder.put(reply(str(replaced["Message-ID"]), "stop"))
        answer = (await sink.wait_for(3))[2]
        await until_census(ledger, "message.silent", 2)
    assert "I have stopped, and kept nothing of it." in said(answer)
    assert all(job.cancelled for job in school.learner.jobs.values())
    assert school.store.styles_of(ANN) == []


async def test_a_picture_is_corrected_outside_of_its_thread(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink):
        folder.put(lesson("hello", 2, text="Here is our dog, in mosaic please."))
        await sink.wait_for(2)
        assert not school.learner.only.cancelled
        folder.put(lesson("oops", 3, text=SORRY))
        replaced = (await sink.wait_for(3))[2]
    wrong, right = school.learner.jobs.values()
    assert (wrong.cancelled, right.form["name"]) == (True, "my-garden")
    assert "This picture took the place of the one before" in said(replaced)


async def test_the_right_picture_is_learnt_after_the_wrong_one_was_stopped(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancelled: list[str] = []
    cancel = LearningClient.cancel

    async def counted(client: LearningClient, id: str, **how: bool) -> None:
        cancelled.append(id)
        await cancel(client, id, **how)

    monkeypatch.setattr(LearningClient, "cancel", counted)
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(reply(str(notice["Message-ID"]), "Hold on - I took the wrong photo"))
        assert "I have stopped, and kept nothing of it." in said((await sink.wait_for(2))[1])
        await until_census(ledger, "message.silent")
        folder.put(again(str(notice["Message-ID"]), "Here is the right one"))
        await sink.wait_for(3)
        count, looks = len(cancelled), school.learner.looks
        await until(lambda: school.learner.looks > looks + 3)
        assert len(cancelled) == count  # it is cancelled once more, and not at every look
    wrong, right = school.learner.jobs.values()
    assert (wrong.cancelled, right.cancelled, right.form["name"]) == (True, False, "my-garden")
    assert wrong.is_swapped


@pytest.mark.parametrize("text", ["And learn this one as well please", "还有这一张也请学习"])
async def test_one_more_picture_takes_no_place_of_the_one_before(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(again(str(notice["Message-ID"]), text, 2, "harbour.jpg"))
        await sink.wait_for(2)
    assert [job.cancelled for job in school.learner.jobs.values()] == [False, False]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Here is another one", "harbour"),
        ("Here is another one: Barn", "barn"),
        ("Hier ist noch eins: Scheune", "scheune"),
        ("En voici un autre : Potager", "potager"),
        ("Aquí va otro cuadro más: Huerto", "huerto"),
    ],
)
async def test_one_more_painting_is_a_lesson_of_its_own(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str, name: str
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(again(str(notice["Message-ID"]), text, 2, "harbour.jpg"))
        await sink.wait_for(2)
    jobs = school.learner.jobs.values()
    assert [(job.cancelled, job.form["name"]) for job in jobs] == [(False, "my-garden"), (False, name)]
