"""Answers of several channels at once: none waits for another channel's slow uploads."""

from __future__ import annotations

import asyncio

from mailbot import outbox
from mailbot.storage.ledger import Ledger
from mailbot.transport.answer_sender import Outgoing
from tests.fakes.mailbot.bot import Folder, answering, asking, until_census
from tests.fakes.mailbot.channels.memory import MemoryChannel, saying
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer


class SlowChannel(MemoryChannel):
    """Takes an answer only when it `may_send`."""

    def __init__(self) -> None:
        super().__init__()
        self.may_send = asyncio.Event()
        self.begun = 0

    async def send(self, answer: Outgoing) -> str:
        self.begun += 1
        await self.may_send.wait()
        return await super().send(answer)


async def test_slow_uploads_of_one_channel_hold_up_no_other(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    slow, inbox = SlowChannel(), Folder()
    async with answering(inbox, ledger, balancer, sink, channels=[slow]):
        for number in range(outbox.SENDERS + 1):
            slow.put(saying(number, "help", sender=str(number)))
        await until_census(ledger, "message.done", outbox.SENDERS + 1)
        inbox.put(asking())
        await sink.wait_for(1)
        assert slow.begun == outbox.SENDERS
        slow.may_send.set()
        await slow.wait_for(outbox.SENDERS + 1)
