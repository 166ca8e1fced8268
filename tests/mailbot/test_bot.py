"""The bot from mailbox to outbox: Dovecot, a balancer over HTTP and an SMTP sink, all real servers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from mailbot import bot as bot_module
from mailbot.bot import AT_ONCE, LAST_DELAY, Bot, retry_delay
from mailbot.config import Imap, Mail, Smtp
from mailbot.inbox import Inbox
from mailbot.ledger import Ledger
from mailbot.outbox import Outbox
from mailbot.parse import ParseError, parse_email
from mailbot.schema import RawEmail
from mailbot.style_list import StyleList
from registry.client import RegistryClient
from runner.client import RunnerClient
from styles.errors import Busy, RunnerDied
from tests.fakes.balancer import FakeBalancer, painted
from tests.fakes.dovecot import Dovecot
from tests.fakes.imap_proxy import Proxy
from tests.fakes.mails import mail, photo
from tests.fakes.smtp import Sink

ADDRESS = "bot@painter.example"


class Folder:
    """A mailbox in memory, where a test is about the bot and not about IMAP."""

    def __init__(self, *bodies: bytes, oversized: bool = False) -> None:
        self.coming: asyncio.Queue[RawEmail] = asyncio.Queue()
        self.filed: list[int] = []
        self.aside: list[bytes] = []
        self.was_set_aside = asyncio.Event()
        self._last = 0
        for body in bodies:
            self.put(body, oversized=oversized)

    def put(self, body: bytes, *, oversized: bool = False) -> None:
        self._last += 1
        raw = RawEmail(account="a", folder="INBOX", uidvalidity=1, uid=self._last, body=body, size=len(body))
        self.coming.put_nowait(replace(raw, oversized=oversized))

    async def poll(self) -> AsyncGenerator[RawEmail, None]:
        while True:
            yield await self.coming.get()

    def file_away(self, raw: RawEmail) -> None:
        self.filed.append(raw.uid)

    async def set_aside(self, mail: bytes) -> None:
        self.aside.append(mail)
        self.was_set_aside.set()


@asynccontextmanager
async def answering(
    inbox: Folder | Inbox, ledger: Ledger, balancer: FakeBalancer, sink: Sink, **settings: float
) -> AsyncIterator[Bot]:
    """A bot at work, and stopped in good order."""
    async with AsyncExitStack() as stack:
        painter = await stack.enter_async_context(RunnerClient(balancer.url))
        registry = await stack.enter_async_context(RegistryClient(balancer.url))
        smtp = Smtp(host=sink.host, port=sink.port, tls="none")
        outbox = Outbox(smtp, ledger, ADDRESS, "")
        bot = Bot(
            Mail.model_validate({"address": ADDRESS, **settings}),
            "starry-night",
            inbox=inbox,
            ledger=ledger,
            outbox=outbox,
            painter=painter,
            styles=StyleList(registry),
        )
        tasks = [asyncio.create_task(bot.run()), asyncio.create_task(outbox.run())]
        try:
            yield bot
        finally:
            tasks[0].cancel()
            await asyncio.gather(tasks[0], return_exceptions=True)
            await bot.drain(0)
            tasks[1].cancel()
            await asyncio.gather(tasks[1], return_exceptions=True)
            await outbox.drain(1)


async def until_census(ledger: Ledger, state: str, count: int = 1) -> None:
    """Rows change without an event for tests."""
    async with asyncio.timeout(10):
        while (await ledger.census()).get(state, 0) != count:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def empty(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while await condition():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def asking(number: int = 1, sender: str = "ann@example.org", style: str = "mosaic", photos: int = 1) -> bytes:
    pictures = [(f"holiday{n}.jpg", photo(seed=100 * number + n)) for n in range(photos)]
    return mail(sender=sender, subject=style, message_id=f"<{number}@example.org>", images=pictures)


# From end to end, over IMAP


@pytest.fixture
def inbox(imap: Imap) -> Inbox:
    return Inbox(imap, Dovecot.password, 1_000_000)


async def test_one_photo_comes_back_painted_in_its_thread(
    dovecot: Dovecot, user: str, inbox: Inbox, ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    async with answering(inbox, ledger, balancer, sink):
        dovecot.deliver(user, asking())
        (answer,) = await sink.wait_for(1)
        await until_census(ledger, "outbox.sent")
    assert answer["In-Reply-To"] == "<1@example.org>"
    assert answer["To"].addresses[0].addr_spec == "ann@example.org"
    assert answer["Auto-Submitted"] == "auto-replied"
    assert str(answer["Subject"]).startswith("Re: ")
    pictures = [part.get_content() for part in answer.walk() if part.get_content_type() == "image/jpeg"]
    assert pictures == [painted(photo(seed=100))]
    assert [job["style"] for job in balancer.jobs] == ["mosaic"]
    assert balancer.jobs[0]["sender"] == "ann@example.org"
    assert sink.envelopes[0].rcpt_tos == ["ann@example.org"]


async def test_mail_is_filed_away_once_it_is_in_the_ledger(
    dovecot: Dovecot, user: str, inbox: Inbox, ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    balancer.may_paint.clear()  # long before it is answered
    async with answering(inbox, ledger, balancer, sink):
        dovecot.deliver(user, asking())
        await asyncio.wait_for(balancer.asked.wait(), 10)

        async def is_there() -> bool:
            return dovecot.mails(user, "Processed") == []

        await empty(is_there)
        assert dovecot.mails(user) == []
        balancer.may_paint.set()
        await sink.wait_for(1)


async def test_three_mails_of_three_people_are_answered_each(
    dovecot: Dovecot, user: str, inbox: Inbox, ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    for number in (1, 2, 3):
        dovecot.deliver(user, asking(number, sender=f"person{number}@example.org"))
    async with answering(inbox, ledger, balancer, sink):
        answers = await sink.wait_for(3)
    pairs = {(a["In-Reply-To"], a["To"].addresses[0].addr_spec) for a in answers}
    assert pairs == {(f"<{n}@example.org>", f"person{n}@example.org") for n in (1, 2, 3)}


async def test_a_broken_line_to_the_mailbox_costs_no_mail(
    dovecot: Dovecot, user: str, imap: Imap, ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    async with Proxy(dovecot.host, dovecot.port) as proxy:
        inbox = Inbox(imap.model_copy(update={"port": proxy.port}), Dovecot.password, 1_000_000)
        async with answering(inbox, ledger, balancer, sink):
            for number in (1, 2, 3):
                dovecot.deliver(user, asking(number))
                await sink.wait_for(number)
                proxy.reset_all()
    assert len(sink.received) == 3


async def test_a_mail_that_cannot_be_understood_is_quarantined(
    dovecot: Dovecot,
    user: str,
    inbox: Inbox,
    ledger: Ledger,
    balancer: FakeBalancer,
    sink: Sink,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def parse(raw: bytes) -> object:
        if b"<1@example.org>" in raw:
            raise ParseError("poison")
        return parse_email(raw)

    monkeypatch.setattr("mailbot.bot.parse_email", parse)
    dovecot.deliver(user, asking(1))
    dovecot.deliver(user, asking(2))
    async with answering(inbox, ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)

        async def is_missing() -> bool:
            return dovecot.mails(user, "Quarantine") == []

        await empty(is_missing)
    assert answer["In-Reply-To"] == "<2@example.org>"
    assert len(sink.received) == 1


# Crashes


async def test_killed_between_accept_and_filing_there_is_one_answer(
    dovecot: Dovecot, user: str, imap: Imap, tmp_path: Path, balancer: FakeBalancer, sink: Sink
) -> None:
    dovecot.deliver(user, asking())
    file = tmp_path / "ledger.db"
    async with Ledger(file) as first:
        async for raw in Inbox(imap, Dovecot.password, 1_000_000).poll():
            assert await first.accept(raw) is not None
            break  # and gone: the mail is in the ledger, and still in the inbox
    assert len(dovecot.mails(user)) == 1
    async with Ledger(file) as second:
        inbox = Inbox(imap, Dovecot.password, 1_000_000)
        async with answering(inbox, second, balancer, sink):
            await sink.wait_for(1)
            await until_census(second, "outbox.sent")

            async def is_unfiled() -> bool:
                return dovecot.mails(user) != []

            await empty(is_unfiled)
            assert await second.census() == {"message.done": 1, "outbox.sent": 1}
    assert len(sink.received) == 1


async def test_stopped_while_painting_the_next_bot_answers_once(
    tmp_path: Path, balancer: FakeBalancer, sink: Sink
) -> None:
    file = tmp_path / "ledger.db"
    balancer.may_paint.clear()
    async with Ledger(file) as first, answering(Folder(asking()), first, balancer, sink):
        await asyncio.wait_for(balancer.asked.wait(), 10)
    balancer.may_paint.set()
    async with Ledger(file) as second, answering(Folder(), second, balancer, sink):
        await sink.wait_for(1)
        await until_census(second, "outbox.sent")
    assert len(sink.received) == 1
    assert len({job["job"] for job in balancer.jobs}) == 1  # the same id, so that the balancer can know it


# What is answered, and what is not


async def test_mail_that_must_not_be_answered_is_not(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    silent = mail(subject="mosaic", images=[("a.jpg", photo())], Auto_Submitted="auto-replied")
    own = mail(sender=ADDRESS, subject="mosaic", message_id="<2@x>", images=[("a.jpg", photo())])
    async with answering(Folder(silent, own, asking(3)), ledger, balancer, sink):
        await sink.wait_for(1)
        await until_census(ledger, "message.silent", 2)
    assert [answer["In-Reply-To"] for answer in sink.messages] == ["<3@example.org>"]


async def test_a_mail_without_a_photo_gets_a_friendly_answer(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    async with answering(Folder(asking(photos=0)), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert "no photo" in text_of(answer)
    assert balancer.jobs == []


async def test_help_and_the_list_of_styles_are_given(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    inbox = Folder(asking(1, style="help", photos=0), asking(2, style="styles", photos=0))
    async with answering(inbox, ledger, balancer, sink):
        answers = await sink.wait_for(2)
    for answer in answers:
        assert "starry-night" in text_of(answer)


async def test_a_mail_over_the_limit_is_answered_though_only_its_headers_came(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    head = asking().partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    async with answering(Folder(head, oversized=True), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert "too large" in text_of(answer)


async def test_several_photos_come_back_in_one_answer(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    async with answering(Folder(asking(photos=3)), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
        await until_census(ledger, "outbox.sent")
    pictures = {part.get_content() for part in answer.walk() if part.get_content_type() == "image/jpeg"}
    assert pictures == {painted(photo(seed=100 + n)) for n in range(3)}


async def test_one_bad_photo_of_two_is_told_and_the_other_painted(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    balancer.faults.append((415, "I could not open that file as a photo.", "NotAnImage"))
    async with answering(Folder(asking(photos=2)), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert "could not open" in text_of(answer)
    assert [part.get_content_type() for part in answer.walk()].count("image/jpeg") == 1


async def test_our_own_picture_in_a_quote_is_not_painted_again(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    inbox = Folder(asking(1))
    async with answering(inbox, ledger, balancer, sink):
        await sink.wait_for(1)
        ours = painted(photo(seed=100))
        pictures = [("quoted.jpg", ours), ("new.jpg", photo(seed=7))]
        inbox.put(mail(subject="mosaic", message_id="<2@example.org>", images=pictures))
        await sink.wait_for(2)
    assert len(balancer.jobs) == 2


async def test_the_hourly_cap_ends_in_silence(ledger: Ledger, balancer: FakeBalancer, sink: Sink) -> None:
    inbox = Folder(*(asking(number) for number in range(1, 7)))
    async with answering(inbox, ledger, balancer, sink, replies_per_hour=2):
        inbox.put(asking(9, sender="bob@example.org"))
        await until_census(ledger, "message.silent", 4)
        await until_census(ledger, "outbox.sent", 3)
    assert len(sink.received) == 3


# What goes wrong for a while


async def test_a_temporary_failure_is_tried_again_until_it_goes_well(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot_module, "FIRST_DELAY", 0.02)
    balancer.faults.extend(
        [(502, "The painter stopped.", "RunnerDied"), (504, "Too long.", "DeadlineExceeded")]
    )
    async with answering(Folder(asking()), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert len(balancer.jobs) == 3
    assert any(part.get_content_type() == "image/jpeg" for part in answer.walk())


async def test_a_photo_that_is_painted_waits_for_its_neighbour_and_is_not_painted_again(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot_module, "FIRST_DELAY", 0.02)
    balancer.faults.append((502, "The painter stopped.", "RunnerDied"))
    async with answering(Folder(asking(photos=2)), ledger, balancer, sink) as bot:
        (answer,) = await sink.wait_for(1)
        assert bot._painted == {}
    assert len(balancer.jobs) == 3
    assert [part.get_content_type() for part in answer.walk()].count("image/jpeg") == 2


async def test_after_hours_there_is_an_apology(ledger: Ledger, balancer: FakeBalancer, sink: Sink) -> None:
    balancer.faults.append((502, "The painter stopped in the middle of your photo.", "RunnerDied"))
    async with answering(Folder(asking()), ledger, balancer, sink, retry_hours=0):
        (answer,) = await sink.wait_for(1)
    assert "stopped in the middle" in text_of(answer)
    assert len(balancer.jobs) == 1


async def test_a_balancer_and_registry_that_are_away_are_waited_for(
    ledger: Ledger, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot_module, "FIRST_DELAY", 0.02)
    async with FakeBalancer() as gone:
        pass
    async with answering(Folder(asking()), ledger, gone, sink):
        await until_census(ledger, "message.accepted")
        async with asyncio.timeout(10):
            while not await postponed(ledger):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    assert sink.received == []
    async with FakeBalancer() as back, answering(Folder(), ledger, back, sink):
        await sink.wait_for(1)


async def test_one_mail_that_waits_blocks_no_other(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    balancer.may_paint.clear()
    inbox = Folder(asking(1))
    async with answering(inbox, ledger, balancer, sink):
        await asyncio.wait_for(balancer.asked.wait(), 10)
        inbox.put(asking(2, style="help", photos=0))
        (answer,) = await sink.wait_for(1)
        assert answer["In-Reply-To"] == "<2@example.org>"
        balancer.may_paint.set()
        await sink.wait_for(2)


async def test_more_mails_than_are_worked_on_at_once_are_all_answered(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    count = 2 * AT_ONCE + 3
    balancer.may_paint.clear()
    async with answering(Folder(*(asking(n) for n in range(1, count + 1))), ledger, balancer, sink):
        await until_census(ledger, "message.working", AT_ONCE)
        balancer.may_paint.set()
        await sink.wait_for(count)
    assert len({answer["In-Reply-To"] for answer in sink.messages}) == count


async def test_an_error_of_ours_is_tried_three_times_then_set_aside(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot_module, "FIRST_DELAY", 0.02)
    calls = []

    def silence(*_what: object) -> str | None:
        calls.append(1)
        raise KeyError

    monkeypatch.setattr("mailbot.policy.silence", silence)
    poison = asking()
    inbox = Folder(poison)
    async with answering(inbox, ledger, balancer, sink):
        await asyncio.wait_for(inbox.was_set_aside.wait(), 10)
    assert len(calls) == 3
    assert inbox.aside == [poison]
    assert sink.received == []


async def test_the_times_of_a_mail_are_kept(tmp_path: Path, balancer: FakeBalancer, sink: Sink) -> None:
    async with Ledger(tmp_path / "l.db") as ledger, answering(Folder(asking()), ledger, balancer, sink):
        await sink.wait_for(1)
        await until_census(ledger, "outbox.sent")
        query = """SELECT accepted_at, parsed_at, painted_at, finished_at, sending_at, sent_at, engine_seconds
            FROM message JOIN outbox ON outbox.message = message.id"""
        *times, engine = tuple(await ledger._call(lambda: ledger._db.execute(query).fetchone()))
    assert times == sorted(times)
    assert engine == pytest.approx(0.25)


def test_retries_grow_to_a_minute_and_heed_what_the_balancer_asks() -> None:
    assert retry_delay(0, RunnerDied()) <= 1
    assert LAST_DELAY / 2 <= retry_delay(100, RunnerDied()) <= LAST_DELAY
    assert retry_delay(0, Busy(retry_after=7)) == 7


async def postponed(ledger: Ledger) -> bool:
    return bool(await ledger.next_message_at())


def text_of(answer: object) -> str:
    return str(answer.get_body(("plain",)).get_content())  # type: ignore[attr-defined]
