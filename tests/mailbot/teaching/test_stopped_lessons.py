"""Stops in the words of people, and what can be taught after one."""

from __future__ import annotations

import pytest

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import Folder
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import ANN, School, lesson, reply, said
from tests.fakes.runner.balancer import FakeBalancer

STOPPED = "I have stopped, and kept nothing of it."


@pytest.mark.parametrize(
    "text",
    ["やっぱりやめてください", "Non, arrête finalement", "non lo voglio più", "I changed my mind"],
)
async def test_a_lesson_is_stopped_in_the_words_of_people(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(reply(str(notice["Message-ID"]), text))
        answer = (await sink.wait_for(2))[1]
    assert not text.isascii() or STOPPED in said(answer)
    assert school.learner.only.cancelled


@pytest.mark.parametrize("text", ["やっぱりやめて", "stop it please", "I don't want it any more"])
async def test_a_stop_that_comes_too_late_renames_nothing(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str
) -> None:
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (learnt,) = await sink.wait_for(1)
        folder.put(reply(str(learnt["Message-ID"]), text))
        answer = (await sink.wait_for(2))[1]
    assert not text.isascii() or "There is nothing to stop" in said(answer)
    assert [style.name for style in school.store.styles_of(ANN)] == ["my-garden"]
    assert school.store.card("my-garden").title == "My garden"


async def test_after_a_stop_another_name_asks_for_the_painting_and_is_kept_for_it(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(reply(str(notice["Message-ID"]), "stop", 2))
        assert STOPPED in said((await sink.wait_for(2))[1])
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
