"""Send answers by Telegram, and take its messages as `TelegramSource` does."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from mailbot.channels.chat_message import address
from mailbot.channels.telegram_api import NAME, TIMEOUT, TelegramApi, TelegramRefusal
from mailbot.channels.telegram_source import TelegramSource
from mailbot.channels.telegram_updates import message_id, number_of
from mailbot.replies.chat import ChatPart, read
from mailbot.settings.telegram import Telegram
from mailbot.storage.ledger import Ledger
from mailbot.transport.answer_sender import Outgoing, TryLater
from styles.service.asyncio_tasks import cancel

log = logging.getLogger(__name__)

#: Seconds between two signs of "sending a photo": the sign fades after five.
TYPING_SECONDS = 4.0
#: Bytes of a picture that Telegram shows. A larger one is sent as a file.
MAX_SHOWN = 10_000_000
#: Bytes of a button's data.
MAX_DATA = 64


class _Sent(msgspec.Struct, frozen=True):
    message_id: int


class TelegramChannel(TelegramSource):
    """See `Channel`."""

    name = NAME
    is_open = False  # aiohttp closes unused connections itself
    keeps = False

    def __init__(self, settings: Telegram, token: str, ledger: Ledger, timeout: float = TIMEOUT) -> None:
        # The part of the token before the colon is the bot's number, which a new token keeps.
        account = f"{NAME}:{token.partition(':')[0]}"
        super().__init__(TelegramApi(settings.api, token, timeout), account, ledger)
        self._resting: dict[str, float] = {}  # when each chat may be written to again, by `time.monotonic`

    async def send(self, answer: Outgoing) -> str:
        """See `AnswerSender`. A chat at its limit is left alone for as long as Telegram asks."""
        chat = address(answer.recipient)
        if left := self._rest_of(chat):
            raise TryLater("the chat is at Telegram's limit", left)
        try:
            return await self._send_to(chat, read(answer.content))
        except TryLater as error:
            if error.retry_after:
                self._resting[chat] = time.monotonic() + error.retry_after
            raise

    def _rest_of(self, chat: str) -> float:
        """Return the seconds for which a chat is left alone, 0 for none."""
        now = time.monotonic()
        self._resting = {each: until for each, until in self._resting.items() if until > now}
        return self._resting.get(chat, now) - now

    async def _send_to(self, chat: str, part: ChatPart) -> str:
        values: dict[str, Any] = {"chat_id": chat, "reply_markup": _keyboard(part)}
        if (number := number_of(part.answered)).isdecimal():
            values["reply_parameters"] = {"message_id": int(number), "allow_sending_without_reply": True}
        sent = await self._send(part, values)
        return message_id(int(chat), sent.message_id)

    async def _send(self, part: ChatPart, values: dict[str, Any]) -> _Sent:
        if not part.picture:
            return await self._api.call("sendMessage", _Sent, text=part.text, **values)
        values["caption"] = part.text or None
        file = (part.name or "painted.jpg", part.picture)
        if not part.is_file and len(part.picture) <= MAX_SHOWN:
            try:
                return await self._api.call("sendPhoto", _Sent, {"photo": file}, **values)
            except TelegramRefusal as error:
                if error.code != 400:
                    raise
                log.info("Telegram does not show a picture, so it is sent as a file: %s", error)
        return await self._api.call("sendDocument", _Sent, {"document": file}, **values)

    async def hang_up(self) -> None:
        """See `AnswerSender`."""
        await self.close()
        await self._api.close()

    @contextlib.asynccontextmanager
    async def working(self, recipient: str) -> AsyncIterator[None]:
        """See `Channel`."""
        signing = asyncio.create_task(self._keep_signing(address(recipient)))
        try:
            yield
        finally:
            await cancel(signing)

    async def _keep_signing(self, chat: str) -> None:
        while True:
            if not self._rest_of(chat):
                await self._api.sign("sendChatAction", chat_id=chat, action="upload_photo")
            await asyncio.sleep(TYPING_SECONDS)


def _keyboard(part: ChatPart) -> dict[str, Any] | None:
    """Return the buttons below a message, without those whose data would be longer than Telegram allows."""
    about = number_of(part.answered)
    rows = [
        [
            {"text": words, "callback_data": data}
            for words in row
            if len((data := f"{about}:{words}").encode()) <= MAX_DATA
        ]
        for row in part.buttons
    ]
    return {"inline_keyboard": [row for row in rows if row]} if any(rows) else None
