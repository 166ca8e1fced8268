"""The outbox against a real SMTP server that refuses, stalls and hangs up on command."""

from __future__ import annotations

import asyncio
import sqlite3
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mailbot import outbox as outbox_module
from mailbot.config import Smtp
from mailbot.outbox import FIRST_DELAY, GIVE_UP_SECONDS, LAST_DELAY, Outbox
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import RawMessage, Reply
from mailbot.transport.credentials import Password
from styles.service.backoff import jittered
from tests.fakes.mailbot.ledger import census
from tests.fakes.mailbot.servers.smtp import Sink

ADDRESS = "bot@painter.example"


class Clock:
    """Time that goes on by itself, and can be moved ahead."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def ledger(tmp_path: Path, clock: Clock) -> AsyncIterator[Ledger]:
    async with Ledger(tmp_path / "ledger.db", clock) as opened:
        yield opened


def settings(sink: Sink, **changes: str) -> Smtp:
    return Smtp.model_validate({"host": sink.host, "port": sink.port, "tls": "none", **changes})


def content(number: int) -> bytes:
    head = f"From: {ADDRESS}\r\nTo: ann@example.org\r\nMessage-ID: <{number}@painter.example>\r\n\r\n"
    return head.encode() + b".a line that begins with a dot\r\n" + b"x" * 70 + b"\r\n"


async def put(ledger: Ledger, number: int = 1, recipient: str = "ann@example.org") -> None:
    body = b"Message-ID: <%d@example.org>\r\n\r\n" % number
    raw = RawMessage(account="a", folder="INBOX", uidvalidity=1, uid=number, body=body, size=len(body))
    assert await ledger.accept(raw) is not None
    (message,) = await ledger.lease(1)
    message_id = f"<{number}@painter.example>"
    reply = Reply(kind="results", message_id=message_id, recipient=recipient, content=content(number))
    await ledger.finish(message, reply)


@asynccontextmanager
async def sending(
    settings: Smtp, ledger: Ledger, clock: Callable[[], float] = time.monotonic, password: str = "secret"
) -> AsyncIterator[Outbox]:
    outbox = Outbox(settings, ledger, ADDRESS, Password(password), clock)
    await ledger.recover()  # as at every start: the one before may have been stopped with a row in its hands
    task = asyncio.create_task(outbox.run())
    try:
        yield outbox
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await outbox.drain(2)


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    """Rows change without an event for tests."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def until_census(ledger: Ledger, state: str, count: int = 1) -> None:
    async def reached() -> bool:
        return (await census(ledger)).get(f"outbox.{state}", 0) == count

    await until(reached)


async def until_deferred(ledger: Ledger, sink: Sink | None = None, faults_left: int = 0) -> float:
    """When the answer is due that was put off, once the sink has used up its faults but for so many."""

    async def is_deferred() -> bool:
        used_up = sink is None or len(sink.faults) == faults_left
        return used_up and bool(await ledger.next_reply_at())

    await until(is_deferred)
    return await ledger.next_reply_at() or 0.0


def no_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_module, "FIRST_DELAY", 0.02)


async def test_an_answer_is_sent_byte_for_byte(ledger: Ledger, sink: Sink) -> None:
    await put(ledger)
    async with sending(settings(sink), ledger):
        await sink.wait_for(1)
        await until_census(ledger, "sent")
    assert sink.received == [content(1)]
    (envelope,) = sink.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == (ADDRESS, ["ann@example.org"])
    assert sink.logins == []


async def test_it_wakes_at_once_and_keeps_its_connection(ledger: Ledger, sink: Sink) -> None:
    async with sending(settings(sink), ledger) as outbox:
        for number in (1, 2, 3):
            await put(ledger, number)
            outbox.wake()
            await sink.wait_for(number, seconds=5)
            await until_census(ledger, "sent", number)
    assert sink.connections == 1


