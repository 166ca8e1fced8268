"""What no rule reads in the thread of a lesson is answered with what can be written there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage

import pytest

from mailbot.storage.ledger import Ledger
from styles.learning_errors import PaintingBlank
from styles.service.problems import to_problem
from tests.fakes.mailbot.bot import Folder, pictures_of
from tests.fakes.mailbot.mails import mail
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import ANN, School, lesson, reply, said
from tests.fakes.registry.versions import publish
from tests.fakes.runner.balancer import FakeBalancer

#: How far a lesson is, and what a reply that is not understood is answered with.
STATES = {
    "learning": "To give it another name, answer with “call it my garden”.",
    "painting": "If photo and painting are to change places, answer with “the other way round”.",
    "learnt": "To have a photo painted as “my-garden”, answer with the photo.",
    "painted": "For another photo, send it with a painting in one mail",
    "no name": "answer with “call it help-easel”",
    "no new name": "answer with “call it dunes-2”",
    "blank": "answer with a photo of your painting, and I learn from it",
    "deleted": "I am learning nothing from that painting any more.",
}


class Pupil:
    """A bot with one lesson that is at some state, and what it answers to the mails after it."""

    def __init__(self, folder: Folder, sink: Sink) -> None:
        self._folder, self._sink = folder, sink
        self._count, self._thread = 0, ""

    async def come(self) -> EmailMessage:
        self._count += 1
        answer = (await self._sink.wait_for(self._count))[-1]
        self._thread = f"{self._thread} {answer['Message-ID']}".strip()
        return answer

    async def answers(self, text: str, **fields: str) -> EmailMessage:
        """The answer to a reply of Ann's without a picture."""
        self._folder.put(reply(self._thread, text, 10 + self._count, **fields))
        return await self.come()

    async def answers_photo(self, text: str) -> EmailMessage:
        """The answer to a reply with a photo."""
        number, to = 10 + self._count, self._thread
        self._folder.put(lesson("Re: hello", number, text=text, In_Reply_To=to.split()[-1], References=to))
        return await self.come()


@asynccontextmanager
async def pupil(
    state: str, ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> AsyncIterator[Pupil]:
    """A bot whose only lesson is at a state."""
    first = lesson("learn: help" if state == "no name" else "learn: my garden")
    if state in ("painting", "painted"):
        first = lesson("our dog", 1, "a.jpg", "b.jpg", text="paint it exactly like this")
    if state in ("learning", "painting"):
        school.learner.may_finish.clear()
    if state == "blank":
        school.learner.problem = to_problem(PaintingBlank())
    if state == "learnt":
        balancer.styles = (*balancer.styles, "my-garden")
    publish(school.store, "dunes", by="Bo")
    folder = Folder(first)
    async with school.answering(folder, ledger, balancer, sink):
        found = Pupil(folder, sink)
        await found.come()
        if state == "no new name":
            await found.answers("call it dunes")
        if state == "deleted":
            await found.answers("delete")
        yield found


@pytest.mark.parametrize("state", STATES)
async def test_what_is_not_understood_is_answered_with_what_can_be_written(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, state: str
) -> None:
    async with pupil(state, ledger, balancer, sink, school) as found:
        answers = [await found.answers(text) for text in ("What do you think of it?", "我不太确定")]
    assert STATES[state] in said(answers[0])
    assert all(pictures_of(answer) == [] for answer in answers)
    assert "我没有看懂。" in said(answers[1])
    assert balancer.jobs == []


@pytest.mark.parametrize(
    ("learnt", "words"),
    [
        ("live", STATES["learnt"]),
        ("private", STATES["learnt"]),
        ("staged", "“my-garden” waits for a maintainer, who makes it live."),
    ],
)
async def test_a_style_that_the_list_lacks_waits_for_a_maintainer_where_it_is_staged(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, words: str
) -> None:
    async with pupil("unlisted", ledger, balancer, sink, school) as found:
        answer = await found.answers("What do you think of it?")
    assert words in said(answer)


@pytest.mark.parametrize("state", sorted({*STATES} - {"blank", "no name", "learnt", "learning"}))
async def test_a_photo_without_a_style_is_never_painted_in_the_default_one(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, state: str
) -> None:
    async with pupil(state, ledger, balancer, sink, school) as found:
        answer = await found.answers_photo("Here is our dog.")
    assert "I did not understand that." in said(answer)
    assert "I did nothing with the picture of your mail." in said(answer)
    assert balancer.jobs == []


@pytest.mark.parametrize(
    "text", ["", "Here is our dog.", "my style please", "Und jetzt bitte in meinem Stil!", "用我的风格"]
)
async def test_a_photo_in_the_thread_of_a_style_is_painted_in_it(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str
) -> None:
    async with pupil("learnt", ledger, balancer, sink, school) as found:
        answer = await found.answers_photo(text)
        again = await found.answers("mosaic please")
        back = await found.answers("and now my style, thanks")
    assert [job["style"] for job in balancer.jobs] == ["my-garden", "mosaic", "my-garden"]
    assert all(len(pictures_of(each)) == 1 for each in (answer, again, back))


async def test_my_style_without_a_photo_paints_no_painting(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    async with pupil("learnt", ledger, balancer, sink, school) as found:
        answer = await found.answers("dans mon style")
    assert "réponds avec la photo" in said(answer)
    assert balancer.jobs == []


async def test_the_style_that_was_learnt_last_is_meant_outside_of_its_thread_too(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    balancer.styles = (*balancer.styles, "my-garden")
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        await sink.wait_for(1)
        folder.put(lesson("our dog", 2, text="Paint it in the style you just learnt, please."))
        folder.put(lesson("our dog", 3, text="In my style please", sender="eve@example.org"))
        await sink.wait_for(3)
    assert sorted(job["style"] for job in balancer.jobs) == ["my-garden", "starry-night"]


@pytest.mark.parametrize(("state", "text"), [("no name", "Thank you!"), ("learning", "不用了，谢谢你！")])
async def test_thanks_are_answered_where_something_is_missing_or_refused(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, state: str, text: str
) -> None:
    async with pupil(state, ledger, balancer, sink, school) as found:
        assert said(await found.answers(text))


async def test_a_reply_that_quotes_the_preview_is_told_what_can_be_written_too(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (learnt,) = await sink.wait_for(1)
        preview = next(part for part in learnt.walk() if part.get_content_type() == "image/jpeg")
        to, pictures = str(learnt["Message-ID"]), [("my-garden.jpg", preview.get_content())]
        thread = {"In_Reply_To": to, "References": to}
        folder.put(mail("Re: x", "What do you think of it?", pictures, sender=f"Ann <{ANN}>", **thread))
        answer = (await sink.wait_for(2))[1]
    assert STATES["learnt"] in said(answer)
    assert balancer.jobs == []
