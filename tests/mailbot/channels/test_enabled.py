"""The channels that a config switches on, and the secrets that they need."""

from __future__ import annotations

import pytest

from mailbot.channels.enabled import open_channels
from mailbot.config import MailbotConfigFile
from mailbot.storage.ledger import Ledger
from styles.service.config import ConfigError

TELEGRAM = {"MAILBOT_TELEGRAM_TOKEN": "123456:ABC-DEF_1"}
TWILIO = {"MAILBOT_TWILIO_TOKEN": "0123456789abcdef"}


def config_of(*tables: str) -> MailbotConfigFile:
    sms = {"number": "+15550001111", "account": f"AC{'0' * 32}", "public_url": "https://painter.example.org"}
    values: dict[str, dict[str, str]] = {"telegram": {}, "sms": sms}
    return MailbotConfigFile.model_validate({name: {**values[name], "enabled": True} for name in tables})


async def test_a_channel_is_there_when_it_is_switched_on(ledger: Ledger) -> None:
    def names(*tables: str) -> list[str]:
        channels = open_channels(config_of(*tables), ledger, TELEGRAM | TWILIO, lambda: None)
        return [channel.name for channel in channels]

    assert names() == []
    assert names("telegram", "sms") == ["telegram", "sms"]


@pytest.mark.parametrize(
    ("table", "environment", "words"),
    [
        ("telegram", TWILIO, "@BotFather"),
        ("telegram", {"MAILBOT_TELEGRAM_TOKEN": "123456"}, "is no token"),
        ("telegram", {"MAILBOT_TELEGRAM_TOKEN": "123456:a/../b"}, "is no token"),
        ("sms", TELEGRAM, "Twilio's console"),
        ("sms", {"MAILBOT_TWILIO_TOKEN": "a\u00e9"}, "that no token has"),
    ],
)
async def test_a_secret_that_is_missing_or_none_is_told(
    ledger: Ledger, table: str, environment: dict[str, str], words: str
) -> None:
    with pytest.raises(ConfigError, match=words):
        open_channels(config_of(table), ledger, environment, lambda: None)
