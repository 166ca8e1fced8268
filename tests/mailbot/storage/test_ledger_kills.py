"""The ledger after a crash: a new Ledger over the same file, at any point of the old one's work."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mailbot.storage.ledger import MAX_ATTEMPTS, Ledger
from mailbot.storage.spool import folder_of
from tests.fakes.mailbot.ledger import BODY, RAW, REPLY, accept, admit, census, spooled, variant, work


async def test_killed_between_spooling_and_the_transaction_nothing_is_left(file: Path) -> None:
    async with Ledger(file) as first:
        first.spool.put(BODY)
        (folder_of(file) / "half.eml.part").write_bytes(b"half")
    async with Ledger(file) as second:
        await second.recover()
        assert spooled(file) == []
        await accept(second)


async def test_killed_after_accept_the_mail_is_worked_on(file: Path) -> None:
    async with Ledger(file) as first:
        await accept(first)
    async with Ledger(file) as second:
        await second.recover()
        assert await second.accept(RAW) is None
        assert await second.body(await work(second)) == BODY


async def test_killed_while_working_the_lease_is_freed(file: Path) -> None:
    async with Ledger(file) as first:
        await accept(first)
        await work(first)
    async with Ledger(file) as second:
        assert await second.lease(1) == []
        assert await second.recover() == (1, 0)
        assert (await work(second)).attempts == 2


async def test_killed_after_finish_the_answer_is_sent(file: Path) -> None:
    async with Ledger(file) as first:
        await accept(first)
        await first.finish(await work(first), REPLY)
    async with Ledger(file) as second:
        await second.recover()
        row = await second.take()
        assert row is not None
        assert row.content == REPLY.content


async def test_killed_while_sending_the_same_bytes_are_sent_again_and_counted(file: Path) -> None:
    async with Ledger(file) as first:
        await accept(first)
        await first.finish(await work(first), REPLY)
        before = await first.take()
    async with Ledger(file) as second:
        assert await second.recover() == (0, 1)
        after = await second.take()
    assert before is not None
    assert after == replace(before, attempts=2)


async def test_killed_after_sending_nothing_is_sent_again(file: Path) -> None:
    async with Ledger(file) as first:
        await accept(first)
        await first.finish(await work(first), REPLY)
        row = await first.take()
        assert row is not None
        await first.sent(row)
    async with Ledger(file) as second:
        assert await second.recover() == (0, 0)
        assert await second.take() is None


async def test_a_mail_that_kills_the_process_is_quarantined_the_third_time(file: Path) -> None:
    async with Ledger(file) as first:
        await accept(first)
    for _ in range(MAX_ATTEMPTS):
        async with Ledger(file) as ledger:
            await ledger.recover()
            await work(ledger)
    async with Ledger(file) as last:
        await last.recover()
        assert await last.lease(1) == []
        (message,) = await last.quarantined()
        assert await last.body(message) == BODY
        await last.set_aside(message)
        assert await last.quarantined() == []
        assert await last.take() is None
    async with Ledger(file) as again:
        await again.recover()
    assert spooled(file) == [message.spool], "a person may want to look at it, or have it tried again"


async def test_a_mail_that_kills_the_process_once_understood_is_quarantined_too(file: Path) -> None:
    async with Ledger(file) as first:
        await accept(first)
    for _ in range(MAX_ATTEMPTS):
        async with Ledger(file) as ledger:
            await ledger.recover()
            await admit(ledger, await work(ledger))
    async with Ledger(file) as last:
        await last.recover()
        assert await census(last) == {"message.quarantined": 1}


async def test_what_died_with_a_process_is_taken_up_one_at_a_time(file: Path) -> None:
    async with Ledger(file) as first:
        for number in (1, 2, 3):
            await accept(first, variant(number))
        assert len(await first.lease(9)) == 3
    async with Ledger(file) as second:
        await second.recover()
        await accept(second, variant(4))
        suspect, fresh = await second.lease(9)
        assert (suspect.id, fresh.id) == (1, 4)
        assert await second.lease(9) == []
        assert await second.next_message_at() is None
        await second.finish(suspect, REPLY)
        assert await second.next_message_at() == 0
        assert [message.id for message in await second.lease(9)] == [2]
