"""The bot, killed at every place of its walk: nothing is lost, and what comes twice is in SMTP's one window.

The same with more kills and more mails, and its table: `python -m benchmarks kills`.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

from tests.fakes.mailbot.kills.kill_harness import Harness, Kill
from tests.fakes.mailbot.kills.kill_mails import REFUSED
from tests.fakes.mailbot.kills.kill_plan import POINTS, READS, plan
from tests.fakes.mailbot.kills.kill_sources import MailboxSource
from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer
from tests.fakes.waiting import until


async def test_killed_at_every_place_nothing_is_lost_and_nothing_unexplained_comes_twice(
    tmp_path: Path, dovecot: Dovecot, user: str, sink: Sink, balancer: FakeBalancer
) -> None:
    sink.refused = (REFUSED,)
    async with Harness(tmp_path, MailboxSource(dovecot, user), sink, balancer) as harness:
        for point, nth in plan(times=1):
            await harness.kill_at(point, nth)
        await harness.settle()
    outcomes = harness.outcomes()
    assert [outcome for outcome in outcomes if not outcome.is_right] == []
    assert sum(outcome.copies > 1 for outcome in outcomes) >= 2, "nothing hit the window"
    assert dovecot.mails(user) == []
    crossed = set((tmp_path / "crossings").read_text().split("\n"))
    commits = {name for name in crossed if name.startswith("commit")}
    assert commits - READS <= POINTS.keys(), "a commit of which the plan knows nothing"


async def test_a_second_bot_waits_and_takes_over_when_the_first_is_killed(
    tmp_path: Path, dovecot: Dovecot, user: str, sink: Sink, balancer: FakeBalancer
) -> None:
    log = tmp_path / "bot.log"
    places = MailboxSource(dovecot, user), sink, balancer
    async with Harness(tmp_path, *places) as first, Harness(tmp_path, *places) as second:
        _, killed = await first.start("commit finish: after", 3)
        await until(lambda: log.exists() and "watching" in log.read_text())
        pid, ended = await second.start("", 0)
        await until(lambda: "another bot" in log.read_text())
        for _ in range(8):
            first.deliver(Kill("commit finish: after", 3), "photo")
        assert await killed == -signal.SIGKILL
        await until(first.is_settled)
        os.kill(pid, signal.SIGTERM)
        assert await ended == 0
    assert len(sink.received) == 8
    assert all(outcome.is_right for outcome in first.outcomes())
