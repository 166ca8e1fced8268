"""The chats that the gallery page names."""

from __future__ import annotations

from registry.config import BotSms, BotTelegram
from registry.gallery.bot_chats import bot_chats


def test_a_chat_that_is_switched_on_has_a_link() -> None:
    telegram, sms = BotTelegram(enabled=True, name="painter_bot"), BotSms(enabled=True, number="+15551234567")
    found = {chat.shown: chat.url for chat in bot_chats(telegram, sms, "starry night")}
    assert found == {
        "@painter_bot": "https://t.me/painter_bot",
        "+15551234567": "sms:+15551234567?body=starry%20night",
    }


def test_what_is_off_or_has_no_name_has_none() -> None:
    telegram, sms = BotTelegram(enabled=True), BotSms(number="+15551234567")
    assert list(bot_chats(telegram, sms, "mosaic")) == []
