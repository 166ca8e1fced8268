"""The bot, killed at every place of deleting: nothing of ours stays in the end, nothing foreign ever goes."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

from mailbot.config import Imap
from mailbot.storage import server_copies
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import Reply
from mailbot.storage.outside_access import looking
from mailbot.storage.spool import folder_of
from tests.fakes.mailbot.copies import FOREIGN, LOOKALIKE, lay, polled
from tests.fakes.mailbot.inbox import set_aside
from tests.fakes.mailbot.kills.kill_harness import LIFE_SECONDS, Harness
from tests.fakes.mailbot.kills.kill_sources import MailboxSource
from tests.fakes.mailbot.ledger import numbered, on_disk
from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer
from tests.fakes.waiting import until

POINTS = [
    *("commit erase_due: before", "commit erase_due: after", "spool unlink: before", "spool unlink: after"),
    *("commit folders: before", "commit folders: after"),
    *("imap STORE: before", "imap STORE: sent", "imap STORE: answered"),
    *("imap EXPUNGE: before", "imap EXPUNGE: sent", "imap EXPUNGE: answered"),
    *("commit settled: before", "commit settled: after"),
]


async def test_killed_at_every_place_of_deleting(
    tmp_path: Path, dovecot: Dovecot, user: str, imap: Imap, sink: Sink, balancer: FakeBalancer
) -> None:
    for folder in ("Processed", "Quarantine"):
        await lay(dovecot, user, imap, folder, FOREIGN, LOOKALIKE)
    async with Harness(tmp_path, MailboxSource(dovecot, user), sink, balancer) as harness:
        config = harness.folder / "config.toml"
        config.write_text(config.read_text().replace("[mail]", "[mail]\nkeep_days = 0", 1))
        for number, point in enumerate(POINTS, start=1):
            await fill(tmp_path, dovecot, user, imap, 2 * number)
            async with asyncio.timeout(LIFE_SECONDS):
                _, ended = await harness.start(point, 1)
                assert await ended == -signal.SIGKILL, point
        async with asyncio.timeout(LIFE_SECONDS):
            pid, ended = await harness.start("", 0)
            await until(lambda: all_cleared(tmp_path / "ledger.db") or ended.done(), LIFE_SECONDS)
            os.kill(pid, signal.SIGTERM)
            assert await ended == 0
    for folder in ("Processed", "Quarantine"):
        assert sorted(dovecot.mails(user, folder)) == sorted([FOREIGN, LOOKALIKE])
    assert list(folder_of(tmp_path / "ledger.db").iterdir()) == []
    assert b"ann@example.org" not in on_disk(tmp_path / "ledger.db")
    async with Ledger(tmp_path / "ledger.db") as ledger:
        query = "SELECT count(*), sum(cleared), count(erased_at) FROM message"
        (row,) = await ledger.read(lambda db: db.execute(query).fetchall())
    assert tuple(row) == (2 * len(POINTS),) * 3
    crossed = set((tmp_path / "crossings").read_text().split("\n"))
    assert crossed >= set(POINTS)


def all_cleared(file: Path) -> bool:
    with looking(file) as db:
        return not db.execute("SELECT 1 FROM message WHERE NOT cleared").fetchone()


async def fill(folder: Path, dovecot: Dovecot, user: str, imap: Imap, number: int) -> None:
    """Two mails that have been dealt with: one answered, one in quarantine, with its copy there."""
    for each in (number, number + 1):
        dovecot.deliver(user, numbered(each + 10))
    async with Ledger(folder / "ledger.db") as ledger, polled(imap, ledger, 2) as inbox:
        first, second = await ledger.lease(2)
        reply = Reply(kind="help", message_id=f"<r{number}@x>", recipient="ann@example.org", content=b"hello")
        await ledger.finish(first, reply)
        row = await ledger.take()
        assert row
        await ledger.sent(row)
        await ledger.quarantine(second, "poison")
        note = await ledger.transact(lambda db: server_copies.copying(db, second.id))
        location = await set_aside(inbox, await ledger.body(second))
        await ledger.set_aside(second)
        assert location
        await ledger.transact(lambda db: server_copies.placed(db, [(note, location)]))
