"""Kill the bot at every place of a message's walk three times, by each channel, and count what is lost.

Each row is a channel. "Twice" are answers that went out again in the one window that a server leaves: it has
taken the answer, and the bot has not yet noted that. They had the same bytes and the same Message-ID.
"Doubled" are all others, and "lost" is every message that did not end as it should have.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from rich.table import Table

from benchmarks.reporting.progress import progress
from mailbot.settings.lmtp import Lmtp
from tests.fakes.mailbot.channels.bot_api import FakeBotApi
from tests.fakes.mailbot.channels.twilio import FakeTwilio
from tests.fakes.mailbot.kills.channel_kills import (
    SMS_POINTS,
    TELEGRAM_POINTS,
    TelegramHarness,
    TwilioHarness,
)
from tests.fakes.mailbot.kills.kill_harness import Harness, Outcome
from tests.fakes.mailbot.kills.kill_mails import REFUSED
from tests.fakes.mailbot.kills.kill_plan import LMTP_POINTS, POINTS, plan
from tests.fakes.mailbot.kills.kill_sources import LmtpSource, MailboxSource
from tests.fakes.mailbot.servers.dovecot import Dovecot, running_dovecot
from tests.fakes.mailbot.servers.lmtp import LmtpQueue
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer

#: Deaths at each place.
TIMES = 3
HEADINGS = ("channel", "places", "deaths", "messages", "answered", "twice", "silent", "set aside", "refused",
            "doubled", "lost")  # fmt: skip


class Scene(AsyncExitStack):
    """What stands around the bot: a folder, a mail server to send by, a balancer."""

    def __init__(self, dovecot: Dovecot, name: str) -> None:
        super().__init__()
        self.dovecot, self.user = dovecot, dovecot.add_user(f"kills-{name}")
        self.folder = Path(self.enter_context(tempfile.TemporaryDirectory()))

    async def harness(self, make: Callable[[Sink, FakeBalancer], Harness]) -> Harness:
        """Enter a harness."""
        sink = await self.enter_async_context(Sink())
        sink.refused = (REFUSED,)
        balancer = await self.enter_async_context(FakeBalancer())
        return await self.enter_async_context(make(sink, balancer))


async def _mail(scene: Scene) -> Harness:
    source = MailboxSource(scene.dovecot, scene.user)
    return await scene.harness(lambda sink, balancer: Harness(scene.folder, source, sink, balancer))


async def _lmtp(scene: Scene) -> Harness:
    queue = await scene.enter_async_context(LmtpQueue(Lmtp(listen=f"unix:{scene.folder}/lmtp")))
    return await scene.harness(
        lambda sink, balancer: Harness(scene.folder, LmtpSource(queue), sink, balancer)
    )


async def _telegram(scene: Scene) -> Harness:
    api, at = await scene.enter_async_context(FakeBotApi()), (scene.folder, scene.dovecot, scene.user)
    return await scene.harness(lambda sink, balancer: TelegramHarness(*at, sink, balancer, api))


async def _sms(scene: Scene) -> Harness:
    phone, at = await scene.enter_async_context(FakeTwilio()), (scene.folder, scene.dovecot, scene.user)
    return await scene.harness(lambda sink, balancer: TwilioHarness(*at, sink, balancer, phone))


#: What a bot of each channel lives in, and where it is killed.
CHANNELS: dict[str, tuple[Callable[[Scene], Awaitable[Harness]], Sequence[str]]] = {
    "mail": (_mail, tuple(POINTS)),
    "LMTP": (_lmtp, tuple(LMTP_POINTS)),
    "Telegram": (_telegram, tuple(TELEGRAM_POINTS)),
    "SMS": (_sms, tuple(SMS_POINTS)),
}


async def run() -> Table:
    """Run every kill. Some ten minutes; needs Dovecot, and root for it."""
    table = Table(*HEADINGS, title="kills")
    with running_dovecot() as dovecot:
        for name in CHANNELS:
            table.add_row(*await row(name, dovecot))
    return table


async def row(name: str, dovecot: Dovecot, times: int = TIMES) -> list[str]:
    """Kill the bot at every place of a channel, and return the counts."""
    enter, points = CHANNELS[name]
    async with Scene(dovecot, name.lower()) as scene:
        harness = await enter(scene)
        for point, nth in plan(times, points=points):
            progress(f"{name}: killed at {point}")
            await harness.kill_at(point, nth)
        await harness.settle()
        counts = _counts(harness.outcomes())
    return [name, *(str(count) for count in (len(points), len(harness.kills), *counts))]


def _counts(outcomes: Sequence[Outcome]) -> list[int]:
    """Return the counts of messages, whose answers in a chat have an outcome for each part."""
    messages: dict[int, list[Outcome]] = {}
    for outcome in outcomes:
        messages.setdefault(outcome.sample.number, []).append(outcome)
    found = list(messages.values())

    def count(holds: Callable[[Outcome], bool]) -> int:
        return sum(any(map(holds, each)) for each in found)

    fates = Counter(fate for each in found for fate in {outcome.fate for outcome in each})
    others = [fates[fate] for fate in ("silent", "quarantined", "failed")]
    doubled = count(lambda one: one.copies > one.explained or not one.identical)
    twice = count(lambda one: one.copies > 1) - doubled
    lost = count(lambda one: not one.is_right) - doubled
    return [len(found), fates["answered"], twice, *others, doubled, lost]
