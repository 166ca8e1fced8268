"""What is deleted of a mail on this disk, when, and what stays. Time stands still until it is moved."""

from __future__ import annotations

import sqlite3
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from mailbot.storage import erasure
from mailbot.storage.erasure import DeletionCounts
from mailbot.storage.keyed_hash import secret_of, tagged_pseudonym
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import Message, RawMessage, Reply
from tests.fakes.mailbot.ledger import Clock, admit, census, numbered, on_disk, spooled

ANN, BOB = "ann@example.org", "bob@example.org"
KEEP = 100.0  #: seconds


def raw(number: int) -> RawMessage:
    body = numbered(number)
    return RawMessage(account="a", folder="INBOX", uidvalidity=7, uid=number, body=body, size=len(body))


def reply(number: int, to: str = ANN) -> Reply:
    content = b"painted %d" % number * 99
    return Reply(kind="results", message_id=f"<r{number}@x>", recipient=to, content=content)


async def begun(ledger: Ledger, number: int, sender: str = ANN) -> Message:
    """Accepted, and understood."""
    assert await ledger.accept(raw(number))
    (message,) = await ledger.lease(1)
    assert not await noted(ledger, message, sender)
    await admit(ledger, message, sender)
    return message


async def noted(ledger: Ledger, message: Message, sender: str = ANN) -> bool:
    return await ledger.transact(lambda db: erasure.noted(db, message.id, sender, 0.0))


async def answered(ledger: Ledger, number: int, sender: str = ANN) -> Message:
    message = await begun(ledger, number, sender)
    await ledger.finish(message, reply(number, sender))
    row = await ledger.take()
    assert row
    await ledger.sent(row)
    return message


async def erase(ledger: Ledger, clock: Clock) -> int:
    files = await ledger.transact(lambda db: erasure.erase_due(db, clock.now, KEEP, 100))
    for name in files:
        ledger.spool.remove(name)
    return len(files)


async def forget(ledger: Ledger, request: Message, address: str, clock: Clock) -> DeletionCounts:
    done = await ledger.transact(lambda db: erasure.forget(db, ledger.spool, request.id, address, clock.now))
    for name in done.files:
        ledger.spool.remove(name)
    return replace(done, files=())


async def rows(ledger: Ledger, query: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in await ledger.transact(lambda db: db.execute(query).fetchall())]


async def test_a_mail_is_erased_when_it_is_old_enough(ledger: Ledger, file: Path, clock: Clock) -> None:
    await answered(ledger, 1)
    clock.now += KEEP - 1
    assert await erase(ledger, clock) == 0
    clock.now += 1
    assert await erase(ledger, clock) == 1
    assert await erase(ledger, clock) == 0
    await ledger.compact()
    assert ANN.encode() not in on_disk(file)
    assert await census(ledger) == {"message.done": 1, "outbox.sent": 1}


async def test_an_erased_mail_is_known_when_it_comes_again(ledger: Ledger, clock: Clock) -> None:
    await answered(ledger, 1)
    clock.now += KEEP
    assert await erase(ledger, clock) == 1
    assert await ledger.accept(replace(raw(1), uid=99)) is None


@pytest.mark.parametrize("state", ["accepted", "working", "pending", "sending"])
async def test_what_is_not_done_with_is_not_erased(ledger: Ledger, clock: Clock, state: str) -> None:
    assert await ledger.accept(raw(1))
    if state != "accepted":
        (message,) = await ledger.lease(1)
        if state != "working":
            await ledger.finish(message, reply(1))
        if state == "sending":
            assert await ledger.take()
    clock.now += 1000 * KEEP
    assert await erase(ledger, clock) == 0