async def test_an_unused_connection_is_given_back(
    ledger: Ledger, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "KEEP_SECONDS", 0.05)
    await put(ledger)
    async with sending(settings(sink), ledger) as outbox:
        await sink.wait_for(1)
        await asyncio.wait_for(sink.hung_up.wait(), 5)
        await put(ledger, 2)
        outbox.wake()
        await sink.wait_for(2)
    assert sink.connections == 2


async def test_a_connection_is_kept_for_an_answer_that_is_due(
    ledger: Ledger, sink: Sink, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "FIRST_DELAY", 100.0)
    sink.faults.append("451 later")
    await put(ledger)
    async with sending(settings(sink), ledger, clock) as outbox:
        due = await until_deferred(ledger, sink)
        await put(ledger, 2)
        outbox.wake()
        await until_census(ledger, "sent", 1)
        before = sink.connections
        clock.ahead = due - time.monotonic() - 0.1
        outbox.wake()
        await until_census(ledger, "sent", 2)
    assert sink.connections == before


async def test_it_logs_in_where_there_is_a_username(ledger: Ledger, sink: Sink) -> None:
    await put(ledger)
    async with sending(settings(sink, username="bot"), ledger):
        await sink.wait_for(1)
    assert sink.logins == [(b"bot", b"secret")]


