"""Ask Twilio for the texts that its webhook could not bring.

Twilio calls a webhook for some seconds and never again, but keeps each message for months. So its list is
asked at the start and every minute. What is new there becomes an arrival, as if the webhook had been called.
A text that came by both ways is one: its `sid` is its key in the ledger.

The ledger notes up to when the list was read. `webhook_arrivals.py` says where the next reading begins.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode

import msgspec

from mailbot.channels import webhook_arrivals
from mailbot.channels.twilio_api import NAME, TwilioApi
from mailbot.settings.sms import Sms
from mailbot.storage.ledger import Ledger
from mailbot.transport.answer_sender import TryLater
from styles.service.asyncio_tasks import repeat

log = logging.getLogger(__name__)

#: Seconds between two readings. One is a single request where nothing was missed.
LIST_SECONDS = 60.0
#: Shortest and longest pause after a reading that failed, seconds.
FIRST_DELAY, LAST_DELAY = 2.0, 120.0
#: Messages of a page, and most pages of one reading.
PAGE_SIZE, MOST_PAGES = 100, 100


class _ListedText(msgspec.Struct, frozen=True, rename={"sender": "from"}):
    sid: str
    sender: str
    to: str
    direction: str
    body: str | None = None
    num_media: str | int | None = None
    date_sent: str | None = None


class _TextPage(msgspec.Struct, frozen=True):
    messages: list[msgspec.Raw]
    next_page_uri: str | None = None


#: When a text was sent, and the fields of the call that did not bring it.
_Missed = tuple[float, dict[str, str]]


class TwilioListing:
    """Read the list while `run` runs. `arrived` is called after each reading that found something."""

    def __init__(
        self,
        settings: Sms,
        api: TwilioApi,
        ledger: Ledger,
        clock: Callable[[], float] = time.time,
        arrived: Callable[[], None] = lambda: None,
    ) -> None:
        self._settings, self._api, self._ledger = settings, api, ledger
        self._clock, self._arrived = clock, arrived
        self._path = f"/2010-04-01/Accounts/{settings.account}/Messages.json"

    async def run(self) -> None:
        """Read at once and again and again, until cancelled."""
        await repeat(self.take, asyncio.Event(), LIST_SECONDS, _failed, (FIRST_DELAY, LAST_DELAY))

    async def take(self) -> None:
        """Take what was missed. Raises `TryLater` where the list broke off; what it gave is taken."""
        began, number = self._clock(), self._settings.number
        since = await self._ledger.read(lambda db: webhook_arrivals.listed_since(db, NAME, number, began))
        found: list[_Missed] = []
        try:
            await self._read(since, found)
        finally:
            await self._keep(found)
        # Lost in a power cut, the same is read once more.
        await self._ledger.transact(
            lambda db: webhook_arrivals.listed(db, NAME, number, began), durable=False
        )

    async def _keep(self, found: list[_Missed]) -> None:
        if not found:
            return

        def add_missed(db: sqlite3.Connection) -> int:
            oldest_first = reversed(found)
            return sum(
                webhook_arrivals.add(db, NAME, each["MessageSid"], each, sent) for sent, each in oldest_first
            )

        if count := await self._ledger.transact(add_missed):
            log.info("%d texts are taken from Twilio's list", count)
            self._arrived()

    async def _read(self, since: float, found: list[_Missed]) -> None:
        """Add the texts since a moment to `found`, the newest first, as Twilio lists them."""
        moment = datetime.fromtimestamp(since, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        query = {"To": self._settings.number, "DateSent>": moment, "PageSize": PAGE_SIZE}
        path = f"{self._path}?{urlencode(query)}"
        for _ in range(MOST_PAGES):
            page = await self._api.read(path, _TextPage)
            sent = [self._note(each, since, found) for each in page.messages]
            # Twilio may not look at the time of the day. Then the list goes on with what is older.
            if not page.next_page_uri or (sent and max(sent) < since):
                return
            path = page.next_page_uri
            if not path.startswith(f"{self._path}?"):
                raise TryLater("the list of messages goes on elsewhere")
        log.warning("Twilio lists more than %d texts: the older ones are left", PAGE_SIZE * MOST_PAGES)

    def _note(self, raw: msgspec.Raw, since: float, found: list[_Missed]) -> float:
        """Add a message to `found` if it is a text to the bot since a moment; return when it was sent."""
        try:
            listed = msgspec.json.decode(raw, type=_ListedText)
        except msgspec.MsgspecError:
            log.warning("a message in Twilio's list cannot be read, and is passed over")
            return since
        sent = _seconds(listed.date_sent, since)
        is_text = listed.direction == "inbound" and listed.to == self._settings.number
        if is_text and listed.sid and listed.sender and sent >= since:
            fields = {"MessageSid": listed.sid, "From": listed.sender, "To": listed.to}
            fields |= {"Body": listed.body or "", "NumMedia": str(listed.num_media or 0)}
            found.append((sent, fields))
        return sent


def _seconds(date: str | None, default: float) -> float:
    """Return a date as RFC 2822 writes it in seconds since the epoch."""
    try:
        return parsedate_to_datetime(date or "").timestamp()
    except (ValueError, OverflowError, OSError):
        return default


def _failed(error: Exception) -> None:
    words = str(error) if isinstance(error, TryLater) else type(error).__name__
    log.warning("Twilio's list of messages cannot be read now: %s", words)
