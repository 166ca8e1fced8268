"""The bot, killed at the places of a message's walk in Telegram: nothing is lost, twice comes what may.

The slow test has all places.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.fakes.mailbot.channels.bot_api import FakeBotApi
from tests.fakes.mailbot.kills.channel_kills import TELEGRAM_POINTS, TelegramHarness
from tests.fakes.mailbot.kills.kill_plan import plan
from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer

#: Places where most could go wrong: around what Telegram is told, and around what it took.
SHORT = (
    "commit accept: before",
    "commit accept: after",
    "commit finish: after",
    "telegram sendPhoto: answered",
    "telegram sendDocument: answered",
)


async def killed(
    tmp_path: Path, dovecot: Dovecot, user: str, balancer: FakeBalancer, points: Iterable[str]
) -> None:
    async with (
        FakeBotApi() as api,
        Sink() as sink,
        TelegramHarness(tmp_path, dovecot, user, sink, balancer, api) as harness,
    ):
        for point, nth in plan(1, points=points):
            await harness.kill_at(point, nth)
        await harness.settle()
        outcomes = harness.outcomes()
    assert [outcome for outcome in outcomes if not outcome.is_right] == []
    assert any(outcome.copies > 1 for outcome in outcomes), "nothing hit the window"
    assert len(harness.kills) == len(list(points))


async def test_killed_at_the_gravest_places(
    tmp_path: Path, dovecot: Dovecot, user: str, balancer: FakeBalancer
) -> None:
    await killed(tmp_path, dovecot, user, balancer, SHORT)


@pytest.mark.slow
async def test_killed_at_every_place(
    tmp_path: Path, dovecot: Dovecot, user: str, balancer: FakeBalancer
) -> None:
    await killed(tmp_path, dovecot, user, balancer, TELEGRAM_POINTS)
