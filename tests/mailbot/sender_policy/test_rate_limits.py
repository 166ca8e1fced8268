"""How many answers go out, over the ledger that counts them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mailbot.sender_policy import rate_limits
from mailbot.sender_policy.rate_limits import MAX_WAIT, RateLimits, ReplyRequest
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import Message, RawMessage
from styles.service.units import DAY, HOUR

WIDE = RateLimits(per_hour=99, per_day=99, notes_per_hour=99)
NOON = 1_000_000.0


class Desk:
    """A ledger with a clock, and mails that ask it for answers."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.now = NOON
        self.ledger = Ledger(file, lambda: self.now)
        self.mails = 0

    async def mail(self) -> Message:
        """A new one, being worked on."""
        self.mails += 1
        body = b"Message-ID: <%d@example.org>\r\n\r\n" % self.mails
        raw = RawMessage(
            account="a", folder="INBOX", uidvalidity=1, uid=self.mails, body=body, size=len(body)
        )
        message = await self.ledger.accept(raw)
        assert message is not None
        leased = await self.ledger.lease(99)
        for other in leased:
            if other.id != message.id:
                await self.ledger.release(other)
        return next(mine for mine in leased if mine.id == message.id)

    async def ask(
        self,
        limits: RateLimits,
        who: str = "ann@example.org",
        photo: bool = True,
        message: Message | None = None,
    ) -> tuple[str, float]:
        """The verdict on `message`, or on a new mail, and how long it says to wait."""
        message = message or await self.mail()
        reply_request = ReplyRequest(message=message.id, sender=who, who=who, has_photo=photo)
        verdict = await self.ledger.transact(
            lambda db: rate_limits.admit(db, reply_request, limits, self.now)
        )
        if verdict.kind == "silence":
            await self.ledger.silence(message, "a cap")
        if verdict.kind == "wait":
            await self.ledger.postpone(message, verdict.until, "a cap")
        return verdict.kind, verdict.until and verdict.until - self.now

    async def kinds(self, limits: RateLimits, count: int, **reply_request: object) -> list[str]:
        return [(await self.ask(limits, **reply_request))[0] for _ in range(count)]  # type: ignore[arg-type]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = Desk(tmp_path / "ledger.db")
    async with desk.ledger:
        yield desk


# One sender


async def test_an_hour_over_the_cap_has_one_notice_and_then_silence(desk: Desk) -> None:
    hourly = RateLimits(per_hour=2, per_day=99, notes_per_hour=99)
    assert await desk.ask(hourly) == ("answer", 0)
    desk.now += 600
    assert await desk.ask(hourly) == ("answer", 0)
    desk.now += 60
    assert await desk.ask(hourly) == ("notice", HOUR - 660)
    assert await desk.kinds(hourly, 3) == ["silence"] * 3
    assert await desk.ask(hourly, who="bob@example.org") == ("answer", 0)
    desk.now += HOUR - 660 + 1
    assert await desk.kinds(hourly, 2) == ["answer", "silence"]  # the notice is within the hour still


async def test_a_notice_counts_for_no_answer(desk: Desk) -> None:
    hourly = RateLimits(per_hour=1, per_day=99, notes_per_hour=99)
    assert await desk.kinds(hourly, 2) == ["answer", "notice"]
    desk.now += HOUR + 1
    assert await desk.kinds(hourly, 2) == ["answer", "notice"]


async def test_a_day_over_the_cap_has_one_notice_in_that_day(desk: Desk) -> None:
    daily = RateLimits(per_hour=1, per_day=2, notes_per_hour=99)
    for _ in range(2):
        assert await desk.ask(daily) == ("answer", 0)
        desk.now += HOUR + 1
    assert await desk.ask(daily) == ("notice", DAY - 2 * (HOUR + 1))
    for _ in range(5):
        desk.now += HOUR + 1
        assert await desk.ask(daily) == ("silence", 0)


async def test_who_was_told_of_a_full_hour_is_told_of_a_full_day_too(desk: Desk) -> None:
    both = RateLimits(per_hour=1, per_day=2, notes_per_hour=99)
    assert await desk.kinds(both, 3) == ["answer", "notice", "silence"]
    desk.now += HOUR + 1
    assert await desk.kinds(both, 3) == ["answer", "notice", "silence"]
    desk.now += HOUR + 1
    assert await desk.kinds(both, 2) == ["silence", "silence"]


async def test_mails_without_a_photo_have_a_cap_of_their_own(desk: Desk) -> None:
    notes = RateLimits(per_hour=99, per_day=99, notes_per_hour=2)
    assert await desk.kinds(notes, 4, photo=False) == ["answer", "answer", "notice", "silence"]
    assert await desk.ask(notes) == ("answer", 0)


