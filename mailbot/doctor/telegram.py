"""Check the Telegram bot for `mailbot doctor`: its token, and that nothing else takes its messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from mailbot.channels.enabled import telegram_token
from mailbot.channels.telegram_api import TelegramApi
from mailbot.channels.telegram_updates import TelegramUser
from mailbot.doctor.check_runner import CheckFailed, CheckResult, CheckRunner
from mailbot.doctor.mail_servers import TIMEOUT
from mailbot.settings.telegram import Telegram
from mailbot.transport.answer_sender import NoAnswer, ReplyRejected, TryLater
from styles.service.config import ConfigError

T = TypeVar("T")


class _Webhook(msgspec.Struct, frozen=True):
    url: str = ""


async def examine(settings: Telegram, environment: Mapping[str, str]) -> list[CheckResult]:
    """Run the checks and return their results; none where the channel is off."""
    area = CheckRunner("telegram")
    if not settings.enabled:
        return area.results
    bot = _TelegramBot(settings, environment)
    await area.check("secret", bot.secret)
    await area.check("bot", bot.who, ["secret"])
    await area.check("messages", bot.messages, ["bot"])
    return area.results


class _TelegramBot:
    def __init__(self, settings: Telegram, environment: Mapping[str, str]) -> None:
        self._settings, self._environment = settings, environment

    async def secret(self) -> str:
        try:
            telegram_token(self._environment)
        except ConfigError as error:
            raise CheckFailed(str(error).rstrip("."), "ask @BotFather in Telegram for a token") from error
        return "MAILBOT_TELEGRAM_TOKEN is set"

    async def who(self) -> str:
        user, name = await self._ask("getMe", TelegramUser), self._settings.name
        if name and name.lower() != user.username.lower():
            words = f"the token is that of @{user.username}, and [telegram] name is {name}"
            raise CheckFailed(
                words, f'set name = "{user.username}": the QR code of the gallery page leads there'
            )
        return f"@{user.username} at {self._settings.api}"

    async def messages(self) -> str:
        webhook = await self._ask("getWebhookInfo", _Webhook)
        if webhook.url:
            remedy = "delete it by the Bot API's deleteWebhook, or make a bot of its own for this"
            raise CheckFailed("another program takes its messages by a webhook", remedy)
        return "they wait for this bot"

    async def _ask(self, method: str, kind: type[T]) -> T:
        api = TelegramApi(self._settings.api, telegram_token(self._environment), TIMEOUT)
        try:
            return await api.call(method, kind)
        except NoAnswer as error:
            remedy = f"see whether {self._settings.api} can be reached from here"
            raise CheckFailed(f"Telegram cannot be reached: {error}", remedy) from error
        except (TryLater, ReplyRejected) as error:
            remedy = "a token that @BotFather has replaced is refused: set the new one"
            raise CheckFailed(f"Telegram refuses: {error}", remedy) from error
        finally:
            await api.close()
