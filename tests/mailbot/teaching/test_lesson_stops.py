"""Lessons that are stopped while the balancer is away."""

from __future__ import annotations

import pytest

from mailbot.retention import retention
from mailbot.storage.ledger import Ledger
from registry.client import LearningClient
from tests.fakes.mailbot.bot import Folder
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import School, lesson, reply
from tests.fakes.runner.balancer import FakeBalancer
from tests.fakes.waiting import until


@pytest.mark.parametrize("words", ["stop learning", "delete my photos"])
async def test_a_job_is_cancelled_when_the_balancer_is_back(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School,
    monkeypatch: pytest.MonkeyPatch, words: str,
) -> None:  # fmt: skip
    tries: list[str] = []
    cancel = LearningClient.cancel

    async def counted(client: LearningClient, id: str) -> None:
        tries.append(id)
        await cancel(client, id)

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
