"""What goes wrong between the bot and its mailbox."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from mailbot.config import Imap
from mailbot.transport.imap import Connection
from tests.fakes.mailbot.faults import Fault, World
from tests.fakes.waiting import until

#: Bytes of a photo that takes many reads.
LARGE = 300_000


async def cut_while_waiting(world: World) -> None:
    async with world.bot():
        world.deliver()
        await world.answered()
        world.imap.reset_all()
        world.mend()
        world.deliver(2)
        await world.answered()


async def cut_in_a_mail(world: World) -> None:
    world.deliver(3, size=LARGE)
    world.imap.cut_after = 200_000
    async with world.bot():
        await world.imap.was_cut.wait()
        world.mend()
        await world.answered()


async def stalled(world: World) -> None:
    async with world.bot():
        world.imap.silent = True
        world.deliver(2)
        before = world.imap.connections
        await until(lambda: world.imap.connections > before)
        world.imap.silent = False
        world.mend()
        await world.answered()


async def slow(world: World) -> None:
    world.imap.trickle = 100
    async with world.bot():
        world.deliver(2, size=20_000)
        world.mend()
        await world.answered()


def cut_at_move(mark: str) -> Callable[[World], Awaitable[None]]:
    """Before the server hears of it ("cut_at"), or after it did it ("deaf_after")."""

    async def cut(world: World) -> None:
        setattr(world.imap, mark, b"UID MOVE")
        async with world.bot():
            world.deliver(2)
            await world.imap.was_cut.wait()
            world.imap.cut_at = b""
            world.mend()
            world.deliver()
            await world.answered()
            await until(lambda: world.dovecot.count(world.user) == 0)

    return cut


async def new_uidvalidity_at_work(world: World) -> None:
    async with world.bot():
        world.deliver(2)
        await world.answered()
        await until(lambda: world.dovecot.count(world.user) == 0)
        world.dovecot.renumber(world.user)
        world.mend()
        world.deliver(2)
        await world.answered()
        assert world.count("SELECT count(DISTINCT uidvalidity) FROM sighting") == 2


async def new_uidvalidity_between_runs(world: World) -> None:
    world.balancer.may_paint.clear()
    world.imap.cut_at = b"UID MOVE"  # so that mail which is in the ledger is still in the folder
    async with world.bot():
        world.deliver(2)
        await world.imap.was_cut.wait()
    world.dovecot.renumber(world.user)
    world.imap.cut_at = b""
    world.balancer.may_paint.set()
    world.mend()
    async with world.bot():
        world.deliver(2)
        await world.answered()
        await until(lambda: world.dovecot.count(world.user) == 0)
        assert world.count("SELECT count(DISTINCT uidvalidity) FROM sighting") == 2


async def watched_folder_deleted(world: World) -> None:
    world.watched = "Photos"
    async with world.bot():
        world.deliver(folder="Photos")
        await world.answered()
        await until(lambda: world.dovecot.count(world.user, "Photos") == 0)
        await _delete(world, "Photos")
        world.mend()
        await until((world.dovecot.maildir(world.user, "Photos") / "new").exists)
        world.deliver(2, folder="Photos")
        await world.answered()


async def processed_deleted(world: World) -> None:
    async with world.bot():
        await _delete(world, "Processed")
        world.mend()
        world.deliver(2)
        await world.answered()
        await until(lambda: world.dovecot.count(world.user) == 0)
        await until(lambda: world.dovecot.count(world.user, "Processed") == 2)


async def quarantine_deleted(world: World) -> None:
    async with world.bot():
        await _delete(world, "Quarantine")
        world.mend()
        world.dovecot.deliver(world.user, b"From: ann@example.org\n\n" + b"boundary\n" * 8000)
        world.deliver()
        await world.answered()
        await until((world.dovecot.maildir(world.user, "Quarantine") / "cur").exists)
        await until(lambda: world.dovecot.count(world.user, "Quarantine") == 1)


async def restarted(world: World) -> None:
    async with world.bot():
        world.deliver()
        await world.answered()
        await asyncio.to_thread(world.dovecot.stop)
        world.imap.reset_all()  # Dovecot lets a process that serves somebody live on
        before = world.imap.connections
        await until(lambda: world.imap.connections > before + 1)
        await asyncio.to_thread(world.dovecot.launch)
        world.mend()
        world.deliver(2)
        await world.answered()


async def login_refused(world: World) -> None:
    refusals = [(b"LOGIN", b"TAG NO [UNAVAILABLE] later")] * 3
    world.imap.answers.extend(refusals)
    world.deliver(2)
    async with world.bot():
        world.mend()
        await world.answered()
    assert not world.imap.answers


async def over_quota_at_move(world: World) -> None:
    world.imap.answers.extend([(b"UID MOVE", b"TAG NO [OVERQUOTA] the mailbox is full")] * 2)
    async with world.bot():
        world.deliver()
        await world.answered()
        await until(lambda: len(world.imap.answers) < 2)
        world.deliver()
        await world.answered()
        await until(lambda: not world.imap.answers)
        world.mend()
        world.imap.reset_all()  # the next sweep takes along what stayed
        world.deliver()
        await world.answered()
        await until(lambda: world.dovecot.count(world.user) == 0)


async def over_quota_at_append(world: World) -> None:
    world.imap.answers.append((b"APPEND", b"TAG NO [OVERQUOTA] the mailbox is full"))
    unreadable = b"From: ann@example.org\nMessage-ID: <%d@x>\n\n" + b"boundary\n" * 8000
    async with world.bot():
        world.dovecot.deliver(world.user, unreadable % 1)
        await until(lambda: not world.imap.answers)
        world.mend()
        world.dovecot.deliver(world.user, unreadable % 2)  # with it goes what stayed behind
        world.deliver()
        await world.answered()
        await until(lambda: world.dovecot.count(world.user, "Quarantine") == 2)


async def _delete(world: World, folder: str) -> None:
    """As somebody does who works in the mailbox beside the bot."""
    settings = Imap(host=world.dovecot.host, port=world.dovecot.port, tls="none", username=world.user)
    async with Connection.open(settings, world.dovecot.credentials) as other:
        await other._ok("DELETE", other._client.delete(folder))


FAULTS = (
    Fault(name="IMAP: cut while waiting for mail", brings_about=cut_while_waiting),
    Fault(name="IMAP: reset in the middle of a mail", brings_about=cut_in_a_mail),
    Fault(name="IMAP: stalled, and nobody is told", brings_about=stalled),
    Fault(name="IMAP: 100 bytes at a time", brings_about=slow),
    Fault(name="IMAP: reset before a MOVE arrives", brings_about=cut_at_move("cut_at")),
    Fault(name="IMAP: reset after a MOVE was made", brings_about=cut_at_move("deaf_after")),
    Fault(name="IMAP: new UIDVALIDITY at work", brings_about=new_uidvalidity_at_work),
    Fault(name="IMAP: new UIDVALIDITY between two runs", brings_about=new_uidvalidity_between_runs),
    Fault(name="IMAP: the watched folder deleted", brings_about=watched_folder_deleted),
    Fault(name="IMAP: the processed folder deleted", brings_about=processed_deleted),
    Fault(name="IMAP: the quarantine folder deleted", brings_about=quarantine_deleted),
    Fault(name="IMAP: server started anew", brings_about=restarted),
    Fault(name="IMAP: login refused for a while", brings_about=login_refused),
    Fault(name="IMAP: over quota at MOVE", brings_about=over_quota_at_move),
    Fault(name="IMAP: over quota at APPEND", brings_about=over_quota_at_append),
)