async def test_a_refused_answer_is_kept_from_its_last_attempt_on(
    ledger: Ledger, file: Path, clock: Clock
) -> None:
    await ledger.finish(await begun(ledger, 1), reply(1))
    clock.now += 5 * KEEP  # it was tried for so long
    row = await ledger.take()
    assert row
    await ledger.failed(row, f"550 <{ANN}> is no user here")
    clock.now += KEEP - 1
    assert await erase(ledger, clock) == 0
    clock.now += 1
    assert await erase(ledger, clock) == 1
    await ledger.compact()
    assert b"painted 1" not in on_disk(file)
    assert ANN.encode() not in on_disk(file)


async def test_a_quarantined_mail_is_in_the_spool_as_long(ledger: Ledger, file: Path, clock: Clock) -> None:
    await ledger.quarantine(await begun(ledger, 1), "poison")
    clock.now += KEEP - 1
    await erase(ledger, clock)
    assert len(spooled(file)) == 1
    clock.now += 1
    await erase(ledger, clock)
    assert spooled(file) == []
    assert await ledger.quarantined() == []


async def test_killed_between_the_rows_and_the_file(ledger: Ledger, file: Path, clock: Clock) -> None:
    await ledger.quarantine(await begun(ledger, 1), "poison")
    clock.now += KEEP
    assert await ledger.transact(lambda db: erasure.erase_due(db, clock.now, KEEP, 100))
    assert len(spooled(file)) == 1
    async with Ledger(file, clock) as second:
        await second.recover()
    assert spooled(file) == []


async def test_a_picture_that_is_served_keeps_its_mail_for_a_day_at_most(
    ledger: Ledger, clock: Clock
) -> None:
    await ledger.finish(await begun(ledger, 1), reply(1))
    row = await ledger.take()
    assert row
    await ledger.sent(row, "SM1", keeps=True)
    clock.now += KEEP + 1
    assert await erase(ledger, clock) == 0
    clock.now += 86_400
    assert await erase(ledger, clock) == 1
    assert await rows(ledger, "SELECT * FROM letter") == []


async def test_there_are_so_many_a_step(ledger: Ledger, clock: Clock) -> None:
    for number in range(1, 6):
        await answered(ledger, number)
    clock.now += KEEP
    assert [
        len(await ledger.transact(lambda db: erasure.erase_due(db, clock.now, KEEP, 2))) for _ in range(4)
    ] == [2, 2, 1, 0]


async def test_all_of_an_author_is_forgotten_and_nothing_of_others(
    ledger: Ledger, file: Path, clock: Clock
) -> None:
    await answered(ledger, 1)
    await answered(ledger, 2, BOB)
    await ledger.quarantine(await begun(ledger, 3), "poison")
    await ledger.finish(await begun(ledger, 4), reply(4))  # its answer waits
    await ledger.finish(await begun(ledger, 5, BOB), reply(5, BOB))
    painting = await begun(ledger, 6)
    assert await ledger.accept(raw(7))  # nobody has looked at it yet
    (unread,) = await ledger.lease(1)
    await ledger.release(unread)
    assert await ledger.accept(raw(8))
    leased = {message.id: message for message in await ledger.lease(5)}
    request = leased[8]
    assert not await noted(ledger, request)

    assert await forget(ledger, request, ANN, clock) == DeletionCounts(mails=4, answers=1)
    assert await forget(ledger, request, ANN, clock) == DeletionCounts(mails=4, answers=1), "after a crash"

    await ledger.finish(painting, reply(6))  # it comes too late
    assert await noted(ledger, leased[7]), "read after its author wanted it deleted"
    await ledger.silence(leased[7], erasure.ON_REQUEST)
    await ledger.finish(request, reply(8))
    assert await erase(ledger, clock) == 1
    outbox = await rows(ledger, "SELECT message, recipient, state FROM outbox ORDER BY message")
    assert outbox == [(1, "", "sent"), (2, BOB, "sent"), (5, BOB, "pending"), (8, ANN, "pending")]

    for _ in range(2):
        row = await ledger.take()
        assert row
        await ledger.sent(row)
    assert await erase(ledger, clock) == 1
    await ledger.compact()
    assert ANN.encode() not in on_disk(file).replace(numbered(2), b"")
    assert await rows(ledger, "SELECT id FROM message WHERE erased_at IS NULL") == [(2,), (5,)]
    assert spooled(file) == []


