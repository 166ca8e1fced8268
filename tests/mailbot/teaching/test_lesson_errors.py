from __future__ import annotations

import pytest

from mailbot.storage.ledger import Ledger
from mailbot.teaching.lesson_errors import NameNotFree, SidesKept
from tests.fakes.mailbot.bot import Folder, pictures_of
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import School, lesson, reply, said
from tests.fakes.runner.balancer import FakeBalancer


async def test_what_is_not_understood_while_a_painting_is_learnt_is_answered_with_what_to_write(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(reply(str(notice["Message-ID"]), "I meant the other picture!", 8))
        folder.put(reply(str(notice["Message-ID"]), "could you try again with more time?", 9))
        answers = (await sink.wait_for(3))[1:]
    for answer in answers:
        assert "I am learning “my garden” from your painting just now" in said(answer)
        assert "answer with “stop learning”" in said(answer)
        assert pictures_of(answer) == []


async def test_where_nothing_is_learnt_there_is_nothing_to_stop(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    mail = reply("<unknown@x>", "stop learning", 1, subject="please")
    async with school.answering(Folder(mail), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert "There is nothing to stop: I am learning nothing for you just now." in said(answer)
    assert "unsubscribe" not in said(answer)


@pytest.mark.parametrize(
    ("name", "reason"),
    [("help", "means something else in a mail"), ("starry night", "is the name of another style")],
)
def test_a_name_is_refused_with_the_reason_and_with_what_to_write_instead(name: str, reason: str) -> None:
    sentence = NameNotFree(name, f"{name}-2").message
    assert f"“{name}” {reason}" in sentence
    assert f"Answer with “learn: {name}-2”" in sentence


def test_pictures_that_stay_are_told_by_their_numbers() -> None:
    assert "the second picture is the painting" in SidesKept(1, 0).message
    assert "picture 3 is the painting, and picture 1 the photo" in SidesKept(2, 0).message
