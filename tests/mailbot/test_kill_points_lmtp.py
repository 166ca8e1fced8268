"""The bot, killed while mail is handed over by LMTP: none is lost, and what comes twice is answered once."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from mailbot.settings.lmtp import Lmtp
from tests.fakes.mailbot.kills.kill_harness import Harness, Outcome
from tests.fakes.mailbot.kills.kill_mails import REFUSED
from tests.fakes.mailbot.kills.kill_plan import LMTP_POINTS, LMTP_WAY_IN, READS, plan
from tests.fakes.mailbot.kills.kill_sources import LmtpSource
from tests.fakes.mailbot.servers.lmtp import LmtpQueue
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer


async def test_killed_while_a_mail_comes_in(tmp_path: Path, sink: Sink, balancer: FakeBalancer) -> None:
    outcomes = await killed(tmp_path, sink, balancer, LMTP_WAY_IN, times=1)
    assert [outcome for outcome in outcomes if not outcome.is_right] == []


@pytest.mark.slow
async def test_killed_at_every_place(tmp_path: Path, sink: Sink, balancer: FakeBalancer) -> None:
    outcomes = await killed(tmp_path, sink, balancer, LMTP_POINTS, times=3)
    assert [outcome for outcome in outcomes if not outcome.is_right] == []
    crossed = set((tmp_path / "crossings").read_text().split("\n"))
    commits = {name for name in crossed if name.startswith("commit")}
    assert commits - READS <= LMTP_POINTS.keys(), "a commit of which the plan knows nothing"


async def killed(
    folder: Path, sink: Sink, balancer: FakeBalancer, points: Iterable[str], times: int
) -> list[Outcome]:
    """What became of the mails of a mail server that tries again until each is taken."""
    sink.refused = (REFUSED,)
    async with (
        LmtpQueue(Lmtp(listen=f"unix:{folder}/lmtp")) as queue,
        Harness(folder, LmtpSource(queue), sink, balancer) as harness,
    ):
        for point, nth in plan(times, points=tuple(points)):
            await harness.kill_at(point, nth)
        await harness.settle()
    assert queue.bounced == []
    return harness.outcomes()
