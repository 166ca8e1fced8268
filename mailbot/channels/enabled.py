"""Open the channels that the config switches on."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence

from mailbot.channels import webhook_arrivals
from mailbot.channels.channel import Channel
from mailbot.channels.telegram import TelegramChannel
from mailbot.channels.twilio import TwilioChannel
from mailbot.config import MailbotConfigFile
from mailbot.storage.ledger import Ledger
from styles.service.config import ConfigError

log = logging.getLogger(__name__)

#: Environment's variable with the token of the Telegram bot.
TELEGRAM_TOKEN = "MAILBOT_TELEGRAM_TOKEN"  # noqa: S105 - its name

#: That of the account at Twilio.
TWILIO_TOKEN = "MAILBOT_TWILIO_TOKEN"  # noqa: S105 - its name


def telegram_token(environment: Mapping[str, str]) -> str:
    """Return the token of the Telegram bot. Raises `ConfigError`."""
    token = environment.get(TELEGRAM_TOKEN, "").strip()
    if not token:
        raise ConfigError(f"{TELEGRAM_TOKEN} is not set, and [telegram] needs it: @BotFather gives it.")
    number, colon, secret = token.partition(":")
    if not (number.isdecimal() and colon and re.fullmatch(r"[\w-]+", secret, re.ASCII)):
        raise ConfigError(f"{TELEGRAM_TOKEN} is no token: one is written like 123456:ABC-DEF.")
    return token


def twilio_token(environment: Mapping[str, str]) -> str:
    """Return the token of the account at Twilio. Raises `ConfigError`."""
    token = environment.get(TWILIO_TOKEN, "").strip()
    if not token:
        raise ConfigError(f"{TWILIO_TOKEN} is not set, and [sms] needs it: Twilio's console shows it.")
    if not (token.isascii() and token.isprintable()):
        raise ConfigError(f"{TWILIO_TOKEN} holds something that no token has.")
    return token


def open_channels(
    config: MailbotConfigFile, ledger: Ledger, environment: Mapping[str, str], wake: Callable[[], None]
) -> tuple[Channel, ...]:
    """Return the channels beside mail; `Outbox.drain` closes them. Raises `ConfigError`.

    `wake` is called when an answer is to be sent again.
    """
    channels: list[Channel] = []
    if config.telegram.enabled:
        channels.append(TelegramChannel(config.telegram, telegram_token(environment), ledger))
    if config.sms.enabled:
        channels.append(TwilioChannel(config.sms, twilio_token(environment), ledger, wake))
    return tuple(channels)


async def leave_others(ledger: Ledger, channels: Sequence[Channel]) -> None:
    """Forget what webhooks of channels that are switched off have left in the ledger."""
    names = [channel.name for channel in channels]
    if ids := await ledger.read(lambda db: webhook_arrivals.of_others(db, names)):
        await ledger.transact(lambda db: webhook_arrivals.leave(db, ids))
        log.warning("%d texts came before [sms] was switched off; they are not answered", len(ids))
