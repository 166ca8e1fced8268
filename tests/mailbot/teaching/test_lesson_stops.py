"""Lessons that are stopped while the balancer is away."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from mailbot.retention import retention
from mailbot.storage.ledger import Ledger
from mailbot.teaching import lessons
from mailbot.teaching.lesson_stops import LessonStops
from registry.client import LearningClient, PaintingToLearn
from styles.errors import Permanent
from tests.fakes.mailbot.bot import Folder
from tests.fakes.mailbot.ledger import accept, variant
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import ANN, School, lesson, reply
from tests.fakes.registry.service import BOT_TOKEN
from tests.fakes.runner.balancer import FakeBalancer
from tests.fakes.waiting import until


@pytest.mark.parametrize("words", ["stop learning", "delete my photos"])
async def test_a_job_is_cancelled_when_the_balancer_is_back(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School,
    monkeypatch: pytest.MonkeyPatch, words: str,
) -> None:  # fmt: skip
    tries: list[str] = []
    cancel = LearningClient.cancel

    async def counted(client: LearningClient, id: str, *, withdraws: bool) -> None:
        tries.append(id)
        await cancel(client, id, withdraws=withdraws)

    monkeypatch.setattr(LearningClient, "cancel", counted)
    monkeypatch.setattr(retention, "DELETION_PAUSE", 0.05)
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink):
        await school.learner.__aexit__()
        folder.put(reply("<unknown@x>", words, subject="please"))
        await sink.wait_for(2)
        await until(lambda: len(tries) > 2)  # by the mail that asks, and by the lesson's own
        assert not school.learner.only.cancelled
        async with school.learner:
            await until(lambda: school.learner.only.cancelled)


async def test_what_a_bot_has_published_before_it_died_is_taken_back(ledger: Ledger, school: School) -> None:
    client = LearningClient(school.url, BOT_TOKEN)
    mail = await accept(ledger, variant(1))
    job = (await client.begin(PaintingToLearn(painting=b"oil", key="key-1", name="hills", address=ANN))).id
    await client.accept(job, address=ANN)  # and nobody hears of it
    under_way = await ledger.transact(lambda db: lessons.begin(db, mail.id, "ann", 1.0))
    assert under_way
    stops = LessonStops(client, ledger, time.time)
    assert await stops.one(replace(under_way, job=job))
    assert school.store.styles_of(ANN) == []
    assert school.learner.only.cancelled
    with pytest.raises(Permanent, match="This was stopped"):
        await client.accept(job, address=ANN)
    await client.cancel(job, withdraws=True)  # a second time changes nothing
