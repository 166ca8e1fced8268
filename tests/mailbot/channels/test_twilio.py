"""Text messages as people see them: the whole bot at a fake Twilio that signs, repeats, and fails."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from mailbot import outbox
from mailbot.channels import twilio, twilio_webhook
from mailbot.channels.twilio import TwilioChannel
from mailbot.channels.twilio_api import MAX_MEDIA
from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import Folder, answering, until_census, until_settled
from tests.fakes.mailbot.channels.memory import large_photo
from tests.fakes.mailbot.channels.twilio import TOKEN, FakeTwilio
from tests.fakes.mailbot.ledger import census
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer, painted


@pytest.fixture
async def phone() -> AsyncIterator[FakeTwilio]:
    async with FakeTwilio() as server:
        yield server


@pytest.fixture
def woken() -> asyncio.Event:
    """Set when the outbox is to look for answers."""
    return asyncio.Event()


@pytest.fixture(autouse=True)
async def _channel(
    phone: FakeTwilio,
    woken: asyncio.Event,
    ledger: Ledger,
    balancer: FakeBalancer,
    sink: Sink,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[None]:
    """A bot at work at its number."""
    monkeypatch.setattr(twilio, "FIRST_DELAY", 0.01)
    channel = TwilioChannel(phone.settings, TOKEN, ledger, woken.set)
    async with answering(Folder(), ledger, balancer, sink, channels=[channel]):
        yield


async def test_a_photo_comes_back_painted_in_one_message(
    phone: FakeTwilio, ledger: Ledger, balancer: FakeBalancer
) -> None:
    beach = large_photo()
    await phone.says("mosaic", beach)
    (sent,) = await phone.wait_for(1)
    assert (sent.to, sent.picture) == ("+15552223333", painted(beach))
    assert len(sent.body) <= 160
    assert sent.body.isascii()
    assert "Mosaic" in sent.body
    assert int(balancer.jobs[0]["max_bytes"]) <= 600_000
    assert "preview" not in balancer.jobs[0]
    await phone.until_forgotten()
    await until_census(ledger, "outbox.sent")
    await phone.says("the scream")
    _, again = await phone.wait_for(2)
    assert again.picture == painted(beach)


async def test_what_is_called_twice_is_answered_once(phone: FakeTwilio, ledger: Ledger) -> None:
    form = await phone.says("mosaic", large_photo())
    assert await phone.call("/sms", form) == 200
    await phone.wait_for(1)
    await until_census(ledger, "outbox.sent")
    assert await phone.call("/sms", form) == 200
    await phone.says("help", sender="+15554445555")
    await phone.wait_for(2)
    await until_settled(ledger, 2)
    left = await ledger.read(lambda db: db.execute("SELECT count(*) FROM arrival").fetchone()[0])
    assert left == 0


async def test_only_twilio_may_call_and_only_a_token_opens_a_picture(
    phone: FakeTwilio, ledger: Ledger
) -> None:
    form = phone.message("mosaic", large_photo())
    assert await phone.call("/sms", form, token="another") == 403
    assert await phone.call("/sms", form | {"MessageSid": ""}) == 400
    assert await census(ledger) == {}
    assert await phone.call("/sms", form) == 200
    (sent,) = await phone.wait_for(1)
    await until_census(ledger, "outbox.sent")
    assert (await phone.fetch(sent.media))[0] == 200
    guessed = sent.media[:-1] + ("0" if sent.media[-1] != "0" else "1")
    assert (await phone.fetch(guessed))[0] == 404
    forged = {"MessageSid": sent.sid, "MessageStatus": "delivered"}
    path = sent.receipts.removeprefix(phone.settings.public_url)
    assert await phone.call(path, forged, token="another") == 403
    assert await phone.report(sent, "delivered") == 204
    assert (await phone.fetch(sent.media))[0] == 404, "nobody needs it any more"


async def test_photos_that_come_late_elsewhere_or_too_large(
    phone: FakeTwilio, ledger: Ledger, balancer: FakeBalancer
) -> None:
    late = phone.message("mosaic", large_photo(1))
    phone.late[late["MediaUrl0"].rpartition("/")[2]] = 2
    assert await phone.call("/sms", late) == 200
    await phone.wait_for(1)
    moved = phone.message("mosaic", large_photo(2))
    phone.redirects["old"] = moved["MediaUrl0"]
    moved["MediaUrl0"] = f"{phone.url}/media/old"
    assert await phone.call("/sms", moved) == 200
    await phone.wait_for(2)
    assert len(balancer.jobs) == 2
    phone.redirects |= {"evil": "http://169.254.169.254/latest", "loop": f"{phone.url}/media/loop"}
    unread = ("https://api.twilio.com:99999/a.jpg", "https://[a/a.jpg", "https://a..twilio.com/a.jpg")
    for place in ("http://localhost:1/a.jpg", f"{phone.url}/media/evil", f"{phone.url}/media/loop", *unread):
        form = phone.message("mosaic", large_photo()) | {"MediaUrl0": place}
        assert await phone.call("/sms", form) == 200
    await phone.says("mosaic", b"\xff\xd8\xff" + bytes(MAX_MEDIA))
    sent = await phone.wait_for(9)
    assert {message.body[:36] for message in sent[2:]} == {"Your photo came without anything in "}
    assert len(balancer.jobs) == 2
    assert len({header for header in phone.authorized if header}) == 1


async def test_words_wait_for_the_photo_before_them(phone: FakeTwilio, balancer: FakeBalancer) -> None:
    beach = large_photo()
    late = phone.message("mosaic", beach)
    phone.late[late["MediaUrl0"].rpartition("/")[2]] = 4
    assert await phone.call("/sms", late) == 200
    await phone.says("the scream")
    await phone.wait_for(2)
    assert balancer.photos == [beach, beach]


async def test_a_call_that_cannot_be_kept_is_refused_and_comes_again(
    phone: FakeTwilio, ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await phone.says("help")
    await phone.wait_for(1)
    await until_census(ledger, "outbox.sent")
    monkeypatch.setattr(twilio_webhook, "ANSWER_SECONDS", 0.1)
    form = phone.message("mosaic", large_photo())
    with closing(sqlite3.connect(tmp_path / "ledger" / "ledger.db", isolation_level=None)) as another:
        another.execute("BEGIN IMMEDIATE")
        assert await phone.call("/sms", form) == 503
    monkeypatch.setattr(twilio_webhook, "ANSWER_SECONDS", 10.0)
    assert await phone.call("/sms", form) == 200
    await phone.wait_for(2)
    await until_settled(ledger, 2)


async def test_carriers_words_stop_help_and_start(phone: FakeTwilio, ledger: Ledger) -> None:
    await phone.says("HELP")
    (told,) = await phone.wait_for(1)
    assert "photo" in told.body
    assert '"STOP" ends my answers.' in told.body  # as carriers demand, and not cut off
    phone.faults.append((400, {"code": 21610, "message": "Attempt to send to unsubscribed recipient"}))
    await phone.says("STOPALL")
    await until_settled(ledger, 2)
    await until_census(ledger, "outbox.sent", 2)  # Twilio has told them itself
    await phone.says("mosaic", large_photo())
    await until_settled(ledger, 3)
    await phone.says("Unstop")
    _, back = await phone.wait_for(2)
    assert back.body.startswith("Welcome back: I answer you again.")
    assert (await census(ledger))["message.silent"] == 1


async def test_a_receipt_has_an_answer_sent_again_or_given_up(
    phone: FakeTwilio, ledger: Ledger, woken: asyncio.Event
) -> None:
    phone.faults.append((429, {"code": 20429, "message": "Too Many Requests"}))
    await phone.says("mosaic", large_photo())
    (sent,) = await phone.wait_for(1)
    await until_census(ledger, "outbox.sent")
    woken.clear()
    assert await phone.report(sent, "undelivered", 30003) == 204
    assert woken.is_set()
    await until_census(ledger, "outbox.pending")
    await ledger.transact(lambda db: db.execute("UPDATE outbox SET next_at = 0"))
    await phone.says("help", sender="+15554445555")  # which wakes the outbox too
    sent = next(each for each in reversed(await phone.wait_for(3)) if each.picture)
    await until_census(ledger, "outbox.sent", 2)
    assert await phone.report(sent, "undelivered", 30007) == 204  # filtered by the carrier
    await until_census(ledger, "outbox.failed")
    row = await ledger.read(lambda db: db.execute("SELECT * FROM outbox WHERE state = 'failed'").fetchone())
    assert row["bounce"] == "undelivered 30007"
    assert (await phone.fetch(sent.media))[0] == 404


async def test_an_answer_that_twilio_refuses_fails(phone: FakeTwilio, ledger: Ledger) -> None:
    phone.faults.append((400, {"code": 21211, "message": "Invalid 'To' Phone Number"}))
    await phone.says("help")
    await until_census(ledger, "outbox.failed")


async def test_an_answer_of_twilio_in_two_pieces_sends_nothing_twice(
    phone: FakeTwilio, ledger: Ledger
) -> None:
    phone.faults.append("pieces")
    await phone.says("help")
    await until_census(ledger, "outbox.sent")
    row = await ledger.read(lambda db: db.execute("SELECT attempts, sent_as FROM outbox").fetchone())
    assert (row["attempts"], row["sent_as"]) == (1, phone.sent[0].sid)


async def test_an_error_of_the_bots_own_number_fails_no_answer(
    phone: FakeTwilio, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "FIRST_DELAY", 0.01)
    phone.faults.append((400, {"code": 21606, "message": "The 'From' number is not for messages"}))
    await phone.says("help")
    await phone.wait_for(1)
    await until_census(ledger, "outbox.sent")


async def test_a_receipt_before_twilios_answer_is_noted_behind_it(
    phone: FakeTwilio, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twilio_webhook, "SENDING_SECONDS", 0.01)
    phone.faults.append("late")
    await phone.says("mosaic", large_photo())
    (sent,) = await phone.wait_for(1)
    with monkeypatch.context() as short:
        short.setattr(twilio_webhook, "ANSWER_SECONDS", 0.05)
        assert await phone.report(sent, "failed", 30007) == 503, "nobody knows the answer's sid yet"
    reporting = asyncio.create_task(phone.report(sent, "failed", 30007))
    phone.may_answer.set()
    assert await reporting == 204
    await until_census(ledger, "outbox.failed")


async def test_an_answer_whose_delivery_is_reported_is_not_sent_again(
    phone: FakeTwilio, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "FIRST_DELAY", 60.0)
    phone.faults.append("drop")
    await phone.says("mosaic", large_photo())
    (sent,) = await phone.wait_for(1)
    assert await phone.report(sent, "delivered") == 204
    await until_census(ledger, "outbox.sent")
    assert len(phone.sent) == 1
    assert (await ledger.read(lambda db: db.execute("SELECT count(*) FROM letter").fetchone()[0])) == 0
