"""Painters whose mails come while the queue of paintings is full have a first word at once all the same."""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest

from mailbot.storage.ledger import Ledger
from styles.learning_errors import LearningQueueFull
from tests.fakes.mailbot.bot import Folder
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import School, lesson, reply, said
from tests.fakes.runner.balancer import FakeBalancer

#: Jobs that the learner takes: one that is learnt, and those that wait.
MOST = 3


@pytest.fixture
def full(school: School) -> School:
    """A school whose jobs don't end, and whose queue has its last place taken by the third painting."""
    school.learner.may_finish.clear()
    school.learner.most = MOST
    return school


async def test_everybody_behind_a_full_queue_reads_their_place_and_the_time(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, full: School
) -> None:
    folder = Folder()
    async with full.answering(folder, ledger, balancer, sink):
        for number in range(1, MOST + 3):  # one after the other, so that each has its place
            folder.put(lesson(f"learn: garden {number}", number))
            await sink.wait_for(number)
    *_, first, second = sink.messages
    assert len(full.learner.jobs) == MOST
    assert [_place(each) for each in (first, second)] == [MOST, MOST + 1]
    assert "I have your painting, and it waits for its turn." in said(first)
    assert 15 <= _minutes(first) < _minutes(second)
    assert "The style will be called “garden 4”." in said(first)


async def test_an_older_balancer_that_knows_neither_leaves_both_unsaid(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, full: School
) -> None:
    full.learner.refusal = LearningQueueFull(60)
    async with full.answering(Folder(lesson()), ledger, balancer, sink):
        (notice,) = await sink.wait_for(1)
    assert "I have your painting, and it waits for its turn." in said(notice)
    assert "Place in the queue" not in said(notice)
    assert "Expect an answer" not in said(notice)


async def test_it_is_learnt_as_soon_as_there_is_a_place(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, full: School
) -> None:
    full.learner.most = 0
    async with full.answering(Folder(lesson()), ledger, balancer, sink):
        await sink.wait_for(1)
        full.learner.most = 1
        full.learner.may_finish.set()
        _, learnt = await sink.wait_for(2)
    assert "I have learnt “My garden” from your painting." in said(learnt)


async def test_a_question_behind_a_full_queue_is_not_told_that_it_is_learnt(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, full: School
) -> None:
    full.learner.most, folder = 0, Folder(lesson())
    async with full.answering(folder, ledger, balancer, sink):
        (notice,) = await sink.wait_for(1)
        folder.put(reply(str(notice["Message-ID"]), "When is it ready?"))
        _, answer = await sink.wait_for(2)
    assert "Your painting still waits for its turn." in said(answer)
    assert "Expect an answer" not in said(answer)


async def test_a_painting_in_the_queue_is_told_its_place(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, full: School
) -> None:
    full.learner.began = lambda: setattr(full.learner.only, "state", "queued")
    async with full.answering(Folder(lesson()), ledger, balancer, sink):
        (notice,) = await sink.wait_for(1)
    assert _place(notice) == 3  # two come before it


def _place(notice: EmailMessage) -> int:
    return _number(r"Place in the queue: (\d+)\.", notice)


def _minutes(notice: EmailMessage) -> int:
    return _number(r"Expect an answer in about (\d+) minutes\.", notice)


def _number(pattern: str, notice: EmailMessage) -> int:
    found = re.search(pattern, said(notice))
    assert found, said(notice)
    return int(found[1])
