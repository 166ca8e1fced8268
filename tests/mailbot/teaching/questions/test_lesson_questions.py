"""Questions how the bot is taught, and how far a lesson is, are answered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import Folder
from tests.fakes.mailbot.mails import mail
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import ANN, School, lesson, reply, said
from tests.fakes.runner.balancer import FakeBalancer

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parents[3] / "fixtures/lessons_b.jsonl").read_text("utf-8").splitlines()
]
HOW = [row for row in ROWS if row["kind"] == "help"]
WHEN = [row for row in ROWS if row["kind"] == "status"]
FRONT = {
    "en": "straight from the front",
    "de": "gerade von vorn",
    "fr": "bien de face",
    "es": "justo de frente",
    "it": "esattamente di fronte",
    "pt": "bem de frente",
    "zh": "从正面拍这幅画",
    "ja": "正面から撮って",
}
STILL = {
    "en": "I am still learning “my garden”",
    "de": "Ich lerne noch „my garden“",
    "fr": "J'apprends encore « my garden »",
    "es": "Todavía estoy aprendiendo «my garden»",
    "it": "Sto ancora imparando «my garden»",
    "pt": "Ainda estou aprendendo “my garden”",
    "zh": "我还在从你的画中学习“my garden”",
    "ja": "「my garden」をまだ学習しています",
}


def asked(subject: str, text: str = "", number: int = 1, sender: str = f"Ann Teacher <{ANN}>") -> bytes:
    """A mail without a picture."""
    return mail(subject, text, [], sender=sender, message_id=f"<{number}@example.org>")


async def test_who_may_teach_reads_how_in_all_languages(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder()
    async with school.answering(folder, ledger, balancer, sink):
        for number, row in enumerate(HOW, start=1):
            folder.put(asked(row["subject"], row["text"], number))
            answer = (await sink.wait_for(number))[-1]
            assert FRONT[row["lang"]] in said(answer), row
    assert school.learner.jobs == {}


@pytest.mark.parametrize("subject", ["learn", "lerne", "Can you copy my style?"])
async def test_a_wish_without_a_picture_is_told_how(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, subject: str
) -> None:
    async with school.answering(Folder(asked(subject)), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert "“learn: my garden”" in said(answer) or "„lerne: mein Garten“" in said(answer)


@pytest.mark.parametrize("subject", ["How can I teach you?", "learn", "Can you copy my style?"])
async def test_others_get_a_friendly_no_to_their_question(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, subject: str
) -> None:
    mail = asked(subject, sender="eve@example.org")
    async with school.answering(Folder(mail), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert "I learn only from people whom my owner has named" in said(answer)


async def test_when_it_is_ready_is_told_in_all_languages(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        for number, row in enumerate(WHEN, start=2):
            folder.put(reply(str(notice["Message-ID"]), row["text"], 10 + number))
            answer = (await sink.wait_for(number))[-1]
            assert STILL[row["lang"]] in said(answer), row
    assert len(school.learner.jobs) == 1


async def test_after_it_is_learnt_the_question_is_answered_with_its_name(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (learnt,) = await sink.wait_for(1)
        folder.put(reply(str(learnt["Message-ID"]), "Is it ready?", 10))
        _, answer = await sink.wait_for(2)
    assert "I have learnt “My garden” from your painting." in said(answer)
    assert "everybody may write “my-garden”" in said(answer)


async def test_the_same_question_about_a_photo_is_none_about_a_lesson(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    async with school.answering(Folder(asked("When is it ready?")), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert "learning" not in said(answer)
