"""The doctor's marked message in Telegram and by phone: a person answers it, and the bot answers them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mailbot.channels.telegram import TelegramChannel
from mailbot.channels.twilio import TwilioChannel
from mailbot.cli import app
from mailbot.config import Mail, MailbotConfigFile
from mailbot.doctor import chat_round_trip
from mailbot.doctor.check_runner import CheckResult, CheckState
from mailbot.settings.telegram import Telegram
from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import answering
from tests.fakes.mailbot.channels import bot_api, twilio
from tests.fakes.mailbot.channels.bot_api import FakeBotApi
from tests.fakes.mailbot.channels.twilio import FakeTwilio
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer

SECRETS = {"MAILBOT_TELEGRAM_TOKEN": bot_api.TOKEN, "MAILBOT_TWILIO_TOKEN": twilio.TOKEN}
TO = ("telegram:7", "sms:+15552223333")


@pytest.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi() as server:
        yield server


@pytest.fixture
async def phone() -> AsyncIterator[FakeTwilio]:
    async with FakeTwilio() as server:
        yield server


@pytest.fixture
def config(tmp_path: Path, api: FakeBotApi, phone: FakeTwilio) -> MailbotConfigFile:
    mail = Mail.model_validate({"ledger": tmp_path / "ledger" / "ledger.db"})
    return MailbotConfigFile(mail=mail, telegram=Telegram(enabled=True, api=api.url), sms=phone.settings)


async def trips(config: MailbotConfigFile, *to: str, works: bool = True) -> list[CheckResult]:
    return await chat_round_trip.examine(config, SECRETS, to, is_bot_at_work=works)


async def test_a_person_answers_in_telegram_and_by_phone(
    config: MailbotConfigFile,
    api: FakeBotApi,
    phone: FakeTwilio,
    ledger: Ledger,
    balancer: FakeBalancer,
    sink: Sink,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(chat_round_trip, "LEDGER_SECONDS", 0.02)
    telegram = TelegramChannel(config.telegram, bot_api.TOKEN, ledger)
    sms = TwilioChannel(phone.settings, twilio.TOKEN, ledger)

    async def presses() -> None:
        (marked,) = await api.wait_for(1)
        assert (marked.chat, marked.text.startswith(chat_round_trip.MARK)) == ("7", True)
        api.presses(marked, "styles")

    async def texts() -> None:
        (marked,) = await phone.wait_for(1)
        assert marked.body.startswith(chat_round_trip.MARK)
        await phone.says("Styles")

    async with answering(None, ledger, balancer, sink, channels=[telegram, sms]):
        results, _, _ = await asyncio.gather(trips(config, *TO), presses(), texts())
    assert [each.state for each in results] == [CheckState.WELL] * 2, results
    for each, recipient in zip(results, TO, strict=True):
        assert each.words.startswith(f"a message went to {recipient} in 0.")
        assert "; your answer came " in each.words
    assert len(api.sent) == len(phone.sent) == 2


@pytest.mark.usefixtures("ledger")
async def test_what_is_missing_is_said(
    config: MailbotConfigFile, api: FakeBotApi, phone: FakeTwilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_round_trip, "ANSWER_SECONDS", 0.1)
    for result, example in zip(await trips(config), ("telegram:12345", "sms:+15552223333"), strict=True):
        assert (result.state, result.words.endswith(f"--to {example}")) == (CheckState.SKIPPED, True)
    for result in await trips(config, *TO, works=False):
        assert (result.state, result.remedy) == (CheckState.FAILED, "start it: mailbot serve")
    assert (api.sent, phone.sent) == ([], [])
    for result in await trips(config, *TO):
        assert "nothing came back within 0 s" in result.words
    api.blocked.add("7")
    phone.unreachable.add("+15552223333")
    for result in await trips(config, *TO):
        assert "cannot be written to: 40" in result.words


def test_a_chat_that_is_none_is_refused() -> None:
    result = CliRunner().invoke(app, ["doctor", "--channels", "--to", "ann@example.org"])
    assert (result.exit_code, "is not written like telegram:12345" in result.output) == (2, True)
