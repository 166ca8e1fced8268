"""Texts that came while the bot was away: Twilio's list, which pages, lies, and times out."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from mailbot.channels import enabled, twilio_missed_texts, webhook_arrivals
from mailbot.channels.twilio import TwilioChannel
from mailbot.channels.twilio_api import TwilioApi
from mailbot.channels.twilio_missed_texts import TwilioListing
from mailbot.storage.ledger import Ledger
from mailbot.transport.answer_sender import TryLater
from styles.service.units import DAY, HOUR
from tests.fakes.mailbot.bot import Folder, answering, until_census
from tests.fakes.mailbot.channels.memory import large_photo
from tests.fakes.mailbot.channels.twilio import NUMBER, TOKEN, FakeTwilio
from tests.fakes.mailbot.ledger import census
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer, painted


@pytest.fixture
async def phone() -> AsyncIterator[FakeTwilio]:
    async with FakeTwilio() as server:
        yield server


@asynccontextmanager
async def listing(phone: FakeTwilio, ledger: Ledger, seconds: float = 20.0) -> AsyncIterator[TwilioListing]:
    """What reads the list, alone."""
    api = TwilioApi(phone.settings, TOKEN, seconds)
    try:
        yield TwilioListing(phone.settings, api, ledger)
    finally:
        await api.close()


async def waiting(ledger: Ledger) -> list[str]:
    """The texts that were taken, the oldest first."""
    found = await ledger.read(lambda db: webhook_arrivals.waiting(db, "sms"))
    return [arrival.fields["Body"] for arrival in found]


async def test_what_came_while_the_bot_was_away_is_painted_once(
    phone: FakeTwilio, ledger: Ledger, balancer: FakeBalancer, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twilio_missed_texts, "LIST_SECONDS", 0.02)
    beach = large_photo()
    phone.misses(phone.message("mosaic", beach))
    phone.misses(phone.message("the scream"))
    for _ in range(2):  # a second life finds all of it again
        channel = TwilioChannel(phone.settings, TOKEN, ledger)
        async with answering(Folder(), ledger, balancer, sink, channels=[channel]):
            if not phone.sent:
                await phone.wait_for(2)
                phone.misses(phone.message("starry night"))  # nobody called, although the bot listens
                await phone.wait_for(3)
                await phone.says("help")  # called and listed
                await phone.wait_for(4)
            await until_census(ledger, "outbox.sent", 4)
            await phone.until_listed(len(phone.pages) + 2)
    assert [sent.picture for sent in phone.sent[:3]] == [painted(beach)] * 3
    assert (await census(ledger))["message.done"] == len(phone.sent) == 4


async def test_all_pages_are_read_and_only_texts_to_the_bot_are_taken(
    phone: FakeTwilio, ledger: Ledger
) -> None:
    phone.misses(phone.message("too old"), sent=time.time() - 2 * HOUR)
    for number in range(5):
        phone.misses(phone.message(f"text {number}"))
    phone.misses(phone.message("from the bot"), direction="outbound-api")
    phone.misses(phone.message("to another"), to="+15559998888")
    phone.misses(phone.message("no sender"), **{"from": None})
    phone.misses(phone.message("text 5"), num_media=0, date_sent="nonsense")
    async with listing(phone, ledger) as reading:
        await reading.take()
        assert await waiting(ledger) == [f"text {number}" for number in range(6)]
        assert len(phone.pages) == 5
        await reading.take()
    assert len(await waiting(ledger)) == 6


@pytest.mark.parametrize(
    "fault", [500, 401, "late", {"messages": None}, {"next_page_uri": "https://evil.example/?a"},
              {"next_page_uri": "@evil.example/2010-04-01/Accounts"}],
)  # fmt: skip
async def test_a_list_that_breaks_off_is_read_again_from_where_it_began(
    phone: FakeTwilio, ledger: Ledger, fault: dict[str, object] | int | str
) -> None:
    phone.page_size = 1
    for text in ("first", "second"):
        phone.misses(phone.message(text))
    phone.list_faults.extend(({}, fault))
    async with listing(phone, ledger, seconds=0.1) as reading:
        with pytest.raises(TryLater):
            await reading.take()
        assert "second" in await waiting(ledger), "what the list gave is taken"
    async with listing(phone, ledger) as reading:
        await reading.take()
    assert {*await waiting(ledger)} == {"first", "second"}


async def test_a_list_without_an_end_is_left(
    phone: FakeTwilio, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twilio_missed_texts, "MOST_PAGES", 3)
    phone.misses(phone.message("help"))
    async with listing(phone, ledger) as reading:
        await reading.take()
        again = f"{reading._path}?To=%2B15550001111"
        phone.list_faults.extend([{"next_page_uri": again}] * 3)
        await reading.take()
    assert (len(phone.pages), await waiting(ledger)) == (4, ["help"])


async def test_photos_that_are_gone_are_asked_for_again(
    phone: FakeTwilio, ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    phone.misses(phone.message("mosaic", large_photo()))
    phone.photos.clear()
    channel = TwilioChannel(phone.settings, TOKEN, ledger)
    async with answering(Folder(), ledger, balancer, sink, channels=[channel]):
        (sent,) = await phone.wait_for(1)
    assert sent.body.startswith("Your photo came without anything in it")


async def test_where_the_list_is_read_from(ledger: Ledger) -> None:
    now = 1_000_000.0

    async def since() -> float:
        return await ledger.read(lambda db: webhook_arrivals.listed_since(db, "sms", NUMBER, now))

    assert await since() == now - HOUR
    await ledger.transact(lambda db: webhook_arrivals.listed(db, "sms", NUMBER, now - 100))
    assert await since() == now - 100 - webhook_arrivals.OVERLAP
    await ledger.transact(lambda db: webhook_arrivals.listed(db, "sms", NUMBER, 0))
    assert await since() == now - 7 * DAY


async def test_what_waits_when_the_channel_is_switched_off_is_left_to_the_list(
    phone: FakeTwilio, ledger: Ledger
) -> None:
    phone.misses(phone.message("help"))
    async with listing(phone, ledger) as reading:
        await reading.take()
        await ledger.transact(lambda db: webhook_arrivals.listed(db, "sms", NUMBER, time.time() + DAY))
        channel = TwilioChannel(phone.settings, TOKEN, ledger)
        await enabled.leave_others(ledger, [channel])
        assert await waiting(ledger) == ["help"]
        await enabled.leave_others(ledger, [])
        assert await waiting(ledger) == []
        await reading.take()
    assert await waiting(ledger) == ["help"]