async def test_who_may_be_somebody_else_is_told_nothing(desk: Desk) -> None:
    quiet = RateLimits(per_hour=99, per_day=2, notes_per_hour=99, notices=False)
    assert await desk.kinds(quiet, 4) == ["answer", "answer", "silence", "silence"]


async def test_what_ended_in_silence_or_quarantine_does_not_count(desk: Desk) -> None:
    one = RateLimits(per_hour=1, per_day=99, notes_per_hour=99)
    for end in (desk.ledger.silence, desk.ledger.quarantine):
        message = await desk.mail()
        assert await desk.ask(one, message=message) == ("answer", 0)
        await end(message, "a reason")
    assert await desk.ask(one) == ("answer", 0)


async def test_a_mail_that_was_admitted_stays_so_through_retries_and_restarts(tmp_path: Path) -> None:
    one = RateLimits(per_hour=1, per_day=99, notes_per_hour=99)
    first = Desk(tmp_path / "ledger.db")
    async with first.ledger:
        answered, told = await first.mail(), await first.mail()
        for _ in range(3):
            assert (await first.ask(one, message=answered))[0] == "answer"
            assert (await first.ask(one, message=told))[0] == "notice"
    second = Desk(tmp_path / "ledger.db")
    second.mails = first.mails
    async with second.ledger:
        await second.ledger.recover()
        assert (await second.ask(one, message=answered))[0] == "answer"
        assert (await second.ask(one, message=told))[0] == "notice"
        assert (await second.ask(one))[0] == "silence"


# All senders


async def test_over_the_cap_in_all_mails_wait_for_the_answers_of_the_day_before(desk: Desk) -> None:
    two = RateLimits(per_hour=99, per_day=99, notes_per_hour=99, total_per_day=2)
    await desk.ask(two, who="a@example.org")
    desk.now += 100
    await desk.ask(two, who="b@example.org")
    desk.now += 100
    assert await desk.ask(two, who="c@example.org") == ("wait", DAY - 200)
    assert await desk.ask(two, who="d@example.org") == ("wait", DAY - 100)
    assert await desk.ask(two, who="e@example.org") == ("wait", DAY)
    assert await desk.ledger.lease(9) == []


async def test_who_waits_comes_in_turn_and_nobody_overtakes(desk: Desk) -> None:
    one = RateLimits(per_hour=99, per_day=99, notes_per_hour=99, total_per_day=1)
    await desk.ask(one)
    waiting = [await desk.mail() for _ in range(2)]
    for message in waiting:
        assert (await desk.ask(one, message=message))[0] == "wait"
    desk.now += DAY + 1
    assert (await desk.ask(one))[0] == "wait"  # new, though there is room
    first, second = await desk.ledger.lease(9)
    assert (first.id, first.held_until > 0) == (waiting[0].id, True)
    assert (await desk.ask(one, message=second))[0] == "wait"
    assert (await desk.ask(one, message=first))[0] == "answer"
    desk.now += DAY + 1
    (second, *_) = await desk.ledger.lease(9)
    assert (await desk.ask(one, message=second))[0] == "answer"


async def test_after_days_of_waiting_a_mail_is_let_go(desk: Desk) -> None:
    one = RateLimits(per_hour=99, per_day=99, notes_per_hour=99, total_per_day=1)
    message = await desk.mail()
    desk.now += MAX_WAIT - 10
    await desk.ask(one)
    assert (await desk.ask(one, message=message))[0] == "wait"
    desk.now += 11
    assert (await desk.ask(one, message=message))[0] == "silence"


async def test_a_notice_is_not_worth_the_last_room(desk: Desk) -> None:
    narrow = RateLimits(per_hour=1, per_day=99, notes_per_hour=99, total_per_day=1)
    assert await desk.kinds(narrow, 2) == ["answer", "silence"]


async def test_notices_count_in_all(desk: Desk) -> None:
    narrow = RateLimits(per_hour=1, per_day=99, notes_per_hour=99, total_per_day=2)
    assert await desk.kinds(narrow, 2) == ["answer", "notice"]
    assert (await desk.ask(narrow, who="bob@example.org"))[0] == "wait"


async def test_no_cap_in_all_is_no_limit(desk: Desk) -> None:
    assert await desk.kinds(WIDE, 50) == ["answer"] * 50


async def test_no_address_is_written_into_a_mail_that_was_erased_meanwhile(desk: Desk) -> None:
    message = await desk.mail()
    await desk.ledger.transact(
        lambda db: db.execute("UPDATE message SET erased_at = 1 WHERE id = ?", (message.id,))
    )
    await desk.ask(WIDE, message=message)
    found = await desk.ledger.transact(
        lambda db: tuple(db.execute("SELECT sender, admission FROM message").fetchone())
    )
    assert found == ("", "photo")
