"""The webhook itself: a port that another program has, and calls that anybody makes."""

from __future__ import annotations

import logging
import socket

import pytest

from mailbot.channels import twilio_webhook
from mailbot.channels.twilio import TwilioChannel
from mailbot.channels.twilio_webhook import TwilioWebhook
from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import Folder, answering, asking
from tests.fakes.mailbot.channels.twilio import TOKEN, FakeTwilio
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer


async def test_a_taken_port_is_said_and_all_else_goes_on(
    ledger: Ledger,
    balancer: FakeBalancer,
    sink: Sink,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(twilio_webhook, "FIRST_DELAY", 0.01)
    async with FakeTwilio() as phone:
        phone.misses(phone.message("help"))
        channel = TwilioChannel(phone.settings, TOKEN, ledger)
        with socket.socket() as other:
            other.bind(("127.0.0.1", phone.settings.port))
            other.listen()
            async with answering(Folder(asking()), ledger, balancer, sink, channels=[channel]):
                await sink.wait_for(1)
                await phone.wait_for(1)
                assert "cannot listen at 127.0.0.1" in caplog.text
                other.close()
                await phone.says("styles")
                await phone.wait_for(2)


async def test_calls_that_nobody_signed_fill_no_log(ledger: Ledger, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "mailbot")
    times = [twilio_webhook.TOLD_SECONDS, *[0.0] * 5]  # backwards
    async with FakeTwilio() as phone:
        webhook = TwilioWebhook(phone.settings, TOKEN, ledger, times.pop, lambda: None)
        async with webhook.serving():
            while times:
                assert await phone.call("/sms", phone.message("help"), token="another") == 403
    told = [record.getMessage() for record in caplog.records]
    assert [words.split()[0] for words in told] == ["1", "5"]
