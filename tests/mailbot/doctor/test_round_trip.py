"""The doctor's marked mail: taken by a bot and never answered, or found in the mailbox."""

from __future__ import annotations

import asyncio
import time
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from mailbot.admin.heartbeat import HeartbeatRow
from mailbot.config import Mail, MailbotConfigFile
from mailbot.doctor import round_trip
from mailbot.doctor.check_runner import CheckState
from mailbot.inbox import Inbox
from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import ADDRESS, answering
from tests.fakes.mailbot.process import imap_and_smtp
from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer
from tests.fakes.waiting import until

PASSWORD = {"MAILBOT_IMAP_PASSWORD": Dovecot.password}


@pytest.fixture
async def mail(tmp_path: Path, dovecot: Dovecot, user: str, sink: Sink) -> AsyncIterator[Mail]:
    """The config of a bot whose mail server delivers what the bot sends to itself."""

    async def deliver() -> None:
        await until(lambda: sink.envelopes, 60)
        (envelope,) = sink.envelopes
        assert (envelope.mail_from, envelope.rcpt_tos) == (ADDRESS, [ADDRESS])
        await asyncio.to_thread(dovecot.deliver, user, bytes(envelope.original_content or b""))

    delivering = asyncio.create_task(deliver())
    tables = tomllib.loads(imap_and_smtp(dovecot, user, sink))["mail"]
    yield Mail.model_validate({**tables, "address": ADDRESS, "ledger": tmp_path / "ledger" / "ledger.db"})
    delivering.cancel()
    await asyncio.gather(delivering, return_exceptions=True)


async def test_without_a_bot_it_is_found_in_the_mailbox_and_deleted(
    mail: Mail, dovecot: Dovecot, user: str
) -> None:
    (result,) = await round_trip.examine(MailbotConfigFile(mail=mail), PASSWORD)
    assert result.state is CheckState.WELL, result
    assert f"a mail to {ADDRESS} came back in" in result.words
    assert "it was in INBOX, and is deleted there" in result.words
    assert dovecot.count(user) == 0


async def test_a_bot_at_work_takes_it_and_answers_nothing(
    mail: Mail, ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    beat = HeartbeatRow(pid=1, started_at=0, at=time.time(), polled_at=None)
    await ledger.transact(beat.write)
    inbox = Inbox(mail.effective_imap, Dovecot.credentials, 1_000_000)
    async with answering(inbox, ledger, balancer, sink):
        (result,) = await round_trip.examine(MailbotConfigFile(mail=mail), PASSWORD)
    assert result.state is CheckState.WELL, result
    assert result.words.endswith("the bot took it, and did not answer it")
    assert len(sink.received) == 1


async def test_what_does_not_come_back_is_said(
    mail: Mail, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(round_trip, "ARRIVAL_SECONDS", 0.2)
    sink.refused = (ADDRESS,)
    (result,) = await round_trip.examine(MailbotConfigFile(mail=mail), PASSWORD)
    assert result.state is CheckState.FAILED
    assert "could not be handed in: " in result.words
    sink.refused = ("nobody",)
    (result,) = await round_trip.examine(
        MailbotConfigFile(mail=mail.model_copy(update={"address": "bot@elsewhere.example"})), PASSWORD
    )
    assert "did not come back within 0 s" in result.words
