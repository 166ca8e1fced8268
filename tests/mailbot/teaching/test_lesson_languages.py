"""In which language a lesson is answered: in that of the newest mail of its thread that tells one."""

from __future__ import annotations

import pytest

from mailbot.storage.ledger import Ledger
from styles.learning_errors import PaintingBlank
from styles.service.problems import to_problem
from tests.fakes.mailbot.bot import Folder
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import School, lesson, reply, said
from tests.fakes.runner.balancer import FakeBalancer

GERMAN = "Wie lange dauert das denn noch? Ich kann es kaum erwarten."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GERMAN, "Ich habe „My garden“ von deinem Gemälde gelernt."),
        ("Hokusai!", "I have learnt “My garden” from your painting."),  # too few words to tell
    ],
)
async def test_what_was_learnt_is_told_in_the_language_of_the_newest_mail(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str, words: str
) -> None:
    folder = Folder(lesson(text="Hello, could you please learn this painting of mine?"))
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        assert "I have your painting" in said(notice)
        folder.put(reply(str(notice["Message-ID"]), text))
        await sink.wait_for(2)
        school.learner.may_finish.set()
        answer = (await sink.wait_for(3))[2]
    assert answer["In-Reply-To"] == "<1@example.org>"
    assert words in said(answer)


async def test_a_refusal_comes_in_the_language_of_the_newest_mail_too(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson(text="Hello, could you please learn this painting of mine?"))
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(reply(str(notice["Message-ID"]), GERMAN))
        await sink.wait_for(2)
        school.learner.only.problem = to_problem(PaintingBlank())
        answer = (await sink.wait_for(3))[2]
    assert "Dieses Bild ist leer" in said(answer)


async def test_a_painting_that_comes_later_is_answered_in_the_language_of_the_mail_that_asked(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    ask = reply("<unknown@x>", "Hallo! Bitte lerne mein Gemälde.\nlerne: Mein Garten", 1, subject="Für dich")
    folder = Folder(ask)
    async with school.answering(folder, ledger, balancer, sink):
        (missing,) = await sink.wait_for(1)
        to = str(missing["Message-ID"])
        folder.put(lesson("Re: Für dich", 2, text="", In_Reply_To=to, References=to))
        answer = (await sink.wait_for(2))[1]
    assert "Ich habe „Mein Garten“ von deinem Gemälde gelernt." in said(answer)