async def test_a_wrong_password_loses_no_answer(
    ledger: Ledger, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_delay(monkeypatch)
    await put(ledger)
    async with sending(settings(sink, username="bot"), ledger, password="wrong"):
        await until_deferred(ledger)
    async with sending(settings(sink, username="bot"), ledger):
        await sink.wait_for(1)


async def test_a_4xx_is_tried_again_after_a_backoff_that_grows(
    ledger: Ledger, sink: Sink, clock: Clock
) -> None:
    sink.faults.extend(["451 try later"] * 3)
    await put(ledger)
    waits = []
    async with sending(settings(sink), ledger, clock) as outbox:
        for left in (2, 1, 0):
            waits.append(await until_deferred(ledger, sink, left) - clock())
            assert sink.received == []
            clock.ahead += waits[-1]
            outbox.wake()
        await sink.wait_for(1)
        await until_census(ledger, "sent")
    assert 0 < waits[0] <= 1
    assert waits[2] > waits[0]
    assert sink.received == [content(1)]


async def test_a_5xx_fails_for_good_and_blocks_nobody(ledger: Ledger, sink: Sink) -> None:
    sink.faults.append("550 no such user here")
    await put(ledger, 1)
    await put(ledger, 2)
    async with sending(settings(sink), ledger):
        await sink.wait_for(1)
        await until_census(ledger, "sent")
    assert (await census(ledger))["outbox.failed"] == 1


async def test_a_recipient_that_is_refused_fails_for_good(ledger: Ledger, sink: Sink) -> None:
    sink.faults.append("rcpt 550 no such user here")
    await put(ledger)
    async with sending(settings(sink), ledger):
        await until_census(ledger, "failed")
    assert sink.received == []


@pytest.mark.parametrize(
    "refusal",
    [
        "mail 550 5.4.5 Daily user sending limit exceeded",
        "mail 553 sender address rejected: not owned by user",
        "mail 530 5.7.0 Authentication Required",
        "rcpt 550 5.4.5 Daily user sending limit exceeded",
        "550 5.4.5 Daily user sending limit exceeded",
        "554 5.7.14 Please log in with your web browser",
        "530 5.7.57 Client not authenticated to send mail",
    ],
)
async def test_a_5xx_about_us_loses_no_answer(
    ledger: Ledger, sink: Sink, monkeypatch: pytest.MonkeyPatch, refusal: str
) -> None:
    no_delay(monkeypatch)
    sink.faults.append(refusal)
    await put(ledger)
    async with sending(settings(sink), ledger):
        await sink.wait_for(1)
        await until_census(ledger, "sent")
    assert not sink.faults


@pytest.mark.parametrize(
    "refusal",
    ["554 5.7.1 this looks like spam", "550 5.7.140 no", "mail 552 5.3.4 larger than this server's limit"],
)
async def test_a_5xx_about_the_mail_fails_for_good(ledger: Ledger, sink: Sink, refusal: str) -> None:
    sink.faults.append(refusal)
    await put(ledger)
    async with sending(settings(sink), ledger):
        await until_census(ledger, "failed")
    assert sink.received == []


async def test_a_recipient_that_is_greylisted_gets_it_later(
    ledger: Ledger, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_delay(monkeypatch)
    sink.faults.append("rcpt 450 greylisted")
    await put(ledger)
    async with sending(settings(sink), ledger):
        await sink.wait_for(1)


async def test_dropped_after_the_mail_it_is_sent_again_with_the_same_id(
    ledger: Ledger, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_delay(monkeypatch)
    sink.faults.append("drop")
    await put(ledger)
    async with sending(settings(sink), ledger):
        first, second = await sink.wait_for(2)
        await until_census(ledger, "sent")
    assert first["Message-ID"] == second["Message-ID"]
    assert sink.received[0] == sink.received[1]


async def test_a_server_that_is_away_is_waited_for(ledger: Ledger) -> None:
    async with Sink() as gone:
        pass
    await put(ledger)
    async with sending(settings(gone), ledger):
        await until_deferred(ledger)
    assert (await census(ledger))["outbox.pending"] == 1


async def test_after_days_it_is_given_up(ledger: Ledger, sink: Sink, clock: Clock) -> None:
    sink.faults.append("451 try later")
    await put(ledger)
    clock.ahead = GIVE_UP_SECONDS + 1
    async with sending(settings(sink), ledger, clock):
        await until_census(ledger, "failed")


async def test_an_address_that_no_server_takes_fails_alone(ledger: Ledger, sink: Sink) -> None:
    await put(ledger, 1, recipient="änn@example.org")
    await put(ledger, 2)
    async with sending(settings(sink), ledger):
        await sink.wait_for(1)
        await until_census(ledger, "failed")
        await until_census(ledger, "sent")


async def test_an_error_of_ours_at_one_answer_holds_up_no_other(ledger: Ledger, sink: Sink) -> None:
    await put(ledger, 1)
    await put(ledger, 2)
    await ledger.transact(lambda db: db.execute("DELETE FROM letter WHERE outbox = 1"))
    async with sending(settings(sink), ledger):
        await sink.wait_for(1)
        await until_census(ledger, "sent")
        await until_deferred(ledger)
    assert sink.received == [content(2)]


async def test_it_ends_when_it_cannot_note_what_was_sent(ledger: Ledger, sink: Sink) -> None:
    sink.may_take.clear()
    await put(ledger)
    outbox = Outbox(settings(sink), ledger, ADDRESS, Password(""))
    sends = asyncio.create_task(outbox.run())
    await asyncio.wait_for(sink.is_thinking.wait(), 10)
    await ledger.transact(lambda db: db.execute("ALTER TABLE outbox RENAME TO elsewhere"))
    sink.may_take.set()
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await asyncio.wait_for(sends, 10)
    await outbox.drain(0)


async def test_many_answers_go_out_once_each(ledger: Ledger, sink: Sink) -> None:
    for number in range(40):
        await put(ledger, number)
    async with sending(settings(sink), ledger):
        await sink.wait_for(40)
        await until_census(ledger, "sent", 40)
    assert sorted(sink.received) == sorted(content(number) for number in range(40))
    assert sink.connections <= outbox_module.SENDERS


@pytest.mark.parametrize("how", ["starttls", "tls"])
async def test_tls_is_spoken_and_checked(
    ledger: Ledger, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    no_delay(monkeypatch)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    await put(ledger)
    async with Sink(**{how: context}) as sink:
        async with sending(settings(sink, tls=how), ledger):  # nobody vouches for this certificate
            await until_deferred(ledger)
        assert sink.received == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        async with sending(settings(sink, tls=how, username="bot"), ledger):
            await sink.wait_for(1)


def test_retries_grow_to_a_quarter_of_an_hour() -> None:
    assert jittered(0, FIRST_DELAY, LAST_DELAY) <= 1
    assert LAST_DELAY / 2 <= jittered(10_000, FIRST_DELAY, LAST_DELAY) <= LAST_DELAY
