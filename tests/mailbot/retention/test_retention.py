"""The loop that deletes, and a request from its mail to the empty folders."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import pytest

from mailbot.app import note_moves
from mailbot.config import Imap
from mailbot.inbox import Inbox
from mailbot.retention.retention import Retention
from mailbot.retention.server_deletion import ServerDeletion
from mailbot.storage.ledger import Ledger
from mailbot.transport.imap_calls import ImapError
from styles.service.units import DAY
from tests.fakes.mailbot.bot import Folder, answering, asking, text_of, until_census
from tests.fakes.mailbot.ledger import RAW, REPLY, Clock, accept, on_disk, spooled, work
from tests.fakes.mailbot.mails import mail
from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer
from tests.fakes.waiting import until


class Server:
    """Counts how often it is asked, and is away when told so."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.is_away = False

    async def clear(self) -> int:
        self.asked.set()
        if self.is_away:
            raise ImapError("away")
        return 0


def request(number: int, sender: str = "ann@example.org", **fields: str) -> bytes:
    return mail("delete my photos", sender=sender, message_id=f"<{number}@example.org>", images=(), **fields)


async def erased(ledger: Ledger) -> set[int]:
    query = "SELECT id FROM message WHERE erased_at IS NOT NULL"
    return {row["id"] for row in await ledger.transact(lambda db: db.execute(query).fetchall())}


async def test_it_deletes_at_the_start_and_goes_on_when_the_server_is_away(tmp_path: Path) -> None:
    clock, server = Clock(), Server()
    async with Ledger(tmp_path / "ledger.db", clock) as ledger:
        await accept(ledger)
        await ledger.quarantine(await work(ledger), "poison")
        clock.now += 7 * DAY
        server.is_away = True
        retention = Retention(7, ledger, server.clear, clock)
        running = asyncio.create_task(retention.run())
        await asyncio.wait_for(server.asked.wait(), 10)
        assert await erased(ledger) == {1}
        assert spooled(tmp_path / "ledger.db") == []
        server.asked.clear()
        retention.wake()
        await asyncio.wait_for(server.asked.wait(), 10)
        assert not running.done()
        running.cancel()


async def test_a_bug_in_deleting_is_logged_without_a_mails_content_and_ends_nothing(
    ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def __init__(self) -> None:
            self.asked = asyncio.Event()

        async def clear(self) -> int:
            self.asked.set()
            raise KeyError("ann@example.org")

    server = Broken()
    retention = Retention(7, ledger, server.clear)
    running = asyncio.create_task(retention.run())
    for _ in range(2):
        await asyncio.wait_for(server.asked.wait(), 10)
        server.asked.clear()
        retention.wake()
    running.cancel()
    assert "deleting met an unexpected error: KeyError" in caplog.text
    assert "ann@example.org" not in caplog.text


async def test_with_no_days_a_mail_goes_when_it_is_answered(tmp_path: Path) -> None:
    clock = Clock()
    async with Ledger(tmp_path / "ledger.db", clock) as ledger:
        retention = Retention(0, ledger, Server().clear, clock)
        await accept(ledger)
        await ledger.finish(await work(ledger), REPLY)
        row = await ledger.take()
        assert row
        await retention.once()
        assert await erased(ledger) == set()
        await ledger.sent(row)
        await retention.once()
        assert await erased(ledger) == {1}
        assert REPLY.recipient.encode() not in on_disk(tmp_path / "ledger.db")
        assert await ledger.accept(RAW) is None


async def test_delete_my_photos_leaves_nothing_anywhere(
    dovecot: Dovecot, user: str, imap: Imap, ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    inbox = Inbox(imap, Dovecot.credentials, 1_000_000, filed=partial(note_moves, ledger))
    server_deletion = ServerDeletion(imap, Dovecot.credentials, ledger)
    async with answering(inbox, ledger, balancer, sink):
        dovecot.deliver(user, asking(1))
        await until(lambda: len(dovecot.mails(user, "Processed")) == 1)  # or the second may be numbered first
        dovecot.deliver(user, asking(2, sender="bob@example.org"))
        await sink.wait_for(2)
        await until(lambda: len(dovecot.mails(user, "Processed")) == 2)
        dovecot.deliver(user, request(3))
        *_, answer = await sink.wait_for(3)
        await until_census(ledger, "outbox.sent", 3)
        await until(lambda: len(dovecot.mails(user, "Processed")) == 3)
    assert "I had kept one mail of yours." in " ".join(text_of(answer).split())
    await Retention(7, ledger, server_deletion.clear).once()
    left = dovecot.mails(user, "Processed")
    assert len(left) == 1
    assert b"bob@example.org" in left[0]
    assert await erased(ledger) == {1, 3}


async def test_while_it_is_painted_a_photo_can_be_deleted(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    balancer.may_paint.clear()
    inbox = Folder(asking(1))
    async with answering(inbox, ledger, balancer, sink):
        await asyncio.wait_for(balancer.asked.wait(), 10)
        inbox.put(request(2))
        await sink.wait_for(1)
        balancer.may_paint.set()
        inbox.put(asking(3, sender="bob@example.org"))
        answers = await sink.wait_for(2)
    assert [str(answer["In-Reply-To"]) for answer in answers] == ["<2@example.org>", "<3@example.org>"]


async def test_who_has_had_enough_answers_can_still_delete(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    inbox = Folder(asking(1))
    async with answering(inbox, ledger, balancer, sink, replies_per_hour=1, notes_per_hour=1):
        await sink.wait_for(1)
        await until_census(ledger, "outbox.sent")
        for number in (2, 3):  # the first gets the notice that it is too many, the second gets silence
            inbox.put(request(number))
        await until_census(ledger, "message.silent")
    assert 1 in await erased(ledger)


@pytest.mark.parametrize("fields", [{"Reply_To": "ann@example.org"}, {"Sender": "ann@example.org"}])
async def test_nobody_deletes_for_another(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, fields: dict[str, str]
) -> None:
    inbox = Folder(asking(1))
    async with answering(inbox, ledger, balancer, sink):
        await sink.wait_for(1)
        inbox.put(request(2, sender="mallory@example.org", **fields))
        *_, answer = await sink.wait_for(2)
        await until_census(ledger, "outbox.sent", 2)
    assert "no mails of yours" in text_of(answer)
    assert await erased(ledger) == set()
