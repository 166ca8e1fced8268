"""A lesson step by step: what is refused before anybody is told to wait, and what has another name."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest
from PIL import Image

from mailbot.storage.ledger import Ledger
from mailbot.teaching import painting_lessons
from registry.client import LearningClient
from registry.client_upload import Published
from styles.learning_errors import LearningStopped, PaintingBlank
from tests.fakes.mailbot.bot import Folder, until_census, until_settled
from tests.fakes.mailbot.mails import mail
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import ANN, School, lesson, reply, said
from tests.fakes.runner.balancer import FakeBalancer
from tests.fakes.waiting import until


async def test_nobody_is_told_to_wait_for_a_picture_that_is_refused_at_a_look(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    school.learner.may_finish.clear()
    school.learner.is_seen = False
    async with school.answering(Folder(lesson()), ledger, balancer, sink):
        await until(lambda: school.learner.looks > 2)
        assert sink.received == []
        problem = {"type": "urn:mailbot:error:PaintingBlank", "detail": PaintingBlank.sentence}
        school.learner.only.problem = problem
        (answer,) = await sink.wait_for(1)
    assert "That picture is blank" in said(answer)


@pytest.mark.parametrize("is_seen", [True, False])
async def test_who_has_to_wait_is_told_so_when_the_picture_was_seen_or_has_waited(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, monkeypatch: pytest.MonkeyPatch,
    is_seen: bool,
) -> None:  # fmt: skip
    monkeypatch.setattr(painting_lessons, "LOOK_SECONDS", 3600.0 if is_seen else 0.0)
    school.learner.may_finish.clear()
    school.learner.is_seen = is_seen
    async with school.answering(Folder(lesson()), ledger, balancer, sink):
        (notice,) = await sink.wait_for(1)
    assert "I have your painting, and I am learning from it." in said(notice)


@pytest.mark.parametrize("is_picture", [False, True])
async def test_a_lesson_that_is_stopped_while_its_answer_is_written_leaves_nothing_and_is_not_answered(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, is_picture: bool
) -> None:
    learner = school.learner
    exactly = lesson("our dog", 1, "dog.jpg", "oil.jpg", text="paint it exactly like this")
    folder = Folder(exactly if is_picture else lesson())
    going_on = learner.may_hand_over if is_picture else learner.may_forget
    going_on.clear()
    async with school.answering(folder, ledger, balancer, sink):
        await until(lambda: learner.jobs)
        await until(learner.only.was_fetched.is_set if is_picture else lambda: learner.only.cancelled)
        folder.put(reply("<1@example.org>", "stop learning"))
        (answer,) = await sink.wait_for(1)
        going_on.set()
        await until_census(ledger, "message.silent")
    assert "I have stopped, and kept nothing of it." in said(answer)
    assert len(sink.received) == 1
    assert school.store.styles_of(ANN) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("unsubscribe", "You will hear nothing more from me"),
        ("delete my photos", "Your photos and mails are deleted"),
        ("delete my styles", "Nobody can ask for “my-garden” any more."),
    ],
)
async def test_whoever_leaves_while_the_answer_is_written_leaves_no_style(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, words: str, told: str
) -> None:
    folder = Folder(lesson())
    school.learner.may_forget.clear()
    async with school.answering(folder, ledger, balancer, sink):
        await until(lambda: school.learner.jobs and school.learner.only.cancelled)
        assert [style.name for style in school.store.styles_of(ANN)] == ["my-garden"]
        folder.put(reply("<unknown@x>", words, subject="please"))
        (answer,) = await sink.wait_for(1)
        assert school.store.styles_of(ANN) == []
        school.learner.may_forget.set()
        await until_settled(ledger, 2)
    assert told in said(answer)
    assert len(sink.received) == 1


async def test_an_answer_that_is_deleted_before_it_is_sent_takes_its_style_along(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        await sink.wait_for(1)
    await ledger.transact(lambda db: db.execute("UPDATE outbox SET state = 'pending', next_at = 9e9"))
    async with school.answering(folder, ledger, balancer, sink):
        folder.put(reply("<unknown@x>", "delete my photos", subject="please"))
        answer = (await sink.wait_for(2))[1]
    assert "Your photos and mails are deleted" in said(answer)
    assert school.store.styles_of(ANN) == []


async def test_what_is_published_without_its_bot_is_answered_once_though_the_balancer_forgets(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    learner = school.learner
    learner.may_hand_over.clear()
    async with school.answering(Folder(lesson()), ledger, balancer, sink):
        await until(lambda: learner.jobs and learner.only.was_fetched.is_set())
    learner.may_hand_over.set()
    job = learner.only.id
    await until(lambda: school.store.made_by(job))
    learner.jobs.clear()
    async with school.answering(Folder(), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert "I have learnt “My garden”" in said(answer)
    assert (learner.posts, len(school.store.kept("my-garden").versions)) == (1, 1)


@pytest.mark.parametrize("is_on_trial", [False, True])
async def test_what_a_maintainer_throws_away_is_told_and_does_not_count(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, is_on_trial: bool
) -> None:
    learner = school.learner
    (learner.may_hand_over if is_on_trial else learner.may_finish).clear()
    maintainer = LearningClient(school.url, school.store.tokens.add("Mo", scope="registry"))
    async with school.answering(Folder(lesson()), ledger, balancer, sink):
        await until(lambda: learner.jobs and (learner.only.was_fetched.is_set() or not is_on_trial))
        await maintainer.cancel(learner.only.id)
        if is_on_trial:
            learner.jobs.clear()
        answer = (await sink.wait_for(1 if is_on_trial else 2))[-1]
    assert LearningStopped.sentence in said(answer)
    assert learner.posts == 1
    count = "SELECT count(*) FROM lesson WHERE begun_at > 0"
    assert await ledger.read(lambda db: db.execute(count).fetchone()[0]) == 0


async def test_a_picture_of_one_pixels_width_is_told_of(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    thread = io.BytesIO()
    Image.new("RGB", (1, 10_000), "red").save(thread, "PNG")
    images = [("canvas.png", thread.getvalue())]
    mails = [
        mail("learn: my garden", "", images, sender=ANN, message_id="<1@example.org>"),
        mail("the wave, please", "", images, sender="bo@example.org", message_id="<2@example.org>"),
        mail("learn: my garden", "", [], sender=ANN, message_id="<3@example.org>"),
    ]
    async with school.answering(Folder(*mails), ledger, balancer, sink):
        answers = await sink.wait_for(3)
    told = {str(answer["In-Reply-To"])[1]: said(answer) for answer in answers}
    assert "only one or two pixels wide or high" in told["1"]
    assert "only one or two pixels wide or high" in told["2"]
    assert "Please answer with a photo of it" in told["3"]
    assert school.learner.jobs == {}


async def test_of_two_people_with_one_name_the_second_is_told_why_it_is_another(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    school.learner.may_finish.clear()
    other = "Bo <bo@example.org>"
    folder = Folder(lesson(), lesson(number=2, sender=other))
    async with school.answering(folder, ledger, balancer, sink, teachers=["@example.org"]):
        await sink.wait_for(2)
        school.learner.may_finish.set()
        answers = (await sink.wait_for(4))[2:]
    told = sorted(map(said, answers), key=len)
    assert "everybody may write “my-garden”" in told[0]
    assert "another style got the name" not in told[0]
    reason = "another style got the name “my-garden”, so yours is called “my-garden-2”."
    assert f"While I was learning, {reason}" in told[1]
    assert "everybody may write “my-garden-2”" in told[1]


@pytest.mark.parametrize(
    ("subject", "names", "told"),
    [
        ("learn: my garden", ("IMG_1.jpg",), "I have learnt “My garden”"),
        ("paint it exactly like this", ("painting.jpg", "photo.jpg"), "exactly"),
    ],
)
async def test_a_job_that_is_gone_when_its_work_is_fetched_begins_again(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School,
    subject: str, names: tuple[str, ...], told: str,
) -> None:  # fmt: skip
    school.learner.jobs_lost = 1
    async with school.answering(Folder(lesson(subject, 1, *names)), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert told in said(answer)
    assert school.learner.posts == 2


@pytest.mark.parametrize("is_published", [False, True])
async def test_deleting_all_styles_stops_what_is_learnt(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School,
    monkeypatch: pytest.MonkeyPatch, is_published: bool,
) -> None:  # fmt: skip
    may_go_on, was_accepted, accept = asyncio.Event(), asyncio.Event(), LearningClient.accept

    async def slowly(*args: Any, **card: Any) -> Published:
        published = await accept(*args, **card) if is_published else None
        was_accepted.set()
        await may_go_on.wait()
        return published or await accept(*args, **card)

    monkeypatch.setattr(LearningClient, "accept", slowly)
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        await was_accepted.wait()
        folder.put(reply("<unknown@x>", "delete my styles", subject="please"))
        (answer,) = await sink.wait_for(1)
        may_go_on.set()
        await until_census(ledger, "message.silent")
    assert "I have stopped, and kept nothing of it." in said(answer)
    assert len(sink.received) == 1
    assert school.store.styles_of(ANN) == []
