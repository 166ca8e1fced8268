"""Name the chats in which the bot takes photos, for the links and QR codes of the gallery page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from registry.config import BotSms, BotTelegram


@dataclass(frozen=True, slots=True)
class BotChat:
    """Hold a chat that a phone opens by `url`."""

    words: str  #: of a link: what it does
    shown: str  #: the bot's name there
    url: str


def bot_chats(telegram: BotTelegram, sms: BotSms, style: str) -> Iterator[BotChat]:
    """Yield the chats that are switched on. A text message has the name of a style in it."""
    if telegram.enabled and telegram.name:
        yield BotChat("In Telegram", f"@{telegram.name}", f"https://t.me/{quote(telegram.name, safe='')}")
    if sms.enabled and sms.number:  # RFC 5724
        url = f"sms:{quote(sms.number, safe='+')}?body={quote(style, safe='')}"
        yield BotChat("By text message", sms.number, url)
