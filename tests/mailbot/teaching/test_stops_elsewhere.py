"""Words that stop something, in a thread that is not that of the lesson under way."""

from __future__ import annotations

from typing import Any

import pytest

from mailbot.replies.mime import ReplyContext
from mailbot.storage.ledger import Ledger
from mailbot.teaching import ending_letters
from styles.errors import Temporary
from tests.fakes.mailbot.bot import Folder
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import School, lesson, reply, said
from tests.fakes.runner.balancer import FakeBalancer

DECLINED = "All right, I learn nothing from these mails."
STOPPED = "I have stopped, and kept nothing of it. It was “my garden”."


@pytest.mark.parametrize(
    "text",
    [
        *("Sorry, I sent the wrong photo", "No thanks, leave it as it is", "I took the wrong one"),
        *("The colours of the picture are wrong", "I can't stop looking at it!", "Hold on - don't do it"),
        *("Nein danke, lass es", "J'ai pris la mauvaise photo", "Déjalo, gracias", "Lascia stare, grazie"),
        *("Peguei a foto errada", "我拿错照片了", "写真を間違えました"),
    ],
)
async def test_a_reply_about_a_photo_stops_no_lesson(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink):
        folder.put(lesson("mosaic", 2))
        painted = (await sink.wait_for(2))[1]
        folder.put(reply(str(painted["Message-ID"]), text, 3, subject="Re: mosaic"))
        folder.put(lesson("mosaic", 4))  # thanks get no answer, this one does
        await sink.wait_for(3)
        assert not school.learner.only.cancelled


@pytest.mark.parametrize("text", ["stop", "Stop please.\n\nAnn", "stop learning", "Please don't learn it"])
async def test_a_mere_stop_is_for_the_lesson_in_any_thread_and_names_it(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink):
        folder.put(lesson("mosaic", 2))
        painted = (await sink.wait_for(2))[1]
        folder.put(reply(str(painted["Message-ID"]), text, 3, subject="Re: mosaic"))
        answer = (await sink.wait_for(3))[2]
    assert STOPPED in said(answer)
    assert school.learner.only.cancelled


@pytest.mark.parametrize(
    ("first", "text"),
    [
        ("Learn my orchard", "Please don't!"),
        ("Learn my orchard", "No."),
        ("learn: help", "no thanks, leave it"),
        ("learn: help", "stop"),
    ],
)
async def test_what_declines_one_thing_stops_no_other_one(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, first: str, text: str
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink):
        folder.put(lesson(first, 2))
        offer = (await sink.wait_for(2))[1]
        folder.put(reply(str(offer["Message-ID"]), text, 3, subject=f"Re: {first}"))
        declined = (await sink.wait_for(3))[2]
        assert f"{DECLINED} " in said(declined)
        assert "Other paintings of yours go on." in said(declined)
        assert not school.learner.only.cancelled
        folder.put(reply(str(declined["Message-ID"]), "stop learning", 4, subject=f"Re: {first}"))
        assert STOPPED in said((await sink.wait_for(4))[3])
    assert school.learner.only.cancelled


async def test_a_decline_that_is_repeated_after_a_crash_says_the_same(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, failed = ending_letters.reply_stopped, False

    def failing(context: ReplyContext, **how: Any) -> bytes:
        nonlocal failed
        if not failed:
            failed = True
            raise Temporary("the disk is full")
        return write(context, **how)

    monkeypatch.setattr(ending_letters, "reply_stopped", failing)
    folder = Folder(lesson("learn: help"))
    async with school.answering(folder, ledger, balancer, sink):
        (refused,) = await sink.wait_for(1)
        folder.put(reply(str(refused["Message-ID"]), "no thanks, leave it", 2))
        declined = (await sink.wait_for(2))[1]
    assert failed
    assert DECLINED in said(declined)


@pytest.mark.parametrize(
    "text",
    ["stop", "Please stop.\n\nAnn", "Stopp!", "Arrête", "Para, por favor", "Basta", "cancela", "停止"],
)  # fmt: skip
async def test_a_stop_in_a_thread_that_is_over_ends_no_other_painting(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(lesson("learn: plum hollow", 2))
        await sink.wait_for(2)
        thread = str(notice["Message-ID"])
        for number in (3, 4):  # the second one is not for the other painting
            folder.put(reply(thread, text, number))
            thread += f" {(await sink.wait_for(number))[-1]['Message-ID']}"
        again = (await sink.wait_for(4))[3]
        first, other = school.learner.jobs.values()
        assert first.cancelled
        assert not other.cancelled
    assert again["In-Reply-To"] == "<4@example.org>"
    assert "“plum hollow”" not in said(again)


async def test_a_stop_after_a_style_is_learnt_tells_so_and_ends_no_other_painting(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (learnt,) = await sink.wait_for(1)
        school.learner.may_finish.clear()
        folder.put(lesson("learn: plum hollow", 2))
        await sink.wait_for(2)
        folder.put(reply(str(learnt["Message-ID"]), "stop", 3))
        answer = (await sink.wait_for(3))[2]
        _, other = school.learner.jobs.values()
        assert not other.cancelled
    assert "I have learnt “my garden” from your painting. To have it deleted" in " ".join(
        said(answer).split()
    )
    assert "Other paintings of yours go on." in said(answer)
    assert "nothing to stop" not in said(answer)


async def test_a_stop_in_the_thread_of_an_offer_ends_no_other_painting(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink):
        folder.put(lesson("Learn my orchard", 2))
        offer = (await sink.wait_for(2))[1]
        folder.put(reply(str(offer["Message-ID"]), "stop", 3, subject="Re: Learn my orchard"))
        declined = (await sink.wait_for(3))[2]
        assert not school.learner.only.cancelled
    assert DECLINED in said(declined)
    assert "Other paintings of yours go on." in said(declined)
