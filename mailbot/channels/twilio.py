"""Take and answer text messages with photos (MMS) by a phone number at Twilio.

    webhook -> arrival, on the disk -> photos fetched -> ledger         in
    outbox -> Twilio's API, with the picture's address -> receipt       out

Twilio may call once and never again. So a call is on the disk before it is answered, and forgotten when its
message is in the ledger. What no call brought is read from Twilio's list (`twilio_missed_texts.py`).

A picture stays on the disk until Twilio has reported its delivery, or for hours.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing

from mailbot.channels import twilio_receipts, webhook_arrivals
from mailbot.channels.chat_message import ChatFile, ChatMessage, address, identity
from mailbot.channels.twilio_api import NAME, TIMEOUT, MediaRefused, TwilioApi
from mailbot.channels.twilio_missed_texts import TwilioListing
from mailbot.channels.twilio_webhook import MEDIA, MEDIA_SECONDS, TwilioWebhook
from mailbot.channels.webhook_arrivals import WebhookArrival
from mailbot.replies.chat import read
from mailbot.settings.sms import Sms
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import RawMessage
from mailbot.transport.answer_sender import Outgoing, TryLater
from styles.service.asyncio_tasks import TaskSet, cancel, start, wait_until_set
from styles.service.backoff import jittered

log = logging.getLogger(__name__)

#: Attempts at the photos of a message, after which its sender is asked to send them once more.
MAX_TRIES = 10
#: Shortest and longest backoff between two attempts, seconds. Half to all of it is waited.
FIRST_DELAY, LAST_DELAY = 0.5, 60.0
#: Seconds between two looks for pictures that need not be served any more.
EXPIRY_SECONDS = 600.0
#: Photos of one message: Twilio takes ten.
MAX_MEDIA = 10
#: Type and address of a photo that cannot be had: its sender is asked to send it once more.
LOST = ("image/jpeg", "")
#: Words that carriers demand to be known, and what to write for them elsewhere.
KEYWORDS = {
    **dict.fromkeys(["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"], "stop"),
    **dict.fromkeys(["START", "UNSTOP", "YES"], "start"),
    **dict.fromkeys(["HELP", "INFO"], "help"),
}


class TwilioChannel:
    """See `Channel`."""

    name = NAME
    is_open = False  # aiohttp closes unused connections itself
    keeps = True

    def __init__(
        self,
        settings: Sms,
        token: str,
        ledger: Ledger,
        wake: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.time,
        timeout: float = TIMEOUT,
    ) -> None:
        """`wake` is called when an answer is to be sent again."""
        self._settings, self._ledger, self._clock, self._wake = settings, ledger, clock, wake
        self._api = TwilioApi(settings, token, timeout)
        self._news = asyncio.Event()
        self._webhook = TwilioWebhook(settings, token, ledger, clock, self._arrived)
        self._listing = TwilioListing(settings, self._api, ledger, clock, self._news.set)
        self._in_work: set[int] = set()
        self._fetched: dict[int, list[str]] = {}  # addresses of photos, by the arrival
        self._tries: Counter[int] = Counter()
        self._removals = TaskSet(self._removed)

    def _arrived(self) -> None:
        self._news.set()
        self._wake()

    async def poll(self) -> AsyncGenerator[RawMessage, None]:
        """See `MessageSource`. The webhook listens meanwhile, and Twilio's list is read."""
        tasks = (
            start(self._webhook.run(), "the webhook of Twilio"),
            start(self._listing.run(), "reading Twilio's list"),
        )
        try:
            async with aclosing(self._fetched_messages()) as messages:
                async for raw in messages:
                    yield raw
        finally:
            await cancel(*tasks)

    async def _fetched_messages(self) -> AsyncGenerator[RawMessage, None]:
        failures, expired_at = 0, float("-inf")
        while True:
            self._news.clear()
            if self._clock() - expired_at > EXPIRY_SECONDS:
                expired_at = self._clock()
                await self._expire(expired_at - MEDIA_SECONDS)
            left: set[str] = set()  # whose next messages wait, since they may be about these photos
            for arrival in await self._ledger.read(lambda db: webhook_arrivals.waiting(db, NAME)):
                sender = arrival.fields["From"]
                if arrival.id in self._in_work or sender in left:
                    continue
                try:
                    raw = await self._raw(arrival)
                except TryLater as error:
                    log.warning("a photo at Twilio cannot be fetched now: %s", error)
                    left.add(sender)
                    continue
                self._in_work.add(arrival.id)
                yield raw
            failures = failures + 1 if left else 0
            delay = jittered(failures - 1, FIRST_DELAY, LAST_DELAY) if left else EXPIRY_SECONDS
            await wait_until_set(self._news, delay)

    async def _expire(self, before: float) -> None:
        await self._ledger.transact(lambda db: twilio_receipts.expire(db, before))

    def file_away(self, raw: RawMessage) -> None:
        """See `MessageSource`."""
        self._removals.start(self._remove(raw.uid))

    async def _remove(self, arrival: int) -> None:
        """Forget a call, here and at Twilio its photos."""
        await self._ledger.transact(lambda db: webhook_arrivals.remove(db, arrival))
        for url in self._fetched.pop(arrival, ()):
            await self._api.forget(url)

    async def send(self, answer: Outgoing) -> str:
        """See `AnswerSender`."""
        part = read(answer.content)
        values = {"From": self._settings.number, "To": address(answer.recipient), "Body": part.text}
        if answer.id:
            values["StatusCallback"] = f"{self._settings.public_url}/receipts/{answer.id}"
        if part.picture and answer.id:
            token = self._ledger.keyed(MEDIA, answer.message_id)
            values["MediaUrl"] = f"{self._settings.public_url}/media/{answer.id}/{token}"
        return await self._api.send(values)

    async def hang_up(self) -> None:
        """See `AnswerSender`."""
        await cancel(*self._removals)
        await self._api.close()

    @contextlib.asynccontextmanager
    async def working(self, recipient: str) -> AsyncIterator[None]:
        """See `Channel`. A text message has no sign for it."""
        yield

    async def _raw(self, arrival: WebhookArrival) -> RawMessage:
        """Fetch the photos of a message. Raises `TryLater` while one cannot be fetched."""
        fields = arrival.fields
        sid, sender = fields["MessageSid"], fields["From"]
        self._tries[arrival.id] += 1
        files = [await self._file(type, url, arrival.id) for type, url in await self._media(arrival)]
        del self._tries[arrival.id]
        text = fields.get("Body", "").strip()
        message = ChatMessage(
            sender=sender,
            id=f"<{sid}@sms>",
            text=text if files else KEYWORDS.get(text.upper(), text),
            files=tuple(files),
        )
        body = message.encode()
        return RawMessage(
            account=f"{NAME}:{self._settings.number}",
            folder="",
            uidvalidity=0,
            uid=arrival.id,
            body=body,
            size=len(body),
            channel=NAME,
            sender=identity(NAME, sender),
            key=sid,
        )

    async def _media(self, arrival: WebhookArrival) -> list[tuple[str, str]]:
        """Return the types and addresses of a message's photos. Raises `TryLater`."""
        fields = arrival.fields
        count = min(_number(fields.get("NumMedia", "")), MAX_MEDIA)
        if count and "MediaUrl0" not in fields:  # of a message from the list, which has their number alone
            try:
                return (await self._api.media_of(fields["MessageSid"]))[:MAX_MEDIA] or [LOST]
            except MediaRefused as error:
                log.warning("the photos of a message at Twilio are gone: %s", error)
            except TryLater:
                if self._tries[arrival.id] < MAX_TRIES:
                    raise
                log.warning("the photos of a message at Twilio are given up")
            return [LOST]
        names = ("MediaContentType", "MediaUrl")
        return [(fields.get(f"{names[0]}{n}", ""), fields.get(f"{names[1]}{n}", "")) for n in range(count)]

    async def _file(self, type: str, url: str, arrival: int) -> ChatFile:
        content = await self._photo(url, arrival) if type.startswith("image/") else b""
        return ChatFile(type=type or "application/octet-stream", content=content)

    async def _photo(self, url: str, arrival: int) -> bytes:
        try:
            content = await self._api.media(url)
        except MediaRefused as error:
            log.warning("a photo at Twilio is not fetched: %s", error)
        except TryLater:
            if self._tries[arrival] < MAX_TRIES:
                raise
            log.warning("a photo at Twilio is given up")
        else:
            self._fetched.setdefault(arrival, []).append(url)
            return content
        return b""

    def _removed(self, error: BaseException | None) -> None:
        if error is not None:  # it comes once more after a start, and the ledger knows it
            log.warning("a call of Twilio could not be removed: %s", type(error).__name__)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else 0
