"""The ledger: what a mail and its answer go through, and what is left of them on the disk."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import replace
from pathlib import Path

import pytest

from mailbot.storage.ledger import MAX_ATTEMPTS, Ledger
from mailbot.storage.mail_keys import split_mail
from mailbot.storage.outside_access import looking
from mailbot.storage.spool import folder_of
from tests.fakes.mailbot.ledger import (
    BODY,
    RAW,
    REPLY,
    Clock,
    accept,
    admit,
    census,
    on_disk,
    spooled,
    variant,
    work,
)


async def test_an_accepted_mail_is_in_spool_and_ledger(ledger: Ledger, file: Path, clock: Clock) -> None:
    message = await accept(ledger)
    assert (message.state, message.attempts, message.accepted_at) == ("accepted", 0, clock.now)
    assert await ledger.body(message) == BODY
    assert spooled(file) == [message.spool]


async def test_the_same_uid_is_seen_before(ledger: Ledger) -> None:
    await accept(ledger)
    assert await ledger.accept(RAW) is None


async def test_the_same_mail_under_another_uid_is_seen_before_and_recorded(
    ledger: Ledger, file: Path
) -> None:
    await accept(ledger)
    relayed = b"Received: from elsewhere\r\n" + BODY
    assert await ledger.accept(replace(RAW, uid=2, uidvalidity=8, body=relayed)) is None
    with sqlite3.connect(file) as db:
        assert db.execute("SELECT uidvalidity, uid, message FROM sighting").fetchall() == [
            (7, 1, 1),
            (8, 2, 1),
        ]
    db.close()


async def test_a_uid_that_a_server_gives_twice_loses_no_mail(ledger: Ledger) -> None:
    first = await accept(ledger)
    second = await accept(ledger, variant(2, uid=1))
    assert first.id != second.id


@pytest.mark.parametrize(
    "change",
    [(b"<1@", b"<2@"), (b"ann", b"bob"), (b"10:00:00", b"10:00:01"), (b"hello", b"hallo")],
    ids=["message-id", "from", "date", "body"],
)
async def test_mails_that_differ_in_what_counts_are_two(ledger: Ledger, change: tuple[bytes, bytes]) -> None:
    await accept(ledger)
    await accept(ledger, replace(RAW, uid=2, body=BODY.replace(*change)))


async def test_a_message_goes_through_to_the_outbox(ledger: Ledger, file: Path) -> None:
    await accept(ledger)
    message = await work(ledger)
    assert (message.state, message.attempts) == ("working", 1)
    await admit(ledger, message)
    await ledger.finish(message, REPLY)
    assert await ledger.lease(5) == []
    row = await ledger.take()
    assert row is not None
    assert (row.message, row.message_id, row.recipient, row.content) == (
        message.id, REPLY.message_id, REPLY.recipient, REPLY.content,
    )  # fmt: skip
    assert (row.attempts, row.engine_seconds, row.accepted_at) == (1, 0.25, message.accepted_at)
    assert await ledger.take() is None
    await ledger.sent(row)
    assert await census(ledger) == {"message.done": 1, "outbox.sent": 1}
    assert spooled(file) == []
    assert await ledger.ours(["aa", "cc"]) == {"aa"}


async def test_finish_a_second_time_changes_nothing(ledger: Ledger) -> None:
    await accept(ledger)
    message = await work(ledger)
    await ledger.finish(message, REPLY)
    await ledger.finish(message, replace(REPLY, content=b"other", message_id="<other@x>"))
    row = await ledger.take()
    assert row is not None
    assert row.content == REPLY.content
    assert await ledger.take() is None


async def test_at_most_as_many_as_asked_for_are_leased_oldest_first(ledger: Ledger) -> None:
    for number in range(1, 6):
        await accept(ledger, variant(number))
    assert [message.id for message in await ledger.lease(2)] == [1, 2]
    assert [message.id for message in await ledger.lease(9)] == [3, 4, 5]


async def test_a_postponed_message_comes_back_when_it_is_due(ledger: Ledger, clock: Clock) -> None:
    await accept(ledger)
    message = await work(ledger)
    await ledger.postpone(message, clock.now + 30, "the balancer is away")
    assert await ledger.lease(1) == []
    assert await ledger.next_message_at() == clock.now + 30
    clock.now += 30
    again = await work(ledger)
    assert (again.postponed, again.attempts) == (1, 1)


async def test_a_mail_that_is_put_off_again_and_again_counts_no_attempt(ledger: Ledger) -> None:
    await accept(ledger)
    for _ in range(MAX_ATTEMPTS + 1):
        message = await work(ledger)
        await admit(ledger, message)
        await ledger.postpone(message, 0.0, "away")
    assert (await work(ledger)).attempts == 1


async def test_an_orderly_stop_counts_no_attempt(ledger: Ledger) -> None:
    await accept(ledger)
    for _ in range(MAX_ATTEMPTS + 1):
        await ledger.release(await work(ledger))
    assert (await work(ledger)).attempts == 1


async def test_release_does_not_undo_what_is_done(ledger: Ledger) -> None:
    await accept(ledger)
    message = await work(ledger)
    await ledger.finish(message, REPLY)
    await ledger.release(message)
    assert await census(ledger) == {"message.done": 1, "outbox.pending": 1}


async def test_errors_of_ours_lead_to_quarantine_the_third_time(ledger: Ledger, clock: Clock) -> None:
    await accept(ledger)
    for _ in range(MAX_ATTEMPTS):
        clock.now += 10
        await ledger.failed_unexpectedly(await work(ledger), clock.now + 5, "KeyError")
    clock.now += 10
    assert await ledger.lease(1) == []
    assert len(await ledger.quarantined()) == 1


async def test_a_silent_mail_leaves_nothing_to_send(ledger: Ledger, file: Path) -> None:
    await accept(ledger)
    await ledger.silence(await work(ledger), "auto-submitted")
    assert await census(ledger) == {"message.silent": 1}
    assert spooled(file) == []


# The outbox


async def test_a_deferred_answer_comes_back_when_it_is_due(ledger: Ledger, clock: Clock) -> None:
    await accept(ledger)
    await ledger.finish(await work(ledger), REPLY)
    row = await ledger.take()
    assert row is not None
    await ledger.deferred(row, clock.now + 9, "451 later")
    assert await ledger.take() is None
    assert await ledger.next_reply_at() == clock.now + 9
    clock.now += 9
    assert await ledger.take() == replace(row, attempts=2)


async def test_a_failed_answer_is_never_sent(ledger: Ledger, clock: Clock) -> None:
    await accept(ledger)
    await ledger.finish(await work(ledger), REPLY)
    row = await ledger.take()
    assert row is not None
    await ledger.failed(row, "550 no such user")
    clock.now += 1e6
    assert await ledger.take() is None
    assert await ledger.next_reply_at() is None
    (content,) = await ledger.transact(lambda db: db.execute("SELECT content FROM letter").fetchone())
    assert content == REPLY.content, "a person may have it sent again"


async def test_what_is_deleted_is_in_no_file_after_compacting(ledger: Ledger, file: Path) -> None:
    await accept(ledger)
    await ledger.finish(await work(ledger), REPLY)
    row = await ledger.take()
    assert row is not None
    await ledger.compact()
    assert b"paintedpainted" in on_disk(file)
    await ledger.sent(row)
    await ledger.compact()
    assert b"paintedpainted" not in on_disk(file)


async def test_room_is_given_back_and_a_reader_is_not_waited_for(ledger: Ledger, file: Path) -> None:
    await accept(ledger)
    size = 40 * 2**20
    await ledger.finish(await work(ledger), replace(REPLY, content=bytes(size)))
    row = await ledger.take()
    assert row
    await ledger.sent(row)
    began = time.monotonic()
    with looking(file) as db:
        db.execute("SELECT count(*) FROM message").fetchone()
        assert await ledger.compact()
    assert time.monotonic() - began < 5, "SQLite would wait for ten seconds"
    while await ledger.compact():
        pass
    assert len(on_disk(file)) < size / 2


@pytest.mark.parametrize("end", ["postpone", "failed_unexpectedly", "silence", "quarantine", "finish"])
async def test_a_mail_taken_out_of_its_workers_hands_stays_so(ledger: Ledger, end: str) -> None:
    await accept(ledger)
    message = await work(ledger)
    await ledger.transact(lambda db: db.execute("UPDATE message SET state = 'silent'"))
    values = {"postpone": (1.0, ""), "failed_unexpectedly": (1.0, ""), "finish": (REPLY,)}.get(end, ("",))
    await getattr(ledger, end)(message, *values)
    assert await census(ledger) == {"message.silent": 1}


async def test_message_ids_are_fixed_by_message_and_ledger(file: Path, tmp_path: Path) -> None:
    async with Ledger(file) as ledger:
        message, other = await accept(ledger), await accept(ledger, variant(2))
        fixed = ledger.reply_id(message, "painter.example")
        assert fixed != ledger.reply_id(other, "painter.example")
    assert fixed.startswith("<")
    assert fixed.endswith("@painter.example>")
    async with Ledger(file) as again:
        assert again.reply_id(message, "painter.example") == fixed
    async with Ledger(tmp_path / "other" / "ledger.db") as stranger:
        assert stranger.reply_id(message, "painter.example") != fixed


async def test_large_mails_of_one_header_but_another_size_are_two(ledger: Ledger) -> None:
    head = split_mail(BODY)[0] + b"\r\n\r\n"
    await accept(ledger, replace(RAW, body=head, size=50_000_000, oversized=True))
    large = await accept(ledger, replace(RAW, uid=2, body=head, size=60_000_000, oversized=True))
    assert large.oversized
    await ledger.finish(await work(ledger), REPLY)
    assert await ledger.body(large) == head


async def test_the_spool_is_for_its_owner_alone(ledger: Ledger, file: Path) -> None:
    assert folder_of(file).stat().st_mode & 0o777 == 0o700


async def test_what_is_called_with_a_name_arrives(ledger: Ledger) -> None:
    def named(*, value: int) -> int:
        return value

    assert await ledger._call(named, value=3) == 3
