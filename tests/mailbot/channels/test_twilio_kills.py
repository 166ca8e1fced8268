"""The bot, killed at the places of a text message's walk: nothing is lost, twice comes what may.

The slow test has all places.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest

from tests.fakes.mailbot.channels.twilio import FakeTwilio
from tests.fakes.mailbot.kills.channel_kills import SMS_POINTS, TwilioHarness, kill_at_each
from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer

#: Places where most could go wrong: around what Twilio is told, and around what it took.
SHORT = ("commit add: after", "commit accept: after", "twilio send: answered", "commit sent: before")


async def killed(
    tmp_path: Path, dovecot: Dovecot, user: str, balancer: FakeBalancer, points: Collection[str]
) -> None:
    async with (
        FakeTwilio() as phone,
        Sink() as sink,
        TwilioHarness(tmp_path, dovecot, user, sink, balancer, phone) as harness,
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
    await killed(tmp_path, dovecot, user, balancer, SMS_POINTS)
