"""What a full disk does to the bot: real ones of some megabytes, in memory, filled to the last byte."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from mailbot.storage.spool import folder_of
from tests.fakes.mailbot.faults import Fault, World
from tests.fakes.waiting import until

#: Bytes of a photo that has no room in what is left over by other files.
LARGE = 100_000


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """A file system of its own at `folder`. Raises CalledProcessError where nothing may be mounted."""
    folder.mkdir(exist_ok=True)
    options = f"size={megabytes}m,mode=700"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def can_mount(folder: Path) -> bool:
    """Whether this process may make such a disk."""
    try:
        with small_disk(folder / "trial", 1):
            return True
    except (subprocess.CalledProcessError, FileNotFoundError):
        return False


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """No room at all."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            with suppress(OSError):
                while True:
                    file.write(bytes(size))
    try:
        yield
    finally:
        filler.unlink()


async def until_full(world: World) -> None:
    await until(lambda: any("the disk is full" in deed for deed in world.log.deeds))


async def spool_full(world: World) -> None:
    spool = folder_of(world.folder / "ledger.db")
    with small_disk(spool, 2):
        async with world.bot():
            world.deliver()
            await world.answered()
            with full(spool):
                world.deliver(3, size=LARGE)
                await until_full(world)
            world.mend()
            await world.answered()


async def ledger_full_at_finish(world: World) -> None:
    """Mails are painted, and there is no room for the answers."""
    async with world.bot():
        world.balancer.may_paint.clear()
        world.deliver(3, size=LARGE)
        await until(lambda: len(world.balancer.jobs) == 3)
        with full(world.folder):
            world.balancer.may_paint.set()
            await until_full(world)
        world.mend()
        await world.answered()


async def ledger_full_at_sent(world: World) -> None:
    """The server has taken an answer, and there is no room to note it."""
    async with world.bot():
        world.sink.may_take.clear()
        world.deliver(size=LARGE)
        await world.sink.is_thinking.wait()
        with full(world.folder):
            world.sink.may_take.set()
            await until_full(world)
        world.mend()
        world.deliver()
        await world.answered()
        await until(lambda: world.count("SELECT count(*) FROM outbox WHERE state = 'sent'") == 2)


async def full_at_start(world: World) -> None:
    """The ledger cannot even be opened; the bot waits, and does not end again and again."""
    async with world.bot():
        world.deliver()
        await world.answered()
    world.deliver(2)
    with ExitStack() as disk:
        disk.enter_context(full(world.folder))

        async def make_room() -> None:
            await until_full(world)
            disk.close()
            world.mend()

        async with asyncio.TaskGroup() as group:
            group.create_task(make_room())
            async with world.bot():
                await world.answered()


FAULTS = (
    Fault(name="disk: spool full", brings_about=spool_full, mounts=True),
    Fault(name="disk: full at the start", brings_about=full_at_start, mounts=True),
    Fault(name="disk: ledger full when a mail is painted", brings_about=ledger_full_at_finish, mounts=True),
    Fault(name="disk: ledger full when an answer was taken", brings_about=ledger_full_at_sent, mounts=True),
)