async def test_the_tag_of_an_address_makes_nobody_another_person(
    ledger: Ledger, file: Path, clock: Clock
) -> None:
    tagged = "ann+art@example.org"
    await answered(ledger, 1, tagged)
    await answered(ledger, 2, tagged)
    old = tagged_pseudonym(await ledger.read(secret_of), tagged)  # as a ledger of before has it
    await ledger.transact(lambda db: db.execute("UPDATE message SET author = ? WHERE id = 2", (old,)))
    for number, sender in ((3, ANN), (4, tagged)):
        request = await begun(ledger, number, sender)
        assert (await forget(ledger, request, sender, clock)).mails == (1 if number == 3 else 2)
    assert await rows(ledger, "SELECT id FROM message WHERE erased_at IS NULL") == [(4,)]


async def test_an_answer_under_way_when_its_mail_is_forgotten_is_not_sent_again(
    ledger: Ledger, clock: Clock
) -> None:
    await ledger.finish(await begun(ledger, 1), reply(1))
    row = await ledger.take()
    assert row
    request = await begun(ledger, 2)
    assert await forget(ledger, request, ANN, clock) == DeletionCounts(mails=1, answers=0)
    await ledger.deferred(row, clock.now, "451 later")
    assert await erase(ledger, clock) == 1
    assert await ledger.take() is None


async def test_the_answer_to_the_request_itself_is_sent(ledger: Ledger, clock: Clock) -> None:
    request = await begun(ledger, 1)
    await forget(ledger, request, ANN, clock)
    await ledger.finish(request, reply(1))
    assert await erase(ledger, clock) == 0
    row = await ledger.take()
    assert row
    assert row.recipient == ANN


async def test_a_mail_that_nobody_could_read_is_its_authors_too(
    ledger: Ledger, file: Path, clock: Clock
) -> None:
    for number in (1, 2):
        body = numbered(number).replace(b"ann@", b"Ann <ann@" if number == 1 else b"joann@", 1)
        body = body.replace(b"org\r\n", b"org>\r\n", 1) if number == 1 else body
        assert await ledger.accept(replace(raw(number), body=body))
        (message,) = await ledger.lease(1)
        await ledger.quarantine(message, "poison")
    request = await begun(ledger, 3)
    assert (await forget(ledger, request, "Ann@example.org", clock)).mails == 1
    assert len(spooled(file)) == 2


async def test_of_a_large_mail_that_nobody_could_read_only_the_head_is_looked_at(
    ledger: Ledger, clock: Clock
) -> None:
    body = numbered(1) + bytes(20_000_000)
    assert await ledger.accept(replace(raw(1), body=body))
    (message,) = await ledger.lease(1)
    await ledger.quarantine(message, "poison")
    del body
    request = await begun(ledger, 2)
    tracemalloc.start()
    assert (await forget(ledger, request, ANN, clock)).mails == 1
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2_000_000


async def test_nobody_forgets_everybody_with_an_empty_address(ledger: Ledger, clock: Clock) -> None:
    await ledger.quarantine(await begun(ledger, 1, ""), "poison")
    request = await begun(ledger, 2, "")
    assert (await forget(ledger, request, "", clock)).mails == 0


async def test_a_quarantined_mail_can_be_discarded(ledger: Ledger, file: Path, clock: Clock) -> None:
    await ledger.quarantine(await begun(ledger, 1), "poison")
    await answered(ledger, 2)

    def discard(number: int) -> list[str]:
        with sqlite3.connect(file, isolation_level=None) as db:
            db.row_factory = sqlite3.Row
            found = erasure.discard(db, number, clock.now)
        db.close()
        return found

    assert discard(2) == []
    assert discard(1) == spooled(file)
    assert discard(1) == []
