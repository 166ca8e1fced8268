"""What goes wrong between the bot and the server that takes its answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from mailbot.outbox import SENDERS
from tests.fakes.mailbot.faults import TIMEOUT, Fault, World
from tests.fakes.waiting import until

#: For how long the server says no in `not_now_for_an_hour`, seconds.
HOUR = 3600.0


def cut(mark: str, at: bytes) -> Callable[[World], Awaitable[None]]:
    """The connection reset before some bytes arrive ("cut_at"), or after the server did as they say."""

    async def cut_there(world: World) -> None:
        setattr(world.smtp, mark, at)
        async with world.bot():
            world.deliver(1)
            await world.smtp.was_cut.wait()
            world.smtp.cut_at = b""
            world.mend()
            world.deliver(2)
            await world.answered()
            await until(lambda: world.count("SELECT count(*) FROM outbox WHERE state = 'sent'") == 3)

    return cut_there


async def stalled(world: World) -> None:
    """More answers than there are senders: each is let go again, and the others have their turn."""
    world.smtp.silent = True
    async with world.bot():
        world.deliver(SENDERS + 2)
        await until(lambda: world.smtp.connections > 2 * SENDERS)
        world.smtp.silent = False
        world.mend()
        await world.answered()


async def slow(world: World) -> None:
    world.smtp.trickle = 4
    async with world.bot():
        world.mend()
        world.deliver(3)
        await world.answered()


async def thinks_long(world: World) -> None:
    """Longer than a command may take: giving up would send it once more."""
    world.sink.may_take.clear()
    async with world.bot():
        world.deliver(1)
        await world.sink.is_thinking.wait()
        asyncio.get_running_loop().call_later(3 * TIMEOUT, world.sink.may_take.set)
        world.mend()
        await world.answered()
        await until(lambda: world.count("SELECT count(*) FROM outbox WHERE state = 'sent'") == 1)


async def restarted(world: World) -> None:
    async with world.bot():
        world.deliver(1)
        await world.answered()
        world.sink.stop_listening()
        world.deliver(2)
        await until(lambda: any("is sent again" in deed for deed in world.log.deeds))
        await world.sink.listen(world.sink.port)
        world.mend()
        await world.answered()


async def login_refused(world: World) -> None:
    world.smtp.answers.extend([(b"AUTH", b"535 5.7.8 not today")] * 4)
    async with world.bot():
        world.deliver(2)
        await until(lambda: not world.smtp.answers)
        world.mend()
        await world.answered()


async def not_now_for_an_hour(world: World) -> None:
    world.sink.not_now = "451 4.3.0 not now"
    waiting = "SELECT count(*) FROM outbox WHERE state = 'pending'"
    async with world.bot() as outbox:
        world.deliver(3)
        while world.clock.ahead < HOUR:
            await until(lambda: world.count(waiting) == 3)
            world.clock.ahead += max(0.0, (await world.ledger.next_reply_at() or 0) - world.clock())
            outbox.wake()
        await until(lambda: world.count(waiting) == 3)
        world.sink.not_now = ""
        world.mend()
        world.clock.ahead += 900  # the longest pause
        outbox.wake()
        await world.answered()


def refused(*faults: str, lost: int = 0) -> Callable[[World], Awaitable[None]]:
    """The server says no to as many mails as there are `faults`; to `lost` of them for good."""

    async def remove_negated(world: World) -> None:
        world.sink.faults.extend(faults)
        async with world.bot():
            world.deliver(3)
            world.mend()
            await world.answered(3 - lost)
            await until(lambda: world.count("SELECT count(*) FROM outbox WHERE state = 'failed'") == lost)

    return remove_negated


FAULTS = (
    Fault(name="SMTP: reset at MAIL", brings_about=cut("cut_at", b"MAIL FROM")),
    Fault(name="SMTP: reset at DATA", brings_about=cut("cut_at", b"DATA\r\n")),
    Fault(name="SMTP: reset within the mail", brings_about=cut("cut_at", b"MIME-Version")),
    Fault(name="SMTP: reset between mail and 250", brings_about=cut("deaf_after", b"\r\n.\r\n"), doubled=1),
    Fault(name="SMTP: stalled, and nobody is told", brings_about=stalled),
    Fault(name="SMTP: 4 bytes at a time", brings_about=slow),
    Fault(name="SMTP: the 250 takes three times the timeout", brings_about=thinks_long),
    Fault(name="SMTP: server away and back", brings_about=restarted),
    Fault(name="SMTP: login refused for a while", brings_about=login_refused),
    Fault(name="SMTP: 451 for an hour (simulated)", brings_about=not_now_for_an_hour),
    Fault(name="SMTP: 450 greylisted", brings_about=refused(*["rcpt 450 4.7.1 greylisted"] * 3)),
    Fault(name="SMTP: 452 its disk is full", brings_about=refused(*["mail 452 4.3.1 no room"] * 3)),
    Fault(name="SMTP: 550 5.4.5 our share of the day", brings_about=refused("mail 550 5.4.5 enough")),
    Fault(
        name="SMTP: 552 their mailbox is full",
        brings_about=refused("rcpt 552 5.2.2 mailbox full", lost=1),
        unanswered=1,
    ),
    Fault(name="SMTP: 550 no such user", brings_about=refused("rcpt 550 5.1.1 nobody", lost=1), unanswered=1),
    Fault(name="SMTP: 554 at DATA", brings_about=refused("554 5.7.1 spam", lost=1), unanswered=1),
)
