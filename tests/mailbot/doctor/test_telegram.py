"""`mailbot doctor` for the Telegram bot."""

from __future__ import annotations

from collections import deque

from mailbot.doctor import telegram
from mailbot.doctor.check_runner import CheckState
from mailbot.settings.telegram import Telegram
from tests.fakes.mailbot.channels.bot_api import TOKEN, FakeBotApi


async def test_a_bot_that_is_there_and_one_whose_messages_another_program_takes() -> None:
    async with FakeBotApi() as api:
        settings = Telegram(enabled=True, api=api.url)
        found = await telegram.examine(settings, {"MAILBOT_TELEGRAM_TOKEN": TOKEN})
        assert {each.state for each in found} == {CheckState.WELL}
        assert "@painter_bot" in found[1].words
        named = settings.model_copy(update={"name": "another_bot"})
        _, who, _ = await telegram.examine(named, {"MAILBOT_TELEGRAM_TOKEN": TOKEN})
        assert (who.state, 'name = "painter_bot"' in who.remedy) == (CheckState.FAILED, True)
        api.webhook = "https://elsewhere.example/"
        (*_, messages) = await telegram.examine(settings, {"MAILBOT_TELEGRAM_TOKEN": TOKEN})
    assert messages.state is CheckState.FAILED
    assert "deleteWebhook" in messages.remedy


async def test_a_token_that_is_refused_missing_or_none_at_all() -> None:
    async with FakeBotApi() as api:
        settings = Telegram(enabled=True, api=api.url)
        api.faults["getMe"] = deque([{"error_code": 401, "description": "Unauthorized"}])
        _, who, rest = await telegram.examine(settings, {"MAILBOT_TELEGRAM_TOKEN": TOKEN})
        assert (who.state, rest.state) == (CheckState.FAILED, CheckState.SKIPPED)
        assert "401 Unauthorized" in who.words
        assert TOKEN not in str(who)
        for token in ("", "nonsense", "12:a/../b"):
            secret, *_ = await telegram.examine(settings, {"MAILBOT_TELEGRAM_TOKEN": token})
            assert secret.state is CheckState.FAILED
    assert await telegram.examine(Telegram(), {}) == []


async def test_a_server_that_is_not_there_is_not_said_to_refuse_the_token() -> None:
    async with FakeBotApi() as api:
        settings = Telegram(enabled=True, api=api.url)
    _, who, _ = await telegram.examine(settings, {"MAILBOT_TELEGRAM_TOKEN": TOKEN})
    assert who.state is CheckState.FAILED
    assert who.words.startswith("Telegram cannot be reached")
    assert settings.api in who.remedy
