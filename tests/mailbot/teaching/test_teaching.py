"""Learning by mail, from the mailbox to the answer, with a real registry and a stand-in that learns."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import Folder, pictures_of, until_census
from tests.fakes.mailbot.mails import photo
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import ANN, School, lesson, reply, said
from tests.fakes.runner.balancer import FakeBalancer
from tests.fakes.waiting import until


async def test_a_painting_becomes_a_style_that_can_be_asked_for(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    school.learner.may_finish.clear()
    mail = lesson("learn: my garden", 1, "photo.jpg", "canvas.jpg")
    async with school.answering(Folder(mail), ledger, balancer, sink):
        (notice,) = await sink.wait_for(1)
        assert "I have your painting, and I am learning from it." in said(notice)
        assert "in about 4 minutes" in said(notice)
        assert "The style will be called “my garden”." in said(notice)
        assert "answer with “stop learning”" in said(notice)
        school.learner.may_finish.set()
        _, answer = await sink.wait_for(2)
    assert answer["In-Reply-To"] == "<1@example.org>"
    words = said(answer)
    assert "I have learnt “My garden” from your painting." in words
    assert "everybody may write “my-garden”" in words
    assert "http://styles.example/styles/my-garden" in words
    shown = [part for part in answer.walk() if part.get_content_type() == "image/jpeg"]
    assert Image.open(io.BytesIO(shown[0].get_content())).size == (8, 6)
    card = school.store.card("my-garden")
    assert (card.title, card.artist) == ("My garden", "Ann Teacher")
    assert school.learner.posts == 1
    assert school.learner.only.form["painting"] == photo(seed=101)  # as the files' names tell
    assert "I took the first" not in words
    assert school.learner.only.cancelled  # the balancer keeps nothing of it


async def test_a_bot_that_was_stopped_goes_on_with_the_same_job(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    school.learner.may_finish.clear()
    async with school.answering(Folder(lesson()), ledger, balancer, sink):
        await sink.wait_for(1)
    school.learner.may_finish.set()
    async with school.answering(Folder(), ledger, balancer, sink):
        _, answer = await sink.wait_for(2)
    assert "I have learnt “My garden”" in said(answer)
    assert len(school.learner.jobs) == 1
    assert len(sink.received) == 2  # one notice, one answer


@pytest.mark.parametrize(
    ("settings", "fields", "words"),
    [
        ({"teachers": []}, {}, "I learn only from people whom my owner has named"),
        ({}, {"sender": "eve@example.org"}, "I learn only from people whom my owner has named"),
        (
            {"authserv_id": ["mx.example"]},
            {"Authentication_Results": "mx.example; dmarc=none header.from=example.org"},
            "your mail came without proof that it is yours",
        ),
    ],
)
async def test_others_get_a_friendly_no(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School,
    settings: dict[str, object], fields: dict[str, str], words: str,
) -> None:  # fmt: skip
    async with school.answering(Folder(lesson(**fields)), ledger, balancer, sink, **settings):  # type: ignore[arg-type]
        (answer,) = await sink.wait_for(1)
    assert words in said(answer)
    assert school.learner.jobs == {}


async def test_a_teacher_of_a_bot_without_a_token_is_told_that_nothing_is_learnt(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    async with school.answering(Folder(lesson()), ledger, balancer, sink, token=""):
        (answer,) = await sink.wait_for(1)
    assert "I cannot learn from paintings here. My owner can switch it on." in said(answer)


async def test_a_taken_name_is_refused_and_another_given_by_a_reply(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson("learn: help"))
    async with school.answering(folder, ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
        assert "“help” means something else in a mail" in said(answer)
        assert "Answer with “learn: help-easel”, or with “learn:” and another name." in said(answer)
        folder.put(reply(str(answer["Message-ID"]), "learn: help-easel"))
        _, learnt = await sink.wait_for(2)
    assert "everybody may write “help-easel”" in said(learnt)


async def test_without_a_name_each_painting_gets_one_of_its_own(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    mails = (lesson("learn this", 1), lesson("learn this", 2), lesson("learn this", 3, "Blue_hills.jpg"))
    async with school.answering(Folder(*mails), ledger, balancer, sink):
        await sink.wait_for(3)
    names = {style.name for style in school.store.styles_of(ANN)}
    assert names == {"ann-canvas", "ann-canvas-2", "blue-hills"}


@pytest.mark.parametrize("words", ["cancel", "please stop", "Please stop learning, I sent the wrong one"])
async def test_learning_is_stopped_by_a_reply(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, words: str
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(reply(str(notice["Message-ID"]), words))
        _, answer = await sink.wait_for(2)
        await until_census(ledger, "message.silent")
    assert "I have stopped, and kept nothing of it." in said(answer)
    assert school.learner.only.cancelled
    assert len(sink.received) == 2


async def test_a_mere_stop_asks_for_silence_only_where_nothing_is_learnt(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(reply("<unknown@x>", "stop", 8, subject="please"))
        assert "I have stopped, and kept nothing of it." in said((await sink.wait_for(2))[1])
        folder.put(reply(str(notice["Message-ID"]), "Stop!", 9))
        idle = said((await sink.wait_for(3))[2])
        folder.put(reply("<unknown@x>", "stop", 10, subject="please"))
        last = (await sink.wait_for(4))[3]
    assert "I have stopped, and kept nothing of it. It was “my garden”." in idle
    assert "If you want no more mail from me, write “unsubscribe”." in idle
    assert "You will hear nothing more from me" in said(last)


async def test_of_several_lessons_it_is_told_which_one_was_stopped(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    school.learner.may_finish.clear()
    folder = Folder(lesson("learn: hills north", 1, "a.jpg", "b.jpg"), lesson("learn: hills south", 2))
    async with school.answering(folder, ledger, balancer, sink):
        notices = await sink.wait_for(2)
        assert any("The others I leave out" in said(notice) for notice in notices)
        folder.put(reply("<unknown@x>", "stop learning", subject="please"))
        answer = (await sink.wait_for(3))[2]
    assert "It was “hills" in said(answer)
    assert "Other paintings of yours go on." in said(answer)


async def test_a_teacher_whose_words_only_seem_to_mean_it_is_told_what_to_write(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    mails = lesson("Learn my garden", 1), lesson("Learn my garden", 2, sender="eve@example.org")
    async with school.answering(Folder(*mails), ledger, balancer, sink):
        answers = await sink.wait_for(2)
    told = {"eve" in str(each["To"]): said(each) for each in answers}
    assert "Then write “learn: my garden”" in told[False]
    assert "learn: my garden" not in told[True]


async def test_who_wants_silence_has_learning_stopped_too(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(reply(str(notice["Message-ID"]), "unsubscribe"))
        _, answer = await sink.wait_for(2)
        await until(lambda: school.learner.only.cancelled)
    assert "You will hear nothing more from me" in said(answer)


@pytest.mark.parametrize(
    ("sender", "to", "words"),
    [
        (ANN, "<unknown@x>", "delete my photos"),
        ("ann+art@example.org", "<unknown@x>", "delete my photos"),
        ("ann+art@example.org", "<unknown@x>", "stop learning"),
        ("ann+art@example.org", "<1@example.org>", "stop"),
    ],
)
async def test_a_lesson_is_stopped_by_its_author_whatever_the_tag_of_the_address(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, sender: str, to: str, words: str
) -> None:
    folder = Folder(lesson(sender=sender))
    async with school.under_way(folder, ledger, balancer, sink):
        folder.put(reply(to, words, subject="please"))
        await sink.wait_for(2)
        await until(lambda: school.learner.only.cancelled)


async def test_a_lesson_that_is_stopped_during_its_trial_leaves_nothing(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    school.learner.may_hand_over.clear()
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        await until(lambda: school.learner.jobs)
        await school.learner.only.was_fetched.wait()
        folder.put(reply("<1@example.org>", "stop learning"))
        (answer,) = await sink.wait_for(1)
        school.learner.may_hand_over.set()
        await until_census(ledger, "message.silent")
    assert "I have stopped, and kept nothing of it." in said(answer)
    assert len(sink.received) == 1
    assert school.store.styles_of(ANN) == []


async def test_who_stops_too_late_is_told_how_to_delete_the_style(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (learnt,) = await sink.wait_for(1)
        folder.put(reply(str(learnt["Message-ID"]), "stop learning"))
        late = said((await sink.wait_for(2))[1])
    assert "There is nothing to stop" in late
    assert "I have learnt “my garden” from your painting. To have it deleted, answer with “delete”." in late
    assert [style.name for style in school.store.styles_of(ANN)] == ["my-garden"]


async def test_a_second_version_that_is_stopped_during_its_trial_leaves_the_first_one(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        await sink.wait_for(1)
        school.learner.may_hand_over.clear()
        folder.put(lesson("learn: my garden", 2))
        await until(lambda: len(school.learner.jobs) == 2)
        await list(school.learner.jobs.values())[1].was_fetched.wait()
        folder.put(reply("<2@example.org>", "stop learning"))
        answer = (await sink.wait_for(2))[1]
        school.learner.may_hand_over.set()
        await until_census(ledger, "message.silent")
    assert "I have stopped, and kept nothing of it." in said(answer)
    assert len(sink.received) == 2
    assert school.store.kept("my-garden").aliases == {"live": 1}


async def test_a_lesson_that_timed_out_is_told_at_once(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    school.learner.problem = {"type": "urn:mailbot:error:LearningTimeout", "detail": "Too late."}
    async with school.answering(Folder(lesson()), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert "I tried for a long time to learn from your painting" in said(answer)


async def test_what_cannot_be_learnt_is_told_in_a_sentence(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    problem = {"type": "urn:mailbot:error:ImageTooLarge", "detail": "That photo is too large for me."}
    school.learner.problem = problem
    async with school.answering(Folder(lesson()), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert "That photo is too large for me." in said(answer)


async def test_a_learner_that_is_away_loses_nothing(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    await school.learner.__aexit__()
    async with school.answering(Folder(lesson()), ledger, balancer, sink):
        await until_census(ledger, "message.accepted")
        async with school.learner:
            (answer,) = await sink.wait_for(1)
    assert "I have learnt “My garden”" in said(answer)


async def test_one_photo_is_painted_exactly_like_a_painting(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(
        lesson("our dog", 1, "dog.jpg", "oil.jpg", text="Please paint it exactly like this painting.")
    )
    async with school.answering(folder, ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
        job = school.learner.only
        assert "I took the first" not in said(answer)  # the file's name tells
        folder.put(lesson("our dog", 2, "a.jpg", "b.jpg", text="exactly like this"))
        guess = (await sink.wait_for(2))[1]
        assert "I took the first picture for the painting. If it is the other way round" in said(guess)
        folder.put(reply(str(guess["Message-ID"]), "the other way round", subject="Re: our dog"))
        swapped = (await sink.wait_for(3))[2]
        thread = f"<2@example.org> {swapped['Message-ID']}"
        folder.put(reply(thread, "the other way round", 10, subject="Re: our dog"))
        await sink.wait_for(4)
    forms = [each.form for each in school.learner.jobs.values()]
    assert job.form["photo"] != job.form["painting"]
    assert (forms[2]["photo"], forms[2]["painting"]) == (forms[1]["painting"], forms[1]["photo"])
    assert (forms[3]["photo"], forms[3]["painting"]) == (forms[1]["photo"], forms[1]["painting"])
    shown = [part for part in guess.walk() if part.get_content_type() == "image/jpeg"]
    assert len(shown) == 2  # and what was taken for the painting


async def test_photo_and_painting_change_places_while_the_first_guess_is_painted(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson("our dog", 1, "a.jpg", "b.jpg", text="paint it exactly like this"))
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        assert "answer with “the other way round”" in said(notice)
        words = "Sorry, it is the other way round!"
        folder.put(reply(str(notice["Message-ID"]), words, subject="Re: our dog"))
        await sink.wait_for(2)
        first, second = school.learner.jobs.values()
        assert first.cancelled
        await until_census(ledger, "message.silent")
        school.learner.may_finish.set()
        answer = (await sink.wait_for(3))[2]
    assert (second.form["photo"], second.form["painting"]) == (first.form["painting"], first.form["photo"])
    assert answer["In-Reply-To"] == "<9@example.org>"
    assert "Here is your photo, painted exactly like the painting." in said(answer)
    assert len(sink.received) == 3


async def test_with_other_words_nothing_is_learnt(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    words = lesson("mosaic", text="We learnt this at school.")
    folder = Folder(words, lesson("new style: mosaic", 2, sender="eve@example.org"))
    async with school.answering(folder, ledger, balancer, sink):
        answers = await sink.wait_for(2)
    assert [len(pictures_of(answer)) for answer in answers] == [1, 1]
    assert school.learner.jobs == {}


class TestPrivate:
    @pytest.fixture
    def learnt(self) -> str:
        return "private"

    async def test_only_its_author_may_name_it(
        self, ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
    ) -> None:
        folder = Folder(lesson("learn: zephyrine"))
        async with school.answering(folder, ledger, balancer, sink):
            (answer,) = await sink.wait_for(1)
            assert "It is yours alone" in said(answer)
            (style,) = school.store.styles_of(ANN)
            balancer.staged[f"zephyrine@{style.ref}"] = "Zephyrine"
            folder.put(lesson("zephyrine", 2))
            mine = (await sink.wait_for(2))[1]
            assert "Zephyrine" in said(mine)
            assert "private-" not in mine.as_string()
            folder.put(lesson("in the style of zephyrine", 3, sender="eve@example.org"))
            other = (await sink.wait_for(3))[2]
            assert pictures_of(other) == []
            # Whoever writes in Ann's name gets none of hers either.
            folder.put(lesson("in the style of zephyrine", 4, Reply_To="eve@example.org"))
            assert pictures_of((await sink.wait_for(4))[3]) == []
        assert [job["style"] for job in balancer.jobs] == [f"zephyrine@{style.ref}"]
