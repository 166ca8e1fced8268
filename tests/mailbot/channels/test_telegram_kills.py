"""The bot, killed at the places of a message's walk in Telegram: nothing is lost, twice comes what may.

The slow test has all places.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest

from tests.fakes.mailbot.channels.bot_api import FakeBotApi
from tests.fakes.mailbot.kills.channel_kills import TELEGRAM_POINTS, TelegramHarness, kill_at_each
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
    tmp_path: Path, dovecot: Dovecot, user: str, balancer: FakeBalancer, points: Collection[str]
) -> None:
    async with (
        FakeBotApi() as api,
        Sink() as sink,
        TelegramHarness(tmp_path, dovecot, user, sink, balancer, api) as harness,
    ):
        await kill_at_each(harness, points)


async def test_killed_at_the_gravest_places(
    tmp_path: Path, dovecot: Dovecot, user: str, balancer: FakeBalancer
) -> None:
    await killed(tmp_path, dovecot, user, balancer, SHORT)


@pytest.mark.slow
async def test_killed_at_every_place(
    tmp_path: Path, dovecot: Dovecot, user: str, balancer: FakeBalancer
) -> None:
    await killed(tmp_path, dovecot, user, balancer, TELEGRAM_POINTS)
