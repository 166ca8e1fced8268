"""The bot from end to end over IMAP: Dovecot, a balancer over HTTP and an SMTP sink, all real servers."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from mailbot.config import Imap
from mailbot.inbox import Inbox
from mailbot.parsing.mail_parser import ParseError, parse_email
from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import answering, asking, pictures_of, until_census
from tests.fakes.mailbot.ledger import census
from tests.fakes.mailbot.mails import photo
from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.proxy import Proxy
from tests.fakes.runner.balancer import FakeBalancer, painted
from tests.fakes.waiting import until


@pytest.fixture
def inbox(imap: Imap) -> Inbox:
    return Inbox(imap, Dovecot.credentials, 1_000_000)


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
    assert pictures_of(answer) == [painted(photo(seed=100))]
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

        await until(lambda: len(dovecot.mails(user, "Processed")) == 1, 10)
        await until(lambda: dovecot.mails(user) == [], 10)
        assert sink.received == []
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
        inbox = Inbox(imap.model_copy(update={"port": proxy.port}), Dovecot.credentials, 1_000_000)
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

    monkeypatch.setattr("mailbot.channels.chat_message.parse_email", parse)
    dovecot.deliver(user, asking(1))
    dovecot.deliver(user, asking(2))
    async with answering(inbox, ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
        await until(lambda: len(dovecot.mails(user, "Quarantine")) == 1, 10)
    assert answer["In-Reply-To"] == "<2@example.org>"
    assert len(sink.received) == 1


async def test_killed_between_accept_and_filing_there_is_one_answer(
    dovecot: Dovecot, user: str, imap: Imap, tmp_path: Path, balancer: FakeBalancer, sink: Sink
) -> None:
    dovecot.deliver(user, asking())
    file = tmp_path / "ledger.db"
    poll = Inbox(imap, Dovecot.credentials, 1_000_000).poll()
    async with Ledger(file) as first, aclosing(poll) as mails:
        assert await first.accept(await anext(mails)) is not None
    # and gone: the mail is in the ledger, and still in the inbox
    assert len(dovecot.mails(user)) == 1
    async with Ledger(file) as second:
        inbox = Inbox(imap, Dovecot.credentials, 1_000_000)
        async with answering(inbox, second, balancer, sink):
            await sink.wait_for(1)
            await until_census(second, "outbox.sent")
            await until(lambda: dovecot.mails(user) == [], 10)
            assert await census(second) == {"message.done": 1, "outbox.sent": 1}
    assert len(sink.received) == 1
