"""A “stop” in a thread about learning in which nothing is learnt: it declines, and never asks for silence."""

from __future__ import annotations

import pytest

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import Folder
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import School, lesson, reply, said
from tests.fakes.runner.balancer import FakeBalancer

DECLINED = "All right, I learn nothing from these mails."
UNSUBSCRIBE = "If you want no more mail from me, write “unsubscribe”."
SILENCED = "You will hear nothing more from me"

#: What opens a thread about learning in which no lesson begins.
FIRST = {
    "two pictures with an offer": lesson("our garden", 1, "a.jpg", "b.jpg", text="learn both"),
    "a picture with an offer": lesson('learn my painting "Quiet Rooms"', 1),
    "a question": reply("", "How can I teach you my paintings?", 1, subject="hello"),
    "a refused name": lesson("learn: help", 1),
    "a forgotten painting": reply("", "", 1, subject="learn: my garden"),
    "a refused picture": lesson("garden", 1, text="Please don't learn this, just paint it"),
    "no teacher": lesson("learn: my garden", 1, sender="Ann <ann@elsewhere.example>"),
}


@pytest.mark.parametrize("first", FIRST)
async def test_a_stop_in_a_thread_about_learning_only_declines(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, first: str
) -> None:
    folder = Folder(FIRST[first])
    sender = {"sender": "Ann <ann@elsewhere.example>"} if first == "no teacher" else {}
    async with school.answering(folder, ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
        folder.put(reply(str(answer["Message-ID"]), "Stop please.\n\nAnn", 2, **sender))
        declined = (await sink.wait_for(2))[1]
        # A program that names the last mail alone: the thread is known by that one.
        folder.put(reply(str(declined["Message-ID"]), "stop", 3, subject="Re: hello", **sender))
        again = (await sink.wait_for(3))[2]
        folder.put(reply(str(again["Message-ID"]), "unsubscribe", 4, **sender))
        last = (await sink.wait_for(4))[3]
    assert f"{DECLINED} {UNSUBSCRIBE}" in said(declined)
    assert UNSUBSCRIBE in said(again)
    assert SILENCED not in said(again)
    assert SILENCED in said(last)


@pytest.mark.parametrize(
    ("asked", "stop"),
    [
        ("Kann ich dir meine Bilder beibringen?", "Stopp bitte"),
        ("Comment t'enseigner mon style ?", "Arrêtez, merci"),
        ("¿Puedes aprender mi estilo?", "Para, por favor"),
        ("Puoi imparare il mio stile?", "Basta, grazie"),
        ("Você pode aprender o meu estilo?", "Pare, por favor"),
        ("你能学习我的画吗？", "停止"),
        ("私の絵を学習できますか？", "ストップ"),
    ],
)
async def test_a_stop_declines_in_all_languages(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, asked: str, stop: str
) -> None:
    folder = Folder(reply("", asked, 1, subject="?"))
    async with school.answering(folder, ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
        folder.put(reply(str(answer["Message-ID"]), stop, 2, subject="Re: ?"))
        declined = (await sink.wait_for(2))[1]
    assert "unsubscribe" in said(declined)
    assert "start" not in said(declined)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        *((text, DECLINED) for text in ("No.", "No, thanks", "Please don't!", "I changed my mind")),
        ("No, leave it", DECLINED),
        ("Lieber nicht", "In Ordnung, aus diesen Mails lerne ich nichts."),
        ("いいえ、結構です", "これらのメールからは何も学習しません。"),
    ],
)
async def test_an_offer_is_declined_in_other_words(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str, answer: str
) -> None:
    folder = Folder(lesson("Learn my orchard"))
    async with school.answering(folder, ledger, balancer, sink):
        (painted,) = await sink.wait_for(1)
        folder.put(reply(str(painted["Message-ID"]), text, 2, subject="Re: Learn my orchard"))
        declined = (await sink.wait_for(2))[1]
        folder.put(reply(str(painted["Message-ID"]), "Yes, please", 3, subject="Re: Learn my orchard"))
        await sink.wait_for(3)
    assert answer in said(declined)
    assert len(balancer.jobs) == 1
    assert [job.form["name"] for job in school.learner.jobs.values()] == ["my-orchard"]  # as asked at last


async def test_a_stop_beside_a_picture_that_a_program_adds_declines_too(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson("Learn my orchard"))
    async with school.answering(folder, ledger, balancer, sink):
        (painted,) = await sink.wait_for(1)
        to = str(painted["Message-ID"])
        folder.put(lesson("Re: Learn my orchard", 2, "logo.jpg", text="Stop!", In_Reply_To=to, References=to))
        declined = (await sink.wait_for(2))[1]
    assert DECLINED in said(declined)
    assert len(balancer.jobs) == 1


async def test_a_stop_in_a_thread_about_a_photo_asks_for_silence(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    """Also of a teacher, who has asked for a lesson in another thread."""
    folder = Folder(lesson("Learn my orchard", 1), lesson("mosaic", 2))
    async with school.answering(folder, ledger, balancer, sink):
        answers = await sink.wait_for(2)
        mosaic = next(each for each in answers if each["In-Reply-To"] == "<2@example.org>")
        folder.put(reply(str(mosaic["Message-ID"]), "stop", 3, subject="Re: mosaic"))
        last = (await sink.wait_for(3))[2]
    assert SILENCED in said(last)


async def test_a_refused_lesson_that_is_declined_is_completed_by_no_later_picture(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson("learn: help", 1))
    async with school.answering(folder, ledger, balancer, sink):
        (refused,) = await sink.wait_for(1)
        folder.put(reply(str(refused["Message-ID"]), "stop", 2))
        declined = (await sink.wait_for(2))[1]
        to = f"{refused['Message-ID']} {declined['Message-ID']}"
        dog = lesson(
            "Re: hello", 3, text="Our dog at the lake", In_Reply_To=str(declined["Message-ID"]), References=to
        )
        folder.put(dog)
        await sink.wait_for(3)
    assert DECLINED in said(declined)
    assert school.learner.jobs == {}


async def test_a_stop_without_proof_declines_but_stops_nothing(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    proof = {"Authentication_Results": "mx.example; dmarc=pass header.from=example.org"}
    none = {"Authentication_Results": "mx.example; dmarc=none header.from=example.org"}
    school.learner.may_finish.clear()
    folder = Folder(lesson("Learn my orchard", 1, **proof))
    async with school.answering(folder, ledger, balancer, sink, authserv_id=["mx.example"]):
        (painted,) = await sink.wait_for(1)
        folder.put(reply(str(painted["Message-ID"]), "stop", 2, **none))
        declined = (await sink.wait_for(2))[1]
        folder.put(lesson("learn: my garden", 3, **proof))
        notice = (await sink.wait_for(3))[2]
        folder.put(reply(str(notice["Message-ID"]), "stop", 4, **none))
        unproven = (await sink.wait_for(4))[3]
        assert not school.learner.only.cancelled
    assert DECLINED in said(declined)
    assert "your mail came without proof that it is yours" in said(unproven)
