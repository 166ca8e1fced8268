"""What the ledger knows of those who write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mailbot.sender_policy import suppression
from mailbot.sender_policy.bounces import Bounce
from mailbot.sender_policy.suppression import MAX_BOUNCED, QUIET
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import OutboxRow, RawMessage, Reply
from tests.fakes.mailbot.ledger import admit

ANN = "ann@example.org"
FAILED, LATE = Bounce(action="failed", status="5.1.1"), Bounce(action="delayed", status="4.4.1")
NOW = 1_000_000.0


def reply_id(number: int) -> str:
    return f"<{number}@painter.example>"


async def answer(ledger: Ledger, number: int, sender: str = ANN) -> OutboxRow:
    """An answer that is being sent."""
    body = b"Message-ID: <%d@example.org>\r\n\r\n" % number
    raw = RawMessage(account="a", folder="INBOX", uidvalidity=1, uid=number, body=body, size=len(body))
    assert await ledger.accept(raw) is not None
    (message,) = await ledger.lease(1)
    await admit(ledger, message, sender)
    await ledger.finish(
        message, Reply(kind="results", message_id=reply_id(number), recipient=sender, content=b"painted")
    )
    row = await ledger.take()
    assert row is not None
    return row


async def bounced(ledger: Ledger, number: int, bounce: Bounce = FAILED, now: float = NOW) -> int | None:
    return await ledger.transact(
        lambda db: suppression.note_bounce(db, ["<other@x>", reply_id(number)], bounce, now)
    )


async def unreachable(ledger: Ledger, who: str = ANN, now: float = NOW) -> bool:
    name = ledger.known_as(who)
    return await ledger.transact(lambda db: suppression.unreachable(db, name, now))


async def state(ledger: Ledger, number: int) -> tuple[Any, ...]:
    query = "SELECT state, bounce, bounced_at FROM outbox WHERE message_id = ?"
    row = await ledger.transact(lambda db: db.execute(query, (reply_id(number),)).fetchone())
    return tuple(row)


async def test_a_bounce_finds_its_answer_by_its_id_alone(ledger: Ledger) -> None:
    for number in (1, 2):
        await ledger.sent(await answer(ledger, number))
    assert await bounced(ledger, 2) == 2
    assert await bounced(ledger, 3) is None
    assert [await state(ledger, number) for number in (1, 2)] == [
        ("sent", "", None),
        ("sent", "failed 5.1.1", NOW),
    ]


async def test_what_is_late_may_still_fail_and_what_failed_stays_so(ledger: Ledger) -> None:
    await ledger.sent(await answer(ledger, 1))
    await bounced(ledger, 1, LATE)
    assert await state(ledger, 1) == ("sent", "delayed 4.4.1", None)
    await bounced(ledger, 1, FAILED)
    await bounced(ledger, 1, LATE, NOW + 1)
    assert await state(ledger, 1) == ("sent", "failed 5.1.1", NOW)


@pytest.mark.parametrize("way", ["deferred", "restarted", "due again"])
async def test_what_came_back_is_never_sent_again(tmp_path: Path, way: str) -> None:
    """The server took it, the line dropped before it said so, and the bounce was faster than the retry."""
    async with Ledger(tmp_path / "ledger.db", lambda: NOW) as ledger:
        row = await answer(ledger, 1)
        if way == "due again":
            await ledger.deferred(row, NOW, "dropped")
            await bounced(ledger, 1)
        else:
            await bounced(ledger, 1)
            if way == "deferred":
                await ledger.deferred(row, NOW, "dropped")
    async with Ledger(tmp_path / "ledger.db", lambda: NOW) as ledger:
        await ledger.recover()
        assert await ledger.take() is None
        assert await ledger.next_reply_at() is None
        assert (await state(ledger, 1))[0] == "failed"


async def test_answers_that_come_back_in_a_row_are_enough_for_a_day(ledger: Ledger) -> None:
    for number in range(1, MAX_BOUNCED + 1):
        assert not await unreachable(ledger)
        await ledger.sent(await answer(ledger, number))
        await bounced(ledger, number)
    assert await unreachable(ledger)
    assert await unreachable(ledger, "Ann+photos@example.org")
    assert not await unreachable(ledger, "bob@example.org")
    assert await unreachable(ledger, now=NOW + QUIET - 1)
    assert not await unreachable(ledger, now=NOW + QUIET)
    await ledger.sent(await answer(ledger, 9))  # the one that tries again
    assert not await unreachable(ledger, now=NOW + QUIET)
    await bounced(ledger, 9, now=NOW + QUIET)
    assert await unreachable(ledger, now=NOW + QUIET)


async def test_an_answer_that_arrived_ends_the_row(ledger: Ledger) -> None:
    for number in range(1, 2 * MAX_BOUNCED):
        await ledger.sent(await answer(ledger, number))
        if number != MAX_BOUNCED:
            await bounced(ledger, number)
    assert not await unreachable(ledger)


async def test_who_wrote_stop_is_muted_but_for_that_mails_answer(ledger: Ledger) -> None:
    who = ledger.known_as(ANN)

    async def muted(message: int) -> bool:
        return await ledger.transact(lambda db: suppression.muted(db, who, message))

    for message in (7, 9):
        await ledger.transact(lambda db, m=message: suppression.mute(db, who, m, NOW))  # type: ignore[misc]
    assert [await muted(message) for message in (6, 7, 9)] == [True, False, True]
    await ledger.transact(lambda db: suppression.unmute(db, who))
    assert not await muted(9)


async def test_nobody_can_be_read_from_the_counts(ledger: Ledger) -> None:
    row = await answer(ledger, 1)
    await ledger.sent(row)
    who = ledger.known_as(ANN)
    await ledger.transact(lambda db: suppression.mute(db, who, 1, NOW))
    query = "SELECT correspondent FROM message UNION SELECT correspondent FROM muted"
    found = await ledger.transact(lambda db: [row[0] for row in db.execute(query)])
    assert found == [who]
    assert "ann" not in who
